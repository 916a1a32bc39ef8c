import type { Language } from '../../../core/subscription.ts';

/** Why a host is not asked for now, by what its breaker says, numbers apart. */
export const PAUSES: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  fr: {
    'asked to slow down': 'le site demande de ralentir',
    'access denied': 'accès refusé',
    'a new captcha': 'un captcha est apparu',
    'server errors in a row': 'erreurs du serveur à la suite',
    'asked to come back later': 'le site demande de revenir plus tard',
  },
  en: {
    'asked to slow down': 'the site asks to slow down',
    'access denied': 'access denied',
    'a new captcha': 'a captcha has appeared',
    'server errors in a row': 'server errors in a row',
    'asked to come back later': 'the site asks to come back later',
  },
  ar: {
    'asked to slow down': 'طلب الموقع الإبطاء',
    'access denied': 'رُفض الدخول',
    'a new captcha': 'ظهر اختبار كابتشا',
    'server errors in a row': 'أخطاء متتالية من الخادم',
    'asked to come back later': 'طلب الموقع العودة لاحقًا',
  },
};

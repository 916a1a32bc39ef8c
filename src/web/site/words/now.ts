import type { Language } from '../../../core/subscription.ts';

/** What is said where the last answer does not speak for now. */
export interface NowWords {
  readonly since: (instant: string) => string;
  readonly never: string;
  readonly why: Readonly<Record<'unknown' | 'gate' | 'old', string>>;
  /** Beside figures of a period. */
  readonly ofThePeriod: string;
  /** Of a service. */
  readonly steps: (steps: string, of: string) => string;
  /** How the page was seen last, and by whatever visit. */
  readonly lastMeasured: string;
  /** An outage that was not seen for too long. */
  readonly endNotSeen: (last: string) => string;
}

export const NOW_WORDS: Readonly<Record<Language, NowWords>> = {
  fr: {
    since: (instant) => `Non mesuré depuis le ${instant}`,
    never: 'Jamais mesuré jusqu’ici',
    why: {
      unknown: 'La dernière visite n’a pas pu dire ce qu’elle voyait : cela ne veut dire ni oui ni non.',
      gate: 'La dernière visite s’est arrêtée à une porte (captcha, connexion, refus) : cela ne veut dire ni oui ni non.',
      old: 'Aucune mesure depuis plus de trois intervalles : cela ne veut dire ni oui ni non.',
    },
    ofThePeriod: 'Ce qui suit porte sur la période, pas sur maintenant.',
    steps: (steps, of) => `${steps} étapes sur ${of} ne sont pas mesurées en ce moment`,
    lastMeasured: 'Dernière mesure',
    endNotSeen: (last) => `vue pour la dernière fois : ${last} ; fin non vue`,
  },
  en: {
    since: (instant) => `Not measured since ${instant}`,
    never: 'Never measured so far',
    why: {
      unknown: 'The last visit could not say what it saw: that means neither yes nor no.',
      gate: 'The last visit ended at a gate (captcha, sign-in, refusal): that means neither yes nor no.',
      old: 'Nothing was measured for more than three intervals: that means neither yes nor no.',
    },
    ofThePeriod: 'What follows is of the period, not of now.',
    steps: (steps, of) => `Not measured at present: ${steps} of ${of} steps`,
    lastMeasured: 'Last measured',
    endNotSeen: (last) => `last seen ${last}; its end was not seen`,
  },
  ar: {
    since: (instant) => `لم يُقَس منذ ${instant}`,
    never: 'لم يُقَس قط حتى الآن',
    why: {
      unknown: 'لم تستطع الزيارة الأخيرة أن تحدد ما رأته: هذا لا يعني نعم ولا لا.',
      gate: 'توقفت الزيارة الأخيرة عند حاجز (اختبار تحقق أو تسجيل دخول أو رفض): هذا لا يعني نعم ولا لا.',
      old: 'لم يُقَس شيء منذ أكثر من ثلاث فترات: هذا لا يعني نعم ولا لا.',
    },
    ofThePeriod: 'ما يلي يخص الفترة كلها لا اللحظة الحالية.',
    steps: (steps, of) => `خطوات لا تُقاس حالياً: ${steps} من ${of}`,
    lastMeasured: 'آخر قياس',
    endNotSeen: (last) => `شوهد آخر مرة ${last}؛ لم تُشاهد نهايته`,
  },
};

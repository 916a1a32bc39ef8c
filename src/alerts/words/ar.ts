import { cut } from './fitting.ts';
import { tellIncidentAr } from './incidents.ts';
import type { Duration, Moment } from './moments.ts';
import type { Fault, Words } from './words.ts';

const PLURALS = new Intl.PluralRules('ar');

/** A counted noun: one and two are words of their own, then the plural (3 to 10), the accusative (11 to 99), the genitive. */
interface Noun {
  readonly one: string;
  readonly two: string;
  readonly few: string;
  readonly many: string;
  readonly other: string;
}

function count(number: number, noun: Noun): string {
  const form = PLURALS.select(number);
  if (form === 'one' || form === 'two') return noun[form];
  return `${number} ${noun[form === 'zero' ? 'other' : form]}`;
}

const TIMES: Noun = { one: 'مرة واحدة', two: 'مرتين', few: 'مرات', many: 'مرة', other: 'مرة' };
const ALERTS: Noun = { one: 'تنبيه واحد', two: 'تنبيهان', few: 'تنبيهات', many: 'تنبيهًا', other: 'تنبيه' };
const DEPARTMENTS: Noun = { one: 'إقليم واحد', two: 'إقليمين', few: 'أقاليم', many: 'إقليمًا', other: 'إقليم' };
/** After prepositions, so in the genitive. */
const DAYS: Noun = { one: 'يوم', two: 'يومين', few: 'أيام', many: 'يومًا', other: 'يوم' };
const HOURS: Noun = { one: 'ساعة', two: 'ساعتين', few: 'ساعات', many: 'ساعة', other: 'ساعة' };
const MINUTES: Noun = { one: 'دقيقة', two: 'دقيقتين', few: 'دقائق', many: 'دقيقة', other: 'دقيقة' };

/** First strong isolate and its end (Unicode UAX #9): Latin words keep their own direction and leave the sentence alone. */
function isolate(words: string): string {
  return `\u2068${words}\u2069`;
}

/** The spaces keep programs that look for links from taking the marks for a part of the address. */
function isolatedLink(address: string): string {
  return `\u2068 ${address} \u2069`;
}

const SEASONS = { summer: ' (التوقيت الصيفي)', winter: ' (التوقيت الشتوي)' } as const;
const SHIFTS = { '-1': '، اليوم السابق', '0': '', '1': '، اليوم التالي' } as const;

function clock({ clock: time, season }: Moment): string {
  return `${time}${season === null ? '' : SEASONS[season]}`;
}

/** `الساعة 10:42`, `يوم 22/11 الساعة 10:42`. */
function at(moment: Moment): string {
  return moment.day === null ? `الساعة ${clock(moment)}` : `يوم ${moment.day} الساعة ${clock(moment)}`;
}

/** `10:42`, `22/11 10:42`. */
function bare(moment: Moment): string {
  return moment.day === null ? clock(moment) : `${moment.day} ${clock(moment)}`;
}

/** `06:42 في كايين`. */
function there({ local }: Moment): string | null {
  if (local === null) return null;
  const where = local.city === null ? 'بتوقيتك' : `في ${cities[local.city]}`;
  return `${local.clock} ${where}${SHIFTS[local.shift]}`;
}

function inZone(moment: Moment): string {
  const local = there(moment);
  return `${at(moment)} (بتوقيت باريس${local === null ? '' : `؛ ${local}`})`;
}

function onLine(moment: Moment): string {
  const local = there(moment);
  return local === null ? at(moment) : `${at(moment)} (${local})`;
}

function onSms(moment: Moment): string {
  const { local } = moment;
  if (local === null) return bare(moment);
  const where = local.city === null ? 'بتوقيتك' : cities[local.city];
  return `${bare(moment)} (${local.clock} ${where}${SHIFTS[local.shift]})`;
}

function duration({ days, hours, minutes }: Duration): string {
  const parts = [
    days > 0 ? count(days, DAYS) : '',
    hours > 0 ? count(hours, HOURS) : '',
    minutes > 0 ? count(minutes, MINUTES) : '',
  ];
  return parts.filter((part) => part !== '').join(' و');
}

/** ` المدة: من 40 دقيقة إلى ساعة و32 دقيقة.` */
function bounds(atLeast: Duration | null, atMost: Duration | null): string {
  const [least, most] = [atLeast, atMost].map((bound) => (bound === null ? null : duration(bound)));
  if (typeof least === 'string' && typeof most === 'string') {
    return least === most ? ` استمر العطل لمدة ${least}.` : ` استمر العطل من ${least} إلى ${most}.`;
  }
  if (typeof least === 'string') return ` استمر العطل لمدة لا تقل عن ${least}.`;
  return typeof most === 'string' ? ` استمر العطل لمدة لا تزيد على ${most}.` : '';
}

const faults: Readonly<Record<Fault, string>> = {
  overloaded: 'ضغط زائد على الخدمة',
  maintenance: 'أُعلن عن صيانة',
  error: 'صفحة خطأ',
  timeout: 'لا رد في الوقت المحدد',
  unreachable: 'تعذر الوصول إلى الموقع',
};

const cities: Words['cities'] = {
  'Basse-Terre': 'باس تير',
  'Fort-de-France': 'فور دو فرانس',
  Cayenne: 'كايين',
  'Saint-Denis': 'سان دوني',
  'Saint-Pierre': 'سان بيير',
  Mamoudzou: 'مامودزو',
  Gustavia: 'غوستافيا',
  Marigot: 'ماريغو',
  'Port-aux-Français': 'بور أو فرانسيه',
  'Mata-Utu': 'ماتا أوتو',
  Papeete: 'بابيتي',
  Nouméa: 'نوميا',
  Clipperton: 'كليبرتون',
};

const events = {
  drift: 'تغيرت بنية إحدى الصفحات',
  moved: 'يبدو أن إجراءً نُقل إلى مكان آخر',
  links_changed: 'صارت إحدى القوائم تحيل إلى مواقع أخرى',
  unknown_streak: 'عدة صفحات متتالية لم يُتعرف عليها',
  soft_block: 'إجابات «لا» غير موثوقة على أحد المواقع',
  soft_block_over: 'عادت إجابات «لا» موثوقة على أحد المواقع',
  soft_block_lifted: 'رفع شخص التحفظ عن إجابات «لا»',
  labelled: 'حدد شخص ماهية صفحات مجهولة',
} as const;

export const AR: Words = {
  practice: '[تمرين]',
  sms: 'ucs2',
  monitor: { text: isolate('Guetteur'), sms: 'غيتور' },
  country: 'فرنسا',
  colon: ': ',
  comma: '، ',
  procedures: {
    first_application: 'أول طلب إقامة',
    renewal: 'تجديد الإقامة',
    collection: 'استلام البطاقة',
    aes: 'القبول الاستثنائي',
    naturalisation_decree: 'التجنيس بمرسوم',
    naturalisation_declaration: 'الجنسية بالتصريح',
    travel_document: 'وثيقة سفر',
    duplicate: 'بدل فاقد أو تالف',
    recepisse: 'وصل طلب الإقامة',
    student: 'إقامة طالب',
    service: 'خدمة إلكترونية',
    other: 'إجراء آخر',
  },
  cities,
  isolate,
  isOfPages: false,
  link: isolatedLink,
  site: (address) => `الموقع الرسمي: ${isolatedLink(address)}`,
  own: (address) => `المزيد: ${isolatedLink(address)}`,
  stop: (way) => `للإيقاف: ${isolatedLink(way)}`,
  page: (address) => `التفاصيل: ${isolatedLink(address)}`,
  free: { full: 'الحجز مجاني وشخصي: لا تشترِ موعدًا أبدًا.', brief: 'الحجز مجاني وشخصي.', sms: 'مجاني وشخصي.' },
  robot: { mayBeTaken: 'رصد آلي، وقد تكون المواعيد قد حُجزت.', only: 'رصد آلي.' },
  person: { mayBeTaken: 'رُصد بمساعدة شخص، وقد تكون المواعيد قد حُجزت.', only: 'رُصد بمساعدة شخص.' },
  door: {
    full: '«تعمل» تعني فقط أن صفحتها العامة تُفتح. رصد آلي.',
    brief: '«تعمل» تعني فقط أن صفحتها العامة تُفتح.',
  },
  links: 'الروابط: مواقع رسمية.',
  leftOut: (number) => `لم يُدرج هنا ${count(number, { ...ALERTS, one: 'تنبيه واحد آخر', two: 'تنبيهان آخران' })}.`,
  alerts: (number) => count(number, ALERTS),
  summary: (number, departments) =>
    departments === 0 ? count(number, ALERTS) : `${count(number, ALERTS)} في ${count(departments, DEPARTMENTS)}`,
  digest: {
    name: 'نشرة',
    span: (from, to) => (to === null ? `${at(from)} (بتوقيت باريس)` : `من ${at(from)} إلى ${at(to)} (بتوقيت باريس)`),
  },
  inParis: '(بتوقيت باريس)',
  firstDate: (date) => `أقرب موعد ${date}`,
  counts: {
    slots: (number) => `ظهرت مواعيد ${count(number, TIMES)}`,
    better: (number) => `ظهر موعد أقرب ${count(number, TIMES)}`,
    gone: (number) => `اختفت المواعيد ${count(number, TIMES)}`,
    outage: (number) => `تعطلت الخدمة ${count(number, TIMES)}`,
    recovered: (number) => `عادت الخدمة ${count(number, TIMES)}`,
    due: (number) => `طُلبت قراءة شخص ${count(number, TIMES)}`,
    operator: (number) => `أُبلغ المشغّل ${count(number, TIMES)}`,
    canary: (number) => `أُرسلت رسالة تجريبية ${count(number, TIMES)}`,
  },
  tell: {
    slots({ seen, again, date }) {
      const repeated = again === null ? inZone(seen) : `${at(seen)} ثم مجددًا ${inZone(again)}`;
      const state = again === null ? 'غير مؤكدة' : 'مؤكدة';
      const from = date === null ? '' : `، أقربها ${date}`;
      const since = date === null ? '' : ` من ${date}`;
      return {
        text: [`شوهدت مواعيد متاحة ${repeated}${from}. ${again === null ? 'غير مؤكدة.' : 'أكدتها زيارة ثانية.'}`],
        line: `شوهدت مواعيد ${onLine(seen)}${from}، ${state}`,
        sms: [
          `مواعيد ${onSms(seen)}${since}، ${state}`,
          `مواعيد ${bare(seen)}${since}، ${state}`,
          `مواعيد ${bare(seen)}، ${state}`,
        ],
      };
    },
    better({ seen, since, isConfirmed, date }) {
      const found = date === null ? 'موعد أقرب' : `موعد أقرب (${date})`;
      const state = isConfirmed ? 'مؤكدة' : 'غير مؤكدة';
      const from = since === null ? 'المواعيد' : `شوهدت المواعيد أول مرة ${at(since)}،`;
      return {
        text: [`شوهد ${found} ${inZone(seen)}. ${from} ${state}.`],
        line: `شوهد ${found} ${onLine(seen)}`,
        sms: [`${found} ${onSms(seen)}`, `${found} ${bare(seen)}`, `موعد أقرب ${bare(seen)}`],
      };
    },
    gone({ isConfirmed, before, first, last, ended, date }) {
      const least = `لم تعد هناك مواعيد ${bare(ended)}`;
      if (first === null) {
        const text = [`اختفت المواعيد: لم تعد موجودة ${inZone(ended)}.`] as const;
        return {
          text,
          line: `اختفت المواعيد، لم تعد موجودة ${onLine(ended)}`,
          sms: [`لم تعد هناك مواعيد ${onSms(ended)}`, least],
        };
      }
      const sight = `${at(first)}${isConfirmed ? ' (مؤكدة)' : ''}`;
      const seen = last === null ? `شوهدت مرة واحدة ${at(first)}` : `شوهدت ${sight}، وآخر مرة ${at(last)}`;
      const dated = date === null ? '' : ` كان أقربها ${date}.`;
      return {
        text: [
          `اختفت المواعيد: ${before === null ? '' : `لم تكن موجودة ${at(before)}، ثم `}${seen}، ولم تعد موجودة ${inZone(ended)}.${dated}`,
          `اختفت المواعيد: ${seen}، ولم تعد موجودة ${inZone(ended)}.${dated}`,
        ],
        line: `اختفت المواعيد: ${seen}، ولم تعد موجودة ${onLine(ended)}`,
        sms: [`لم تعد هناك مواعيد ${onSms(ended)}`, least],
      };
    },
    outage({ before, since, fault }) {
      const what = fault === null ? 'الخدمة معطلة' : `الخدمة معطلة (${faults[fault]})`;
      const worked = before === null ? '' : ` كانت لا تزال تعمل ${at(before)}.`;
      return {
        text: [`${what}، شوهد ذلك أول مرة ${inZone(since)}.${worked}`],
        line: `${what} منذ ${onLine(since)}`,
        sms: [`${what} منذ ${onSms(since)}`, `${what} منذ ${bare(since)}`, `الخدمة معطلة منذ ${bare(since)}`],
      };
    },
    recovered({ seen, since, last, fault, atLeast, atMost }) {
      const what = fault === null ? 'العطل' : `العطل (${faults[fault]})`;
      const still = last === null ? '' : ` وآخر مرة ${at(last)}`;
      const lasted = bounds(atLeast, atMost);
      return {
        text: [
          `عادت الخدمة تعمل ${inZone(seen)}.${since === null ? '' : ` شوهد ${what} ${at(since)}${still}.`}${lasted}`,
          `عادت الخدمة تعمل ${inZone(seen)}.${since === null ? '' : ` شوهد ${what} ${at(since)}.`}${lasted}`,
        ],
        line: `عادت الخدمة تعمل ${onLine(seen)}`,
        sms: [`عادت الخدمة تعمل ${onSms(seen)}`, `الخدمة تعمل ${bare(seen)}`],
      };
    },
    due({ until }) {
      const least = 'تنتظر قراءة شخص الآن';
      const limit = until === null ? '' : `، قبل ${bare(until)}`;
      const whole = until === null ? '' : `، قبل ${bare(until)} بتوقيت باريس`;
      return {
        text: [`${least}${whole}. تكفي خمس عشرة ثانية: افتح رابط دعوتك.`],
        line: `${least}${limit}`,
        sms: [`${least}${limit}`, least],
      };
    },
    operator({ seen, event, message, incident }) {
      if (incident !== null) {
        const said = tellIncidentAr(incident, at);
        return {
          text: [`${said} (${at(seen)}, بتوقيت باريس).`],
          line: `${said} (${at(seen)})`,
          sms: [`${cut(said, 60, '…')} (${bare(seen)})`, cut(said, 45, '…')],
        };
      }
      const what = event === null ? 'رسالة إلى المشغّل' : events[event];
      const said = (limit: number): string => (message === '' ? '' : `: ${isolate(cut(message, limit))}`);
      return {
        text: [`${what}، ${inZone(seen)}${said(150)}`, `${what}، ${inZone(seen)}${said(60)}`],
        line: `${what}، ${onLine(seen)}${said(60)}`,
        sms: [`${what} ${bare(seen)}`, `${what} ${bare(seen)}`],
      };
    },
    canary({ seen }) {
      return {
        text: [`رسالة تجريبية ${inZone(seen)}. لم يحدث شيء: تبيّن هذه الرسالة أن التنبيهات تُرسل.`],
        line: `رسالة تجريبية ${onLine(seen)}، لم يحدث شيء`,
        sms: [`رسالة تجريبية ${onSms(seen)}، لم يحدث شيء`, `رسالة تجريبية ${bare(seen)}`],
      };
    },
  },
};

import type { Language } from '../../core/subscription.ts';
import type { LocalDay } from '../../core/local-time.ts';

/** Figures and dates as one language writes them: western digits in every language, clocks of Paris. */
export interface Format {
  /** A share between 0 and 1: two decimals under 1 %, else one. */
  percent(share: number): string;
  /** A difference of shares in percentage points, with its sign. */
  points(difference: number): string;
  count(number: number): string;
  decimal(number: number): string;
  day(day: LocalDay): string;
  shortDay(day: LocalDay): string;
  /** With its year where `isFirst`, or in January: a row of months says the year once. */
  month(month: string, isFirst: boolean): string;
  instant(at: number): string;
  /** The same in few letters, where the clock is said above. */
  moment(at: number): string;
  /** The two largest units. */
  duration(ms: number): string;
}

const LOCALES: Readonly<Record<Language, string>> = { fr: 'fr-FR', en: 'en-GB', ar: 'ar-u-ca-gregory-hc-h23-nu-latn' };
const PARIS_WORDS: Readonly<Record<Language, string>> = { fr: 'heure de Paris', en: 'Paris time', ar: 'بتوقيت باريس' };

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
] as const;

function formatOf(language: Language): Format {
  const locale = LOCALES[language];
  const exact = new Intl.NumberFormat(locale, { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const fine = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const round = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 1 });
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const decimal = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
  const utc = { timeZone: 'UTC' } as const;
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', ...utc });
  const shortDay = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', ...utc });
  const month = new Intl.DateTimeFormat(locale, { month: 'short', ...utc });
  const yearMonth = new Intl.DateTimeFormat(locale, { month: 'short', year: 'numeric', ...utc });
  const instant = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'Europe/Paris' });
  const moment = new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'Europe/Paris',
  });
  const list = new Intl.ListFormat(locale, { type: language === 'ar' ? 'conjunction' : 'unit', style: 'short' });
  const unitFormats = new Map(
    UNITS.map(([unit]) => [unit, new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' })]),
  );
  return {
    percent: (share) => {
      if (share === 0 || share === 1) return round.format(share);
      // Rounding must not turn a little into nothing, nor nearly all into all.
      if (share > 0 && share < 0.0001) return `< ${fine.format(0.0001)}`;
      if (share > 0.999 && share < 1) return `> ${exact.format(0.999)}`;
      return (share < 0.01 ? fine : exact).format(share);
    },
    points: (difference) => signed.format(difference * 100),
    count: (number) => whole.format(number),
    decimal: (number) => decimal.format(number),
    day: (value) => day.format(new Date(`${value}T00:00:00Z`)),
    shortDay: (value) => shortDay.format(new Date(`${value}T00:00:00Z`)),
    month: (value, isFirst) =>
      (isFirst || value.endsWith('-01') ? yearMonth : month).format(new Date(`${value}-01T00:00:00Z`)),
    instant: (at) => `${instant.format(at)} (${PARIS_WORDS[language]})`,
    moment: (at) => moment.format(at),
    duration: (ms) => list.format(partsOf(ms).map(([unit, value]) => unitFormats.get(unit)?.format(value) ?? '')),
  };
}

/** `[['hour', 3], ['minute', 20]]`; less than a minute counts as one. */
function partsOf(ms: number): (readonly [(typeof UNITS)[number][0], number])[] {
  let left = Math.max(MINUTE_MS, Math.round(ms / MINUTE_MS) * MINUTE_MS);
  const parts = UNITS.map(([unit, size]) => {
    const value = Math.floor(left / size);
    left -= value * size;
    return [unit, value] as const;
  });
  const first = parts.findIndex(([, value]) => value > 0);
  return parts.slice(first, first + 2).filter(([, value]) => value > 0);
}

/** With its first letter as a sentence begins; scripts without cases stay as they are. */
export function begun(words: string): string {
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

export const FORMATS: Readonly<Record<Language, Format>> = {
  fr: formatOf('fr'),
  en: formatOf('en'),
  ar: formatOf('ar'),
};

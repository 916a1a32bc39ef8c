/** French dates as booking pages print them. Days are `YYYY-MM-DD` in Europe/Paris; instants are epoch milliseconds. */

const MONTHS = ['janv', 'fevr', 'mars', 'avri', 'mai', 'juin', 'juil', 'aout', 'sept', 'octo', 'nove', 'dece'];
const WEEKDAYS = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'];
const DAY_MS = 86_400_000;

const parisDay = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Paris',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
});
const parisClock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  dateStyle: 'short',
  timeStyle: 'medium',
});

/** Calendar day in Paris of an instant. */
export function dayOf(instant: number): string {
  return parisDay.format(instant);
}

/** Days from one calendar day to another; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Epoch milliseconds of a wall-clock time in Paris, e.g. `2026-05-18` and `11:58`. */
export function parisInstant(day: string, time: string): number {
  const guess = Date.parse(`${day}T${time}:00Z`);
  return guess - parisOffset(guess - parisOffset(guess));
}

function parisOffset(instant: number): number {
  const [, day, month, year, clock] = /(\d+)\/(\d+)\/(\d+), (.+)/.exec(parisClock.format(instant)) ?? [];
  return Date.parse(`${year}-${month}-${day}T${clock}Z`) - Math.floor(instant / 1000) * 1000;
}

/** `18/05/2026` to `2026-05-18`; null when no such day exists. */
export function numericDay(words: string): string | null {
  const found = /\b(\d{1,2})[/.](\d{1,2})[/.](\d{4})\b/.exec(words);
  return found === null ? null : dayFrom(Number(found[3]), Number(found[2]), Number(found[1]));
}

/**
 * The day meant by words without a year (`lundi 18/05`, `lundi 13 dec`), seen at an instant. A weekday, where the words
 * have one, decides the year: so a page from last spring is read as past, not as next spring. Null when the words hold no
 * day, or a weekday that fits none of the three years around the observation.
 */
export function nearDay(foldedWords: string, observedAt: number): string | null {
  const found = /\b(\d{1,2})\/(\d{1,2})\b/.exec(foldedWords) ?? /\b(\d{1,2})(?:er)? ([a-z]{3,})/.exec(foldedWords);
  if (found === null) return null;
  const month = /^\d+$/.test(found[2] ?? '') ? Number(found[2]) : monthOf(found[2] ?? '');
  const today = dayOf(observedAt);
  const year = Number(today.slice(0, 4));
  const candidates = [year - 1, year, year + 1]
    .map((candidate) => dayFrom(candidate, month, Number(found[1])))
    .filter((day) => day !== null);
  const weekday = weekdayBefore(foldedWords.slice(0, found.index));
  if (weekday === -1) return candidates.find((day) => day >= today) ?? null;
  const fitting = candidates.filter((day) => new Date(day).getUTCDay() === weekday);
  return nearest(fitting, today);
}

/** Whole or cut to three letters; "mars" is no "mardi". */
function weekdayBefore(foldedWords: string): number {
  return WEEKDAYS.findIndex((name) => new RegExp(`\\b(?:${name}|${name.slice(0, 3)})(?![a-z])`).test(foldedWords));
}

function nearest(days: readonly string[], today: string): string | null {
  const byDistance = days.toSorted((a, b) => Math.abs(daysBetween(today, a)) - Math.abs(daysBetween(today, b)));
  return byDistance[0] ?? null;
}

function monthOf(foldedName: string): number {
  return MONTHS.findIndex((start) => foldedName.startsWith(start) || start.startsWith(foldedName)) + 1;
}

function dayFrom(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.toISOString().slice(0, 10) : null;
}

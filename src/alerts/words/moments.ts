import type { City } from '../../core/overseas.ts';

/** Instants as people read them: clocks of Paris, days as dd/mm, durations of which only bounds are known. No words. */

export interface Moment {
  /** `HH:MM` in Paris. */
  readonly clock: string;
  /** `dd/mm`, with the year where it could be misread; null on the day of reading. */
  readonly day: string | null;
  /** Which of the two, in the hour that the end of summer time repeats; null in all others. */
  readonly season: 'summer' | 'winter' | null;
  /** The other clock, where it shows another time; `shift`: it is on the day before or after. */
  readonly local: { readonly clock: string; readonly city: City | null; readonly shift: -1 | 0 | 1 } | null;
}

/** Whole units, the smallest rounded; never all three. */
export interface Duration {
  readonly days: number;
  readonly hours: number;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What clocks and calendars of one place show: `HH:MM` and `YYYY-MM-DD`. */
export type Wall = (at: number) => { readonly day: string; readonly clock: string };

/** Swedish is the locale that writes both this way. */
export function wallIn(timeZone: string): Wall {
  const format = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeStyle: 'short', timeZone });
  return (at) => {
    const [day = '', clock = ''] = format.format(at).split(' ');
    return { day, clock };
  };
}

const wallInParis = wallIn('Europe/Paris');

/** How `at` is written for someone who reads it on the day of `readAt`. */
export function momentOf(
  at: number,
  readAt: number,
  local: { readonly wall: Wall; readonly city: City | null },
): Moment {
  const { day, clock } = wallInParis(at);
  const today = wallInParis(readAt).day;
  const there = local.wall(at);
  const isSame = there.day === day && there.clock === clock;
  const shift = there.day === day ? 0 : there.day < day ? -1 : 1;
  return {
    clock,
    day: day === today ? null : shortDay(day, today, 'past'),
    season: seasonOf(at, clock),
    local: isSame ? null : { clock: there.clock, city: local.city, shift },
  };
}

/** The same with its day, whenever it is read. */
export function datedMoment(at: number, readAt: number): Moment {
  const { day, clock } = wallInParis(at);
  const today = wallInParis(readAt).day;
  return { clock, day: shortDay(day, today, 'past'), season: seasonOf(at, clock), local: null };
}

function seasonOf(at: number, clock: string): Moment['season'] {
  if (wallInParis(at + HOUR_MS).clock === clock) return 'summer';
  return wallInParis(at - HOUR_MS).clock === clock ? 'winter' : null;
}

/** A date offered (`YYYY-MM-DD`) as dd/mm, with its year unless it is this year or within three months; null if it is none. */
export function offeredDay(date: string | null, readAt: number): string | null {
  if (date === null || !/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  return shortDay(date, wallInParis(readAt).day, 'future');
}

function shortDay(date: string, today: string, side: 'past' | 'future'): string {
  const [year = '', month = '', day = ''] = date.split('-');
  const [from, to] = side === 'future' ? [today, date] : [date, today];
  const isNear = from <= to && to <= threeMonthsAfter(from);
  return date.startsWith(today.slice(0, 5)) || isNear ? `${day}/${month}` : `${day}/${month}/${year}`;
}

/** May name a 31st that does not exist: it is only compared. */
function threeMonthsAfter(date: string): string {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const months = month + 3;
  const pad = (value: number, length: number): string => String(value).padStart(length, '0');
  return `${pad(months > 12 ? year + 1 : year, 4)}-${pad(months > 12 ? months - 12 : months, 2)}-${pad(day, 2)}`;
}

/** Rounded outward, so that bounds stay true; null for nothing measurable. From two days on, in hours. */
export function durationOf(ms: number, rounding: 'down' | 'up'): Duration | null {
  const round = rounding === 'down' ? Math.floor : Math.ceil;
  const isLong = ms >= 48 * HOUR_MS;
  const minutes = isLong ? round(ms / HOUR_MS) * 60 : round(ms / MINUTE_MS);
  if (minutes <= 0) return null;
  const days = isLong ? Math.floor(minutes / 1_440) : 0;
  const rest = minutes - days * 1_440;
  return { days, hours: Math.floor(rest / 60), minutes: rest % 60 };
}

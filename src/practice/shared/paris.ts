/** Calendar words of the replicas. Days are `YYYY-MM-DD` in Europe/Paris, instants are epoch milliseconds. */

const WEEKDAYS = ['dimanche', 'lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi'] as const;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** `YYYY-MM-DD HH:MM` as a clock in Paris shows it. Swedish writes dates the ISO way. */
function parisClock(at: number): string {
  return new Date(at).toLocaleString('sv-SE', { timeZone: 'Europe/Paris' }).slice(0, 16);
}

export function parisDay(at: number): string {
  return parisClock(at).slice(0, 10);
}

/** Counted on the calendar, never in hours: days of clock changes have 23 or 25. */
export function plusDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

export function weekdayName(day: string): string {
  return WEEKDAYS[new Date(`${day}T00:00:00Z`).getUTCDay()] ?? '';
}

function isOpenDay(day: string): boolean {
  const name = weekdayName(day);
  return name !== 'samedi' && name !== 'dimanche';
}

/** The first `count` days from `day` on that are neither a Saturday nor a Sunday. */
export function openDays(day: string, count: number): readonly string[] {
  const found: string[] = [];
  for (let next = day; found.length < count; next = plusDays(next, 1)) {
    if (isOpenDay(next)) found.push(next);
  }
  return found;
}

/** Monday of the week that holds `day`. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return plusDays(day, weekday === 0 ? -6 : 1 - weekday);
}

/** The instant at which clocks in Paris show `day` and `time` (`HH:MM`). */
export function parisInstant(day: string, time: string): number {
  const asIfUtc = Date.parse(`${day}T${time}:00Z`);
  const summer = asIfUtc - 2 * HOUR_MS;
  return parisClock(summer) === `${day} ${time}` ? summer : asIfUtc - HOUR_MS;
}

/** `18/05/2026` */
export function frenchDate(day: string): string {
  return `${day.slice(8, 10)}/${day.slice(5, 7)}/${day.slice(0, 4)}`;
}

/** `18/05` */
export function frenchDayMonth(day: string): string {
  return frenchDate(day).slice(0, 5);
}

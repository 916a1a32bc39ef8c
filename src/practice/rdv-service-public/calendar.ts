import { parisDay, plusDays, weekdayName } from '../shared/paris.ts';

/** The site's ways of writing days, and the week that a replica page shows. */

const MONTHS = [
  ['janvier', 'jan.'],
  ['février', 'fév.'],
  ['mars', 'mars'],
  ['avril', 'avr.'],
  ['mai', 'mai'],
  ['juin', 'juin'],
  ['juillet', 'juil.'],
  ['août', 'août'],
  ['septembre', 'sept.'],
  ['octobre', 'oct.'],
  ['novembre', 'nov.'],
  ['décembre', 'déc.'],
] as const;

function monthName(day: string, form: 0 | 1): string {
  return MONTHS[Number(day.slice(5, 7)) - 1]?.[form] ?? '';
}

/** `lundi 13 décembre 2021 à 08h50` */
export function longDate(day: string, time: string): string {
  const [year, , date] = day.split('-');
  return `${weekdayName(day)} ${date} ${monthName(day, 0)} ${year} à ${time.replace(':', 'h')}`;
}

/** `13 déc.` */
export function shortDate(day: string): string {
  return `${Number(day.slice(8, 10))} ${monthName(day, 1)}`;
}

/** What one of the seven columns holds: times, nothing, or a day past the booking horizon. */
export type Column = readonly string[] | 'closed';

export interface Week {
  /** The site begins a week on the day that was asked for, whatever its weekday. */
  readonly firstDay: string;
  readonly columns: readonly Column[];
}

export function weekFrom(now: number, inDays: number, columns: readonly Column[]): Week {
  return { firstDay: plusDays(parisDay(now), inDays), columns };
}

export function dayAt(week: Week, index: number): string {
  return plusDays(week.firstDay, index);
}

/** The days with times, and how many times there are. */
export function timesOf(week: Week): { readonly days: readonly string[]; readonly count: number } {
  const times = week.columns.map((column) => (column === 'closed' ? [] : column));
  return {
    days: times.flatMap((of, index) => (of.length === 0 ? [] : [dayAt(week, index)])),
    count: times.flat().length,
  };
}

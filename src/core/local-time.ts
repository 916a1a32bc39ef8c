/** A calendar day where a clock stands: `YYYY-MM-DD`. */
export type LocalDay = string;

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Zones change their offset at whole quarters of an hour only (IANA tz database, 2026). */
const STEP_MS = HOUR_MS / 4;

/**
 * One zone's calendar. Asking `Intl` costs microseconds, and statistics ask millions of times: the offset of each quarter of an
 * hour is asked once and remembered.
 */
export class LocalTime {
  readonly zone: string;
  readonly #format: Intl.DateTimeFormat;
  readonly #offsets = new Map<number, number>();

  constructor(zone: string) {
    this.zone = zone;
    this.#format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
  }

  /** The day that clocks show at an instant. */
  dayOf(at: number): LocalDay {
    return new Date(at + this.#offset(at)).toISOString().slice(0, 10);
  }

  /** 0 to 23. */
  hourOf(at: number): number {
    return Math.floor(mod(at + this.#offset(at), DAY_MS) / HOUR_MS);
  }

  /** 0 for Monday to 6 for Sunday. */
  weekdayOf(at: number): number {
    return weekdayOfNumber(Math.floor((at + this.#offset(at)) / DAY_MS));
  }

  /** First instant of a day. */
  startOf(day: LocalDay): number {
    const asIfUtc = Date.parse(`${day}T00:00:00Z`);
    const guess = asIfUtc - this.#offset(asIfUtc);
    return asIfUtc - this.#offset(guess);
  }

  /** First instant after a day. Days of clock changes have 23 or 25 hours. */
  endOf(day: LocalDay): number {
    return this.startOf(plusDays(day, 1));
  }

  #offset(at: number): number {
    const step = Math.floor(at / STEP_MS);
    const known = this.#offsets.get(step);
    if (known !== undefined) return known;
    const offset = this.#ask(step * STEP_MS);
    this.#offsets.set(step, offset);
    return offset;
  }

  #ask(at: number): number {
    const [, day, month, year, clock] = /(\d+)\/(\d+)\/(\d+), (.+)/.exec(this.#format.format(at)) ?? [];
    return Date.parse(`${year}-${month}-${day}T${clock}Z`) - at;
  }
}

export const PARIS = 'Europe/Paris';

/** Counted on the calendar, never in hours. */
export function plusDays(day: LocalDay, count: number): LocalDay {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS).toISOString().slice(0, 10);
}

/** Days from one to the other, both counted: 1 for the same day. */
export function daysIn({ from, to }: { readonly from: LocalDay; readonly to: LocalDay }): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** 0 for Monday to 6 for Sunday. */
export function weekdayOf(day: LocalDay): number {
  return weekdayOfNumber(Date.parse(`${day}T00:00:00Z`) / DAY_MS);
}

/** Monday of the ISO week that holds the day: names the week. */
export function isoWeekOf(day: LocalDay): LocalDay {
  return plusDays(day, -weekdayOf(day));
}

/** Days since 1 January 1970, a Thursday. */
function weekdayOfNumber(number: number): number {
  return mod(number + 3, 7);
}

function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

/** What an answer of a control host tells of our clock. Pure; milliseconds. */

/** Offsets beyond this make a reading's time untrustworthy. */
export const MAX_CLOCK_OFFSET_MS = 2_000;
/** `Date` is cut to whole seconds (RFC 9110, 5.6.7). */
const DATE_RESOLUTION_MS = 1_000;

/** Our clock minus the world's lies somewhere from `fromMs` to `toMs`. */
export interface ClockInterval {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One request on an open connection, by our own clock, and the `Date` of its answer. */
export interface DatedAnswer {
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly date: number;
}

/**
 * The answer was dated between our sending and our receiving, at an instant from `date` to just under a second later. However slow
 * the line was, or however busy we were, the truth lies in the interval: that only makes it wide. Null when our clock was set back
 * meanwhile.
 */
export function clockInterval({ sentAt, receivedAt, date }: DatedAnswer): ClockInterval | null {
  if (receivedAt < sentAt) return null;
  return { fromMs: sentAt - date - DATE_RESOLUTION_MS, toMs: receivedAt - date };
}

/** The interval in one number: its point nearest to zero, the least that our clock is off. */
export function leastOffsetMs({ fromMs, toMs }: ClockInterval): number {
  return fromMs > 0 ? fromMs : Math.min(toMs, 0);
}

/** False only where the whole interval lies outside ±2 s. */
export function mayBeRight(interval: ClockInterval): boolean {
  return Math.abs(leastOffsetMs(interval)) <= MAX_CLOCK_OFFSET_MS;
}

/** The answer took so little time that its date says as much as a date can. */
export function isSharp({ fromMs, toMs }: ClockInterval): boolean {
  return toMs - fromMs <= 2 * DATE_RESOLUTION_MS;
}

/**
 * The better of two answers of one host: a sharp one before a blurred one. Of two sharp ones, that which finds us nearer to right: a
 * server may have made its date before it was busy, and no clock is right by accident. Of two blurred ones the sharper.
 */
export function betterOf(one: ClockInterval, other: ClockInterval): ClockInterval {
  if (isSharp(one) !== isSharp(other)) return isSharp(one) ? one : other;
  const rank = isSharp(one)
    ? (by: ClockInterval) => Math.abs(leastOffsetMs(by))
    : (by: ClockInterval) => by.toMs - by.fromMs;
  return rank(other) < rank(one) ? other : one;
}

/** What most hosts say: the middle one; of two that differ the one that our own clock bears out. Null when there is none. */
export function middleOf(intervals: readonly ClockInterval[]): ClockInterval | null {
  const ordered = intervals.toSorted((one, other) => leastOffsetMs(one) - leastOffsetMs(other));
  const [low, high] = [ordered[Math.ceil(ordered.length / 2) - 1], ordered[Math.floor(ordered.length / 2)]];
  if (low === undefined || high === undefined) return null;
  return Math.abs(leastOffsetMs(low)) <= Math.abs(leastOffsetMs(high)) ? low : high;
}

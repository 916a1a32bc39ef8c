import type { LocalTime } from '../core/local-time.ts';
import type { HourTally } from '../core/tally.ts';
import { difference, type HourCount } from './compare.ts';
import type { Difference } from './results.ts';

/** S11 from hours of UTC: every zone that France uses but one is whole hours away, and shares are compared by the clock of Paris. */
export function compareHours(before: readonly HourTally[], after: readonly HourTally[], paris: LocalTime): Difference {
  const local = ({ startsAt, hits, checks }: HourTally): HourCount => ({
    day: paris.dayOf(startsAt),
    weekday: paris.weekdayOf(startsAt),
    hour: paris.hourOf(startsAt),
    hits,
    checks,
  });
  return difference(before.map(local), after.map(local));
}

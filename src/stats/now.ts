import { groupOf } from '../core/outcome.ts';
import { isMeasured, oldAfter } from '../core/standing.ts';
import type { Sight } from '../core/tally.ts';
import type { Now } from './results.ts';

/** Whether what was seen last may be said of now. */

const HALF_HOUR_MS = 1_800_000;
const NEVER: Now = { state: 'never', measuredAt: null, visitedAt: null };

/** `sight`: null for a target that was never visited. */
export function nowOf(sight: Sight | undefined, now: number): Now {
  if (sight === undefined) return NEVER;
  const { measuredAt, visitedAt } = sight;
  return { state: stateOf(sight, now), measuredAt, visitedAt };
}

function stateOf({ outcome, isBelieved, measuredAt, intervalMs }: Sight, now: number): Now['state'] {
  if (measuredAt === null) return 'never';
  if (groupOf(outcome) === 'gate') return 'gate';
  if (!isMeasured(outcome) || !isBelieved) return 'unknown';
  return now - measuredAt > oldAfter(intervalMs ?? HALF_HOUR_MS) ? 'old' : 'measured';
}

/** Of several together: measured where one is; else as the one that was measured last. */
export function together(all: readonly Now[]): Now {
  const latest = (times: readonly (number | null)[]): number | null =>
    times.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null);
  const visitedAt = latest(all.map((one) => one.visitedAt));
  const measuredAt = latest(all.map((one) => one.measuredAt));
  const isOne = all.some(({ state }) => state === 'measured');
  const last = all.find((one) => one.measuredAt === measuredAt);
  return { state: isOne ? 'measured' : (last?.state ?? 'never'), measuredAt, visitedAt };
}

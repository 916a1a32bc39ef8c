import type { StatCheck } from '../core/tally.ts';

/** What runs of visits are read from: the order of time, and where a run breaks. */

const DAY_MS = 86_400_000;

/** A believed answer on slots, of whatever design, by the monitor itself. In order of time. */
export function answersOnSlots(checks: readonly StatCheck[]): StatCheck[] {
  return inOrder(
    checks.filter(
      ({ outcome, isReported, isSoftBlocked }) =>
        !isReported && !isSoftBlocked && (outcome === 'slots' || outcome === 'no_slots' || outcome === 'suspended'),
    ),
  );
}

export function inOrder(checks: readonly StatCheck[]): StatCheck[] {
  return checks.toSorted((a, b) => a.at - b.at || a.id - b.id);
}

/** A longer time without a check breaks a run: 24 h or three intervals, whichever is larger. */
export function longestBreak(intervalMs: number): number {
  return Math.max(DAY_MS, 3 * intervalMs);
}

/** Pairs of neighbours. */
export function* pairsOf<T>(values: readonly T[]): Generator<readonly [T, T]> {
  let previous: T | undefined;
  for (const value of values) {
    if (previous !== undefined) yield [previous, value];
    previous = value;
  }
}

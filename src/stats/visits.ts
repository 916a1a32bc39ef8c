import type { StatCheck } from '../core/tally.ts';

/** What runs of visits are read from, in the order of time. */

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

/** Pairs of neighbours. */
export function* pairsOf<T>(values: readonly T[]): Generator<readonly [T, T]> {
  let previous: T | undefined;
  for (const value of values) {
    if (previous !== undefined) yield [previous, value];
    previous = value;
  }
}

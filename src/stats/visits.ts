import { ANSWERS } from '../core/agreement.ts';
import { groupOf } from '../core/outcome.ts';
import type { StatCheck } from '../core/tally.ts';

/** What runs of visits are read from, in the order of time. */

/** A believed answer on slots, of whatever design, by the monitor itself. In order of time. */
export function answersOnSlots(checks: readonly StatCheck[]): StatCheck[] {
  return observations(checks).filter(({ outcome }) => ANSWERS.some((answer) => answer === outcome));
}

/** Whatever the monitor itself observed and believes, also that a procedure is done elsewhere. In order of time. */
export function observations(checks: readonly StatCheck[]): StatCheck[] {
  return inOrder(
    checks.filter(
      ({ outcome, isReported, isSoftBlocked }) => !isReported && !isSoftBlocked && groupOf(outcome) === 'observed',
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

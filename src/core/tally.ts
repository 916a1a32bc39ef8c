import type { Outcome } from './outcome.ts';
import type { LocalDay } from './local-time.ts';

/**
 * One target's local day (Europe/Paris) in counts: what shares, coverage, maps and trends are computed from. A check belongs to
 * the day on which it was started, a plan to the day of its planned instant.
 *
 * Only what may enter a headline share is counted by outcome: design `uniform`, mode `scheduled`, `control` or `assisted`,
 * by its current reading. Everything else is in `others`.
 */
export interface DayTally {
  readonly targetId: string;
  readonly day: LocalDay;
  /** Uniform checks that were planned for this day and are over, whatever became of them. */
  readonly planned: number;
  /** Uniform checks by outcome; an outcome that did not occur is absent. A "no" inside a soft block is not among them. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  /** Uniform "no" that are not believed: inside a soft-block window. In no denominator. */
  readonly softBlocked: number;
  /** Checks that were not uniform: confirmations, bursts, a person's own readings. */
  readonly others: number;
  /** First and last start of a uniform check, epoch milliseconds; null when there was none. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Oldest and newest version of the reader among the uniform checks; null when there was none. */
  readonly readers: { readonly oldest: number; readonly newest: number } | null;
}

/** One visit as statistics see it: the current reading of a check. */
export interface StatCheck {
  readonly id: number;
  readonly targetId: string;
  /** When the page was captured, or else when the check ended: epoch milliseconds. */
  readonly at: number;
  readonly startedAt: number;
  readonly outcome: Outcome;
  /** It may enter a headline share: uniform, and not a person's own reading. */
  readonly isUniform: boolean;
  readonly isReported: boolean;
  /** A "no" inside a soft-block window. */
  readonly isSoftBlocked: boolean;
  /** First date offered, `YYYY-MM-DD`; null when the page names none. */
  readonly firstDate: string | null;
}

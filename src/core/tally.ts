import type { Look, LookPair } from './agreement.ts';
import type { LocalDay } from './local-time.ts';
import type { Outcome } from './outcome.ts';
import type { Target } from './target.ts';

/** What statistics are computed from, and where they get it. */

/**
 * A local day (Europe/Paris) in counts: what shares, coverage, maps and trends are computed from. A check belongs to the day on
 * which its page was captured, or else was started; a plan that led to no check to the day of its instant.
 *
 * Only what may enter a headline share is counted by outcome: design `uniform`, mode `scheduled`, `control` or `assisted`,
 * by its current reading. Everything else is in `others`.
 */
export interface DayCounts {
  readonly day: LocalDay;
  /** Random instants that are over, whatever became of them; also those that only a person's help could answer, and did. */
  readonly planned: number;
  /**
   * Uniform checks by outcome; an outcome that did not occur is absent. A plan without a check is in `missed` or `skipped`. A
   * "no" inside a soft block is not among them.
   */
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

export interface DayTally extends DayCounts {
  readonly targetId: string;
}

/** The same of all targets with (or without) slots of one platform in one department. */
export interface GroupTally extends DayCounts {
  readonly department: string | null;
  readonly platform: string;
  readonly isService: boolean;
}

/** One visit as statistics see it: the current reading of a check. */
export interface StatCheck {
  readonly id: number;
  readonly targetId: string;
  /** When the page was captured, or else when the check began: epoch milliseconds. It belongs to that day. */
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

/** Instants, `from` included and `to` not. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface DaySpan {
  readonly from: LocalDay;
  readonly to: LocalDay;
}

/** Uniform checks captured in one hour, by the clock of UTC. */
export interface HourTally {
  readonly startsAt: number;
  readonly hits: number;
  readonly checks: number;
}

export interface OutageRow {
  readonly targetId: string;
  readonly outcome: Outcome;
  readonly afterAt: number | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  readonly goneByAt: number | null;
  /** From then on it was not known to last; null where it was not lost from sight. */
  readonly lostAt: number | null;
}

/** How long a target has been seen, by whatever visit counts: scheduled, confirmation, assisted or burst. */
export interface Sight {
  readonly targetId: string;
  readonly isControl: boolean;
  readonly intervalMs: number | null;
  /** The last visit, what it saw, and whether that is believed. */
  readonly visitedAt: number;
  readonly outcome: Outcome;
  readonly isBelieved: boolean;
  /** The last believed visit that could say how the page is; null for none, and of a control. */
  readonly measuredAt: number | null;
}

/** Last sights of a span by visits that are in no headline share; null for none. */
export interface LastSeen {
  readonly slotsAt: number | null;
  readonly observedAt: number | null;
}

/** Notices to recipients that ended, over all time. */
export interface EndedCount {
  readonly channel: string;
  readonly kind: string;
  readonly result: string;
  readonly count: number;
}

/** A notice that a service accepted, of a recipient who chose neither quiet hours nor a digest. */
export interface AcceptedNotice {
  readonly channel: string;
  readonly kind: string;
  readonly observedAt: number;
  readonly acceptedAt: number;
}

/** A database to be read and not to be written: what figures ask it. Every method throws `STORE_FAILED`. */
export interface TallySource {
  /** Another number whenever something was written. */
  version(): number;
  /** Every target that was ever watched, by id. */
  targets(): readonly Target[];
  /** How often each day was written; a day that never was is absent. */
  changes(span: DaySpan): ReadonlyMap<LocalDay, number>;
  /** Ordered by day, then target. */
  days(query: DaySpan & { readonly targetIds: readonly string[] }): readonly DayTally[];
  groups(span: DaySpan): readonly GroupTally[];
  /** In order of time. */
  checks(targetId: string, span: Span): readonly StatCheck[];
  /** What a target showed, without the rest: in order of time, no person's readings. */
  states(targetId: string, span: Span): readonly { readonly at: number; readonly outcome: Outcome }[];
  hours(targetIds: readonly string[], span: Span): readonly HourTally[];
  /** Length of the last planned interval; null when none was planned. */
  intervalMs(targetId: string): number | null;
  /** Visits whose picture was kept, the newest first. */
  pictures(targetId: string, limit: number): readonly { checkId: number; at: number; outcome: Outcome }[];
  /** Outages that touch the span, the newest first. */
  outages(targetIds: readonly string[], span: Span): readonly OutageRow[];
  /** Of all targets that were ever visited. */
  sights(): readonly Sight[];
  /** What confirmations, bursts and the like saw; a target of which they saw nothing is absent. */
  seenBesides(targetIds: readonly string[], days: DaySpan, span: Span): ReadonlyMap<string, LastSeen>;
  /** Words of faults, each once, in order. */
  faultTexts(targetId: string, span: Span): readonly string[];
  /** People's words of the span beside our readings (S13), in order of time. */
  peoplePairs(span: Span): readonly LookPair[];
  /** What the monitor read at targets that it read from several vantage points, in order of time. */
  vantageLooks(span: Span): readonly Look[];
  ended(): readonly EndedCount[];
  accepted(span: Span): readonly AcceptedNotice[];
  close(): void;
}

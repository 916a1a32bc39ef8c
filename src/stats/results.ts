import type { LocalDay } from '../core/local-time.ts';
import type { Outcome } from '../core/outcome.ts';

/**
 * What the statistics S1 to S14 answer. Every answer that may be missing is a tagged union: a reader has to decide what to show
 * when there is too little to say, and can never print an unmeasured thing as zero. Shares lie between 0 and 1, durations are
 * milliseconds, instants epoch milliseconds UTC, days local days in Europe/Paris.
 */

/** What is missing before a figure may be printed. */
export interface Missing {
  readonly what: 'checks' | 'days' | 'weeks' | 'coverage' | 'events' | 'plans';
  readonly have: number;
  readonly need: number;
}

/** What a share was counted from. `checks` = slots + no_slots + suspended of uniform checks. */
export interface ShareBase {
  readonly hits: number;
  readonly checks: number;
  readonly days: number;
  /** Distinct ISO weeks. */
  readonly weeks: number;
}

/** S1. Read `kind` first. Intervals are 95 %. */
export type Share =
  | (ShareBase & {
      readonly kind: 'share';
      readonly share: number;
      readonly low: number;
      readonly high: number;
      /** How much the checks of one day resemble each other: 1 for independent ones. */
      readonly designEffect: number;
      /** Independent checks that would tell as much. */
      readonly effectiveChecks: number;
    })
  /** Never seen: two upper bounds, one for independent checks and the cautious one for independent days. */
  | (ShareBase & {
      readonly kind: 'no_hits';
      readonly share: 0;
      readonly perCheckHigh: number;
      readonly perDayHigh: number;
    })
  /** Seen at every check: two lower bounds in the same way. */
  | (ShareBase & {
      readonly kind: 'all_hits';
      readonly share: 1;
      readonly perCheckLow: number;
      readonly perDayLow: number;
    })
  /** Too little to print a share: what is missing, and what was counted. */
  | (ShareBase & { readonly kind: 'insufficient'; readonly missing: readonly Missing[] });

/** S3 to S5: a plain share of counts; null when there is nothing to divide by. */
export interface Proportion {
  readonly count: number;
  readonly of: number;
  readonly share: number | null;
}

/** S2: what a lawyer may say of the attempts. Every check that looked at the page, whatever its design, but no person's reading. */
export interface AttemptProfile {
  readonly checks: number;
  readonly days: number;
  readonly weeks: number;
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** 24 counts, by hour of the day in `zone`. */
  readonly byHour: readonly number[];
  readonly zone: string;
  /** Longest time without a check between two of them; null with fewer than two. */
  readonly longestGapMs: number | null;
}

/** S6: a run of consecutive observed checks without slots. */
export interface Drought {
  readonly checks: number;
  /** First and last check of the run. */
  readonly firstAt: number;
  readonly lastAt: number;
  readonly longestGapMs: number;
  /** What the run is bounded by: a sight of slots, the start of watching, a gap that is too long, or now. */
  readonly begins: { readonly by: 'slots' | 'gap'; readonly at: number } | { readonly by: 'start' };
  /** `now`: or the end of the period that was asked for. */
  readonly ends: { readonly by: 'slots' | 'gap'; readonly at: number } | { readonly by: 'now' };
}

/** S6 for the public (conduct C13): bounds as days, never as instants. */
export interface PublicDrought {
  readonly checks: number;
  readonly firstDay: LocalDay;
  readonly lastDay: LocalDay;
  readonly spanDays: number;
  readonly longestGapMs: number;
  readonly begins: 'slots' | 'gap' | 'start';
  readonly ends: 'slots' | 'gap' | 'now';
}

/** S7 under C13: only events at least 30 days old, no finer than hour × weekday. */
export type ReleaseHistogram =
  | {
      readonly kind: 'histogram';
      readonly zone: string;
      /** Last day whose events are in it: at least 30 days ago. */
      readonly until: LocalDay;
      readonly events: number;
      /** Events known to no better than an hour: counted, not placed. */
      readonly undated: number;
      /** 7 rows, Monday first, of 24 hours: events per hour of exposure; null where there was no exposure. */
      readonly rates: readonly (readonly (number | null)[])[];
      /** Hours of exposure of each cell. */
      readonly exposureHours: readonly (readonly number[])[];
    }
  | {
      readonly kind: 'insufficient';
      readonly until: LocalDay;
      readonly events: number;
      readonly undated: number;
      readonly missing: readonly Missing[];
    };

/** S8. An opening has no exact length, only bounds; a median of the upper bounds may be open (null). */
export type Exhaustion =
  | {
      readonly kind: 'bounds';
      readonly openings: number;
      readonly medianLowMs: number;
      readonly medianHighMs: number | null;
    }
  | { readonly kind: 'insufficient'; readonly openings: number; readonly missing: readonly Missing[] };

/** S9: chance to see a release that stays open so long, at the interval of this target. */
export interface Blindness {
  readonly intervalMs: number;
  readonly chances: readonly { readonly openForMs: number; readonly chance: number }[];
}

/** S10: days from the observation to the first date offered. */
export type LeadTime =
  | {
      readonly kind: 'lead_time';
      readonly checks: number;
      readonly medianDays: number;
      readonly quartileLowDays: number;
      readonly quartileHighDays: number;
      readonly over31: number;
      readonly over61: number;
      readonly over90: number;
    }
  | { readonly kind: 'insufficient'; readonly checks: number; readonly missing: readonly Missing[] };

/** S11: to be worded "associated with", never "caused by". `low` and `high` bound the difference after − before. */
export type Difference =
  | { readonly kind: 'difference'; readonly difference: number; readonly low: number; readonly high: number }
  | { readonly kind: 'insufficient'; readonly missing: readonly (Missing & { readonly side: 'before' | 'after' })[] };

/** S12: what a department is painted as. Only `share`, `no_hits` and `all_hits` have a colour; the rest is hatched. */
export type MapState = 'share' | 'no_hits' | 'all_hits' | 'insufficient' | 'gate' | 'not_measured';

/** S13. */
export interface Agreement {
  readonly pairs: number;
  /** Null without a pair. */
  readonly share: number | null;
  readonly disagreements: readonly {
    readonly targetId: string;
    readonly day: LocalDay;
    readonly ours: Outcome;
    readonly theirs: Outcome;
    /** Who looked: `person`, or the name of another vantage point. */
    readonly by: string;
  }[];
}

/** S14, by channel. */
export interface AlertLatency {
  readonly channel: string;
  /** Messages about what was seen: accepted ones, and how long it took from the observation to the acceptance. */
  readonly accepted: number;
  readonly medianMs: number | null;
  readonly p95Ms: number | null;
  /** Daily test messages that ended. */
  readonly tests: Proportion;
}

/** Time-weighted. `maintenance` counts as unavailable and is shown apart. */
export type Uptime =
  | {
      readonly kind: 'uptime';
      readonly share: number;
      readonly upMs: number;
      readonly downMs: number;
      /** Part of `downMs`. */
      readonly maintenanceMs: number;
      /** Time of the period between two checks too far apart, or in which only gates or unknown pages were seen. */
      readonly unmeasuredMs: number;
      readonly checks: number;
    }
  | { readonly kind: 'insufficient'; readonly checks: number; readonly missing: readonly Missing[] };

/**
 * Whether the last answer speaks for now. `unknown`: the last visit saw a page that nobody knows, that is not believed, or failed
 * itself; `gate`: it ended at one; `old`: nothing was measured for more than three intervals; `never`: nothing ever was.
 */
export interface Now {
  readonly state: 'measured' | 'unknown' | 'gate' | 'old' | 'never';
  /** When the page could last be read, or was seen to fail; null for never. Says nothing of slots (conduct C13). */
  readonly measuredAt: number | null;
  /** The last visit of any kind; null for none. */
  readonly visitedAt: number | null;
}

/** Exact bounds: an outage is no release, C13 does not speak of it. */
export interface Outage {
  readonly targetId: string;
  readonly outcome: Outcome;
  /** It began after this instant (last good check; null: not seen) and by that one (first bad check). */
  readonly afterAt: number | null;
  readonly firstSeenAt: number;
  readonly lastSeenAt: number;
  /** First good check after it; null while it lasts, and where it was lost from sight. */
  readonly goneByAt: number | null;
  /** From then on nobody can say that it lasted: it was not seen for too long, and its end is not known. Null for others. */
  readonly lostAt: number | null;
  /** Words of the page as the reader kept them, each once, in order. */
  readonly texts: readonly string[];
}

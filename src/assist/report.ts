import type { Check } from '../core/check.ts';
import type { Outcome } from '../core/outcome.ts';
import { hostOf, type Target } from '../core/target.ts';

/** What a person saw with their own browser, telephone or eyes: their word, kept apart from what the monitor read. */

/** What a person can say of a page. */
export const REPORTABLE = [
  'slots',
  'no_slots',
  'suspended',
  'moved',
  'operational',
  'maintenance',
  'error',
  'login',
] as const satisfies readonly Outcome[];
export type Reportable = (typeof REPORTABLE)[number];

export const REPORTED_WITHIN_MS = 7 * 86_400_000;

export interface Report {
  readonly target: Target;
  readonly outcome: Reportable;
  /** When they looked. */
  readonly at: number;
  /** `YYYY-MM-DD`; null when they named none. */
  readonly firstDate: string | null;
}

/**
 * The check that stands for a report. Nothing was asked of the host by us: `loads` is 0, so nothing follows from it, no alert
 * and no opening, and `opportunistic` keeps it out of every headline share.
 */
export function reportedCheck({ target, outcome, at, firstDate }: Report, vantage: string, now: number): Check {
  return {
    targetId: target.id,
    platform: target.platform,
    host: hostOf(target.address),
    mode: 'reported',
    design: 'opportunistic',
    practice: target.practice,
    vantage,
    readerVersion: 0,
    reading: {
      outcome,
      rule: 'reported',
      message: 'reported by a person',
      facets: firstDate === null ? {} : { firstDate },
    },
    startedAt: at,
    observedAt: at,
    finishedAt: now,
    loads: 0,
    status: null,
    finalUrl: null,
    clockOffsetMs: null,
    captures: [],
    withheld: null,
    fingerprint: null,
    errorCode: null,
  };
}

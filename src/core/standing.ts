import { groupOf, type Outcome } from './outcome.ts';

/**
 * How a target stands after its visits so far, folded visit by visit, so that nobody has to read a year of checks to say it.
 * Pure; instants are epoch milliseconds UTC.
 */

/** One visit, as far as the standing is concerned. What was skipped or missed is none. */
export interface Visit {
  readonly checkId: number;
  readonly startedAt: number;
  readonly observedAt: number | null;
  readonly finishedAt: number;
  readonly outcome: Outcome;
}

/** Observed checks in a row without slots (S6). Between its checks anything may have happened. */
export interface Drought {
  /** First and last of them. */
  readonly fromAt: number;
  readonly lastAt: number;
  readonly checks: number;
  /** Longest time between two of them. */
  readonly longestGapMs: number;
}

export interface Standing {
  /** The last visit. */
  readonly checkId: number;
  readonly startedAt: number;
  readonly outcome: Outcome;
  /** Start of the run of visits with this same outcome. */
  readonly sinceAt: number;
  /** Last visit that ended in an outcome of the group `observed`, and last one that saw slots; null when none did. */
  readonly lastObservedAt: number | null;
  readonly lastSlotsAt: number | null;
  /** Last visit that could say how the page is: observed, or a fault of the site. Null when none could. */
  readonly lastMeasuredAt: number | null;
  /** Null while slots are seen, and where nobody looked for slots. */
  readonly drought: Drought | null;
}

const DAY_MS = 86_400_000;

/** What a "no" is to a drought: an answer on slots without any. */
const DRY: ReadonlySet<Outcome> = new Set(['no_slots', 'suspended']);

/** Whether a visit came before one that is in the fold already: then all visits have to be folded again. */
export function isBefore(visit: Pick<Visit, 'startedAt'>, standing: Standing | null): boolean {
  return standing !== null && visit.startedAt < standing.startedAt;
}

/** The next standing. Visits come in the order of their starts; `intervalMs` is the time between two planned checks. */
export function stand(before: Standing | null, visit: Visit, intervalMs: number): Standing {
  const { checkId, startedAt, finishedAt, outcome } = visit;
  const at = visit.observedAt ?? finishedAt;
  return {
    checkId,
    startedAt,
    outcome,
    sinceAt: before !== null && before.outcome === outcome ? before.sinceAt : startedAt,
    lastObservedAt: groupOf(outcome) === 'observed' ? at : (before?.lastObservedAt ?? null),
    lastSlotsAt: outcome === 'slots' ? at : (before?.lastSlotsAt ?? null),
    lastMeasuredAt: isMeasured(outcome) ? at : (before?.lastMeasuredAt ?? null),
    drought: droughtAfter(before?.drought ?? null, outcome, { at, intervalMs }),
  };
}

/** A longer time without a check breaks a run of checks: 24 h or three intervals, whichever is larger. */
export function longestBreak(intervalMs: number): number {
  return Math.max(DAY_MS, 3 * intervalMs);
}

/** Whether a visit could say how the page is. A gate, an unknown page or a failure of ours says nothing of it. */
export function isMeasured(outcome: Outcome): boolean {
  const group = groupOf(outcome);
  return group === 'observed' || group === 'fault';
}

/** After so long without a measurement the last one does not speak for now. */
export function oldAfter(intervalMs: number): number {
  return 3 * intervalMs;
}

/** After too long a time without checks the drought is over, and the next one is another. */
function droughtAfter(
  drought: Drought | null,
  outcome: Outcome,
  { at, intervalMs }: { readonly at: number; readonly intervalMs: number },
): Drought | null {
  if (outcome === 'slots') return null;
  if (!DRY.has(outcome)) return drought;
  const gapMs = drought === null ? Infinity : at - drought.lastAt;
  if (drought === null || gapMs > longestBreak(intervalMs)) {
    return { fromAt: at, lastAt: at, checks: 1, longestGapMs: 0 };
  }
  return {
    fromAt: drought.fromAt,
    lastAt: at,
    checks: drought.checks + 1,
    longestGapMs: Math.max(drought.longestGapMs, gapMs),
  };
}

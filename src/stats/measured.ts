import { GROUPS, groupOf, isOutcome, type Group, type Outcome } from '../core/outcome.ts';
import type { DayCounts } from '../core/tally.ts';
import type { DayPoint, Measured, MonthPoint } from './figures.ts';
import type { MapState, Proportion } from './results.ts';
import { shareOf } from './share.ts';

/** S1 with S3 to S5 from a target's days, or from the days of many targets. */

/** The share's denominator. `moved` and `operational` are observed, and say nothing of slots. */
const IN_SHARE = ['slots', 'no_slots', 'suspended'] as const satisfies readonly Outcome[];
/** From here on a page that was mostly behind a gate is shown as gated, not as unmeasured. */
const GATED_FROM = 0.5;

export function proportion(count: number, of: number): Proportion {
  return { count, of, share: of === 0 ? null : count / of };
}

export function measure(tallies: readonly DayCounts[]): Measured {
  const outcomes = outcomesOf(tallies);
  const counts = groupCounts(outcomes);
  const softBlocked = sum(tallies, (tally) => tally.softBlocked);
  const coverage = proportion(
    counts.observed,
    sum(tallies, (tally) => tally.planned),
  );
  const days = tallies.map(({ day, outcomes: of }) => ({
    day,
    hits: of.slots ?? 0,
    checks: IN_SHARE.reduce((count, outcome) => count + (of[outcome] ?? 0), 0),
  }));
  return {
    share: shareOf(days, coverage),
    coverage,
    faults: proportion(counts.fault, counts.observed + counts.fault),
    gates: proportion(counts.gate, counts.observed + counts.fault + counts.gate),
    outcomes,
    softBlocked,
  };
}

function outcomesOf(tallies: readonly DayCounts[]): Partial<Record<Outcome, number>> {
  const total = new Map<Outcome, number>();
  for (const { outcomes } of tallies) {
    for (const [outcome, count] of Object.entries(outcomes)) {
      if (isOutcome(outcome)) total.set(outcome, (total.get(outcome) ?? 0) + count);
    }
  }
  const order = Object.values(GROUPS).flat();
  return Object.fromEntries(order.flatMap((outcome) => (total.has(outcome) ? [[outcome, total.get(outcome)]] : [])));
}

function groupCounts(outcomes: Readonly<Partial<Record<Outcome, number>>>): Record<Group, number> {
  const counts = { observed: 0, fault: 0, gate: 0, unmeasured: 0 };
  for (const [outcome, count] of Object.entries(outcomes)) if (isOutcome(outcome)) counts[groupOf(outcome)] += count;
  return counts;
}

function sum(tallies: readonly DayCounts[], of: (tally: DayCounts) => number): number {
  return tallies.reduce((total, tally) => total + of(tally), 0);
}

/** S12: an unmeasured department is never painted as 0, and a gate is a finding of its own. */
export function mapState({ share, gates }: Pick<Measured, 'share' | 'gates'>): MapState {
  if (share.kind !== 'insufficient') return share.kind;
  if (gates.share !== null && gates.share >= GATED_FROM) return 'gate';
  return share.checks === 0 ? 'not_measured' : 'insufficient';
}

/** S12: two shares may be ranked only where their intervals do not overlap. */
export function areApart(a: Measured['share'], b: Measured['share']): boolean {
  const [one, other] = [boundsOf(a), boundsOf(b)];
  if (one === null || other === null) return false;
  return one.high < other.low || other.high < one.low;
}

function boundsOf(share: Measured['share']): { readonly low: number; readonly high: number } | null {
  switch (share.kind) {
    case 'share':
      return { low: share.low, high: share.high };
    case 'no_hits':
      return { low: 0, high: share.perDayHigh };
    case 'all_hits':
      return { low: share.perDayLow, high: 1 };
    case 'insufficient':
      return null;
    default:
      return share satisfies never;
  }
}

/** One bar a day, in order; days without a plan and without a check are absent. */
export function timelineOf(tallies: readonly DayCounts[]): DayPoint[] {
  const byDay = Map.groupBy(tallies, ({ day }) => day);
  return [...byDay].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([day, of]) => ({ day, ...pointOf(of) }));
}

/** The counts of some days as one bar. */
export function pointOf(tallies: readonly DayCounts[]): Omit<DayPoint, 'day'> {
  const outcomes = outcomesOf(tallies);
  const { fault, gate, unmeasured } = groupCounts(outcomes);
  return {
    planned: sum(tallies, ({ planned }) => planned),
    slots: outcomes.slots ?? 0,
    noSlots: outcomes.no_slots ?? 0,
    suspended: outcomes.suspended ?? 0,
    moved: outcomes.moved ?? 0,
    operational: outcomes.operational ?? 0,
    fault,
    gate,
    unmeasured,
    softBlocked: sum(tallies, ({ softBlocked }) => softBlocked),
  };
}

export function monthsOf(tallies: readonly DayCounts[]): MonthPoint[] {
  const byMonth = Map.groupBy(tallies, ({ day }) => day.slice(0, 7));
  return [...byMonth].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([month, of]) => ({ month, ...measure(of) }));
}

import { LocalTime, PARIS, type LocalDay } from '../core/local-time.ts';
import type { StatCheck } from '../core/tally.ts';
import { quantile } from './quantiles.ts';
import type { LeadTime } from './results.ts';

/** S10, of uniform checks that saw slots with a date. */

const LEAD_NEEDS = { checks: 10 } as const;
const DAY_MS = 86_400_000;

export function leadTime(checks: readonly StatCheck[], paris = new LocalTime(PARIS)): LeadTime {
  const days = checks.flatMap(({ outcome, isUniform, firstDate, at }) =>
    outcome === 'slots' && isUniform && firstDate !== null ? [calendarDays(paris.dayOf(at), firstDate)] : [],
  );
  const [low, middle, high] = [quantile(days, 0.25), quantile(days, 0.5), quantile(days, 0.75)];
  if (days.length < LEAD_NEEDS.checks || low === null || middle === null || high === null) {
    const missing = [{ what: 'checks', have: days.length, need: LEAD_NEEDS.checks }] as const;
    return { kind: 'insufficient', checks: days.length, missing };
  }
  const over = (limit: number): number => days.filter((lead) => lead > limit).length / days.length;
  return {
    kind: 'lead_time',
    checks: days.length,
    medianDays: middle,
    quartileLowDays: low,
    quartileHighDays: high,
    over31: over(31),
    over61: over(61),
    over90: over(90),
  };
}

function calendarDays(from: LocalDay, to: LocalDay): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

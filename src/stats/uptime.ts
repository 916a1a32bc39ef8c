import { groupOf, type Outcome } from '../core/outcome.ts';
import type { Span, StatCheck } from '../core/tally.ts';
import type { Uptime } from './results.ts';
import { inOrder, pairsOf } from './visits.ts';

/** Time-weighted uptime of targets without slots. */

const UPTIME_NEEDS = { checks: 30 } as const;
const HOUR_MS = 3_600_000;

type State = 'up' | 'down' | 'maintenance' | 'unmeasured';
export type Times = Record<State, number> & { checks: number };

/**
 * The time between two neighbouring visits belongs half to the one and half to the other. Time between visits further apart
 * than two hours or three intervals, whichever is larger, and time next to a gate or an unknown page, is unmeasured.
 */
export function timesOf(checks: readonly StatCheck[], intervalMs: number, { from, to }: Span): Times {
  const breakMs = Math.max(2 * HOUR_MS, 3 * intervalMs);
  const times: Times = { up: 0, down: 0, maintenance: 0, unmeasured: 0, checks: 0 };
  const visits = inOrder(checks.filter(({ isReported, at }) => !isReported && at >= from && at < to));
  times.checks = visits.filter(({ outcome }) => stateOf(outcome) !== 'unmeasured').length;
  const [first, last] = [visits[0]?.at ?? to, visits.at(-1)?.at ?? to];
  times.unmeasured = first - from + (to - last);
  for (const [before, after] of pairsOf(visits)) {
    const half = (after.at - before.at) / 2;
    const isFar = after.at - before.at > breakMs;
    for (const { outcome } of [before, after]) times[isFar ? 'unmeasured' : stateOf(outcome)] += half;
  }
  return times;
}

function stateOf(outcome: Outcome): State {
  if (outcome === 'operational') return 'up';
  if (outcome === 'maintenance') return 'maintenance';
  const group = groupOf(outcome);
  return group === 'observed' || group === 'fault' ? 'down' : 'unmeasured';
}

/** Of one target, or of several: then the mean over their measured times. */
export function uptimeOf(times: readonly Times[]): Uptime {
  const sum = (of: keyof Times): number => times.reduce((total, one) => total + one[of], 0);
  const checks = sum('checks');
  const [upMs, maintenanceMs, unmeasuredMs] = [sum('up'), sum('maintenance'), sum('unmeasured')];
  const downMs = sum('down') + maintenanceMs;
  if (checks < UPTIME_NEEDS.checks || upMs + downMs === 0) {
    return { kind: 'insufficient', checks, missing: [{ what: 'checks', have: checks, need: UPTIME_NEEDS.checks }] };
  }
  return { kind: 'uptime', share: upMs / (upMs + downMs), upMs, downMs, maintenanceMs, unmeasuredMs, checks };
}

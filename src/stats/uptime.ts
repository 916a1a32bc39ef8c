import { groupOf, type Outcome } from '../core/outcome.ts';
import type { Span } from '../core/tally.ts';
import type { Uptime } from './results.ts';
import { pairsOf } from './visits.ts';

/** Time-weighted uptime of targets without slots. */

const UPTIME_NEEDS = { checks: 30 } as const;
const HOUR_MS = 3_600_000;

type Kind = 'up' | 'down' | 'maintenance' | 'unmeasured';
export type Times = Record<Kind, number> & { checks: number };

/** What a visit of a service saw. */
export interface State {
  readonly at: number;
  readonly outcome: Outcome;
}

/**
 * The time between two neighbouring visits belongs half to the one and half to the other. Time between visits further apart
 * than two hours or three intervals, whichever is larger, and time next to a gate or an unknown page, is unmeasured. States outside the span tell of its edges.
 */
export function timesOf(states: readonly State[], intervalMs: number, { from, to }: Span): Times {
  const breakMs = longestPause(intervalMs);
  const times: Times = { up: 0, down: 0, maintenance: 0, unmeasured: 0, checks: 0 };
  const visits = states.toSorted((a, b) => a.at - b.at);
  times.checks = visits.filter(({ at, outcome }) => at >= from && at < to && kindOf(outcome) !== 'unmeasured').length;
  const within = (begin: number, end: number): number => Math.max(0, Math.min(end, to) - Math.max(begin, from));
  times.unmeasured = within(from, visits[0]?.at ?? to) + within(visits.at(-1)?.at ?? to, to);
  for (const [before, after] of pairsOf(visits)) {
    const middle = (before.at + after.at) / 2;
    const isFar = after.at - before.at > breakMs;
    times[isFar ? 'unmeasured' : kindOf(before.outcome)] += within(before.at, middle);
    times[isFar ? 'unmeasured' : kindOf(after.outcome)] += within(middle, after.at);
  }
  return times;
}

/** Visits further apart say nothing of the time between. */
export function longestPause(intervalMs: number): number {
  return Math.max(2 * HOUR_MS, 3 * intervalMs);
}

function kindOf(outcome: Outcome): Kind {
  if (outcome === 'operational') return 'up';
  if (outcome === 'maintenance') return 'maintenance';
  const group = groupOf(outcome);
  return group === 'observed' || group === 'fault' ? 'down' : 'unmeasured';
}

export function added(times: readonly Times[]): Times {
  const sum = (of: keyof Times): number => times.reduce((total, one) => total + one[of], 0);
  return {
    up: sum('up'),
    down: sum('down'),
    maintenance: sum('maintenance'),
    unmeasured: sum('unmeasured'),
    checks: sum('checks'),
  };
}

/** Of one target, or of several: then the mean over their measured times. */
export function uptimeOf(times: readonly Times[]): Uptime {
  const { checks, up: upMs, down, maintenance: maintenanceMs, unmeasured: unmeasuredMs } = added(times);
  const downMs = down + maintenanceMs;
  if (checks < UPTIME_NEEDS.checks || upMs + downMs === 0) {
    return { kind: 'insufficient', checks, missing: [{ what: 'checks', have: checks, need: UPTIME_NEEDS.checks }] };
  }
  return { kind: 'uptime', share: upMs / (upMs + downMs), upMs, downMs, maintenanceMs, unmeasuredMs, checks };
}

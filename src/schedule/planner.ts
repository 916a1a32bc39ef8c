import type { PlannedCheck } from '../core/check.ts';
import { drawn } from '../core/drawn.ts';

export interface PlanTarget {
  readonly id: string;
  readonly intervalMs: number;
  /** Least time between two checks of one target. */
  readonly spacingMs: number;
}

export type Plan = Omit<PlannedCheck, 'id'>;

/**
 * The check of one interval, at an instant drawn uniformly in it. Intervals lie on a grid from the epoch, so a restart
 * draws the same plan again. An instant too close after the one before is moved to the least distance and no longer counts
 * as uniform (`opportunistic`): a floor is never broken, and a moved instant never enters a headline share.
 */
export function planInterval(target: PlanTarget, index: number, seed: string, previousAt: number): Plan {
  const intervalStart = index * target.intervalMs;
  const drawnAt = Math.floor(intervalStart + drawn(seed, target.id, target.intervalMs, index) * target.intervalMs);
  const plannedAt = Math.max(drawnAt, previousAt + target.spacingMs);
  return {
    targetId: target.id,
    intervalStart,
    intervalEnd: intervalStart + target.intervalMs,
    plannedAt,
    design: plannedAt === drawnAt ? 'uniform' : 'opportunistic',
    mode: 'scheduled',
  };
}

/** First interval of the grid that begins at or after an instant. */
function nextIndex(intervalMs: number, from: number): number {
  return Math.ceil(from / intervalMs);
}

/**
 * Plans of one target from the end of what is planned already up to `until`. A target without plans begins with the
 * interval that is running; what its instant would have been before `from` is drawn again in the rest of it, and so is not
 * uniform.
 */
export function planAhead(
  target: PlanTarget,
  seed: string,
  planned: { intervalEnd: number; plannedAt: number } | undefined,
  span: { from: number; until: number },
): Plan[] {
  const plans: Plan[] = [];
  let previousAt = planned?.plannedAt ?? -Infinity;
  if (planned === undefined) {
    const first = firstPlan(target, seed, span.from);
    plans.push(first);
    previousAt = first.plannedAt;
  }
  const begin = planned?.intervalEnd ?? plans[0]?.intervalEnd ?? span.from;
  for (let index = nextIndex(target.intervalMs, begin); index * target.intervalMs < span.until; index += 1) {
    const plan = planInterval(target, index, seed, previousAt);
    plans.push(plan);
    previousAt = plan.plannedAt;
  }
  return plans;
}

function firstPlan(target: PlanTarget, seed: string, from: number): Plan {
  const index = Math.floor(from / target.intervalMs);
  const plan = planInterval(target, index, seed, -Infinity);
  if (plan.plannedAt >= from) return plan;
  const rest = drawn(seed, target.id, target.intervalMs, index, 'rest');
  return { ...plan, plannedAt: Math.floor(from + rest * (plan.intervalEnd - from)), design: 'opportunistic' };
}

export interface HostLoad {
  readonly host: string;
  readonly targets: number;
  readonly intervalMs: number;
  /** What the host's floors need for one round of its targets. */
  readonly neededMs: number;
}

/** Interval of each host's targets: the one wished for, or, where its floors do not allow that, one round at the floors. */
export function hostLoads(
  hosts: ReadonlyMap<string, number>,
  wishedMs: number,
  rules: { hostSpacingMs: number; checksPerHostAndHour: number },
): HostLoad[] {
  return [...hosts].map(([host, targets]) => {
    const perCheckMs = Math.max(rules.hostSpacingMs, 3_600_000 / rules.checksPerHostAndHour);
    const neededMs = targets * perCheckMs;
    const wholeMinutes = Math.ceil(neededMs / 60_000) * 60_000;
    return { host, targets, neededMs, intervalMs: neededMs > wishedMs ? wholeMinutes : wishedMs };
  });
}

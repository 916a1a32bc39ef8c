import type { Check, PlannedCheck } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { bareTarget, type Target } from '../../src/core/target.ts';
import type { Store } from '../../src/store/contract.ts';

export const HOUR = 3_600_000;
export const START = Date.UTC(2026, 10, 23, 8);

export function targetNamed(id: string): Target {
  return bareTarget({
    id,
    platform: 'ez-booking',
    address: `http://127.0.0.1:1/booking/create/${id.length}`,
    practice: true,
  });
}

export function checkOf(
  targetId: string,
  startedAt: number,
  outcome: Outcome = 'no_slots',
  change: Partial<Check> = {},
): Check {
  return {
    targetId,
    platform: 'ez-booking',
    host: '127.0.0.1:1',
    mode: 'scheduled',
    design: 'uniform',
    practice: true,
    vantage: 'test',
    readerVersion: 1,
    reading: { outcome, rule: 'test', message: 'a test', facets: {} },
    startedAt,
    observedAt: startedAt + 500,
    finishedAt: startedAt + 1_000,
    loads: 1,
    status: 200,
    finalUrl: 'http://127.0.0.1:1/',
    clockOffsetMs: 0,
    captures: [],
    withheld: null,
    fingerprint: null,
    errorCode: null,
    ...change,
  };
}

export function planOf(targetId: string, intervalStart: number): Omit<PlannedCheck, 'id'> {
  const half = HOUR / 2;
  return {
    targetId,
    intervalStart,
    intervalEnd: intervalStart + half,
    plannedAt: intervalStart + 60_000,
    design: 'uniform',
    mode: 'scheduled',
  };
}

/** The ledger as `state reason` and how often, for comparison. */
export async function plannedCounts(store: Pick<Store, 'plannedCounts'>): Promise<Record<string, number>> {
  return Object.fromEntries(
    (await store.plannedCounts()).map(({ state, reason, count }) => [`${state} ${reason}`.trim(), count]),
  );
}

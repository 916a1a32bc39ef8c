import type { Check } from '../../src/core/check.ts';

/** A finished check as the store takes it. */
export function checkRecord(
  change: Partial<Check> & Pick<Check, 'targetId' | 'host' | 'startedAt' | 'finishedAt'>,
): Check {
  return {
    platform: 'stub',
    mode: 'scheduled',
    design: 'uniform',
    practice: false,
    vantage: 'test',
    readerVersion: 1,
    reading: { outcome: 'no_slots', rule: 'rule', message: 'none', facets: {} },
    observedAt: change.finishedAt,
    loads: 1,
    status: 200,
    finalUrl: `https://${change.host}/`,
    clockOffsetMs: 0,
    captures: [],
    withheld: null,
    fingerprint: null,
    errorCode: null,
    ...change,
  };
}

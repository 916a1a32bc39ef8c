import { plusDays } from '../../src/core/local-time.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { DayTally, StatCheck } from '../../src/core/tally.ts';

/** Numbers in [0, 1), the same for the same seed: simulations are drawn anew and stay the same (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const MONDAY = '2026-03-02';

export function tallyOf(at: number, outcomes: DayTally['outcomes'], change: Partial<DayTally> = {}): DayTally {
  const planned = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
  const day = plusDays(MONDAY, at);
  return {
    targetId: 'a',
    day,
    planned,
    outcomes,
    softBlocked: 0,
    others: 0,
    firstAt: null,
    lastAt: null,
    readers: null,
    ...change,
  };
}

let nextId = 0;

export function statCheck(at: number, outcome: Outcome, change: Partial<StatCheck> = {}): StatCheck {
  nextId += 1;
  return {
    id: nextId,
    targetId: 'a',
    at,
    startedAt: at - 1_000,
    outcome,
    isUniform: true,
    isReported: false,
    isSoftBlocked: false,
    firstDate: null,
    ...change,
  };
}

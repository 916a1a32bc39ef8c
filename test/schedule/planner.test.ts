import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { drawn } from '../../src/core/drawn.ts';
import { hostLoads, planAhead, planInterval, type PlanTarget } from '../../src/schedule/planner.ts';

const HALF_HOUR = 1_800_000;
const target: PlanTarget = { id: 'a', intervalMs: HALF_HOUR, spacingMs: 180_000 };

describe('planner', () => {
  test('the same seed draws the same plan, another seed another one', () => {
    assert.deepEqual(planInterval(target, 7, 'seed', -Infinity), planInterval(target, 7, 'seed', -Infinity));
    assert.notEqual(
      planInterval(target, 7, 'seed', -Infinity).plannedAt,
      planInterval(target, 7, 'other', -Infinity).plannedAt,
    );
  });

  test('instants are uniform over the interval (Kolmogorov-Smirnov over 4,000 draws, 1 in 1,000)', () => {
    const draws = Array.from({ length: 4_000 }, (_none, at) => drawn('seed', 'a', at)).toSorted((a, b) => a - b);
    const distance = Math.max(...draws.map((draw, at) => Math.abs(draw - (at + 0.5) / draws.length)));
    assert.ok(distance < 1.95 / Math.sqrt(draws.length), String(distance));
  });

  test('an instant lies in its interval, and at least the spacing after the one before', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1_000_000 }),
        fc.integer({ min: 180, max: 7_200 }),
        fc.string(),
        (first, seconds, seed) => {
          const some = { id: 'x', intervalMs: seconds * 1_000, spacingMs: 180_000 };
          const until = (first + 20) * some.intervalMs;
          const plans = planAhead(some, seed, undefined, { from: first * some.intervalMs, until });
          assert.equal(plans.length, 20);
          for (const [at, plan] of plans.entries()) {
            assert.ok(plan.plannedAt >= plan.intervalStart);
            const before = plans[at - 1];
            if (before !== undefined) assert.ok(plan.plannedAt - before.plannedAt >= 180_000);
            if (plan.design === 'uniform') assert.ok(plan.plannedAt < plan.intervalEnd);
          }
        },
      ),
    );
  });

  test('a moved instant does not count as uniform', () => {
    const plan = planInterval(target, 7, 'seed', 8 * HALF_HOUR);
    assert.equal(plan.design, 'opportunistic');
    assert.equal(plan.plannedAt, 8 * HALF_HOUR + 180_000);
  });

  test('a target that begins in the middle of an interval is planned in the rest of it', () => {
    const from = 10 * HALF_HOUR + HALF_HOUR * 0.99;
    const [first] = planAhead(target, 'seed', undefined, { from, until: from + 1 });
    assert.ok(first !== undefined && first.plannedAt >= from && first.plannedAt < 11 * HALF_HOUR);
    assert.equal(first.design, 'opportunistic');
  });

  test('planning goes on where it stopped, without a gap and without a double', () => {
    const early = planAhead(target, 'seed', undefined, { from: 0, until: 10 * HALF_HOUR });
    const last = early.at(-1);
    assert.ok(last !== undefined);
    const late = planAhead(target, 'seed', last, { from: 50 * HALF_HOUR, until: 60 * HALF_HOUR });
    assert.deepEqual(
      [...early, ...late].map((plan) => plan.intervalStart / HALF_HOUR),
      Array.from({ length: 60 }, (_none, at) => at),
    );
  });
});

describe('host loads', () => {
  const rules = { hostSpacingMs: 20_000, checksPerHostAndHour: 180 };

  test('500 procedures on one host at 20 s apart need 2 h 47: its interval is stretched, that of others is not', () => {
    const [big, small] = hostLoads(
      new Map([
        ['big', 500],
        ['small', 3],
      ]),
      HALF_HOUR,
      rules,
    );
    assert.equal(big?.neededMs, 10_000_000);
    assert.equal(big?.intervalMs, 167 * 60_000);
    assert.equal(small?.intervalMs, HALF_HOUR);
  });

  test('a smaller budget stretches further', () => {
    const [load] = hostLoads(new Map([['a', 60]]), HALF_HOUR, { hostSpacingMs: 20_000, checksPerHostAndHour: 30 });
    assert.equal(load?.intervalMs, 2 * 3_600_000);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { OUTCOMES, type Outcome } from '../../src/core/outcome.ts';
import { stand, type Standing, type Visit } from '../../src/core/standing.ts';
import { currentDrought, droughts } from '../../src/stats/drought.ts';
import { statCheck } from '../support/tallies.ts';

const HOUR = 3_600_000;
const INTERVAL = HOUR / 2;

function visits(...seen: readonly (readonly [hours: number, outcome: Outcome])[]): Visit[] {
  return seen.map(([hours, outcome], at) => {
    const startedAt = hours * HOUR;
    return { checkId: at + 1, startedAt, observedAt: startedAt + 500, finishedAt: startedAt + 1_000, outcome };
  });
}

function fold(seen: readonly Visit[], intervalMs = INTERVAL): Standing | null {
  return seen.reduce<Standing | null>((before, visit) => stand(before, visit, intervalMs), null);
}

describe('the standing of a target', () => {
  test('tells the last outcome since its first sight, and when something was last observed and slots last seen', () => {
    const standing = fold(visits([0, 'slots'], [1, 'no_slots'], [2, 'captcha'], [3, 'error'], [4, 'error']));
    assert.equal(standing?.outcome, 'error');
    assert.equal(standing.sinceAt, 3 * HOUR);
    assert.equal(standing.lastObservedAt, HOUR + 500);
    assert.equal(standing.lastSlotsAt, 500);
  });

  test('counts a drought over faults and gates, without them, and ends it with the first slots', () => {
    const dry = visits([0, 'no_slots'], [1, 'error'], [2, 'suspended'], [3, 'captcha'], [5, 'no_slots']);
    assert.deepEqual(fold(dry)?.drought, {
      fromAt: 500,
      lastAt: 5 * HOUR + 500,
      checks: 3,
      longestGapMs: 3 * HOUR,
    });
    assert.equal(fold([...dry, ...visits([6, 'slots'])])?.drought, null);
  });

  test('begins another drought after a day without a look; a target that is seldom looked at gets three intervals', () => {
    const apart = visits([0, 'no_slots'], [25, 'no_slots'], [26, 'no_slots']);
    assert.equal(fold(apart)?.drought?.fromAt, 25 * HOUR + 500);
    assert.equal(fold(apart, 12 * HOUR)?.drought?.fromAt, 500);
  });

  test('has no drought where nobody looked for slots', () => {
    assert.equal(fold(visits([0, 'operational'], [1, 'operational']))?.drought, null);
  });

  test('never counts a check that did not observe, whatever the order of outcomes', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OUTCOMES), { minLength: 1, maxLength: 40 }), (outcomes) => {
        const drought = fold(visits(...outcomes.map((outcome, at) => [at / 4, outcome] as const)))?.drought ?? null;
        const lastSlots = outcomes.lastIndexOf('slots');
        const dry = outcomes.filter((outcome) => ['no_slots', 'suspended'].includes(outcome));
        const since = outcomes.slice(lastSlots + 1).filter((outcome) => ['no_slots', 'suspended'].includes(outcome));
        assert.equal(drought?.checks ?? 0, since.length);
        assert.ok((drought?.checks ?? 0) <= dry.length);
      }),
    );
  });

  test('has the drought that the statistics have (S6), visit by visit', () => {
    const visit = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.constantFrom(...OUTCOMES));
    fc.assert(
      fc.property(fc.array(visit, { minLength: 1, maxLength: 40 }), (steps) => {
        let hours = 0;
        const seen = visits(...steps.map(([gap, outcome]) => [(hours += gap), outcome] as const));
        const checks = seen.map(({ startedAt, outcome }) => statCheck(startedAt + 500, outcome));
        const last = checks.findLast(({ outcome }) => ['slots', 'no_slots', 'suspended'].includes(outcome));
        const whole = currentDrought(droughts(checks, { intervalMs: INTERVAL, now: last?.at ?? 0 }));
        const folded = fold(seen)?.drought ?? null;
        assert.deepEqual(
          folded && { from: folded.fromAt, last: folded.lastAt, checks: folded.checks, gap: folded.longestGapMs },
          whole && { from: whole.firstAt, last: whole.lastAt, checks: whole.checks, gap: whole.longestGapMs },
        );
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { betterOf, clockInterval, leastOffsetMs, mayBeRight, middleOf } from '../../src/run/clock.ts';

const WORLD = Date.UTC(2026, 10, 23, 8, 0, 0, 250);

const around = (middle: number, width = 1_000) => ({ fromMs: middle - width / 2, toMs: middle + width / 2 });

describe('the interval in which our clock is off', () => {
  const exchange = fc.record({
    offsetMs: fc.integer({ min: -100_000, max: 100_000 }),
    phaseMs: fc.integer({ min: 0, max: 999 }),
    thereMs: fc.integer({ min: 0, max: 5_000 }),
    backMs: fc.integer({ min: 0, max: 5_000 }),
  });

  test('holds the truth, whatever the second began with and however long either way took', () => {
    fc.assert(
      fc.property(exchange, ({ offsetMs, phaseMs, thereMs, backMs }) => {
        const dated = WORLD + phaseMs;
        const interval = clockInterval({
          sentAt: dated - thereMs + offsetMs,
          receivedAt: dated + backMs + offsetMs,
          date: Math.floor(dated / 1_000) * 1_000,
        });
        assert.ok(interval !== null && interval.fromMs <= offsetMs && offsetMs <= interval.toMs);
        assert.ok(Math.abs(leastOffsetMs(interval)) <= Math.abs(offsetMs), 'never more than it is');
        assert.ok(Math.abs(offsetMs) > 2_000 || mayBeRight(interval), 'a clock within 2 s is never called wrong');
        const isSurelyWrong = Math.abs(offsetMs) > 3_000 + thereMs + backMs;
        assert.ok(!isSurelyWrong || !mayBeRight(interval), 'a clock that is surely wrong is called so');
      }),
    );
  });

  test('is one point nearest to zero, with its sign', () => {
    assert.deepEqual(
      [around(0), around(5_000), around(-5_000), around(500), around(-500)].map(leastOffsetMs),
      [0, 4_500, -4_500, 0, 0],
    );
  });

  test('is none when our clock was set back between question and answer', () => {
    assert.equal(clockInterval({ sentAt: WORLD, receivedAt: WORLD - 1, date: WORLD }), null);
  });

  test('of one host is that of its quickest answer', () => {
    const [sharp, blurred] = [around(900, 1_010), around(0, 5_000)];
    assert.deepEqual([betterOf(sharp, blurred), betterOf(blurred, sharp)], [sharp, sharp]);
    const stale = around(3_000, 1_010);
    assert.deepEqual([betterOf(stale, sharp), betterOf(sharp, stale)], [sharp, sharp]);
    assert.deepEqual(betterOf(blurred, around(4_000, 4_000)), around(4_000, 4_000));
  });

  test('of several hosts is the middle one; one that is wrong does not mislead, nor does one of two', () => {
    const [right, wrong] = [around(0), around(90_000)];
    for (const hosts of [
      [right],
      [right, wrong],
      [wrong, right],
      [wrong, right, right],
      [right, around(-90_000), wrong],
    ])
      assert.deepEqual(middleOf(hosts), right);
    assert.deepEqual(middleOf([right, wrong, wrong]), wrong);
    assert.equal(middleOf([]), null);
  });
});

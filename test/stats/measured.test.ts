import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { GROUPS, OUTCOMES, type Outcome } from '../../src/core/outcome.ts';
import type { DayTally } from '../../src/core/tally.ts';
import { areApart, mapState, measure, monthsOf, timelineOf } from '../../src/stats/measured.ts';
import { tallyOf } from '../support/tallies.ts';

const PLAIN = Array.from({ length: 30 }, (_, at) => tallyOf(at, { slots: 2, no_slots: 40, suspended: 6 }));

describe('S1 with S3 to S5', () => {
  test('suspended stands in the denominator; moved and operational do not', () => {
    const { share } = measure(
      PLAIN.map((tally) => ({ ...tally, outcomes: { ...tally.outcomes, moved: 5, operational: 5 } })),
    );
    assert.deepEqual([share.hits, share.checks], [60, 30 * 48]);
  });

  test('coverage is observed over planned, faults over observed and faults, gates over all three', () => {
    const { coverage, faults, gates } = measure([
      tallyOf(0, { no_slots: 6, error: 2, captcha: 2, unknown_page: 10 }, { planned: 24 }),
    ]);
    assert.deepEqual(coverage, { count: 6, of: 24, share: 0.25 });
    assert.deepEqual(faults, { count: 2, of: 8, share: 0.25 });
    assert.deepEqual(gates, { count: 2, of: 10, share: 0.2 });
  });

  test('a "no" that is not believed is in no denominator and lowers the coverage', () => {
    const blocked = PLAIN.map((tally, at) => (at < 15 ? { ...tally, outcomes: {}, softBlocked: 48 } : tally));
    const { share, coverage, softBlocked } = measure(blocked);
    assert.deepEqual([share.checks, coverage.share, softBlocked], [15 * 48, 0.5, 15 * 48]);
  });

  test('without a plan there is no coverage, and without a look no fault share: null, not 0', () => {
    const { coverage, faults, gates } = measure([]);
    assert.deepEqual([coverage.share, faults.share, gates.share], [null, null, null]);
  });
});

describe('S12, what a department is painted as', () => {
  const stateOf = (outcomes: DayTally['outcomes'], days = 30): string =>
    mapState(measure(Array.from({ length: days }, (_, at) => tallyOf(at, outcomes))));

  for (const [name, outcomes, days, expected] of [
    ['slots seen', { slots: 1, no_slots: 47 }, 30, 'share'],
    ['no slot seen', { no_slots: 48 }, 30, 'no_hits'],
    ['too few days', { no_slots: 48 }, 3, 'insufficient'],
    ['behind a captcha', { captcha: 48 }, 30, 'gate'],
    ['mostly behind a captcha', { captcha: 40, no_slots: 8 }, 30, 'gate'],
    ['faults only', { error: 48 }, 30, 'not_measured'],
    ['never looked at', {}, 0, 'not_measured'],
  ] as const) {
    test(`${name}: ${expected}`, () => assert.equal(stateOf(outcomes, days), expected));
  }

  test('shares are ranked only where their intervals do not overlap', () => {
    const shareWith = (slots: number) =>
      measure(Array.from({ length: 30 }, (_, at) => tallyOf(at, { slots, no_slots: 48 - slots }))).share;
    assert.equal(areApart(shareWith(2), shareWith(3)), false);
    assert.equal(areApart(shareWith(2), shareWith(20)), true);
    assert.equal(areApart(shareWith(0), shareWith(20)), true);
    assert.equal(areApart(shareWith(2), measure([]).share), false);
  });
});

test('the timeline has one bar a day, the trend one share a month', () => {
  const tallies = [...PLAIN, ...PLAIN.map((tally) => ({ ...tally, targetId: 'b' }))];
  const timeline = timelineOf(tallies);
  assert.equal(timeline.length, 30);
  assert.deepEqual([timeline[0]?.day, timeline[0]?.slots, timeline[0]?.noSlots], ['2026-03-02', 4, 80]);
  assert.deepEqual(
    monthsOf(tallies).map(({ month, share }) => [month, share.checks]),
    [['2026-03', 30 * 2 * 48]],
  );
});

describe('properties', () => {
  const outcomesIn = (known: readonly Outcome[]) =>
    fc.dictionary(fc.constantFrom(...known), fc.integer({ min: 0, max: 50 })) as fc.Arbitrary<DayTally['outcomes']>;
  const tallies = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 40 }), outcomes: outcomesIn(['slots', 'no_slots', 'suspended']) }),
    { minLength: 1, maxLength: 40 },
  );

  test('faults, gates and unmeasured checks never change the share', () => {
    const others = outcomesIn([...GROUPS.fault, ...GROUPS.gate, ...GROUPS.unmeasured, 'moved', 'operational']);
    fc.assert(
      fc.property(tallies, others, (days, added) => {
        const plain = days.map(({ at, outcomes }) => tallyOf(at, outcomes));
        const more = plain.map((tally) => ({ ...tally, outcomes: { ...tally.outcomes, ...added } }));
        assert.deepEqual(measure(more).share, measure(plain).share);
      }),
    );
  });

  test('what was not measured is never 0: no slot is said to be absent without a check that saw so', () => {
    const unseen = OUTCOMES.filter((outcome) => !['slots', 'no_slots', 'suspended'].includes(outcome));
    fc.assert(
      fc.property(fc.array(outcomesIn(unseen), { maxLength: 40 }), (days) => {
        const measured = measure(days.map((outcomes, at) => tallyOf(at, outcomes)));
        assert.equal(measured.share.kind, 'insufficient');
        assert.ok(['gate', 'not_measured'].includes(mapState(measured)));
      }),
    );
  });

  test('a target counted in two halves is the same as in one', () => {
    fc.assert(
      fc.property(tallies, tallies, (some, others) => {
        const [a, b] = [some, others].map((days) => days.map(({ at, outcomes }) => tallyOf(at, outcomes)));
        assert.ok(a !== undefined && b !== undefined);
        assert.deepEqual(measure([...a, ...b]), measure([...b, ...a]));
      }),
    );
  });
});

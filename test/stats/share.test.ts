import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { plusDays } from '../../src/core/local-time.ts';
import { proportion } from '../../src/stats/measured.ts';
import { studentQuantile } from '../../src/stats/quantiles.ts';
import type { Share } from '../../src/stats/results.ts';
import type { DayCount } from '../../src/stats/day-clusters.ts';
import { noHitsBound, shareOf, wilson } from '../../src/stats/share.ts';
import { batches, renewal, weekly, type Process } from '../support/processes.ts';
import { MONDAY, seeded } from '../support/tallies.ts';

const COVERED = proportion(95, 100);

/** Every day the same counts. */
function days(count: number, hits: number, checks: number): DayCount[] {
  return Array.from({ length: count }, (_, at) => ({ day: plusDays(MONDAY, at), hits, checks }));
}

const percent = (value: number): string => (100 * value).toFixed(value < 0.01 ? 2 : 1);

describe('reference values of S1', () => {
  test('0 of 2,253 checks: at most 0.16 %', () => assert.equal(percent(noHitsBound(2_253)), '0.16'));
  test('0 on 500 days: at most 0.74 %', () => assert.equal(percent(noHitsBound(500)), '0.74'));
  test('0 on 30 days: at most 11.6 %', () => assert.equal(percent(noHitsBound(30)), '11.6'));
  test('7 of 100: 3.4 to 13.7 %', () => {
    const { low, high } = wilson(0.07, 100);
    assert.deepEqual([percent(low), percent(high)], ['3.4', '13.7']);
  });

  test('the design effect is the variance between days over that of independent checks', () => {
    // By hand: D = 12, n = 480, p = 0.25; six days of 0.5 and six of 0 in turn, so neighbours never resemble each other.
    const counts = days(12, 0, 40).map((one, at) => ({ ...one, hits: at % 2 === 0 ? 20 : 0 }));
    const variance = ((12 / 11) * (12 * 10 ** 2)) / 480 ** 2;
    const found = shareOf(counts, COVERED);
    assert.equal(found.kind, 'share');
    assert.ok(Math.abs(found.designEffect - variance / ((0.25 * 0.75) / 480)) < 1e-9);
    assert.ok(Math.abs(found.effectiveChecks - 480 / found.designEffect) < 1e-9);
  });

  test('quantiles of Student are those of the tables', () => {
    for (const [degrees, expected] of [
      [2, 4.3027],
      [3, 3.1824],
      [4, 2.7764],
      [6, 2.4469],
      [9, 2.2622],
      [29, 2.0452],
      [1_000, 1.9623],
    ] as const) {
      assert.ok(Math.abs(studentQuantile(degrees) - expected) < 0.002, `${degrees}: ${studentQuantile(degrees)}`);
    }
  });
});

describe('what S1 prints', () => {
  test('without a hit there are two upper bounds and no interval', () => {
    const found = shareOf(days(30, 0, 48), COVERED);
    assert.equal(found.kind, 'no_hits');
    assert.deepEqual([percent(found.perCheckHigh), percent(found.perDayHigh)], ['0.26', '11.6']);
  });

  test('with a hit at every check there are two lower bounds', () => {
    const found = shareOf(days(30, 48, 48), COVERED);
    assert.equal(found.kind, 'all_hits');
    assert.deepEqual([percent(found.perCheckLow), percent(found.perDayLow)], ['99.7', '88.4']);
  });

  for (const [name, counts, coverage, missing] of [
    ['29 checks', days(15, 0, 1).concat(days(14, 0, 1)), COVERED, ['checks']],
    ['9 days', days(9, 1, 20), COVERED, ['days']],
    ['one week', days(7, 1, 20), COVERED, ['days', 'weeks']],
    ['79 % coverage', days(30, 1, 20), proportion(79, 100), ['coverage']],
    ['nothing planned', days(30, 1, 20), proportion(0, 0), ['coverage']],
    ['nothing at all', [], proportion(0, 0), ['checks', 'days', 'weeks', 'coverage']],
  ] as const) {
    test(`${name}: insufficient, with what is missing`, () => {
      const found = shareOf(counts, coverage);
      assert.equal(found.kind, 'insufficient');
      assert.deepEqual(
        found.missing.map(({ what }) => what),
        missing,
      );
      assert.ok(!('share' in found), 'a share that may not be printed is not there to be printed');
    });
  }

  test('30 checks on 10 days in 2 weeks with 80 % coverage are enough', () => {
    assert.equal(shareOf(days(10, 1, 3), proportion(80, 100)).kind, 'share');
  });
});

const HOUR = 1 / 24;
const MINUTE = HOUR / 60;

const RUNS = 2_000;
const CHECKS_A_DAY = 48;

interface Simulated {
  /** Per cent of the runs whose interval, or bound, holds the truth. */
  readonly covered: number;
  /** The same of those runs that saw slots and saw none: the others have no interval but the two bounds. */
  readonly ofIntervals: number;
  readonly mean: number;
}

/** Each interval of 30 minutes is checked once, at random. */
function simulated(process: Process, truth: number, span: number): Simulated {
  const draw = seeded(20_261_127);
  const names = Array.from({ length: span }, (_, day) => plusDays(MONDAY, day));
  let [covered, intervals, holding, sum] = [0, 0, 0, 0];
  for (let run = 0; run < RUNS; run += 1) {
    const isOpen = process(draw, span);
    const counts = names.map((day, at) => {
      let hits = 0;
      for (let slot = 0; slot < CHECKS_A_DAY; slot += 1) hits += Number(isOpen(at + (slot + draw()) / CHECKS_A_DAY));
      return { day, hits, checks: CHECKS_A_DAY };
    });
    const found = shareOf(counts, COVERED);
    const isHeld = holds(found, truth);
    sum += found.hits / found.checks;
    covered += Number(isHeld);
    intervals += Number(found.kind === 'share');
    holding += Number(found.kind === 'share' && isHeld);
  }
  return { covered: (100 * covered) / RUNS, ofIntervals: (100 * holding) / intervals, mean: sum / RUNS };
}

function holds(found: Share, truth: number): boolean {
  if (found.kind === 'share') return found.low <= truth && truth <= found.high;
  if (found.kind === 'no_hits') return truth <= found.perDayHigh;
  return found.kind === 'all_hits' && truth >= found.perDayLow;
}

const rare = (openDays: number, closedDays: number) =>
  [renewal(openDays, closedDays), openDays / (openDays + closedDays)] as const;

/** [what, process, share of the time, periods in days]. */
const IRREGULAR: readonly (readonly [string, readonly [Process, number], readonly number[]])[] = [
  ['two hours open in a day', rare(2 * HOUR, 22 * HOUR), [30, 60]],
  ['an hour open in three days', rare(HOUR, 71 * HOUR), [30, 90]],
  ['a quarter of the time', rare(6 * HOUR, 18 * HOUR), [30]],
  ['three hours open in a week', rare(3 * HOUR, 7 - 3 * HOUR), [30, 90, 365]],
  ['six hours open in three weeks', rare(6 * HOUR, 20), [30, 90]],
  ['a day open, four closed', rare(1, 4), [14, 30, 90]],
  ['two days open, five closed', rare(2, 5), [30]],
  ['open but for six hours in five days', rare(5 - 6 * HOUR, 6 * HOUR), [30, 90]],
  ['a batch on every second day', [batches(0.5, 2), 1 / 24], [30]],
  ['a batch on every fifth day', [batches(0.2, 1), 0.2 / 24], [30, 90]],
];

describe('slots that come and go irregularly: the interval holds the truth in 93 to 97 % of 2,000 runs', () => {
  for (const [name, [process, truth], spans] of IRREGULAR)
    for (const span of spans)
      test(`${name}, for ${span} days`, () => {
        const { covered, mean } = simulated(process, truth, span);
        assert.ok(covered >= 93 && covered <= 97, `${covered.toFixed(1)} %`);
        assert.ok(Math.abs(mean / truth - 1) < 0.05, `unbiased: ${mean} beside ${truth}`);
      });
});

describe('what is regular, or hardly ever seen, is held more often, and nowhere less', () => {
  for (const [name, [process, truth], span] of [
    ['ten minutes every week, at the same minute', [weekly(10 * MINUTE), (10 * MINUTE) / 7], 30],
    ['three hours every week, at the same minute', [weekly(3 * HOUR), (3 * HOUR) / 7], 30],
    ['two days every week, at the same minute', [weekly(2), 2 / 7], 30],
    ['ten minutes in a week', rare(10 * MINUTE, 7), 30],
    ['a day open in a month', rare(1, 30), 90],
    ['two days open, ten closed', rare(2, 10), 180],
    ['five days open, five closed', rare(5, 5), 90],
  ] as const)
    test(`${name}, for ${span} days`, () => {
      const { covered } = simulated(process, truth, span);
      assert.ok(covered >= 93, `${covered.toFixed(1)} %`);
    });
});

/** Slots stay for days and the period is short: of five days open and five closed, a month has three. */
describe('periods that are short beside what lasts', () => {
  for (const [name, [process, truth], span] of [
    ['two days open, ten closed', rare(2, 10), 30],
    ['five days open, five closed', rare(5, 5), 30],
    ['open but for three days in a month', rare(30, 3), 90],
  ] as const)
    test(`${name}, for ${span} days: where slots came and went, the interval holds the truth`, () => {
      const { ofIntervals } = simulated(process, truth, span);
      assert.ok(ofIntervals >= 93, `${ofIntervals.toFixed(1)} %`);
    });
});

describe('properties of S1', () => {
  const aDay = fc.record({
    at: fc.integer({ min: 0, max: 60 }),
    checks: fc.integer({ min: 0, max: 60 }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  const someDays = fc
    .array(aDay, { maxLength: 60 })
    .map((all) =>
      all.map(({ at, checks, part }) => ({ day: plusDays(MONDAY, at), checks, hits: Math.round(checks * part) })),
    );

  test('the order of days does not matter, to the last digit', () => {
    fc.assert(
      fc.property(someDays, fc.integer(), (counts, seed) => {
        const draw = seeded(seed);
        const shuffled = counts.map((one) => ({ one, at: draw() })).toSorted((a, b) => a.at - b.at);
        assert.deepEqual(
          shareOf(
            shuffled.map(({ one }) => one),
            COVERED,
          ),
          shareOf(counts, COVERED),
        );
      }),
    );
  });

  test('a share lies within its interval, and the interval within 0 and 1', () => {
    fc.assert(
      fc.property(someDays, (counts) => {
        const found = shareOf(counts, COVERED);
        if (found.kind !== 'share') return;
        assert.ok(0 <= found.low && found.low <= found.share && found.share <= found.high && found.high <= 1);
        assert.ok(found.designEffect >= 1 && found.effectiveChecks <= found.checks);
      }),
    );
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { LocalTime } from '../../src/core/local-time.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { StatCheck } from '../../src/core/tally.ts';
import { attemptProfile } from '../../src/stats/attempts.ts';
import { currentDrought, droughts, longestDrought, publicDrought } from '../../src/stats/drought.ts';
import { exhaustion, openingBounds } from '../../src/stats/exhaustion.ts';
import { leadTime } from '../../src/stats/lead-time.ts';
import { chanceToSee, releaseEvents, releaseHistogram } from '../../src/stats/releases.ts';
import { statCheck } from '../support/tallies.ts';

const PARIS = new LocalTime('Europe/Paris');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const HALF = HOUR / 2;
/** A Monday, 08:00 in Paris. */
const START = Date.parse('2026-03-02T07:00:00Z');

/** One letter a check, half an hour apart: y slots, n no slots, f fault, g gate, s suspended, - no check. */
const LETTERS: Readonly<Record<string, Outcome>> = {
  y: 'slots',
  n: 'no_slots',
  f: 'error',
  g: 'captcha',
  s: 'suspended',
};
function series(letters: string, from = START): StatCheck[] {
  return letters.split('').flatMap((letter, at) => {
    const outcome = LETTERS[letter];
    return outcome === undefined ? [] : [statCheck(from + at * HALF, outcome)];
  });
}

describe('S6, the drought', () => {
  const runs = (letters: string, now = START + letters.length * HALF) =>
    droughts(series(letters), { intervalMs: HALF, now });

  test('runs from one sight of slots to the next, over faults and gates; suspended is no slot', () => {
    const found = runs('nnynfgsnny');
    assert.deepEqual(
      found.map(({ checks, begins, ends }) => [checks, begins.by, ends.by]),
      [
        [2, 'start', 'slots'],
        [4, 'slots', 'slots'],
      ],
    );
    assert.equal(found[1]?.longestGapMs, 3 * HALF);
    assert.equal(longestDrought(found), found[1]);
    assert.equal(currentDrought(found), null);
  });

  test('the last run lasts while the last check is recent', () => {
    const found = runs('ynnn');
    assert.deepEqual([currentDrought(found)?.checks, currentDrought(found)?.ends.by], [3, 'now']);
    assert.equal(currentDrought(runs('ynnn', START + 3 * DAY)), null);
  });

  test('a gap longer than 24 h breaks it; of three intervals where that is more', () => {
    const checks = [...series('nn'), ...series('nn', START + 26 * HOUR)];
    const both = (intervalMs: number) =>
      droughts(checks, { intervalMs, now: START + 27 * HOUR }).map(({ checks: count, begins, ends }) => [
        count,
        begins.by,
        ends.by,
      ]);
    assert.deepEqual(both(HALF), [
      [2, 'start', 'gap'],
      [2, 'gap', 'now'],
    ]);
    assert.deepEqual(both(10 * HOUR), [[4, 'start', 'now']]);
  });

  test('a "no" that is not believed and a reading by a person are no part of it', () => {
    const checks = [
      ...series('nn'),
      statCheck(START + DAY / 2, 'no_slots', { isSoftBlocked: true }),
      statCheck(START + DAY / 2, 'slots', { isReported: true }),
    ];
    assert.deepEqual(
      droughts(checks, { intervalMs: HALF, now: START + DAY / 2 }).map(({ checks: count }) => count),
      [2],
    );
  });

  test('the public sees days, and no instant of a release', () => {
    const shown = publicDrought(runs('ynnny')[0] ?? null);
    assert.deepEqual(shown, {
      checks: 3,
      firstDay: '2026-03-02',
      lastDay: '2026-03-02',
      spanDays: 1,
      longestGapMs: HALF,
      begins: 'slots',
      ends: 'slots',
    });
  });

  test('the order in which checks come does not matter', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('y', 'n', 'f', '-'), maxLength: 80 }), (letters) => {
        const checks = series(letters);
        const rules = { intervalMs: HALF, now: START + 80 * HALF };
        assert.deepEqual(droughts(checks.toReversed(), rules), droughts(checks, rules));
      }),
    );
  });
});

describe('S7, releases', () => {
  test('a release is a "no" and then slots, with nothing observed between; a fault between is nothing observed', () => {
    assert.deepEqual(releaseEvents(series('nyynfysyn')), [
      { after: START, by: START + HALF },
      { after: START + 3 * HALF, by: START + 5 * HALF },
    ]);
  });

  /** Every day of some weeks: a "no" at 09:40 and slots at 10:10, Paris. */
  const daily = (days: number, firstMinute = 40): StatCheck[] =>
    Array.from({ length: days }, (_, day) => {
      const nine = PARIS.startOf('2026-03-02') + day * DAY + 9 * HOUR;
      return [statCheck(nine + firstMinute * 60_000, 'no_slots'), statCheck(nine + 70 * 60_000, 'slots')];
    }).flat();

  test('each event is spread over its bounds and divided by the hours in which it could be seen', () => {
    // The clock change of 29 March is kept out: 21 days from 2 March.
    const found = releaseHistogram(daily(21), PARIS, START + 80 * DAY);
    assert.equal(found.kind, 'histogram');
    assert.deepEqual([found.events, found.undated], [21, 0]);
    // Three Mondays: 20 of 30 minutes lie in the hour of nine.
    assert.ok(Math.abs((found.exposureHours[0]?.[9] ?? 0) - 3 * (20 / 60)) < 1e-9);
    assert.ok(Math.abs((found.rates[0]?.[9] ?? 0) - (3 * (20 / 30)) / (3 * (20 / 60))) < 1e-9);
    assert.equal(found.rates[0]?.[11], null, 'where nobody looked there is no rate');
  });

  test('what is younger than 30 days leaves no trace in it (C13)', () => {
    const now = START + 60 * DAY;
    const old = daily(25);
    const young = [...series('nynyny', now - 29 * DAY)];
    assert.deepEqual(releaseHistogram([...old, ...young], PARIS, now), releaseHistogram(old, PARIS, now));
    assert.notDeepEqual(
      releaseHistogram([...old, ...series('nynyny', now - 33 * DAY)], PARIS, now),
      releaseHistogram(old, PARIS, now),
    );
  });

  test('events that are known to no better than an hour are counted, not placed; 19 are too few', () => {
    const now = START + 80 * DAY;
    const wide = releaseHistogram(daily(25, -10), PARIS, now);
    assert.deepEqual([wide.kind, wide.events, wide.undated], ['insufficient', 0, 25]);
    assert.equal(releaseHistogram(daily(19), PARIS, now).kind, 'insufficient');
    assert.equal(releaseHistogram(daily(20), PARIS, now).kind, 'histogram');
  });

  test('overseas, hours are those of the place', () => {
    const cayenne = releaseHistogram(daily(21), new LocalTime('America/Cayenne'), START + 80 * DAY);
    assert.equal(cayenne.kind, 'histogram');
    assert.ok((cayenne.rates[0]?.[5] ?? 0) > 0, 'nine in Paris is five in Cayenne');
  });
});

test('S9: one minute open is seen by an hourly check 1.7 % of the time, by half-hourly ones 3 %, by one each 3 minutes 33 %', () => {
  const shown = [60, 30, 3].map((minutes) => (100 * chanceToSee(60_000, minutes * 60_000)).toFixed(1));
  assert.deepEqual(shown, ['1.7', '3.3', '33.3']);
  assert.equal(chanceToSee(2 * HOUR, HOUR), 1);
});

describe('S8, time to exhaustion', () => {
  test('an opening lies between two bounds; without a check before or after it the upper one is open', () => {
    assert.deepEqual(openingBounds(series('nyyn'), HALF), [{ lowMs: HALF, highMs: 3 * HALF }]);
    assert.deepEqual(openingBounds(series('yyn'), HALF), [{ lowMs: HALF, highMs: null }]);
    assert.deepEqual(openingBounds(series('nfyfyfs'), HALF), [{ lowMs: 2 * HALF, highMs: 6 * HALF }]);
    assert.deepEqual(openingBounds([...series('ny'), ...series('yn', START + 2 * DAY)], HALF), [
      { lowMs: 0, highMs: null },
      { lowMs: 0, highMs: null },
    ]);
  });

  test('medians of both bounds, of five openings or more', () => {
    assert.deepEqual(exhaustion(series('nynynynyn'), HALF).kind, 'insufficient');
    assert.deepEqual(exhaustion(series('nynynyynynyn'), HALF), {
      kind: 'bounds',
      openings: 5,
      medianLowMs: 0,
      medianHighMs: 2 * HALF,
    });
  });
});

test('S10: days from the observation in Paris to the first date, of uniform checks', () => {
  const late = Date.parse('2026-03-02T23:30:00Z');
  const checks = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((days) =>
    statCheck(late, 'slots', { firstDate: new Date(Date.parse('2026-03-03') + days * DAY).toISOString().slice(0, 10) }),
  );
  const found = leadTime([
    ...checks,
    statCheck(late, 'slots', { firstDate: '2027-01-01', isUniform: false }),
    statCheck(late, 'no_slots'),
  ]);
  assert.deepEqual(found, {
    kind: 'lead_time',
    checks: 10,
    medianDays: 55,
    quartileLowDays: 32.5,
    quartileHighDays: 77.5,
    over31: 0.7,
    over61: 0.4,
    over90: 0.1,
  });
  assert.equal(leadTime(checks.slice(1)).kind, 'insufficient');
});

test('S2: what was looked at, also behind a gate; not what was skipped or failed on our side', () => {
  const checks = [
    ...series('nyfg'),
    statCheck(START + 9 * DAY, 'no_slots', { isUniform: false }),
    statCheck(START + 3 * HOUR, 'skipped'),
    statCheck(START + 3 * HOUR, 'monitor_error'),
    statCheck(START + 3 * HOUR, 'slots', { isReported: true }),
  ];
  const profile = attemptProfile(checks, PARIS);
  assert.deepEqual([profile.checks, profile.days, profile.weeks], [5, 2, 2]);
  assert.deepEqual([profile.firstAt, profile.lastAt], [START, START + 9 * DAY]);
  assert.equal(profile.longestGapMs, 9 * DAY - 3 * HALF);
  assert.deepEqual([profile.byHour[7], profile.byHour[8], profile.byHour[9]], [0, 3, 2]);
  assert.equal(attemptProfile([], PARIS).longestGapMs, null);
});

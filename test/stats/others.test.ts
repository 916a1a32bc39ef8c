import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isoWeekOf, LocalTime, plusDays, weekdayOf } from '../../src/core/local-time.ts';
import { pairLooks, type Look } from '../../src/core/agreement.ts';
import { agreement } from '../../src/stats/agreement.ts';
import { difference, type HourCount } from '../../src/stats/compare.ts';
import { alertLatency } from '../../src/stats/latency.ts';
import { added, timesOf, uptimeOf } from '../../src/stats/uptime.ts';
import { renewal } from '../support/processes.ts';
import { MONDAY, seeded, statCheck } from '../support/tallies.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-03-02T07:00:00Z');

describe('local days', () => {
  test('days of clock changes have 23 and 25 hours', () => {
    const paris = new LocalTime('Europe/Paris');
    const hours = (day: string): number => (paris.endOf(day) - paris.startOf(day)) / HOUR;
    assert.deepEqual([hours('2026-03-28'), hours('2026-03-29'), hours('2026-10-25')], [24, 23, 25]);
    assert.equal(paris.dayOf(Date.parse('2026-03-28T23:00:00Z')), '2026-03-29');
    assert.deepEqual(
      [paris.hourOf(Date.parse('2026-03-29T00:59:00Z')), paris.hourOf(Date.parse('2026-03-29T01:00:00Z'))],
      [1, 3],
    );
  });

  test('zones west and east of Paris, and one of half an hour', () => {
    const at = Date.parse('2026-01-01T02:30:00Z');
    const seen = ['America/Cayenne', 'Pacific/Noumea', 'Pacific/Marquesas'].map((zone) => {
      const place = new LocalTime(zone);
      return [place.dayOf(at), place.hourOf(at), place.weekdayOf(at)];
    });
    assert.deepEqual(seen, [
      ['2025-12-31', 23, 2],
      ['2026-01-01', 13, 3],
      ['2025-12-31', 17, 2],
    ]);
  });

  test('weeks are ISO weeks: Monday begins them, also over New Year', () => {
    assert.deepEqual([weekdayOf(MONDAY), weekdayOf('2026-03-08')], [0, 6]);
    assert.equal(isoWeekOf('2026-01-04'), '2025-12-29');
    assert.equal(isoWeekOf('2026-01-05'), '2026-01-05');
  });
});

describe('S11, before and after', () => {
  /** Every hour of so many days, with a chance of slots. */
  function counts(
    days: number,
    chance: (hour: number, weekday: number) => number,
    seed: number,
    isLooked = (_hour: number) => true,
  ): HourCount[] {
    const draw = seeded(seed);
    return Array.from({ length: days * 24 }, (_, at) => {
      const day = plusDays(MONDAY, Math.floor(at / 24));
      const hour = at % 24;
      const checks = isLooked(hour) ? 2 : 0;
      let hits = 0;
      for (let check = 0; check < checks; check += 1) hits += Number(draw() < chance(hour, weekdayOf(day)));
      return { day, weekday: weekdayOf(day), hour, hits, checks };
    });
  }

  test('the interval holds the true difference in about 95 of 100 comparisons, and zero where nothing changed', () => {
    let [held, heldZero] = [0, 0];
    for (let run = 0; run < 100; run += 1) {
      const before = counts(35, () => 0.1, run + 1);
      const found = difference(
        before,
        counts(35, () => 0.2, run + 5_001),
      );
      const same = difference(
        before,
        counts(35, () => 0.1, run + 9_001),
      );
      assert.ok(found.kind === 'difference' && same.kind === 'difference');
      held += Number(found.low <= 0.1 && 0.1 <= found.high);
      heldZero += Number(same.low <= 0 && 0 <= same.high);
    }
    assert.ok(held >= 88 && heldZero >= 88, `${held} and ${heldZero}`);
  });

  test('where slots stay for days and nothing changed, zero is in the interval of at least 90 of 100 comparisons', () => {
    const draw = seeded(7);
    /** Two days open, five closed; a look every two hours. */
    const month = (): HourCount[] => {
      const isOpen = renewal(2, 5)(draw, 28);
      return Array.from({ length: 28 * 12 }, (_, at) => {
        const day = plusDays(MONDAY, Math.floor(at / 12));
        return { day, weekday: weekdayOf(day), hour: 2 * (at % 12), hits: Number(isOpen(at / 12)), checks: 1 };
      });
    };
    let held = 0;
    for (let run = 0; run < 100; run += 1) {
      const found = difference(month(), month());
      assert.ok(found.kind === 'difference' && found.low >= -1 && found.high <= 1);
      held += Number(found.low <= 0 && 0 <= found.high);
    }
    assert.ok(held >= 90, `${held}`);
  });

  test('to look at other hours is no difference: hours of the week are weighted in the same way', () => {
    const byHour = (hour: number): number => (hour < 12 ? 0 : 1);
    const mornings = counts(28, byHour, 1, (hour) => hour < 18);
    const afternoons = counts(28, byHour, 2, (hour) => hour >= 6);
    assert.deepEqual(difference(mornings, afternoons), { kind: 'difference', difference: 0, low: 0, high: 0 });
  });

  test('less than four weeks on a side is insufficient, and says which side', () => {
    const found = difference(
      counts(27, () => 0.1, 1),
      counts(28, () => 0.1, 2),
    );
    assert.deepEqual(found, { kind: 'insufficient', missing: [{ what: 'days', have: 27, need: 28, side: 'before' }] });
  });

  test('one question has one answer', () => {
    const [before, after] = [counts(28, () => 0.1, 1), counts(28, () => 0.3, 2)];
    assert.deepEqual(difference(before, after), difference(before.toReversed(), after.toReversed()));
  });
});

describe('uptime', () => {
  const span = { from: START, to: START + 10 * HOUR };
  const at = (hours: number, outcome: Parameters<typeof statCheck>[1]) => statCheck(START + hours * HOUR, outcome);

  test('time belongs half to each neighbour; maintenance is down and shown apart; gates are unmeasured', () => {
    const checks = [at(0, 'operational'), at(2, 'operational'), at(4, 'error'), at(6, 'maintenance'), at(8, 'captcha')];
    const times = timesOf(checks, HOUR, span);
    assert.deepEqual(times, { up: 3 * HOUR, down: 2 * HOUR, maintenance: 2 * HOUR, unmeasured: 3 * HOUR, checks: 4 });
  });

  test('days add up to what the whole is, to the last digit', () => {
    const checks = Array.from({ length: 200 }, (_, index) =>
      at(index / 4 + (index % 7) / 40, index % 11 === 3 ? 'error' : index % 13 === 5 ? 'captcha' : 'operational'),
    );
    const parts = [0, 7, 24, 31, 48].map((from, index, all) => ({
      from: START + from * HOUR,
      to: START + (all[index + 1] ?? 50) * HOUR,
    }));
    const whole = timesOf(checks, HOUR / 4, { from: START, to: START + 50 * HOUR });
    assert.deepEqual(added(parts.map((part) => timesOf(checks, HOUR / 4, part))), whole);
  });

  test('a long time without a check is not measured, and neither is what lies before and after', () => {
    const times = timesOf([at(2, 'operational'), at(3, 'operational'), at(9, 'operational')], HOUR / 2, span);
    assert.deepEqual([times.up, times.unmeasured], [HOUR, 9 * HOUR]);
  });

  test('30 checks are needed; the order does not matter', () => {
    const checks = Array.from({ length: 41 }, (_, index) =>
      at(index / 4, index % 10 === 5 ? 'overloaded' : 'operational'),
    );
    const found = uptimeOf([timesOf(checks.toReversed(), HOUR / 4, span)]);
    assert.equal(found.kind, 'uptime');
    // Four quarters of an hour of forty: the visit at the very end of the span tells of its last minutes.
    assert.equal(found.share, 0.9);
    assert.equal(uptimeOf([timesOf(checks.slice(0, 20), HOUR / 4, span)]).kind, 'insufficient');
    assert.equal(uptimeOf([timesOf([], HOUR, span)]).kind, 'insufficient');
  });
});

test('S13: a word is set beside what was asked about, else beside our nearest within a quarter of an hour', () => {
  let checkId = 0;
  const look = (minutes: number, outcome: Look['outcome'], by = 'home', change: Partial<Look> = {}): Look => {
    checkId += 1;
    return { checkId, targetId: 'a', at: START + minutes * 60_000, outcome, by, pairedCheckId: null, ...change };
  };
  const [first, second] = [look(0, 'slots'), look(20, 'no_slots')];
  const words = [
    look(5, 'slots', 'person'),
    look(18, 'slots', 'person'),
    look(21, 'suspended', 'person'),
    look(61, 'slots', 'person'),
    look(5, 'no_slots', 'person', { targetId: 'b' }),
    look(50, 'no_slots', 'person', { pairedCheckId: first.checkId }),
    look(16, 'suspended', 'person', { pairedCheckId: 999 }),
  ];
  const pairs = pairLooks([first, second], words);
  assert.deepEqual(
    pairs.map(({ own, other }) => [other.checkId, own.checkId]),
    [
      [words[0]?.checkId, first.checkId],
      [words[1]?.checkId, second.checkId],
      [words[2]?.checkId, second.checkId],
      [words[5]?.checkId, first.checkId],
      [words[6]?.checkId, second.checkId],
    ],
  );
  const apart = { targetId: 'a', day: '2026-03-02', by: 'person' } as const;
  assert.deepEqual(agreement(pairs), {
    pairs: 5,
    share: 3 / 5,
    disagreements: [
      { ...apart, ours: 'no_slots', theirs: 'slots' },
      { ...apart, ours: 'slots', theirs: 'no_slots' },
    ],
  });
  assert.deepEqual(agreement([]), { pairs: 0, share: null, disagreements: [] });
});

test('S14: delays are of messages on what was seen, the success rate of test messages', () => {
  const ended = [
    { channel: 'email', kind: 'canary', result: 'sent', count: 9 },
    { channel: 'email', kind: 'canary', result: 'dead', count: 1 },
    { channel: 'email', kind: 'slots', result: 'dead', count: 7 },
  ];
  const accepted = [1_000, 3_000, 2_000].map((delay) => ({
    channel: 'email',
    kind: 'slots',
    observedAt: START,
    acceptedAt: START + delay,
  }));
  const canary = { channel: 'email', kind: 'canary', observedAt: START, acceptedAt: START + 90_000 };
  assert.deepEqual(alertLatency(ended, [...accepted, canary]), [
    { channel: 'email', accepted: 3, medianMs: 2_000, p95Ms: 3_000, tests: { count: 9, of: 10, share: 0.9 } },
  ]);
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { openWindow, type InstantRules } from '../../src/assist/instants.ts';
import { offersOf, reaches, shareOf, type QueueEntry } from '../../src/assist/queue.ts';
import { spotsOf } from '../../src/assist/spot-checks.ts';
import { HOUR, START, targetNamed } from '../support/checks.ts';

const DAY = 24 * HOUR;
/** No window is ever open: what is left decides. */
const CLOSED: InstantRules = { seed: 'x', intervalMs: 10_000 * DAY, windowMs: 1 };
const RULES = { instants: CLOSED, spacingMs: 180_000 };

function entry(id: string, change: Partial<QueueEntry['facts']> & Partial<Omit<QueueEntry, 'facts'>> = {}): QueueEntry {
  const { subscribers = 0, isTaken = false, hostFreeAt = 0, target = targetNamed(id), ...facts } = change;
  const known = {
    targetId: id,
    lastAutomatic: 'captcha',
    lastVisitAt: 0,
    seenAt: [],
    answeredAt: [],
    ...facts,
  } as const;
  return { target, facts: known, subscribers, isTaken, hostFreeAt };
}

/** Seen at many hours of many weeks up to some days ago: nothing but its age speaks for it. */
const wellRead = (daysAgo: number): number[] =>
  Array.from({ length: 40 }, (_empty, at) => START - daysAgo * DAY - at * 17 * HOUR).toReversed();

const order = (entries: readonly QueueEntry[], rules = RULES, now = START): string[] =>
  offersOf(entries, rules, now).map(({ target }) => target.id);

describe('what is most worth reading', () => {
  test('the oldest reading first, what was never read before all', () => {
    const entries = [
      entry('yesterday', { seenAt: wellRead(1) }),
      entry('never'),
      entry('last-week', { seenAt: wellRead(7) }),
    ];
    assert.deepEqual(order(entries), ['never', 'last-week', 'yesterday']);
  });

  test('where people wait for news before where nobody does', () => {
    const entries = [entry('quiet', { seenAt: wellRead(2) }), entry('asked', { seenAt: wellRead(2), subscribers: 3 })];
    assert.deepEqual(order(entries), ['asked', 'quiet']);
  });

  test('read in one week only comes before read in several (the weeks that a court asks for)', () => {
    const oneWeek = [START - 2 * DAY - HOUR, START - 2 * DAY];
    const offers = offersOf([entry('many', { seenAt: wellRead(2) }), entry('one', { seenAt: oneWeek })], RULES, START);
    assert.deepEqual(
      offers.map(({ target }) => target.id),
      ['one', 'many'],
    );
    assert.ok(offers[0]?.reasons.includes('weeks') && !offers[1]?.reasons.includes('weeks'));
  });

  test('on another day, and at another hour, before what was read at the same ones, until there are several', () => {
    const at = (days: readonly number[], hours: number) =>
      days
        .flatMap((day) => [0, 7, 14].map((week) => START - (day + week) * DAY - hours * HOUR))
        .toSorted((a, b) => a - b);
    const sameDay = entry('today', { seenAt: [...at([2], 3), START] });
    const otherDay = entry('another-day', { seenAt: at([2], 0) });
    const otherHour = entry('another-hour', { seenAt: at([2], 3) });
    const enough = entry('enough', {
      seenAt: at([2, 3, 4, 5], 0)
        .concat(at([2, 3, 4, 5], 1), at([2], 2), at([2], 4))
        .toSorted((a, b) => a - b),
    });
    const reasons = new Map(
      offersOf([sameDay, otherDay, otherHour, enough], RULES, START).map((offer) => [offer.target.id, offer.reasons]),
    );
    assert.deepEqual(reasons.get('today'), []);
    assert.deepEqual(reasons.get('another-day'), ['days']);
    assert.deepEqual(reasons.get('another-hour'), ['days', 'hours']);
    assert.deepEqual(reasons.get('enough'), []);
    assert.deepEqual(order([sameDay, enough, otherDay, otherHour]), ['another-hour', 'another-day', 'enough', 'today']);
  });

  test('an open random instant before everything else', () => {
    const always: InstantRules = { seed: 'x', intervalMs: DAY, windowMs: 2 * DAY };
    const [first, second] = offersOf([entry('never')], { instants: always, spacingMs: 0 }, START);
    assert.equal(second, undefined);
    assert.ok(first?.reasons.includes('window') && first.windowUntil !== null && first.windowUntil > START);
  });

  test('what somebody has open comes last, and what must wait after what need not', () => {
    const entries = [
      entry('taken', { isTaken: true }),
      entry('waits', { lastVisitAt: START - 1_000 }),
      entry('free'),
      entry('paused', { hostFreeAt: START + HOUR }),
    ];
    assert.deepEqual(order(entries), ['free', 'waits', 'paused', 'taken']);
    const waits = offersOf(entries, RULES, START).find(({ target }) => target.id === 'waits');
    assert.equal(waits?.freeAt, START + 179_000);
  });

  test('several people see different targets first, and nobody loses one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 6 }), (targets, people) => {
        const offers = offersOf(
          Array.from({ length: targets }, (_empty, at) => entry(`t${at}`)),
          RULES,
          START,
        );
        const shares = Array.from({ length: people }, (_empty, place) => shareOf(offers, place, people));
        for (const share of shares)
          assert.deepEqual(
            new Set(share.map(({ target }) => target.id)),
            new Set(offers.map(({ target }) => target.id)),
          );
        const firsts = shares.slice(0, targets).map((share) => share[0]?.target.id);
        assert.equal(new Set(firsts).size, Math.min(people, targets));
      }),
    );
  });

  test('an invitation for a department or a target reaches no other', () => {
    const target = { ...targetNamed('bobigny'), department: '93' };
    assert.equal(reaches({ departments: [], targets: [] }, target), true);
    assert.equal(reaches({ departments: ['93'], targets: [] }, target), true);
    assert.equal(reaches({ departments: ['75'], targets: [] }, target), false);
    assert.equal(reaches({ departments: ['75'], targets: ['bobigny'] }, target), true);
    assert.equal(reaches({ departments: [], targets: ['other'] }, target), false);
  });
});

describe('random instants', () => {
  const rules: InstantRules = { seed: 'seed', intervalMs: 8 * HOUR, windowMs: 45 * 60_000 };

  test('lie one in each interval, spread evenly over it, and are open for their window only', () => {
    const places: number[] = [];
    for (let index = 0; index < 400; index += 1) {
      const start = Math.ceil(START / rules.intervalMs) * rules.intervalMs + index * rules.intervalMs;
      const seen = new Set<number>();
      for (let at = start; at < start + rules.intervalMs + rules.windowMs; at += 5 * 60_000) {
        const window = openWindow(rules, 'target', at, []);
        if (window === null) continue;
        assert.ok(window.plannedAt <= at && at < window.until && window.until === window.plannedAt + rules.windowMs);
        if (window.plannedAt >= start && window.plannedAt < start + rules.intervalMs) seen.add(window.plannedAt);
      }
      assert.equal(seen.size, 1, `interval ${index}`);
      places.push(([...seen][0]! - start) / rules.intervalMs);
    }
    const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
    assert.ok(Math.abs(mean - 0.5) < 0.05, `mean ${mean}`);
  });

  test('one that was answered is closed', () => {
    const always: InstantRules = { seed: 'seed', intervalMs: 8 * HOUR, windowMs: 8 * HOUR };
    const first = openWindow(always, 'target', START, []);
    assert.ok(first !== null);
    assert.notEqual(openWindow(always, 'target', START, [first.plannedAt])?.plannedAt, first.plannedAt);
  });

  test('two targets have theirs at different times', () => {
    const at = (id: string): number[] =>
      Array.from({ length: 200 }, (_empty, step) => openWindow(rules, id, START + step * HOUR, [])?.plannedAt ?? 0);
    assert.notDeepEqual(at('a'), at('b'));
  });
});

describe('spot checks', () => {
  const candidates = Array.from({ length: 2_000 }, (_empty, at) => ({ checkId: at, targetId: 't', observedAt: START }));
  test('take about one in N, always the same ones, and none for 0', () => {
    const found = spotsOf(candidates, { seed: 's', oneIn: 20 });
    assert.ok(found.length > 70 && found.length < 130, String(found.length));
    assert.deepEqual(spotsOf(candidates, { seed: 's', oneIn: 20 }), found);
    assert.deepEqual(spotsOf(candidates, { seed: 's', oneIn: 0 }), []);
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import type { Check } from '../../src/core/check.ts';
import { NO_EPISODES } from '../../src/core/episode.ts';
import type { Before, HostPast } from '../../src/core/follow-up.ts';
import { OUTCOMES, type Outcome } from '../../src/core/outcome.ts';
import { followUps } from '../../src/decide/follow.ts';
import { checkOf, HOUR, START } from '../support/checks.ts';

const SPACING = 180_000;
const QUIET: HostPast = { neighbours: [], controlSlotsAt: null, isMarked: false, lastMarkFromAt: null, noPages: [] };

function past(change: Partial<Before> = {}): Before {
  return {
    previous: 'no_slots',
    lastLinks: null,
    targetOutcomes: [],
    hostVisits: [],
    intervalMs: HOUR / 2,
    outages: [],
    fingerprints: [],
    host: QUIET,
    episodes: NO_EPISODES,
    plannedAt: [],
    ...change,
  };
}

const decide = followUps({ spacingMs: SPACING });
const kinds = (before: Before, check: Check): string[] => decide(before, check).events.map(({ kind }) => kind);
const seen = (outcome: Outcome, change: Partial<Check> = {}): Check => checkOf('a', START, outcome, change);

describe('a first sight of slots', () => {
  const { finishedAt } = seen('slots');

  test('is looked at again after a minute, and never within the spacing of its target', () => {
    assert.equal(decide(past(), seen('slots')).confirmAt, finishedAt + SPACING);
    assert.equal(followUps({ spacingMs: 0 })(past(), seen('slots')).confirmAt, finishedAt + 60_000);
  });

  test('is not confirmed twice, nor by a one-shot command, nor after a confirmation', () => {
    assert.equal(decide(past({ previous: 'slots' }), seen('slots')).confirmAt, null);
    assert.equal(followUps()(past(), seen('slots')).confirmAt, null);
    assert.equal(decide(past(), seen('slots', { mode: 'confirmation' })).confirmAt, null);
    assert.equal(decide(past(), seen('no_slots')).confirmAt, null);
  });

  test('needs no visit of its own when a scheduled check comes about then', () => {
    const confirmAt = (plannedAt: number): number | null =>
      decide(past({ plannedAt: [plannedAt] }), seen('slots')).confirmAt;
    for (const after of [1_000, 60_000, SPACING, 2 * SPACING])
      assert.equal(confirmAt(finishedAt + after), null, `${after}`);
    assert.equal(confirmAt(finishedAt + 2 * SPACING + 1), finishedAt + SPACING);
  });

  test('whatever is planned, a confirmation keeps a minute and the spacing', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.array(fc.nat(4_000_000)), (spacingMs, offsets) => {
        const plannedAt = offsets.map((offset) => START + offset);
        const { confirmAt } = followUps({ spacingMs })(past({ plannedAt }), seen('slots'));
        assert.ok(confirmAt === null || confirmAt - finishedAt >= Math.max(60_000, spacingMs));
      }),
    );
  });
});

describe('drift', () => {
  const shown = (fingerprint: string | null, outcome: Outcome = 'no_slots'): Check => seen(outcome, { fingerprint });

  test('is a structure that the target has not shown for this step, outcome and rule', () => {
    assert.deepEqual(kinds(past({ fingerprints: ['old'] }), shown('new')), ['drift']);
    assert.deepEqual(kinds(past({ fingerprints: ['old', 'new'] }), shown('new')), []);
  });

  test('is not the first page of its kind, a page without structure, or a fault', () => {
    assert.deepEqual(kinds(past(), shown('new')), []);
    assert.deepEqual(kinds(past({ fingerprints: ['old'] }), shown(null)), []);
    assert.deepEqual(kinds(past({ fingerprints: ['old'] }), shown('new', 'overloaded')), []);
  });
});

describe('unknown pages in a row', () => {
  /** Of the host, the newest first: `a` is the target that is visited, `b` its neighbour. */
  const row = (...visits: (readonly ['a' | 'b', Outcome])[]): Before =>
    past({
      hostVisits: visits.map(([targetId, outcome]) => ({ targetId, outcome })),
      targetOutcomes: visits.flatMap(([targetId, outcome]) => (targetId === 'a' ? [outcome] : [])),
    });
  const told = (before: Before, check = seen('unknown_page')): unknown[] =>
    decide(before, check).events.map(({ kind, targetId, host }) => [kind, targetId, host]);
  const HOST = '127.0.0.1:1';

  test('alert the operator at the third of a target, once', () => {
    assert.deepEqual(told(row(['a', 'unknown_page'], ['a', 'slots'])), []);
    const ofTarget = [['unknown_streak', 'a', HOST]];
    assert.deepEqual(told(row(['a', 'ambiguous'], ['a', 'unknown_page'], ['a', 'slots'])), ofTarget);
    assert.deepEqual(told(row(['a', 'unknown_page'], ['a', 'ambiguous']), seen('ambiguous')), ofTarget);
    assert.deepEqual(told(row(['a', 'unknown_page'], ['a', 'unknown_page'], ['a', 'unknown_page'])), []);
  });

  test('alert although other targets of host and platform are read well', () => {
    const before = row(
      ['b', 'no_slots'],
      ['a', 'unknown_page'],
      ['b', 'slots'],
      ['a', 'unknown_page'],
      ['b', 'no_slots'],
    );
    assert.deepEqual(told(before), [['unknown_streak', 'a', HOST]]);
  });

  test('of several targets of a host alert for the host, and not for each target after that', () => {
    assert.deepEqual(told(row(['b', 'unknown_page'], ['b', 'unknown_page'], ['b', 'slots'])), [
      ['unknown_streak', null, HOST],
    ]);
    const all = (['b', 'a', 'b', 'a', 'b'] as const).map((id) => [id, 'unknown_page'] as const);
    assert.deepEqual(told(row(...all)), []);
  });

  test('of one target alone do not hide that another one of the host joins', () => {
    const before = row(['b', 'unknown_page'], ['b', 'unknown_page'], ['b', 'unknown_page'], ['b', 'unknown_page']);
    assert.deepEqual(told(before), [['unknown_streak', null, HOST]]);
  });

  test('are broken by any page that was recognised', () => {
    assert.deepEqual(told(row(['a', 'unknown_page'], ['a', 'captcha'], ['a', 'unknown_page'])), []);
    assert.deepEqual(told(row(['a', 'unknown_page'], ['a', 'unknown_page']), seen('captcha')), []);
  });
});

describe('a target that moves', () => {
  test('is told when it is first seen to have moved', () => {
    assert.deepEqual(kinds(past(), seen('moved')), ['moved']);
    assert.deepEqual(kinds(past({ previous: 'moved' }), seen('moved')), []);
  });

  const linking = (...links: string[]): Check =>
    seen('operational', { reading: { outcome: 'operational', rule: 'r', message: '', facets: { links } } });

  test('is told when a list page links elsewhere than before, with what went and what came', () => {
    const { events } = decide(past({ lastLinks: ['https://a/', 'https://b/'] }), linking('https://b/', 'https://c/'));
    assert.deepEqual(
      events.map(({ kind, message }) => [kind, message]),
      [['links_changed', 'no longer https://a/; now https://c/']],
    );
  });

  test('is not told at the first reading, at the same links, or when a page shows none because it failed', () => {
    assert.deepEqual(kinds(past(), linking('https://a/')), []);
    assert.deepEqual(kinds(past({ lastLinks: ['https://a/'] }), linking('https://a/')), []);
    assert.deepEqual(kinds(past({ lastLinks: ['https://a/'] }), seen('overloaded')), []);
  });
});

describe('a host whose control turns to "no"', () => {
  const none = { targetId: 'b', outcome: 'no_slots', isControl: false } as const;
  const control = { targetId: 'c', outcome: 'no_slots', isControl: true } as const;
  const host = (change: Partial<HostPast>): Before =>
    past({ host: { ...QUIET, controlSlotsAt: START - HOUR, neighbours: [none], ...change } });
  const turned = seen('no_slots', { mode: 'control' });

  test('is marked from the last slots of the control, when everything else says no too', () => {
    const { softBlock, events } = decide(host({}), turned);
    assert.deepEqual(softBlock, {
      host: '127.0.0.1:1',
      fromAt: START - HOUR,
      toAt: null,
      reason: 'the control a turned to "no" together with the 1 others',
      markedBy: 'control rule',
    });
    assert.deepEqual(
      events.map(({ kind }) => kind),
      ['soft_block'],
    );
    const asNeighbour = decide(host({ neighbours: [none, control] }), seen('no_slots'));
    assert.ok(asNeighbour.softBlock !== null && 'fromAt' in asNeighbour.softBlock);
  });

  test('is said to show another page than its earlier "no" where it does', () => {
    const strange = decide(host({ noPages: ['known'] }), { ...turned, fingerprint: 'strange' });
    assert.match(strange.events.find(({ kind }) => kind === 'soft_block')?.message ?? '', /unlike its earlier ones/);
    const usual = decide(host({ noPages: ['known'] }), { ...turned, fingerprint: 'known' });
    assert.doesNotMatch(usual.events.find(({ kind }) => kind === 'soft_block')?.message ?? '', /unlike/);
  });

  test('is believed when another target has slots, when it has no other target, or without a control', () => {
    assert.equal(decide(host({ neighbours: [none, { ...none, outcome: 'slots' }] }), turned).softBlock, null);
    assert.equal(decide(host({ neighbours: [] }), turned).softBlock, null);
    assert.equal(decide(host({}), seen('no_slots')).softBlock, null);
    assert.equal(decide(host({ controlSlotsAt: null }), turned).softBlock, null);
  });

  test('is not judged by neighbours that could not be read', () => {
    const failing = { targetId: 'd', outcome: 'overloaded', isControl: false } as const;
    assert.notEqual(decide(host({ neighbours: [none, failing] }), turned).softBlock, null);
    assert.equal(decide(host({ neighbours: [failing] }), turned).softBlock, null);
  });

  test('has its window closed when the control shows slots again, and by nothing else', () => {
    const back = seen('slots', { mode: 'control' });
    const marked = host({ isMarked: true, lastMarkFromAt: START - HOUR });
    assert.deepEqual(decide(marked, back).softBlock, { overAt: back.observedAt });
    for (const other of [seen('slots'), turned, seen('unknown_page', { mode: 'control' })]) {
      assert.equal(decide(marked, other).softBlock, null);
    }
  });

  test('is not marked again after a person lifted the mark, until the control has shown slots in between', () => {
    assert.equal(decide(host({ lastMarkFromAt: START - HOUR }), turned).softBlock, null);
    assert.notEqual(decide(host({ lastMarkFromAt: START - 2 * HOUR }), turned).softBlock, null);
  });
});

test('a check that visited nothing has no consequence', () => {
  fc.assert(
    fc.property(fc.constantFrom(...OUTCOMES), (outcome) => {
      const before = past({ targetOutcomes: ['unknown_page', 'unknown_page'], fingerprints: ['old'] });
      const decision = decide(before, seen(outcome, { loads: 0, fingerprint: 'new' }));
      const episodes = { state: NO_EPISODES, touched: [] };
      assert.deepEqual(decision, { events: [], softBlock: null, confirmAt: null, episodes, notices: [] });
    }),
  );
});

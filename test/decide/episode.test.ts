import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import {
  countsAsSighting,
  episodesOf,
  FOLDING,
  NO_EPISODES,
  sightingOf,
  step,
  type Episode,
  type Sighting,
} from '../../src/core/episode.ts';
import { GROUPS, groupOf, OUTCOMES, type Outcome } from '../../src/core/outcome.ts';

const MINUTE = 60_000;

/** One sighting a minute. An outcome may carry its first date: `slots 2026-12-01`. */
function seen(...outcomes: string[]): Sighting[] {
  return outcomes.map((words, at) => {
    const [outcome = '', firstDate = null] = words.split(' ');
    const known = OUTCOMES.find((one) => one === outcome);
    assert.ok(known !== undefined, outcome);
    return sightingOf({ checkId: at + 1, at: at * MINUTE, outcome: known, firstDate, isBelieved: true }, []);
  });
}

/** `after-startedAt/confirmedAt-lastAt-endedAt` in minutes, with `?` for what is not known. */
const bounds = ({ kind, after, startedAt, confirmedAt, lastAt, endedAt }: Episode): string =>
  [kind, ...[after, startedAt, confirmedAt, lastAt, endedAt].map((at) => (at === null ? '?' : at / MINUTE))].join(' ');

describe('openings', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['one sight is suspected, bounded on both sides', ['no_slots', 'slots', 'no_slots'], ['opening 0 1 ? 1 2']],
    ['a second sight confirms', ['slots', 'slots'], ['opening ? 0 1 1 ?']],
    [
      'faults, gates and unknown pages neither end nor confirm',
      ['slots', 'timeout', 'captcha', 'unknown_page', 'slots'],
      ['opening ? 0 4 4 ?'],
    ],
    ['two openings lie apart', ['slots', 'no_slots', 'slots', 'no_slots'], ['opening ? 0 ? 0 1', 'opening 1 2 ? 2 3']],
    ['a closed or moved page ends one', ['slots', 'suspended'], ['opening ? 0 ? 0 1']],
    ['without slots there is none', ['no_slots', 'captcha', 'no_slots'], []],
  ];
  for (const [name, outcomes, expected] of cases) {
    test(name, () => assert.deepEqual(episodesOf(seen(...outcomes)).map(bounds), expected));
  }

  test('get better with an earlier date, never with a later one', () => {
    const [opening] = episodesOf(seen('slots 2026-12-05', 'slots 2026-12-09', 'slots 2026-12-01', 'slots'));
    assert.deepEqual([opening?.firstDate, opening?.betterings], ['2026-12-01', 1]);
  });

  test('a second sight within the minute does not confirm', () => {
    const [first, second] = seen('slots', 'slots');
    assert.ok(first !== undefined && second !== undefined);
    assert.equal(episodesOf([first, { ...second, at: 59_999 }])[0]?.confirmedAt, null);
  });
});

describe('outages', () => {
  const cases: readonly (readonly [string, readonly string[], readonly string[]])[] = [
    ['one bad visit is none', ['operational', 'timeout', 'operational'], []],
    ['two in a row are one, from the first', ['operational', 'timeout', 'error', 'operational'], ['outage 0 1 2 2 3']],
    ['gates and unknown pages do not break the row', ['error', 'captcha', 'error'], ['outage ? 0 2 2 ?']],
    ['a good visit between them does', ['error', 'operational', 'error'], []],
  ];
  for (const [name, outcomes, expected] of cases) {
    test(name, () => assert.deepEqual(episodesOf(seen(...outcomes)).map(bounds), expected));
  }

  test('need as many visits as the rules say', () => {
    const rules = { ...FOLDING, badToOpen: 3, goodToClose: 2 };
    const row = seen('error', 'error', 'error', 'operational', 'error', 'operational', 'operational');
    assert.deepEqual(episodesOf(row, rules).map(bounds), ['outage ? 0 2 4 5']);
  });
});

describe('a gate that the probe expects', () => {
  const [timeout, error, captcha] = seen('timeout', 'error', 'captcha');
  const expected = (rows: readonly (Sighting | undefined)[]): Sighting[] =>
    rows.flatMap((row) => (row === undefined ? [] : [sightingOf({ ...row, isBelieved: true }, ['captcha'])]));

  test('ends an outage: the door has answered', () => {
    assert.deepEqual(episodesOf(expected([timeout, error, captcha])).map(bounds), ['outage ? 0 1 1 2']);
  });

  test('breaks a row of faults, and says nothing of slots', () => {
    const [slots, first, gate, second] = seen('slots', 'timeout', 'captcha', 'timeout');
    assert.deepEqual(episodesOf(expected([slots, first, gate, second])).map(bounds), ['opening ? 0 ? 0 ?']);
  });

  test('is no good sign where the probe does not expect it', () => {
    assert.deepEqual(episodesOf(seen('timeout', 'error', 'captcha')).map(bounds), ['outage ? 0 1 1 ?']);
  });
});

describe('sightings too far apart', () => {
  const WEEKS = 21 * 24 * 60;
  /** Minutes with what was seen then. */
  const story = (...rows: (readonly [number, string])[]): Sighting[] =>
    rows.flatMap(([minute, words], index) =>
      seen(words).map((sighting) => ({ ...sighting, checkId: index + 1, at: minute * MINUTE })),
    );
  const DAY = 24 * 60;

  test('two faults weeks apart are no outage, whatever nobody knew in between', () => {
    assert.deepEqual(episodesOf(story([0, 'operational'], [1, 'error'], [WEEKS, 'error'])), []);
    assert.deepEqual(episodesOf(story([1, 'error'], [DAY, 'unknown_page'], [WEEKS, 'error'])), []);
    assert.deepEqual(episodesOf(story([1, 'error'], [1 + DAY, 'error'])).map(bounds), [
      `outage ? 1 ${1 + DAY} ${1 + DAY} ?`,
    ]);
  });

  test('an outage that was not seen for so long is lost from sight, and the next is another', () => {
    const rows = story(
      [0, 'operational'],
      [1, 'error'],
      [2, 'error'],
      [WEEKS, 'error'],
      [WEEKS + 1, 'error'],
      [WEEKS + 2, 'operational'],
    );
    const [first, second] = episodesOf(rows);
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual([bounds(first), first.lostAt], ['outage 0 1 2 2 ?', (2 + DAY) * MINUTE]);
    assert.deepEqual(
      [bounds(second), second.lostAt],
      [`outage ? ${WEEKS} ${WEEKS + 1} ${WEEKS + 1} ${WEEKS + 2}`, undefined],
    );
  });

  test('slots seen again after so long are another opening', () => {
    const [first, second] = episodesOf(story([0, 'slots'], [1, 'slots'], [WEEKS, 'slots']));
    assert.ok(first !== undefined && second !== undefined);
    assert.deepEqual([bounds(first), first.lostAt], ['opening ? 0 1 1 ?', (1 + DAY) * MINUTE]);
    assert.equal(bounds(second), `opening ? ${WEEKS} ? ${WEEKS} ?`);
  });

  test('of a page that is visited seldom, three intervals are not too far', () => {
    const folding = { ...FOLDING, breakMs: 3 * DAY * MINUTE };
    assert.equal(episodesOf(story([0, 'error'], [3 * DAY, 'error']), folding).length, 1);
  });
});

describe('what is no sighting', () => {
  test('a control and a report by a person are none, every other visit is', () => {
    const counts = (['scheduled', 'confirmation', 'assisted', 'reported', 'control'] as const).filter((mode) =>
      countsAsSighting({ mode, isControl: false }),
    );
    assert.deepEqual(counts, ['scheduled', 'confirmation', 'assisted']);
    assert.equal(countsAsSighting({ mode: 'scheduled', isControl: true }), false);
  });

  test('a "no" that is not believed ends no opening; the door has answered', () => {
    const [slots, no] = seen('slots', 'no_slots');
    assert.ok(slots !== undefined && no !== undefined);
    const doubted = sightingOf({ ...no, isBelieved: false }, []);
    assert.deepEqual(episodesOf([slots, doubted]).map(bounds), ['opening ? 0 ? 0 ?']);
    assert.equal(doubted.door, 'answers');
  });
});

const sightings = fc
  .array(
    fc.tuple(
      fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1_300, max: 1_600 })),
      fc.constantFrom<Outcome>(...OUTCOMES),
      fc.option(fc.constantFrom('2026-12-01', '2026-12-24')),
    ),
  )
  .map((rows) => {
    let at = 0;
    return rows.map(([minutes, outcome, firstDate], index): Sighting => {
      at += minutes * MINUTE;
      const date = outcome === 'slots' ? firstDate : null;
      return sightingOf({ checkId: index + 1, at, outcome, firstDate: date, isBelieved: true }, []);
    });
  });

describe('whatever is seen', () => {
  test('the order in which checks are given, and how often, does not matter', () => {
    fc.assert(
      fc.property(sightings, fc.infiniteStream(fc.nat()), (rows, order) => {
        const doubled = [...rows, ...rows.slice(0, 5)].map((row) => ({ row, key: Number(order.next().value) }));
        const shuffled = doubled.toSorted((a, b) => a.key - b.key).map(({ row }) => row);
        assert.deepEqual(episodesOf(shuffled), episodesOf(rows));
      }),
    );
  });

  test('step by step it comes to the same, and an old sighting changes nothing', () => {
    fc.assert(
      fc.property(sightings, (rows) => {
        const found = new Map<string, Episode>();
        let state = NO_EPISODES;
        for (const row of rows) {
          const next = step(state, row);
          for (const { episode } of next.touched) found.set(`${episode.kind} ${episode.startedAt}`, episode);
          ({ state } = next);
          assert.deepEqual(step(state, row), { state, touched: [] });
        }
        assert.deepEqual(new Set(found.values()), new Set(episodesOf(rows)));
      }),
    );
  });

  test('bounds are in order, openings do not overlap, and only slots make one', () => {
    fc.assert(
      fc.property(sightings, (rows) => {
        const openings = episodesOf(rows).filter(({ kind }) => kind === 'opening');
        assert.equal(
          openings.length > 0,
          rows.some(({ outcome }) => outcome === 'slots'),
        );
        for (const [at, { after, startedAt, lastAt, endedAt }] of openings.entries()) {
          assert.ok((after ?? -Infinity) < startedAt && startedAt <= lastAt && lastAt < (endedAt ?? Infinity));
          const previous = openings[at - 1];
          if (previous !== undefined) assert.ok((previous.endedAt ?? previous.lostAt ?? Infinity) <= startedAt);
        }
      }),
    );
  });

  test('what is neither observed nor a fault leaves no trace', () => {
    const traceless = new Set<string>([...GROUPS.gate, ...GROUPS.unmeasured]);
    fc.assert(
      fc.property(sightings, (rows) => {
        const without = rows.filter(({ outcome }) => !traceless.has(outcome));
        assert.deepEqual(episodesOf(without), episodesOf(rows));
        assert.ok(without.every(({ outcome }) => ['observed', 'fault'].includes(groupOf(outcome))));
      }),
    );
  });
});

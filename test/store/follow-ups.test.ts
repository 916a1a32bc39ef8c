import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import type { Check } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { followUps } from '../../src/decide/follow.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import type { Target } from '../../src/core/target.ts';
import { captureOf } from '../support/capture.ts';
import { checkOf, HOUR, planOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

const MINUTE = 60_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), targetNamed('b'), { ...targetNamed('witness'), control: true }]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const decide = followUps({ spacingMs: 180_000 });

function record(target: string, minute: number, outcome: Outcome, change: Partial<Check> = {}): Promise<number> {
  return store.record(checkOf(target, START + minute * MINUTE, outcome, change), { decide });
}

const events = async (): Promise<string[]> =>
  (await store.events({ limit: 99 })).map(({ kind, targetId }) => `${kind} ${targetId ?? ''}`.trim()).toReversed();

describe('what follows from a check', () => {
  test('a confirmation is planned beside the grid, comes due, and leaves the grid as it was', async () => {
    await store.plan([planOf('a', START)]);
    const mark = await store.plannedUntil();
    await record('a', 40, 'slots');
    const at = START + 40 * MINUTE + 1_000 + 180_000;
    assert.deepEqual(
      (await store.due(START + HOUR)).map(({ mode, plannedAt, design }) => [mode, plannedAt, design]),
      [
        ['scheduled', START + MINUTE, 'uniform'],
        ['confirmation', at, 'opportunistic'],
      ],
    );
    assert.deepEqual(await store.plannedUntil(), mark);
    await record('a', 45, 'slots');
    assert.equal((await store.due(START + 2 * HOUR)).length, 2);
  });

  test('what is remembered of structures makes drift, once', async () => {
    await record('a', 0, 'no_slots', { fingerprint: 'old' });
    await record('b', 1, 'no_slots', { fingerprint: 'old' });
    await record('a', 2, 'no_slots', { fingerprint: 'new' });
    await record('a', 3, 'no_slots', { fingerprint: 'new' });
    assert.deepEqual(await events(), ['drift a']);
    await record('b', 4, 'no_slots', { fingerprint: 'new' });
    assert.deepEqual(await events(), ['drift a', 'drift b']);
  });

  test('another step of the walk is no drift, and a target is not surprised by the structure of another', async () => {
    const at = (step: string, fingerprint: string): Partial<Check> => {
      const { html: _html, text: _text, ...capture } = captureOf({ step });
      return { fingerprint, captures: [{ capture, evidence: null }] };
    };
    await record('a', 0, 'no_slots', at('calendar', 'one'));
    await record('a', 1, 'no_slots', at('conditions', 'two'));
    await record('b', 2, 'no_slots', at('calendar', 'three'));
    assert.deepEqual(await events(), []);
    await record('a', 3, 'no_slots', at('conditions', 'one'));
    assert.deepEqual(await events(), ['drift a']);
  });

  test('a target whose pages nobody knows is told of although its neighbours are read', async () => {
    for (const minute of [0, 10, 20, 30]) {
      await record('b', minute, 'no_slots');
      await record('a', minute + 5, 'unknown_page');
    }
    assert.deepEqual(await events(), ['unknown_streak a']);
  });

  test('a host whose pages nobody knows is told of once, whatever other hosts of the platform show', async () => {
    const elsewhere: Target = { ...targetNamed('far'), address: 'http://127.0.0.2:1/booking/create/9' };
    await store.saveTargets([elsewhere]);
    for (const minute of [0, 10, 20, 30]) {
      await record('a', minute, 'unknown_page');
      await record('far', minute + 2, 'no_slots', { host: '127.0.0.2:1' });
      await record('b', minute + 5, 'unknown_page');
    }
    assert.deepEqual(await events(), ['unknown_streak']);
    assert.equal((await store.events({ limit: 1 }))[0]?.host, '127.0.0.1:1');
  });

  test('folding again comes to the same: with the gates that are expected, and the rules of the configuration', async () => {
    const rules = { badToOpen: 3, goodToClose: 2 };
    const strict = followUps({ gatesOf: () => ['captcha'], episodes: rules });
    const story = [
      'operational',
      'error',
      'error',
      'error',
      'captcha',
      'captcha',
      'error',
      'error',
      'captcha',
    ] as const;
    for (const [at, outcome] of story.entries())
      await store.record(checkOf('a', START + at * HOUR, outcome), { decide: strict });
    const found = await store.episodes({ limit: 9 });
    const at = (hours: number): number => START + hours * HOUR + 500;
    assert.deepEqual(
      found.map(({ kind, after, startedAt, lastAt, endedAt }) => [kind, after, startedAt, lastAt, endedAt]),
      [['outage', at(0), at(1), at(3), at(4)]],
    );
    await store.refold('a');
    assert.deepEqual(await store.episodes({ limit: 9 }), found);
    // A check that comes late folds all of them again.
    await store.record(checkOf('a', START - HOUR, 'operational'), { decide: strict });
    assert.deepEqual(await store.episodes({ limit: 9 }), found);
  });

  test('what was lost from sight is stored so, does not last, and is the same when folded again', async () => {
    const days = (count: number): number => count * 24 * 60;
    for (const minute of [0, 10, days(21), days(21) + 10]) await record('a', minute, 'timeout');
    const found = await store.episodes({ limit: 9 });
    assert.deepEqual(
      found.map(({ startedAt, lostAt, endedAt }) => [startedAt, lostAt, endedAt]),
      [
        [START + days(21) * MINUTE + 500, undefined, null],
        [START + 500, START + (10 + days(1)) * MINUTE + 500, null],
      ],
    );
    assert.equal((await store.lasting()).length, 1);
    assert.equal((await store.lasting())[0]?.believedUntil, START + (days(22) + 10) * MINUTE + 500);
    await store.refold('a');
    assert.deepEqual(await store.episodes({ limit: 9 }), found);
  });

  test('a "no" of a marked window ends no opening, before and after the mark, and does when the mark is lifted', async () => {
    await record('a', 0, 'slots');
    await record('a', 30, 'no_slots');
    const ended = async (): Promise<readonly (number | null)[]> =>
      (await store.episodes({ limit: 9 })).map(({ endedAt }) => endedAt);
    const first = START + 30 * MINUTE + 500;
    assert.deepEqual(await ended(), [first]);
    const window = { host: '127.0.0.1:1', fromAt: START + MINUTE, toAt: null, reason: 'throttled', markedBy: 'Odile' };
    const id = await store.markSoftBlock(window, START + HOUR);
    assert.deepEqual(await ended(), [null]);
    await record('a', 60, 'no_slots');
    assert.deepEqual(await ended(), [null]);
    await store.liftSoftBlock(id, { by: 'Odile', why: 'they were gone', now: START + 2 * HOUR });
    assert.deepEqual(await ended(), [first]);
  });

  test('a control is no sighting: it opens and ends nothing, also when it is checked by hand', async () => {
    const byHand = followUps({ targets: new Map([['witness', { ...targetNamed('witness'), control: true }]]) });
    await record('witness', 0, 'slots', { mode: 'control' });
    await store.record(checkOf('witness', START + HOUR, 'slots'), { decide: byHand });
    assert.deepEqual(await store.episodes({ limit: 9 }), []);
    await store.refold('witness');
    assert.deepEqual(await store.episodes({ limit: 9 }), []);
  });

  test('the readings as they stand today make the streak, and a change of links is found across faults', async () => {
    for (const minute of [0, 1, 2, 3]) await record('a', minute, 'unknown_page');
    const links = (...found: string[]): Partial<Check> => ({
      reading: { outcome: 'operational', rule: 'r', message: '', facets: { links: found } },
    });
    await record('b', 5, 'operational', links('https://x/'));
    await record('b', 6, 'overloaded');
    await record('b', 7, 'operational', links('https://y/'));
    assert.deepEqual(await events(), ['unknown_streak a', 'links_changed b']);
  });

  test('a soft block is marked, stands once, is closed by the control, and can be lifted for good', async () => {
    const control: Partial<Check> = { mode: 'control' };
    await record('witness', 0, 'slots', control);
    await record('a', 1, 'no_slots');
    await record('witness', 10, 'no_slots', control);
    await record('a', 11, 'no_slots');
    const [marked] = await store.softBlocks();
    assert.deepEqual([marked?.fromAt, marked?.toAt, marked?.host], [START + 500, null, '127.0.0.1:1']);
    await record('witness', 20, 'slots', control);
    assert.equal((await store.softBlocks())[0]?.toAt, START + 20 * MINUTE + 500);
    await record('witness', 30, 'no_slots', control);
    const [second, first] = await store.softBlocks();
    assert.ok(second !== undefined && first !== undefined);
    assert.ok(await store.liftSoftBlock(second.id, { by: 'Odile', why: 'it really ran out', now: START + HOUR }));
    assert.equal(await store.liftSoftBlock(second.id, { by: 'Odile', why: 'again', now: START + HOUR }), false);
    await record('witness', 70, 'no_slots', control);
    const blocks = await store.softBlocks();
    assert.equal(blocks.length, 2);
    assert.deepEqual(blocks[0]?.lifted, { at: START + HOUR, by: 'Odile', why: 'it really ran out' });
    assert.deepEqual(
      (await events()).map((event) => event.split(' ')[0]),
      ['soft_block', 'soft_block_over', 'soft_block', 'soft_block_lifted'],
    );
  });

  test('is written with the check or not at all', async () => {
    const broken = followUps({ spacingMs: Number.NaN });
    await assert.rejects(store.record(checkOf('a', START, 'slots'), { decide: broken }));
    assert.deepEqual(await store.checks({ limit: 9 }), []);
  });

  test('an event is never edited; that it was seen is noted once', async () => {
    await record('a', 0, 'moved');
    const [event] = await store.events({ isOpen: true, limit: 9 });
    assert.ok(event !== undefined);
    assert.deepEqual(
      [await store.seen(event.id, 'Odile', START), await store.seen(event.id, 'Paul', START)],
      [true, false],
    );
    assert.deepEqual(await store.events({ isOpen: true, limit: 9 }), []);
    assert.equal((await store.events({ limit: 9 }))[0]?.seenBy, 'Odile');
    const file = new Database(join(folder.path, 'guetteur.sqlite'));
    assert.throws(() => file.exec("update events set message = 'other'"), /never edited/);
    file.close();
  });
});

describe('the queue of unrecognised pages', () => {
  test('has one group for each structure, and leaves it to the newest reading who is in it', async () => {
    const first = await record('a', 0, 'unknown_page', { fingerprint: 'f1' });
    await record('b', 1, 'ambiguous', { fingerprint: 'f1' });
    await record('a', 2, 'unknown_page', { fingerprint: 'f2' });
    await record('b', 3, 'unknown_page');
    await record('b', 4, 'no_slots', { fingerprint: 'f1' });
    const names = async (): Promise<unknown> =>
      (await store.unrecognised()).map(({ name, checks, targets }) => [name, checks, targets]);
    assert.deepEqual(await names(), [
      ['rule:test', 1, 1],
      ['f2', 1, 1],
      ['f1', 2, 2],
    ]);
    const reading = { outcome: 'no_slots', rule: 'better', message: '', facets: {} } as const;
    await store.appendReading({ checkId: first, readerVersion: 2, reading, readAt: START });
    assert.deepEqual((await store.unrecognised()).find(({ name }) => name === 'f1')?.checks, 1);
  });

  test('keeps what a person says beside the automatic readings, with name, date and mode', async () => {
    await record('a', 0, 'unknown_page', { fingerprint: 'f1' });
    await record('b', 1, 'unknown_page', { fingerprint: 'f1' });
    const said = { outcome: 'no_slots', by: 'Odile', at: START + HOUR, note: 'new wording' } as const;
    assert.equal(await store.label({ platform: 'ez-booking', group: 'f1', ...said }), 2);
    const [group] = await store.unrecognised();
    assert.deepEqual(group?.label, { ...said, mode: 'reported' });
    assert.deepEqual(
      (await store.checks({ limit: 9 })).map(({ outcome }) => outcome),
      ['unknown_page', 'unknown_page'],
    );
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import type { Check } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { followUps } from '../../src/decide/follow.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
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
    await record('b', 3, 'no_slots', { fingerprint: 'new' });
    assert.deepEqual(await events(), ['drift a']);
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

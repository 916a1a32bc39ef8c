import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';

import { AppError } from '../../src/core/errors.ts';
import { CLOSED_BREAKER } from '../../src/core/host.ts';
import type { Store } from '../../src/store/contract.ts';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, planOf, plannedCounts, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

const run = promisify(execFile);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), targetNamed('b')]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const planned = (): Promise<Record<string, number>> => plannedCounts(store);

const isCode = (code: string) => (error: unknown) => error instanceof AppError && error.code === code;

describe('the record of checks', () => {
  test('a check, its reading, its breaker and the end of its plan are written together, or not at all', async () => {
    await store.plan([planOf('a', START)]);
    const [due] = await store.due(START + HOUR);
    assert.ok(due !== undefined);
    const breaker = { level: 1, openUntil: START + HOUR, reason: 'a test', faults: 0 };
    // The breaker is written last: by then the check, its reading and the end of the plan have been.
    const broken = { ...breaker, openUntil: Number.NaN };
    const check = checkOf('a', START, 'denied', { host: 'h' });
    await assert.rejects(store.record(check, { plannedId: due.id, breaker: broken }), isCode('STORE_FAILED'));
    assert.deepEqual([(await store.checks({ limit: 9 })).length, await planned()], [0, { planned: 1 }]);
    assert.equal((await store.hostState('h', START)).breaker.openUntil, 0);
    await store.record(check, { plannedId: due.id, breaker });
    assert.deepEqual([(await store.checks({ limit: 9 })).length, await planned()], [1, { done: 1 }]);
    assert.deepEqual((await store.hostState('h', START)).breaker, breaker);
  });

  test('a reading is superseded, never edited: the database itself refuses', async () => {
    const id = await store.record(checkOf('a', START), {});
    const reading = { outcome: 'slots', rule: 'better', message: 'read again', facets: { distinctDays: 2 } } as const;
    await store.appendReading({ checkId: id, readerVersion: 2, reading, readAt: START + HOUR });
    const [row] = await store.checks({ limit: 1 });
    assert.deepEqual(
      [row?.outcome, row?.rule, row?.facets, row?.readerVersion],
      ['slots', 'better', { distinctDays: 2 }, 2],
    );
    const file = new Database(join(folder.path, 'guetteur.sqlite'));
    assert.equal(file.prepare('select count(*) as n from readings').pluck().get(), 2);
    assert.throws(() => file.exec("update readings set outcome = 'no_slots' where current = 1"), /never edited/);
    assert.throws(() => file.exec('update checks set started_at = 0'), /never edited/);
    file.close();
  });

  test("a target's status is its last visit, since the first check of the same outcome, and skips what was not a visit", async () => {
    const outcomes = ['slots', 'no_slots', 'overloaded', 'no_slots', 'no_slots', 'skipped'] as const;
    for (const [at, outcome] of outcomes.entries()) await store.record(checkOf('a', START + at * HOUR, outcome), {});
    const [status] = await store.statuses();
    assert.equal(status?.outcome, 'no_slots');
    assert.equal(status.sinceAt, START + 3 * HOUR);
    assert.equal(status.startedAt, START + 4 * HOUR);
    assert.equal(status.lastObservedAt, START + 4 * HOUR + 500);
  });

  test('checks are listed newest first, by target and since an instant', async () => {
    for (const at of [0, 1, 2]) await store.record(checkOf('a', START + at * HOUR), {});
    await store.record(checkOf('b', START + 3 * HOUR), {});
    const rows = await store.checks({ targetId: 'a', since: START + HOUR, limit: 9 });
    assert.deepEqual(
      rows.map((row) => row.startedAt),
      [START + 2 * HOUR, START + HOUR],
    );
  });
});

describe('the ledger', () => {
  test('planning an interval twice changes nothing', async () => {
    await store.plan([planOf('a', START)]);
    await store.plan([{ ...planOf('a', START), plannedAt: START + 999 }]);
    assert.deepEqual(
      (await store.due(START + HOUR)).map((row) => row.plannedAt),
      [START + 60_000],
    );
  });

  test('a planned check begins once and ends once', async () => {
    await store.plan([planOf('a', START)]);
    const [due] = await store.due(START + HOUR);
    assert.ok(due !== undefined);
    assert.deepEqual([await store.begin(due.id, START), await store.begin(due.id, START)], [true, false]);
    await store.close(due.id, 'missed', 'first');
    await store.close(due.id, 'done', 'second');
    assert.deepEqual(await planned(), { 'missed first': 1 });
  });

  test('what was begun, what fell due and what is no longer watched are told apart', async () => {
    await store.plan([
      planOf('a', START),
      planOf('a', START + HOUR),
      planOf('a', START + 9 * HOUR),
      planOf('b', START),
    ]);
    const [first] = await store.due(START + HOUR / 4);
    await store.begin(first?.id ?? 0, START);
    await store.closeUnwatched(['a'], 'gone');
    await store.closeBegun('killed');
    await store.closeDue(START + 3 * HOUR, 'off');
    assert.deepEqual(await planned(), { planned: 1, 'missed killed': 1, 'missed off': 1, 'skipped gone': 1 });
  });

  test('the end of what is planned is known for each target', async () => {
    await store.plan([planOf('a', START), planOf('a', START + HOUR)]);
    assert.deepEqual(
      [...(await store.plannedUntil())],
      [['a', { intervalEnd: START + 1.5 * HOUR, plannedAt: START + HOUR + 60_000 }]],
    );
  });
});

describe('hosts', () => {
  const request = (owner: string, at: number) => ({
    ...{ host: 'h', targetId: 'a', owner, now: at, until: at + 60_000 },
    admitted: (state: { leasedUntil: number }) =>
      state.leasedUntil > at
        ? ({ kind: 'wait', until: state.leasedUntil, reason: 'leased' } as const)
        : ({ kind: 'go' } as const),
  });

  test('a host is given to one owner at a time, also when several processes ask at once', async () => {
    const script = join(import.meta.dirname, '../support/lease-all.ts');
    const ask = (owner: string) => run(process.execPath, [script, folder.path, owner, '60']);
    const answers = await Promise.all(['x', 'y', 'z'].map(ask));
    const won = answers.flatMap(({ stdout }) => JSON.parse(stdout) as number[]);
    assert.deepEqual(
      won.toSorted((one, two) => one - two),
      Array.from({ length: 60 }, (_none, host) => host),
    );
  });

  test('a lease ends when its owner gives it back, when its time is over, or when its owner is known to be gone', async () => {
    await store.lease(request('monitor:1', START));
    await store.release('h', 'somebody else', START);
    assert.equal((await store.lease(request('x', START + 1))).kind, 'wait');
    await store.releaseAll('monitor:', START + 2);
    assert.equal((await store.lease(request('x', START + 3))).kind, 'go');
    assert.equal((await store.lease(request('y', START + 60_004))).kind, 'go');
    await store.release('h', 'y', START + 60_010);
    assert.deepEqual(
      [(await store.hostState('h', START)).lastLoadAt, (await store.lease(request('z', START + 60_011))).kind],
      [START + 60_010, 'go'],
    );
  });

  test('leases, breakers and robots survive a restart', async () => {
    const breaker = { level: 3, openUntil: START + HOUR, reason: 'denied', faults: 2 };
    await store.record(checkOf('a', START, 'denied', { host: 'h' }), { breaker });
    const robots = { origin: 'https://h', body: 'User-agent: *', readAt: START, triedAt: START, failingSince: null };
    await store.saveRobots(robots);
    await store.end();
    store = await openStore(folder.path);
    assert.deepEqual((await store.hostState('h', START)).breaker, breaker);
    assert.deepEqual(await store.robotsOf('https://h'), robots);
    assert.equal(await store.closeBreaker('h', START), true);
    assert.deepEqual((await store.hostState('h', START)).breaker, CLOSED_BREAKER);
    assert.equal(await store.closeBreaker('h', START), false);
  });

  test('only visits of the last hour count for the budget', async () => {
    for (const minutes of [1, 59, 61])
      await store.record(checkOf('a', START - minutes * 60_000, 'no_slots', { host: 'h' }), {});
    await store.record(checkOf('a', START - 5, 'skipped', { host: 'h', loads: 0 }), {});
    assert.equal((await store.hostState('h', START)).checksInLastHour, 2);
  });
});

describe('opening', () => {
  test('a store written by a newer version is refused and left as it is', async () => {
    await store.end();
    const file = new Database(join(folder.path, 'guetteur.sqlite'));
    file.exec("insert into kysely_migration (name, timestamp) values ('0099-later', '2030-01-01')");
    await assert.rejects(openStore(folder.path), isCode('STORE_NEWER'));
    assert.equal(file.prepare('select count(*) from targets').pluck().get(), 2);
    file.exec("delete from kysely_migration where name = '0099-later'");
    file.close();
    store = await openStore(folder.path);
  });

  test('a file that is no database is a clear error', async () => {
    const other = await temporaryFolder();
    await writeFile(join(other.path, 'guetteur.sqlite'), 'this is not a database, it is a text of some length');
    await assert.rejects(openStore(other.path), isCode('STORE_FAILED'));
    await other.remove();
  });

  test('two monitors cannot hold one data folder; the lock ends with its holder', () => {
    const unlock = lockFolder(folder.path);
    assert.throws(() => lockFolder(folder.path), isCode('STORE_LOCKED'));
    unlock();
    lockFolder(folder.path)();
  });

  test('the file is in WAL mode with full synchronisation', async () => {
    const file = new Database(join(folder.path, 'guetteur.sqlite'));
    assert.equal(file.pragma('journal_mode', { simple: true }), 'wal');
    file.close();
  });
});

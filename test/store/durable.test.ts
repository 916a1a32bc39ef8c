import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import type { Check } from '../../src/core/check.ts';
import { AppError } from '../../src/core/errors.ts';
import { followUps } from '../../src/decide/follow.ts';
import type { RecordEnds } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { SqliteStore } from '../../src/store/sqlite-store.ts';
import type { Tables } from '../../src/store/tables.ts';
import { checkOf, HOUR, planOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** A check is in the database with all that follows from it, or not at all: whatever statement is the last one. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeEach(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'guetteur.sqlite');
  const store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a')]);
  await store.record(checkOf('a', START), {});
  await store.plan([planOf('a', START + HOUR)]);
  await store.end();
});
afterEach(() => folder.remove());

/** Rows of every table but the migrator's own, and whether the file is sound. */
function everything(): Record<string, unknown> {
  const file = new Database(path, { readonly: true });
  const tables = file
    .prepare<[], { name: string }>(`select name from sqlite_master where type = 'table' and name not like 'kysely%'`)
    .all();
  const rows = tables.map(({ name }): [string, unknown[]] => [name, file.prepare(`select * from "${name}"`).all()]);
  const sound = [file.pragma('integrity_check', { simple: true }), file.pragma('foreign_key_check')];
  file.close();
  assert.deepEqual(sound, ['ok', []]);
  return Object.fromEntries<unknown>(rows);
}

/** Large enough that most of its statements need a page of their own. */
function largeCheck(): { check: Check; ends: RecordEnds } {
  const words = (name: string): string => `${name} `.repeat(1_500);
  const check = checkOf('a', START + HOUR, 'slots', {
    finalUrl: words('address'),
    fingerprint: words('structure'),
    reading: {
      outcome: 'unknown_page',
      rule: words('rule'),
      message: words('message'),
      facets: { links: [words('link')] },
    },
    withheld: words('why'),
  });
  return { check, ends: { plannedId: 1, decide: followUps() } };
}

describe('a full disk', () => {
  test('at any statement of a check: nothing of it is there, and it is recorded whole when there is space', async () => {
    const untouched = everything();
    const { check, ends } = largeCheck();
    let failures = 0;
    for (let extra = 0; ; extra += 1) {
      const file = new Database(path);
      file.pragma('foreign_keys = on');
      file.pragma(`max_page_count = ${Number(file.pragma('page_count', { simple: true })) + extra}`);
      const store = new SqliteStore(new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) }), path);
      const error: unknown = await store.record(check, ends).then(
        () => null,
        (reason: unknown) => reason,
      );
      await store.end();
      if (error === null) break;
      failures += 1;
      assert.ok(error instanceof AppError);
      assert.match(error.message, /full/);
      assert.deepEqual(everything(), untouched);
    }
    assert.ok(failures >= 8, `${failures}`);
    const { stored_plans: plans, daily, unrecognised, standings } = everything();
    assert.match(JSON.stringify(plans), /"done".*"check_id":2/);
    assert.match(JSON.stringify(daily), /"no_slots":1.*"unknown_page":1|"unknown_page":1.*"no_slots":1/);
    assert.match(JSON.stringify(unrecognised), /"check_id":2/);
    assert.match(JSON.stringify(standings), /"check_id":2/);
  });
});

describe('a process that is killed', () => {
  async function record(killedAt: number | null): Promise<{ signal: unknown; said: string }> {
    const program = new URL('../support/killed-process.ts', import.meta.url).pathname;
    const args = ['--disable-warning=ExperimentalWarning', program, folder.path, 'record'];
    const child = spawn(process.execPath, killedAt === null ? args : [...args, String(killedAt)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<unknown[]>]);
    return { signal, said };
  }

  test('while a check and its day are written: neither is there; the next one is recorded, and the days are right', async () => {
    const untouched = everything();
    // As many as a check without anything beside it needs, and the last of them are those of the day.
    for (const statement of [2, 5, 8, 11, 14, 16, 17]) {
      assert.equal((await record(statement)).signal, 'SIGKILL', `${statement}`);
      assert.deepEqual(everything(), untouched, `${statement}`);
    }
    const { said, signal } = await record(null);
    assert.equal(signal, null);
    assert.ok(Number(said) >= 17, said);
    const store = await openStore(folder.path);
    const written = everything();
    await store.rebuildDays('a');
    assert.deepEqual(everything()['daily'], written['daily']);
    assert.match(JSON.stringify(written['daily']), /"slots":1,"no_slots":1/);
    await store.end();
  });
});

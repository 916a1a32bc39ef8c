import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import { writeSynthetic } from '../../bench/synthetic.ts';
import { AppError } from '../../src/core/errors.ts';
import { Answers } from '../../src/stats/answers.ts';
import { openStore } from '../../src/store/open.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { oldStore } from '../support/old-store.ts';

/** An old database that is opened by a new version: whatever happens meanwhile, it is the old one or the new one. */

const UNTIL = Date.UTC(2026, 10, 27);
const TABLES = ['targets', 'checks', 'readings', 'planned', 'captures'];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let old: string;
let untouched: string[];
let afterwards: string[];

/** Short, so that a difference can be read. */
function digest(file: Database.Database, query: string): string {
  const rows = file.prepare<[], Record<string, unknown>>(query).all();
  const sorted = rows.map((row) => Object.entries(row).toSorted(([one], [other]) => (one < other ? -1 : 1)));
  return `${rows.length} ${createHash('sha256').update(JSON.stringify(sorted)).digest('hex')}`;
}

/** Takes the last changes back. */
const BEFORE_0009 = `drop view v_openings; drop table structures; drop index episodes_lasting;
  alter table episodes drop column lost_at; alter table standings drop column last_measured_at;
  alter table hosts drop column steady;
  delete from kysely_migration where name in ('0009-follow', '0010-steady');
  create index episodes_lasting on episodes (target_id) where ended_at is null;
  create view v_openings as select * from episodes`;

function digestOf(path: string, query: string): string {
  const file = new Database(path, { readonly: true });
  const found = digest(file, `${query} order by 1, 2, 3`);
  file.close();
  return found;
}

/** Whatever the form: rows by the columns that both forms have. */
function contents(path: string): string[] {
  const file = new Database(path, { readonly: true });
  const found = TABLES.map((table) => {
    const columns = table === 'targets' ? 'id, platform, address, department, procedure, host' : '*';
    return `${table} ${digest(file, `select ${columns} from ${table} order by 1, 2`)}`;
  });
  file.close();
  return found;
}

/** What was counted and folded at the change. */
function counted(path: string): string[] {
  const file = new Database(path, { readonly: true });
  const found = ['daily', 'standings', 'planned_counts', 'planned_ends', 'unrecognised'].map(
    (table) => `${table} ${digest(file, `select * from ${table} order by 1, 2`)}`,
  );
  found.push(JSON.stringify([file.pragma('integrity_check'), file.pragma('foreign_key_check')]));
  file.close();
  return found;
}

async function copied(name: string): Promise<{ folder: string; path: string }> {
  const to = join(folder.path, name);
  await mkdir(to);
  await copyFile(old, join(to, 'guetteur.sqlite'));
  return { folder: to, path: join(to, 'guetteur.sqlite') };
}

/** Opens in a process of its own: how it ended and what it said. */
async function opened(of: string, killedAt: number | null): Promise<{ signal: unknown; said: string }> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    new URL('../support/killed-process.ts', import.meta.url).pathname,
    of,
    'open',
  ];
  const child = spawn(process.execPath, killedAt === null ? args : [...args, String(killedAt)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [said, [, signal]] = await Promise.all([text(child.stdout), once(child, 'exit') as Promise<unknown[]>]);
  return { signal, said };
}

before(async () => {
  folder = await temporaryFolder();
  old = await oldStore(folder.path, '0003-alerts');
  writeSynthetic(old, { targets: 20, days: 3, until: UNTIL, seed: 'migration' });
  untouched = contents(old);
  const whole = await copied('whole');
  await (await openStore(whole.folder)).end();
  assert.deepEqual(contents(whole.path), untouched);
  afterwards = counted(whole.path);
});
after(() => folder.remove());

test('unused space is given back; where there is no room to do so it stays in the file, and the store opens', async (context) => {
  const { path, folder: of } = await copied('unused');
  await (await openStore(of)).end();
  const file = new Database(path);
  file.exec('create table large (bytes blob); insert into large values (zeroblob(20000000)); drop table large');
  file.close();
  const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')?.value as Database.Database['prepare'];
  const full = context.mock.method(Database.prototype, 'prepare', function (this: Database.Database, source: string) {
    if (source === 'vacuum') throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
    return prepare.call(this, source);
  });
  const told: string[] = [];
  await (await openStore(of, { tell: (what) => told.push(what) })).end();
  assert.deepEqual(told, [
    'the database: giving unused space back',
    'the database: unused space stays in the file: database or disk is full',
  ]);
  full.mock.restore();
  assert.ok((await stat(path)).size > 20_000_000);
  await (await openStore(of)).end();
  assert.ok((await stat(path)).size < 5_000_000);
  assert.deepEqual(contents(path), untouched);
});

describe('a change of the tables', () => {
  test('killed at any statement: all is there as it was, and the next start makes the change whole', async () => {
    const { said } = await opened((await copied('counted')).folder, null);
    const statements = Number(said);
    assert.ok(statements > 100, said);
    for (const part of [0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.98]) {
      const killed = await copied(`killed-${part}`);
      const { signal } = await opened(killed.folder, Math.floor(part * statements));
      assert.equal(signal, 'SIGKILL');
      assert.deepEqual(contents(killed.path), untouched, `${part}`);
      await (await openStore(killed.folder)).end();
      assert.deepEqual(contents(killed.path), untouched);
      assert.deepEqual(counted(killed.path), afterwards, `${part}`);
    }
  });

  test('without space for it: says so, leaves the file as it was, and goes well when there is space', async (context) => {
    const pragma = Object.getOwnPropertyDescriptor(Database.prototype, 'pragma')?.value as Database.Database['pragma'];
    const file = new Database(old, { readonly: true });
    const pages = Number(file.pragma('page_count', { simple: true }));
    file.close();
    let failures = 0;
    // Each time with more of it, until there is enough.
    for (let extra = 1; ; extra *= 2) {
      const full = await copied(`full-${extra}`);
      const limited = context.mock.method(
        Database.prototype,
        'pragma',
        function (this: Database.Database, source: string, options: Database.PragmaOptions) {
          if (source.startsWith('journal_mode')) pragma.call(this, `max_page_count = ${pages + extra}`);
          return pragma.call(this, source, options);
        },
      );
      const error: unknown = await openStore(full.folder).then(
        (store) => store.end(),
        (reason: unknown) => reason,
      );
      limited.mock.restore();
      if (error === undefined) break;
      failures += 1;
      assert.ok(error instanceof AppError && error.code === 'STORE_FAILED');
      assert.match(error.message, /could not be migrated, and is as it was: .*full.*free space/);
      assert.deepEqual(contents(full.path), untouched);
      await (await openStore(full.folder)).end();
      assert.deepEqual(counted(full.path), afterwards);
    }
    assert.ok(failures >= 4, `${failures}`);
  });

  test('is told step by step, and a new database or one of today says nothing', async () => {
    const { folder: of } = await copied('told');
    const told: string[] = [];
    await (await openStore(of, { tell: (what) => told.push(what) })).end();
    assert.deepEqual(told.slice(0, 2), [
      'the database: changing the tables: 0004-monitoring',
      'the database: changing the tables: 0005-assisted',
    ]);
    assert.ok(
      told.includes('the database: counting days: target 1 of 20') &&
        told.includes('the database: folding the checks of 20 targets'),
    );
    for (const again of [of, join(folder.path, 'new')])
      await (await openStore(again, { tell: (what) => assert.fail(what) })).end();
  });

  test('a folder of the version before opens and gives the same figures to the last digit', async () => {
    const { folder: of, path } = await copied('before-0009');
    await (await openStore(of)).end();
    const period = { from: '2026-11-24', to: '2026-11-26' };
    const figures = async (): Promise<unknown[]> => {
      const source = openTallySource(of);
      const answers = new Answers({ source, practice: false, now: () => UNTIL });
      const { targets } = await answers.targets(period);
      const each = await Promise.all(targets.map(({ target }) => answers.target(target.id, period)));
      const found = [await answers.national(period), await answers.service('anef', period), ...each];
      source.close();
      return found;
    };
    const [expected, counts] = [await figures(), counted(path)];
    const file = new Database(path);
    file.exec(`${BEFORE_0009};
      insert into episodes select target_id, 'outage', started_at - 2, null, started_at - 1, started_at - 1, null, null, 'error', 0
        from standings where target_id = (select min(target_id) from standings)`);
    file.close();
    const told: string[] = [];
    const store = await openStore(of, { tell: (what) => told.push(what) });
    assert.deepEqual(told.slice(0, 2), [
      'the database: changing the tables: 0009-follow',
      'the database: changing the tables: 0010-steady',
    ]);
    assert.deepEqual(await figures(), expected);
    assert.deepEqual(counted(path), counts);
    const [outage] = await store.episodes({ limit: 9 });
    assert.deepEqual(
      [outage?.endedAt, outage?.lostAt, outage !== undefined && 'lostAt' in outage],
      [null, undefined, false],
    );
    await store.end();
  });

  test('structures of pages that a target has shown are known after the change, so that they are no surprise', async () => {
    const { folder: of, path } = await copied('structures');
    await (await openStore(of)).end();
    const file = new Database(path);
    file.exec(BEFORE_0009);
    file.close();
    await (await openStore(of)).end();
    assert.equal(
      digestOf(path, 'select distinct target, outcome, fingerprint from structures'),
      digestOf(
        path,
        `select distinct c.target, r.outcome, x.words as fingerprint from stored_checks c
          join stored_readings r on r.check_id = c.id and r.current = 1 join texts x on x.id = c.fingerprint`,
      ),
    );
  });

  test('one process changes it; another one that comes meanwhile finds it changed', async () => {
    const { folder: of, path } = await copied('two');
    const ends = await Promise.all([opened(of, null), opened(of, null)]);
    assert.deepEqual(
      ends.map(({ signal, said }) => [signal, Number(said) > 0]),
      [
        [null, true],
        [null, true],
      ],
    );
    assert.deepEqual(counted(path), afterwards);
  });

  test('who comes while another process changes it is told to wait', async (context) => {
    const { folder: of, path } = await copied('busy');
    const other = new Database(path);
    other.pragma('journal_mode = WAL');
    other.exec('begin immediate');
    const pragma = Object.getOwnPropertyDescriptor(Database.prototype, 'pragma')?.value as Database.Database['pragma'];
    context.mock.method(Database.prototype, 'pragma', function (this: Database.Database, source: string) {
      pragma.call(this, 'busy_timeout = 0');
      return pragma.call(this, source);
    });
    await assert.rejects(openStore(of), { code: 'STORE_FAILED', message: /being changed by another process/ });
    other.exec('rollback');
    other.close();
    assert.deepEqual(contents(path), untouched);
  });

  test('who reads figures meanwhile gets an error, and the figures when it is done', async () => {
    const { folder: of } = await copied('read');
    const source = openTallySource(of);
    const answers = new Answers({ source, practice: false, now: () => UNTIL });
    const period = { from: '2026-11-24', to: '2026-11-26' };
    await assert.rejects(answers.national(period), { code: 'STORE_FAILED' });
    await (await openStore(of)).end();
    assert.ok((await answers.national(period)).measured.share.checks > 1_000);
    source.close();
  });
});

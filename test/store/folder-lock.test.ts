import assert from 'node:assert/strict';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import { KillSwitch } from '../../src/run/kill-switch.ts';
import { lockFolder, takeFolder } from '../../src/store/folder-lock.ts';
import { MIGRATIONS } from '../../src/store/migrations/index.ts';
import { openStore } from '../../src/store/open.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { oldStore } from '../support/old-store.ts';

/** Who may change the tables of a folder, or rewrite its file, while others work on it. */

const OLD = '0003-alerts';
const BROWSER = { GUETTEUR_BROWSER: process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell' };
const CHECK = ['check', '--platform', 'page', '--url', 'http://127.0.0.1:1/'];
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;
let path: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data/practice');
  path = join(data, 'guetteur.sqlite');
  await mkdir(data, { recursive: true });
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await folder.remove();
});

async function asked(query: string): Promise<unknown[]> {
  const file = new Database(path, { readonly: true });
  try {
    return file.prepare(query).pluck().all();
  } finally {
    file.close();
  }
}

const changes = (): Promise<unknown[]> => asked('select name from kysely_migration order by name');

async function fill(): Promise<void> {
  await oldStore(data, OLD);
  const file = new Database(path);
  file.pragma('journal_mode = WAL');
  file.exec(`insert into targets (id, platform, address, procedure, practice, host)
    values ('a', 'page', 'http://127.0.0.1:1/', 'service', 1, 'a.example')`);
  file.close();
}

/** More than half of the file is unused. */
async function waste(): Promise<void> {
  await (await openStore(data)).end();
  const file = new Database(path);
  file.exec('create table large (bytes blob); insert into large values (zeroblob(20000000)); drop table large');
  file.close();
}

function processOf(program: URL, ...args: string[]): ChildProcess {
  const child = fork(program, args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    silent: true,
  });
  children.push(child);
  return child;
}

async function oldMonitor(): Promise<ChildProcess> {
  const monitor = processOf(new URL('../support/old-monitor.ts', import.meta.url), data, path);
  await once(monitor, 'message');
  return monitor;
}

/** A process that opens the folder and stands still before this statement. */
async function stoppedAt(statement: string): Promise<ChildProcess> {
  const child = processOf(new URL('../support/killed-process.ts', import.meta.url), data, 'open', statement);
  const [said] = (await Promise.race([once(child.stdout ?? assert.fail(), 'data'), once(child, 'exit')])) as unknown[];
  assert.equal(String(said), 'stopped');
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('while a monitor of an older version runs on the folder', () => {
  test('commands that open the store are refused with code 2; its tables stay, and all that it writes is kept', async () => {
    await fill();
    await new KillSwitch(data).stop('a.example');
    const monitor = await oldMonitor();
    const before = await changes();
    for (const args of [['checks', '--json'], ['replay'], ['resume', 'a.example'], CHECK]) {
      const { code, err, out } = await runCli(args, folder.path, BROWSER);
      assert.deepEqual([code, out], [2, ''], `${args.join(' ')}: ${err}`);
      assert.match(err, /^STORE_LOCKED: a monitor of an older version runs on .*\n→ stop that monitor, then start it/m);
    }
    const doctor = await runCli(['doctor'], folder.path, BROWSER);
    assert.match(doctor.out, /BAD +start +STORE_LOCKED: a monitor of an older version/);
    assert.deepEqual(await changes(), before);
    assert.equal(new KillSwitch(data).all().length, 1, 'a resume that failed lifted nothing');
    const said = once(monitor, 'message');
    monitor.send('end');
    const [{ written, failure }] = (await said) as [{ written: number; failure: string | null }];
    assert.equal(failure, null);
    assert.ok(written > 20);
    assert.deepEqual(await asked('select count(*) from checks'), [written]);
  });

  test('killed, it leaves nothing behind: the next command changes the tables, and says so on standard error', async () => {
    for (const args of [
      ['checks', '--json'],
      ['replay', '--json'],
      ['resume', 'a.example'],
    ]) {
      await fill();
      const monitor = await oldMonitor();
      await killed(monitor);
      const { code, out, err } = await runCli(args, folder.path);
      assert.equal(code, 0, err);
      assert.match(err, /^the database: changing the tables: 0010-steady$/m, args.join(' '));
      assert.doesNotMatch(out, /database/);
      assert.deepEqual(await changes(), Object.keys(MIGRATIONS));
      lockFolder(data)();
      await rm(path);
    }
  });
});

describe('the tables of a folder', () => {
  test('are changed by a command under the lock of the folder: no monitor starts meanwhile; killed, it leaves neither', async () => {
    await fill();
    const before = await changes();
    const command = await stoppedAt('commit');
    assert.equal(takeFolder(data), null);
    const { code, err } = await runCli(['start'], folder.path);
    assert.equal(code, 2);
    assert.match(err, /^STORE_LOCKED: another monitor, or a command that changes the tables, uses /m);
    await killed(command);
    assert.deepEqual(await changes(), before);
    lockFolder(data)();
  });

  test('are changed by who has the lock already, who keeps it; others give it back once the store is open', async () => {
    await fill();
    const unlock = lockFolder(data);
    await assert.rejects(openStore(data), { code: 'STORE_LOCKED', exitCode: 2 });
    await (await openStore(data, { holdsLock: true })).end();
    assert.equal(takeFolder(data), null);
    unlock();
    await rm(path);
    await fill();
    const store = await openStore(data);
    lockFolder(data)();
    await store.end();
  });

  test('are made in an empty folder by whoever comes first, and opened in the form of today, without the lock', async () => {
    await (await openStore(data)).end();
    assert.ok(!existsSync(join(data, 'monitor.lock')));
    await rm(path);
    const unlock = lockFolder(data);
    for (const _ of ['new', 'current']) await (await openStore(data)).end();
    unlock();
    assert.deepEqual(await changes(), Object.keys(MIGRATIONS));
  });
});

describe('unused space', () => {
  test('stays in the file while somebody else has the folder, and commands work; then it is given back, which is said', async () => {
    await waste();
    const unlock = lockFolder(data);
    const beside = await runCli(['checks', '--json'], folder.path);
    assert.deepEqual([beside.code, beside.out, beside.err], [0, '[]\n', '']);
    assert.ok((await stat(path)).size > 20_000_000);
    unlock();
    const alone = await runCli(['checks', '--json'], folder.path);
    assert.deepEqual([alone.code, alone.out, alone.err], [0, '[]\n', 'the database: giving unused space back\n']);
    assert.ok((await stat(path)).size < 5_000_000);
    lockFolder(data)();
  });

  test('is given back by a monitor at its start, and by a command under the lock of the folder', async () => {
    await waste();
    const command = await stoppedAt('vacuum');
    assert.equal(takeFolder(data), null);
    await killed(command);
    const store = await openStore(data);
    lockFolder(data)();
    await store.end();
    assert.ok((await stat(path)).size < 5_000_000);
    await waste();
    const unlock = lockFolder(data);
    await (await openStore(data, { holdsLock: true })).end();
    assert.equal(takeFolder(data), null);
    unlock();
    assert.ok((await stat(path)).size < 5_000_000);
  });
});

describe('what fails is named', () => {
  test('a lock that cannot be asked for is no other monitor', async () => {
    await writeFile(join(data, 'monitor.lock'), 'this is not a lock, it is a text of some length');
    assert.throws(() => lockFolder(data), { code: 'STORE_FAILED', message: /monitor\.lock could not be locked: / });
    await rm(join(data, 'monitor.lock'));
    await mkdir(join(data, 'monitor.lock'));
    assert.throws(() => lockFolder(data), { code: 'STORE_FAILED', message: /monitor\.lock could not be locked: / });
  });

  test('only a change that failed "could not be migrated": not a file that cannot be read, nor one whose size cannot', async (context) => {
    const file = new Database(path);
    file.exec('create table kysely_migration (other text)');
    file.close();
    await assert.rejects(openStore(data), {
      code: 'STORE_FAILED',
      message: `${path} could not be opened: no such column: name`,
    });
    await rm(path);
    await waste();
    const prepare = Object.getOwnPropertyDescriptor(Database.prototype, 'prepare')
      ?.value as Database.Database['prepare'];
    context.mock.method(Database.prototype, 'prepare', function (this: Database.Database, source: string) {
      if (source.includes('pragma_freelist_count')) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR');
      return prepare.call(this, source);
    });
    await assert.rejects(openStore(data), {
      code: 'STORE_FAILED',
      message: `${path} could not be opened: disk I/O error`,
    });
  });
});

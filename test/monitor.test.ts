import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import Database from 'better-sqlite3';

import { PRACTICE_CODE } from '../src/practice/rdv-prefecture/captcha-service.ts';
import { processTree } from '../src/run/browser/processes.ts';
import { hasCaptcha, isState, openLine, visitor } from './support/assist-client.ts';
import { temporaryFolder } from './support/monitor.ts';
import { oldStore } from './support/old-store.ts';

/** The whole program as a process of its own, killed and stopped as it will be in the world. */

const GATED = 'practice-rdv-prefecture-landing-captcha-a';
const MAIN = join(import.meta.dirname, '../src/main.ts');
const ENV = { ...process.env, GUETTEUR_BROWSER: process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell' };

interface Running {
  readonly child: ChildProcess;
  readonly log: () => string;
  readonly page: string;
  readonly exited: Promise<number | null>;
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'guetteur.yaml'), 'http:\n  port: 0\n');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await folder.remove();
});

async function start(): Promise<Running> {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: folder.path,
    env: ENV,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let log = '';
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const page = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      log += chunk.toString();
      const found = /"page":"([^"]+)"/.exec(log)?.[1];
      if (found !== undefined) resolve(found);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void exited.then(() => reject(new Error(log)));
  });
  return { child, log: () => log, page, exited };
}

/** A start that must end by itself. */
async function refused(): Promise<{ readonly code: number | null; readonly said: string }> {
  const child = spawn(process.execPath, [MAIN, 'start'], {
    cwd: folder.path,
    env: ENV,
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });
  children.push(child);
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, said };
}

function rows<T>(query: string): T[] {
  const file = new Database(join(folder.path, 'data/practice/guetteur.sqlite'), { readonly: true });
  try {
    return file.prepare<[], T>(query).all();
  } finally {
    file.close();
  }
}

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const limit = Date.now() + 240_000;
  while (!(await holds())) {
    assert.ok(Date.now() < limit, `${what} did not happen in four minutes`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const count = (query: string): number => rows<{ n: number }>(query)[0]?.n ?? 0;
const checksDone = (): number => count('select count(*) as n from checks');

/** No interval has two plans, and each closed plan has one end with its reason. */
function assertLedgerIsWhole(): void {
  assert.equal(
    count('select count(*) as n from (select 1 from planned group by target_id, interval_start having count(*) > 1)'),
    0,
  );
  assert.equal(count("select count(*) as n from planned where state in ('skipped', 'missed') and reason = ''"), 0);
  assert.equal(count("select count(*) as n from planned where state = 'done' and check_id is null"), 0);
  const doubles =
    'select count(*) as n from (select check_id from planned where check_id is not null group by check_id having count(*) > 1)';
  assert.equal(count(doubles), 0);
}

describe('the monitor as a process', () => {
  test('killed in flight, it loses the check under way and no other, and the next start accounts for it', async () => {
    const first = await start();
    await until(
      'a check is recorded and another is under way',
      () => checksDone() >= 2 && count("select count(*) as n from planned where state = 'begun'") > 0,
    );
    const browsers = (await processTree(first.child.pid ?? 0)).length - 1;
    assert.ok(browsers > 0);
    first.child.kill('SIGKILL');
    await first.exited;
    const begun = rows<{ id: number }>("select id from planned where state = 'begun'").map(({ id }) => id);
    const done = checksDone();
    const second = await start();
    const states = rows<{ state: string; reason: string }>(
      `select state, reason from planned where id in (${begun.join(',')})`,
    );
    assert.equal(states.length, begun.length);
    for (const { state, reason } of states)
      assert.deepEqual([state, reason], ['missed', 'the monitor ended while the check was under way']);
    await until('checks go on', () => checksDone() > done);
    assertLedgerIsWhole();
    second.child.kill('SIGTERM');
    assert.equal(await second.exited, 0);
    assertLedgerIsWhole();
  });

  test('in practice, a link in the log leads a person to a captcha of the replicas, and a reading comes of it', async () => {
    const monitor = await start();
    const gated = `select count(*) as n from checks c join readings r on r.check_id = c.id
      where c.target_id = '${GATED}' and c.mode = 'scheduled' and r.outcome = 'captcha'`;
    await until('the captcha was seen', () => count(gated) > 0);
    const link = /"assist":"([^"]+)"/.exec(monitor.log())?.[1] ?? '';
    const who = await visitor(monitor.page, link);
    assert.match(await (await who.get('assist/fr/')).text(), new RegExp(`value="${GATED}"`));
    const line = await openLine(monitor.page, await who.begin(GATED), who);
    line.send({ kind: 'hello', size: 'narrow' });
    await line.until(hasCaptcha);
    line.send({ kind: 'answer', text: PRACTICE_CODE });
    await line.until(isState('done'));
    assert.equal(count(`select count(*) as n from checks where target_id = '${GATED}' and mode = 'assisted'`), 1);
    assert.match(await (await fetch(`${monitor.page}people`)).text(), new RegExp(`${GATED}</td>[^]*slots`));
    monitor.child.kill('SIGTERM');
    assert.equal(await monitor.exited, 0);
    assertLedgerIsWhole();
  });

  test('in practice, slots that are seen arrive as messages within seconds, and the page and figures tell of them', async () => {
    const monitor = await start();
    const told =
      "select count(*) as n from deliveries d join notices n on n.id = d.notice_id where n.kind = 'slots' and d.state = 'sent'";
    await until('a message about slots was accepted', () => count(told) > 0);
    const mailbox = /"mailbox":"([^"]+)"/.exec(monitor.log())?.[1] ?? '';
    const letters = await (await fetch(mailbox)).text();
    assert.match(letters, /^\[EXERCICE\]/m);
    const metrics = await (await fetch(`${monitor.page}metrics`)).text();
    assert.match(metrics, /guetteur_alert_delay_seconds_count\{channel="webhook"\} [1-9]/);
    assert.match(await (await fetch(`${monitor.page}operator/alerts`)).text(), /<td>webhook<\/td>\s*<td>sent<\/td>/);
    monitor.child.kill('SIGTERM');
    assert.equal(await monitor.exited, 0);
    assert.equal(count("select count(*) as n from messages where state = 'claimed'"), 0);
  });

  test('stopped, it ends within 10 s with code 0, leaves no process, no open plan, and a restart plans nothing twice', async () => {
    const first = await start();
    await until('a check is recorded', () => checksDone() >= 1);
    const pids = (await processTree(first.child.pid ?? 0)).map((info) => info.pid);
    const stoppedAt = performance.now();
    first.child.kill('SIGINT');
    assert.equal(await first.exited, 0);
    assert.ok(performance.now() - stoppedAt < 10_000);
    assert.equal(count("select count(*) as n from planned where state = 'begun'"), 0);
    assert.deepEqual((await Promise.all(pids.map(processTree))).flat(), []);
    assert.deepEqual(
      (await readdir(tmpdir())).filter((name) => name.startsWith(`guetteur-${first.child.pid}-`)),
      [],
    );
    const before = rows<{ id: number; planned_at: number }>('select id, planned_at from planned order by id');
    const second = await start();
    const after = rows<{ id: number; planned_at: number }>('select id, planned_at from planned order by id');
    assert.deepEqual(after.slice(0, before.length), before);
    second.child.kill('SIGINT');
    assert.equal(await second.exited, 0);
    assertLedgerIsWhole();
  });

  test('changes the tables of an older version at its start, says so in its log, and commands run beside it', async () => {
    const data = join(folder.path, 'data/practice');
    await mkdir(data, { recursive: true });
    await oldStore(data, '0003-alerts');
    const monitor = await start();
    assert.match(monitor.log(), /"msg":"the database: changing the tables: 0004-monitoring"/);
    const args = [MAIN, 'checks', '--json'];
    const { stdout: answer, stderr } = await promisify(execFile)(process.execPath, args, {
      cwd: folder.path,
      env: ENV,
    });
    assert.ok(Array.isArray(JSON.parse(answer)), stderr);
    monitor.child.kill('SIGTERM');
    assert.equal(await monitor.exited, 0);
  });

  test('whose port is taken ends by itself, so that whoever watches over it can start it again', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    try {
      const { port } = other.address() as AddressInfo;
      await writeFile(join(folder.path, 'guetteur.yaml'), `http:\n  port: ${port}\n`);
      const { code, said } = await refused();
      assert.equal(code, 2, said);
      assert.match(said, /^PORT_TAKEN: /m);
    } finally {
      other.close();
    }
  });

  test('a second monitor on the same folder is refused with code 2; a one-shot check runs beside the first', async (t: TestContext) => {
    const first = await start();
    const second = await refused();
    assert.equal(second.code, 2);
    assert.match(second.said, /STORE_LOCKED/);
    const args = [MAIN, 'check', 'practice-anef-home-v2', '--json'];
    const { stdout: answer } = await promisify(execFile)(process.execPath, args, { cwd: folder.path, env: ENV });
    const parsed = JSON.parse(answer) as { outcome: string; evidence: { html: string } };
    assert.equal(parsed.outcome, 'operational');
    assert.match(parsed.evidence.html, /^[0-9a-f]{64}$/);
    await until('page, metrics and log agree', () => agree(first));
    await promtoolAccepts(`${first.page}metrics`, t);
    first.child.kill('SIGTERM');
    await first.exited;
  });
});

/** Page, metrics and log say the same of each target that was checked. */
async function agree({ page, log }: Running): Promise<boolean> {
  const [html, metrics] = await Promise.all(
    [fetch(`${page}operator/`), fetch(`${page}metrics`)].map(async (answer) => (await answer).text()),
  );
  const logged = new Map<string, string>();
  for (const [, target = '', outcome = ''] of log().matchAll(/"target":"([^"]+)","outcome":"([^"]+)"/g)) {
    if (outcome !== 'skipped') logged.set(target, outcome);
  }
  const targets = [...logged].filter(([target]) => target !== 'practice-anef-home-v2');
  return (
    targets.length >= 3 &&
    targets.every(
      ([target, outcome]) =>
        metrics?.includes(`guetteur_target_outcome{target="${target}"`) === true &&
        new RegExp(`target="${target}",[^}]*outcome="${outcome}"`).test(metrics) &&
        new RegExp(`${target}<br[^]*?class="outcome ([a-z_]+)`).exec(html ?? '')?.[1] === outcome,
    )
  );
}

async function promtoolAccepts(url: string, t: TestContext): Promise<void> {
  const metrics = await (await fetch(url)).text();
  const promtool = spawn('promtool', ['check', 'metrics'], { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  promtool.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = new Promise<number | null | 'absent'>((resolve) => {
    promtool.once('exit', (exit) => resolve(exit));
    promtool.once('error', () => resolve('absent'));
  });
  promtool.stdin.on('error', () => undefined).end(metrics);
  const exit = await code;
  if (exit === 'absent') t.diagnostic('NOT CHECKED: promtool is not installed, so it did not look at the metrics');
  else assert.equal(exit, 0, said);
}

import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { onSmallDisk, whyNoSmallDisk } from './support/full-disk.ts';
import { temporaryFolder } from './support/monitor.ts';

/** The monitor as a process whose disk fills up under it: a real one, of some megabytes. */

const MAIN = [process.execPath, '--disable-warning=ExperimentalWarning', join(import.meta.dirname, '../src/main.ts')];
const why = whyNoSmallDisk();

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let child: ChildProcess | undefined;
beforeEach(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'data'));
  await writeFile(join(folder.path, 'guetteur.yaml'), 'http:\n  port: 0\n');
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await folder.remove();
});

function start(kib: number, command: readonly string[]) {
  const started = onSmallDisk({ folder: join(folder.path, 'data'), kib, cwd: folder.path }, command);
  child = started;
  let said = '';
  for (const stream of [started.stdout, started.stderr]) stream?.on('data', (chunk: Buffer) => (said += String(chunk)));
  const ended = once(started, 'close').then(([code]) => code as number | null);
  /** Resolves when more was said that matches; rejects when the process ends first. */
  const heard = async (words: RegExp, from = 0): Promise<void> => {
    while (!words.test(said.slice(from))) {
      if (started.exitCode !== null) throw new Error(said);
      await once(started.stdout ?? started, 'data');
    }
  };
  return { pid: started.pid ?? 0, said: () => said, ended, heard, stop: () => started.kill('SIGTERM') };
}

/** Takes all the room that is left, as the process sees its disk. */
async function fill(pid: number): Promise<string> {
  const path = join(`/proc/${pid}/root`, folder.path, 'data/filler');
  await writeFile(path, Buffer.alloc(64_000_000)).catch((error: NodeJS.ErrnoException) =>
    assert.equal(error.code, 'ENOSPC'),
  );
  return path;
}

describe('a disk that fills up', { skip: why ?? false }, () => {
  test('under store, proofs and open data: the monitor goes on, works again when there is room, and stops with code 0', async () => {
    const monitor = start(12_000, [...MAIN, 'start']);
    await monitor.heard(/"outcome":/);
    const filler = await fill(monitor.pid);
    const full = monitor.said().length;
    await monitor.heard(/"level":"error"/, full);
    await rm(filler);
    const free = monitor.said().length;
    await monitor.heard(/"outcome":"(?:slots|no_slots|operational)"/, free);
    await fill(monitor.pid);
    await monitor.heard(/"level":"error"/, monitor.said().length);
    monitor.stop();
    assert.equal(await monitor.ended, 0, monitor.said());
    assert.doesNotMatch(monitor.said(), /INTERNAL|^ {4}at /m);
  });

  test('at the start: one sentence, and code 1', async () => {
    const monitor = start(40, [...MAIN, 'start']);
    assert.equal(await monitor.ended, 1, monitor.said());
    assert.match(monitor.said(), /^(?:STORE_FAILED|SYSTEM_REFUSED): [^\n]*\n→ [^\n]*$/m);
    assert.doesNotMatch(monitor.said(), /INTERNAL|^ {4}at /m);
  });

  test('under the log: the monitor goes on, and stops with code 0', async () => {
    const monitor = start(12_000, ['sh', '-c', 'exec "$@" > /dev/full', 'sh', ...MAIN, 'start']);
    const said = once(child?.stderr ?? assert.fail(), 'data');
    await said;
    assert.match(monitor.said(), /the log cannot be written \(ENOSPC\)/);
    monitor.stop();
    assert.equal(await monitor.ended, 0, monitor.said());
  });
});

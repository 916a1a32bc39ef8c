import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { runCli, type CliAnswer } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** How commands end when their reader leaves, the disk is full, files run out or a signal comes. */

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;

before(async () => {
  folder = await temporaryFolder();
  await writeFile(join(folder.path, 'guetteur.yaml'), 'http:\n  port: 0\n');
});
after(() => folder.remove());

/** The command line within a line of shell, where it stands as `"$@"`. */
function shell(line: string, args: readonly string[]): Promise<CliAnswer> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, ...args];
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--norc', '-c', line, 'bash', ...command], {
      cwd: folder.path,
      env: { PATH: process.env['PATH'] ?? '', GUETTEUR_BROWSER: '/bin/true' },
      timeout: 120_000,
      killSignal: 'SIGKILL',
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

/** Where the monitor is refused at once, others come as far as they can, and say where they were held up. */
const REFUSED = /^SYSTEM_REFUSED: .* files open/m;
const HELD_UP = /^BAD |[A-Z]+_[A-Z]+: /m;

describe('a command', () => {
  for (const args of [['targets', '--all'], ['targets', '--all', '--json'], ['config', 'schema'], ['--help']]) {
    test(`whose reader leaves ends quietly: ${args.join(' ')} | true`, async () => {
      const { code, err } = await shell('"$@" | true; exit "${PIPESTATUS[0]}"', args);
      assert.deepEqual([code, err], [0, '']);
    });
  }

  test('whose answer finds no room says so in one sentence, with code 1', { skip: noFullDevice() }, async () => {
    const { code, err } = await shell('"$@" > /dev/full', ['targets', '--all']);
    assert.equal(code, 1);
    assert.match(err, /^SYSTEM_REFUSED: ENOSPC[^\n]*\n→ [^\n]*\n$/);
  });

  for (const limit of [40, 64, 100]) {
    for (const args of [['start'], ['doctor'], ['check', 'practice-anef-home-v2']]) {
      test(`that may have ${limit} files open ends by itself, with a message: ${args[0]}`, async () => {
        const { code, out, err } = await shell(`ulimit -n ${limit}; "$@"`, args);
        assert.equal(code, 1, `${out}${err}`);
        assert.match(`${out}${err}`, args[0] === 'start' ? REFUSED : HELD_UP);
        assert.doesNotMatch(err, /INTERNAL|^ {4}at /m);
      });
    }
  }

  test('that nobody told to end is ended by a signal at once, as any program is', async () => {
    const fifo = join(folder.path, 'answer');
    await shell(`mkfifo ${fifo}`, []);
    // Opening a pipe to write waits until the command has opened it to read, and then the command waits for its words.
    const { code } = await shell(`"$@" & exec 9> ${fifo}; kill $!; wait $!`, ['-c', fifo, 'config', 'check']);
    assert.equal(code, 143);
  });
});

describe('where the data is', () => {
  test('an absolute folder is honoured, and shown', async () => {
    const data = join(folder.path, 'elsewhere');
    const deep = join(folder.path, 'deep');
    await mkdir(deep, { recursive: true });
    await writeFile(join(deep, 'guetteur.yaml'), `data: ${data}\n`);
    const shown = await runCli(['-c', 'deep/guetteur.yaml', 'config', 'check'], folder.path);
    assert.equal(shown.code, 0, shown.err);
    assert.ok(shown.out.includes(`data in ${data}\n`), shown.out);
    await runCli(['-c', 'deep/guetteur.yaml', 'stop'], folder.path);
    assert.ok(existsSync(data));
    await writeFile(join(deep, 'guetteur.yaml'), 'data: near\n');
    const near = await runCli(['-c', 'deep/guetteur.yaml', 'config', 'check', '--json'], folder.path);
    assert.equal((JSON.parse(near.out) as { data: string }).data, join(deep, 'near'));
  });
});

function noFullDevice(): string | false {
  return existsSync('/dev/full') ? false : 'NOT CHECKED: this system has no /dev/full';
}

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';

import { ServiceManager } from '../src/service-manager.ts';
import { temporaryFolder } from './support/monitor.ts';

/** A process with a watchdog of short limits. How it goes on is its argument. */
const HUNG = (how: string): string => `
  import { openWatchdog } from ${JSON.stringify(join(import.meta.dirname, '../src/watchdog.ts'))};
  const watchdog = openWatchdog((error) => { throw error; }, { loopMs: 500, tickMs: 1_000, lookEveryMs: 50 });
  process.on('SIGTERM', () => undefined);
  ${how}
`;

async function run(how: string) {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', '--input-type=module-typescript', '-e', HUNG(how)],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 60_000,
      killSignal: 'SIGQUIT',
    },
  );
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
  await once(child, 'close');
  return { signal: child.signalCode, code: child.exitCode, err };
}

describe('the watchdog', () => {
  for (const [name, how] of [
    ['whose loop hangs, deaf to SIGTERM', 'setTimeout(() => { for (;;); }, 200);'],
    [
      'that waits in the kernel',
      'setTimeout(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0), 200);',
    ],
    ['whose ticks end no more', 'setInterval(() => undefined, 100);'],
  ] as const) {
    test(`ends a process ${name}, with one line`, async () => {
      const { signal, err } = await run(how);
      assert.equal(signal, 'SIGKILL');
      assert.match(err, /^guetteur: hung for \d+ s: the process ends itself, to be started again\n$/);
    });
  }

  test('lets a process live whose ticks go on, keeps none alive, and ends with it', async () => {
    const ticks =
      'let left = 30; const timer = setInterval(() => { watchdog.ticked(); if (--left === 0) clearInterval(timer); }, 50);';
    assert.deepEqual(await run(ticks), { signal: null, code: 0, err: '' });
    assert.deepEqual(await run('await watchdog.close();'), { signal: null, code: 0, err: '' });
  });
});

/** systemd's end of the line: a datagram socket, which Node does not have. */
const LISTENER = `
import socket, sys
line = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
line.bind(sys.argv[1])
print('listening', flush=True)
while True:
    print(line.recv(4096).decode().replace('\\n', ' '), flush=True)
`;

function whyNoSystemd(): string | false {
  const missing = ['systemd-notify', 'python3'].filter((name) => spawnSync(name, ['--version']).status !== 0);
  return missing.length > 0 && `NOT CHECKED: ${missing.join(' and ')} is missing`;
}

describe('systemd', () => {
  test('is told of the start, of life as often as it asks, and of the end', { skip: whyNoSystemd() }, async () => {
    const folder = await temporaryFolder();
    const socket = join(folder.path, 'notify');
    const listener = spawn('python3', ['-c', LISTENER, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      const lines = createInterface({ input: listener.stdout })[Symbol.asyncIterator]();
      const next = async (): Promise<string> => {
        // systemd-notify asks systemd besides to say when it has read all before.
        for (;;) {
          const { value } = (await lines.next()) as { value: string };
          if (!value.startsWith('BARRIER')) return value.trim();
        }
      };
      assert.equal(await next(), 'listening');
      const manager = new ServiceManager({ socket, watchdogMs: 30 }, (error) => assert.fail(String(error)));
      await manager.ready();
      assert.equal(await next(), 'READY=1 WATCHDOG=1');
      const life = setInterval(() => manager.alive(), 5);
      assert.equal(await next(), 'WATCHDOG=1');
      clearInterval(life);
      await manager.stopping();
      for (let said = await next(); said !== 'STOPPING=1'; said = await next()) assert.equal(said, 'WATCHDOG=1');
    } finally {
      listener.kill();
      await folder.remove();
    }
  });

  test('that cannot be told is one failure, and none where nobody asked', async () => {
    const failures: unknown[] = [];
    const deaf = new ServiceManager({ socket: '/nowhere/notify', watchdogMs: 1 }, (error) => failures.push(error));
    await deaf.ready();
    await deaf.stopping();
    assert.equal(failures.length, 1);
    const alone = new ServiceManager({ socket: null, watchdogMs: null }, (error) => assert.fail(String(error)));
    await alone.ready();
    alone.alive();
    await alone.stopping();
  });
});

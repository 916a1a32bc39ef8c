/** The engine of the clock: what it has to say stands in our log, as lines of ours. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import { pino } from 'pino';

import { cronLogger } from '../../src/schedule/engines/cron.ts';

describe('what the engine has to say', () => {
  test('is a line of its level, and an error is told with its place', () => {
    const lines: Record<string, unknown>[] = [];
    const log = pino(
      { level: 'debug', base: null },
      { write: (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    );
    const engine = cronLogger(log);
    engine.warn('missed execution');
    engine.info('i');
    engine.error(new TypeError('broken'));
    engine.error('failed', new RangeError('why'));
    assert.deepEqual(
      lines.map(({ level, msg, error }) => [level, msg, error]),
      [
        [40, 'clock: missed execution', undefined],
        [30, 'clock: i', undefined],
        [50, 'clock: broken', 'TypeError'],
        [50, 'clock: failed', 'RangeError'],
      ],
    );
    assert.match(String(lines[2]?.['stack']), /clock\.test\.ts/);
  });

  test('never stands on standard output as it is: not when a tick lasts too long, not when one throws', async () => {
    const script = `
      import { bySchedule } from '${new URL('../../src/schedule/engines/cron.ts', import.meta.url).href}';
      import { createLog } from '${new URL('../../src/log.ts', import.meta.url).href}';
      let ticks = 0;
      const log = createLog('debug');
      const stop = bySchedule('* * * * * *', log, async () => {
        ticks += 1;
        if (ticks > 1) { await stop(); process.exit(0); }
        // Blocked for longer than two seconds, which is what the engine warns of; then a failure.
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_600);
        throw new Error('a tick failed');
      });`;
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script]);
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (out += chunk.toString()));
    await new Promise((resolve) => child.once('exit', resolve));
    const written = out.split('\n').filter((line) => line !== '' && !/ExperimentalWarning|--trace-warnings/.test(line));
    const foreign = written.filter((line) => !line.startsWith('{"level":'));
    assert.deepEqual(foreign, []);
    assert.match(out, /"level":"warn"[^\n]*clock: missed execution/);
    assert.match(out, /"level":"error"[^\n]*clock: a tick failed/);
  });
});

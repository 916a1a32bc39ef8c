import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { KillSwitch } from '../../src/run/kill-switch.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

describe('C9: a person stops the visits, of one host or of all', () => {
  let bench: Bench;
  let site: WebSite;
  before(async () => {
    bench = await openBench();
    site = await openWebSite((_asked, response) => sendPage(response, openPage('')));
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  const stopFile = (): Record<string, string> => ({ all: 'STOP', host: `STOP.127.0.0.1_${site.port}` });

  for (const which of ['all', 'host']) {
    test(`C9: a file stops ${which}, and its removal lets the visits go on`, async () => {
      const file = stopFile()[which] ?? '';
      await writeFile(join(bench.monitor.folder, file), '');
      const mark = site.asked.length;
      const check = await bench.check(site.origin);
      assert.deepEqual(
        [check.reading.outcome, check.reading.message, check.loads],
        ['skipped', `stopped by the file ${file}`, 0],
      );
      assert.equal(site.asked.length, mark);
      await rm(join(bench.monitor.folder, file));
      assert.equal((await bench.check(site.origin)).reading.outcome, 'operational');
    });
  }

  test('C9: the file of another host stops nothing here', async () => {
    const killSwitch = new KillSwitch(bench.monitor.folder);
    await killSwitch.stop('www.site.example');
    assert.equal((await bench.check(site.origin)).reading.outcome, 'operational');
    assert.equal(await killSwitch.resume('www.site.example'), true);
    assert.equal(await killSwitch.resume('www.site.example'), false);
  });
});

describe('C9: the commands', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());
  const data = (): string => join(folder.path, 'data', 'practice');

  test('C9: `stop` and `resume` write and remove the file of all hosts', async () => {
    const stopped = await runCli(['stop'], folder.path);
    assert.deepEqual([stopped.code, stopped.err], [0, '']);
    assert.ok(existsSync(join(data(), 'STOP')));
    assert.equal(new KillSwitch(data()).stoppedBy('www.site.example'), 'STOP');
    const resumed = await runCli(['resume'], folder.path);
    assert.equal(resumed.out, 'all hosts: stop lifted\n');
    assert.ok(!existsSync(join(data(), 'STOP')));
    assert.equal((await runCli(['resume'], folder.path)).out, 'all hosts: nothing to lift\n');
  });

  // What is stopped is the host of these addresses, however a person in a hurry writes it.
  for (const [written, host] of [
    ['www.site.example', 'www.site.example'],
    ['WWW.Site.example', 'www.site.example'],
    ['https://www.site.example/booking/create/1', 'www.site.example'],
    ['site.example:8443', 'site.example:8443'],
  ] as const) {
    test(`C9: \`stop ${written}\` stops ${host}, or is refused as a wrong call`, async () => {
      const answer = await runCli(['stop', written], folder.path);
      const isStopped = new KillSwitch(data()).stoppedBy(host) !== null;
      await new KillSwitch(data()).resume(host);
      assert.deepEqual([answer.code, isStopped], answer.code === 2 ? [2, false] : [0, true], answer.out + answer.err);
    });
  }
});

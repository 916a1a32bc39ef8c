import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { BrowserProcess } from '../../src/run/browser/browser.ts';
import { killOrphans, ownFolder } from '../../src/run/browser/orphans.ts';
import { isAlive, killGroup, processTree, startOf } from '../../src/run/browser/processes.ts';
import type { Tab } from '../../src/run/browser/tab.ts';
import { EXECUTABLE } from '../support/bench.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const FREE = { filter: () => Promise.resolve(null), withinMs: 20_000 };

const pidOf = (note = ''): number => Number(note.split('-')[1]);

describe('the browser process', () => {
  let site: WebSite;
  before(async () => {
    site = await openWebSite((_asked, response) => sendPage(response, openPage('')));
  });
  after(() => site.close());

  const look = async (tab: Tab): Promise<string> => {
    await tab.goto(site.origin, 5_000);
    await tab.loaded(5_000);
    return (await tab.snapshot()).html;
  };

  test('is replaced after its number of checks, and leaves no process behind', async () => {
    const folder = await temporaryFolder();
    const browser = new BrowserProcess({
      executable: EXECUTABLE,
      userAgentSuffix: 'x',
      folder: folder.path,
      recycleAfter: 2,
      maxResidentBytes: 2e9,
    });
    const pids: number[] = [];
    try {
      for (let check = 0; check < 5; check += 1) {
        await browser.withTab(FREE, async () => {
          const notes = await readdir(folder.path);
          pids.push(...notes.filter((note) => note.startsWith('browser-')).map(pidOf));
        });
      }
      assert.equal(new Set(pids).size, 3);
      assert.equal(browser.restarts, 2);
      assert.ok((await browser.residentBytes()) > 10_000_000);
    } finally {
      await browser.close();
    }
    assert.equal(await browser.residentBytes(), 0);
    assert.deepEqual((await Promise.all(pids.map((pid) => processTree(pid)))).flat(), []);
    assert.deepEqual(await readdir(folder.path), []);
    await folder.remove();
  });

  test('is not taken from under a check that runs while it is replaced', async () => {
    const folder = await temporaryFolder();
    const browser = new BrowserProcess({
      executable: EXECUTABLE,
      userAgentSuffix: 'x',
      folder: folder.path,
      recycleAfter: 1,
      maxResidentBytes: 2e9,
    });
    try {
      const began = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const long = browser.withTab(FREE, async (tab) => {
        began.resolve();
        await mayEnd.promise;
        return await look(tab);
      });
      await began.promise;
      await browser.withTab(FREE, look);
      await browser.withTab(FREE, look);
      mayEnd.resolve();
      assert.match(await long, /ouverte au public/);
    } finally {
      await browser.close();
      await folder.remove();
    }
  });

  test('that cannot be started is a BROWSER_FAILED, and is tried again', async () => {
    const folder = await temporaryFolder();
    const browser = new BrowserProcess({
      executable: join(folder.path, 'nothing'),
      userAgentSuffix: 'x',
      folder: folder.path,
      recycleAfter: 1,
      maxResidentBytes: 2e9,
    });
    for (let round = 0; round < 2; round += 1) {
      await assert.rejects(
        browser.withTab(FREE, () => Promise.resolve()),
        { code: 'BROWSER_FAILED' },
      );
    }
    await browser.close();
    await folder.remove();
  });

  test('that does not answer in the time of the check is killed with its group', async () => {
    const folder = await temporaryFolder();
    const browser = new BrowserProcess({
      executable: EXECUTABLE,
      userAgentSuffix: 'x',
      folder: folder.path,
      recycleAfter: 10,
      maxResidentBytes: 2e9,
    });
    try {
      await browser.version();
      const pid = pidOf((await readdir(folder.path))[0]);
      const [main] = await processTree(pid);
      assert.ok(main !== undefined);
      await assert.rejects(
        browser.withTab({ ...FREE, withinMs: 200 }, () => {
          process.kill(pid, 'SIGSTOP');
          return new Promise(() => undefined);
        }),
        { code: 'BROWSER_FAILED' },
      );
      assert.equal(await isAlive(pid, main.startedTicks), false);
      assert.match(await browser.withTab(FREE, look), /ouverte au public/);
    } finally {
      await browser.close();
      await folder.remove();
    }
  });
});

describe('orphans of an earlier run', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  const formerTmp = process.env['TMPDIR'];
  const children: ChildProcess[] = [];
  before(async () => {
    folder = await temporaryFolder();
    process.env['TMPDIR'] = folder.path;
  });
  after(async () => {
    if (formerTmp === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = formerTmp;
    for (const child of children) {
      killGroup(child.pid ?? 0, child.pid ?? 0);
      for (const stream of child.stdio) stream?.destroy();
    }
    await folder.remove();
  });

  /** A browser driven over its pipe, as one that a killed monitor left. */
  const spawnBrowser = (): ChildProcess => {
    const child = spawn(
      EXECUTABLE,
      [
        '--headless',
        '--no-sandbox',
        '--remote-debugging-pipe',
        `--user-data-dir=${join(folder.path, `profile-${children.length}`)}`,
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'], detached: true },
    );
    children.push(child);
    return child;
  };
  const noteOf = async (pid = 0): Promise<string> => `browser-${pid}-${(await startOf(pid)) ?? '0'}`;
  const folderOf = async (name: string, notes: readonly string[]): Promise<string> => {
    const path = join(folder.path, name);
    await mkdir(path);
    for (const note of notes) await writeFile(join(path, note), '');
    return path;
  };

  test('a browser of a process that is gone is killed, and its folder removed', async () => {
    const child = spawnBrowser();
    const gone = once(child, 'exit');
    const left = await folderOf('guetteur-999999999-1', [await noteOf(child.pid)]);
    assert.equal(await killOrphans(), 1);
    assert.equal((await gone)[1], 'SIGKILL');
    assert.ok(!existsSync(left));
    assert.deepEqual(await processTree(child.pid ?? 0), []);
  });

  test('a browser of a process that lives is left alone', async () => {
    const child = spawnBrowser();
    const own = await ownFolder();
    await writeFile(join(own, await noteOf(child.pid)), '');
    assert.equal(await killOrphans(), 0);
    assert.ok(existsSync(own));
    assert.equal((await processTree(child.pid ?? 0)).length > 0, true);
  });

  test('an owner whose number was given to a later process counts as gone', async () => {
    const child = spawnBrowser();
    const gone = once(child, 'exit');
    await folderOf(`guetteur-${process.pid}-1`, [await noteOf(child.pid)]);
    assert.equal(await killOrphans(), 1);
    await gone;
  });

  test('a program that is no browser, and a later program of the same number, are left alone', async () => {
    const other = spawn('sleep', ['60'], { stdio: 'ignore', detached: true });
    const later = spawnBrowser();
    children.push(other);
    await once(other, 'spawn');
    await folderOf('guetteur-999999998-1', [
      await noteOf(other.pid),
      `browser-${later.pid}-12345`,
      'browser-x',
      'other',
    ]);
    assert.equal(await killOrphans(), 0);
    assert.equal((await processTree(other.pid ?? 0)).length, 1);
    assert.ok((await processTree(later.pid ?? 0)).length > 0);
  });

  test('folders of other programs are left alone', async () => {
    const foreign = await folderOf('guetteur-test-x', ['browser-1-1']);
    await killOrphans();
    assert.ok(existsSync(foreign));
  });
});

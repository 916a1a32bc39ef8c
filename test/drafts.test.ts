import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { Blobs } from '../src/evidence/blobs.ts';
import { replaceFolder } from '../src/web/whole-folder.ts';
import { temporaryFolder } from './support/monitor.ts';

/** What killed runs leave behind is gone after the next one. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const DEAD = spawnSync('/bin/true').pid;
const LIVING = process.ppid;
const kind = { isOurs: (names: readonly string[]) => names.includes('mark'), what: 'marks' };

async function made(name: string, content: string): Promise<void> {
  await mkdir(join(folder.path, name), { recursive: true });
  await writeFile(join(folder.path, name, 'mark'), content);
}

describe('a folder that is replaced as a whole', () => {
  const replace = (words: string, fails = false): Promise<void> =>
    replaceFolder(join(folder.path, 'out'), kind, async (draft) => {
      await mkdir(draft);
      await writeFile(join(draft, 'mark'), words);
      if (fails) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    });

  for (const pid of [DEAD, process.pid]) {
    test(`loses the drafts of killed runs, ${pid === DEAD ? 'of another number' : 'of our own, as in a container'}`, async () => {
      await made('out', 'old');
      for (const name of [
        `out.draft-${pid}`,
        `out.before-${pid}`,
        `out.draft-${LIVING}`,
        'outer.draft-1',
        'out.draft-x',
      ])
        await made(name, 'left');
      await replace('new');
      assert.deepEqual(
        (await readdir(folder.path)).toSorted(),
        ['out', `out.draft-${LIVING}`, 'out.draft-x', 'outer.draft-1'].toSorted(),
      );
      assert.equal(await readFile(join(folder.path, 'out/mark'), 'utf8'), 'new');
    });

    test(`that was cut off between its two renames is put back, whatever comes after (${pid === DEAD})`, async () => {
      await made(`out.before-${pid}`, 'old');
      await assert.rejects(replace('new', true), /full/);
      assert.equal(await readFile(join(folder.path, 'out/mark'), 'utf8'), 'old');
      assert.deepEqual(await readdir(folder.path), ['out']);
    });
  }
});

describe('proofs', () => {
  test('half written by killed processes are cleared; those of a living one are not', async () => {
    const path = join(folder.path, 'blobs');
    await mkdir(path);
    for (const name of ['part-old', `part-${DEAD}.x`, `part-${process.pid}.x`, `part-${LIVING}.x`])
      await writeFile(join(path, name), '');
    await new Blobs(path).clear();
    assert.deepEqual(await readdir(path), [`part-${LIVING}.x`]);
  });
});

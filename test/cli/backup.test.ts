import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import { Blobs } from '../../src/evidence/blobs.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, START, targetNamed } from '../support/checks.ts';
import { runCli } from '../support/cli.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** A copy made while the monitor writes, and what is restored from it. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let data: string;

beforeEach(async () => {
  folder = await temporaryFolder();
  data = join(folder.path, 'data/practice');
  await mkdir(data, { recursive: true });
});
afterEach(() => folder.remove());

async function backup(to: string): Promise<{ proofs: number; key: boolean }> {
  const { code, out, err } = await runCli(['backup', to, '--json'], folder.path);
  assert.equal(code, 0, err);
  return JSON.parse(out) as { proofs: number; key: boolean };
}

describe('guetteur backup', () => {
  test('copies what was committed while the store is being written to, only new proofs again, and can be restored', async () => {
    const store = await openStore(data);
    const blobs = new Blobs(join(data, 'blobs'));
    await store.saveTargets([targetNamed('a')]);
    await store.record(checkOf('a', START), {});
    const hash = await blobs.put('a page');
    await writeFile(join(data, 'subscribers.key'), 'key', { mode: 0o600 });
    const to = join(folder.path, 'copy');
    const writing = (async () => {
      for (let at = 1; at <= 40; at += 1) await store.record(checkOf('a', START + at * HOUR), {});
    })();
    const first = await backup(to);
    await writing;
    assert.deepEqual([first.proofs, first.key], [1, true]);
    await blobs.put('another page');
    assert.equal((await backup(to)).proofs, 1);
    await store.end();
    const restored = join(folder.path, 'restored/data/practice');
    await cp(to, restored, { recursive: true });
    const copy = await openStore(restored);
    assert.equal((await copy.checks({ limit: 100 })).length, 41);
    await copy.end();
    assert.equal(String(await new Blobs(join(restored, 'blobs')).get(hash)), 'a page');
    assert.equal((await stat(join(to, 'subscribers.key'))).mode & 0o777, 0o600);
    assert.deepEqual(
      (await readdir(to, { recursive: true })).filter((name) => name.includes('.part')),
      [],
    );
  });

  test('where the disk fills up: says so, leaves nothing half copied, and the last copy stands whole', async () => {
    const store = await openStore(data);
    const blobs = new Blobs(join(data, 'blobs'));
    await store.saveTargets([targetNamed('a')]);
    await store.record(checkOf('a', START), {});
    await writeFile(join(data, 'subscribers.key'), 'key', { mode: 0o600 });
    const to = join(folder.path, 'copy');
    await backup(to);
    await store.record(checkOf('a', START + HOUR), {});
    const proof = await blobs.put(randomBytes(3_000_000));
    await store.end();
    // First no room for the database, then none for a proof.
    for (const [kib, code] of [
      [100, 'STORE_FAILED'],
      [2_000, 'EVIDENCE_FAILED'],
    ] as const) {
      const { code: exit, err } = await runCli(['backup', to], folder.path, {}, kib);
      assert.notEqual(exit, 0);
      assert.match(err, new RegExp(code));
      const names = await readdir(to, { recursive: true });
      assert.deepEqual(
        names.filter((name) => name.includes('.part') || name.includes(proof)),
        [],
      );
      assert.equal(await readFile(join(to, 'subscribers.key'), 'utf8'), 'key');
      const copy = new Database(join(to, 'guetteur.sqlite'), { readonly: true });
      assert.equal(copy.pragma('integrity_check', { simple: true }), 'ok');
      assert.equal(copy.prepare('select count(*) from checks').pluck().get(), code === 'STORE_FAILED' ? 1 : 2);
      copy.close();
    }
    assert.equal((await backup(to)).proofs, 1);
  });

  test('keeps the last copy when there is nothing to copy, and refuses the data folder itself', async () => {
    const missing = await runCli(['backup', join(folder.path, 'copy')], folder.path);
    assert.notEqual(missing.code, 0);
    assert.match(missing.err, /STORE_FAILED/);
    const itself = await runCli(['backup', data], folder.path);
    assert.equal(itself.code, 2);
    assert.match(itself.err, /USAGE.*data folder itself/);
  });
});

import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import type { Outcome } from '../src/core/outcome.ts';
import { Blobs } from '../src/evidence/blobs.ts';
import type { Probe } from '../src/probe.ts';
import { loadProbes } from '../src/plugins.ts';
import { replay } from '../src/replay.ts';
import type { Store } from '../src/store/contract.ts';
import { openStore } from '../src/store/open.ts';
import { captureOf } from './support/capture.ts';
import { checkOf, HOUR, START, targetNamed } from './support/checks.ts';
import { temporaryFolder } from './support/monitor.ts';

const known = await loadProbes();
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let blobs: Blobs;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  blobs = new Blobs(join(folder.path, 'blobs'));
  await store.saveTargets([targetNamed('a')]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

/** A check of yesterday's reader with its page kept. */
async function recorded(words: string, outcome: Outcome, startedAt = START, clockOffsetMs = 0): Promise<number> {
  const { html: _html, text: _text, ...meta } = captureOf({ observedAt: startedAt });
  const html = await blobs.put(`<p>${words}</p>`);
  const text = await blobs.put(words);
  const captures = [{ capture: meta, evidence: { html, text, screenshot: null } }];
  return await store.record(checkOf('a', startedAt, outcome, { captures, clockOffsetMs }), {});
}

/** A reader that says yes to "oui", no to "non", and does not know anything else. */
function reader(version: number): ReadonlyMap<string, Probe> {
  const ez = known.get('ez-booking');
  assert.ok(ez !== undefined);
  const read: Probe['read'] = ([capture]) => {
    const outcome = capture?.text === 'oui' ? 'slots' : capture?.text === 'non' ? 'no_slots' : 'unknown_page';
    return { outcome, rule: 'test', message: '', facets: {} };
  };
  return new Map([['ez-booking', { ...ez, version, read }]]);
}

const run = (query: { since: number; platform?: string } = { since: 0 }) =>
  replay({ store, blobs, probes: reader(2), targets: [], now: START + HOUR }, query);

describe('replay', () => {
  test('changes exactly the readings that differ, appends them, and does nothing the second time', async () => {
    await recorded('non', 'no_slots');
    const second = await recorded('oui', 'unknown_page');
    assert.deepEqual((await run()).changes, [
      { checkId: second, target: 'a', from: 'unknown_page', to: 'slots', rule: 'test' },
    ]);
    const rows = await store.checks({ limit: 9 });
    assert.deepEqual(
      rows.map(({ outcome, readerVersion }) => [outcome, readerVersion]),
      [
        ['slots', 2],
        ['no_slots', 1],
      ],
    );
    assert.deepEqual((await run()).changes, []);
  });

  test('takes only the time and the platform that were asked for', async () => {
    await recorded('oui', 'unknown_page', START);
    await recorded('oui', 'unknown_page', START + HOUR);
    assert.equal((await run({ since: START + 1 })).read, 1);
    assert.equal((await run({ since: 0, platform: 'anef' })).read, 0);
  });

  test('leaves alone what did not come from the page', async () => {
    await recorded('oui', 'network_down');
    assert.deepEqual(await run(), { read: 0, changes: [], unreadable: [] });
  });

  test('a reading under a wrong clock stays untrusted, whatever the page says', async () => {
    await recorded('oui', 'clock_untrusted', START, 5_000);
    const { read } = await run();
    const [row] = await store.checks({ limit: 1 });
    assert.deepEqual([read, row?.outcome], [1, 'clock_untrusted']);
  });

  test('a proof that is missing or was altered is named, not read', async () => {
    const id = await recorded('oui', 'unknown_page');
    await rm(join(folder.path, 'blobs'), { recursive: true });
    const { unreadable, changes } = await run();
    assert.deepEqual([unreadable.map(({ checkId }) => checkId), changes], [[id], []]);
  });
});

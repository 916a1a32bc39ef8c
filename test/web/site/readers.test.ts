import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';

import { openStore } from '../../../src/store/open.ts';
import type { Store } from '../../../src/store/contract.ts';
import { checkOf, START, targetNamed } from '../../support/checks.ts';
import { temporaryFolder } from '../../support/monitor.ts';
import { openPublicSite, type PublicSite } from '../../support/public-site.ts';

const READERS = join(import.meta.dirname, '../../support/readers.ts');
const COUNT = 10_000;
/** More would try the queue of the machine's own network, not us. */
const AT_ONCE = 500;
/** A check starts at an instant drawn from some minutes, and lasts some seconds: by so little it is not delayed. */
const NOT_DELAYED_MS = 2_000;
const TICK_MS = 100;

let site: PublicSite;
let store: Store;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
before(async () => {
  site = await openPublicSite({ only: ['93', '78'] });
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('bobigny')]);
});
after(async () => {
  await site.close();
  await store.end();
  await folder.remove();
});

describe('ten thousand readers, five hundred at a time', () => {
  test('are all answered, from one computation a page, while checks are recorded in time', async () => {
    const late: number[] = [];
    let records = 0;
    let dueAt = performance.now() + TICK_MS;
    // As the monitor ticks: what is due is recorded, in the process and the database of the site.
    const ticking = setInterval(() => {
      const wasDueAt = dueAt;
      dueAt = performance.now() + TICK_MS;
      records += 1;
      void store
        .record(checkOf('bobigny', START + records * 1_000), {})
        .then(() => late.push(performance.now() - wasDueAt));
    }, TICK_MS);
    const paths = ['/fr/', '/en/', '/ar/', '/fr/department/93/', '/fr/badge.svg'];
    const wrong = ['/fr/department/20/', '/xx/', '/en/target/nobody/'];
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', READERS, site.url, String(COUNT), String(AT_ONCE), ...paths, ...wrong],
      { timeout: 120_000 },
    );
    clearInterval(ticking);
    const each = COUNT / 8;
    assert.deepEqual(JSON.parse(stdout), { '200': 5 * each, '404': 3 * each });
    assert.equal(site.figures.asked.get('department 93'), 1);
    assert.ok((site.figures.asked.get('national') ?? 0) <= 4, 'three languages and a badge');
    assert.ok(late.length > 5, `${late.length} checks`);
    const worst = Math.max(...late);
    assert.ok(worst < NOT_DELAYED_MS, `a check was recorded ${Math.round(worst)} ms late`);
    assert.deepEqual(site.failures, []);
  });
});

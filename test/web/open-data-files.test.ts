import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parquetReadObjects } from 'hyparquet';

import { Answers } from '../../src/stats/answers.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { DailyDump } from '../../src/web/open-data/daily-dump.ts';
import { DUMP_FILE, replaceDump, writeDump } from '../../src/web/open-data/dump.ts';
import { openDataRoutes } from '../../src/web/open-data/routes.ts';
import { serveWeb } from '../../src/web/server.ts';
import { FILLED_UNTIL, fillStore } from '../support/filled-store.ts';
import { temporaryFolder } from '../support/monitor.ts';

const YESTERDAY = FILLED_UNTIL - 86_400_000;
const PUBLISHER = { name: 'Association', page: 'https://association.example/', practice: false };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let source: ReturnType<typeof openTallySource>;
let figures: Answers;
let site: Awaited<ReturnType<typeof serveWeb>>;
let url: string;

before(async () => {
  folder = await temporaryFolder();
  await fillStore(folder.path);
  source = openTallySource(folder.path);
  figures = answersOf(FILLED_UNTIL);
  const dumps = join(folder.path, 'open-data');
  const app = openDataRoutes({
    figures,
    publisher: PUBLISHER,
    version: '0.0.0',
    dumps,
    onFailure: (name) => assert.fail(name),
  });
  site = await serveWeb(app, { host: '127.0.0.1', port: 0 });
  url = `${site.url}api/v1`;
});
after(async () => {
  await site.close();
  source.close();
  await folder.remove();
});

function answersOf(now: number): Answers {
  return new Answers({ source, practice: false, now: () => now });
}

/** As a reader does it: the sums, then what they name. Returns the sums. */
async function downloadChecked(): Promise<string> {
  const sums = await (await fetch(`${url}/dumps/SHA256SUMS`)).text();
  for (const line of sums.trim().split('\n')) {
    const [sum, name = ''] = line.split('  ');
    const answer = await fetch(`${url}/dumps/${name}`);
    assert.equal(answer.headers.get('cache-control'), 'public, no-cache');
    assert.equal(
      createHash('sha256')
        .update(await answer.bytes())
        .digest('hex'),
      sum,
      name,
    );
  }
  return sums;
}

const leftOf = (names: readonly string[]): string[] => names.filter((name) => name.startsWith('open-data'));

describe('the daily files', () => {
  test('hold every day that is over, in two formats, with checksums that are true and one description of all', async () => {
    const place = join(folder.path, 'open-data');
    const { until, files } = await writeDump(place, figures, PUBLISHER);
    assert.equal(until, '2026-11-26');
    const names = await readdir(place);
    assert.equal(names.length, files);
    const sums = (await readFile(join(place, 'SHA256SUMS'), 'utf8')).trim().split('\n');
    assert.equal(sums.length, files - 1);
    for (const line of sums) {
      const [sum, name = ''] = line.split('  ');
      const content = await readFile(join(place, name));
      assert.equal(createHash('sha256').update(content).digest('hex'), sum, name);
      assert.equal((await fetch(`${url}/dumps/${name}`)).status, 200, name);
      assert.match(name, DUMP_FILE);
    }
    const pack = JSON.parse(await readFile(join(place, 'datapackage.json'), 'utf8')) as {
      resources: { path: string; hash: string; bytes: number }[];
    };
    for (const { path, hash, bytes } of pack.resources) {
      const content = await readFile(join(place, path));
      assert.deepEqual([hash, bytes], [`sha256:${createHash('sha256').update(content).digest('hex')}`, content.length]);
    }
    const october = await readFile(join(place, 'days-2026-10.parquet'));
    const rows = await parquetReadObjects({ file: new Uint8Array(october).buffer });
    const { rows: days } = await figures.days({ period: { from: '2026-10-01', to: '2026-10-31' } });
    assert.deepEqual(
      rows.map((row): unknown[] => [row['day'], row['target'], row['slots']]),
      days.map(({ day, target, slots }) => [day, target.id, slots]),
    );
  });

  test('are the same again when nothing has changed', async () => {
    const [one, other] = [join(folder.path, 'one'), join(folder.path, 'other')];
    await writeDump(one, figures, PUBLISHER);
    await writeDump(other, figures, PUBLISHER);
    assert.equal(await readFile(join(one, 'SHA256SUMS'), 'utf8'), await readFile(join(other, 'SHA256SUMS'), 'utf8'));
  });

  test('change together for whoever reads them meanwhile: sums and files agree before, during and after', async () => {
    const place = join(folder.path, 'open-data');
    await rm(place, { recursive: true, force: true });
    await replaceDump(place, answersOf(YESTERDAY), PUBLISHER);
    const yesterday = await downloadChecked();
    const [reached, released] = [Promise.withResolvers<null>(), Promise.withResolvers<null>()];
    const today = answersOf(FILLED_UNTIL);
    // The last table: the others have been written by then.
    today.service = async (name, period) => {
      reached.resolve(null);
      await released.promise;
      return await figures.service(name, period);
    };
    const writing = replaceDump(place, today, PUBLISHER);
    await reached.promise;
    assert.equal(await downloadChecked(), yesterday, 'while new ones are written');
    released.resolve(null);
    assert.equal((await writing).until, '2026-11-26');
    assert.notEqual(await downloadChecked(), yesterday, 'at once: no cache keeps an old one');
    assert.deepEqual(await readdir(folder.path).then(leftOf), ['open-data']);
  });

  test('a writing that fails leaves the served ones as they were, and others without sums that are not true', async () => {
    const [served, archive] = [join(folder.path, 'open-data'), join(folder.path, 'archive')];
    for (const place of [served, archive]) await writeDump(place, figures, PUBLISHER);
    const sums = await downloadChecked();
    const failing = answersOf(YESTERDAY);
    failing.service = () => Promise.reject(new Error('busy'));
    await assert.rejects(replaceDump(served, failing, PUBLISHER), /busy/);
    assert.equal(await downloadChecked(), sums);
    assert.deepEqual(await readdir(folder.path).then(leftOf), ['open-data']);
    await assert.rejects(writeDump(archive, failing, PUBLISHER), /busy/);
    assert.ok(!(await readdir(archive)).includes('SHA256SUMS'));
    await writeFile(join(archive, '.outages.csv.part'), 'cut off');
    const { files } = await replaceDump(archive, figures, PUBLISHER);
    assert.equal((await readdir(archive)).length, files, 'what was cut off is no obstacle');
  });

  test('never take the place of anything else', async () => {
    const foreign = join(folder.path, 'photos');
    await mkdir(foreign);
    await writeFile(join(foreign, 'one.jpg'), '');
    await assert.rejects(replaceDump(foreign, figures, PUBLISHER), { code: 'USAGE' });
    assert.deepEqual(await readdir(foreign), ['one.jpg']);
    await writeDump(foreign, figures, PUBLISHER);
    assert.ok((await readdir(foreign)).includes('one.jpg'), 'by hand they are put beside it');
  });

  test('are written at the start and then once a day from four in Paris, one at a time, and a failure is told', async () => {
    const written: number[] = [];
    let [isBroken, failed, now] = [false, 0, Date.parse('2026-11-23T21:00:00Z')];
    const daily = new DailyDump({
      write: () =>
        isBroken ? Promise.reject(new Error('full')) : Promise.resolve({ until: null, files: 0, bytes: 0 }),
      onWritten: () => written.push(now),
      onFailure: () => (failed += 1),
    });
    for (const [hours, isFailing] of [
      [0, false],
      [1, false],
      [4, false],
      [6, false],
      [6.5, false],
      [30, true],
      [31, false],
      [54, false],
    ] as const) {
      now = Date.parse('2026-11-23T21:00:00Z') + hours * 3_600_000;
      isBroken = isFailing;
      daily.tick(now);
      daily.tick(now);
      await daily.stop();
    }
    assert.deepEqual([written.length, failed], [3, 1]);
  });
});

/** The public site as files, by the command that an operator runs, from a store and its proofs. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import sharp from 'sharp';

import { LocalTime, PARIS } from '../../src/core/local-time.ts';
import type { KeptCapture } from '../../src/core/check.ts';
import { Blobs } from '../../src/evidence/blobs.ts';
import { FORMATS } from '../../src/web/site/format.ts';
import { captureOf } from '../support/capture.ts';
import { checkOf, HOUR, targetNamed } from '../support/checks.ts';
import { openOperator, type Operator } from '../support/operator.ts';

const pictureOf = (width: number, background: string): Promise<Buffer> =>
  sharp({ create: { width, height: 900, channels: 3, background } })
    .png()
    .toBuffer();
const OWN = await pictureOf(1_366, 'red');
const SENT = await pictureOf(400, 'green');
const AN_HOUR_AGO = Date.now() - HOUR;

let operator: Operator;
let out: string;

async function captures(blobs: Blobs, picture: Uint8Array): Promise<KeptCapture[]> {
  const { html: _html, text: _text, ...capture } = captureOf();
  const [html, text, screenshot] = [await blobs.put('<p>page</p>'), await blobs.put('page'), await blobs.put(picture)];
  return [{ capture, evidence: { html, text, screenshot } }];
}

before(async () => {
  operator = await openOperator();
  out = join(operator.folder, 'site');
  await operator.withStore(async (store) => {
    const blobs = new Blobs(join(operator.data, 'blobs'));
    await store.saveTargets([{ ...targetNamed('bobigny'), department: '93', procedure: 'renewal' }]);
    await store.record(checkOf('bobigny', AN_HOUR_AGO, 'no_slots', { captures: await captures(blobs, OWN) }), {});
    const sent = { mode: 'reported', design: 'opportunistic', captures: await captures(blobs, SENT) } as const;
    await store.record(checkOf('bobigny', AN_HOUR_AGO + 60_000, 'slots', sent), {});
  });
});
after(() => operator.leave());

describe('guetteur site build', () => {
  test('writes pages, downloads and the pictures that the robot took, whole and small; what people sent stays', async () => {
    const { files } = await operator.said<{ files: number }>('site', 'build', out);
    const written = (await readdir(out, { recursive: true, withFileTypes: true })).filter((one) => one.isFile());
    assert.equal(files, written.length);
    const names = written.map(({ parentPath, name }) => join(parentPath, name).slice(out.length + 1));
    for (const name of ['fr/index.html', 'ar/target/bobigny/index.html', 'api/v1/tables/days.csv', '404.html'])
      assert.ok(names.includes(name), name);
    const pictures = names.filter((name) => name.startsWith('captures/')).toSorted();
    assert.equal(pictures.length, 2);
    const [small = '', whole = ''] = pictures;
    assert.match(`${small} ${whole}`, /^captures\/bobigny\/(\d+)-small\.png captures\/bobigny\/\1\.png$/);
    assert.deepEqual(await readFile(join(out, whole)), OWN);
    assert.equal((await readFile(join(out, small))).readUInt32BE(16), 320);
    const page = await readFile(join(out, 'fr/target/bobigny/index.html'), 'utf8');
    assert.ok(page.includes(`../../../${small}`) && page.includes(`../../../${whole}`));
    const { captures: named } = await operator.said<{ captures: readonly { checkId: number }[] }>(
      'stats',
      'target',
      'bobigny',
    );
    assert.deepEqual(
      named.map(({ checkId }) => `captures/bobigny/${checkId}.png`),
      [whole],
      'what figures name is what is shown',
    );
    const day = FORMATS.fr.day(new LocalTime(PARIS).dayOf(AN_HOUR_AGO));
    assert.ok(page.includes(`Du ${day} au `), 'watched for an hour, not for ninety days');
  });

  test('refuses a folder that holds something else', async () => {
    const { code, err } = await operator.guetteur('site', 'build', operator.folder);
    assert.equal(code, 2);
    assert.match(err, /holds something else/);
  });
});

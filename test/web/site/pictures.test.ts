/** Screenshots made small: every part where it was, in few bytes, and nothing unfolds in memory that is none of ours. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { chromium, type Browser } from 'playwright';
import sharp, { type Sharp } from 'sharp';

import { THUMBNAIL, thumbnailOf } from '../../../src/web/site/pictures/thumbnail.ts';
import { EXECUTABLE } from '../../support/bench.ts';

const plain = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'teal' } });

describe('a picture', async () => {
  const good = await plain(400, 300).png().toBuffer();
  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(good);
    copy[at] = byte;
    return copy;
  };
  const bomb = (): Buffer => {
    const data = deflateSync(Buffer.alloc(50_000_000));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([changed(16, 1).subarray(0, 33), length, Buffer.from('IDAT'), data, Buffer.alloc(4)]);
  };
  for (const [name, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['words', Buffer.from('not a picture at all, but long enough to be read as one')],
    ['a cut file', good.subarray(0, good.length - 40)],
    ['a cut head', good.subarray(0, 20)],
    ['of another format', await plain(400, 300).jpeg().toBuffer()],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"/>')],
    ['one of 16 million columns', changed(16, 1)],
    ['one that unfolds to more than it should', bomb()],
    ['larger than any of ours', await plain(5_000, 5_000).png().toBuffer()],
  ] as const) {
    test(`that is ${name} is none of ours`, async () => {
      assert.equal(await thumbnailOf(bytes), null);
    });
  }
});

describe('a thumbnail', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  });
  after(() => browser.close());

  /** As a browser sees it. */
  async function pointsOf(png: Uint8Array): Promise<{ width: number; height: number; data: readonly number[] }> {
    const page = await browser.newPage();
    const points = await page.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const bitmap = await createImageBitmap(new Blob([bytes]));
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
      const pen = canvas.getContext('2d');
      pen?.drawImage(bitmap, 0, 0);
      const found = pen?.getImageData(0, 0, bitmap.width, bitmap.height).data ?? [];
      return { width: bitmap.width, height: bitmap.height, data: [...found] };
    }, Buffer.from(png).toString('base64'));
    await page.close();
    return points;
  }

  const assertNear = (found: readonly number[], wanted: readonly number[]): void => {
    for (const [at, level] of wanted.entries()) assert.ok(Math.abs((found[at] ?? 0) - level) <= 8, found.join());
  };

  test('of a real page shows its head in its colours, in some ten kilobytes', async () => {
    const page = await browser.newPage({ viewport: { width: 1_366, height: 900 } });
    const words = 'Il n’existe plus de plage horaire libre pour votre demande de rendez-vous. '.repeat(40);
    await page.setContent(
      `<body style="margin:0"><div style="height:300px;background:rgb(0,0,145)"></div><main style="padding:20px">${words}</main><div style="height:3000px;background:red"></div>`,
    );
    const whole = await page.screenshot({ fullPage: true });
    await page.close();
    const small = (await thumbnailOf(whole)) ?? assert.fail('it cannot be read');
    assert.ok(small.length < 15_000 && small.length < whole.length / 2, `${small.length} of ${whole.length} bytes`);
    const { width, height, data } = await pointsOf(small);
    assert.deepEqual([width, height], [THUMBNAIL.width, THUMBNAIL.height]);
    const pointAt = (x: number, y: number): readonly number[] =>
      data.slice(4 * (y * width + x), 4 * (y * width + x) + 4);
    assertNear(pointAt(160, 30), [0, 0, 145, 255]);
    assertNear(pointAt(2, 72), [255, 255, 255, 255]);
    const line = Array.from({ length: 300 }, (_, x) => pointAt(x + 5, 77)[0] ?? 0);
    assert.ok(Math.min(...line) < 200, 'words leave their grey');
    assertNear(pointAt(160, 235), [255, 0, 0, 255]);
  });

  test('of a small picture is that picture, and what is transparent is white', async () => {
    const background = { r: 255, g: 0, b: 0, alpha: 1 };
    const half = await sharp({ create: { width: 10, height: 5, channels: 4, background } })
      .extend({ left: 10, background: { r: 0, g: 0, b: 0, alpha: 0 } })
      .png()
      .toBuffer();
    const { width, height, data } = await pointsOf((await thumbnailOf(half)) ?? assert.fail());
    assert.deepEqual([width, height], [20, 5]);
    assertNear(data.slice(0, 4), [255, 255, 255, 255]);
    assertNear(data.slice(-4), [255, 0, 0, 255]);
  });
});

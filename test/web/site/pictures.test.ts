/** Screenshots made small: every point where it was, in few bytes, and nothing unfolds in memory that is none of ours. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { chromium, type Browser } from 'playwright';

import { pngRows } from '../../../src/web/site/pictures/png-reader.ts';
import { pngOf } from '../../../src/web/site/pictures/png-writer.ts';
import { THUMBNAIL, thumbnailOf } from '../../../src/web/site/pictures/thumbnail.ts';
import { EXECUTABLE } from '../../support/bench.ts';
import { pngBytes } from '../../support/png.ts';

const drawn = (x: number, y: number): readonly number[] => [(x * 7 + y) % 256, (x + y * 11) % 256, (x * y) % 256, 255];

describe('a screenshot', () => {
  for (const channels of [3, 4] as const) {
    for (const filter of [0, 1, 2, 3, 4, [4, 3, 2, 1, 0]]) {
      test(`of ${channels} channels with the filter ${String(filter)} is read point by point`, async () => {
        const rows = await pngRows(pngBytes({ width: 31, height: 17, channels, filter }, drawn));
        assert.ok(rows !== null);
        assert.deepEqual([rows.width, rows.height, rows.channels], [31, 17, channels]);
        for (let y = 0; y < 17; y += 1) {
          const expected = Array.from({ length: 31 }, (_, x) => drawn(x, y).slice(0, channels)).flat();
          assert.deepEqual([...(rows.next() ?? [])], expected, `row ${y}`);
        }
        assert.equal(rows.next(), null);
      });
    }
  }

  const good = pngBytes({ width: 40, height: 30, channels: 3, filter: 1 }, drawn);
  const changed = (at: number, byte: number): Buffer => {
    const copy = Buffer.from(good);
    copy[at] = byte;
    return copy;
  };
  const bomb = (): Buffer => {
    const copy = Buffer.from(good);
    const data = deflateSync(Buffer.alloc(50_000_000));
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    return Buffer.concat([copy.subarray(0, 33), length, Buffer.from('IDAT'), data, Buffer.alloc(4)]);
  };
  for (const [name, bytes] of [
    ['nothing', Buffer.alloc(0)],
    ['words', Buffer.from('not a picture at all, but long enough to be read as one')],
    ['a cut file', good.subarray(0, good.length - 40)],
    ['a cut head', good.subarray(0, 20)],
    ['sixteen bits a channel', changed(24, 16)],
    ['a palette', changed(25, 3)],
    ['an interlaced one', changed(28, 1)],
    ['a width of 16 million', changed(16, 1)],
    ['a height that the data do not fill', changed(23, 31)],
    ['one that unfolds to fifty megabytes', bomb()],
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
    assert.deepEqual(pointAt(160, 30), [0, 0, 153, 255]);
    assert.deepEqual(pointAt(2, 72), [255, 255, 255, 255]);
    const line = Array.from({ length: 300 }, (_, x) => pointAt(x + 5, 77)[0] ?? 0);
    assert.ok(Math.min(...line) < 200, 'words leave their grey');
    assert.deepEqual(pointAt(160, 235), [255, 0, 0, 255]);
  });

  test('of a small picture is that picture, and what is transparent is white', async () => {
    const see = (x: number): readonly number[] => (x < 10 ? [0, 0, 0, 0] : [255, 0, 0, 255]);
    const small = await thumbnailOf(pngBytes({ width: 20, height: 5, channels: 4, filter: 2 }, see));
    const { width, height, data } = await pointsOf(small ?? assert.fail());
    assert.deepEqual([width, height], [20, 5]);
    assert.deepEqual(data.slice(0, 4), [255, 255, 255, 255]);
    assert.deepEqual(data.slice(-4), [255, 0, 0, 255]);
  });

  test('with more colours than a palette holds has each point in one near to its own', async () => {
    const rgb = Uint8Array.from({ length: 3 * 64 * 64 }, (_, at) => (at * 2_654_435_761) >>> 24);
    const { data } = await pointsOf(await pngOf({ width: 64, height: 64, rgb }));
    const off = Array.from({ length: 64 * 64 }, (_, point) =>
      Math.max(
        ...[0, 1, 2].map((channel) => Math.abs((data[4 * point + channel] ?? 0) - (rgb[3 * point + channel] ?? 0))),
      ),
    );
    assert.ok(Math.max(...off) < 100, `${Math.max(...off)}`);
    assert.ok(off.reduce((sum, one) => sum + one, 0) / off.length < 40);
  });
});

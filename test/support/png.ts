import { crc32, deflateSync } from 'node:zlib';

/** A PNG as a browser could have written it, for readers of such files. */

export interface PngShape {
  readonly width: number;
  readonly height: number;
  readonly channels: 3 | 4;
  /** 0 none, 1 sub, 2 up, 3 average, 4 Paeth; a list is used in turn, row by row. */
  readonly filter: number | readonly number[];
}

export function pngBytes(
  { width, height, channels, filter }: PngShape,
  pointAt: (x: number, y: number) => readonly number[],
): Buffer {
  const length = width * channels;
  const filters = typeof filter === 'number' ? [filter] : filter;
  const raw = Buffer.alloc(height * (length + 1));
  let above = Buffer.alloc(length);
  for (let y = 0; y < height; y += 1) {
    const row = Buffer.alloc(length);
    for (let x = 0; x < width; x += 1) row.set(pointAt(x, y).slice(0, channels), x * channels);
    const kind = filters[y % filters.length] ?? 0;
    raw[y * (length + 1)] = kind;
    for (let at = 0; at < length; at += 1) {
      const left = row[at - channels] ?? 0;
      const up = above[at] ?? 0;
      const corner = above[at - channels] ?? 0;
      raw[y * (length + 1) + 1 + at] = (row[at] ?? 0) - [0, left, up, (left + up) >> 1, paeth(left, up, corner)][kind]!;
    }
    above = row;
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, channels === 3 ? 2 : 6, 0, 0, 0], 8);
  const data = deflateSync(raw);
  const half = data.length >> 1;
  // In two parts, as a reader has to expect it.
  const parts = [data.subarray(0, half), data.subarray(half)].map((part) => chunk('IDAT', part));
  return Buffer.concat([
    Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1'),
    chunk('IHDR', head),
    ...parts,
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  return [a, b, c].reduce((best, one) => (Math.abs(p - one) < Math.abs(p - best) ? one : best), a);
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

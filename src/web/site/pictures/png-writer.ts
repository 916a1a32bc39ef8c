import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

/** Points in rows, three bytes each. */
export interface Points {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const pack = promisify(deflate);

/** Sixteen steps a channel: white stays white, black stays black, and a page made small has few others. */
const STEP = 17;
const MOST_COLOURS = 256;
const INDEXED = 3;

/** A PNG with a palette: a page made small takes some ten kilobytes so. */
export async function pngOf({ width, height, rgb }: Points): Promise<Uint8Array<ArrayBuffer>> {
  const keys = keysOf(rgb);
  const palette = paletteOf(keys);
  const indexOf = nearest(palette);
  const rows = Buffer.alloc(height * (width + 1));
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = indexOf(keys[y * width + x] ?? 0);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, INDEXED, 0, 0, 0], 8);
  return new Uint8Array(
    Buffer.concat([
      Buffer.from('\u0089PNG\r\n\u001A\n', 'latin1'),
      chunk('IHDR', head),
      chunk('PLTE', Buffer.from(palette.flatMap((key) => channelsOf(key).map((level) => level * STEP)))),
      chunk('IDAT', await pack(rows, { level: 9 })),
      chunk('IEND', Buffer.alloc(0)),
    ]),
  );
}

/** Four bits a channel. */
function keysOf(rgb: Uint8Array): Uint16Array {
  const level = (at: number): number => Math.round((rgb[at] ?? 0) / STEP);
  return Uint16Array.from({ length: rgb.length / 3 }, (_, point) => {
    const at = 3 * point;
    return (level(at) << 8) | (level(at + 1) << 4) | level(at + 2);
  });
}

function channelsOf(key: number): readonly [number, number, number] {
  return [key >> 8, (key >> 4) & 15, key & 15];
}

/** The colours that are met most. */
function paletteOf(keys: Uint16Array): number[] {
  const counts = new Map<number, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, MOST_COLOURS)
    .map(([key]) => key);
}

/** Where a colour, or the one nearest to it, stands in the palette. */
function nearest(palette: readonly number[]): (key: number) => number {
  const known = new Map(palette.map((key, index) => [key, index]));
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const distances = palette.map((other) => {
      const [a, b] = [channelsOf(key), channelsOf(other)];
      return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
    });
    const index = distances.indexOf(Math.min(...distances));
    known.set(key, index);
    return index;
  };
}

function chunk(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

import { promisify } from 'node:util';
import { inflate } from 'node:zlib';

/** A picture as its rows unfold, one after the other: PNG (W3C, third edition) as browsers write it, eight bits a channel, not interlaced. */
export interface Rows {
  readonly width: number;
  readonly height: number;
  /** Bytes a point: 3 (RGB) or 4 (RGBA). */
  readonly channels: 3 | 4;
  /** The next row; the same array is filled again by the next call. Null after the last. */
  next(): Uint8Array | null;
}

/** What a screenshot of ours has at the most, and some more: a small file may unfold to one that fills the memory. */
const MOST_POINTS = 24_000_000;
const SIGNATURE = '\u0089PNG\r\n\u001A\n';
const COLOUR = { rgb: 2, rgba: 6 } as const;

const unpack = promisify(inflate);

/** Null for what is no such picture, is cut, or is larger than any of ours. */
export async function pngRows(png: Uint8Array): Promise<Rows | null> {
  const view = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  try {
    if (view.toString('latin1', 0, 8) !== SIGNATURE || view.toString('latin1', 12, 16) !== 'IHDR') return null;
    const [width, height] = [view.readUInt32BE(16), view.readUInt32BE(20)];
    const [depth, colour, interlace] = [view.readUInt8(24), view.readUInt8(25), view.readUInt8(28)];
    const isOurs = depth === 8 && interlace === 0 && (colour === COLOUR.rgb || colour === COLOUR.rgba);
    if (!isOurs || width === 0 || height === 0 || width * height > MOST_POINTS) return null;
    const channels = colour === COLOUR.rgb ? 3 : 4;
    const size = height * (1 + width * channels);
    const raw = await unpack(dataOf(view), { maxOutputLength: size });
    return raw.length === size ? rowsOf(raw, { width, height, channels }) : null;
  } catch {
    // Cut short, or no zlib stream.
    return null;
  }
}

/** What stands in all `IDAT` chunks together. */
function dataOf(view: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at + 12 <= view.length;) {
    const length = view.readUInt32BE(at);
    if (view.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(view.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return Buffer.concat(parts);
}

function rowsOf(raw: Buffer, size: Pick<Rows, 'width' | 'height' | 'channels'>): Rows {
  const { width, height, channels } = size;
  const length = width * channels;
  let above = new Uint8Array(length);
  let row = new Uint8Array(length);
  let y = 0;
  return {
    ...size,
    next: () => {
      if (y === height) return null;
      const start = y * (length + 1);
      [above, row] = [row, above];
      row.set(raw.subarray(start + 1, start + 1 + length));
      unfilter(raw[start] ?? 0, { row, above, channels });
      y += 1;
      return row;
    },
  };
}

interface RowToRead {
  readonly row: Uint8Array;
  readonly above: Uint8Array;
  readonly channels: number;
}

/** Clause 9 of the standard: what was subtracted is added again. A filter that nobody knows leaves the row as it is. */
function unfilter(filter: number, { row, above, channels }: RowToRead): void {
  const isUp = filter === 2;
  if (filter === 0 || filter > 4) return;
  for (let at = 0; at < row.length; at += 1) {
    const left = at < channels || isUp ? 0 : (row[at - channels] ?? 0);
    const up = filter === 1 ? 0 : (above[at] ?? 0);
    const corner = filter !== 4 || at < channels ? 0 : (above[at - channels] ?? 0);
    const guess = filter === 4 ? paeth(left, up, corner) : filter === 3 ? (left + up) >> 1 : left + up;
    row[at] = (row[at] ?? 0) + guess;
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [toLeft, toUp, toCorner] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

import { setImmediate } from 'node:timers/promises';

import { pngRows, type Rows } from './png-reader.ts';
import { pngOf, type Points } from './png-writer.ts';

/**
 * The head of a screenshot, made small. Done here and not by the browser that opens everybody's pages: readers must not be able to keep
 * it busy, and a site of files is built without one.
 */

export const THUMBNAIL = { width: 320, height: 240 } as const;

/** Rows between two pauses in which checks and other readers get their turn: some milliseconds. */
const ROWS_AT_ONCE = 150;
const WHITE = 255;

/** A PNG of 320 × 240 points at most; null for a picture that is none of a browser's, or too large. */
export async function thumbnailOf(png: Uint8Array): Promise<Uint8Array<ArrayBuffer> | null> {
  const rows = await pngRows(png);
  return rows === null ? null : await pngOf(await madeSmall(rows));
}

/** Each point is the mean of those it stands for; one transparent lets white through. What lies below the frame is left out. */
async function madeSmall(rows: Rows): Promise<Points> {
  const scale = Math.max(1, rows.width / THUMBNAIL.width);
  const width = Math.floor(rows.width / scale);
  const height = Math.max(1, Math.min(THUMBNAIL.height, Math.floor(rows.height / scale)));
  const sums = new Float64Array(3 * width * height);
  const counts = new Uint32Array(width * height);
  const columns = Uint32Array.from({ length: rows.width }, (_, x) => Math.min(width - 1, Math.floor(x / scale)));
  for (let y = 0; Math.floor(y / scale) < height; y += 1) {
    if (y % ROWS_AT_ONCE === 0) await setImmediate();
    const row = rows.next();
    if (row === null) break;
    const start = Math.floor(y / scale) * width;
    for (let x = 0; x < rows.width; x += 1) {
      const point = start + (columns[x] ?? 0);
      const at = x * rows.channels;
      const alpha = rows.channels === 4 ? (row[at + 3] ?? 0) / 255 : 1;
      for (let channel = 0; channel < 3; channel += 1)
        sums[3 * point + channel] =
          (sums[3 * point + channel] ?? 0) + alpha * (row[at + channel] ?? 0) + (1 - alpha) * WHITE;
      counts[point] = (counts[point] ?? 0) + 1;
    }
  }
  const rgb = Uint8Array.from(sums, (sum, at) => {
    const count = counts[Math.floor(at / 3)] ?? 0;
    return count === 0 ? WHITE : Math.round(sum / count);
  });
  return { width, height, rgb };
}

import { z } from 'zod';

import type { BrowserProcess } from './browser.ts';

/** Tallest and widest picture kept of a person's screenshot; larger ones are made smaller. */
const MOST = { width: 2_000, height: 8_000 };
const DECODED_WITHIN_MS = 20_000;

/**
 * A picture decoded and drawn anew, as PNG, by the browser that also opens everybody's pages, in a context without network: of what a
 * file holds beside its points (places, names, earlier versions) nothing is left. Null when it cannot be decoded.
 */
export async function drawnAnew(
  browser: Pick<BrowserProcess, 'withEmptyPage'>,
  bytes: Uint8Array,
): Promise<Uint8Array | null> {
  const base64 = Buffer.from(bytes).toString('base64');
  const drawn = await browser.withEmptyPage(DECODED_WITHIN_MS, (page) => page.evaluate(redraw, { base64, most: MOST }));
  const png = z.string().nullable().parse(drawn);
  return png === null ? null : Buffer.from(png, 'base64');
}

/** Runs inside an empty page. */
async function redraw(options: {
  readonly base64: string;
  readonly most: { readonly width: number; readonly height: number };
}): Promise<string | null> {
  const bytes = Uint8Array.from(atob(options.base64), (letter) => letter.charCodeAt(0));
  const bitmap = await createImageBitmap(new Blob([bytes])).catch(() => null);
  if (bitmap === null) return null;
  const scale = Math.min(1, options.most.width / bitmap.width, options.most.height / bitmap.height);
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.toDataURL('image/png').replace('data:image/png;base64,', '');
}

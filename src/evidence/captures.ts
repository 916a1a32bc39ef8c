import type { Capture } from '../core/capture.ts';
import type { KeptCapture } from '../core/check.ts';
import type { Blobs } from './blobs.ts';

/** The captures of a stored check as they were, from the blobs. Throws `EVIDENCE_FAILED`. */
export function capturesOf(kept: readonly KeptCapture[], blobs: Pick<Blobs, 'get'>): Promise<Capture[]> {
  return Promise.all(kept.map((one) => captureOf(one, blobs)));
}

async function captureOf({ capture, evidence }: KeptCapture, blobs: Pick<Blobs, 'get'>): Promise<Capture> {
  if (evidence === null) return { ...capture, html: '', text: '' };
  const [html, text] = await Promise.all([blobs.get(evidence.html), blobs.get(evidence.text)]);
  return { ...capture, html: html.toString('utf8'), text: text.toString('utf8') };
}

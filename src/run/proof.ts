import type { Shot } from '../core/capture.ts';
import type { Check, KeptCapture } from '../core/check.ts';
import { asAppError } from '../core/errors.ts';
import type { Blobs } from '../evidence/blobs.ts';
import { personalData } from './scrub.ts';

/** The check with its proof kept; one whose proof cannot be kept is ours to answer for. */
export async function withProof(
  check: Check,
  shots: readonly Shot[],
  blobs: Blobs,
  contacts: readonly string[],
): Promise<Check> {
  const withheld = shots.map((shot) => personalData(shot.capture, contacts)).find((why) => why !== null) ?? null;
  if (withheld !== null) {
    return {
      ...check,
      withheld,
      reading: { ...check.reading, message: `${check.reading.rule}; not stored: ${withheld}` },
    };
  }
  try {
    const captures = await Promise.all(shots.map((shot) => kept(shot, blobs)));
    return { ...check, captures };
  } catch (error) {
    const failure = asAppError(error, 'EVIDENCE_FAILED');
    const message = `the page read as ${check.reading.outcome}, but its proof could not be kept: ${failure.message}`;
    return {
      ...check,
      errorCode: failure.code,
      reading: { outcome: 'monitor_error', rule: failure.code, message, facets: {} },
    };
  }
}

async function kept({ capture, screenshot }: Shot, blobs: Blobs): Promise<KeptCapture> {
  const { html, text, ...meta } = capture;
  if (capture.failure !== null) return { capture: meta, evidence: null };
  const [htmlHash, textHash, screenshotHash] = await Promise.all([
    blobs.put(html),
    blobs.put(text),
    screenshot === null ? null : blobs.put(screenshot),
  ]);
  return { capture: meta, evidence: { html: htmlHash, text: textHash, screenshot: screenshotHash } };
}

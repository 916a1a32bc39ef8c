import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

import type { Capture } from '../core/capture.ts';
import type { KeptCapture } from '../core/check.ts';
import { AppError } from '../core/errors.ts';
import { isOutcome, type Outcome } from '../core/outcome.ts';
import type { Blobs } from './blobs.ts';
import { capturesOf } from './captures.ts';

/**
 * A stored visit as a folder that a test can read: `visit.json` says where it was made and what a person says it is; each
 * capture's page stands beside it as `1.html`, `1.txt` and `1.png`.
 */
export interface Fixture {
  readonly platform: string;
  readonly address: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly outcome: Outcome;
  /** Who said so, and when (ISO 8601 UTC). */
  readonly by: string;
  readonly at: string;
  readonly note: string;
  readonly captures: readonly Capture[];
}

const FILE = 'visit.json';

const fixtureShape = z.strictObject({
  platform: z.string(),
  address: z.url(),
  params: z.record(z.string(), z.unknown()),
  outcome: z.string().refine(isOutcome),
  by: z.string(),
  at: z.iso.datetime(),
  note: z.string(),
  captures: z.array(z.looseObject({ step: z.string(), finalUrl: z.string() })),
});

/** Writes a visit's kept captures and what was said of them. Throws `EVIDENCE_FAILED`. */
export async function writeFixture(
  folder: string,
  said: Omit<Fixture, 'captures'>,
  kept: readonly KeptCapture[],
  blobs: Pick<Blobs, 'get'>,
): Promise<void> {
  const captures = await capturesOf(kept, blobs);
  await mkdir(folder, { recursive: true });
  for (const [at, { html, text }] of captures.entries()) {
    await writeFile(join(folder, `${at + 1}.html`), html);
    await writeFile(join(folder, `${at + 1}.txt`), text);
    const picture = kept[at]?.evidence?.screenshot ?? null;
    if (picture !== null) await writeFile(join(folder, `${at + 1}.png`), await blobs.get(picture));
  }
  const meta = kept.map(({ capture }) => capture);
  await writeFile(join(folder, FILE), `${JSON.stringify({ ...said, captures: meta }, null, 2)}\n`);
}

/** Throws `USAGE` when the folder holds no fixture. */
export async function readFixture(folder: string): Promise<Fixture> {
  try {
    const written: unknown = JSON.parse(await readFile(join(folder, FILE), 'utf8'));
    const { captures, ...said } = fixtureShape.parse(written);
    const whole = captures.map(async (meta, at) => ({
      // Written by `writeFixture` from a typed value.
      ...(meta as unknown as Omit<Capture, 'html' | 'text'>), // oxlint-disable-line typescript/no-unsafe-type-assertion
      html: await readFile(join(folder, `${at + 1}.html`), 'utf8'),
      text: await readFile(join(folder, `${at + 1}.txt`), 'utf8'),
    }));
    return { ...said, captures: await Promise.all(whole) };
  } catch (error) {
    throw new AppError('USAGE', `${folder} holds no fixture that can be read`, { cause: error });
  }
}

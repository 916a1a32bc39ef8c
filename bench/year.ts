import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Period } from '../src/stats/figures.ts';
import { openStore } from '../src/store/open.ts';
import { oldStore } from '../test/support/old-store.ts';
import { writeSynthetic } from './synthetic.ts';

/** A year of 200 targets that never was, on disk: made once, which takes minutes, and kept. */

const TARGETS = 200;
const DAYS = 365;
/** Where its clock stands. */
export const UNTIL = Date.UTC(2026, 10, 27);
const DAY_MS = 86_400_000;
const PERIOD_DAYS = 90;

export const note = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

/** The folder that the command line names, else one for temporary files, with the year in it. */
export async function folderOfYear(): Promise<string> {
  const folder = process.argv.slice(2).find((word) => !word.startsWith('--')) ?? join(tmpdir(), 'guetteur-bench-year');
  if (existsSync(join(folder, 'guetteur.sqlite'))) return folder;
  await mkdir(folder, { recursive: true });
  const path = await oldStore(folder, '0003-alerts');
  note('writing a year of checks in the old form …');
  writeSynthetic(path, { targets: TARGETS, days: DAYS, until: UNTIL, seed: 'bench' });
  note('changing it to the form of today …');
  const began = performance.now();
  await (await openStore(folder, { tell: note })).end();
  note(`took ${Math.round((performance.now() - began) / 1_000)} s`);
  return folder;
}

/** Ninety days that no earlier round asked for: round 0 ends the day before the clock. */
export function periodOfRound(round: number): Period {
  const to = UNTIL - (round + 1) * DAY_MS;
  const day = (at: number): string => new Date(at).toISOString().slice(0, 10);
  return { from: day(to - (PERIOD_DAYS - 1) * DAY_MS), to: day(to) };
}

export function p95(values: readonly number[]): number {
  const ordered = values.toSorted((a, b) => a - b);
  return Math.round(100 * (ordered[Math.ceil(0.95 * ordered.length) - 1] ?? 0)) / 100;
}

import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { AppError } from '../core/errors.ts';
import { isOtherProcess } from '../core/process-number.ts';

export interface WholeFolder {
  /** By the names in it: only such a folder, or an empty one, is ever replaced. */
  readonly isOurs: (names: readonly string[]) => boolean;
  /** What it holds, for whoever named another one. */
  readonly what: string;
}

/**
 * Has a folder written beside its place and put there at once, so that no reader ever meets half of it; what stood there before
 * goes. A failure leaves the old one as it was. Throws `USAGE` for a folder that holds something else, and what `write` throws.
 */
export async function replaceFolder<T>(
  folder: string,
  kind: WholeFolder,
  write: (draft: string) => Promise<T>,
): Promise<T> {
  await refuseForeign(folder, kind);
  await clearDrafts(folder);
  const draft = `${folder}.draft-${process.pid}`;
  await rm(draft, { recursive: true, force: true });
  try {
    const result = await write(draft);
    await swap(folder, draft);
    return result;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * What killed runs left beside the folder. One that was killed between its two renames left the old folder under its other name, and
 * none in its place: that one is put back.
 */
async function clearDrafts(folder: string): Promise<void> {
  const left = await readdir(dirname(folder)).catch(() => []);
  for (const name of left) {
    const [, kind, pid] = /^\.(draft|before)-(\d+)$/.exec(afterPrefix(name, basename(folder))) ?? [];
    if (kind === undefined || isOtherProcess(Number(pid))) continue;
    const path = join(dirname(folder), name);
    if (kind === 'before' && (await stat(folder).catch(() => null)) === null) await rename(path, folder);
    else await rm(path, { recursive: true, force: true });
  }
}

function afterPrefix(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : '';
}

async function refuseForeign(folder: string, { isOurs, what }: WholeFolder): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (found === null) return;
  const names = found.isDirectory() ? await readdir(folder) : ['(a file)'];
  if (names.length === 0 || isOurs(names)) return;
  throw new AppError('USAGE', `${folder} holds something else than ${what}: name an empty folder, or a new one`);
}

/** Two renames: between them nothing stands there for an instant, and never half of something. */
async function swap(folder: string, draft: string): Promise<void> {
  const before = `${folder}.before-${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  const hadOne = await rename(folder, before).then(
    () => true,
    () => false,
  );
  try {
    await rename(draft, folder);
  } catch (error) {
    if (hadOne) await rename(before, folder);
    throw error;
  }
  await rm(before, { recursive: true, force: true });
}

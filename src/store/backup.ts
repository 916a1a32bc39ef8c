import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';

import { AppError } from '../core/errors.ts';

/**
 * Copies the database of a data folder while a monitor may be writing to it: SQLite's own online backup, looked over before
 * it takes the place of the last one. Returns the path of the copy. Throws `STORE_FAILED`, and then the last copy stands.
 */
export async function backupStore(folder: string, to: string): Promise<string> {
  const from = join(folder, 'guetteur.sqlite');
  const path = join(to, 'guetteur.sqlite');
  const part = `${path}.part`;
  try {
    await mkdir(to, { recursive: true });
    const file = new Database(from, { readonly: true, fileMustExist: true });
    try {
      await file.backup(part);
    } finally {
      file.close();
    }
    check(part);
    await rename(part, path);
    return path;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('STORE_FAILED', `${from} could not be copied to ${to}: ${message}`, { cause: error });
  } finally {
    for (const end of ['', '-wal', '-shm', '-journal']) await rm(`${part}${end}`, { force: true });
  }
}

function check(path: string): void {
  const copy = new Database(path, { readonly: true });
  try {
    const found: unknown = copy.pragma('quick_check', { simple: true });
    if (found !== 'ok') throw new Error(`the copy is damaged: ${String(found)}`);
  } finally {
    copy.close();
  }
}

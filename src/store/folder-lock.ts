import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

import { AppError } from '../core/errors.ts';

/**
 * Holds a data folder until what is returned is called, or the process ends: for one monitor, or for one command that changes the
 * tables. The lock is an open SQLite transaction, so the system itself gives it back when the process is killed; keep what is
 * returned, for with it the garbage collector would take the lock. Null while the folder is held already, be it by this process.
 * Throws `STORE_FAILED` where the lock cannot be asked for.
 */
export function takeFolder(folder: string): (() => void) | null {
  const path = join(folder, 'monitor.lock');
  let file: Database.Database | null = null;
  try {
    mkdirSync(folder, { recursive: true });
    file = new Database(path, { timeout: 0 });
    file.exec('begin exclusive');
  } catch (error) {
    file?.close();
    if (isBusy(error)) return null;
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('STORE_FAILED', `${path} could not be locked: ${message}`, { cause: error });
  }
  const held = file;
  return () => void held.close();
}

/** As `takeFolder`, where it must be had. Throws `STORE_LOCKED`. */
export function lockFolder(folder: string): () => void {
  const unlock = takeFolder(folder);
  if (unlock === null)
    throw new AppError('STORE_LOCKED', `another monitor, or a command that changes the tables, uses ${folder}`);
  return unlock;
}

/** Whether another connection has what was asked for. */
export function isBusy(error: unknown): boolean {
  return error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY');
}

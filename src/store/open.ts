import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';

import { AppError } from '../core/errors.ts';
import type { Store } from './contract.ts';
import { rebuildWhereNone } from './daily.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { SqliteStore } from './sqlite-store.ts';
import { rebuildMissing } from './standings.ts';
import type { Tables } from './tables.ts';

/** Less than 4 MB are not worth the rewriting. */
const MANY_PAGES = 1_000;

/** Opens (and where needed creates and migrates) the store of a data folder. Throws `STORE_FAILED`, `STORE_NEWER`. */
export async function openStore(folder: string): Promise<Store> {
  const path = join(folder, 'guetteur.sqlite');
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openFile(path) }) });
  try {
    await refuseNewer(db, path);
    // Changes may drop a table that others refer to and put it back under the same name; each looks for broken references itself.
    await sql`pragma foreign_keys = off`.execute(db);
    await migrate(db);
    await sql`pragma foreign_keys = on`.execute(db);
    await rebuildWhereNone(db);
    await rebuildMissing(db);
    await giveBackSpace(db);
  } catch (error) {
    await db.destroy();
    throw error instanceof AppError
      ? error
      : new AppError('STORE_FAILED', `${path} could not be migrated`, { cause: error });
  }
  return new SqliteStore(db, path);
}

function openFile(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = new Database(path, { timeout: 10_000 });
    file.pragma('journal_mode = WAL');
    file.pragma('synchronous = FULL');
    return file;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new AppError('STORE_FAILED', `${path} could not be opened: ${message}`, { cause: error });
  }
}

async function refuseNewer(db: Kysely<Tables>, path: string): Promise<void> {
  const table = await sql<{ name: string }>`select name from sqlite_master where name = 'kysely_migration'`.execute(db);
  if (table.rows.length === 0) return;
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const unknown = applied.rows.find((row) => !(row.name in MIGRATIONS));
  if (unknown !== undefined) {
    throw new AppError('STORE_NEWER', `${path} was written by a newer version: it holds the change "${unknown.name}"`);
  }
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw new Error('a change of the tables failed', { cause: error });
}

/** A change of large tables leaves as much unused space as they took. In daily life nothing does: nothing is deleted. */
async function giveBackSpace(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ unused: number; pages: number }>`
    select freelist_count as unused, page_count as pages from pragma_freelist_count(), pragma_page_count()`.execute(db);
  const [{ unused, pages } = { unused: 0, pages: 0 }] = rows;
  if (unused > MANY_PAGES && unused * 2 > pages) await sql`vacuum`.execute(db);
}

/**
 * Holds a data folder for one monitor until the process ends. The lock is an open SQLite transaction, so the system itself
 * gives it back when the process is killed. Throws `STORE_LOCKED`.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true });
  const file = new Database(join(folder, 'monitor.lock'), { timeout: 0 });
  try {
    file.exec('begin exclusive');
  } catch (error) {
    file.close();
    throw new AppError('STORE_LOCKED', `another monitor uses ${folder}`, { cause: error });
  }
  return () => file.close();
}

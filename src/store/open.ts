import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';

import { AppError } from '../core/errors.ts';
import type { Store } from './contract.ts';
import { rebuildWhereNone } from './daily.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { SqliteStore } from './sqlite-store.ts';
import { rebuildMissing } from './standings.ts';
import type { Tables } from './tables.ts';

/** Less than 4 MB are not worth the rewriting. */
const MANY_PAGES = 1_000;
/** Tables are joined that do not fit into the usual cache. */
const CACHE_KIB = 128 * 1_024;
const USUAL_CACHE_KIB = 16_000;

export interface OpenOptions {
  /** Told what takes long, in words for the operator. */
  readonly tell?: (what: string) => void;
}

/** Opens (and where needed creates and migrates) the store of a data folder. Throws `STORE_FAILED`, `STORE_NEWER`. */
export async function openStore(folder: string, { tell = () => undefined }: OpenOptions = {}): Promise<Store> {
  const path = join(folder, 'guetteur.sqlite');
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: openFile(path) }) });
  try {
    const form = await formOf(db, path);
    // Making the tables of a new database takes no time worth telling.
    if (form !== 'current') await bringUp(db, form === 'new' ? () => undefined : tell);
    await giveBackSpace(db, tell);
  } catch (error) {
    await db.destroy();
    throw error instanceof AppError ? error : notMigrated(path, error);
  }
  return new SqliteStore(db, path);
}

function notMigrated(path: string, cause: unknown): AppError {
  if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY'))
    return new AppError('STORE_FAILED', `${path} is being changed by another process: wait until that is done`, {
      cause,
    });
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = `${path} could not be migrated, and is as it was: ${message}. It needs about as much free space as the file takes`;
  return new AppError('STORE_FAILED', text, { cause });
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

/** Whether changes of the tables are still to be made. */
async function formOf(db: Kysely<Tables>, path: string): Promise<'new' | 'old' | 'current'> {
  const table = await sql<{ name: string }>`select name from sqlite_master where name = 'kysely_migration'`.execute(db);
  if (table.rows.length === 0) return 'new';
  const applied = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
  const unknown = applied.rows.find((row) => !(row.name in MIGRATIONS));
  if (unknown !== undefined) {
    throw new AppError('STORE_NEWER', `${path} was written by a newer version: it holds the change "${unknown.name}"`);
  }
  return applied.rows.length < Object.keys(MIGRATIONS).length ? 'old' : 'current';
}

/**
 * All changes of the tables with what is counted and folded from them, in one transaction: killed or out of space at any moment, the
 * file is as it was, and the next start begins again. (The migrator by itself commits each statement: SQLite's adapter says that
 * changes of tables cannot be taken back, which they can.)
 */
async function bringUp(db: Kysely<Tables>, tell: (what: string) => void): Promise<void> {
  // Changes may drop a table that others refer to and put it back under the same name; each looks for broken references itself.
  // Within a transaction the pragma would do nothing.
  await sql`pragma foreign_keys = off`.execute(db);
  await sql`pragma cache_size = ${sql.lit(-CACHE_KIB)}`.execute(db);
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    try {
      await migrate(connection, tell);
      await rebuildWhereNone(connection, tell);
      await rebuildMissing(connection, tell);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw error;
    }
  });
  await sql`pragma cache_size = ${sql.lit(-USUAL_CACHE_KIB)}`.execute(db);
  await sql`pragma foreign_keys = on`.execute(db);
}

async function migrate(db: Kysely<Tables>, tell: (what: string) => void): Promise<void> {
  const migrations = Object.entries(MIGRATIONS).map(([name, migration]): [string, Migration] => {
    const told = async (connection: Kysely<unknown>): Promise<void> => {
      tell(`changing the tables: ${name}`);
      await migration.up(connection);
    };
    return [name, { up: told }];
  });
  const provider = { getMigrations: () => Promise.resolve(Object.fromEntries(migrations)) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined)
    throw error instanceof Error ? error : new Error('a change of the tables failed', { cause: error });
}

/**
 * A change of large tables leaves as much unused space as they took. In daily life nothing does: nothing is deleted. Where there is
 * no room for it, the space stays in the file and is used for new checks.
 */
async function giveBackSpace(db: Kysely<Tables>, tell: (what: string) => void): Promise<void> {
  const { rows } = await sql<{ unused: number; pages: number }>`
    select freelist_count as unused, page_count as pages from pragma_freelist_count(), pragma_page_count()`.execute(db);
  const [{ unused, pages } = { unused: 0, pages: 0 }] = rows;
  if (unused <= MANY_PAGES || unused * 2 <= pages) return;
  tell('giving unused space back');
  await sql`vacuum`.execute(db).catch((error: unknown) => {
    if (!(error instanceof Database.SqliteError)) throw error;
    tell(`unused space stays in the file: ${error.message}`);
  });
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

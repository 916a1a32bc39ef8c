import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, sql, SqliteDialect } from 'kysely';
import { Migrator, type Migration } from 'kysely/migration';

import { AppError } from '../core/errors.ts';
import type { Store } from './contract.ts';
import { rebuildWhereNone } from './daily.ts';
import { isBusy, takeFolder } from './folder-lock.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { SqliteStore } from './sqlite-store.ts';
import { rebuildMissing } from './standings.ts';
import type { SteadyClock } from './steady.ts';
import type { Connection, Tables } from './tables.ts';
import { wholeNumbers } from './whole-numbers.ts';

/** Less than 4 MB are not worth the rewriting. */
const MANY_PAGES = 1_000;
/** Tables are joined that do not fit into the usual cache. */
const CACHE_KIB = 128 * 1_024;
const USUAL_CACHE_KIB = 16_000;

export interface OpenOptions {
  /** Told what takes long, in words for the operator. */
  readonly tell?: (what: string) => void;
  /** Whether the caller has the lock of the folder already, as a monitor does. */
  readonly holdsLock?: boolean;
  /** A clock that nobody can set, for the spacing of visits; without one the caller's own instants do. */
  readonly clock?: SteadyClock;
}

/** What changing the file takes. */
interface Upkeep {
  readonly path: string;
  readonly tell: (what: string) => void;
  /** Null while somebody else has the folder. */
  readonly take: () => (() => void) | null;
}

/**
 * Opens (and where needed creates and migrates) the store of a data folder. Both the change of old tables and giving space back keep
 * every other writer waiting, for minutes where the file is large, and a running monitor would lose what it has just read: they are
 * done under the lock of the folder, which is taken for that time. Where it cannot be had, old tables are refused.
 * Throws `STORE_LOCKED`, `STORE_FAILED`, `STORE_NEWER`.
 */
export async function openStore(
  folder: string,
  { tell = () => undefined, holdsLock = false, clock }: OpenOptions = {},
): Promise<Store> {
  const path = join(folder, 'guetteur.sqlite');
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: wholeNumbers(openFile(path)) }) });
  const upkeep: Upkeep = {
    path,
    tell: (what) => tell(`the database: ${what}`),
    take: () => (holdsLock ? () => undefined : takeFolder(folder)),
  };
  try {
    if ((await formOf(db, path)) !== 'current') await bringUp(db, upkeep);
    await giveBackSpace(db, upkeep);
  } catch (error) {
    await db.destroy();
    if (!isBusy(error)) throw notOpened(path, error);
    const text = `${path} is being changed by another process: wait until that is done`;
    throw new AppError('STORE_FAILED', text, { cause: error });
  }
  return new SqliteStore(db, path, clock ?? null);
}

function notOpened(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  return new AppError('STORE_FAILED', `${path} could not be opened: ${wordsOf(cause)}`, { cause });
}

function notMigrated(path: string, cause: unknown): AppError {
  if (cause instanceof AppError) return cause;
  const text = `${path} could not be migrated, and is as it was: ${wordsOf(cause)}. It needs about as much free space as the file takes`;
  return new AppError('STORE_FAILED', text, { cause });
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function openFile(path: string): Database.Database {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const file = new Database(path, { timeout: 10_000 });
    file.pragma('journal_mode = WAL');
    file.pragma('synchronous = FULL');
    return file;
  } catch (error) {
    throw notOpened(path, error);
  }
}

/** Whether changes of the tables are still to be made. */
async function formOf(db: Connection, path: string): Promise<'new' | 'old' | 'current'> {
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
async function bringUp(db: Kysely<Tables>, upkeep: Upkeep): Promise<void> {
  // Changes may drop a table that others refer to and put it back under the same name; each looks for broken references itself.
  // Within a transaction the pragma would do nothing.
  await sql`pragma foreign_keys = off`.execute(db);
  await sql`pragma cache_size = ${sql.lit(-CACHE_KIB)}`.execute(db);
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    using held = new DisposableStack();
    try {
      // Only now is it certain: another process may have changed them until here.
      const isOld = (await formOf(connection, upkeep.path)) === 'old';
      if (isOld) held.defer(takeForChange(upkeep));
      // Making the tables of a new database takes no time worth telling.
      const tell = isOld ? upkeep.tell : () => undefined;
      await migrate(connection, tell);
      await rebuildWhereNone(connection, tell);
      await rebuildMissing(connection, tell);
      await sql`commit`.execute(connection);
    } catch (error) {
      await sql`rollback`.execute(connection).catch(() => undefined);
      throw notMigrated(upkeep.path, error);
    }
  });
  await sql`pragma cache_size = ${sql.lit(-USUAL_CACHE_KIB)}`.execute(db);
  await sql`pragma foreign_keys = on`.execute(db);
}

/** Whoever has the folder and has not changed its tables is a monitor that works on them as they are. */
function takeForChange({ path, take }: Upkeep): () => void {
  const unlock = take();
  if (unlock !== null) return unlock;
  const text = `a monitor of an older version runs on ${dirname(path)}: the tables cannot be changed meanwhile`;
  const hint = 'stop that monitor, then start it in this version: the start changes the tables';
  throw new AppError('STORE_LOCKED', text, { hint });
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
 * no room for it, or somebody else has the folder, the space stays in the file and is used for new checks.
 */
async function giveBackSpace(db: Kysely<Tables>, { tell, take }: Upkeep): Promise<void> {
  const { rows } = await sql<{ unused: number; pages: number }>`
    select freelist_count as unused, page_count as pages from pragma_freelist_count(), pragma_page_count()`.execute(db);
  const [{ unused, pages } = { unused: 0, pages: 0 }] = rows;
  if (unused <= MANY_PAGES || unused * 2 <= pages) return;
  const unlock = take();
  if (unlock === null) return;
  using held = new DisposableStack();
  held.defer(unlock);
  tell('giving unused space back');
  await sql`vacuum`.execute(db).catch((error: unknown) => {
    if (!(error instanceof Database.SqliteError)) throw error;
    tell(`unused space stays in the file: ${error.message}`);
  });
}

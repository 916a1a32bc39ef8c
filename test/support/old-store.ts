import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';
import { Migrator } from 'kysely/migration';

import { MIGRATIONS } from '../../src/store/migrations/index.ts';

/** An empty database of a data folder, in the form that it had after a change of its tables. Returns its path. */
export async function oldStore(folder: string, change: string): Promise<string> {
  const path = join(folder, 'guetteur.sqlite');
  const db = new Kysely({ dialect: new SqliteDialect({ database: new Database(path) }) });
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) } });
  const { error } = await migrator.migrateTo(change);
  await db.destroy();
  if (error !== undefined) throw new Error('the tables could not be made', { cause: error });
  return path;
}

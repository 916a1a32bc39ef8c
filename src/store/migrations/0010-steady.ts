import { sql, type Kysely } from 'kysely';

/** When the visits of the last hour were made by a clock that nobody can set: see `steady.ts`. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table hosts add column steady text not null default ''`.execute(db);
}

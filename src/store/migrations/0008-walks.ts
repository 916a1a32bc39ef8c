import { sql, type Kysely } from 'kysely';

/** Visits that led to a host on their way, not the target's own: they count in the budget of that host too (conduct C6). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS: readonly string[] = [
  'create table passing_visits (id integer primary key, host text not null, at integer not null) strict',
  'create index passing_visits_by_host on passing_visits (host, at)',
];

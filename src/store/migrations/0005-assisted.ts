import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS: readonly string[] = [
  // The link itself is nowhere: only a hash of the secret in it.
  `create table invitations (
    id integer primary key, name text not null, token_hash blob not null unique, language text not null,
    departments_json text not null, targets_json text not null, created_at integer not null, expires_at integer not null,
    revoked_at integer, last_used_at integer
  ) strict`,
  `create table helps (
    check_id integer primary key references checks (id),
    kind text not null check (kind in ('reading', 'again', 'report', 'spot')),
    invitation_id integer references invitations (id), planned_at integer,
    paired_check_id integer references checks (id), picture blob
  ) strict`,
  'create index helps_by_pair on helps (paired_check_id) where paired_check_id is not null',
];

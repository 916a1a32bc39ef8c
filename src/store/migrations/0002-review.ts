import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS: readonly string[] = [
  'alter table checks add column fingerprint text',
  "alter table planned add column mode text not null default 'scheduled'",
  "alter table targets add column host text not null default ''",
  'alter table targets add column control integer not null default 0',
  "alter table targets add column params_json text not null default '{}'",
  // The queue of unrecognised pages, and the way back from a group to its checks.
  "create index readings_unrecognised on readings (check_id) where current = 1 and outcome in ('unknown_page', 'ambiguous')",
  'create index checks_by_platform on checks (platform, started_at) where loads > 0',
  'create index checks_by_fingerprint on checks (platform, fingerprint)',
  `create table fingerprints (
    host text not null, platform text not null, outcome text not null, rule text not null, fingerprint text not null,
    first_check_id integer not null references checks (id), first_at integer not null, last_at integer not null,
    primary key (host, platform, outcome, rule, fingerprint)
  ) strict, without rowid`,
  `create table events (
    id integer primary key, kind text not null, at integer not null, platform text, host text, target_id text,
    check_id integer references checks (id), message text not null, seen_at integer, seen_by text
  ) strict`,
  'create index events_open on events (at) where seen_at is null',
  `create trigger events_are_final before update on events
    when new.kind <> old.kind or new.at <> old.at or new.message <> old.message or new.check_id is not old.check_id
    begin select raise(abort, 'an event is never edited'); end`,
  `create table soft_blocks (
    id integer primary key, host text not null, from_at integer not null, to_at integer, reason text not null,
    marked_at integer not null, marked_by text not null, lifted_at integer, lifted_by text, lifted_why text
  ) strict`,
  'create unique index soft_blocks_open on soft_blocks (host) where to_at is null and lifted_at is null',
  // What a person says a group of pages is. Beside the automatic readings, which stay as they are.
  `create table labels (
    id integer primary key, platform text not null, page_group text not null, outcome text not null,
    labelled_by text not null, labelled_at integer not null, note text not null, mode text not null default 'reported'
  ) strict`,
  `create table labelled_checks (
    label_id integer not null references labels (id), check_id integer not null references checks (id),
    primary key (label_id, check_id)
  ) strict, without rowid`,
  'create index labelled_checks_by_check on labelled_checks (check_id)',
];

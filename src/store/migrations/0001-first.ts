import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS: readonly string[] = [
  `create table targets (
    id text primary key, platform text not null, address text not null, department text, prefecture text,
    procedure text not null, label text, practice integer not null, last_visit_at integer not null default 0
  ) strict`,
  `create table checks (
    id integer primary key, target_id text not null references targets (id), platform text not null, host text not null,
    mode text not null, design text not null, practice integer not null, vantage text not null,
    started_at integer not null, observed_at integer, finished_at integer not null, loads integer not null,
    status integer, final_url text, clock_offset_ms integer, withheld text, error_code text
  ) strict`,
  'create index checks_by_target on checks (target_id, started_at)',
  'create index checks_by_host on checks (host, started_at) where loads > 0',
  'create index checks_by_end on checks (finished_at)',
  `create table planned (
    id integer primary key, target_id text not null references targets (id), interval_start integer not null,
    interval_end integer not null, planned_at integer not null, design text not null,
    state text not null default 'planned' check (state in ('planned', 'begun', 'done', 'skipped', 'missed')),
    reason text not null default '', begun_at integer, check_id integer references checks (id),
    unique (target_id, interval_start)
  ) strict`,
  "create index planned_open on planned (planned_at) where state in ('planned', 'begun')",
  `create table readings (
    id integer primary key, check_id integer not null references checks (id), reader_version integer not null,
    read_at integer not null, outcome text not null, rule text not null, message text not null,
    facets_json text not null, current integer not null
  ) strict`,
  'create unique index readings_current on readings (check_id) where current = 1',
  'create index readings_by_check on readings (check_id)',
  // Superseding a reading clears its flag; nothing else of a reading, and nothing of a check, is ever changed.
  `create trigger readings_are_final before update on readings
    when new.outcome <> old.outcome or new.rule <> old.rule or new.message <> old.message
      or new.facets_json <> old.facets_json or new.check_id <> old.check_id or new.current > old.current
    begin select raise(abort, 'a reading is never edited'); end`,
  `create trigger checks_are_final before update on checks
    begin select raise(abort, 'a check is never edited'); end`,
  `create table captures (
    check_id integer not null references checks (id), seq integer not null, meta_json text not null,
    html blob, text blob, screenshot blob, primary key (check_id, seq)
  ) strict, without rowid`,
  `create table hosts (
    host text primary key, last_load_at integer not null default 0, lease_owner text,
    leased_until integer not null default 0, breaker_level integer not null default 0,
    breaker_until integer not null default 0, breaker_reason text not null default '', faults integer not null default 0
  ) strict, without rowid`,
  `create table robots (
    origin text primary key, body text, read_at integer, tried_at integer not null, failing_since integer
  ) strict, without rowid`,
];

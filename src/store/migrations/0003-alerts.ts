import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const STATEMENTS: readonly string[] = [
  'create index planned_by_instant on planned (planned_at)',
  `create table episodes (
    target_id text not null references targets (id), kind text not null, started_at integer not null, after_at integer,
    confirmed_at integer, last_at integer not null, ended_at integer, first_date text, outcome text not null,
    betterings integer not null, primary key (target_id, kind, started_at)
  ) strict, without rowid`,
  'create index episodes_by_start on episodes (started_at)',
  'create index episodes_lasting on episodes (target_id) where ended_at is null',
  `create table episode_states (
    target_id text primary key references targets (id), state_json text not null
  ) strict, without rowid`,
  `create table subscriptions (
    id integer primary key, channel text not null, to_sealed blob not null, to_hash blob not null, kinds_json text not null,
    departments_json text not null, procedures_json text not null, platforms_json text not null, language text not null,
    time_zone text not null, quiet_from text, quiet_to text, digest_at text,
    source text not null check (source in ('config', 'self')),
    state text not null check (state in ('pending', 'active')), created_at integer not null,
    confirmed_at integer, unique (source, channel, to_hash)
  ) strict`,
  `create table notices (
    id integer primary key, key text not null unique, kind text not null, at integer not null, target_id text,
    started_at integer, facts_json text not null, created_at integer not null
  ) strict`,
  // One message to one recipient: all that was due for them when it was put together.
  `create table messages (
    id integer primary key, key text not null unique, subscription_id integer not null references subscriptions (id) on delete cascade,
    channel text not null, state text not null check (state in ('ready', 'claimed', 'sent', 'dead')),
    attempts integer not null default 0, next_at integer not null, lease_owner text, leased_until integer not null default 0,
    last_error text not null default '', created_at integer not null, ended_at integer
  ) strict`,
  "create index messages_open on messages (channel, next_at) where state in ('ready', 'claimed')",
  'create index messages_by_subscription on messages (subscription_id, state)',
  `create table deliveries (
    notice_id integer not null references notices (id),
    subscription_id integer not null references subscriptions (id) on delete cascade,
    state text not null check (state in ('waiting', 'bound', 'sent', 'dead', 'expired')), due_at integer not null,
    message_id integer references messages (id) on delete cascade, primary key (notice_id, subscription_id)
  ) strict, without rowid`,
  "create index deliveries_waiting on deliveries (due_at) where state = 'waiting'",
  'create index deliveries_by_subscription on deliveries (subscription_id, state)',
  'create index deliveries_by_message on deliveries (message_id)',
  // What outlives a recipient: counts without a name.
  `create table delivery_counts (
    channel text not null, kind text not null, result text not null, count integer not null,
    primary key (channel, kind, result)
  ) strict, without rowid`,
];

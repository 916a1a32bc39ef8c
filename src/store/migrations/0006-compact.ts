import { sql, type Kysely } from 'kysely';

/**
 * A check in 787 bytes became one in less than 250: addresses, words and names that repeat are kept once in `texts`, a target is
 * its number, instants within a check are distances from its start, and indices that nothing needed are gone. `checks`, `readings` and
 * `planned` are views with the columns that the tables of those names had: what reads them, here or in SQL, reads on as before.
 *
 * To be run with foreign keys off: tables are dropped that others refer to, and are there again at the end under the same name.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const views = await sql<{
    name: string;
    sql: string;
  }>`select name, sql from sqlite_master where type = 'view'`.execute(db);
  const run = async (statement: string): Promise<void> => void (await sql.raw(statement).execute(db));
  // Views would otherwise follow the tables that are renamed.
  for (const { name } of views.rows) await run(`drop view "${name}"`);
  for (const statement of STATEMENTS) await run(statement);
  for (const view of views.rows) await run(view.sql);
  const broken = await sql`pragma foreign_key_check`.execute(db);
  if (broken.rows.length > 0) throw new Error(`${broken.rows.length} references lead nowhere after the change`);
}

const OUTCOMES =
  `slots no_slots suspended moved operational overloaded maintenance error timeout unreachable captcha login denied
  rate_limited robots unknown_page ambiguous network_down clock_untrusted monitor_error skipped missed`.split(/\s+/);

const words = (column: string): string => `(select words from texts where id = ${column})`;
const idOf = (column: string): string => `(select id from texts where words = ${column})`;

const STATEMENTS: readonly string[] = [
  // Words and addresses, each once.
  'create table texts (id integer primary key, words text not null unique) strict',
  ...['mode', 'design', 'platform', 'host', 'vantage', 'final_url', 'withheld', 'error_code', 'fingerprint'].map(
    (column) => `insert or ignore into texts (words) select distinct ${column} from checks where ${column} is not null`,
  ),
  ...['rule', 'message', 'facets_json'].map(
    (column) => `insert or ignore into texts (words) select distinct ${column} from readings`,
  ),
  ...['design', 'mode', 'reason'].map(
    (column) => `insert or ignore into texts (words) select distinct ${column} from planned`,
  ),

  'alter table targets add column no integer',
  'update targets set no = rowid',
  'create unique index targets_by_no on targets (no)',
  `create trigger targets_are_numbered after insert on targets when new.no is null
    begin update targets set no = (select coalesce(max(no), 0) + 1 from targets) where id = new.id; end`,

  // Triggers do not survive the renaming of what they name; they are written anew below.
  'drop trigger planned_ends_are_counted',
  // Renamed first, so that what refers to checks refers to the new table.
  'alter table checks rename to stored_checks',
  `create table compact_checks (
    id integer primary key, target integer not null references targets (no), platform integer not null, host integer not null,
    mode integer not null, design integer not null, practice integer not null, vantage integer not null,
    started_at integer not null, observed_after integer, finished_after integer not null, loads integer not null,
    status integer, final_url integer, clock_offset_ms integer, withheld integer, error_code integer, fingerprint integer
  ) strict`,
  `insert into compact_checks
    select c.id, t.no, ${idOf('c.platform')}, ${idOf('c.host')}, ${idOf('c.mode')}, ${idOf('c.design')}, c.practice,
      ${idOf('c.vantage')}, c.started_at, c.observed_at - c.started_at, c.finished_at - c.started_at, c.loads, c.status,
      ${idOf('c.final_url')}, c.clock_offset_ms, ${idOf('c.withheld')}, ${idOf('c.error_code')}, ${idOf('c.fingerprint')}
    from stored_checks c join targets t on t.id = c.target_id order by c.id`,
  'drop table stored_checks',
  'alter table compact_checks rename to stored_checks',
  'create index checks_by_target on stored_checks (target, started_at)',
  'create index checks_by_start on stored_checks (started_at)',
  `create trigger checks_are_final before update on stored_checks
    begin select raise(abort, 'a check is never edited'); end`,

  'alter table readings rename to stored_readings',
  // Read with its check (\`read_at\` null), without facets (null), not superseded: what most are takes no space.
  `create table compact_readings (
    id integer primary key, check_id integer not null references stored_checks (id), reader_version integer not null,
    read_at integer, outcome text not null, rule integer not null, message integer not null, facets integer,
    current integer not null
  ) strict`,
  `insert into compact_readings
    select r.id, r.check_id, r.reader_version, nullif(r.read_at, c.started_at + c.finished_after), r.outcome, ${idOf('r.rule')},
      ${idOf('r.message')}, ${idOf("nullif(r.facets_json, '{}')")}, r.current
    from stored_readings r join stored_checks c on c.id = r.check_id order by r.id`,
  'drop table stored_readings',
  'alter table compact_readings rename to stored_readings',
  'create unique index readings_current on stored_readings (check_id) where current = 1',
  'create index readings_superseded on stored_readings (check_id) where current = 0',
  `create index readings_unrecognised on stored_readings (check_id)
    where current = 1 and outcome in ('unknown_page', 'ambiguous')`,
  `create trigger readings_are_final before update on stored_readings
    when new.outcome <> old.outcome or new.rule <> old.rule or new.message <> old.message or new.facets is not old.facets
      or new.read_at is not old.read_at or new.check_id <> old.check_id or new.current > old.current
    begin select raise(abort, 'a reading is never edited'); end`,

  'alter table planned rename to stored_plans',
  `create table compact_plans (
    id integer primary key, target integer not null references targets (no), interval_start integer not null,
    interval_length integer not null, planned_at integer not null, design integer not null, mode integer not null,
    state text not null default 'planned' check (state in ('planned', 'begun', 'done', 'skipped', 'missed')),
    reason integer, begun_after integer, check_id integer references stored_checks (id), unique (target, interval_start)
  ) strict`,
  `insert into compact_plans
    select p.id, t.no, p.interval_start, p.interval_end - p.interval_start, p.planned_at, ${idOf('p.design')},
      ${idOf('p.mode')}, p.state, ${idOf("nullif(p.reason, '')")}, p.begun_at - p.planned_at, p.check_id
    from stored_plans p join targets t on t.id = p.target_id order by p.id`,
  'drop table stored_plans',
  'alter table compact_plans rename to stored_plans',
  "create index planned_open on stored_plans (planned_at) where state in ('planned', 'begun')",

  // As before, on the new table: plans are counted as they end.
  `create trigger planned_ends_are_counted after update of state on stored_plans
    when old.state in ('planned', 'begun') and new.state in ('done', 'skipped', 'missed')
    begin
      insert into planned_counts (state, reason, count) values (new.state, coalesce(${words('new.reason')}, ''), 1)
        on conflict (state, reason) do update set count = count + 1;
      insert into planned_ends (target_id, outcome, count)
        select (select id from targets where no = new.target),
          coalesce((select outcome from stored_readings where check_id = new.check_id and current = 1), new.state), 1
        where ${words('new.design')} = 'uniform'
        on conflict (target_id, outcome) do update set count = count + 1;
    end`,

  `create view checks as
    select c.id, t.id as target_id, ${words('c.platform')} as platform, ${words('c.host')} as host, ${words('c.mode')} as mode,
      ${words('c.design')} as design, c.practice, ${words('c.vantage')} as vantage, c.started_at,
      c.started_at + c.observed_after as observed_at, c.started_at + c.finished_after as finished_at, c.loads, c.status,
      ${words('c.final_url')} as final_url, c.clock_offset_ms, ${words('c.withheld')} as withheld,
      ${words('c.error_code')} as error_code, ${words('c.fingerprint')} as fingerprint
    from stored_checks c left join targets t on t.no = c.target`,
  `create view readings as
    select r.id, r.check_id, r.reader_version,
      coalesce(r.read_at, (select started_at + finished_after from stored_checks where id = r.check_id)) as read_at, r.outcome,
      ${words('r.rule')} as rule, ${words('r.message')} as message, coalesce(${words('r.facets')}, '{}') as facets_json, r.current
    from stored_readings r`,
  `create view planned as
    select p.id, t.id as target_id, p.interval_start, p.interval_start + p.interval_length as interval_end, p.planned_at,
      ${words('p.design')} as design, ${words('p.mode')} as mode, p.state, coalesce(${words('p.reason')}, '') as reason,
      p.planned_at + p.begun_after as begun_at, p.check_id
    from stored_plans p left join targets t on t.no = p.target`,
  `create trigger checks_view_is_final instead of update on checks
    begin select raise(abort, 'a check is never edited'); end`,
  `create trigger readings_view_is_final instead of update on readings
    begin select raise(abort, 'a reading is never edited'); end`,

  // One target's local day in counts, see core/tally.ts; \`day\` counts from 1 January 1970 on the calendar of Paris.
  `create table daily (
    target integer not null references targets (no), day integer not null, planned integer not null,
    soft_blocked integer not null, others integer not null, first_at integer, last_at integer, reader_oldest integer,
    reader_newest integer, ${OUTCOMES.map((outcome) => `"${outcome}" integer not null`).join(', ')},
    primary key (target, day)
  ) strict, without rowid`,
  // How often a day was counted: who keeps what was computed of it sees whether it still holds.
  'create table daily_changes (day integer primary key, changes integer not null) strict',
];

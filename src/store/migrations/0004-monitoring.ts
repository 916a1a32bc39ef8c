import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/** An instant in seconds as Paris reads it. SQLite knows no time zones; the European Union's rule has stood since 1996. */
function paris(seconds: string): string {
  const at = `datetime(${seconds}, 'unixepoch')`;
  const lastSunday = (month: string): string =>
    `datetime(strftime('%Y', ${seconds}, 'unixepoch') || '-${month}-31', '-6 days', 'weekday 0', '+1 hour')`;
  return `datetime(${seconds}, 'unixepoch', case when ${at} >= ${lastSunday('03')} and ${at} < ${lastSunday('10')}
    then '+2 hours' else '+1 hours' end)`;
}

const GROUP_OF_OUTCOME = `case
  when r.outcome in ('slots', 'no_slots', 'suspended', 'moved', 'operational') then 'observed'
  when r.outcome in ('overloaded', 'maintenance', 'error', 'timeout', 'unreachable') then 'fault'
  when r.outcome in ('captcha', 'login', 'denied', 'rate_limited', 'robots') then 'gate'
  else 'unmeasured' end`;

const SECONDS = 'coalesce(c.observed_at, c.finished_at) / 1000';

const SOFT_BLOCKED = `exists (select 1 from soft_blocks b where b.host = c.host and b.lifted_at is null
  and c.started_at >= b.from_at and (b.to_at is null or c.started_at < b.to_at))`;

const STATEMENTS: readonly string[] = [
  // How each target stands, folded check by check: a scrape must not read the past.
  `create table standings (
    target_id text primary key references targets (id), check_id integer not null references checks (id),
    started_at integer not null, outcome text not null, since_at integer not null, last_observed_at integer,
    last_slots_at integer, drought_from_at integer, drought_last_at integer, drought_checks integer,
    drought_longest_gap_ms integer
  ) strict, without rowid`,
  // How planned checks ended, counted as they end. These only grow, also when readings are superseded: a counter that fell
  // would be read as a restart of the monitor.
  `create table planned_counts (
    state text not null, reason text not null, count integer not null, primary key (state, reason)
  ) strict, without rowid`,
  `create table planned_ends (
    target_id text not null references targets (id), outcome text not null, count integer not null,
    primary key (target_id, outcome)
  ) strict, without rowid`,
  `insert into planned_counts (state, reason, count)
    select state, reason, count(*) from planned where state in ('done', 'skipped', 'missed') group by state, reason`,
  `insert into planned_ends (target_id, outcome, count)
    select p.target_id, coalesce(r.outcome, p.state) as outcome, count(*) from planned p
    left join readings r on r.check_id = p.check_id and r.current = 1
    where p.design = 'uniform' and p.state in ('done', 'skipped', 'missed') group by p.target_id, 2`,
  // A trigger, since checks are closed one by one, by the thousand after a gap, and by several commands.
  `create trigger planned_ends_are_counted after update of state on planned
    when old.state in ('planned', 'begun') and new.state in ('done', 'skipped', 'missed')
    begin
      insert into planned_counts (state, reason, count) values (new.state, new.reason, 1)
        on conflict (state, reason) do update set count = count + 1;
      insert into planned_ends (target_id, outcome, count)
        select new.target_id,
          coalesce((select outcome from readings where check_id = new.check_id and current = 1), new.state), 1
        where new.design = 'uniform'
        on conflict (target_id, outcome) do update set count = count + 1;
    end`,
  // Until when the certificate of a visited host is valid, as the browser was shown it.
  `create table certificates (
    host text primary key, valid_until integer not null, seen_at integer not null
  ) strict, without rowid`,
  // What people and Grafana read, see docs/sql.md: columns are only added. Instants are seconds UTC.
  `create view v_checks as
    select c.id, ${SECONDS} as time, ${paris(SECONDS)} as paris_time, c.target_id, t.platform, t.department, t.prefecture,
      t.procedure, t.label, c.host, c.mode, c.design, c.practice, c.vantage, r.outcome, ${GROUP_OF_OUTCOME} as outcome_group,
      r.rule, r.message, json_extract(r.facets_json, '$.firstDate') as first_date,
      json_extract(r.facets_json, '$.leadBand') as lead_band, json_extract(r.facets_json, '$.slotCount') as slot_count,
      c.status, (c.finished_at - c.started_at) / 1000.0 as seconds, ${SOFT_BLOCKED} as soft_blocked, r.reader_version
    from checks c join readings r on r.check_id = c.id and r.current = 1 join targets t on t.id = c.target_id`,
  // One row a target and Paris day, over its uniform plans: the denominators of the shares.
  `create view v_daily as
    select day, target_id, platform, department, procedure, count(*) as planned,
      sum(outcome = 'slots') as slots, sum(outcome = 'no_slots' and not soft_blocked) as no_slots,
      sum(outcome = 'suspended') as suspended, sum(outcome = 'moved') as moved, sum(outcome = 'operational') as operational,
      sum(outcome = 'no_slots' and soft_blocked) as soft_blocked, sum(outcome_group = 'fault') as fault,
      sum(outcome = 'maintenance') as maintenance, sum(outcome_group = 'gate') as gate,
      sum(outcome_group = 'unmeasured') as unmeasured
    from (
      select date(${paris('coalesce(c.observed_at, p.planned_at) / 1000')}) as day, p.target_id, t.platform, t.department,
        t.procedure, coalesce(r.outcome, p.state) as outcome, ${GROUP_OF_OUTCOME} as outcome_group,
        coalesce(${SOFT_BLOCKED}, 0) as soft_blocked
      from planned p join targets t on t.id = p.target_id
      left join checks c on c.id = p.check_id left join readings r on r.check_id = c.id and r.current = 1
      where p.design = 'uniform' and p.state in ('done', 'skipped', 'missed')
    ) group by day, target_id`,
  `create view v_openings as
    select e.target_id, t.platform, t.department, t.prefecture, t.procedure, t.label, t.practice,
      e.after_at / 1000 as after_time, e.started_at / 1000 as first_seen, e.confirmed_at / 1000 as confirmed,
      e.last_at / 1000 as last_seen, e.ended_at / 1000 as gone_seen, e.first_date, e.betterings,
      (e.last_at - e.started_at) / 1000 as least_seconds, (e.ended_at - e.after_at) / 1000 as most_seconds
    from episodes e join targets t on t.id = e.target_id where e.kind = 'opening'`,
];

import { sql, type Kysely } from 'kysely';

/**
 * What pages and scrapes ask of a large database: unrecognised pages by group, as they come and go; the view of days on the
 * roll-ups, so that SQL and pages count the same. Days are counted again at the next start: instants that a person answered are
 * among the planned ones now.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

const words = (column: string): string => `(select words from texts where id = ${column})`;
const UNRECOGNISED = `('unknown_page', 'ambiguous')`;

/** Pages of one structure are a group; where there was no page, those on which one rule gave up. */
const groupOf = (rule: string): string =>
  `${words('c.platform')} as platform, coalesce(${words('c.fingerprint')}, 'rule:' || ${words(rule)}) as name`;

const FAULT = ['overloaded', 'maintenance', 'error', 'timeout', 'unreachable'];
const GATE = ['captcha', 'login', 'denied', 'rate_limited', 'robots'];
const UNMEASURED = 'unknown_page ambiguous network_down clock_untrusted monitor_error skipped missed'.split(' ');
const sum = (outcomes: readonly string[]): string => outcomes.map((outcome) => `d.${outcome}`).join(' + ');

const STATEMENTS: readonly string[] = [
  `create table page_groups (
    id integer primary key, platform text not null, name text not null, unique (platform, name)
  ) strict`,
  `create table unrecognised (
    page_group integer not null references page_groups (id), check_id integer not null references stored_checks (id),
    primary key (page_group, check_id)
  ) strict, without rowid`,
  `insert into page_groups (platform, name)
    select distinct platform, name from (select ${groupOf('r.rule')}
      from stored_readings r cross join stored_checks c on c.id = r.check_id
      where r.current = 1 and r.outcome in ${UNRECOGNISED})`,
  `insert into unrecognised (page_group, check_id)
    select g.id, s.check_id from (select r.check_id, ${groupOf('r.rule')}
      from stored_readings r cross join stored_checks c on c.id = r.check_id
      where r.current = 1 and r.outcome in ${UNRECOGNISED}) s
    join page_groups g on g.platform = s.platform and g.name = s.name`,
  `create trigger unrecognised_pages_come after insert on stored_readings
    when new.current = 1 and new.outcome in ${UNRECOGNISED}
    begin
      insert or ignore into page_groups (platform, name)
        select ${groupOf('new.rule')} from stored_checks c where c.id = new.check_id;
      insert into unrecognised (page_group, check_id)
        select g.id, new.check_id from (select ${groupOf('new.rule')} from stored_checks c where c.id = new.check_id) s
        join page_groups g on g.platform = s.platform and g.name = s.name;
    end`,
  `create trigger unrecognised_pages_go after update of current on stored_readings
    when old.current = 1 and new.current = 0 and old.outcome in ${UNRECOGNISED}
    begin
      delete from unrecognised where check_id = old.check_id and page_group =
        (select g.id from (select ${groupOf('old.rule')} from stored_checks c where c.id = old.check_id) s
          join page_groups g on g.platform = s.platform and g.name = s.name);
    end`,
  'drop index readings_unrecognised',
  // From where each target was ever looked at: readings from two places are compared (S13), and hardly any target has two.
  `create table target_vantages (
    target integer not null, vantage integer not null, primary key (target, vantage)
  ) strict, without rowid`,
  'insert into target_vantages select distinct target, vantage from stored_checks',
  `create trigger target_vantages_come after insert on stored_checks
    begin insert or ignore into target_vantages values (new.target, new.vantage); end`,
  'create index events_by_kind on events (kind)',
  // Messages that were sent stay, and are counted at each scrape.
  'create index messages_by_state on messages (channel, state, created_at, next_at)',

  'drop view v_daily',
  `create view v_daily as
    select date(d.day * 86400, 'unixepoch') as day, t.id as target_id, t.platform, t.department, t.procedure, d.planned, d.slots,
      d.no_slots, d.suspended, d.moved, d.operational, d.soft_blocked, ${sum(FAULT)} as fault, d.maintenance,
      ${sum(GATE)} as gate, ${sum(UNMEASURED)} as unmeasured
    from daily d join targets t on t.no = d.target where d.planned > 0`,
  'delete from daily',
];

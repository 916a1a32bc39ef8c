import { sql, type Kysely } from 'kysely';

/**
 * What was lost from sight has no end that is known. Structures of pages are kept by target and step: those that a target has shown
 * so far are taken from its last checks, so that the next of them is no surprise. Standings are folded again at this start: they know
 * of the last measurement now.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of STATEMENTS) await sql.raw(statement).execute(db);
}

/** More than a week of checks every half-hour. */
const CHECKS_LOOKED_AT = 400;

const STATEMENTS: readonly string[] = [
  'alter table episodes add column lost_at integer',
  'drop view v_openings',
  `create view v_openings as
    select e.target_id, t.platform, t.department, t.prefecture, t.procedure, t.label, t.practice,
      e.after_at / 1000 as after_time, e.started_at / 1000 as first_seen, e.confirmed_at / 1000 as confirmed,
      e.last_at / 1000 as last_seen, e.ended_at / 1000 as gone_seen, e.first_date, e.betterings,
      (e.last_at - e.started_at) / 1000 as least_seconds, (e.ended_at - e.after_at) / 1000 as most_seconds,
      e.lost_at / 1000 as lost
    from episodes e join targets t on t.id = e.target_id where e.kind = 'opening'`,
  'drop index episodes_lasting',
  'create index episodes_lasting on episodes (target_id) where ended_at is null and lost_at is null',
  'alter table standings add column last_measured_at integer',
  'delete from standings',
  `create table structures (
    target integer not null references targets (no), step text not null, outcome text not null, rule text not null,
    fingerprint text not null, first_at integer not null, primary key (target, step, outcome, rule, fingerprint)
  ) strict, without rowid`,
  `insert or ignore into structures
    select c.target, coalesce((select json_extract(meta_json, '$.step') from captures where check_id = c.id order by seq desc limit 1), ''),
      r.outcome, (select words from texts where id = r.rule), (select words from texts where id = c.fingerprint),
      c.started_at + c.finished_after
    from targets t
      cross join stored_checks c on c.id in (
        select id from stored_checks where target = t.no order by started_at desc limit ${CHECKS_LOOKED_AT})
      cross join stored_readings r on r.check_id = c.id and r.current = 1
    where c.fingerprint is not null order by c.started_at`,
];

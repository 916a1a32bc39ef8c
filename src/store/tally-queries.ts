import { GROUPS as OUTCOME_GROUPS, OUTCOMES } from '../core/outcome.ts';

/** The questions of `tally-source.ts`. All of them name their columns by place. */

export const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');

const IN_SHARE = quoted(['slots', 'no_slots', 'suspended']);
const FAULTS = quoted(OUTCOME_GROUPS.fault);

/** A check is captured no longer after its start. */
export const LONGEST_CHECK_MS = 3_600_000;

/** When the page was captured, or else when the check began: as the roll-ups have it. */
export const CAPTURED_AT = '(c.started_at + coalesce(c.observed_after, 0))';
/** By an index on starts, then exactly. */
const IN_SPAN = `c.started_at >= $from - ${LONGEST_CHECK_MS} and c.started_at < $to
    and ${CAPTURED_AT} >= $from and ${CAPTURED_AT} < $to`;

const CHOSEN = 'select no from targets where id in (select value from json_each($ids))';

const softBlocked = (check: string, reading: string): string => `(${reading}.outcome = 'no_slots' and exists (
  select 1 from soft_blocks b where b.host = (select words from texts where id = ${check}.host) and b.lifted_at is null
    and ${check}.started_at >= b.from_at and (b.to_at is null or ${check}.started_at < b.to_at)))`;
export const SOFT_BLOCKED = softBlocked('c', 'r');

export const textNo = (words: string): string => `(select id from texts where words = '${words}')`;
const UNIFORM = `(c.design = ${textNo('uniform')}
  and c.mode in (${textNo('scheduled')}, ${textNo('control')}, ${textNo('assisted')}))`;

export const CURRENT = 'stored_checks c join stored_readings r on r.check_id = c.id and r.current = 1';

export const DAYS = `select t.id, d.day, d.planned, d.soft_blocked, d.others, d.first_at, d.last_at, d.reader_oldest,
    d.reader_newest, ${OUTCOMES.map((outcome) => `d."${outcome}"`).join(', ')}
  from targets t cross join daily d on d.target = t.no
  where t.no in (${CHOSEN}) and d.day between $from and $to order by d.day, t.id`;

export const GROUPS = `select t.department, t.platform, t.procedure = 'service' as is_service, d.day, sum(d.planned),
    sum(d.soft_blocked), sum(d.others), min(d.first_at), max(d.last_at), min(d.reader_oldest), max(d.reader_newest),
    ${OUTCOMES.map((outcome) => `sum(d."${outcome}")`).join(', ')}
  from targets t cross join daily d on d.target = t.no where d.day between $from and $to
  group by t.department, t.platform, is_service, d.day order by d.day, t.department, t.platform`;

export const CHANGES = 'select day, changes from daily_changes where day between $from and $to';

/** Visits only: what was skipped saw nothing. */
export const CHECKS = `select c.id, ${CAPTURED_AT}, c.started_at, r.outcome, ${UNIFORM}, c.mode = ${textNo('reported')},
    ${SOFT_BLOCKED}, case when r.facets is null then null else
      (select json_extract(words, '$.firstDate') from texts where id = r.facets) end
  from ${CURRENT} where c.target = (select no from targets where id = $id) and ${IN_SPAN}
    and r.outcome <> 'skipped' order by c.started_at`;

export const STATES = `select c.started_at + coalesce(c.observed_after, c.finished_after) as at, r.outcome
  from ${CURRENT} where c.target = (select no from targets where id = $id) and c.started_at >= $from and c.started_at < $to
    and c.mode is not ${textNo('reported')} and r.outcome <> 'skipped' order by c.started_at`;

export const HOURS = `select ${CAPTURED_AT} / 3600000 as hour, sum(r.outcome = 'slots'), count(*)
  from targets t cross join ${CURRENT} and c.target = t.no
  where t.no in (${CHOSEN}) and ${IN_SPAN} and r.outcome in (${IN_SHARE})
    and ${UNIFORM} and not ${SOFT_BLOCKED} group by hour order by hour`;

export const INTERVAL = `select interval_length from stored_plans where target = (select no from targets where id = $id)
  and mode = ${textNo('scheduled')} order by interval_start desc limit 1`;

/** What a person sent, or saw behind a captcha, is no picture of everybody's. */
export const PICTURES = `select c.id, c.started_at + coalesce(c.observed_after, c.finished_after) as at, r.outcome
  from ${CURRENT} where c.target = (select no from targets where id = $id)
    and c.mode is not ${textNo('assisted')} and c.mode is not ${textNo('reported')}
    and exists (select 1 from captures k where k.check_id = c.id and k.screenshot is not null)
  order by c.started_at desc limit $limit`;

export const OUTAGES = `select target_id, outcome, after_at, started_at, last_at, ended_at, lost_at from episodes
  where kind = 'outage' and target_id in (select value from json_each($ids)) and started_at < $to
    and coalesce(ended_at, lost_at, 9e15) >= $from order by started_at desc, target_id`;

const OBSERVED = quoted(OUTCOME_GROUPS.observed);
const LOOKED_AT = '(c.started_at + coalesce(c.observed_after, c.finished_after))';

/**
 * From the standing of each target, whose last measurement may be one that is not believed: then those before it are looked at. Of a
 * control all would be.
 */
export const SIGHTS = `select t.id, t.control, (select interval_length from stored_plans where target = t.no
      and mode = ${textNo('scheduled')} order by interval_start desc limit 1), ${LOOKED_AT}, r.outcome, not ${SOFT_BLOCKED},
    case when t.control = 0 then (
      select m.started_at + coalesce(m.observed_after, m.finished_after) from stored_checks m
        cross join stored_readings n on n.check_id = m.id and n.current = 1
        where m.target = t.no and m.started_at <= s.last_measured_at and n.outcome in (${OBSERVED}, ${FAULTS})
          and m.mode is not ${textNo('control')} and m.mode is not ${textNo('reported')}
          and not ${softBlocked('m', 'n')}
        order by m.started_at desc limit 1) end
  from standings s join targets t on t.id = s.target_id join ${CURRENT} and c.id = s.check_id order by t.id`;

/** Only days that have such checks are looked at. A local day begins up to two hours before that of UTC. */
export const SEEN_BESIDES = `select t.id, max(case when r.outcome = 'slots' then ${CAPTURED_AT} end), max(${CAPTURED_AT})
  from targets t cross join daily d on d.target = t.no and d.day between $fromDay and $toDay and d.others > 0
    cross join ${CURRENT} and c.target = t.no and c.started_at >= d.day * 86400000 - 7200000 - ${LONGEST_CHECK_MS}
      and c.started_at < (d.day + 1) * 86400000
  where t.no in (${CHOSEN}) and ${CAPTURED_AT} >= $from and ${CAPTURED_AT} < $to and r.outcome in (${OBSERVED})
    and c.mode is not ${textNo('reported')} and not ${UNIFORM} and not ${SOFT_BLOCKED} group by t.id`;

export const FAULT_TEXTS = `select m.words, min(c.started_at) as first_at from ${CURRENT} join texts m on m.id = r.message
  where c.target = (select no from targets where id = $id) and c.started_at + coalesce(c.observed_after, c.finished_after) >= $from
    and c.started_at <= $to and c.started_at >= $from - 3600000 and r.outcome in (${FAULTS})
  group by m.words order by first_at limit 20`;

/** Others have nothing to be compared with. */
export const VANTAGES = `with wanted as (select target from target_vantages group by target having count(*) > 1)
  select c.id, t.id, ${CAPTURED_AT} as at, r.outcome, (select words from texts where id = c.vantage)
  from wanted w cross join targets t on t.no = w.target cross join ${CURRENT} and c.target = w.target
  where ${IN_SPAN} and r.outcome in (${IN_SHARE}) and c.mode is not ${textNo('reported')} and not ${SOFT_BLOCKED} order by at, c.id`;

export const ENDED = 'select channel, kind, result, count from delivery_counts order by channel, kind, result';

export const ACCEPTED = `select m.channel, n.kind, n.at, m.ended_at from messages m
  join deliveries d on d.message_id = m.id join notices n on n.id = d.notice_id
  join subscriptions s on s.id = d.subscription_id
  where m.state = 'sent' and m.ended_at >= $from and m.ended_at < $to and s.quiet_from is null and s.digest_at is null
  order by m.id, n.id`;

import { sql } from 'kysely';

import { LocalTime, PARIS } from '../core/local-time.ts';
import { OUTCOMES, isOutcome, type Outcome } from '../core/outcome.ts';
import type { Connection } from './tables.ts';
import { LONGEST_CHECK_MS } from './tally-queries.ts';

/**
 * Roll-ups: each target's local day in counts, see `core/tally.ts`. A day is never added to, it is counted again from its checks,
 * in the transaction that changed one of them: a late reading, a mark or a lost plan cannot make it wrong, and what a rebuild
 * writes is what was there.
 *
 * A check belongs to the day on which its page was captured, or else on which it was started; a plan that led to no check to the
 * day of its instant.
 */

const DAY_MS = 86_400_000;
/** The configuration allows no longer interval. */
const LONGEST_INTERVAL_MS = DAY_MS;
const DAYS_AT_ONCE = 400;
const TOLD_EVERY = 25;

interface Moment {
  /** `targets.no` */
  readonly target: number;
  readonly at: number;
}

interface Tally {
  readonly counts: Map<Outcome, number>;
  planned: number;
  softBlocked: number;
  others: number;
  firstAt: number | null;
  lastAt: number | null;
  readerOldest: number | null;
  readerNewest: number | null;
}

interface CheckCount {
  readonly day: number;
  readonly outcome: string;
  readonly is_uniform: number;
  readonly is_blocked: number;
  readonly count: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly reader_oldest: number;
  readonly reader_newest: number;
}

/** Counts the days again in which the moments lie. */
export async function refreshDays(db: Connection, moments: readonly Moment[]): Promise<void> {
  const paris = new LocalTime(PARIS);
  const days = new Map<number, Set<number>>();
  for (const { target, at } of moments) {
    const known = days.get(target) ?? new Set();
    days.set(target, known.add(dayNumber(paris.dayOf(at))));
  }
  for (const [target, of] of days) await refresh(db, target, [...of]);
}

export async function refreshDayOfCheck(db: Connection, checkId: number): Promise<void> {
  const { rows } = await sql<Moment>`
    select target, started_at + coalesce(observed_after, 0) as at from stored_checks where id = ${checkId}`.execute(db);
  await refreshDays(db, rows);
}

/** Counts the days again of all checks of a host from an instant on; to another one, where it is given. */
export async function refreshDaysOfHost(
  db: Connection,
  host: string,
  { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number | null },
): Promise<void> {
  const { rows } = await sql<Moment>`
    select target, started_at + coalesce(observed_after, 0) as at from stored_checks
      where started_at >= ${fromAt} and started_at <= ${toAt ?? Number.MAX_SAFE_INTEGER}
        and host = (select id from texts where words = ${host})`.execute(db);
  await refreshDays(db, rows);
}

/** All days of one target, from its first check or plan on. Returns how many there are. */
export async function rebuildTarget(db: Connection, targetId: string): Promise<number> {
  const { rows } = await sql<{ no: number; first_at: number | null; last_at: number | null }>`
    select t.no,
      min(coalesce((select min(started_at) from stored_checks where target = t.no), 9e15),
        coalesce((select min(interval_start) from stored_plans where target = t.no), 9e15)) as first_at,
      max(coalesce((select max(started_at) from stored_checks where target = t.no), 0) + ${LONGEST_CHECK_MS},
        coalesce((select max(interval_start) from stored_plans where target = t.no), 0) + ${LONGEST_INTERVAL_MS}) as last_at
    from targets t where t.id = ${targetId}`.execute(db);
  const [found] = rows;
  if (found === undefined) return 0;
  await db.deleteFrom('daily').where('target', '=', found.no).execute();
  const paris = new LocalTime(PARIS);
  const last = dayNumber(paris.dayOf(found.last_at ?? 0));
  const first = dayNumber(paris.dayOf(Math.min(found.first_at ?? 0, found.last_at ?? 0)));
  const days = Array.from({ length: last - first + 1 }, (_, at) => first + at);
  for (let at = 0; at < days.length; at += DAYS_AT_ONCE) await refresh(db, found.no, days.slice(at, at + DAYS_AT_ONCE));
  const { count } = await db
    .selectFrom('daily')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('target', '=', found.no)
    .executeTakeFirstOrThrow();
  return count;
}

/** Fills the roll-ups of a database that was written before there were any. */
export async function rebuildWhereNone(db: Connection, tell: (what: string) => void): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from targets where not exists (select 1 from daily)
      and (exists (select 1 from stored_checks) or exists (select 1 from stored_plans where state in ('skipped', 'missed')))`.execute(
    db,
  );
  for (const [at, { id }] of rows.entries()) {
    if (at % TOLD_EVERY === 0) tell(`counting days: target ${at + 1} of ${rows.length}`);
    await rebuildTarget(db, id);
  }
}

async function refresh(db: Connection, target: number, days: readonly number[]): Promise<void> {
  const paris = new LocalTime(PARIS);
  const spans = days.map((day) => [day, paris.startOf(dayName(day)), paris.endOf(dayName(day))] as const);
  const wanted = JSON.stringify(spans);
  await sql`insert into daily_changes (day, changes) select value ->> 0, 1 from json_each(${wanted}) where true
    on conflict (day) do update set changes = changes + 1`.execute(db);
  await sql`delete from daily where target = ${target} and day in (select value ->> 0 from json_each(${wanted}))`.execute(
    db,
  );
  const checks = Map.groupBy(await checkCounts(db, target, wanted), ({ day }) => day);
  const lost = Map.groupBy(await lostPlans(db, target, wanted), ({ day }) => day);
  const rows = days.flatMap((day) => {
    const tally = tallyOf(checks.get(day) ?? [], lost.get(day) ?? []);
    return tally === null ? [] : [[target, day, ...valuesOf(tally)]];
  });
  if (rows.length === 0) return;
  const columns = sql.join(DAILY_COLUMNS.map((column) => sql.ref(column)));
  const places = sql.join(DAILY_COLUMNS.map((_, at) => sql.raw(`value ->> ${at}`)));
  await sql`insert into daily (${columns}) select ${places} from json_each(${JSON.stringify(rows)})`.execute(db);
}

const DAILY_COLUMNS = [
  'target',
  'day',
  'planned',
  'soft_blocked',
  'others',
  'first_at',
  'last_at',
  'reader_oldest',
  'reader_newest',
  ...OUTCOMES,
];

function valuesOf(tally: Tally): (number | null)[] {
  const { planned, softBlocked, others, firstAt, lastAt, readerOldest, readerNewest, counts } = tally;
  const outcomes = OUTCOMES.map((outcome) => counts.get(outcome) ?? 0);
  return [planned, softBlocked, others, firstAt, lastAt, readerOldest, readerNewest, ...outcomes];
}

/** Days with their first instant and the first one after them, as JSON. */
const WANTED = sql`select value ->> 0 as day, value ->> 1 as from_at, value ->> 2 as to_at`;

/** Current readings only. A "no" inside a window that stands is not believed. */
async function checkCounts(db: Connection, target: number, wanted: string): Promise<readonly CheckCount[]> {
  const { rows } = await sql<CheckCount>`
    with wanted as materialized (${WANTED} from json_each(${wanted})), seen as (
      select w.day, r.outcome, r.reader_version, c.started_at, m.words as mode,
        (select words from texts where id = c.design) = 'uniform' as is_uniform_design,
        r.outcome = 'no_slots' and exists (
          select 1 from soft_blocks b where b.host = (select words from texts where id = c.host) and b.lifted_at is null
            and c.started_at >= b.from_at and (b.to_at is null or c.started_at < b.to_at)) as is_blocked
      from wanted w cross join stored_checks c on c.target = ${target}
          and c.started_at >= w.from_at - ${LONGEST_CHECK_MS} and c.started_at < w.to_at
          and c.started_at + coalesce(c.observed_after, 0) >= w.from_at and c.started_at + coalesce(c.observed_after, 0) < w.to_at
        cross join stored_readings r on r.check_id = c.id and r.current = 1 join texts m on m.id = c.mode
    )
    select day, outcome, is_uniform_design and mode in ('scheduled', 'control', 'assisted') as is_uniform, is_blocked,
      count(*) as count, min(started_at) as first_at, max(started_at) as last_at, min(reader_version) as reader_oldest,
      max(reader_version) as reader_newest
    from seen group by day, outcome, is_uniform, is_blocked`.execute(db);
  return rows;
}

interface LostCount {
  readonly day: number;
  readonly state: string;
  readonly count: number;
}

/** Uniform plans that are over and led to no check, by how they ended. */
async function lostPlans(db: Connection, target: number, wanted: string): Promise<readonly LostCount[]> {
  const { rows } = await sql<LostCount>`
    with wanted as materialized (${WANTED} from json_each(${wanted}))
    select w.day, p.state, count(*) as count from wanted w cross join stored_plans p on p.target = ${target}
        and p.interval_start > w.from_at - ${LONGEST_INTERVAL_MS} and p.interval_start < w.to_at
        and p.planned_at >= w.from_at and p.planned_at < w.to_at
      where p.check_id is null and p.state in ('skipped', 'missed')
        and p.design = (select id from texts where words = 'uniform')
      group by w.day, p.state`.execute(db);
  return rows;
}

function tallyOf(checks: readonly CheckCount[], lost: readonly LostCount[]): Tally | null {
  if (checks.length === 0 && lost.length === 0) return null;
  const tally: Tally = {
    counts: new Map(),
    planned: 0,
    softBlocked: 0,
    others: 0,
    firstAt: null,
    lastAt: null,
    readerOldest: null,
    readerNewest: null,
  };
  const add = (outcome: string, count: number): void => {
    if (isOutcome(outcome)) tally.counts.set(outcome, (tally.counts.get(outcome) ?? 0) + count);
  };
  for (const row of checks) {
    if (row.is_uniform !== 1) {
      tally.others += row.count;
      continue;
    }
    tally.planned += row.count;
    if (row.is_blocked === 1) tally.softBlocked += row.count;
    else add(row.outcome, row.count);
    tally.firstAt = Math.min(tally.firstAt ?? Infinity, row.first_at);
    tally.lastAt = Math.max(tally.lastAt ?? 0, row.last_at);
    tally.readerOldest = Math.min(tally.readerOldest ?? Infinity, row.reader_oldest);
    tally.readerNewest = Math.max(tally.readerNewest ?? 0, row.reader_newest);
  }
  for (const { state, count } of lost) {
    tally.planned += count;
    add(state, count);
  }
  return tally;
}

export function dayNumber(day: string): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

export function dayName(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

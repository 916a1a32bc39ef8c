import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import { isBefore, stand, type Standing, type Visit } from '../core/standing.ts';
import type { TargetStatus } from './contract.ts';
import { currentChecks } from './current-checks.ts';
import { asCheckRow, asOutcome, asStanding } from './rows.ts';
import type { Connection } from './tables.ts';
import { targetNo, textId } from './texts.ts';

/** Queries on how each target stands. */

/** No visit of ours: it says nothing of how a target stands. A person's own report is shown apart. */
const NO_VISIT = ['skipped', 'missed'];
const REPORTED = 'reported';

/** Of a target that nobody ever planned: only a drought's longest gap asks for it. */
const USUAL_INTERVAL_MS = 1_800_000;

const INTERVAL = sql<number | null>`(select interval_length from stored_plans
  where target = (select no from targets where id = standings.target_id) and mode = ${textId('scheduled')}
  order by interval_start desc limit 1)`;

export async function statuses(db: Connection): Promise<readonly TargetStatus[]> {
  const rows = await currentChecks(db)
    .innerJoin('standings', 'standings.check_id', 'checks.id')
    .selectAll('standings')
    .select(['checks.target_id', 'checks.started_at', 'readings.outcome'])
    .select(INTERVAL.as('interval_length'))
    .orderBy('standings.target_id')
    .execute();
  return rows.map((row) => {
    const { sinceAt, lastObservedAt, lastSlotsAt, lastMeasuredAt, drought } = asStanding(row);
    const intervalMs = row.interval_length ?? USUAL_INTERVAL_MS;
    return { ...asCheckRow(row), sinceAt, lastObservedAt, lastSlotsAt, lastMeasuredAt, drought, intervalMs };
  });
}

/** Takes a check that was just written into the standing of its target. */
export async function advance(db: Connection, checkId: number, check: Check): Promise<void> {
  const { targetId, startedAt, observedAt, finishedAt, reading } = check;
  if (NO_VISIT.includes(reading.outcome) || check.mode === REPORTED) return;
  const before = await standingOf(db, targetId);
  if (isBefore(check, before)) return await rebuild(db, targetId);
  const visit = { checkId, startedAt, observedAt, finishedAt, outcome: reading.outcome };
  await save(db, targetId, stand(before, visit, await intervalOf(db, targetId)));
}

/** Folds all visits of a target again. */
export async function rebuild(db: Connection, targetId: string): Promise<void> {
  const intervalMs = await intervalOf(db, targetId);
  let standing: Standing | null = null;
  for (const visit of await visitsOf(db, targetId)) standing = stand(standing, visit, intervalMs);
  if (standing !== null) await save(db, targetId, standing);
}

/** Targets that were watched before standings were kept. */
export async function rebuildMissing(db: Connection, tell: (what: string) => void): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from targets t where not exists (select 1 from standings where target_id = t.id)
      and exists (select 1 from stored_checks where target = t.no)`.execute(db);
  if (rows.length > 0) tell(`folding the checks of ${rows.length} targets`);
  for (const { id } of rows) await rebuild(db, id);
}

async function standingOf(db: Connection, targetId: string): Promise<Standing | null> {
  const row = await db.selectFrom('standings').selectAll().where('target_id', '=', targetId).executeTakeFirst();
  return row === undefined ? null : asStanding(row);
}

/** From the tables themselves: a year of one target is read in a tenth of the time that the views take. */
async function visitsOf(db: Connection, targetId: string): Promise<Visit[]> {
  const { rows } = await sql<VisitRow>`
    select c.id, c.started_at, c.observed_after, c.finished_after, r.outcome
      from stored_checks c cross join stored_readings r on r.check_id = c.id and r.current = 1
      where c.target = ${targetNo(targetId)} and r.outcome not in (${sql.join(NO_VISIT)}) and c.mode is not ${textId(REPORTED)}
      order by c.started_at, c.id`.execute(db);
  return rows.map((row) => ({
    checkId: row.id,
    startedAt: row.started_at,
    observedAt: row.observed_after === null ? null : row.started_at + row.observed_after,
    finishedAt: row.started_at + row.finished_after,
    outcome: asOutcome(row.outcome),
  }));
}

interface VisitRow {
  readonly id: number;
  readonly started_at: number;
  readonly observed_after: number | null;
  readonly finished_after: number;
  readonly outcome: string;
}

/** Time between two planned checks of a target: of the last that was planned. */
export async function intervalOf(db: Connection, targetId: string): Promise<number> {
  const row = await db
    .selectFrom('planned')
    .select((eb) => eb('interval_end', '-', eb.ref('interval_start')).as('interval'))
    .where('target_id', '=', targetId)
    .where('mode', '=', 'scheduled')
    .orderBy('interval_start', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row === undefined ? USUAL_INTERVAL_MS : row.interval;
}

async function save(db: Connection, targetId: string, standing: Standing): Promise<void> {
  const { drought } = standing;
  const row = {
    check_id: standing.checkId,
    started_at: standing.startedAt,
    outcome: standing.outcome,
    since_at: standing.sinceAt,
    last_observed_at: standing.lastObservedAt,
    last_slots_at: standing.lastSlotsAt,
    last_measured_at: standing.lastMeasuredAt,
    drought_from_at: drought?.fromAt ?? null,
    drought_last_at: drought?.lastAt ?? null,
    drought_checks: drought?.checks ?? null,
    drought_longest_gap_ms: drought?.longestGapMs ?? null,
  };
  await db
    .insertInto('standings')
    .values({ target_id: targetId, ...row })
    .onConflict((conflict) => conflict.column('target_id').doUpdateSet(row))
    .execute();
}

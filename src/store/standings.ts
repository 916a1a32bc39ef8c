import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import { isBefore, stand, type Standing, type Visit } from '../core/standing.ts';
import type { TargetStatus } from './contract.ts';
import { currentChecks } from './current-checks.ts';
import { asCheckRow, asOutcome, asStanding } from './rows.ts';
import type { Connection } from './tables.ts';

/** Queries on how each target stands. */

const NO_VISIT = ['skipped', 'missed'];

/** Of a target that nobody ever planned: only a drought's longest gap asks for it. */
const USUAL_INTERVAL_MS = 1_800_000;

export async function statuses(db: Connection): Promise<readonly TargetStatus[]> {
  const rows = await currentChecks(db)
    .innerJoin('standings', 'standings.check_id', 'checks.id')
    .selectAll('standings')
    .select(['checks.target_id', 'checks.started_at', 'readings.outcome'])
    .orderBy('standings.target_id')
    .execute();
  return rows.map((row) => {
    const { sinceAt, lastObservedAt, lastSlotsAt, drought } = asStanding(row);
    return { ...asCheckRow(row), sinceAt, lastObservedAt, lastSlotsAt, drought };
  });
}

/** Takes a check that was just written into the standing of its target. */
export async function advance(db: Connection, checkId: number, check: Check): Promise<void> {
  const { targetId, startedAt, observedAt, finishedAt, reading } = check;
  if (NO_VISIT.includes(reading.outcome)) return;
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
export async function rebuildMissing(db: Connection): Promise<void> {
  const { rows } = await sql<{ id: string }>`
    select id from targets t where not exists (select 1 from standings where target_id = t.id)
      and exists (select 1 from checks where target_id = t.id)`.execute(db);
  for (const { id } of rows) await rebuild(db, id);
}

async function standingOf(db: Connection, targetId: string): Promise<Standing | null> {
  const row = await db.selectFrom('standings').selectAll().where('target_id', '=', targetId).executeTakeFirst();
  return row === undefined ? null : asStanding(row);
}

async function visitsOf(db: Connection, targetId: string): Promise<Visit[]> {
  const rows = await db
    .selectFrom('checks')
    .innerJoin('readings', (join) => join.onRef('readings.check_id', '=', 'checks.id').on('readings.current', '=', 1))
    .select(['checks.id', 'checks.started_at', 'checks.observed_at', 'checks.finished_at', 'readings.outcome'])
    .where('checks.target_id', '=', targetId)
    .where('readings.outcome', 'not in', NO_VISIT)
    .orderBy('checks.started_at')
    .orderBy('checks.id')
    .execute();
  return rows.map((row) => ({
    checkId: row.id,
    startedAt: row.started_at,
    observedAt: row.observed_at,
    finishedAt: row.finished_at,
    outcome: asOutcome(row.outcome),
  }));
}

async function intervalOf(db: Connection, targetId: string): Promise<number> {
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

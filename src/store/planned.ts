import { sql } from 'kysely';

import type { PlannedCheck, PlannedEnd } from '../core/check.ts';
import type { PlannedCount, PlannedEndCount, PlannedMark } from './contract.ts';
import { asOutcome, asPlannedCheck, asPlannedState } from './rows.ts';
import type { Connection } from './tables.ts';

/** Queries on the ledger of planned checks. */

const ROWS_AT_ONCE = 500;

export async function plan(db: Connection, rows: readonly Omit<PlannedCheck, 'id'>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const values = rows.slice(at, at + ROWS_AT_ONCE).map((row) => ({
      target_id: row.targetId,
      interval_start: row.intervalStart,
      interval_end: row.intervalEnd,
      planned_at: row.plannedAt,
      design: row.design,
      mode: row.mode,
      state: 'planned',
      reason: '',
    }));
    await db
      .insertInto('planned')
      .values(values)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

export async function plannedUntil(db: Connection): Promise<ReadonlyMap<string, PlannedMark>> {
  // One look into the index for each target: a grouped maximum would read the whole ledger.
  const { rows } = await sql<{ target_id: string; interval_end: number; planned_at: number }>`
        select p.target_id, p.interval_end, p.planned_at from targets t join planned p on p.id =
          (select id from planned where target_id = t.id and mode = 'scheduled' order by interval_start desc limit 1)`.execute(
    db,
  );
  return new Map(rows.map((row) => [row.target_id, { intervalEnd: row.interval_end, plannedAt: row.planned_at }]));
}

export async function due(db: Connection, now: number): Promise<readonly PlannedCheck[]> {
  const rows = await db
    .selectFrom('planned')
    .selectAll()
    .where('state', '=', 'planned')
    .where('planned_at', '<=', now)
    .orderBy('planned_at')
    .limit(2_000)
    .execute();
  return rows.map(asPlannedCheck);
}

export async function begin(db: Connection, plannedId: number, now: number): Promise<boolean> {
  const result = await db
    .updateTable('planned')
    .set({ state: 'begun', begun_at: now })
    .where('id', '=', plannedId)
    .where('state', '=', 'planned')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function closeBegun(db: Connection, reason: string): Promise<number> {
  const result = await db
    .updateTable('planned')
    .set({ state: 'missed', reason })
    .where('state', '=', 'begun')
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export async function closeDue(db: Connection, before: number, reason: string): Promise<number> {
  const result = await db
    .updateTable('planned')
    .set({ state: 'missed', reason })
    .where('state', '=', 'planned')
    .where('planned_at', '<', before)
    .executeTakeFirst();
  return Number(result.numUpdatedRows);
}

export async function closeUnwatched(db: Connection, watched: readonly string[], reason: string): Promise<void> {
  await db
    .updateTable('planned')
    .set({ state: 'skipped', reason })
    .where('state', '=', 'planned')
    .where('target_id', 'not in', [...watched])
    .execute();
}

/** What has ended is counted as it ends; only what is open is looked at. */
export async function plannedCounts(db: Connection): Promise<readonly PlannedCount[]> {
  const ended = await db.selectFrom('planned_counts').selectAll().execute();
  const open = await byState(db).where('state', 'in', ['planned', 'begun']).execute();
  return [...open, ...ended].map(asPlannedCount);
}

/** Of the planned checks whose instant lies in `(since, until]`. */
export async function plannedCountsBetween(
  db: Connection,
  since: number,
  until: number,
): Promise<readonly PlannedCount[]> {
  const rows = await byState(db).where('planned_at', '>', since).where('planned_at', '<=', until).execute();
  return rows.map(asPlannedCount);
}

function byState(db: Connection) {
  return db
    .selectFrom('planned')
    .select((eb) => ['state', 'reason', eb.fn.countAll<number>().as('count')])
    .groupBy(['state', 'reason']);
}

function asPlannedCount(row: { state: string; reason: string; count: number }): PlannedCount {
  return { state: asPlannedState(row.state), reason: row.reason, count: row.count };
}

export async function plannedEnds(db: Connection): Promise<readonly PlannedEndCount[]> {
  const rows = await db.selectFrom('planned_ends').selectAll().execute();
  return rows.map((row) => ({ targetId: row.target_id, outcome: asOutcome(row.outcome), count: row.count }));
}

export async function closePlanned(
  db: Connection,
  plannedId: number,
  end: { state: PlannedEnd; reason: string; check_id?: number },
): Promise<void> {
  await db
    .updateTable('planned')
    .set(end)
    .where('id', '=', plannedId)
    .where('state', 'in', ['planned', 'begun'])
    .execute();
}

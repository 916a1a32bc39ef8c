import { sql, type RawBuilder } from 'kysely';

import type { PlannedCheck, PlannedEnd } from '../core/check.ts';
import type { PlannedCount, PlannedEndCount, PlannedMark } from './contract.ts';
import { refreshDays } from './daily.ts';
import { asOutcome, asPlannedCheck, asPlannedState } from './rows.ts';
import type { Connection } from './tables.ts';
import { keepTexts, targetNo, textId } from './texts.ts';

/** Queries on the ledger of planned checks. */

const ROWS_AT_ONCE = 500;
/** In the very words of the partial index: with values that are bound later, SQLite could not know that it fits. */
const IS_OPEN = sql<boolean>`state in ('planned', 'begun')`;
/** The configuration allows no longer one. */
const LONGEST_INTERVAL_MS = 86_400_000;

export async function plan(db: Connection, rows: readonly Omit<PlannedCheck, 'id'>[]): Promise<void> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
    const some = rows.slice(at, at + ROWS_AT_ONCE);
    await keepTexts(
      db,
      some.flatMap(({ design, mode }) => [design, mode]),
    );
    await db
      .insertInto('stored_plans')
      .values(some.map(planValues))
      .onConflict((conflict) => conflict.columns(['target', 'interval_start']).doNothing())
      .execute();
  }
}

function planValues({ targetId, intervalStart, intervalEnd, plannedAt, design, mode }: Omit<PlannedCheck, 'id'>) {
  return {
    target: targetNo(targetId),
    interval_start: intervalStart,
    interval_length: intervalEnd - intervalStart,
    planned_at: plannedAt,
    design: textId(design),
    mode: textId(mode),
    state: 'planned',
  };
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
    .where(IS_OPEN)
    .where('state', '=', 'planned')
    .where('planned_at', '<=', now)
    .orderBy('planned_at')
    .limit(2_000)
    .execute();
  return rows.map(asPlannedCheck);
}

export async function begin(db: Connection, plannedId: number, now: number): Promise<boolean> {
  const result = await db
    .updateTable('stored_plans')
    .set({ state: 'begun', begun_after: sql<number>`${now} - planned_at` })
    .where('id', '=', plannedId)
    .where('state', '=', 'planned')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function closeBegun(db: Connection, reason: string): Promise<number> {
  return await close(db, { state: 'missed', reason }, sql`${IS_OPEN} and state = 'begun'`);
}

export async function closeDue(db: Connection, before: number, reason: string): Promise<number> {
  return await close(db, { state: 'missed', reason }, sql`${IS_OPEN} and state = 'planned' and planned_at < ${before}`);
}

export async function closeUnwatched(db: Connection, watched: readonly string[], reason: string): Promise<void> {
  const numbers = sql`select no from targets where id in (select value from json_each(${JSON.stringify(watched)}))`;
  await close(db, { state: 'skipped', reason }, sql`${IS_OPEN} and state = 'planned' and target not in (${numbers})`);
}

/** Ends plans that led to no check. Days of which a plan was lost are counted again. Returns how many. */
async function close(
  db: Connection,
  { state, reason }: { readonly state: PlannedEnd; readonly reason: string },
  which: RawBuilder<unknown>,
): Promise<number> {
  await keepTexts(db, [reason]);
  const closed = await db
    .updateTable('stored_plans')
    .set({ state, reason: textId(reason === '' ? null : reason) })
    .where(sql<boolean>`${which}`)
    .returning(['target', 'planned_at'])
    .execute();
  await refreshDays(
    db,
    closed.map(({ target, planned_at }) => ({ target, at: planned_at })),
  );
  return closed.length;
}

/** What has ended is counted as it ends; only what is open is looked at. */
export async function plannedCounts(db: Connection): Promise<readonly PlannedCount[]> {
  const ended = await db.selectFrom('planned_counts').selectAll().execute();
  const open = await byState(db).where(IS_OPEN).execute();
  return [...open, ...ended].map(asPlannedCount);
}

/** Of the planned checks whose instant lies in `(since, until]`. */
export async function plannedCountsBetween(
  db: Connection,
  since: number,
  until: number,
): Promise<readonly PlannedCount[]> {
  // Asked by interval, target by target: there is an index for that, and none by instant.
  const { rows } = await sql<{ state: string; reason: string | null; count: number }>`
    select p.state, (select words from texts where id = p.reason) as reason, count(*) as count
      from targets t cross join stored_plans p on p.target = t.no
      where p.interval_start > ${since - LONGEST_INTERVAL_MS} and p.interval_start <= ${until}
        and p.planned_at > ${since} and p.planned_at <= ${until}
      group by p.state, p.reason`.execute(db);
  return rows.map((row) => asPlannedCount({ ...row, reason: row.reason ?? '' }));
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
  { state, reason, check_id }: { state: PlannedEnd; reason: string; check_id?: number },
): Promise<void> {
  const isThis = sql`id = ${plannedId} and state in ('planned', 'begun')`;
  if (check_id === undefined) return void (await close(db, { state, reason }, isThis));
  await keepTexts(db, [reason]);
  await db
    .updateTable('stored_plans')
    .set({ state, reason: textId(reason === '' ? null : reason), check_id })
    .where(sql<boolean>`${isThis}`)
    .execute();
}

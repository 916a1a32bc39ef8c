import { sql } from 'kysely';

import { EVENT_KINDS, type EventKind, type SoftBlock } from '../core/event.ts';
import type { EventQuery, NewLabel, PageGroup, StoredEvent, StoredSoftBlock } from './contract.ts';
import { currentChecks } from './current-checks.ts';
import { refreshDaysOfHost } from './daily.ts';
import { rebuildOpeningsOfHost } from './episodes.ts';
import { insertEvent } from './follow-ups.ts';
import { asCheckRow, asEventKind, asLabel, asSoftBlock, asStoredEvent } from './rows.ts';
import type { Connection } from './tables.ts';

/** Queries for what a person looks at: unrecognised pages, events, marked windows. */

const ASKING = Object.entries(EVENT_KINDS).flatMap(([kind, { asks }]) => (asks ? [kind] : []));

interface GroupRow {
  readonly platform: string;
  readonly name: string;
  readonly checks: number;
  readonly targets: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly sample: number;
  readonly label_id: number | null;
}

export async function unrecognised(db: Connection): Promise<readonly PageGroup[]> {
  const { rows: groups } = await sql<GroupRow>`
    select g.platform, g.name, count(*) as checks, count(distinct c.target) as targets, min(c.started_at) as first_at,
        max(c.started_at) as last_at, max(c.id) as sample,
        (select max(id) from labels where platform = g.platform and page_group = g.name) as label_id
      from page_groups g cross join unrecognised u on u.page_group = g.id cross join stored_checks c on c.id = u.check_id
      group by g.id order by last_at desc`.execute(db);
  const samples = await byId(
    currentChecks(db).where('checks.id', 'in', listed(groups.map(({ sample }) => sample))),
    asCheckRow,
  );
  const labels = await byId(
    db
      .selectFrom('labels')
      .selectAll()
      .where('id', 'in', listed(groups.flatMap(({ label_id: id }) => id ?? []))),
    asLabel,
  );
  return groups.flatMap(
    ({ platform, name, checks, targets, first_at, last_at, sample: sampleId, label_id: labelId }) => {
      const sample = samples.get(sampleId);
      if (sample === undefined) return [];
      const found = { name, platform, checks, targets, firstAt: first_at, lastAt: last_at };
      return [{ ...found, sample, label: labelId === null ? null : (labels.get(labelId) ?? null) }];
    },
  );
}

/** Some numbers, without the limit that bound values have. */
function listed(ids: readonly number[]) {
  return sql<number>`(select value from json_each(${JSON.stringify(ids)}))`;
}

async function byId<Row extends { readonly id: number }, T>(
  query: { execute(): Promise<readonly Row[]> },
  as: (row: Row) => T,
): Promise<ReadonlyMap<number, T>> {
  return new Map((await query.execute()).map((row) => [row.id, as(row)]));
}

/** One look into an index for each group, however many checks are in it. */
export async function unrecognisedGroups(db: Connection): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ platform: string; groups: number }>`
    select platform, count(*) as groups from page_groups g
      where exists (select 1 from unrecognised where page_group = g.id) group by platform`.execute(db);
  return new Map(rows.map(({ platform, groups }) => [platform, groups]));
}

export async function label(
  db: Connection,
  { platform, group: name, outcome, by, at, note }: NewLabel,
): Promise<number> {
  const { id } = await db
    .insertInto('labels')
    .values({ platform, page_group: name, outcome, labelled_by: by, labelled_at: at, note })
    .returning('id')
    .executeTakeFirstOrThrow();
  const { numAffectedRows } = await sql`
    insert into labelled_checks (label_id, check_id)
      select ${id}, u.check_id from unrecognised u join page_groups g on g.id = u.page_group
        where g.platform = ${platform} and g.name = ${name}`.execute(db);
  const count = Number(numAffectedRows ?? 0n);
  const message = `${platform} ${name}: ${outcome}, said ${by}, of ${count} checks${note === '' ? '' : ` (${note})`}`;
  await insertEvent(db, { kind: 'labelled', at, platform, host: null, targetId: null, message }, null);
  return count;
}

export async function events(db: Connection, { kind, isOpen, limit }: EventQuery): Promise<readonly StoredEvent[]> {
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .$if(kind !== undefined, (query) => query.where('kind', '=', kind ?? ''))
    .$if(isOpen === true, (query) => query.where('seen_at', 'is', null).where('kind', 'in', ASKING))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(asStoredEvent);
}

export async function eventCounts(db: Connection): Promise<ReadonlyMap<EventKind, number>> {
  const rows = await db
    .selectFrom('events')
    .select((eb) => ['kind', eb.fn.countAll<number>().as('count')])
    .groupBy('kind')
    .execute();
  return new Map(rows.map((row) => [asEventKind(row.kind), row.count]));
}

export async function seen(db: Connection, eventId: number, by: string, now: number): Promise<boolean> {
  const result = await db
    .updateTable('events')
    .set({ seen_at: now, seen_by: by })
    .where('id', '=', eventId)
    .where('seen_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function softBlocks(db: Connection): Promise<readonly StoredSoftBlock[]> {
  const rows = await db.selectFrom('soft_blocks').selectAll().orderBy('id', 'desc').execute();
  return rows.map(asSoftBlock);
}

export async function markSoftBlock(db: Connection, block: SoftBlock, now: number): Promise<number> {
  const { host, fromAt, toAt, reason, markedBy } = block;
  const { id } = await db
    .insertInto('soft_blocks')
    .values({ host, from_at: fromAt, to_at: toAt, reason, marked_at: now, marked_by: markedBy })
    .returning('id')
    .executeTakeFirstOrThrow();
  await refreshDaysOfHost(db, host, { fromAt, toAt });
  await rebuildOpeningsOfHost(db, host, { fromAt, toAt });
  const message = `${host}: ${reason}, marked by ${markedBy}`;
  await insertEvent(db, { kind: 'soft_block', at: now, platform: null, host, targetId: null, message }, null);
  return id;
}

export async function liftSoftBlock(
  db: Connection,
  id: number,
  { by, why, now }: { readonly by: string; readonly why: string; readonly now: number },
): Promise<boolean> {
  const row = await db
    .updateTable('soft_blocks')
    .set({ lifted_at: now, lifted_by: by, lifted_why: why })
    .where('id', '=', id)
    .where('lifted_at', 'is', null)
    .returning(['host', 'from_at', 'to_at'])
    .executeTakeFirst();
  if (row === undefined) return false;
  await refreshDaysOfHost(db, row.host, { fromAt: row.from_at, toAt: row.to_at });
  await rebuildOpeningsOfHost(db, row.host, { fromAt: row.from_at, toAt: row.to_at });
  const message = `${row.host}: mark ${id} lifted by ${by}: ${why}`;
  await insertEvent(
    db,
    { kind: 'soft_block_lifted', at: now, platform: null, host: row.host, targetId: null, message },
    null,
  );
  return true;
}

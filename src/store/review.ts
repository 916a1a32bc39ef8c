import { sql } from 'kysely';

import { EVENT_KINDS, type EventKind, type SoftBlock } from '../core/event.ts';
import { UNRECOGNISED } from '../core/outcome.ts';
import type { EventQuery, NewLabel, PageGroup, StoredEvent, StoredSoftBlock } from './contract.ts';
import { currentChecks } from './current-checks.ts';
import { refreshDaysOfHost } from './daily.ts';
import { insertEvent } from './follow-ups.ts';
import { asCheckRow, asEventKind, asLabel, asSoftBlock, asStoredEvent } from './rows.ts';
import type { Connection } from './tables.ts';

/** Queries for what a person looks at: unrecognised pages, events, marked windows. */

const ASKING = Object.entries(EVENT_KINDS).flatMap(([kind, { asks }]) => (asks ? [kind] : []));

/** In the very words of the partial index: with values that are bound later, SQLite could not know that it fits. */
const IS_UNRECOGNISED = sql<boolean>`readings.current = 1 and readings.outcome in (${sql.join(UNRECOGNISED.map((outcome) => sql.lit(outcome)))})`;

const group = sql<string>`coalesce(checks.fingerprint, 'rule:' || readings.rule)`;

export async function unrecognised(db: Connection): Promise<readonly PageGroup[]> {
  const groups = await db
    .selectFrom('readings')
    .innerJoin('checks', 'checks.id', 'readings.check_id')
    .where(IS_UNRECOGNISED)
    .groupBy(['checks.platform', group])
    .select((eb) => [
      'checks.platform',
      group.as('name'),
      eb.fn.countAll<number>().as('checks'),
      eb.fn.count<number>('checks.target_id').distinct().as('targets'),
      eb.fn.min('checks.started_at').as('first_at'),
      eb.fn.max('checks.started_at').as('last_at'),
      eb.fn.max('checks.id').as('sample'),
    ])
    .orderBy('last_at', 'desc')
    .execute();
  return await Promise.all(
    groups.map(async ({ platform, name, checks, targets, first_at, last_at, sample }) => {
      const row = await currentChecks(db).where('checks.id', '=', sample).executeTakeFirstOrThrow();
      const said = await db
        .selectFrom('labels')
        .selectAll()
        .where('platform', '=', platform)
        .where('page_group', '=', name)
        .orderBy('id', 'desc')
        .limit(1)
        .executeTakeFirst();
      const found = { name, platform, checks, targets, firstAt: first_at, lastAt: last_at };
      return { ...found, sample: asCheckRow(row), label: said === undefined ? null : asLabel(said) };
    }),
  );
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
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('labelled_checks')
    .columns(['label_id', 'check_id'])
    .expression((eb) =>
      eb
        .selectFrom('readings')
        .innerJoin('checks', 'checks.id', 'readings.check_id')
        .where(IS_UNRECOGNISED)
        .where('checks.platform', '=', platform)
        .where(group, '=', name)
        .select([sql<number>`${id}`.as('label_id'), 'checks.id']),
    )
    .executeTakeFirst();
  const count = Number(numInsertedOrUpdatedRows ?? 0n);
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
  const message = `${row.host}: mark ${id} lifted by ${by}: ${why}`;
  await insertEvent(
    db,
    { kind: 'soft_block_lifted', at: now, platform: null, host: row.host, targetId: null, message },
    null,
  );
  return true;
}

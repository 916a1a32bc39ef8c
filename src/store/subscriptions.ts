import type { Insertable } from 'kysely';

import type { Subscription } from '../core/subscription.ts';
import type { NewSubscription, StoredSubscription, SubscriptionCount } from './contract.ts';
import { asStoredSubscription } from './alert-rows.ts';
import type { Connection, Tables } from './tables.ts';

/** Queries on who is told what. Recipients are sealed: the store holds what it cannot read. */

export async function activeSubscriptions(db: Connection): Promise<readonly Subscription[]> {
  const rows = await db.selectFrom('subscriptions').selectAll().where('state', '=', 'active').execute();
  return rows.map(asStoredSubscription);
}

export async function subscriptions(db: Connection): Promise<readonly StoredSubscription[]> {
  const rows = await db.selectFrom('subscriptions').selectAll().orderBy('id').execute();
  return rows.map(asStoredSubscription);
}

/** How many there are of each kind: nobody is read for it, whatever their number. */
export async function subscriptionCounts(db: Connection): Promise<readonly SubscriptionCount[]> {
  return await db
    .selectFrom('subscriptions')
    .select((eb) => ['channel', 'source', 'state', eb.fn.countAll<number>().as('count')])
    .groupBy(['channel', 'source', 'state'])
    .execute();
}

export async function subscriptionsById(
  db: Connection,
  ids: ReadonlySet<number>,
): Promise<ReadonlyMap<number, StoredSubscription>> {
  if (ids.size === 0) return new Map();
  const rows = await db
    .selectFrom('subscriptions')
    .selectAll()
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, asStoredSubscription(row)]));
}

/** The configured subscriptions are these and no others; those that stay keep their history. */
export async function configure(db: Connection, wanted: readonly NewSubscription[]): Promise<void> {
  const rows = wanted.map(valuesOf);
  const kept: number[] = [];
  for (const row of rows) {
    // A start is no beginning of a subscription: when it was made stays.
    const { created_at: _createdAt, confirmed_at: _confirmedAt, ...changed } = row;
    const { id } = await db
      .insertInto('subscriptions')
      .values(row)
      .onConflict((conflict) => conflict.columns(['source', 'channel', 'to_hash']).doUpdateSet(changed))
      .returning('id')
      .executeTakeFirstOrThrow();
    kept.push(id);
  }
  await db
    .deleteFrom('subscriptions')
    .where('source', '=', 'config')
    .$if(kept.length > 0, (query) => query.where('id', 'not in', kept))
    .execute();
}

/** Adds or replaces what somebody asked for themselves; it is pending until its token comes back. */
export async function subscribe(db: Connection, wanted: NewSubscription): Promise<number> {
  const row = valuesOf(wanted);
  const { id } = await db
    .insertInto('subscriptions')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'channel', 'to_hash']).doUpdateSet(row))
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function activate(db: Connection, id: number, now: number): Promise<boolean> {
  const result = await db
    .updateTable('subscriptions')
    .set({ state: 'active', confirmed_at: now })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

/** Takes a recipient out with all that waited for them. Counts stay, names do not. */
export async function unsubscribe(db: Connection, id: number): Promise<boolean> {
  const result = await db.deleteFrom('subscriptions').where('id', '=', id).executeTakeFirst();
  return result.numDeletedRows === 1n;
}

/** Requests that nobody confirmed in time. Returns how many. */
export async function dropPending(db: Connection, before: number): Promise<number> {
  const result = await db
    .deleteFrom('subscriptions')
    .where('state', '=', 'pending')
    .where('created_at', '<', before)
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}

function valuesOf(wanted: NewSubscription): Insertable<Tables['subscriptions']> {
  return {
    channel: wanted.channel,
    to_sealed: wanted.sealedTo,
    to_hash: wanted.toHash,
    kinds_json: JSON.stringify(wanted.kinds),
    departments_json: JSON.stringify(wanted.departments),
    procedures_json: JSON.stringify(wanted.procedures),
    platforms_json: JSON.stringify(wanted.platforms),
    language: wanted.language,
    time_zone: wanted.timeZone,
    quiet_from: wanted.quiet?.from ?? null,
    quiet_to: wanted.quiet?.to ?? null,
    digest_at: wanted.digestAt,
    source: wanted.source,
    state: wanted.state,
    created_at: wanted.createdAt,
    confirmed_at: wanted.state === 'active' ? wanted.createdAt : null,
  };
}

import { createHash } from 'node:crypto';
import { sql } from 'kysely';

import { leavesAt, wants, type Subscription } from '../core/subscription.ts';
import type { Notice } from '../core/notice.ts';
import type { ClaimedMessage, ClaimRequest, DeliveryCount, OutboxCount, StoredMessage } from './contract.ts';
import { asNotice, asStoredMessage } from './alert-rows.ts';
import { activeSubscriptions, subscriptionsById } from './subscriptions.ts';
import type { Connection } from './tables.ts';

/**
 * The outbox: notices are written with what made them; each recipient's due notices become one message, which is claimed with a
 * lease, sent, and marked. A crash between any two of these repeats at most the message in flight, with the same key.
 */

/** Several targets of one department often open within a second: they share a message. */
const GROUPING_MS = 1_500;
const GROUPED = new Set(['slots', 'better', 'gone']);
/** In a storm nobody gets more messages than these in a minute: what comes on top goes together, as a digest. */
const STORM = { messages: 3, withinMs: 60_000 };
const ROWS_AT_ONCE = 1_000;

/** Writes notices that are new and one delivery for each subscription that wants them. Returns how many deliveries. */
export async function saveNotices(db: Connection, notices: readonly Notice[], now: number): Promise<number> {
  let subscriptions: readonly Subscription[] | undefined;
  let count = 0;
  for (const notice of notices) {
    const row = await db
      .insertInto('notices')
      .values({
        key: notice.key,
        kind: notice.kind,
        at: notice.at,
        target_id: notice.place?.id ?? null,
        started_at: notice.episode?.startedAt ?? null,
        facts_json: JSON.stringify(notice),
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning('id')
      .executeTakeFirst();
    if (row === undefined) continue;
    subscriptions ??= await activeSubscriptions(db);
    const wanting = subscriptions.filter((subscription) => wants(subscription, notice));
    await saveDeliveries(db, row.id, wanting, now + (GROUPED.has(notice.kind) ? GROUPING_MS : 0));
    count += wanting.length;
  }
  return count;
}

async function saveDeliveries(
  db: Connection,
  noticeId: number,
  subscriptions: readonly Subscription[],
  now: number,
): Promise<void> {
  // Many share the same hours, and looking for an hour on a foreign clock is slow.
  const known = new Map<string, number>();
  const dueAt = (subscription: Subscription): number => {
    const { timeZone, quiet, digestAt } = subscription;
    const hours = [timeZone, quiet?.from, quiet?.to, digestAt].join();
    const at = known.get(hours) ?? leavesAt(subscription, now);
    known.set(hours, at);
    return at;
  };
  for (let at = 0; at < subscriptions.length; at += ROWS_AT_ONCE) {
    const rows = subscriptions.slice(at, at + ROWS_AT_ONCE).map((subscription) => ({
      notice_id: noticeId,
      subscription_id: subscription.id,
      state: 'waiting',
      due_at: dueAt(subscription),
    }));
    if (rows.length > 0) await db.insertInto('deliveries').values(rows).execute();
  }
}

/** Binds what is due into messages and claims, for each channel, as many as its allowance says. */
export async function claim(db: Connection, request: ClaimRequest): Promise<readonly ClaimedMessage[]> {
  await expire(db, request.now);
  const claimed: StoredMessage[] = [];
  for (const [channel, allowance] of request.allowances) {
    if (allowance < 1) continue;
    await bind(db, channel, request.now, allowance);
    claimed.push(...(await lease(db, channel, request, allowance)));
  }
  const subscriptions = await subscriptionsById(db, new Set(claimed.map((message) => message.subscriptionId)));
  const whole: ClaimedMessage[] = [];
  for (const message of claimed) {
    const subscription = subscriptions.get(message.subscriptionId);
    if (subscription !== undefined) whole.push({ ...message, subscription, notices: await noticesOf(db, message.id) });
  }
  return whole;
}

/** What waited for quiet hours to end may be late for a reading that was due. An opening that has ended is no news any more: its "gone" tells the story to whoever asked for it. */
async function expire(db: Connection, now: number): Promise<void> {
  const stale = sql`select n.id from notices n join episodes e
    on e.target_id = n.target_id and e.kind = 'opening' and e.started_at = n.started_at
    where n.kind in ('slots', 'better') and e.ended_at is not null
    union all select n.id from notices n where n.kind = 'due' and json_extract(n.facts_json, '$.until') <= ${now}`;
  await sql`insert into delivery_counts (channel, kind, result, count)
    select s.channel, n.kind, 'expired', count(*) from deliveries d
    join notices n on n.id = d.notice_id join subscriptions s on s.id = d.subscription_id
    where d.state = 'waiting' and d.due_at <= ${now} and d.notice_id in (${stale}) group by s.channel, n.kind
    on conflict (channel, kind, result) do update set count = count + excluded.count`.execute(db);
  await sql`update deliveries set state = 'expired'
    where state = 'waiting' and due_at <= ${now} and notice_id in (${stale})`.execute(db);
}

/**
 * One message for each recipient who has something due and no message under way: so messages keep their order. What becomes
 * due in the next moment goes with it.
 */
async function bind(db: Connection, channel: string, now: number, limit: number): Promise<void> {
  const soon = now + GROUPING_MS;
  const { rows } = await sql<{ subscription_id: number; keys: string }>`
    select d.subscription_id, group_concat(n.key, char(10) order by n.key) as keys
    from deliveries d join notices n on n.id = d.notice_id join subscriptions s on s.id = d.subscription_id
    where d.state = 'waiting' and d.due_at <= ${soon} and s.channel = ${channel} and s.state = 'active'
      and not exists (select 1 from messages m where m.subscription_id = d.subscription_id and m.state in ('ready', 'claimed'))
      and (select count(*) from messages m where m.subscription_id = d.subscription_id and m.created_at > ${now - STORM.withinMs})
        < ${STORM.messages}
    group by d.subscription_id having min(d.due_at) <= ${now} order by min(d.due_at), d.subscription_id limit ${limit}`.execute(
    db,
  );
  for (const { subscription_id: subscriptionId, keys } of rows) {
    const { id } = await db
      .insertInto('messages')
      .values({
        key: createHash('sha256').update(`${subscriptionId}\n${keys}`).digest('hex').slice(0, 32),
        subscription_id: subscriptionId,
        channel,
        state: 'ready',
        next_at: now,
        created_at: now,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await db
      .updateTable('deliveries')
      .set({ state: 'bound', message_id: id })
      .where('subscription_id', '=', subscriptionId)
      .where('state', '=', 'waiting')
      .where('due_at', '<=', soon)
      .execute();
  }
}

async function lease(
  db: Connection,
  channel: string,
  { now, owner, leaseMs }: ClaimRequest,
  limit: number,
): Promise<StoredMessage[]> {
  const { rows } = await sql<Record<string, unknown>>`
    update messages set state = 'claimed', attempts = attempts + 1, lease_owner = ${owner}, leased_until = ${now + leaseMs}
    where id in (
      select id from messages where channel = ${channel}
        and ((state = 'ready' and next_at <= ${now}) or (state = 'claimed' and leased_until <= ${now}))
      order by next_at, id limit ${limit})
    returning *`.execute(db);
  return rows.map(asStoredMessage);
}

async function noticesOf(db: Connection, messageId: number): Promise<Notice[]> {
  const rows = await db
    .selectFrom('deliveries')
    .innerJoin('notices', 'notices.id', 'deliveries.notice_id')
    .select('notices.facts_json')
    .where('deliveries.message_id', '=', messageId)
    .orderBy('notices.at')
    .orderBy('notices.id')
    .execute();
  return rows.map((row) => asNotice(row.facts_json));
}

/** By their keys, for which there is an index: the table holds years. */
export async function noticesFrom(
  db: Connection,
  { keysFrom, limit }: { readonly keysFrom: string; readonly limit: number },
): Promise<readonly Notice[]> {
  const rows = await db
    .selectFrom('notices')
    .select('facts_json')
    .where('key', '>=', keysFrom)
    .where('key', '<', `${keysFrom}\u{10ffff}`)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => asNotice(row.facts_json));
}

/** Ends a message: accepted by the service, or given up. */
export async function end(
  db: Connection,
  messageId: number,
  { result, now, error }: { readonly result: 'sent' | 'dead'; readonly now: number; readonly error: string },
): Promise<void> {
  const updated = await db
    .updateTable('messages')
    .set({ state: result, ended_at: now, last_error: error, lease_owner: null })
    .where('id', '=', messageId)
    .where('state', '=', 'claimed')
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return;
  await sql`insert into delivery_counts (channel, kind, result, count)
    select m.channel, n.kind, ${result}, count(*) from deliveries d
    join messages m on m.id = d.message_id join notices n on n.id = d.notice_id
    where d.message_id = ${messageId} group by m.channel, n.kind
    on conflict (channel, kind, result) do update set count = count + excluded.count`.execute(db);
  await db.updateTable('deliveries').set({ state: result }).where('message_id', '=', messageId).execute();
}

export async function postpone(db: Connection, messageId: number, nextAt: number, error: string): Promise<void> {
  await db
    .updateTable('messages')
    .set({ state: 'ready', next_at: nextAt, last_error: error, lease_owner: null })
    .where('id', '=', messageId)
    .where('state', '=', 'claimed')
    .execute();
}

export async function messages(db: Connection, { limit }: { limit: number }): Promise<readonly StoredMessage[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select * from messages order by state in ('sent'), id desc limit ${limit}`.execute(db);
  return rows.map(asStoredMessage);
}

/** Puts dead messages back; all of them, or one. Returns how many. */
export async function revive(db: Connection, messageId: number | null, now: number): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    update messages set state = 'ready', attempts = 0, next_at = ${now}, ended_at = null
    where state = 'dead' and (${messageId} is null or id = ${messageId}) returning id`.execute(db);
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0)
    await db.updateTable('deliveries').set({ state: 'bound' }).where('message_id', 'in', ids).execute();
  return ids.length;
}

export async function outboxCounts(db: Connection): Promise<readonly OutboxCount[]> {
  const { rows } = await sql<OutboxCount>`
    select s.channel, 'waiting' as state, count(*) as count, min(n.created_at) as "oldestAt", min(d.due_at) as "dueAt"
      from deliveries d join subscriptions s on s.id = d.subscription_id join notices n on n.id = d.notice_id
      where d.state = 'waiting' group by s.channel
    union all
    select channel, state, count(*), min(created_at), min(next_at) from messages group by channel, state`.execute(db);
  return rows;
}

/** How many notices were told, given up, or dropped as old, by channel and kind, since the store exists. */
export async function deliveryCounts(db: Connection): Promise<readonly DeliveryCount[]> {
  return await db.selectFrom('delivery_counts').selectAll().execute();
}

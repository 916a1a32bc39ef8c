import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import { CLOSED_BREAKER, type Admission, type HostState, type RobotsRecord } from '../core/host.ts';
import { hostOf } from '../core/target.ts';
import type { Certificate, LeaseRequest } from './contract.ts';
import { asHostState, asRobotsRecord } from './rows.ts';
import * as visits from './steady.ts';
import type { SteadyClock } from './steady.ts';
import type { Connection } from './tables.ts';

/** Queries on what is remembered of hosts: leases, breakers, robots.txt. */

const HOUR_MS = 3_600_000;

export async function lease(db: Connection, request: LeaseRequest, clock: SteadyClock | null): Promise<Admission> {
  const { host, owner, now, until, targetId } = request;
  const row = await db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst();
  const at = { wall: now, steady: clock?.now() ?? 0 };
  const memory = visits.rememberedVisits(row?.steady ?? '', clock);
  const leaseMs = row === undefined || row.lease_owner === null ? 0 : row.leased_until - row.last_load_at;
  const state = await hostState(db, host, now, visits.hourBegan(memory, now));
  const admission = request.admitted(
    visits.byBothClocks(state, memory, { ...at, leaseMs }),
    Math.max(await lastVisitAt(db, targetId), visits.visitedAt(memory, targetId, at)),
  );
  if (admission.kind !== 'go') return admission;
  const steady = clock === null ? (row?.steady ?? '') : visits.begun(memory, targetId, at);
  const held = { lease_owner: owner, leased_until: until, last_load_at: now, steady };
  await db
    .insertInto('hosts')
    .values({ host, ...held, breaker_level: 0, breaker_until: 0, breaker_reason: '', faults: 0 })
    .onConflict((conflict) => conflict.column('host').doUpdateSet(held))
    .execute();
  if (request.isPassing === true) await countPassing(db, host, now);
  // Counted from here: a visit that is killed, or whose record fails, was a visit all the same.
  await db.updateTable('targets').set({ last_visit_at: now }).where('id', '=', targetId).execute();
  return admission;
}

/** The target's own host is known by its check; of the others nothing else tells that they were visited. */
async function countPassing(db: Connection, host: string, now: number): Promise<void> {
  await db
    .deleteFrom('passing_visits')
    .where('at', '<=', now - HOUR_MS)
    .execute();
  await db.insertInto('passing_visits').values({ host, at: now }).execute();
}

/** Whose leases end: of one owner on one host, or of all whose names begin alike. */
export type Leases = { readonly host: string; readonly owner: string } | { readonly ownerPrefix: string };

export async function release(
  db: Connection,
  which: Leases,
  lastLoadAt: number,
  clock: SteadyClock | null,
): Promise<void> {
  const held = db.selectFrom('hosts').select(['host', 'steady']);
  const rows = await (
    'host' in which
      ? held.where('host', '=', which.host).where('lease_owner', '=', which.owner)
      : held.where('lease_owner', 'like', `${which.ownerPrefix}%`)
  ).execute();
  for (const row of rows) {
    const memory = visits.rememberedVisits(row.steady, clock);
    const steady = clock === null ? row.steady : visits.ended(memory, clock.now());
    await db
      .updateTable('hosts')
      .set({ lease_owner: null, leased_until: 0, last_load_at: lastLoadAt, steady })
      .where('host', '=', row.host)
      .execute();
  }
}

export async function closeBreaker(db: Connection, host: string, now: number): Promise<boolean> {
  const { breaker } = await hostState(db, host, now);
  if (breaker.openUntil <= now) return false;
  await saveBreaker(db, host, CLOSED_BREAKER);
  return true;
}

export async function robotsOf(db: Connection, origin: string): Promise<RobotsRecord | null> {
  const row = await db.selectFrom('robots').selectAll().where('origin', '=', origin).executeTakeFirst();
  return row === undefined ? null : asRobotsRecord(row);
}

export async function robots(db: Connection): Promise<readonly RobotsRecord[]> {
  return (await db.selectFrom('robots').selectAll().orderBy('origin').execute()).map(asRobotsRecord);
}

export async function certificates(db: Connection): Promise<readonly Certificate[]> {
  const rows = await db.selectFrom('certificates').selectAll().orderBy('host').execute();
  return rows.map((row) => ({ host: row.host, validUntil: row.valid_until }));
}

/** The hosts of a check's pages, as the browser was shown their certificates. */
export async function saveCertificates(db: Connection, check: Check): Promise<void> {
  for (const { capture } of check.captures) {
    if (capture.certificateUntil === undefined) continue;
    const row = { valid_until: capture.certificateUntil, seen_at: capture.observedAt };
    await db
      .insertInto('certificates')
      .values({ host: hostOf(capture.finalUrl), ...row })
      .onConflict((conflict) => conflict.column('host').doUpdateSet(row))
      .execute();
  }
}

export async function saveRobots(db: Connection, record: RobotsRecord): Promise<void> {
  const row = {
    body: record.body,
    read_at: record.readAt,
    tried_at: record.triedAt,
    failing_since: record.failingSince,
  };
  await db
    .insertInto('robots')
    .values({ origin: record.origin, ...row })
    .onConflict((conflict) => conflict.column('origin').doUpdateSet(row))
    .execute();
}

export async function hosts(db: Connection, now: number): Promise<readonly HostState[]> {
  const rows = await db.selectFrom('hosts').selectAll().orderBy('host').execute();
  return await Promise.all(rows.map(async (row) => asHostState(row, await checksSince(db, row.host, now - HOUR_MS))));
}

export async function saveBreaker(db: Connection, host: string, breaker: HostState['breaker']): Promise<void> {
  const row = {
    breaker_level: breaker.level,
    breaker_until: breaker.openUntil,
    breaker_reason: breaker.reason,
    faults: breaker.faults,
  };
  await db
    .insertInto('hosts')
    .values({ host, last_load_at: 0, lease_owner: null, leased_until: 0, ...row })
    .onConflict((conflict) => conflict.column('host').doUpdateSet(row))
    .execute();
}

/** `countedFrom`: where the hour of the budget begins, if not an hour ago. */
export async function hostState(
  db: Connection,
  host: string,
  now: number,
  countedFrom: number = now - HOUR_MS,
): Promise<HostState> {
  const row = await db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst();
  const checks = await checksSince(db, host, countedFrom);
  if (row === undefined)
    return { host, lastLoadAt: 0, checksInLastHour: checks, leasedUntil: 0, breaker: CLOSED_BREAKER };
  return asHostState(row, checks);
}

async function checksSince(db: Connection, host: string, since: number): Promise<number> {
  // The comparison with a number first: the index is by start, and an hour has few checks.
  const { rows } = await sql<{ count: number }>`
    select (select count(*) from stored_checks
        where started_at > ${since} and loads > 0 and host = (select id from texts where words = ${host}))
      + (select count(*) from passing_visits where host = ${host} and at > ${since}) as count`.execute(db);
  return rows[0]?.count ?? 0;
}

async function lastVisitAt(db: Connection, targetId: string): Promise<number> {
  const row = await db.selectFrom('targets').select('last_visit_at').where('id', '=', targetId).executeTakeFirst();
  return row?.last_visit_at ?? 0;
}

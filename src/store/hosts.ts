import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import { CLOSED_BREAKER, type Admission, type BreakerState, type HostState, type RobotsRecord } from '../core/host.ts';
import { hostOf } from '../core/target.ts';
import type { Certificate, LeaseRequest } from './contract.ts';
import { asHostState, asRobotsRecord } from './rows.ts';
import type { Connection } from './tables.ts';

/** Queries on what is remembered of hosts: leases, breakers, robots.txt. */

const HOUR_MS = 3_600_000;

export async function lease(db: Connection, request: LeaseRequest): Promise<Admission> {
  const { host, owner, now, until } = request;
  const admission = request.admitted(await hostState(db, host, now), await lastVisitAt(db, request.targetId));
  if (admission.kind !== 'go') return admission;
  const held = { lease_owner: owner, leased_until: until, last_load_at: now };
  await db
    .insertInto('hosts')
    .values({ host, ...held, breaker_level: 0, breaker_until: 0, breaker_reason: '', faults: 0 })
    .onConflict((conflict) => conflict.column('host').doUpdateSet(held))
    .execute();
  if (request.isPassing === true) await countPassing(db, host, now);
  // Counted from here: a visit that is killed, or whose record fails, was a visit all the same.
  await db.updateTable('targets').set({ last_visit_at: now }).where('id', '=', request.targetId).execute();
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

export async function release(
  db: Connection,
  { host, owner }: Pick<LeaseRequest, 'host' | 'owner'>,
  lastLoadAt: number,
  breaker: BreakerState | null,
): Promise<void> {
  if (breaker !== null) await saveBreaker(db, host, breaker);
  await db
    .updateTable('hosts')
    .set({ lease_owner: null, leased_until: 0, last_load_at: lastLoadAt })
    .where('host', '=', host)
    .where('lease_owner', '=', owner)
    .execute();
}

export async function releaseAll(db: Connection, ownerPrefix: string, now: number): Promise<void> {
  await db
    .updateTable('hosts')
    .set({ lease_owner: null, leased_until: 0, last_load_at: now })
    .where('lease_owner', 'like', `${ownerPrefix}%`)
    .execute();
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
  return await Promise.all(rows.map(async (row) => asHostState(row, await checksInLastHour(db, row.host, now))));
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

export async function hostState(db: Connection, host: string, now: number): Promise<HostState> {
  const row = await db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst();
  const checks = await checksInLastHour(db, host, now);
  if (row === undefined)
    return { host, lastLoadAt: 0, checksInLastHour: checks, leasedUntil: 0, breaker: CLOSED_BREAKER };
  return asHostState(row, checks);
}

async function checksInLastHour(db: Connection, host: string, now: number): Promise<number> {
  // The comparison with a number first: the index is by start, and an hour has few checks.
  const since = now - HOUR_MS;
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

import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import type { Event } from '../core/event.ts';
import type { Before, Decision, HostPast } from '../core/follow-up.ts';
import { refreshDaysOfHost } from './daily.ts';
import { episodeState, isLate, rebuild, saveStep } from './episodes.ts';
import { saveNotices } from './outbox.ts';
import { plan } from './planned.ts';
import { asLinks, asNeighbour, asOutcome } from './rows.ts';
import type { Connection } from './tables.ts';

/** What is known before a check is written, and the writing of what follows from it. */

const PLATFORM_PAST = 10;
const NEIGHBOURS_WITHIN_MS = 24 * 3_600_000;
/** The configuration allows no longer one. */
const LONGEST_INTERVAL_MS = 24 * 3_600_000;

export async function before(db: Connection, check: Check): Promise<Before> {
  const { targetId, platform, finishedAt } = check;
  const [previous, links, past, fingerprints, host, planned, episodes] = await Promise.all([
    visits(db).where('checks.target_id', '=', targetId).limit(1).executeTakeFirst(),
    // Looked for only where there is something to compare with it: most targets never had links, and that takes all their past to see.
    check.reading.facets.links === undefined
      ? undefined
      : visits(db)
          .where('checks.target_id', '=', targetId)
          .where(sql<boolean>`json_extract(readings.facets_json, '$.links') is not null`)
          .limit(1)
          .executeTakeFirst(),
    platformPast(db, platform),
    fingerprintsOf(db, check),
    hostPast(db, check),
    db
      .selectFrom('planned')
      .select('planned_at')
      .where('target_id', '=', targetId)
      .where('interval_start', '>', check.startedAt - LONGEST_INTERVAL_MS)
      .where('state', '=', 'planned')
      .where('mode', '=', 'scheduled')
      .where('planned_at', '>=', check.startedAt)
      .orderBy('planned_at')
      .execute(),
    episodeState(db, targetId),
  ]);
  return {
    previous: previous === undefined ? null : asOutcome(previous.outcome),
    lastLinks: links === undefined ? null : asLinks(links.facets_json),
    platformOutcomes: past.map((row) => asOutcome(row.outcome)),
    fingerprints,
    host,
    episodes,
    plannedAt: planned.map((row) => row.planned_at).filter((at) => at > finishedAt - NEIGHBOURS_WITHIN_MS),
  };
}

/** The last visits of a platform are among the last of each of its targets: there is no index by platform. */
async function platformPast(db: Connection, platform: string): Promise<readonly { readonly outcome: string }[]> {
  const { rows } = await sql<{ outcome: string }>`
    select r.outcome from targets t
      join stored_checks c on c.id in (
        select id from stored_checks where target = t.no and loads > 0 order by started_at desc, id desc limit ${PLATFORM_PAST})
      join stored_readings r on r.check_id = c.id and r.current = 1
      where t.platform = ${platform} order by c.started_at desc, c.id desc limit ${PLATFORM_PAST}`.execute(db);
  return rows;
}

/** Visits with their current readings, newest first. */
function visits(db: Connection) {
  return db
    .selectFrom('checks')
    .innerJoin('readings', (join) => join.onRef('readings.check_id', '=', 'checks.id').on('readings.current', '=', 1))
    .select(['readings.outcome', 'readings.facets_json', 'checks.observed_at', 'checks.finished_at'])
    .where('checks.loads', '>', 0)
    .orderBy('checks.started_at', 'desc')
    .orderBy('checks.id', 'desc');
}

async function fingerprintsOf(db: Connection, { host, platform, reading }: Check): Promise<string[]> {
  const rows = await db
    .selectFrom('fingerprints')
    .select('fingerprint')
    .where('host', '=', host)
    .where('platform', '=', platform)
    .where('outcome', '=', reading.outcome)
    .where('rule', '=', reading.rule)
    .orderBy('first_at')
    .execute();
  return rows.map((row) => row.fingerprint);
}

async function hostPast(db: Connection, { host, targetId, startedAt }: Check): Promise<HostPast> {
  const neighbours = await sql<Record<string, unknown>>`
        select t.id, t.control, r.outcome from targets t
        join checks c on c.id = (
          select id from checks where target_id = t.id and loads > 0 order by started_at desc, id desc limit 1)
        join readings r on r.check_id = c.id and r.current = 1
        where t.host = ${host} and t.id <> ${targetId} and c.started_at >= ${startedAt - NEIGHBOURS_WITHIN_MS}`.execute(
    db,
  );
  const marked = await openBlock(db, host);
  const lastMark = await db
    .selectFrom('soft_blocks')
    .select((eb) => eb.fn.max('from_at').as('from_at'))
    .where('host', '=', host)
    .executeTakeFirst();
  const noPages = await db
    .selectFrom('fingerprints')
    .select('fingerprint')
    .where('host', '=', host)
    .where('outcome', '=', 'no_slots')
    .execute();
  return {
    neighbours: neighbours.rows.map(asNeighbour),
    controlSlotsAt: await controlSlotsAt(db, host),
    isMarked: marked !== undefined,
    lastMarkFromAt: lastMark?.from_at ?? null,
    noPages: noPages.map((row) => row.fingerprint),
  };
}

/** When the controls of a host last showed slots: each asked by itself, newest first, or all readings of all hosts would be looked through. */
async function controlSlotsAt(db: Connection, host: string): Promise<number | null> {
  const { rows } = await sql<{ at: number | null }>`
    select max((select c.started_at + coalesce(c.observed_after, c.finished_after)
      from stored_checks c cross join stored_readings r on r.check_id = c.id and r.current = 1
      where c.target = t.no and c.loads > 0 and r.outcome = 'slots' order by c.started_at desc limit 1)) as at
    from targets t where t.host = ${host} and t.control = 1`.execute(db);
  return rows[0]?.at ?? null;
}

function openBlock(db: Connection, host: string) {
  return db
    .selectFrom('soft_blocks')
    .select('id')
    .where('host', '=', host)
    .where('to_at', 'is', null)
    .where('lifted_at', 'is', null)
    .executeTakeFirst();
}

export async function follow(
  db: Connection,
  checkId: number,
  check: Check,
  { past, decision }: { readonly past: Before; readonly decision: Decision },
): Promise<void> {
  for (const event of decision.events) await insertEvent(db, event, checkId);
  if (decision.confirmAt !== null) await planConfirmation(db, check.targetId, decision.confirmAt);
  const { softBlock, episodes, notices } = decision;
  if (isLate(check, past.episodes)) await rebuild(db, check.targetId);
  else await saveStep(db, check.targetId, episodes);
  await saveNotices(db, notices, check.finishedAt);
  if (softBlock === null) return;
  if ('overAt' in softBlock) {
    const open = await openBlock(db, check.host);
    if (open === undefined) return;
    await db.updateTable('soft_blocks').set({ to_at: softBlock.overAt }).where('id', '=', open.id).execute();
    await refreshDaysOfHost(db, check.host, { fromAt: softBlock.overAt, toAt: null });
    return;
  }
  const { host, fromAt, toAt, reason, markedBy } = softBlock;
  await db
    .insertInto('soft_blocks')
    .values({ host, from_at: fromAt, to_at: toAt, reason, marked_at: check.finishedAt, marked_by: markedBy })
    .execute();
  await refreshDaysOfHost(db, host, { fromAt, toAt });
}

export async function insertEvent(db: Connection, event: Event, checkId: number | null): Promise<void> {
  const { targetId, ...rest } = event;
  await db
    .insertInto('events')
    .values({ ...rest, target_id: targetId, check_id: checkId })
    .execute();
}

/** An interval of its own, a millisecond long: confirmations are no part of the grid of scheduled checks. */
async function planConfirmation(db: Connection, targetId: string, at: number): Promise<void> {
  const interval = { targetId, intervalStart: at, intervalEnd: at + 1, plannedAt: at };
  await plan(db, [{ ...interval, design: 'opportunistic', mode: 'confirmation' }]);
}

export async function saveFingerprint(db: Connection, checkId: number, check: Check): Promise<void> {
  const { host, platform, fingerprint, reading, finishedAt } = check;
  if (fingerprint === null) return;
  await db
    .insertInto('fingerprints')
    .values({
      host,
      platform,
      outcome: reading.outcome,
      rule: reading.rule,
      fingerprint,
      first_check_id: checkId,
      first_at: finishedAt,
      last_at: finishedAt,
    })
    .onConflict((conflict) =>
      conflict.columns(['host', 'platform', 'outcome', 'rule', 'fingerprint']).doUpdateSet({ last_at: finishedAt }),
    )
    .execute();
}

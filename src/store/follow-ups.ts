import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import type { Event } from '../core/event.ts';
import type { Before, Decision, HostPast, HostVisit, TargetOutage } from '../core/follow-up.ts';
import { groupOf } from '../core/outcome.ts';
import { refreshDaysOfHost } from './daily.ts';
import { episodeState, isLate, outagesOfPlatform, rebuild, rebuildOpeningsOfHost, saveStep } from './episodes.ts';
import { saveNotices } from './outbox.ts';
import { plan } from './planned.ts';
import { asLinks, asNeighbour, asOutcome } from './rows.ts';
import { intervalOf } from './standings.ts';
import type { Connection } from './tables.ts';
import { targetNo } from './texts.ts';

/** What is known before a check is written, and the writing of what follows from it. */

const VISITS_LOOKED_AT = 10;
/** A service that has failed for longer began to fail with nothing that begins now. */
const OUTAGES_WITHIN_MS = 7 * 86_400_000;
const NEIGHBOURS_WITHIN_MS = 24 * 3_600_000;
/** The configuration allows no longer one. */
const LONGEST_INTERVAL_MS = 24 * 3_600_000;

export async function before(db: Connection, check: Check): Promise<Before> {
  const { targetId, finishedAt } = check;
  const [own, links, hostVisits, fingerprints, host, planned, episodes, intervalMs] = await Promise.all([
    visits(db).where('checks.target_id', '=', targetId).limit(VISITS_LOOKED_AT).execute(),
    // Looked for only where there is something to compare with it: most targets never had links, and that takes all their past to see.
    check.reading.facets.links === undefined
      ? undefined
      : visits(db)
          .where('checks.target_id', '=', targetId)
          .where(sql<boolean>`json_extract(readings.facets_json, '$.links') is not null`)
          .limit(1)
          .executeTakeFirst(),
    visitsOfHost(db, check.host),
    structuresOf(db, check),
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
    intervalOf(db, targetId),
  ]);
  const targetOutcomes = own.map((row) => asOutcome(row.outcome));
  return {
    previous: targetOutcomes[0] ?? null,
    lastLinks: links === undefined ? null : asLinks(links.facets_json),
    targetOutcomes,
    hostVisits,
    fingerprints,
    host,
    episodes,
    intervalMs,
    outages: await outagesBeside(db, check, episodes.outage !== null),
    plannedAt: planned.map((row) => row.planned_at).filter((at) => at > finishedAt - NEIGHBOURS_WITHIN_MS),
  };
}

/** The last visits of a host are among the last of each of its targets: there is no index by host. */
async function visitsOfHost(db: Connection, host: string): Promise<readonly HostVisit[]> {
  const { rows } = await sql<{ target_id: string; outcome: string }>`
    select t.id as target_id, r.outcome from targets t
      join stored_checks c on c.id in (
        select id from stored_checks where target = t.no and loads > 0 order by started_at desc, id desc limit ${VISITS_LOOKED_AT})
      join stored_readings r on r.check_id = c.id and r.current = 1
      where t.host = ${host} order by c.started_at desc, c.id desc limit ${VISITS_LOOKED_AT}`.execute(db);
  return rows.map((row) => ({ targetId: row.target_id, outcome: asOutcome(row.outcome) }));
}

/** Only a fault may begin an outage, and only what fails may be seen to work again. */
async function outagesBeside(
  db: Connection,
  { platform, reading, finishedAt }: Check,
  hasOutage: boolean,
): Promise<readonly TargetOutage[]> {
  if (!hasOutage && groupOf(reading.outcome) !== 'fault') return [];
  return await outagesOfPlatform(db, platform, finishedAt - OUTAGES_WITHIN_MS);
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

async function structuresOf(db: Connection, check: Check): Promise<string[]> {
  const { outcome, rule } = check.reading;
  const rows = await db
    .selectFrom('structures')
    .select('fingerprint')
    .where('target', '=', targetNo(check.targetId))
    .where('step', '=', stepOf(check))
    .where('outcome', '=', outcome)
    .where('rule', '=', rule)
    .orderBy('first_at')
    .execute();
  return rows.map((row) => row.fingerprint);
}

/** The step of the walk whose page was read. */
function stepOf({ captures }: Check): string {
  return captures.at(-1)?.capture.step ?? '';
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
  await saveStep(db, check.targetId, episodes);
  if (isLate(check, past.episodes)) await rebuild(db, check.targetId);
  await saveNotices(db, notices, check.finishedAt);
  if (softBlock === null) return;
  if ('overAt' in softBlock) {
    const open = await openBlock(db, check.host);
    if (open === undefined) return;
    await db.updateTable('soft_blocks').set({ to_at: softBlock.overAt }).where('id', '=', open.id).execute();
    await refreshDaysOfHost(db, check.host, { fromAt: softBlock.overAt, toAt: null });
    await rebuildOpeningsOfHost(db, check.host, { fromAt: softBlock.overAt, toAt: null });
    return;
  }
  const { host, fromAt, toAt, reason, markedBy } = softBlock;
  await db
    .insertInto('soft_blocks')
    .values({ host, from_at: fromAt, to_at: toAt, reason, marked_at: check.finishedAt, marked_by: markedBy })
    .execute();
  await refreshDaysOfHost(db, host, { fromAt, toAt });
  await rebuildOpeningsOfHost(db, host, { fromAt, toAt });
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
  const { outcome, rule } = reading;
  await db
    .insertInto('structures')
    .values({ target: targetNo(check.targetId), step: stepOf(check), outcome, rule, fingerprint, first_at: finishedAt })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
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

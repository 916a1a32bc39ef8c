import { sql } from 'kysely';

import type { Check } from '../core/check.ts';
import {
  FOLDING,
  NO_EPISODES,
  step,
  type Episode,
  type EpisodeState,
  type Sighting,
  type Step,
} from '../core/episode.ts';
import type { TargetOutage } from '../core/follow-up.ts';
import { longestBreak } from '../core/standing.ts';
import type { StoredEpisode } from './contract.ts';
import { asEpisode, asEpisodeState, asSighting } from './alert-rows.ts';
import { intervalOf } from './standings.ts';
import type { Connection } from './tables.ts';
import { SOFT_BLOCKED } from './tally-queries.ts';
import { targetNo, textId } from './texts.ts';

/** Queries on openings and outages. */

export async function episodeState(db: Connection, targetId: string): Promise<EpisodeState> {
  const row = await db
    .selectFrom('episode_states')
    .select('state_json')
    .where('target_id', '=', targetId)
    .executeTakeFirst();
  return row === undefined ? NO_EPISODES : asEpisodeState(row.state_json);
}

export async function saveStep(db: Connection, targetId: string, { state, touched }: Step): Promise<void> {
  for (const { episode } of touched) await saveEpisode(db, targetId, episode);
  const row = { target_id: targetId, state_json: JSON.stringify(state) };
  await db
    .insertInto('episode_states')
    .values(row)
    .onConflict((conflict) => conflict.column('target_id').doUpdateSet(row))
    .execute();
}

async function saveEpisode(db: Connection, targetId: string, episode: Episode): Promise<void> {
  const row = {
    after_at: episode.after,
    confirmed_at: episode.confirmedAt,
    last_at: episode.lastAt,
    ended_at: episode.endedAt,
    lost_at: episode.lostAt ?? null,
    first_date: episode.firstDate,
    outcome: episode.outcome,
    betterings: episode.betterings,
  };
  await db
    .insertInto('episodes')
    .values({ target_id: targetId, kind: episode.kind, started_at: episode.startedAt, ...row })
    .onConflict((conflict) => conflict.columns(['target_id', 'kind', 'started_at']).doUpdateSet(row))
    .execute();
}

/**
 * Folds all checks of a target again, for readings that were superseded, checks that came late, and a "no" that is believed no
 * more. By the rules it was folded with last, so that it comes to the same. Nobody is told.
 */
export async function rebuild(db: Connection, targetId: string): Promise<void> {
  const before = await episodeState(db, targetId);
  const folding = before.folding ?? { ...FOLDING, breakMs: longestBreak(await intervalOf(db, targetId)) };
  await db.deleteFrom('episodes').where('target_id', '=', targetId).execute();
  let state: EpisodeState = { ...NO_EPISODES, folding: before.folding };
  for (const sighting of await sightings(db, targetId, folding)) {
    const next = step(state, sighting, folding);
    for (const { episode } of next.touched) await saveEpisode(db, targetId, episode);
    ({ state } = next);
  }
  await saveStep(db, targetId, { state, touched: [] });
}

/** Only what counts as one, see \`core/episode.ts\`. */
async function sightings(
  db: Connection,
  targetId: string,
  folding: NonNullable<EpisodeState['folding']>,
): Promise<Sighting[]> {
  const { rows } = await sql`
    select c.id, c.started_at + coalesce(c.observed_after, c.finished_after) as at, r.outcome, not ${sql.raw(SOFT_BLOCKED)} as is_believed,
        (select json_extract(words, '$.firstDate') from texts where id = r.facets) as first_date
      from stored_checks c cross join stored_readings r on r.check_id = c.id and r.current = 1
      where c.target = ${targetNo(targetId)} and c.loads > 0
        and c.mode is not ${textId('control')} and c.mode is not ${textId('reported')}
        and not exists (select 1 from targets where id = ${targetId} and control = 1)`.execute(db);
  return rows.map((row) => asSighting(row, folding)).toSorted((a, b) => a.at - b.at || a.checkId - b.checkId);
}

/**
 * What a window of a host means for openings, after it was marked, ended or lifted: a "no" in it ends none. Only of the targets
 * that have one about then: a host may have hundreds, with years of checks.
 */
export async function rebuildOpeningsOfHost(
  db: Connection,
  host: string,
  { fromAt, toAt }: { readonly fromAt: number; readonly toAt: number | null },
): Promise<void> {
  const { rows } = await sql<{ target_id: string }>`
    select distinct e.target_id from targets t cross join episodes e on e.target_id = t.id
      where t.host = ${host} and e.kind = 'opening' and coalesce(e.ended_at, e.lost_at, 9e15) >= ${fromAt}
        and coalesce(e.after_at, e.started_at) <= ${toAt ?? Number.MAX_SAFE_INTEGER}`.execute(db);
  for (const { target_id: targetId } of rows) await rebuild(db, targetId);
}

/** Whether a check was observed before one that was folded already. */
export function isLate(check: Check, state: EpisodeState): boolean {
  return check.loads > 0 && (check.observedAt ?? check.finishedAt) <= state.lastAt;
}

/** Outages of a platform's targets: what lasts, and what began since an instant. */
export async function outagesOfPlatform(
  db: Connection,
  platform: string,
  since: number,
): Promise<readonly TargetOutage[]> {
  const rows = await db
    .selectFrom('episodes')
    .selectAll()
    .where('kind', '=', 'outage')
    .where('target_id', 'in', db.selectFrom('targets').select('id').where('platform', '=', platform))
    .where((eb) =>
      eb.or([eb('started_at', '>=', since), eb.and([eb('ended_at', 'is', null), eb('lost_at', 'is', null)])]),
    )
    .execute();
  return rows.map((row) => ({ ...asEpisode(row), targetId: row.target_id }));
}

/** What has no end, and was not lost from sight. */
export async function lasting(db: Connection): Promise<readonly StoredEpisode[]> {
  const rows = await db
    .selectFrom('episodes')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('lost_at', 'is', null)
    .execute();
  return await stored(db, rows);
}

export async function episodes(
  db: Connection,
  { targetId, limit }: { targetId?: string; limit: number },
): Promise<readonly StoredEpisode[]> {
  const rows = await db
    .selectFrom('episodes')
    .selectAll()
    .$if(targetId !== undefined, (query) => query.where('target_id', '=', targetId ?? ''))
    .orderBy('started_at', 'desc')
    .limit(limit)
    .execute();
  return await stored(db, rows);
}

type Row = Parameters<typeof asEpisode>[0];

async function stored(db: Connection, rows: readonly Row[]): Promise<readonly StoredEpisode[]> {
  const lastingIds = rows.flatMap((row) => (row.ended_at === null && row.lost_at === null ? [row.target_id] : []));
  const breaks = new Map<string, number>();
  for (const id of new Set(lastingIds)) breaks.set(id, longestBreak(await intervalOf(db, id)));
  return rows.map((row) => ({
    ...asEpisode(row),
    targetId: row.target_id,
    believedUntil: row.last_at + (breaks.get(row.target_id) ?? 0),
  }));
}

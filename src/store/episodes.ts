import type { Check } from '../core/check.ts';
import { NO_EPISODES, step, type Episode, type EpisodeState, type Sighting, type Step } from '../core/episode.ts';
import type { StoredEpisode } from './contract.ts';
import { asEpisode, asEpisodeState, asSighting } from './alert-rows.ts';
import type { Connection } from './tables.ts';

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

/** Folds all checks of a target again, for readings that were superseded and checks that came late. Nobody is told. */
export async function rebuild(db: Connection, targetId: string): Promise<void> {
  await db.deleteFrom('episodes').where('target_id', '=', targetId).execute();
  let state = NO_EPISODES;
  for (const sighting of await sightings(db, targetId)) {
    const next = step(state, sighting);
    for (const { episode } of next.touched) await saveEpisode(db, targetId, episode);
    ({ state } = next);
  }
  await saveStep(db, targetId, { state, touched: [] });
}

async function sightings(db: Connection, targetId: string): Promise<Sighting[]> {
  const rows = await db
    .selectFrom('checks')
    .innerJoin('readings', (join) => join.onRef('readings.check_id', '=', 'checks.id').on('readings.current', '=', 1))
    .select(['checks.id', 'checks.observed_at', 'checks.finished_at', 'readings.outcome', 'readings.facets_json'])
    .where('checks.target_id', '=', targetId)
    .where('checks.loads', '>', 0)
    .execute();
  return rows.map(asSighting).toSorted((a, b) => a.at - b.at || a.checkId - b.checkId);
}

/** Whether a check was observed before one that was folded already. */
export function isLate(check: Check, state: EpisodeState): boolean {
  return check.loads > 0 && (check.observedAt ?? check.finishedAt) <= state.lastAt;
}

export async function lasting(db: Connection): Promise<readonly StoredEpisode[]> {
  const rows = await db.selectFrom('episodes').selectAll().where('ended_at', 'is', null).execute();
  return rows.map((row) => ({ ...asEpisode(row), targetId: row.target_id }));
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
  return rows.map((row) => ({ ...asEpisode(row), targetId: row.target_id }));
}

import { groupOf, type Outcome } from './outcome.ts';

/**
 * Checks folded into what lasted: openings (slots came and went) and outages (a page failed and came back). An episode has no
 * exact ends, only bounds: it began between `after` and `startedAt` and ended between `lastAt` and `endedAt`. Pure; instants
 * are epoch milliseconds of observation.
 */

/** What one visit saw, as far as episodes are concerned. */
export interface Sighting {
  readonly checkId: number;
  readonly at: number;
  readonly outcome: Outcome;
  /** First date offered, `YYYY-MM-DD`; null when the page names none. */
  readonly firstDate: string | null;
}

export type EpisodeKind = 'opening' | 'outage';

export interface Episode {
  readonly kind: EpisodeKind;
  /** Last sighting of the contrary before it; null when there was none. */
  readonly after: number | null;
  /** First sighting of it. */
  readonly startedAt: number;
  /** When it was seen for the second time, a minute or more after the first; null while it is only suspected. */
  readonly confirmedAt: number | null;
  /** Last sighting of it. */
  readonly lastAt: number;
  /** First sighting of the contrary after it; null while it lasts. */
  readonly endedAt: number | null;
  /** Earliest date offered so far; null when none was named. */
  readonly firstDate: string | null;
  /** Of an outage: what was seen first. */
  readonly outcome: Outcome;
  /** How often it got better: an earlier date was offered. */
  readonly betterings: number;
}

/** What happened to an episode at one sighting. */
export type Change = 'started' | 'confirmed' | 'better' | 'ended';

export interface EpisodeRules {
  /** So many bad visits in a row make an outage, so many good ones end it. */
  readonly badToOpen: number;
  readonly goodToClose: number;
}

export const EPISODE_RULES: EpisodeRules = { badToOpen: 2, goodToClose: 1 };

/** What the fold remembers of a target between two sightings. */
export interface EpisodeState {
  readonly lastAt: number;
  readonly opening: Episode | null;
  readonly outage: Episode | null;
  /** Last sighting without slots, and last one of a page that worked. */
  readonly closedAt: number | null;
  readonly goodAt: number | null;
  /** Bad visits in a row before an outage, good ones in a row within it. */
  readonly bad: readonly Sighting[];
  readonly good: readonly number[];
}

export const NO_EPISODES: EpisodeState = {
  lastAt: -Infinity,
  opening: null,
  outage: null,
  closedAt: null,
  goodAt: null,
  bad: [],
  good: [],
};

export interface Step {
  readonly state: EpisodeState;
  /** Episodes that this sighting began, changed or ended, as they are now. */
  readonly touched: readonly { readonly episode: Episode; readonly change: Change | null }[];
}

const CONFIRMED_AFTER_MS = 60_000;

/** The next state. Sightings come in the order of time; one that is not later than the last changes nothing. */
export function step(state: EpisodeState, sighting: Sighting, rules: EpisodeRules = EPISODE_RULES): Step {
  if (sighting.at <= state.lastAt) return { state, touched: [] };
  const opening = stepOpening(state, sighting);
  const outage = stepOutage(opening.state, sighting, rules);
  return { state: { ...outage.state, lastAt: sighting.at }, touched: [...opening.touched, ...outage.touched] };
}

/** All episodes of a target, oldest first, whatever the order of its sightings and however often each is given. */
export function episodesOf(sightings: readonly Sighting[], rules: EpisodeRules = EPISODE_RULES): Episode[] {
  const unique = new Map(sightings.map((sighting) => [sighting.checkId, sighting]));
  const ordered = [...unique.values()].toSorted((a, b) => a.at - b.at || a.checkId - b.checkId);
  const episodes = new Map<string, Episode>();
  let state = NO_EPISODES;
  for (const sighting of ordered) {
    const next = step(state, sighting, rules);
    for (const { episode } of next.touched) episodes.set(`${episode.kind} ${episode.startedAt}`, episode);
    ({ state } = next);
  }
  return [...episodes.values()].toSorted((a, b) => a.startedAt - b.startedAt || a.kind.localeCompare(b.kind));
}

/** Faults, gates and pages nobody knows neither end nor confirm an opening. */
function stepOpening(state: EpisodeState, sighting: Sighting): Step {
  const { opening } = state;
  const { at, outcome, firstDate } = sighting;
  if (outcome === 'slots') {
    if (opening !== null) return continued(state, opening, sighting);
    const episode: Episode = {
      kind: 'opening',
      after: state.closedAt,
      startedAt: at,
      confirmedAt: null,
      lastAt: at,
      endedAt: null,
      firstDate,
      outcome,
      betterings: 0,
    };
    return { state: { ...state, opening: episode }, touched: [{ episode, change: 'started' }] };
  }
  if (!['no_slots', 'suspended', 'moved'].includes(outcome)) return { state, touched: [] };
  const closed = { ...state, closedAt: at, opening: null };
  if (opening === null) return { state: closed, touched: [] };
  return { state: closed, touched: [{ episode: { ...opening, endedAt: at }, change: 'ended' }] };
}

function continued(state: EpisodeState, opening: Episode, { at, firstDate }: Sighting): Step {
  const isBetter = firstDate !== null && (opening.firstDate === null || firstDate < opening.firstDate);
  const isConfirmed = opening.confirmedAt === null && at - opening.startedAt >= CONFIRMED_AFTER_MS;
  const episode: Episode = {
    ...opening,
    lastAt: at,
    confirmedAt: isConfirmed ? at : opening.confirmedAt,
    firstDate: isBetter ? firstDate : opening.firstDate,
    betterings: opening.betterings + Number(isBetter),
  };
  const change = isBetter ? 'better' : isConfirmed ? 'confirmed' : null;
  return { state: { ...state, opening: episode }, touched: [{ episode, change }] };
}

function stepOutage(state: EpisodeState, sighting: Sighting, rules: EpisodeRules): Step {
  const group = groupOf(sighting.outcome);
  if (group === 'fault') return stepBad(state, sighting, rules);
  return group === 'observed' ? stepGood(state, sighting, rules) : { state, touched: [] };
}

function stepBad(state: EpisodeState, sighting: Sighting, rules: EpisodeRules): Step {
  if (state.outage !== null) {
    const outage = { ...state.outage, lastAt: sighting.at };
    return { state: { ...state, outage, good: [] }, touched: [{ episode: outage, change: null }] };
  }
  const bad = [...state.bad, sighting];
  const [first] = bad;
  if (first === undefined || bad.length < rules.badToOpen) return { state: { ...state, bad }, touched: [] };
  const outage: Episode = {
    kind: 'outage',
    after: state.goodAt,
    startedAt: first.at,
    confirmedAt: sighting.at,
    lastAt: sighting.at,
    endedAt: null,
    firstDate: null,
    outcome: first.outcome,
    betterings: 0,
  };
  return { state: { ...state, outage, bad: [], good: [] }, touched: [{ episode: outage, change: 'started' }] };
}

function stepGood(state: EpisodeState, { at }: Sighting, rules: EpisodeRules): Step {
  const { outage } = state;
  if (outage === null) return { state: { ...state, goodAt: at, bad: [] }, touched: [] };
  const good = [...state.good, at];
  const [first] = good;
  if (first === undefined || good.length < rules.goodToClose) return { state: { ...state, good }, touched: [] };
  const ended: Episode = { ...outage, endedAt: first };
  return {
    state: { ...state, outage: null, goodAt: at, bad: [], good: [] },
    touched: [{ episode: ended, change: 'ended' }],
  };
}

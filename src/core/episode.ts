import type { Mode } from './check.ts';
import { groupOf, type Outcome } from './outcome.ts';
import { longestBreak } from './standing.ts';

/**
 * Checks folded into what lasted: openings (slots came and went) and outages (a page failed and came back). An episode has no
 * exact ends, only bounds: it began between `after` and `startedAt` and ended between `lastAt` and `endedAt`. Pure; instants
 * are epoch milliseconds of observation.
 */

/** What one visit saw, as far as episodes are concerned: made by `sightingOf` alone. */
export interface Sighting {
  readonly checkId: number;
  readonly at: number;
  readonly outcome: Outcome;
  /** First date offered, `YYYY-MM-DD`; null when the page names none. */
  readonly firstDate: string | null;
  /** What it says of slots; null for nothing: a fault, a gate, an unknown page, a "no" that is not believed. */
  readonly slots: 'offered' | 'none' | null;
  /** Whether the door answered; null where nobody can say. */
  readonly door: 'answers' | 'fails' | null;
}

/** A visit before it is known what it says. `isBelieved`: false for a "no" inside a soft block. */
export interface Seen extends Pick<Sighting, 'checkId' | 'at' | 'outcome' | 'firstDate'> {
  readonly isBelieved: boolean;
}

const NO_SLOTS: ReadonlySet<Outcome> = new Set(['no_slots', 'suspended', 'moved']);

/** The one place where it is said what a visit is to openings and outages. `gates`: the probe expects to meet them. */
export function sightingOf({ isBelieved, ...seen }: Seen, gates: readonly Outcome[]): Sighting {
  const group = groupOf(seen.outcome);
  const isAnswer = group === 'observed' || gates.includes(seen.outcome);
  const none = NO_SLOTS.has(seen.outcome) && isBelieved ? 'none' : null;
  return {
    ...seen,
    slots: seen.outcome === 'slots' ? 'offered' : none,
    door: isAnswer ? 'answers' : group === 'fault' ? 'fails' : null,
  };
}

/** A control shows whether the host is honest, a person's report stands beside the readings: neither is told as news. */
export function countsAsSighting({ mode, isControl }: { readonly mode: Mode; readonly isControl: boolean }): boolean {
  return !isControl && mode !== 'control' && mode !== 'reported';
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
  /** First sighting of the contrary after it; null while it lasts, and where it was lost from sight. */
  readonly endedAt: number | null;
  /** From then on nobody can say that it lasted: it was not seen for too long, and its end is not known. Absent until then. */
  readonly lostAt?: number;
  /** Earliest date offered so far; null when none was named. */
  readonly firstDate: string | null;
  /** Of an outage: what was seen first. */
  readonly outcome: Outcome;
  /** How often it got better: an earlier date was offered. */
  readonly betterings: number;
}

/** What happened to an episode at one sighting. */
export type Change = 'started' | 'confirmed' | 'better' | 'ended' | 'lost';

export interface EpisodeRules {
  /** So many bad visits in a row make an outage, so many good ones end it. */
  readonly badToOpen: number;
  readonly goodToClose: number;
}

export const EPISODE_RULES: EpisodeRules = { badToOpen: 2, goodToClose: 1 };

/** What a target's sightings are folded with. Kept with the state, so that folding again comes to the same. */
export interface Folding extends EpisodeRules {
  /** Sightings of one thing further apart are of two: between them anything may have happened (as with droughts, S6). */
  readonly breakMs: number;
  /** Gates that the probe of the target expects: behind one the door has answered. */
  readonly gates: readonly Outcome[];
}

const USUAL_INTERVAL_MS = 1_800_000;
export const FOLDING: Folding = { ...EPISODE_RULES, breakMs: longestBreak(USUAL_INTERVAL_MS), gates: [] };

/** What the fold remembers of a target between two sightings. */
export interface EpisodeState {
  readonly lastAt: number;
  readonly opening: Episode | null;
  readonly outage: Episode | null;
  /** Last sighting without slots, and last one of a page that worked. */
  readonly closedAt: number | null;
  readonly goodAt: number | null;
  /** Bad visits in a row before an outage, good ones in a row within it. */
  readonly bad: readonly Pick<Sighting, 'at' | 'outcome'>[];
  readonly good: readonly number[];
  /** Null before the first check, and in a state that was written before it was kept. */
  readonly folding: Folding | null;
}

export const NO_EPISODES: EpisodeState = {
  lastAt: -Infinity,
  opening: null,
  outage: null,
  closedAt: null,
  goodAt: null,
  bad: [],
  good: [],
  folding: null,
};

export interface Step {
  readonly state: EpisodeState;
  /** Episodes that this sighting began, changed or ended, as they are now. */
  readonly touched: readonly { readonly episode: Episode; readonly change: Change | null }[];
}

const CONFIRMED_AFTER_MS = 60_000;

/** The next state. Sightings come in the order of time; one that is not later than the last changes nothing. */
export function step(before: EpisodeState, sighting: Sighting, folding: Folding = FOLDING): Step {
  const state = { ...before, folding };
  if (sighting.at <= state.lastAt) return { state, touched: [] };
  const opening = stepOpening(state, sighting, folding);
  const outage = stepOutage(opening.state, sighting, folding);
  return { state: { ...outage.state, lastAt: sighting.at }, touched: [...opening.touched, ...outage.touched] };
}

/** All episodes of a target, oldest first, whatever the order of its sightings and however often each is given. */
export function episodesOf(sightings: readonly Sighting[], folding: Folding = FOLDING): Episode[] {
  const unique = new Map(sightings.map((sighting) => [sighting.checkId, sighting]));
  const ordered = [...unique.values()].toSorted((a, b) => a.at - b.at || a.checkId - b.checkId);
  const episodes = new Map<string, Episode>();
  let state = NO_EPISODES;
  for (const sighting of ordered) {
    const next = step(state, sighting, folding);
    for (const { episode } of next.touched) episodes.set(`${episode.kind} ${episode.startedAt}`, episode);
    ({ state } = next);
  }
  return [...episodes.values()].toSorted((a, b) => a.startedAt - b.startedAt || a.kind.localeCompare(b.kind));
}

/** Seen again after too long, it is another one: the first is closed with what is known of it. */
function lost(episode: Episode, { breakMs }: Folding): Episode {
  return { ...episode, lostAt: episode.lastAt + breakMs };
}

function stepOpening(state: EpisodeState, sighting: Sighting, folding: Folding): Step {
  const { opening } = state;
  const { at, slots } = sighting;
  if (slots === 'offered') {
    if (opening === null) return opened(state, sighting);
    if (at - opening.lastAt <= folding.breakMs) return continued(state, opening, sighting);
    const next = opened({ ...state, closedAt: null }, sighting);
    return { ...next, touched: [{ episode: lost(opening, folding), change: 'lost' }, ...next.touched] };
  }
  if (slots === null) return { state, touched: [] };
  const closed = { ...state, closedAt: at, opening: null };
  if (opening === null) return { state: closed, touched: [] };
  return { state: closed, touched: [{ episode: { ...opening, endedAt: at }, change: 'ended' }] };
}

function opened(state: EpisodeState, { at, outcome, firstDate }: Sighting): Step {
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

function stepOutage(state: EpisodeState, sighting: Sighting, folding: Folding): Step {
  switch (sighting.door) {
    case 'fails':
      return stepBad(state, sighting, folding);
    case 'answers':
      return stepGood(state, sighting, folding);
    case null:
      return { state, touched: [] };
    default:
      return sighting.door satisfies never;
  }
}

function stepBad(state: EpisodeState, sighting: Sighting, folding: Folding): Step {
  const { outage } = state;
  if (outage === null) return suspected(state, sighting, folding);
  if (sighting.at - outage.lastAt <= folding.breakMs) {
    const lasting = { ...outage, lastAt: sighting.at };
    return { state: { ...state, outage: lasting, good: [] }, touched: [{ episode: lasting, change: null }] };
  }
  // That it worked before the first says nothing of when the second began.
  const next = suspected({ ...state, outage: null, goodAt: null, good: [] }, sighting, folding);
  return { ...next, touched: [{ episode: lost(outage, folding), change: 'lost' }, ...next.touched] };
}

function suspected(state: EpisodeState, sighting: Sighting, { badToOpen, breakMs }: Folding): Step {
  const last = state.bad.at(-1);
  const isRow = last !== undefined && sighting.at - last.at <= breakMs;
  const bad = [...(isRow ? state.bad : []), { at: sighting.at, outcome: sighting.outcome }];
  const [first] = bad;
  if (first === undefined || bad.length < badToOpen) return { state: { ...state, bad }, touched: [] };
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

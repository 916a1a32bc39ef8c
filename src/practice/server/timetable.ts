import { drawn } from '../../core/drawn.ts';
import type { Outcome } from '../../core/outcome.ts';
import type { Replica, Scenario } from '../../core/replica.ts';

/** How long a living site stays as it is: two scheduled checks of practice mode, so that a fault is seen and passes. */
const PHASE_MS = 120_000;

/** How often a living site is in which state; behind a gate, the captcha is the everyday one. Refusals are rare: each pauses its host for a quarter of an hour. */
const WEIGHTS: Partial<Record<Outcome, number>> = {
  slots: 4,
  operational: 8,
  no_slots: 5,
  suspended: 1,
  moved: 0.5,
  overloaded: 1,
  maintenance: 1,
  error: 1,
  unreachable: 0.5,
  captcha: 0.5,
  login: 0.5,
  denied: 0.12,
  rate_limited: 0.12,
  unknown_page: 1,
};

/** A place of a replica that may live: all scenarios that begin at one address with the same parameters. */
export interface LivingPlace {
  readonly path: string;
  readonly params: NonNullable<Scenario['params']>;
  readonly scenarios: readonly Scenario[];
}

/** The places of a replica with enough to show: four states or more, two outcomes or more. Largest first. */
export function livingPlaces({ scenarios }: Replica): LivingPlace[] {
  const places = new Map<string, Scenario[]>();
  for (const scenario of scenarios) {
    // A site that never answers would hold up the other practice sites for most of a minute.
    if (scenario.transport === 'hang') continue;
    const key = JSON.stringify([scenario.path, scenario.params ?? {}]);
    places.set(key, [...(places.get(key) ?? []), scenario]);
  }
  return [...places.values()]
    .map((found) => ({ path: found[0]?.path ?? '/', params: found[0]?.params ?? {}, scenarios: found }))
    .filter((place) => place.scenarios.length >= 4 && outcomesOf(place).size >= 2)
    .toSorted((a, b) => b.scenarios.length - a.scenarios.length);
}

export function outcomesOf(place: LivingPlace): ReadonlySet<Outcome> {
  return new Set(place.scenarios.map(outcomeOf));
}

/** A scenario has the same outcome on every day; only its facets are of the day. */
function outcomeOf(scenario: Scenario): Outcome {
  return scenario.expect(0).outcome;
}

/** What a place plays when: drawn anew every two minutes from the seed, first the outcome by its weight, then the scenario. */
export function timetable(place: LivingPlace, seed: string): (now: number) => Scenario {
  const byOutcome = Map.groupBy(place.scenarios, outcomeOf);
  return (now) => {
    const phase = Math.floor(now / PHASE_MS);
    const outcome = drawnOutcome([...byOutcome.keys()], drawn(seed, place.path, phase, 'outcome'));
    const fitting = byOutcome.get(outcome) ?? [];
    const scenario = fitting[Math.floor(drawn(seed, place.path, phase, 'scenario') * fitting.length)];
    if (scenario === undefined) throw new Error('a living place has no scenario');
    return scenario;
  };
}

function drawnOutcome(outcomes: readonly Outcome[], share: number): Outcome {
  const answers: readonly Outcome[] = ['slots', 'no_slots', 'operational'];
  const isGated = !outcomes.some((outcome) => answers.includes(outcome));
  const weightOf = (outcome: Outcome): number => (isGated && outcome === 'captcha' ? 8 : (WEIGHTS[outcome] ?? 0.2));
  let left = share * outcomes.reduce((sum, outcome) => sum + weightOf(outcome), 0);
  const drawnOne = outcomes.find((outcome) => {
    left -= weightOf(outcome);
    return left < 0;
  });
  return drawnOne ?? outcomes.at(-1) ?? 'unknown_page';
}

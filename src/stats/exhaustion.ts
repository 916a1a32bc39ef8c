import { longestBreak } from '../core/standing.ts';
import type { StatCheck } from '../core/tally.ts';
import { quantile } from './quantiles.ts';
import type { Exhaustion } from './results.ts';
import { answersOnSlots } from './visits.ts';

/** S8: how long slots last. Never one number finer than the interval: an opening lies between two bounds. */

const EXHAUSTION_NEEDS = { events: 5 } as const;

/** `highMs` is null where the check before or after it is missing: it may have been open for any time. */
export interface OpeningBounds {
  readonly lowMs: number;
  readonly highMs: number | null;
}

export function openingBounds(checks: readonly StatCheck[], intervalMs: number): OpeningBounds[] {
  return stretches(answersOnSlots(checks), longestBreak(intervalMs)).flatMap((stretch) => {
    const found: OpeningBounds[] = [];
    for (let at = 0; at < stretch.length;) {
      const { first, next } = runOf(stretch, at);
      if (first.outcome === 'slots') found.push(boundsOf(stretch, at, next));
      at = next;
    }
    return found;
  });
}

/** Answers that follow each other without a long time between. */
function stretches(answers: readonly StatCheck[], breakMs: number): [StatCheck, ...StatCheck[]][] {
  const found: [StatCheck, ...StatCheck[]][] = [];
  for (const answer of answers) {
    const stretch = found.at(-1);
    const last = stretch?.at(-1);
    if (stretch !== undefined && last !== undefined && answer.at - last.at <= breakMs) stretch.push(answer);
    else found.push([answer]);
  }
  return found;
}

/** The run of one kind, slots or none, that begins at `from`; `next` is where the other kind begins. */
function runOf(stretch: [StatCheck, ...StatCheck[]], from: number): { first: StatCheck; next: number } {
  const first = stretch[from] ?? stretch[0];
  const isOpen = first.outcome === 'slots';
  let next = from + 1;
  while (next < stretch.length && (stretch[next]?.outcome === 'slots') === isOpen) next += 1;
  return { first, next };
}

function boundsOf(stretch: readonly StatCheck[], from: number, next: number): OpeningBounds {
  const at = (index: number): number | null => stretch[index]?.at ?? null;
  const [firstYes, lastYes, previousNo, nextNo] = [at(from), at(next - 1), at(from - 1), at(next)];
  return {
    lowMs: (lastYes ?? 0) - (firstYes ?? 0),
    highMs: previousNo === null || nextNo === null ? null : nextNo - previousNo,
  };
}

export function exhaustion(checks: readonly StatCheck[], intervalMs: number): Exhaustion {
  const bounds = openingBounds(checks, intervalMs);
  const openings = bounds.length;
  if (openings < EXHAUSTION_NEEDS.events) {
    const missing = [{ what: 'events', have: openings, need: EXHAUSTION_NEEDS.events }] as const;
    return { kind: 'insufficient', openings, missing };
  }
  const medianOf = (values: readonly number[]): number => quantile(values, 0.5) ?? Number.NaN;
  const high = medianOf(bounds.map(({ highMs }) => highMs ?? Infinity));
  return {
    kind: 'bounds',
    openings,
    medianLowMs: medianOf(bounds.map(({ lowMs }) => lowMs)),
    medianHighMs: Number.isFinite(high) ? high : null,
  };
}

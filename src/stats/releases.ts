import { plusDays, LocalTime, PARIS } from '../core/local-time.ts';
import type { StatCheck } from '../core/tally.ts';
import type { Blindness, ReleaseHistogram } from './results.ts';
import { observations, pairsOf } from './visits.ts';

/** S7: when slots are released, and S9: how little of it can be seen. */

const RELEASE_NEEDS = { events: 20 } as const;
/** Conduct C13. */
const PUBLIC_AFTER_DAYS = 30;

const HOUR_MS = 3_600_000;
const WIDEST_MS = HOUR_MS;
/** Zones are set back by whole quarters of an hour: within one, clocks show one hour. */
const STEP_MS = HOUR_MS / 4;
const MINUTE_MS = 60_000;
const OPEN_FOR_MS = [1, 5, 15, 60, 240, 1_440].map((minutes) => minutes * MINUTE_MS);

/** A release lies somewhere in (after, by]. */
export interface ReleaseEvent {
  readonly after: number;
  readonly by: number;
}

/** `no_slots`, then `slots`, nothing observed between. */
export function releaseEvents(checks: readonly StatCheck[]): ReleaseEvent[] {
  return spansAfterNo(checks).flatMap(({ after, by, isRelease }) => (isRelease ? [{ after, by }] : []));
}

interface Span extends ReleaseEvent {
  readonly isRelease: boolean;
}

/** From each "no" to the next answer: where a release could have been seen. */
function spansAfterNo(checks: readonly StatCheck[]): Span[] {
  const spans: Span[] = [];
  for (const [before, after] of pairsOf(observations(checks))) {
    if (before.outcome !== 'no_slots' || before.at === after.at) continue;
    spans.push({ after: before.at, by: after.at, isRelease: after.outcome === 'slots' });
  }
  return spans;
}

/**
 * The public histogram. What is younger than 30 days is left out before anything is counted, and so can be told from no cell.
 * Each event has the weight 1, spread evenly over its bounds; each cell is divided by the hours in which an event could have
 * been dated there: times between a "no" and the next answer, at most an hour apart.
 */
export function releaseHistogram(checks: readonly StatCheck[], place: LocalTime, now: number): ReleaseHistogram {
  const paris = new LocalTime(PARIS);
  const until = plusDays(paris.dayOf(now), -PUBLIC_AFTER_DAYS - 1);
  const old = checks.filter(({ at }) => at < paris.endOf(until));
  const spans = spansAfterNo(old);
  const dated = spans.filter(({ after, by }) => by - after <= WIDEST_MS);
  const events = dated.filter(({ isRelease }) => isRelease);
  const undated = spans.filter(({ isRelease }) => isRelease).length - events.length;
  const counted = { until, events: events.length, undated };
  if (events.length < RELEASE_NEEDS.events) {
    const missing = [{ what: 'events', have: events.length, need: RELEASE_NEEDS.events }] as const;
    return { kind: 'insufficient', ...counted, missing };
  }
  const [weights, exposures] = [emptyCells(), emptyCells()];
  for (const { after, by, isRelease } of dated) {
    for (const { weekday, hour, ms } of partsOf({ after, by }, place)) {
      addTo(exposures, weekday, hour, ms / HOUR_MS);
      if (isRelease) addTo(weights, weekday, hour, ms / (by - after));
    }
  }
  const rates = weights.map((row, weekday) =>
    row.map((weight, hour) => {
      const exposure = exposures[weekday]?.[hour] ?? 0;
      return exposure === 0 ? null : weight / exposure;
    }),
  );
  return { kind: 'histogram', zone: place.zone, ...counted, rates, exposureHours: exposures };
}

/** A span cut where clocks show another hour. */
function* partsOf(
  { after, by }: ReleaseEvent,
  place: LocalTime,
): Generator<{ weekday: number; hour: number; ms: number }> {
  for (let at = after; at < by;) {
    const next = Math.min(by, (Math.floor(at / STEP_MS) + 1) * STEP_MS);
    yield { weekday: place.weekdayOf(at), hour: place.hourOf(at), ms: next - at };
    at = next;
  }
}

function emptyCells(): number[][] {
  return Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
}

function addTo(cells: number[][], weekday: number, hour: number, value: number): void {
  const row = cells[weekday];
  if (row !== undefined) row[hour] = (row[hour] ?? 0) + value;
}

/** S9: chance to see a release that stays open for so long, with one check at a random instant of each interval. */
export function chanceToSee(openForMs: number, intervalMs: number): number {
  return Math.min(1, openForMs / intervalMs);
}

export function blindness(intervalMs: number): Blindness {
  return {
    intervalMs,
    chances: OPEN_FOR_MS.map((openForMs) => ({ openForMs, chance: chanceToSee(openForMs, intervalMs) })),
  };
}

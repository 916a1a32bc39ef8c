import { drawn } from '../core/drawn.ts';
import type { LocalDay } from '../core/local-time.ts';
import { longRunSum, plainSum, residualsOf } from './day-clusters.ts';
import { quantile } from './quantiles.ts';
import type { Difference, Missing } from './results.ts';

/** S11: before and after an order or an announcement. The dates are chosen before looking. */

const COMPARE_NEEDS = { days: 28, checks: 30 } as const;
const RESAMPLES = 1_000;

/** Uniform checks of one hour of one local day. */
export interface HourCount {
  readonly day: LocalDay;
  /** 0 for Monday. */
  readonly weekday: number;
  readonly hour: number;
  readonly hits: number;
  readonly checks: number;
}

const HOURS_OF_WEEK = 7 * 24;

/** By hour of the week. */
interface Cells {
  readonly hits: Float64Array;
  readonly checks: Float64Array;
}

/**
 * after − before. Each side's share is taken in every hour of the week and weighted in the same way on both sides, so that
 * what changed is not only when was looked. The interval comes from whole days drawn again with replacement, on each side,
 * and is stretched where neighbouring days are alike.
 */
export function difference(before: readonly HourCount[], after: readonly HourCount[]): Difference {
  const missing = [...missingOf(before, 'before'), ...missingOf(after, 'after')];
  if (missing.length > 0) return { kind: 'insufficient', missing };
  const [daysBefore, daysAfter] = [byDay(before), byDay(after)];
  const found = standardised(added(daysBefore), added(daysAfter));
  if (found === null) {
    const none = { what: 'checks', have: 0, need: 1 } as const;
    return {
      kind: 'insufficient',
      missing: [
        { ...none, side: 'before' },
        { ...none, side: 'after' },
      ],
    };
  }
  const random = generator(drawn('compare', before.length, after.length));
  const differences: number[] = [];
  for (let at = 0; at < RESAMPLES; at += 1) {
    const again = standardised(added(resample(daysBefore, random)), added(resample(daysAfter, random)));
    if (again !== null) differences.push(again);
  }
  const stretch = stretchOf(before, after);
  const bound = (part: number): number =>
    Math.min(1, Math.max(-1, found + stretch * ((quantile(differences, part) ?? found) - found)));
  return { kind: 'difference', difference: found, low: bound(0.025), high: bound(0.975) };
}

/**
 * Days drawn one by one know nothing of slots that stay for days: of periods of four weeks between which nothing had changed they
 * told a third apart, where slots stay for two days (simulated, see the tests). The interval is stretched by what the covariances of
 * days add to the standard error; 1 where days are independent.
 */
function stretchOf(...sides: readonly (readonly HourCount[])[]): number {
  let [plain, whole] = [0, 0];
  for (const side of sides) {
    const days = byDay(side.filter(({ checks }) => checks > 0)).map((of) => ({ day: of[0]?.day ?? '', ...sumOf(of) }));
    const total = sumOf(side);
    const residuals = residualsOf(days, total);
    plain += plainSum(residuals) / total.checks ** 2;
    whole += longRunSum(residuals) / total.checks ** 2;
  }
  return plain === 0 ? 1 : Math.sqrt(whole / plain);
}

function sumOf(counts: readonly HourCount[]): { readonly hits: number; readonly checks: number } {
  return {
    hits: counts.reduce((sum, { hits }) => sum + hits, 0),
    checks: counts.reduce((sum, { checks }) => sum + checks, 0),
  };
}

function missingOf(counts: readonly HourCount[], side: 'before' | 'after'): (Missing & { side: typeof side })[] {
  const have = {
    days: new Set(counts.filter(({ checks }) => checks > 0).map(({ day }) => day)).size,
    checks: counts.reduce((sum, { checks }) => sum + checks, 0),
  };
  return (['days', 'checks'] as const)
    .filter((what) => have[what] < COMPARE_NEEDS[what])
    .map((what) => ({ what, have: have[what], need: COMPARE_NEEDS[what], side }));
}

function byDay(counts: readonly HourCount[]): (readonly HourCount[])[] {
  return [...Map.groupBy(counts, ({ day }) => day)].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, of]) => of);
}

function added(days: readonly (readonly HourCount[])[]): Cells {
  const cells = { hits: new Float64Array(HOURS_OF_WEEK), checks: new Float64Array(HOURS_OF_WEEK) };
  for (const day of days) {
    for (const { weekday, hour, hits, checks } of day) {
      const at = weekday * 24 + hour;
      cells.hits[at] = (cells.hits[at] ?? 0) + hits;
      cells.checks[at] = (cells.checks[at] ?? 0) + checks;
    }
  }
  return cells;
}

/** Hours of the week that only one side has are left out: there is nothing to set them against. Null when none is left. */
function standardised(before: Cells, after: Cells): number | null {
  let [sum, weights] = [0, 0];
  for (let at = 0; at < HOURS_OF_WEEK; at += 1) {
    const [one, other] = [before.checks[at] ?? 0, after.checks[at] ?? 0];
    if (one === 0 || other === 0) continue;
    sum += (one + other) * ((after.hits[at] ?? 0) / other - (before.hits[at] ?? 0) / one);
    weights += one + other;
  }
  return weights === 0 ? null : sum / weights;
}

function resample<T>(values: readonly T[], random: () => number): T[] {
  return values.map((value) => values[Math.floor(random() * values.length)] ?? value);
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32): one question has one answer. */
function generator(seed: number): () => number {
  let state = Math.floor(seed * 2 ** 32);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

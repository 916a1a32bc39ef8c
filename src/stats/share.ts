import { isoWeekOf, type LocalDay } from '../core/local-time.ts';
import { degreesOf, longRunSum, residualsOf, type DayCount } from './day-clusters.ts';
import { studentQuantile, Z } from './quantiles.ts';
import type { Missing, Proportion, Share, ShareBase } from './results.ts';

/** S1, the availability share, and its interval. */

const SHARE_NEEDS = { checks: 30, days: 10, weeks: 2, coverage: 0.8 } as const;

/** One-sided 97.5 %. */
const ALPHA = 0.025;

/** Wilson's interval, two-sided at the given quantile (95 % by default). `checks` need not be whole: an effective number does. */
export function wilson(share: number, checks: number, z: number = Z): { readonly low: number; readonly high: number } {
  const scale = 1 + z ** 2 / checks;
  const middle = (share + z ** 2 / (2 * checks)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / checks + z ** 2 / (4 * checks ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}

/** Highest share that fits so many independent looks without a hit. */
export function noHitsBound(looks: number): number {
  return 1 - ALPHA ** (1 / looks);
}

/**
 * The share of a period. Days come in any order; one that is given several times is added up. Faults, gates and unmeasured
 * checks are not among the counts, and so change nothing here: they lower the coverage.
 */
export function shareOf(counts: readonly DayCount[], coverage: Proportion): Share {
  const days = addedUp(counts);
  const base = baseOf(days);
  const missing = missingOf(base, coverage);
  if (missing.length > 0) return { kind: 'insufficient', ...base, missing };
  if (base.hits === 0) {
    const bounds = { perCheckHigh: noHitsBound(base.checks), perDayHigh: noHitsBound(base.days) };
    return { kind: 'no_hits', share: 0, ...base, ...bounds };
  }
  if (base.hits === base.checks) {
    const bounds = { perCheckLow: 1 - noHitsBound(base.checks), perDayLow: 1 - noHitsBound(base.days) };
    return { kind: 'all_hits', share: 1, ...base, ...bounds };
  }
  return { kind: 'share', ...base, ...intervalOf(days, base) };
}

function addedUp(counts: readonly DayCount[]): DayCount[] {
  const days = new Map<LocalDay, DayCount>();
  for (const { day, hits, checks } of counts) {
    if (checks === 0) continue;
    const known = days.get(day) ?? { day, hits: 0, checks: 0 };
    days.set(day, { day, hits: known.hits + hits, checks: known.checks + checks });
  }
  // In order, so that a sum of fractions is the same to the last digit whatever order they came in.
  return [...days.values()].toSorted((a, b) => (a.day < b.day ? -1 : 1));
}

function baseOf(days: readonly DayCount[]): ShareBase {
  return {
    hits: days.reduce((sum, { hits }) => sum + hits, 0),
    checks: days.reduce((sum, { checks }) => sum + checks, 0),
    days: days.length,
    weeks: new Set(days.map(({ day }) => isoWeekOf(day))).size,
  };
}

function missingOf({ checks, days, weeks }: ShareBase, coverage: Proportion): Missing[] {
  const have = { checks, days, weeks, coverage: coverage.share ?? 0 };
  const names = ['checks', 'days', 'weeks', 'coverage'] as const;
  return names
    .filter((what) => have[what] < SHARE_NEEDS[what])
    .map((what) => ({ what, have: have[what], need: SHARE_NEEDS[what] }));
}

/**
 * Day clusters, since checks of one day resemble each other; and days that resemble their neighbours, since slots may stay
 * open for days. The plain variance between days took 67 % of the truths of a process that stays open for two days where it
 * should take 95 % (simulated, see the tests): see `longRunSum`. How well that variance is known is another question. It is the worse,
 * the fewer days bear it: an opening a week shows four times in a month, whatever the number of checks. `degreesOf` says it, and Student's t
 * widens the interval by it.
 */
function intervalOf(
  days: readonly DayCount[],
  base: ShareBase,
): { share: number; low: number; high: number; designEffect: number; effectiveChecks: number } {
  const { hits, checks } = base;
  const share = hits / checks;
  const residuals = residualsOf(days, base);
  const total = longRunSum(residuals);
  const variance = ((days.length / (days.length - 1)) * total) / checks ** 2;
  const designEffect = Math.max(1, variance / ((share * (1 - share)) / checks));
  const effectiveChecks = checks / designEffect;
  const z = studentQuantile(degreesOf(residuals, total));
  return { share, ...wilson(share, effectiveChecks, z), designEffect, effectiveChecks };
}

import { isoWeekOf, type LocalDay } from '../core/local-time.ts';
import { studentQuantile, Z } from './quantiles.ts';
import type { Missing, Proportion, Share, ShareBase } from './results.ts';

/** S1, the availability share, and its interval. */

/** One local day: uniform checks in the denominator, and those of them with slots. */
export interface DayCount {
  readonly day: LocalDay;
  readonly hits: number;
  readonly checks: number;
}

const SHARE_NEEDS = { checks: 30, days: 10, weeks: 2, coverage: 0.8 } as const;

const DAY_MS = 86_400_000;
/** One-sided 97.5 %. */
const ALPHA = 0.025;
/** With fewer, Student's t would say no more than that nothing is known. */
const FEWEST_DEGREES = 2;
/** A day hardly ever tells more of the next one; and the sum stays finite. */
const MOST_CORRELATED = 0.95;

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
  const within = covariance(residuals, 0);
  const total = longRunSum(residuals, within);
  const variance = ((days.length / (days.length - 1)) * total) / checks ** 2;
  const designEffect = Math.max(1, variance / ((share * (1 - share)) / checks));
  const effectiveChecks = checks / designEffect;
  const z = studentQuantile(degreesOf(residuals, { within, total }));
  return { share, ...wilson(share, effectiveChecks, z), designEffect, effectiveChecks };
}

/** By day number: hits beyond what the share of the whole period would give. Exactly zero where a day has that very share. */
type Residuals = ReadonlyMap<number, number>;

function residualsOf(days: readonly DayCount[], { hits, checks }: ShareBase): Residuals {
  return new Map(days.map((one) => [dayNumber(one.day), (one.hits * checks - hits * one.checks) / checks]));
}

/**
 * Squares of the residuals with all their covariances, as two estimates give it; the larger one. The first adds the covariances of days
 * that lie 1, 2, 3 … apart as long as they are positive (the initial positive sequence of Geyer, 1992): right in the long run,
 * too small in short periods, where the mean is taken from the same few openings. The second takes the neighbours' correlation alone,
 * freed of that bias (Marriott and Pope, 1954), and lets it fade geometrically: right for openings and pauses of random lengths.
 * With days that are independent both are about the plain sum.
 */
function longRunSum(residuals: Residuals, within: number): number {
  const days = residuals.size;
  if (within === 0) return 0;
  let sum = within;
  for (let lag = 1; lag <= Math.floor(days / 4); lag += 1) {
    const next = covariance(residuals, lag);
    if (next <= 0) break;
    sum += 2 * next;
  }
  const seen = covariance(residuals, 1) / within;
  const correlation = Math.min(MOST_CORRELATED, Math.max(0, seen + (1 + 4 * seen) / days));
  return Math.max(sum, (within * (1 + correlation)) / (1 - correlation));
}

/** Of the variance: the fewer of days that are worth a new look, and of days that bear it (Satterthwaite, 1946, by the kurtosis). */
function degreesOf(
  residuals: Residuals,
  { within, total }: { readonly within: number; readonly total: number },
): number {
  const days = residuals.size;
  if (within === 0) return days - 1;
  const fourth = [...residuals.values()].reduce((sum, residual) => sum + residual ** 4, 0);
  const excess = (days * fourth) / within ** 2 - 1;
  const bearing = excess === 0 ? days : (2 * days) / excess;
  return Math.max(FEWEST_DEGREES, Math.min((days * within) / total - 1, bearing));
}

function covariance(residuals: Residuals, lag: number): number {
  let sum = 0;
  for (const [day, residual] of residuals) sum += residual * (residuals.get(day - lag) ?? 0);
  return sum;
}

function dayNumber(day: LocalDay): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

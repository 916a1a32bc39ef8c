import type { LocalDay } from '../core/local-time.ts';

/** What days as clusters say of the variance of a share: S1 and S11 rest on it. */

/** One local day: uniform checks in the denominator, and those of them with slots. */
export interface DayCount {
  readonly day: LocalDay;
  readonly hits: number;
  readonly checks: number;
}

const DAY_MS = 86_400_000;
/** With fewer, Student's t would say no more than that nothing is known. */
const FEWEST_DEGREES = 2;
/** A day hardly ever tells more of the next one; and the sum stays finite. */
const MOST_CORRELATED = 0.95;

/** By day number: hits beyond what the share of the whole period would give. Exactly zero where a day has that very share. */
export type Residuals = ReadonlyMap<number, number>;

export function residualsOf(
  days: readonly DayCount[],
  { hits, checks }: { readonly hits: number; readonly checks: number },
): Residuals {
  return new Map(days.map((one) => [dayNumber(one.day), (one.hits * checks - hits * one.checks) / checks]));
}

/**
 * Squares of the residuals with all their covariances, as two estimates give it; the larger one. The first adds the covariances of days
 * that lie 1, 2, 3 … apart as long as they are positive (the initial positive sequence of Geyer, 1992): right in the long run,
 * too small in short periods, where the mean is taken from the same few openings. The second takes the neighbours' correlation alone,
 * freed of that bias (Marriott and Pope, 1954), and lets it fade geometrically: right for openings and pauses of random lengths.
 * With days that are independent both are about the plain sum.
 */
export function longRunSum(residuals: Residuals): number {
  const days = residuals.size;
  const within = plainSum(residuals);
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
export function degreesOf(residuals: Residuals, total: number): number {
  const days = residuals.size;
  const within = plainSum(residuals);
  if (within === 0) return days - 1;
  const fourth = [...residuals.values()].reduce((sum, residual) => sum + residual ** 4, 0);
  const excess = (days * fourth) / within ** 2 - 1;
  const bearing = excess === 0 ? days : (2 * days) / excess;
  return Math.max(FEWEST_DEGREES, Math.min((days * within) / total - 1, bearing));
}

/** Squares of the residuals: what there is where days are independent. */
export function plainSum(residuals: Residuals): number {
  return covariance(residuals, 0);
}

function covariance(residuals: Residuals, lag: number): number {
  let sum = 0;
  for (const [day, residual] of residuals) sum += residual * (residuals.get(day - lag) ?? 0);
  return sum;
}

function dayNumber(day: LocalDay): number {
  return Date.parse(`${day}T00:00:00Z`) / DAY_MS;
}

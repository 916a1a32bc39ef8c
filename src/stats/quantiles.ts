/** Quantiles of reference distributions, and of what was measured. */

/** 97.5 % quantile of the normal distribution: two-sided 95 %. */
export const Z = 1.959963984540054;

/** Two-sided. */
const ALPHA = 0.05;

/**
 * 97.5 % quantile of Student's t, for any number of degrees from 2 on, whole or not (G. W. Hill, Algorithm 396, Communications of the ACM
 * 13, 1970). Off by less than 0.002.
 */
export function studentQuantile(degrees: number): number {
  const n = degrees;
  const a = 1 / (n - 0.5);
  const b = 48 / a ** 2;
  let c = ((20_700 * (a / b) - 98) * a - 16) * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * n;
  let y = (d * ALPHA) ** (2 / n);
  if (y <= 0.05 + a) {
    y =
      ((1 / (((n + 6) / (n * y) - 0.089 * d - 0.822) * (n + 2) * 3) + 0.5 / (n + 4)) * y - 1) * ((n + 1) / (n + 2)) +
      1 / y;
    return Math.sqrt(n * y);
  }
  const x = -Z;
  if (n < 5) c += 0.3 * (n - 4.5) * (x + 0.6);
  c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b;
  y = (((((0.4 * x ** 2 + 6.3) * x ** 2 + 36) * x ** 2 + 94.5) / c - x ** 2 - 3) / b + 1) * x;
  return Math.sqrt(n * Math.expm1(a * y ** 2));
}

/** Linear between neighbours (type 7 of Hyndman and Fan, as in R and NumPy). Null for no values. */
export function quantile(values: readonly number[], part: number): number | null {
  const ordered = values.toSorted((a, b) => a - b);
  const at = (ordered.length - 1) * part;
  const [low, high] = [ordered[Math.floor(at)], ordered[Math.ceil(at)]];
  if (low === undefined || high === undefined) return null;
  return low === high ? low : low + (high - low) * (at - Math.floor(at));
}

/** By nearest rank: a value that was measured. Null for no values. */
export function nearestRank(values: readonly number[], part: number): number | null {
  const ordered = values.toSorted((a, b) => a - b);
  return ordered[Math.ceil(part * ordered.length) - 1] ?? null;
}

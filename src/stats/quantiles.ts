/** Quantiles of reference distributions, and of what was measured. */

/** 97.5 % quantile of the normal distribution: two-sided 95 %. */
export const Z = 1.959963984540054;

/**
 * 97.5 % quantile of Student's t, by the expansion of Cornish and Fisher (Abramowitz and Stegun 26.7.5). Off by less than 0.01 from three
 * degrees of freedom on, by less than 0.0005 from six on.
 */
export function studentQuantile(degrees: number): number {
  const v = degrees;
  return (
    Z +
    (Z ** 3 + Z) / (4 * v) +
    (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / (96 * v ** 2) +
    (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / (384 * v ** 3) +
    (79 * Z ** 9 + 776 * Z ** 7 + 1_482 * Z ** 5 - 1_920 * Z ** 3 - 945 * Z) / (92_160 * v ** 4)
  );
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

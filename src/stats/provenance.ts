import type { DayCounts } from '../core/tally.ts';
import type { Period, Provenance } from './figures.ts';

/** When and from what figures were computed. */
export function provenanceOf(
  tallies: readonly (DayCounts & { readonly platform: string })[],
  {
    period,
    computedAt,
    practice,
  }: { readonly period: Period; readonly computedAt: number; readonly practice: boolean },
): Provenance {
  const readers = new Map<string, { oldest: number; newest: number }>();
  let [checks, firstAt, lastAt] = [0, Infinity, -Infinity];
  for (const { platform, outcomes, softBlocked, others, firstAt: first, lastAt: last, readers: of } of tallies) {
    const counted = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    // Plans that led to no check are among the outcomes, and are no checks.
    checks += counted + softBlocked + others - (outcomes.missed ?? 0) - (outcomes.skipped ?? 0);
    firstAt = Math.min(firstAt, first ?? Infinity);
    lastAt = Math.max(lastAt, last ?? -Infinity);
    if (of === null) continue;
    const known = readers.get(platform) ?? of;
    readers.set(platform, { oldest: Math.min(known.oldest, of.oldest), newest: Math.max(known.newest, of.newest) });
  }
  return {
    period,
    computedAt,
    checks,
    firstAt: Number.isFinite(firstAt) ? firstAt : null,
    lastAt: Number.isFinite(lastAt) ? lastAt : null,
    readers: [...readers].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([platform, of]) => ({ platform, ...of })),
    practice,
  };
}

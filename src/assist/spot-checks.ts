import { drawn } from '../core/drawn.ts';
import type { SpotCandidate } from '../store/contract.ts';

/**
 * One in N automatic "no"s is shown to people for a look of their own: a paired sample that says how far the monitor can be trusted
 * (statistics S13). Which ones is drawn from the seed and the check's number: nobody chooses, neither we nor those who look.
 */

/** A pair says little when the page was looked at much later. */
export const SPOT_WITHIN_MS = 30 * 60_000;

/** None for `oneIn` 0. */
export function spotsOf(candidates: readonly SpotCandidate[], { seed, oneIn }: { seed: string; oneIn: number }) {
  if (oneIn === 0) return [];
  return candidates.filter(({ checkId }) => drawn(seed, 'spot', checkId) < 1 / oneIn);
}

import { agrees, type LookPair } from '../core/agreement.ts';
import { LocalTime, PARIS } from '../core/local-time.ts';
import { proportion } from './measured.ts';
import type { Agreement } from './results.ts';

/** S13, of pairs as `core/agreement.ts` makes them. Disagreements in the order of time. */
export function agreement(pairs: readonly LookPair[], paris = new LocalTime(PARIS)): Agreement {
  const disagreements = pairs
    .filter((pair) => !agrees(pair))
    .toSorted(({ other: a }, { other: b }) => a.at - b.at || (a.targetId < b.targetId ? -1 : 1))
    .map(({ own, other }) => ({
      targetId: other.targetId,
      day: paris.dayOf(other.at),
      ours: own.outcome,
      theirs: other.outcome,
      by: other.by,
    }));
  const { share } = proportion(pairs.length - disagreements.length, pairs.length);
  return { pairs: pairs.length, share, disagreements };
}

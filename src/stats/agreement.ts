import { LocalTime, PARIS } from '../core/local-time.ts';
import type { Look } from '../core/tally.ts';
import type { Agreement } from './results.ts';

/** S13: do two who looked at about the same time agree on slots? */

/** Slots come and go: what lies further apart is no contradiction. */
const AGREE_WITHIN_MS = 15 * 60_000;

/** Each look of `theirs` beside the nearest of `ours`. Only yes, no and suspended are compared: a gate is no opinion. */
export function agreement(ours: readonly Look[], theirs: readonly Look[], paris = new LocalTime(PARIS)): Agreement {
  const ownByTarget = Map.groupBy(ours.filter(isAnswer), ({ targetId }) => targetId);
  const pairs = theirs.filter(isAnswer).flatMap((look) => {
    const near = nearest(ownByTarget.get(look.targetId) ?? [], look.at);
    return near === null ? [] : [{ look, own: near }];
  });
  const disagreements = pairs
    .filter(({ look, own }) => (look.outcome === 'slots') !== (own.outcome === 'slots'))
    .toSorted((a, b) => a.look.at - b.look.at || (a.look.targetId < b.look.targetId ? -1 : 1))
    .map(({ look, own }) => ({
      targetId: look.targetId,
      day: paris.dayOf(look.at),
      ours: own.outcome,
      theirs: look.outcome,
      by: look.by,
    }));
  const share = pairs.length === 0 ? null : (pairs.length - disagreements.length) / pairs.length;
  return { pairs: pairs.length, share, disagreements };
}

function isAnswer({ outcome }: Look): boolean {
  return outcome === 'slots' || outcome === 'no_slots' || outcome === 'suspended';
}

function nearest(looks: readonly Look[], at: number): Look | null {
  let best: Look | null = null;
  for (const look of looks) {
    const distance = Math.abs(look.at - at);
    if (distance <= AGREE_WITHIN_MS && (best === null || distance < Math.abs(best.at - at))) best = look;
  }
  return best;
}

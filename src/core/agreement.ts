import type { Outcome } from './outcome.ts';

/**
 * S13: do two who looked at about the same time agree on slots? A person's word is set beside the automatic reading that it was
 * asked about (a spot check), else beside the nearest one of the target; another vantage point's reading beside the nearest of ours.
 */

/** Slots come and go: what lies further apart is no contradiction. */
export const AGREE_WITHIN_MS = 15 * 60_000;

/** One believed answer on slots. */
export interface Look {
  readonly checkId: number;
  readonly targetId: string;
  readonly at: number;
  readonly outcome: Outcome;
  /** A vantage point, or `person`. */
  readonly by: string;
  /** The check that a person was asked about; null when they reported of themselves, and for what the monitor read. */
  readonly pairedCheckId: number | null;
}

export interface LookPair {
  readonly own: Look;
  readonly other: Look;
}

/** Only these say something of slots: a gate or a fault is no opinion. */
export const ANSWERS = ['slots', 'no_slots', 'suspended'] as const satisfies readonly Outcome[];

/** Slots, or none: "closed" and "none left" are no contradiction. */
export function agrees({ own, other }: LookPair): boolean {
  return (own.outcome === 'slots') === (other.outcome === 'slots');
}

/** In the order of `others`; those that have nothing to be compared with are left out. */
export function pairLooks(ours: readonly Look[], others: readonly Look[]): LookPair[] {
  const byTarget = Map.groupBy(ours, ({ targetId }) => targetId);
  return others.flatMap((other) => {
    const own = partnerOf(other, byTarget.get(other.targetId) ?? []);
    return own === null ? [] : [{ own, other }];
  });
}

/** The pair of a spot check holds however long the person took; of equally near ones, the earlier. */
function partnerOf(other: Look, ours: readonly Look[]): Look | null {
  let nearest: Look | null = null;
  for (const look of ours) {
    if (look.checkId === other.pairedCheckId) return look;
    const distance = Math.abs(look.at - other.at);
    if (distance > AGREE_WITHIN_MS) continue;
    if (nearest === null || distance < Math.abs(nearest.at - other.at)) nearest = look;
  }
  return nearest;
}

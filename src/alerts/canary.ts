import type { Notice } from '../core/notice.ts';
import type { ClaimedMessage, DeliveryCount, StoredSubscription } from '../store/contract.ts';

/**
 * A message a day that says nothing happened: its absence says that messages do not leave. One notice for all who asked for
 * canaries, and so one through every channel that has such a recipient; and the measure S14 of alert latency taken from it.
 */

const PARIS_DAY = { timeZone: 'Europe/Paris', dateStyle: 'short' } as const;
const PARIS_CLOCK = { timeZone: 'Europe/Paris', timeStyle: 'short' } as const;
/** Late enough to wake nobody, early enough to leave the working day for a repair. */
const AT = '09:00';

/**
 * The canary of the day, once it is nine in Paris and somebody asked for it. `lastDay` is the day of the last one that this
 * process told, null for none; a second notice of one key is left out by the store, so a restart repeats nothing.
 */
export function canariesDue(
  subscriptions: readonly Pick<StoredSubscription, 'kinds' | 'state'>[],
  lastDay: string | null,
  now: number,
): Notice[] {
  const day = canaryDay(now);
  if (day === lastDay || wall(now, PARIS_CLOCK) < AT) return [];
  if (!subscriptions.some(({ kinds, state }) => state === 'active' && kinds.includes('canary'))) return [];
  return [canaryNotice(`canary/${day}`, now)];
}

/** The date in Paris, `YYYY-MM-DD`. */
export function canaryDay(now: number): string {
  return wall(now, PARIS_DAY);
}

export function canaryNotice(key: string, at: number): Notice {
  return { kind: 'canary', key, at, place: null, episode: null, event: null };
}

/** Swedish is the locale that writes `YYYY-MM-DD` and `HH:MM`. */
function wall(at: number, format: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat('sv-SE', format).format(at);
}

/** S14, first half: canaries that ended, by channel. Those that are still tried are in neither number. */
export interface CanaryShare {
  readonly channel: string;
  readonly accepted: number;
  readonly refused: number;
  /** accepted / (accepted + refused). */
  readonly share: number;
}

export function canaryShares(counts: readonly DeliveryCount[]): CanaryShare[] {
  const canaries = counts.filter(({ kind, result }) => kind === 'canary' && (result === 'sent' || result === 'dead'));
  const channels = Map.groupBy(canaries, ({ channel }) => channel);
  return [...channels].map(([channel, rows]) => {
    const countOf = (wanted: string): number =>
      rows.reduce((sum, { result, count }) => sum + (result === wanted ? count : 0), 0);
    const [accepted, refused] = [countOf('sent'), countOf('dead')];
    return { channel, accepted, refused, share: accepted / (accepted + refused) };
  });
}

/** Milliseconds from each canary of an accepted message to its acceptance. Quiet hours and digests are no delay of ours. */
export function canaryDelays({ subscription, notices }: ClaimedMessage, acceptedAt: number): number[] {
  if (subscription.quiet !== null || subscription.digestAt !== null) return [];
  return notices.filter(({ kind }) => kind === 'canary').map(({ at }) => Math.max(0, acceptedAt - at));
}

/** S14, second half. By nearest rank: both are delays that happened. Null when there is none. */
export function delayMeasure(
  delaysMs: readonly number[],
): { readonly n: number; readonly medianMs: number; readonly p95Ms: number } | null {
  const ordered = delaysMs.toSorted((a, b) => a - b);
  const rank = (share: number): number | undefined => ordered[Math.ceil(share * ordered.length) - 1];
  const [medianMs, p95Ms] = [rank(0.5), rank(0.95)];
  return medianMs === undefined || p95Ms === undefined ? null : { n: ordered.length, medianMs, p95Ms };
}

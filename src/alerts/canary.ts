import type { Notice } from '../core/notice.ts';
import type { ClaimedMessage, StoredSubscription } from '../store/contract.ts';

/**
 * A message a day that says nothing happened: its absence says that messages do not leave. One notice for all who asked for
 * canaries, and so one through every channel that has such a recipient. Its delays are a measure of S14, see `stats/latency.ts`.
 */

const PARIS_DAY = { timeZone: 'Europe/Paris', dateStyle: 'short' } as const;
const PARIS_CLOCK = { timeZone: 'Europe/Paris', timeStyle: 'short' } as const;
/** Late enough to wake nobody, early enough to leave the working day for a repair. */
const AT = '09:00';

/** Keys of the daily ones begin with it; those of tests do not. */
export const CANARIES = 'canary/2';

export interface CanaryPast {
  /** Day of the last one that was ever told; null for none. */
  readonly lastDay: string | null;
  /** When this monitor was started. */
  readonly startedAt: number;
}

/**
 * The canary of the day, once it is nine in Paris and somebody asked for it. A monitor that ran before and was away at nine tells
 * it late; one that is started for the first time waits for the next nine: a first start is no morning. A second notice of one
 * key is left out by the store, so a restart repeats nothing.
 */
export function canariesDue(
  subscriptions: readonly Pick<StoredSubscription, 'kinds' | 'state'>[],
  { lastDay, startedAt }: CanaryPast,
  now: number,
): Notice[] {
  const day = canaryDay(now);
  if (day === lastDay || wall(now, PARIS_CLOCK) < AT) return [];
  const wasThereAtNine = canaryDay(startedAt) !== day || wall(startedAt, PARIS_CLOCK) <= AT;
  if (lastDay === null && !wasThereAtNine) return [];
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

/** Milliseconds from each canary of an accepted message to its acceptance. Quiet hours and digests are no delay of ours. */
export function canaryDelays({ subscription, notices }: ClaimedMessage, acceptedAt: number): number[] {
  if (subscription.quiet !== null || subscription.digestAt !== null) return [];
  return notices.filter(({ kind }) => kind === 'canary').map(({ at }) => Math.max(0, acceptedAt - at));
}

import type { AcceptedNotice, EndedCount } from '../core/tally.ts';
import { nearestRank } from './quantiles.ts';
import { proportion } from './measured.ts';
import type { AlertLatency } from './results.ts';

/** S14: from the observation to the acceptance by the channel, and the success of test messages. */

export function alertLatency(ended: readonly EndedCount[], accepted: readonly AcceptedNotice[]): AlertLatency[] {
  const channels = new Set([...ended, ...accepted].map(({ channel }) => channel));
  return [...channels].toSorted().map((channel) => {
    const delays = accepted
      .filter((notice) => notice.channel === channel && notice.kind !== 'canary')
      .map(({ observedAt, acceptedAt }) => Math.max(0, acceptedAt - observedAt));
    const measure = delayMeasure(delays);
    return {
      channel,
      accepted: delays.length,
      medianMs: measure?.medianMs ?? null,
      p95Ms: measure?.p95Ms ?? null,
      tests: canaryShare(ended.filter((count) => count.channel === channel)),
    };
  });
}

/** Canaries that ended; those that are still tried, and those that expired, are in neither number. */
function canaryShare(counts: readonly EndedCount[]): AlertLatency['tests'] {
  const countOf = (wanted: string): number =>
    counts.reduce((sum, { kind, result, count }) => sum + (kind === 'canary' && result === wanted ? count : 0), 0);
  return proportion(countOf('sent'), countOf('sent') + countOf('dead'));
}

/** By nearest rank: both are delays that happened. Null when there is none. */
export function delayMeasure(
  delaysMs: readonly number[],
): { readonly n: number; readonly medianMs: number; readonly p95Ms: number } | null {
  const [medianMs, p95Ms] = [nearestRank(delaysMs, 0.5), nearestRank(delaysMs, 0.95)];
  return medianMs === null || p95Ms === null ? null : { n: delaysMs.length, medianMs, p95Ms };
}

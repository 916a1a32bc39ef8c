import type { Shot } from '../core/capture.ts';
import type { BreakerState } from '../core/host.ts';
import type { Outcome } from '../core/outcome.ts';
import { hostOf } from '../core/target.ts';
import type { Store } from '../store/contract.ts';
import { breakerAfter, type BreakerSignal } from './politeness.ts';

/** How a walk ended, for the breakers of its hosts. */
export interface WalkEnd {
  readonly shots: readonly Shot[];
  readonly outcome: Outcome;
  readonly expectsCaptcha: boolean;
  /** The target's host, and the one that was asked last. */
  readonly own: string;
  readonly last: string;
}

/** What the last page says is its host's; the target's own host was reached where the walk went on from a page of it. */
function signalsOf({ shots, outcome, expectsCaptcha, own, last }: WalkEnd): ReadonlyMap<string, BreakerSignal> {
  const page = shots.at(-1)?.capture;
  const retryAfter = page?.headers['retry-after'] ?? '';
  const signal = { outcome, status: page?.status ?? null, retryAfter, expectsCaptcha };
  if (last === own) return new Map([[own, signal]]);
  const left = shots.findLast(({ capture }) => capture.failure === null && hostOf(capture.finalUrl) === own)?.capture;
  const reached = { outcome: 'operational' as const, status: left?.status ?? null, retryAfter: '', expectsCaptcha };
  return new Map([
    [own, reached],
    [last, signal],
  ]);
}

/** The breakers that a walk changed, by host. */
export async function breakersAfter(
  end: WalkEnd,
  store: Pick<Store, 'hostState'>,
  now: number,
): Promise<ReadonlyMap<string, BreakerState>> {
  const changed = new Map<string, BreakerState>();
  for (const [host, signal] of signalsOf(end)) {
    const { breaker } = await store.hostState(host, now);
    const next = breakerAfter(breaker, signal, now);
    if (next !== breaker) changed.set(host, next);
  }
  return changed;
}

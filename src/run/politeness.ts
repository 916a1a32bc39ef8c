import { CLOSED_BREAKER, type Admission, type BreakerState, type HostState } from '../core/host.ts';
import type { Outcome } from '../core/outcome.ts';

/** Floors of conduct C6: no setting goes below them. */
export const FLOORS = {
  targetSpacingMs: 180_000,
  hostSpacingMs: 20_000,
  checksPerHostAndHour: 180,
} as const;

export interface PolitenessRules {
  readonly targetSpacingMs: number;
  readonly hostSpacingMs: number;
  readonly checksPerHostAndHour: number;
}

/** No spacing, no budget: for loopback replicas only. One check at a time a host holds there too. */
export const PRACTICE_RULES: PolitenessRules = { targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: Infinity };

/** Raises whatever is below a floor to the floor. */
export function withinFloors(rules: PolitenessRules): PolitenessRules {
  return {
    targetSpacingMs: Math.max(rules.targetSpacingMs, FLOORS.targetSpacingMs),
    hostSpacingMs: Math.max(rules.hostSpacingMs, FLOORS.hostSpacingMs),
    checksPerHostAndHour: Math.min(rules.checksPerHostAndHour, FLOORS.checksPerHostAndHour),
  };
}

/** Whether a check of a target may load its first page now. Pure: the caller holds what it says in one transaction. */
export function admit(rules: PolitenessRules, host: HostState, lastCheckOfTargetAt: number, now: number): Admission {
  if (host.breaker.openUntil > now) return { kind: 'skip', reason: `breaker: ${host.breaker.reason}` };
  if (host.checksInLastHour >= rules.checksPerHostAndHour) return { kind: 'skip', reason: 'budget of the host' };
  if (host.leasedUntil > now)
    return { kind: 'wait', until: host.leasedUntil, reason: 'another check is on this host', isLeased: true };
  const targetFreeAt = lastCheckOfTargetAt + rules.targetSpacingMs;
  const hostFreeAt = host.lastLoadAt + rules.hostSpacingMs;
  const until = Math.max(targetFreeAt, hostFreeAt);
  if (until <= now) return { kind: 'go' };
  return { kind: 'wait', until, reason: targetFreeAt > hostFreeAt ? 'spacing of the target' : 'spacing of the host' };
}

const FIRST_PAUSE_MS = 15 * 60_000;
const LONGEST_PAUSE_MS = 24 * 3_600_000;
const BURST_OF_FAULTS = 3;
/** A server that asks for longer than this has made a mistake; a person looks at a month of silence anyway. */
const LONGEST_RETRY_AFTER_MS = 31 * 86_400_000;

/** What of a check concerns the breaker of its host. */
export interface BreakerSignal {
  readonly outcome: Outcome;
  readonly status: number | null;
  /** The `Retry-After` header as sent; '' when there was none. */
  readonly retryAfter: string;
  /** The platform always asks for a captcha: seeing one is no news. */
  readonly expectsCaptcha: boolean;
}

/**
 * Conduct C8: 429, 403, a new captcha or a burst of 5xx pauses the host, doubling from 15 minutes to 24 hours; `Retry-After`
 * is honoured when it is longer. A page that was reached again closes the breaker.
 */
export function breakerAfter(breaker: BreakerState, signal: BreakerSignal, now: number): BreakerState {
  const isFault = signal.status !== null && signal.status >= 500;
  const faults = isFault ? breaker.faults + 1 : 0;
  const reason = tripReason(signal, faults);
  if (reason === null) {
    const isUntouched = ['skipped', 'missed', 'robots', 'network_down', 'monitor_error'].includes(signal.outcome);
    const isBad = isFault || signal.outcome === 'timeout' || signal.outcome === 'unreachable';
    if (isUntouched || signal.status === null) return breaker;
    return isBad ? { ...breaker, faults } : CLOSED_BREAKER;
  }
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** breaker.level, LONGEST_PAUSE_MS);
  const asked = retryAfterMs(signal.retryAfter, now);
  return { level: breaker.level + 1, openUntil: now + Math.max(pause, asked), reason, faults: 0 };
}

function tripReason(signal: BreakerSignal, faults: number): string | null {
  if (signal.outcome === 'rate_limited') return 'asked to slow down';
  if (signal.outcome === 'denied') return 'access denied';
  if (signal.outcome === 'captcha' && !signal.expectsCaptcha) return 'a new captcha';
  if (faults >= BURST_OF_FAULTS) return `${faults} server errors in a row`;
  // A server that names its time is obeyed, whatever else its answer is.
  return signal.retryAfter !== '' && signal.status !== null && signal.status >= 400 ? 'asked to come back later' : null;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) to milliseconds from now; 0 when it is neither. */
function retryAfterMs(value: string, now: number): number {
  const asked = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(asked) ? 0 : Math.min(Math.max(0, asked), LONGEST_RETRY_AFTER_MS);
}

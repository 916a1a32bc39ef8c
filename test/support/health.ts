import type { Health } from '../../src/alerts/troubles.ts';
import { START } from './checks.ts';

const MINUTE = 60_000;

/** A monitor that is well, changed where a test wants it. */
export function healthOf(change: Partial<Health> = {}): Health {
  return {
    at: START,
    lastFinishedAt: START - MINUTE,
    oldestDueAt: null,
    lastHour: { done: 10, skipped: 0, missed: 0, reason: '' },
    breakers: [],
    isNetworkUp: true,
    clockOffsetMs: 0,
    freeBytes: 10_000_000_000,
    freeShare: 0.5,
    browserRestartsInLastHour: 3,
    outbox: [],
    ...change,
  };
}

import type { Check } from '../core/check.ts';
import type { Before } from '../core/follow-up.ts';

/** A slot that is still there after this long was no flicker of the page. */
const CONFIRM_AFTER_MS = 60_000;

/**
 * When a first `slots` is to be looked at again: at least a minute after it and never closer than the target's spacing.
 * Null when the check is none that is confirmed, or when a scheduled check comes about then and confirms as well.
 */
export function confirmationAt(before: Before, check: Check, spacingMs: number): number | null {
  if (check.mode !== 'scheduled' || check.reading.outcome !== 'slots' || before.previous === 'slots') return null;
  const earliest = check.finishedAt + CONFIRM_AFTER_MS;
  const confirmAt = check.finishedAt + Math.max(CONFIRM_AFTER_MS, spacingMs);
  const confirms = (plannedAt: number): boolean => {
    const visitedAt = Math.max(plannedAt, check.finishedAt + spacingMs);
    return visitedAt >= earliest && visitedAt <= confirmAt + spacingMs;
  };
  return before.plannedAt.some(confirms) ? null : confirmAt;
}

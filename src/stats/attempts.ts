import { isoWeekOf, LocalTime, PARIS } from '../core/local-time.ts';
import { groupOf } from '../core/outcome.ts';
import type { StatCheck } from '../core/tally.ts';
import type { AttemptProfile } from './results.ts';
import { inOrder, pairsOf } from './visits.ts';

/**
 * S2: every time the monitor looked, also where a gate or a fault was all there was. What it did not look at (skipped, missed,
 * own failures) is no attempt. Days and weeks are those of Paris, hours those of the place.
 */
export function attemptProfile(checks: readonly StatCheck[], place: LocalTime): AttemptProfile {
  const paris = new LocalTime(PARIS);
  const looks = inOrder(checks.filter(isAttempt));
  const days = new Set(looks.map(({ at }) => paris.dayOf(at)));
  const byHour = Array.from({ length: 24 }, () => 0);
  for (const { at } of looks) {
    const hour = place.hourOf(at);
    byHour[hour] = (byHour[hour] ?? 0) + 1;
  }
  let longestGapMs: number | null = null;
  for (const [before, after] of pairsOf(looks)) {
    longestGapMs = Math.max(longestGapMs ?? 0, after.at - before.at);
  }
  return {
    checks: looks.length,
    days: days.size,
    weeks: new Set([...days].map(isoWeekOf)).size,
    firstAt: looks[0]?.at ?? null,
    lastAt: looks.at(-1)?.at ?? null,
    byHour,
    zone: place.zone,
    longestGapMs,
  };
}

function isAttempt({ outcome, isReported }: StatCheck): boolean {
  if (isReported || outcome === 'robots') return false;
  return groupOf(outcome) !== 'unmeasured' || outcome === 'unknown_page' || outcome === 'ambiguous';
}

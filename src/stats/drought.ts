import { daysIn, LocalTime, PARIS } from '../core/local-time.ts';
import { longestBreak } from '../core/standing.ts';
import type { StatCheck } from '../core/tally.ts';
import type { Drought, PublicDrought } from './results.ts';
import { answersOnSlots } from './visits.ts';

/**
 * S6: runs of consecutive observed checks without slots, oldest first. To be worded "no slot was seen in N checks between … and …
 * (longest time without a check: …)", never "no slot was opened".
 */
export function droughts(
  checks: readonly StatCheck[],
  { intervalMs, now }: { readonly intervalMs: number; readonly now: number },
): Drought[] {
  const breakMs = longestBreak(intervalMs);
  const runs: Drought[] = [];
  let previous: StatCheck | null = null;
  for (const check of answersOnSlots(checks)) {
    const isAfterGap = previous !== null && check.at - previous.at > breakMs;
    if (isAfterGap) endLast(runs, { by: 'gap', at: check.at });
    if (check.outcome === 'slots') endLast(runs, { by: 'slots', at: check.at });
    else if (!isLasting(runs.at(-1))) runs.push(begun(check, previous, isAfterGap));
    else grow(runs, check);
    previous = check;
  }
  const last = runs.at(-1);
  if (last !== undefined && now - last.lastAt > breakMs) endLast(runs, { by: 'gap', at: now });
  return runs;
}

function isLasting(run: Drought | undefined): boolean {
  return run?.ends.by === 'now';
}

function endLast(runs: Drought[], ends: Drought['ends']): void {
  const last = runs.at(-1);
  if (last !== undefined && isLasting(last)) runs[runs.length - 1] = { ...last, ends };
}

function grow(runs: Drought[], { at }: StatCheck): void {
  const last = runs.at(-1);
  if (last === undefined) return;
  const longestGapMs = Math.max(last.longestGapMs, at - last.lastAt);
  runs[runs.length - 1] = { ...last, checks: last.checks + 1, lastAt: at, longestGapMs };
}

function begun({ at }: StatCheck, previous: StatCheck | null, isAfterGap: boolean): Drought {
  const begins: Drought['begins'] =
    previous === null ? { by: 'start' } : { by: isAfterGap ? 'gap' : 'slots', at: previous.at };
  return { checks: 1, firstAt: at, lastAt: at, longestGapMs: 0, begins, ends: { by: 'now' } };
}

/** The longest by time between its first and last check; of equals the latest. Null for none. */
export function longestDrought(runs: readonly Drought[]): Drought | null {
  return runs.reduce<Drought | null>(
    (longest, run) => (longest === null || span(run) >= span(longest) ? run : longest),
    null,
  );
}

/** The run that lasts; null when the last answer was slots, or is too old to speak for now. */
export function currentDrought(runs: readonly Drought[]): Drought | null {
  const last = runs.at(-1);
  return last !== undefined && isLasting(last) ? last : null;
}

function span({ firstAt, lastAt }: Drought): number {
  return lastAt - firstAt;
}

/** As days (C13): the end of a drought is the time of a release. */
export function publicDrought(run: Drought | null, paris = new LocalTime(PARIS)): PublicDrought | null {
  if (run === null) return null;
  const [firstDay, lastDay] = [paris.dayOf(run.firstAt), paris.dayOf(run.lastAt)];
  return {
    checks: run.checks,
    firstDay,
    lastDay,
    spanDays: daysIn({ from: firstDay, to: lastDay }),
    longestGapMs: run.longestGapMs,
    begins: run.begins.by,
    ends: run.ends.by,
  };
}

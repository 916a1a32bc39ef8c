import type { Event } from '../core/event.ts';
import type { Decide, Decision } from '../core/follow-up.ts';
import { confirmationAt } from './confirmation.ts';
import { softBlockAfter } from './soft-block.ts';
import { drift, linksChanged, moved, unknownStreak } from './surprises.ts';

const NOTHING: Decision = { events: [], softBlock: null, confirmAt: null };

/**
 * What follows from a check, whatever it is. `spacingMs`: the least time between two checks of a target; without it nothing
 * is confirmed. Pure: what was known is given, what follows is returned.
 */
export function followUps(options: { readonly spacingMs?: number } = {}): Decide {
  return (before, check) => {
    if (check.loads === 0) return NOTHING;
    const { event, softBlock } = softBlockAfter(before.host, check);
    const events = [
      drift(before, check),
      moved(before, check),
      linksChanged(before, check),
      unknownStreak(before, check),
      event,
    ].filter((found): found is Event => found !== null);
    const { spacingMs } = options;
    return { events, softBlock, confirmAt: spacingMs === undefined ? null : confirmationAt(before, check, spacingMs) };
  };
}

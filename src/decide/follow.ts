import type { Event } from '../core/event.ts';
import { step, type EpisodeRules } from '../core/episode.ts';
import type { Before, Decide, Decision } from '../core/follow-up.ts';
import { confirmationAt } from './confirmation.ts';
import { noticesOf, operatorNotices, sightingOf, type NoticeWorld } from './notices.ts';
import { softBlockAfter } from './soft-block.ts';
import { drift, linksChanged, moved, unknownStreak } from './surprises.ts';

export interface FollowOptions extends Partial<NoticeWorld> {
  /** The least time between two checks of a target; without it nothing is confirmed. */
  readonly spacingMs?: number;
  readonly episodes?: EpisodeRules;
}

/** What follows from a check, whatever it is. Pure: what was known is given, what follows is returned. */
export function followUps(options: FollowOptions = {}): Decide {
  const { spacingMs, targets = new Map(), isService = () => false } = options;
  const world = { targets, isService };
  return (before, check) => {
    if (check.loads === 0) return nothing(before);
    const { event, softBlock } = softBlockAfter(before.host, check);
    const events = [
      drift(before, check),
      moved(before, check),
      linksChanged(before, check),
      unknownStreak(before, check),
      event,
    ].filter((found): found is Event => found !== null);
    const episodes = step(before.episodes, sightingOf(check), options.episodes);
    return {
      events,
      softBlock,
      confirmAt: spacingMs === undefined ? null : confirmationAt(before, check, spacingMs),
      episodes,
      notices: [...noticesOf(check, episodes, world), ...operatorNotices(events, check, world)],
    };
  };
}

function nothing({ episodes }: Before): Decision {
  return { events: [], softBlock: null, confirmAt: null, episodes: { state: episodes, touched: [] }, notices: [] };
}

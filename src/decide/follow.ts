import {
  EPISODE_RULES,
  countsAsSighting,
  sightingOf,
  step,
  type EpisodeRules,
  type Folding,
  type Step,
} from '../core/episode.ts';
import type { Check } from '../core/check.ts';
import type { Event } from '../core/event.ts';
import type { Before, Decide, Decision } from '../core/follow-up.ts';
import { longestBreak } from '../core/standing.ts';
import type { Target } from '../core/target.ts';
import { confirmationAt } from './confirmation.ts';
import { noticesOf, operatorNotices, type NoticeWorld } from './notices.ts';
import { softBlockAfter } from './soft-block.ts';
import { drift, linksChanged, moved, unknownStreak } from './surprises.ts';

export interface FollowOptions extends Partial<NoticeWorld> {
  /** The least time between two checks of a target; without it nothing is confirmed. */
  readonly spacingMs?: number;
  readonly episodes?: EpisodeRules;
}

/** What follows from a check, whatever it is. Pure: what was known is given, what follows is returned. */
export function followUps(options: FollowOptions = {}): Decide {
  const {
    spacingMs,
    targets = new Map<string, Target>(),
    isService = () => false,
    gatesOf = () => [],
    episodes: rules,
  } = options;
  const world = { targets, isService, gatesOf };
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
    // The "no" that marks a host is the first that is not believed.
    const isMarked = before.host.isMarked || (softBlock !== null && 'fromAt' in softBlock);
    const folding = foldingOf(before, { rules, gates: gatesOf(check.platform) });
    const isControl = targets.get(check.targetId)?.control ?? false;
    const episodes = countsAsSighting({ mode: check.mode, isControl })
      ? folded(before, check, { folding, isBelieved: !(isMarked && check.reading.outcome === 'no_slots') })
      : { state: { ...before.episodes, folding }, touched: [] };
    return {
      events,
      softBlock,
      confirmAt: spacingMs === undefined ? null : confirmationAt(before, check, spacingMs),
      episodes,
      notices: [...noticesOf(before, check, episodes, world), ...operatorNotices(events, check, world)],
    };
  };
}

function foldingOf(
  { intervalMs }: Before,
  { rules = EPISODE_RULES, gates }: { readonly rules: EpisodeRules | undefined; readonly gates: Folding['gates'] },
): Folding {
  return { ...rules, breakMs: longestBreak(intervalMs), gates };
}

function folded(
  before: Before,
  { reading, observedAt, finishedAt }: Check,
  { folding, isBelieved }: { readonly folding: Folding; readonly isBelieved: boolean },
): Step {
  const { outcome, facets } = reading;
  const seen = { checkId: 0, at: observedAt ?? finishedAt, outcome, firstDate: facets.firstDate ?? null, isBelieved };
  return step(before.episodes, sightingOf(seen, folding.gates), folding);
}

function nothing({ episodes }: Before): Decision {
  return { events: [], softBlock: null, confirmAt: null, episodes: { state: episodes, touched: [] }, notices: [] };
}

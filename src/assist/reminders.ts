import type { HelpFacts } from '../core/invitation.ts';
import { placeOf, type Notice } from '../core/notice.ts';
import type { Target } from '../core/target.ts';
import { openWindow, type InstantRules } from './instants.ts';

/**
 * What people who asked for it are nudged with: a random instant of a target has come and nobody has read it yet. The key names
 * target and instant, so each is told once; what quiet hours hold back beyond the window is told no more.
 */
export function remindersDue(
  facts: readonly HelpFacts[],
  targets: ReadonlyMap<string, Target>,
  { instants, now }: { readonly instants: InstantRules; readonly now: number },
): Notice[] {
  return facts.flatMap(({ targetId, lastAutomatic, answeredAt }) => {
    const target = targets.get(targetId);
    if (target === undefined || lastAutomatic !== 'captcha') return [];
    const window = openWindow(instants, targetId, now, answeredAt);
    if (window === null) return [];
    const { plannedAt, until } = window;
    const key = `due/${targetId}/${plannedAt}`;
    return [{ kind: 'due', key, at: plannedAt, place: placeOf(target), episode: null, event: null, until }];
  });
}

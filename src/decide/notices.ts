import type { Check } from '../core/check.ts';
import type { Change, Episode, Sighting, Step } from '../core/episode.ts';
import { EVENT_KINDS, type Event } from '../core/event.ts';
import type { Notice, NoticeKind, Place } from '../core/notice.ts';
import type { Target } from '../core/target.ts';

/** What subscribers are told of a check. Pure; the key of a notice names what it tells, so nothing is told twice. */

export interface NoticeWorld {
  readonly targets: ReadonlyMap<string, Target>;
  /** Whether a platform's pages are what people need, and not a way to slots: only their outages are told. */
  readonly isService: (platform: string) => boolean;
}

/** How a visit enters the fold of episodes. */
export function sightingOf(check: Check, checkId = 0): Sighting {
  const { reading, observedAt, finishedAt } = check;
  return {
    checkId,
    at: observedAt ?? finishedAt,
    outcome: reading.outcome,
    firstDate: reading.facets.firstDate ?? null,
  };
}

export function noticesOf(check: Check, { touched }: Step, world: NoticeWorld): Notice[] {
  const target = world.targets.get(check.targetId);
  if (target === undefined) return [];
  const place = placeOf(target);
  return touched.flatMap(({ episode, change }) => {
    const kind = kindOf(episode, change);
    if (kind === null || (episode.kind === 'outage' && !world.isService(check.platform))) return [];
    const key = keyOf(kind, target.id, episode);
    return [{ kind, key, at: check.observedAt ?? check.finishedAt, place, episode, event: null }];
  });
}

/** The notice that the first sight of an opening made; null for a target that is not watched. */
export function openingNotice(
  targetId: string,
  episode: Episode,
  { targets }: Pick<NoticeWorld, 'targets'>,
): Notice | null {
  const target = targets.get(targetId);
  if (target === undefined) return null;
  const key = keyOf('slots', targetId, episode);
  return { kind: 'slots', key, at: episode.startedAt, place: placeOf(target), episode, event: null };
}

/** For the operator: the events that ask for a person. */
export function operatorNotices(events: readonly Event[], check: Check, world: NoticeWorld): Notice[] {
  const target = world.targets.get(check.targetId);
  return events
    .filter(({ kind }) => EVENT_KINDS[kind].asks)
    .map(({ kind, at, message, targetId, host }) => ({
      kind: 'operator',
      key: `operator/${kind}/${targetId ?? host ?? ''}/${at}`,
      at,
      place: target === undefined ? null : placeOf(target),
      episode: null,
      event: { kind, message },
    }));
}

function placeOf(target: Target): Place {
  const { id, platform, address, department, prefecture, procedure, label, practice } = target;
  return { id, platform, address, department, prefecture, procedure, label, practice };
}

function kindOf(episode: Episode, change: Change | null): NoticeKind | null {
  if (episode.kind === 'outage') return change === 'started' ? 'outage' : change === 'ended' ? 'recovered' : null;
  switch (change) {
    case 'started':
      return 'slots';
    case 'better':
      return 'better';
    case 'ended':
      return 'gone';
    // That it is confirmed is no news of its own: the next message says it.
    case 'confirmed':
    case null:
      return null;
    default:
      return change satisfies never;
  }
}

function keyOf(kind: NoticeKind, targetId: string, { startedAt, firstDate }: Episode): string {
  const state = `${kind}/${targetId}/${startedAt}`;
  return kind === 'better' ? `${state}/${firstDate ?? ''}` : state;
}

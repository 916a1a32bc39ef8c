import type { Check } from '../core/check.ts';
import type { Change, Episode, Step } from '../core/episode.ts';
import { EVENT_KINDS, type Event } from '../core/event.ts';
import type { Before } from '../core/follow-up.ts';
import { placeOf, type Notice, type NoticeKind } from '../core/notice.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Target } from '../core/target.ts';
import { eventWith, isOneService, isOver, spanOf, togetherWithin } from './service-events.ts';

/** What subscribers are told of a check. Pure; the key of a notice names what it tells, so nothing is told twice. */

export interface NoticeWorld {
  readonly targets: ReadonlyMap<string, Target>;
  /** Whether a platform's pages are what people need, and not a way to slots: only their outages are told. */
  readonly isService: (platform: string) => boolean;
  /** Gates that are no news on a platform: its doors answer by them. */
  readonly gatesOf: (platform: string) => readonly Outcome[];
}

export function noticesOf(before: Before, check: Check, { touched }: Step, world: NoticeWorld): Notice[] {
  const target = world.targets.get(check.targetId);
  if (target === undefined || target.control) return [];
  return touched.flatMap(({ episode, change }) => {
    if (episode.kind === 'outage') return outageNotice(before, { check, target, episode, change }, world);
    const kind = kindOf(change);
    if (kind === null) return [];
    const key = keyOf(kind, target.id, episode);
    const seenBy = check.mode === 'assisted' ? ({ seenBy: 'person' } as const) : {};
    return [{ kind, key, at: seenAt(check), place: placeOf(target), episode, event: null, ...seenBy }];
  });
}

interface Told {
  readonly check: Check;
  readonly target: Target;
  readonly episode: Episode;
  readonly change: Change | null;
}

/** One notice when a service begins to fail and one when all of it works again, whichever of its targets shows it. */
function outageNotice(before: Before, { check, target, episode, change }: Told, world: NoticeWorld): Notice[] {
  if (!world.isService(check.platform) || (change !== 'started' && change !== 'ended')) return [];
  const outage = { ...episode, targetId: target.id };
  const others = before.outages.filter(({ targetId, startedAt }) => {
    const other = world.targets.get(targetId);
    const isSame = targetId === target.id && startedAt === episode.startedAt;
    return !isSame && other !== undefined && isOneService(target, other);
  });
  const event = eventWith(outage, others, togetherWithin(before.intervalMs));
  const { first } = event;
  const place = placeOf(world.targets.get(first.targetId) ?? target);
  const seenBy = check.mode === 'assisted' ? ({ seenBy: 'person' } as const) : {};
  const told = { at: seenAt(check), place, event: null, ...seenBy };
  if (change === 'started') {
    return first === outage ? [{ kind: 'outage', key: keyOf('outage', target.id, episode), episode, ...told }] : [];
  }
  if (!isOver(event)) return [];
  const whole = { ...spanOf(event), endedAt: episode.endedAt };
  return [{ kind: 'recovered', key: keyOf('recovered', first.targetId, first), episode: whole, ...told }];
}

function seenAt({ observedAt, finishedAt }: Check): number {
  return observedAt ?? finishedAt;
}

/** The notice that the first sight of an opening made; null for a control, and for a target that is not watched. */
export function openingNotice(
  targetId: string,
  episode: Episode,
  { targets }: Pick<NoticeWorld, 'targets'>,
): Notice | null {
  const target = targets.get(targetId);
  if (target === undefined || target.control) return null;
  const key = keyOf('slots', targetId, episode);
  return { kind: 'slots', key, at: episode.startedAt, place: placeOf(target), episode, event: null };
}

/** For the operator: the events that ask for a person. */
export function operatorNotices(events: readonly Event[], check: Check, world: Pick<NoticeWorld, 'targets'>): Notice[] {
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

/** Of an opening. */
function kindOf(change: Change | null): NoticeKind | null {
  switch (change) {
    case 'started':
      return 'slots';
    case 'better':
      return 'better';
    case 'ended':
      return 'gone';
    // That it is confirmed is no news of its own: the next message says it. Nor is it that nobody can say any more.
    case 'confirmed':
    case 'lost':
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

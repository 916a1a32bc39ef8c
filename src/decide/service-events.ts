import type { Episode } from '../core/episode.ts';
import type { TargetOutage } from '../core/follow-up.ts';
import { hostOf, type Target } from '../core/target.ts';

/**
 * What happens to a service as a whole. Its targets are visited one by one, at random instants of their interval: a service that
 * fails is seen to fail target by target, and people are told once. Pure.
 */

/** Outages of one service that began within a short time, each while one before it lasted: the first is told, and the end of the last. */
export interface ServiceEvent {
  readonly first: TargetOutage;
  readonly outages: readonly TargetOutage[];
}

const AT_LEAST_MS = 3_600_000;

/** Targets seen to fail within this time fail together: in two intervals each of them was visited. */
export function togetherWithin(intervalMs: number): number {
  return Math.max(AT_LEAST_MS, 2 * intervalMs);
}

/**
 * Whether two targets are doors of one service: one platform, and one site of one body. Whoever wants to hear of one must want to
 * hear of the other too, or they would be told by a message that does not reach them.
 */
export function isOneService(one: Target, other: Target): boolean {
  return (
    one.platform === other.platform &&
    one.department === other.department &&
    one.procedure === other.procedure &&
    siteOf(one.address) === siteOf(other.address)
  );
}

/** `interieur.gouv.fr` of both `administration-etrangers-en-france.interieur.gouv.fr` and `sso.anef.dgef.interieur.gouv.fr`. */
function siteOf(address: string): string {
  const host = hostOf(address);
  const labels = new URL(address).hostname.split('.');
  if (/^[\d.]+$|:/.test(labels.join('.'))) return host;
  return labels.slice(host.endsWith('.gouv.fr') ? -3 : -2).join('.');
}

/** The event that an outage is part of. `others`: outages of the same service, in any order, without this one. */
export function eventWith(outage: TargetOutage, others: readonly TargetOutage[], withinMs: number): ServiceEvent {
  // In the order in which they were told.
  const all = [...others, outage].toSorted((a, b) => toldAt(a) - toldAt(b) || (a.targetId < b.targetId ? -1 : 1));
  let events: readonly ServiceEvent[] = [];
  for (const next of all) {
    const event = events.find((known) => isPart(next, known, withinMs));
    events =
      event === undefined
        ? [...events, { first: next, outages: [next] }]
        : events.map((known) => (known === event ? { ...known, outages: [...known.outages, next] } : known));
  }
  return events.find(({ outages }) => outages.includes(outage)) ?? { first: outage, outages: [outage] };
}

/** People who were told that a service works again have to be told when it fails anew. */
function isPart(next: TargetOutage, { first, outages }: ServiceEvent, withinMs: number): boolean {
  const isNear = Math.abs(next.startedAt - first.startedAt) <= withinMs;
  return isNear && outages.some((known) => overAt(known) > toldAt(next));
}

function toldAt({ confirmedAt, startedAt }: Episode): number {
  return confirmedAt ?? startedAt;
}

function overAt({ endedAt, lostAt }: Episode): number {
  return endedAt ?? lostAt ?? Infinity;
}

/** The whole event as one outage, bounded by its first and its last sightings. */
export function spanOf({ first, outages }: ServiceEvent): Episode {
  const { targetId: _first, lostAt: _lost, ...episode } = first;
  return { ...episode, lastAt: Math.max(...outages.map(({ lastAt }) => lastAt)) };
}

export function isOver({ outages }: ServiceEvent): boolean {
  return outages.every((outage) => overAt(outage) < Infinity);
}

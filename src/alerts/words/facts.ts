import type { Incident } from '../../core/incident.ts';
import type { Notice } from '../../core/notice.ts';
import { GROUPS, type Outcome } from '../../core/outcome.ts';
import { clean } from './fitting.ts';
import type { IncidentFacts } from './incidents.ts';
import { durationOf, momentOf, offeredDay, wallIn, type Moment } from './moments.ts';
import { localClock } from '../../core/overseas.ts';
import type { Facts, Fault, Telling, Words } from './words.ts';

/** What is read of an operator's message: it is cut much shorter, and a huge one must not cost time. */
const READ_UNITS = 2_000;

/** `readAt`: the day on which times need no day. `timeZone`: the recipient's. */
export interface Reading {
  readonly readAt: number;
  readonly timeZone: string;
  /** Words of the monitor's own events are English, and said to who reads that. */
  readonly isEnglish: boolean;
}

export function factsOf(notice: Notice, { readAt, timeZone, isEnglish }: Reading): Facts {
  const { kind, at, episode, place } = notice;
  const { zone, city } = localClock(place?.department ?? null, timeZone);
  const local = { wall: wallIn(zone), city };
  const moment = (instant: number): Moment => momentOf(instant, readAt, local);
  const known = (instant: number | null | undefined): Moment | null =>
    instant === null || instant === undefined ? null : moment(instant);
  const date = offeredDay(episode?.firstDate ?? null, readAt);
  const first = episode?.startedAt ?? null;
  const last = episode !== null && episode.lastAt > episode.startedAt ? episode.lastAt : null;
  const ended = episode?.endedAt ?? at;
  const again = known(episode?.confirmedAt);
  const isConfirmed = again !== null;
  const before = known(episode?.after);
  switch (kind) {
    case 'slots':
      return { kind, seen: moment(first ?? at), again, date };
    case 'better':
      return { kind, seen: moment(at), since: first === at ? null : known(first), isConfirmed, date };
    case 'gone':
      return { kind, isConfirmed, before, first: known(first), last: known(last), ended: moment(ended), date };
    case 'outage':
      return { kind, before, since: moment(first ?? at), fault: faultOf(episode?.outcome) };
    case 'recovered': {
      const atLeast = first === null ? null : durationOf((last ?? first) - first, 'down');
      const after = episode?.after ?? null;
      const atMost = after === null ? null : durationOf(ended - after, 'up');
      const fault = faultOf(episode?.outcome);
      return { kind, seen: moment(ended), since: known(first), last: known(last), fault, atLeast, atMost };
    }
    case 'due':
      return { kind, seen: moment(at), until: known(notice.until) };
    case 'operator': {
      const { event } = notice;
      const told = event?.told ?? null;
      const incident = told === null ? null : { facts: incidentOf(told.incident, moment), stage: told.stage };
      const message = incident === null ? wordsOf(notice, isEnglish) : '';
      return { kind, seen: moment(at), event: event?.kind ?? null, message, incident };
    }
    case 'canary':
      return { kind, seen: moment(at) };
    default:
      return kind satisfies never;
  }
}

function incidentOf(incident: Incident, moment: (instant: number) => Moment): IncidentFacts {
  return incident.kind === 'breaker' ? { ...incident, until: moment(incident.until) } : incident;
}

/**
 * Events of ours have a kind, which every language has words for; beside it stand their English words, or for others what they are
 * about. What has no kind is the operator's own, in the language of their own rules.
 */
function wordsOf({ event, place }: Notice, isEnglish: boolean): string {
  const kind = event?.kind ?? null;
  if (kind === null || isEnglish) return clean((event?.message ?? '').slice(0, READ_UNITS));
  if (place === null) return '';
  return kind === 'unknown_streak' ? place.platform : (URL.parse(place.address)?.host ?? '');
}

function faultOf(outcome: Outcome | undefined): Fault | null {
  return GROUPS.fault.find((fault) => fault === outcome) ?? null;
}

export function tell({ tell: tellers }: Words, facts: Facts): Telling {
  switch (facts.kind) {
    case 'slots':
      return tellers.slots(facts);
    case 'better':
      return tellers.better(facts);
    case 'gone':
      return tellers.gone(facts);
    case 'outage':
      return tellers.outage(facts);
    case 'recovered':
      return tellers.recovered(facts);
    case 'due':
      return tellers.due(facts);
    case 'operator':
      return tellers.operator(facts);
    case 'canary':
      return tellers.canary(facts);
    default:
      return facts satisfies never;
  }
}

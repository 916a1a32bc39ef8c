import type { Incident, ToldIncident } from '../../src/core/incident.ts';
import type { Message } from '../../src/alerts/channel.ts';
import { messageFor, type MessageOptions } from '../../src/alerts/messages.ts';
import { OVERSEAS } from '../../src/core/overseas.ts';
import type { Episode } from '../../src/core/episode.ts';
import { EVENT_KINDS, type EventKind } from '../../src/core/event.ts';
import type { Notice, NoticeKind, Place } from '../../src/core/notice.ts';
import { GROUPS } from '../../src/core/outcome.ts';
import type { Language } from '../../src/core/subscription.ts';
import { PROCEDURES } from '../../src/core/target.ts';

/** The notices whose words stand in `golden/`: every kind, and every word of every list at least once. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Monday 23 November 2026, 10:42 in Paris. */
export const AT = Date.UTC(2026, 10, 23, 9, 42);

export const PAGE = 'https://guetteur.example/seen';

export const UNSUBSCRIBE = 'https://guetteur.example/unsubscribe/abc';

interface Options extends Partial<MessageOptions> {
  readonly language?: Language;
  readonly timeZone?: string;
}

export function say(
  notices: readonly Notice[],
  { language = 'fr', timeZone = 'Europe/Paris', ...options }: Options = {},
): Message {
  return messageFor(notices, { language, timeZone }, { key: 'k', unsubscribe: UNSUBSCRIBE, page: null, ...options });
}

export const BOBIGNY: Place = {
  id: '93-bobigny-aes-9001',
  platform: 'rdv-prefecture',
  address: 'https://www.rdv.example/rdvpref/reservation/demarche/9001/',
  department: '93',
  prefecture: 'Bobigny',
  procedure: 'aes',
  label: 'AES vie privée',
  practice: false,
};

export const PORTAL: Place = {
  id: 'anef-accueil',
  platform: 'anef',
  address: 'https://portail.example/particuliers/#/',
  department: null,
  prefecture: null,
  procedure: 'service',
  label: 'accueil du portail ANEF',
  practice: false,
};

export function opening(change: Partial<Episode> = {}): Episode {
  return {
    kind: 'opening',
    after: AT - 30 * MINUTE,
    startedAt: AT,
    confirmedAt: null,
    lastAt: AT,
    endedAt: null,
    firstDate: '2027-01-12',
    outcome: 'slots',
    betterings: 0,
    ...change,
  };
}

export function outage(change: Partial<Episode> = {}): Episode {
  return { ...opening(), kind: 'outage', firstDate: null, outcome: 'overloaded', confirmedAt: AT, ...change };
}

let made = 0;

export function told(kind: NoticeKind, change: Partial<Notice> = {}): Notice {
  made += 1;
  const isOutage = kind === 'outage' || kind === 'recovered';
  const hasPlace = kind !== 'operator' && kind !== 'canary';
  return {
    kind,
    key: `${kind}/${made}`,
    at: AT,
    place: hasPlace ? (isOutage ? PORTAL : BOBIGNY) : null,
    episode: hasPlace ? (isOutage ? outage() : opening()) : null,
    event: null,
    ...change,
  };
}

/** Seen at 10:42, confirmed at 10:46, last seen at 10:50, no longer there at 11:20. */
const STORY = opening({ confirmedAt: AT + 4 * MINUTE, lastAt: AT + 8 * MINUTE, endedAt: AT + 38 * MINUTE });
const GONE_AT = AT + 38 * MINUTE;

function gone(change: Partial<Episode> = {}, place = BOBIGNY): Notice {
  const episode = { ...STORY, ...change };
  return told('gone', { at: episode.endedAt ?? GONE_AT, episode, place });
}

/** An outage first seen `from` minutes after 10:42, last seen and over so many minutes later. */
function recovered(change: Partial<Episode>): Notice {
  const episode = outage({ lastAt: AT + 40 * MINUTE, endedAt: AT + 70 * MINUTE, ...change });
  return told('recovered', { at: episode.endedAt ?? AT, episode });
}

export interface Case {
  readonly name: string;
  readonly notices: readonly Notice[];
  readonly page?: string;
  readonly leavesAt?: number;
  readonly timeZone?: string;
}

const slots = (change: Partial<Notice> = {}): Notice => told('slots', change);

const SLOTS: readonly Case[] = [
  { name: 'slots, suspected', notices: [slots()] },
  {
    name: 'slots, confirmed',
    notices: [slots({ episode: opening({ confirmedAt: AT + 4 * MINUTE, lastAt: AT + 4 * MINUTE }) })],
  },
  { name: 'slots, seen with the help of a person', notices: [slots({ seenBy: 'person' })] },
  { name: 'slots, no date named', notices: [slots({ episode: opening({ firstDate: null }) })] },
  { name: 'slots, first date in this year', notices: [slots({ episode: opening({ firstDate: '2026-12-03' }) })] },
  { name: 'slots, first date far ahead', notices: [slots({ episode: opening({ firstDate: '2027-06-01' }) })] },
  { name: 'slots, practice', notices: [slots({ place: { ...BOBIGNY, practice: true } })] },
  { name: 'slots, told the morning after', notices: [slots()], leavesAt: AT + DAY },
  { name: 'slots, told the year after', notices: [slots()], leavesAt: Date.UTC(2027, 11, 31, 9) },
  { name: 'slots, the reader lives elsewhere', notices: [slots()], timeZone: 'Africa/Algiers' },
  { name: 'slots, long names', notices: [slots({ place: longNames() })] },
  {
    name: 'slots, a long address',
    notices: [
      slots({ place: { ...BOBIGNY, address: `https://www.rdv.example/prendre_rdv?motif=${'x'.repeat(130)}` } }),
    ],
  },
  {
    name: 'slots, a longer address',
    notices: [
      slots({ place: { ...BOBIGNY, address: `https://www.rdv.example/prendre_rdv?motif=${'x'.repeat(330)}` } }),
    ],
  },
  { name: 'slots, in the hour that comes twice: the first', notices: [slots({ ...twice(0) })] },
  { name: 'slots, in the hour that comes twice: the second', notices: [slots({ ...twice(HOUR) })] },
];

const OTHERS: readonly Case[] = [
  { name: 'better, not confirmed', notices: [told('better', { ...later({}) })] },
  { name: 'better, confirmed', notices: [told('better', { ...later({ confirmedAt: AT + 4 * MINUTE }) })] },
  { name: 'gone, confirmed', notices: [gone()] },
  { name: 'gone, not confirmed', notices: [gone({ confirmedAt: null })] },
  { name: 'gone, seen once', notices: [gone({ confirmedAt: null, lastAt: AT })] },
  { name: 'gone, nothing known before', notices: [gone({ after: null, firstDate: null })] },
  { name: 'gone, over midnight', notices: [gone({ endedAt: AT + DAY })] },
  { name: 'gone, without its story', notices: [told('gone', { episode: null })] },
  { name: 'recovered, both bounds', notices: [recovered({})] },
  {
    name: 'recovered, an hour and more',
    notices: [recovered({ lastAt: AT + 61 * MINUTE, endedAt: AT + 95 * MINUTE })],
  },
  { name: 'recovered, hours', notices: [recovered({ lastAt: AT + 3 * HOUR, endedAt: AT + 11 * HOUR })] },
  { name: 'recovered, a day and days', notices: [recovered({ lastAt: AT + 49 * HOUR, endedAt: AT + 74 * HOUR })] },
  { name: 'recovered, many days', notices: [recovered({ lastAt: AT + 11 * DAY, endedAt: AT + 102 * DAY })] },
  { name: 'recovered, no upper bound', notices: [recovered({ after: null, lastAt: AT + 2 * MINUTE })] },
  { name: 'recovered, no lower bound', notices: [recovered({ lastAt: AT, endedAt: AT + MINUTE, after: AT - MINUTE })] },
  { name: 'outage, nothing known before', notices: [told('outage', { episode: outage({ after: null }) })] },
  { name: 'due', notices: [told('due', { episode: null, until: AT + 45 * MINUTE })] },
  { name: 'canary', notices: [told('canary')] },
  { name: 'canary, the reader lives in Cayenne', notices: [told('canary')], timeZone: 'America/Cayenne' },
  { name: 'operator, no kind', notices: [operator(null, 'the disk is nearly full')] },
  {
    name: 'operator, of one page',
    notices: [
      {
        ...operator('moved', 'the page names https://www.other.example/demarche/1?a=b since 2026-11-20'),
        place: BOBIGNY,
      },
    ],
  },
];

const LISTS: readonly Case[] = [
  ...Object.keys(EVENT_KINDS).map((kind) => ({
    name: `operator, ${kind}`,
    notices: [operator(kind as EventKind, '3 pages of anef in a row')],
  })),
  ...GROUPS.fault.map((outcome) => ({
    name: `outage, ${outcome}`,
    notices: [told('outage', { episode: outage({ outcome }) })],
  })),
  ...PROCEDURES.map((procedure) => ({
    name: `procedure, ${procedure}`,
    notices: [slots({ place: { ...BOBIGNY, procedure, label: null } })],
  })),
  ...Object.keys(OVERSEAS).map((department) => ({
    name: `overseas, ${department}`,
    notices: [slots({ place: { ...BOBIGNY, department, prefecture: null } })],
  })),
];

const UNTIL = Date.UTC(2026, 10, 23, 17, 30);

/** One of each kind, and each of its stages once. */
const INCIDENTS: readonly (readonly [string, Incident, ToldIncident['stage']])[] = [
  ['stalled', { kind: 'stalled', minutes: 15 }, 'begun'],
  ['coverage', { kind: 'coverage', done: 2, planned: 9, reason: 'captcha' }, 'begun'],
  ['coverage of an unknown reason', { kind: 'coverage', done: 2, planned: 9, reason: null }, 'still'],
  ['network', { kind: 'network' }, 'begun'],
  ['clock', { kind: 'clock', offsetMs: -4_200 }, 'begun'],
  ['clock unknown', { kind: 'clock', offsetMs: null }, 'begun'],
  ['disk', { kind: 'disk', freeMegabytes: 312, freePercent: 1 }, 'still'],
  ['breaker', { kind: 'breaker', host: 'www.rdv.example', reason: 'slow_down', until: UNTIL }, 'begun'],
  [
    'breaker until another day',
    { kind: 'breaker', host: 'www.rdv.example', reason: 'denied', until: UNTIL + 86_400_000 },
    'begun',
  ],
  ['breaker over', { kind: 'breaker', host: 'www.rdv.example', reason: null, until: UNTIL }, 'over'],
  ['browser', { kind: 'browser', restarts: 31 }, 'begun'],
  ['late', { kind: 'late', channel: 'email', minutes: 10 }, 'begun'],
  ['dead letters', { kind: 'dead_letters', channel: 'email', count: 3 }, 'begun'],
  ['network over', { kind: 'network' }, 'over'],
];

function incidentTold(incident: Incident, stage: ToldIncident['stage']): Notice {
  return told('operator', {
    event: { kind: null, message: 'english', told: { incident, stage, since: AT, times: 1 } },
  });
}

const MANY: readonly Case[] = [
  {
    name: 'a list of two',
    notices: [slots(), gone({}, { ...BOBIGNY, id: 'b', prefecture: 'Le Raincy', procedure: 'renewal', label: null })],
  },
  {
    name: 'a list of five',
    page: PAGE,
    notices: [0, 1, 2, 3, 4].map((index) =>
      slots({
        place: {
          ...BOBIGNY,
          id: `t${index}`,
          address: `https://www.rdv.example/rdvpref/reservation/demarche/900${index}/`,
        },
      }),
    ),
  },
  { name: 'a list overseas, practice', notices: [slots(), gone()].map((notice) => elsewhere(notice, '973', true)) },
  {
    name: 'a digest of departments',
    page: PAGE,
    notices: [
      ...repeated('slots', 3, '93'),
      ...repeated('better', 2, '93'),
      ...repeated('gone', 1, '93'),
      ...repeated('outage', 1, '75'),
      ...repeated('recovered', 2, '75'),
      told('operator', { event: { kind: 'drift', message: '' } }),
      told('canary'),
    ],
  },
  { name: 'a digest of two departments', notices: [...repeated('slots', 1, '93'), ...repeated('slots', 2, '2A')] },
  {
    name: 'a list for the operator',
    notices: [
      operator('soft_block', 'www.rdv.example: the control turned to "no"'),
      operator('moved', 'to another platform'),
      told('canary'),
    ],
  },
  ...INCIDENTS.map(([name, incident, stage]) => ({
    name: `incident, ${name}`,
    notices: [incidentTold(incident, stage)],
  })),
  { name: 'a digest of eleven', notices: repeated('gone', 11, '93') },
  { name: 'a digest of a hundred', notices: repeated('outage', 100, '93') },
  { name: 'a digest that leaves some out', page: PAGE, notices: departments(80) },
  { name: 'a digest of practice and of what is real', notices: [slots(), elsewhere(slots(), '93', true)] },
];

export const CASES: readonly Case[] = [...SLOTS, ...OTHERS, ...LISTS, ...MANY];

function longNames(): Place {
  return {
    ...BOBIGNY,
    prefecture: 'Sous-préfecture de Boulogne-Billancourt',
    procedure: 'renewal',
    label: 'renouvellement de récépissés arrivés à échéance, toutes nationalités, sur rendez-vous uniquement',
  };
}

/** 25 October 2026: 02:10 in Paris comes at 00:10 and at 01:10 UTC. */
function twice(laterBy: number): Partial<Notice> {
  const at = Date.UTC(2026, 9, 25, 0, 10) + laterBy;
  return { at, episode: opening({ startedAt: at, lastAt: at, firstDate: '2026-11-03' }) };
}

function later(change: Partial<Episode>): Partial<Notice> {
  const at = AT + 30 * MINUTE;
  return { at, episode: opening({ lastAt: at, firstDate: '2027-01-05', betterings: 1, ...change }) };
}

function operator(kind: EventKind | null, message: string): Notice {
  return told('operator', { event: { kind, message } });
}

function elsewhere(notice: Notice, department: string, practice: boolean): Notice {
  return {
    ...notice,
    key: `${notice.key}/${department}`,
    place: { ...BOBIGNY, department, prefecture: null, practice },
  };
}

function repeated(kind: NoticeKind, count: number, department: string): Notice[] {
  return Array.from({ length: count }, (_, index) =>
    told(kind, {
      at: AT + index * HOUR,
      place: { ...BOBIGNY, id: `${department}-${index}`, department, prefecture: null },
      episode: kind === 'slots' ? opening({ firstDate: `2027-01-${10 + index}` }) : opening(),
    }),
  );
}

function departments(count: number): Notice[] {
  return Array.from({ length: count }, (_, index) => repeated('slots', 2, String(index + 10))).flat();
}

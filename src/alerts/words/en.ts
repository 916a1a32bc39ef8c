import { cut } from './fitting.ts';
import { tellIncidentEn } from './incidents.ts';
import type { Duration, Moment } from './moments.ts';
import type { Fault, Words } from './words.ts';

const PLURALS = new Intl.PluralRules('en');

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${PLURALS.select(number) === 'one' ? one : many}`;
}

const SEASONS = { summer: ' (summer time)', winter: ' (winter time)' } as const;
const SHIFTS = { '-1': ', the day before', '0': '', '1': ', the day after' } as const;

function clock({ clock: time, season }: Moment): string {
  return `${time}${season === null ? '' : SEASONS[season]}`;
}

/** `at 10:42`, `on 22/11 at 10:42`. */
function at(moment: Moment): string {
  return moment.day === null ? `at ${clock(moment)}` : `on ${moment.day} at ${clock(moment)}`;
}

/** `10:42`, `22/11 10:42`. */
function bare(moment: Moment): string {
  return moment.day === null ? clock(moment) : `${moment.day} ${clock(moment)}`;
}

/** `06:42 in Cayenne`. */
function there({ local }: Moment): string | null {
  if (local === null) return null;
  const where = local.city === null ? 'your time' : `in ${cities[local.city]}`;
  return `${local.clock} ${where}${SHIFTS[local.shift]}`;
}

function inZone(moment: Moment): string {
  const local = there(moment);
  return `${at(moment)} (Paris time${local === null ? '' : `; ${local}`})`;
}

function onLine(moment: Moment): string {
  const local = there(moment);
  return local === null ? at(moment) : `${at(moment)} (${local})`;
}

function onSms(moment: Moment): string {
  const { local } = moment;
  if (local === null) return bare(moment);
  const where = local.city === null ? 'your time' : cities[local.city];
  return `${bare(moment)} (${local.clock} ${where}${SHIFTS[local.shift]})`;
}

function duration({ days, hours, minutes }: Duration): string {
  const parts = [
    days > 0 ? count(days, 'day') : '',
    hours > 0 ? `${hours} h` : '',
    minutes > 0 ? `${minutes} min` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** ` It lasted between 40 min and 1 h 32 min.` */
function bounds(atLeast: Duration | null, atMost: Duration | null): string {
  const [least, most] = [atLeast, atMost].map((bound) => (bound === null ? null : duration(bound)));
  if (typeof least === 'string' && typeof most === 'string') {
    return least === most ? ` It lasted ${least}.` : ` It lasted between ${least} and ${most}.`;
  }
  if (typeof least === 'string') return ` It lasted ${least} or more.`;
  return typeof most === 'string' ? ` It lasted ${most} or less.` : '';
}

const faults: Readonly<Record<Fault, string>> = {
  overloaded: 'overloaded',
  maintenance: 'maintenance announced',
  error: 'error page',
  timeout: 'no answer in time',
  unreachable: 'site unreachable',
};

const cities: Words['cities'] = {
  'Basse-Terre': 'Basse-Terre',
  'Fort-de-France': 'Fort-de-France',
  Cayenne: 'Cayenne',
  'Saint-Denis': 'Saint-Denis',
  'Saint-Pierre': 'Saint-Pierre',
  Mamoudzou: 'Mamoudzou',
  Gustavia: 'Gustavia',
  Marigot: 'Marigot',
  'Port-aux-Français': 'Port-aux-Français',
  'Mata-Utu': 'Mata-Utu',
  Papeete: 'Papeete',
  Nouméa: 'Nouméa',
  Clipperton: 'Clipperton',
};

const events = {
  drift: 'a page changed its structure',
  moved: 'a procedure seems to have moved',
  links_changed: 'a list page links to other sites than before',
  unknown_streak: 'pages in a row were not recognised',
  soft_block: 'a "no" on a site is not to be trusted',
  soft_block_over: 'a "no" on a site can be trusted again',
  soft_block_lifted: 'a person lifted the doubt about a "no"',
  labelled: 'a person named unknown pages',
} as const;

export const EN: Words = {
  practice: '[PRACTICE]',
  sms: 'gsm',
  monitor: { text: 'Guetteur', sms: 'Guetteur' },
  country: 'France',
  colon: ': ',
  comma: ', ',
  procedures: {
    first_application: 'first residence permit',
    renewal: 'permit renewal',
    collection: 'permit collection',
    aes: 'exceptional admission',
    naturalisation_decree: 'naturalisation by decree',
    naturalisation_declaration: 'nationality by declaration',
    travel_document: 'travel document',
    duplicate: 'duplicate permit',
    recepisse: 'application receipt',
    student: 'student permit',
    service: 'online service',
    other: 'other procedure',
  },
  cities,
  isolate: (words) => words,
  isOfPages: false,
  link: (address) => address,
  site: (address) => `Official site: ${address}`,
  own: (address) => `More: ${address}`,
  stop: (way) => `To stop: ${way}`,
  page: (address) => `Details: ${address}`,
  free: { full: 'Free and personal: never buy an appointment.', brief: 'Free and personal.', sms: 'Free, personal.' },
  robot: { mayBeTaken: 'Seen by a robot, may already be taken.', only: 'Seen by a robot.' },
  person: {
    mayBeTaken: 'Seen with the help of a person, may already be taken.',
    only: 'Seen with the help of a person.',
  },
  door: {
    full: '"Up" only means that the public door opens. Seen by a robot.',
    brief: '"Up" = the public door opens.',
  },
  links: 'Links: official sites.',
  leftOut: (number) => `${count(number, 'more alert is', 'more alerts are')} not listed here.`,
  alerts: (number) => count(number, 'alert'),
  summary: (number, departments) =>
    departments === 0 ? count(number, 'alert') : `${count(number, 'alert')}, ${count(departments, 'department')}`,
  digest: {
    name: 'Digest',
    span: (from, to) => `${to === null ? at(from) : `from ${at(from).slice(3)} to ${at(to).slice(3)}`} (Paris time)`,
  },
  inParis: '(Paris time)',
  firstDate: (date) => `first date ${date}`,
  counts: {
    slots: (number) => count(number, 'opening of slots', 'openings of slots'),
    better: (number) => count(number, 'earlier date'),
    gone: (number) => count(number, 'end of slots', 'ends of slots'),
    outage: (number) => count(number, 'outage'),
    recovered: (number) => count(number, 'return to service', 'returns to service'),
    due: (number) => count(number, 'page to be read by a person', 'pages to be read by a person'),
    operator: (number) => count(number, 'message for the operator', 'messages for the operator'),
    canary: (number) => count(number, 'test message'),
  },
  tell: {
    slots({ seen, again, date }) {
      const repeated = again === null ? inZone(seen) : `${at(seen)} and again ${inZone(again)}`;
      const state = again === null ? 'not confirmed' : 'confirmed';
      const from = date === null ? '' : `, from ${date}`;
      const since = date === null ? '' : ` from ${date}`;
      return {
        text: [
          `slots seen ${repeated}${date === null ? '' : `, first date ${date}`}. ${again === null ? 'Not confirmed.' : 'Confirmed by a 2nd visit.'}`,
        ],
        line: `slots seen ${onLine(seen)}${from}, ${state}`,
        sms: [
          `slots ${onSms(seen)}${since}, ${state}`,
          `slots ${bare(seen)}${since}, ${state}`,
          `slots ${bare(seen)}, ${state}`,
        ],
      };
    },
    better({ seen, since, isConfirmed, date }) {
      const found = date === null ? 'earlier date' : `earlier date (${date})`;
      const state = isConfirmed ? 'confirmed' : 'not confirmed';
      const from = since === null ? '' : ` first seen ${at(since)}`;
      return {
        text: [`${found} seen ${inZone(seen)}. Slots${from}, ${state}.`],
        line: `${found} seen ${onLine(seen)}`,
        sms: [`${found} seen ${onSms(seen)}`, `${found} seen ${bare(seen)}`, `earlier date ${bare(seen)}`],
      };
    },
    gone({ isConfirmed, before, first, last, ended, date }) {
      const least = `no more slots ${bare(ended)}`;
      if (first === null) {
        const text = [`slots gone: no longer there ${inZone(ended)}.`] as const;
        return {
          text,
          line: `slots gone, no longer there ${onLine(ended)}`,
          sms: [`no more slots ${onSms(ended)}`, least],
        };
      }
      const span = last === null ? bare(first) : `${bare(first)} to ${bare(last)}`;
      const sight = `${at(first)}${isConfirmed ? ' (confirmed)' : ''}`;
      const seen = last === null ? `seen once ${at(first)}` : `seen ${sight}, last seen ${at(last)}`;
      const dated = date === null ? '' : ` First date seen: ${date}.`;
      return {
        text: [
          `slots gone: ${before === null ? '' : `not there ${at(before)}, `}${seen}, no longer there ${inZone(ended)}.${dated}`,
          `slots gone: ${seen}, no longer there ${inZone(ended)}.${dated}`,
        ],
        line: `slots gone: ${seen}, no longer there ${onLine(ended)}`,
        sms: [`no more slots ${onSms(ended)}, seen ${span}`, `no more slots ${onSms(ended)}`, least],
      };
    },
    outage({ before, since, fault }) {
      const what = fault === null ? 'down' : `down (${faults[fault]})`;
      const worked = before === null ? '' : ` Still working ${at(before)}.`;
      return {
        text: [`${what}, first seen ${inZone(since)}.${worked}`],
        line: `${what}, first seen ${onLine(since)}`,
        sms: [`${what} since ${onSms(since)}`, `${what} since ${bare(since)}`, `down since ${bare(since)}`],
      };
    },
    recovered({ seen, since, last, fault, atLeast, atMost }) {
      const what = fault === null ? 'Outage' : `Outage (${faults[fault]})`;
      const still = last === null ? '' : `, last seen ${at(last)}`;
      const lasted = bounds(atLeast, atMost);
      return {
        text: [
          `up again ${inZone(seen)}.${since === null ? '' : ` ${what} first seen ${at(since)}${still}.`}${lasted}`,
          `up again ${inZone(seen)}.${since === null ? '' : ` ${what} first seen ${at(since)}.`}${lasted}`,
        ],
        line: `up again ${onLine(seen)}`,
        sms: [`up again ${onSms(seen)}`, `up again ${bare(seen)}`],
      };
    },
    due({ until }) {
      const least = 'to be read by a person now';
      const limit = until === null ? '' : `, before ${bare(until)}`;
      const whole =
        until === null ? '' : `, ${until.day === null ? '' : `on ${until.day} `}before ${clock(until)} (Paris time)`;
      return {
        text: [`${least}${whole}. It takes about fifteen seconds: open your invitation link.`],
        line: `${least}${limit}`,
        sms: [`${least}${limit}`, least],
      };
    },
    operator({ seen, event, message, incident }) {
      if (incident !== null) {
        const said = tellIncidentEn(incident, at);
        return {
          text: [`${said} (${at(seen)}, Paris time).`],
          line: `${said} (${at(seen)})`,
          sms: [`${cut(said, 110, '..')} (${bare(seen)})`, cut(said, 100, '..')],
        };
      }
      const what = event === null ? 'message for the operator' : events[event];
      const said = (limit: number): string => (message === '' ? '' : `: ${cut(message, limit)}`);
      return {
        text: [`${what}, ${inZone(seen)}${said(150)}`, `${what}, ${inZone(seen)}${said(60)}`],
        line: `${what}, ${onLine(seen)}${said(60)}`,
        sms: [`${what} ${bare(seen)}${said(60)}`, `${what} ${bare(seen)}`],
      };
    },
    canary({ seen }) {
      return {
        text: [`test message ${inZone(seen)}. Nothing happened: this message shows that alerts leave.`],
        line: `test message ${onLine(seen)}, nothing happened`,
        sms: [`test message ${onSms(seen)}, nothing happened`, `test message ${bare(seen)}`],
      };
    },
  },
};

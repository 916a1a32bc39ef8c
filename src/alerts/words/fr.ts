import { cut } from './fitting.ts';
import { tellIncidentFr } from './incidents.ts';
import type { Duration, Moment } from './moments.ts';
import type { Fault, Words } from './words.ts';

const PLURALS = new Intl.PluralRules('fr');

/** `3 pannes`; French says `0 panne`. */
function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${PLURALS.select(number) === 'one' ? one : many}`;
}

const SEASONS = { summer: " (heure d'été)", winter: " (heure d'hiver)" } as const;
const SHIFTS = { '-1': ', la veille', '0': '', '1': ', le lendemain' } as const;

function clock({ clock: time, season }: Moment): string {
  return `${time}${season === null ? '' : SEASONS[season]}`;
}

/** `à 10:42`, `le 22/11 à 10:42`. */
function at(moment: Moment): string {
  return moment.day === null ? `à ${clock(moment)}` : `le ${moment.day} à ${clock(moment)}`;
}

/** `10:42`, `22/11 10:42`. */
function bare(moment: Moment): string {
  return moment.day === null ? clock(moment) : `${moment.day} ${clock(moment)}`;
}

/** `06:42 à Cayenne`. */
function there({ local }: Moment): string | null {
  if (local === null) return null;
  const where = local.city === null ? 'chez vous' : `à ${cities[local.city]}`;
  return `${local.clock} ${where}${SHIFTS[local.shift]}`;
}

function inZone(moment: Moment): string {
  const local = there(moment);
  return `${at(moment)} (heure de Paris${local === null ? '' : ` ; ${local}`})`;
}

function onLine(moment: Moment): string {
  const local = there(moment);
  return local === null ? at(moment) : `${at(moment)} (${local})`;
}

function onSms(moment: Moment): string {
  const { local } = moment;
  if (local === null) return bare(moment);
  const where = local.city === null ? 'chez vous' : cities[local.city];
  return `${bare(moment)} (${local.clock} ${where}${SHIFTS[local.shift]})`;
}

function duration({ days, hours, minutes }: Duration): string {
  const parts = [
    days > 0 ? count(days, 'jour') : '',
    hours > 0 && minutes > 0 ? `${hours} h ${String(minutes).padStart(2, '0')}` : hours > 0 ? `${hours} h` : '',
    hours === 0 && minutes > 0 ? `${minutes} min` : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** ` Durée : entre 40 min et 1 h 32.` */
function bounds(atLeast: Duration | null, atMost: Duration | null): string {
  const [least, most] = [atLeast, atMost].map((bound) => (bound === null ? null : duration(bound)));
  if (typeof least === 'string' && typeof most === 'string') {
    return least === most ? ` Durée : ${least}.` : ` Durée : entre ${least} et ${most}.`;
  }
  if (typeof least === 'string') return ` Durée : au moins ${least}.`;
  return typeof most === 'string' ? ` Durée : au plus ${most}.` : '';
}

const faults: Readonly<Record<Fault, string>> = {
  overloaded: 'service surchargé',
  maintenance: 'maintenance annoncée',
  error: "page d'erreur",
  timeout: 'pas de réponse à temps',
  unreachable: 'site injoignable',
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
  drift: 'une page a changé de structure',
  moved: 'une démarche semble déplacée',
  links_changed: "une liste renvoie vers d'autres sites",
  unknown_streak: 'pages non reconnues à la suite',
  soft_block: 'des « non » douteux sur un site',
  soft_block_over: 'fin des « non » douteux',
  soft_block_lifted: 'une personne a levé la réserve sur des « non »',
  labelled: 'une personne a nommé des pages inconnues',
} as const;

export const FR: Words = {
  practice: '[EXERCICE]',
  sms: 'gsm',
  monitor: { text: 'Guetteur', sms: 'Guetteur' },
  country: 'France',
  colon: ' : ',
  comma: ', ',
  procedures: {
    first_application: '1re demande de titre',
    renewal: 'renouvellement de titre',
    collection: 'remise de titre',
    aes: 'admission exceptionnelle (AES)',
    naturalisation_decree: 'naturalisation par décret',
    naturalisation_declaration: 'nationalité par déclaration',
    travel_document: 'titre de voyage',
    duplicate: 'duplicata de titre',
    recepisse: 'récépissé',
    student: 'titre étudiant',
    service: 'service en ligne',
    other: 'autre démarche',
  },
  cities,
  isolate: (words) => words,
  isOfPages: true,
  link: (address) => address,
  site: (address) => `Site officiel : ${address}`,
  own: (address) => `En savoir plus : ${address}`,
  stop: (way) => `Pour arrêter : ${way}`,
  page: (address) => `Détail : ${address}`,
  free: {
    full: "Gratuit et personnel : n'achetez jamais un rendez-vous.",
    brief: 'Gratuit et personnel.',
    sms: 'Gratuit, personnel.',
  },
  robot: { mayBeTaken: 'Observé par robot, peut déjà être pris.', only: 'Observé par robot.' },
  person: {
    mayBeTaken: "Observé avec l'aide d'une personne, peut déjà être pris.",
    only: "Observé avec l'aide d'une personne.",
  },
  door: {
    full: "« En service » veut seulement dire que la porte publique s'ouvre. Observé par robot.",
    brief: "« En service » = la porte publique s'ouvre.",
  },
  links: 'Liens : sites officiels.',
  leftOut: (number) =>
    PLURALS.select(number) === 'one'
      ? `${number} autre alerte n'est pas listée ici.`
      : `${number} autres alertes ne sont pas listées ici.`,
  alerts: (number) => count(number, 'alerte'),
  summary: (number, departments) =>
    departments === 0 ? count(number, 'alerte') : `${count(number, 'alerte')}, ${count(departments, 'département')}`,
  digest: {
    name: 'Bulletin',
    span: (from, to) => `${to === null ? at(from) : `d${at(from).slice(1)} a${at(to).slice(1)}`} (heure de Paris)`,
  },
  inParis: '(heure de Paris)',
  firstDate: (date) => `1re date ${date}`,
  counts: {
    slots: (number) => count(number, 'ouverture de créneaux', 'ouvertures de créneaux'),
    better: (number) => count(number, 'date plus proche', 'dates plus proches'),
    gone: (number) => count(number, 'fin de créneaux', 'fins de créneaux'),
    outage: (number) => count(number, 'panne'),
    recovered: (number) => count(number, 'retour en service', 'retours en service'),
    due: (number) => count(number, 'page à lire par une personne', 'pages à lire par une personne'),
    operator: (number) => count(number, "message pour l'exploitant", "messages pour l'exploitant"),
    canary: (number) => count(number, "message d'essai", "messages d'essai"),
  },
  tell: {
    slots({ seen, again, date }) {
      const repeated = again === null ? inZone(seen) : `${at(seen)}, revus ${inZone(again)}`;
      const state = again === null ? 'non confirmé' : 'confirmé';
      const from = date === null ? '' : `, dès le ${date}`;
      const since = date === null ? '' : ` dès ${date}`;
      return {
        text: [
          `créneaux vus ${repeated}${date === null ? '' : `, 1re date ${date}`}. ${again === null ? 'Non confirmé.' : 'Confirmé par une 2e visite.'}`,
        ],
        line: `créneaux vus ${onLine(seen)}${from}, ${state}`,
        sms: [
          `créneaux ${onSms(seen)}${since}, ${state}`,
          `créneaux ${bare(seen)}${since}, ${state}`,
          `créneaux ${bare(seen)}, ${state}`,
        ],
      };
    },
    better({ seen, since, isConfirmed, date }) {
      const found = date === null ? 'date plus proche' : `date plus proche (${date})`;
      const state = isConfirmed ? 'confirmés' : 'non confirmés';
      const from = since === null ? '' : ` depuis ${since.day === null ? clock(since) : at(since)}`;
      return {
        text: [`${found} vue ${inZone(seen)}. Créneaux${from}, ${state}.`],
        line: `${found} vue ${onLine(seen)}`,
        sms: [`${found} vue ${onSms(seen)}`, `${found} vue ${bare(seen)}`, `date plus proche ${bare(seen)}`],
      };
    },
    gone({ isConfirmed, before, first, last, ended, date }) {
      const least = `plus de créneaux ${bare(ended)}`;
      if (first === null) {
        const text = [`créneaux partis : plus là ${inZone(ended)}.`] as const;
        return {
          text,
          line: `créneaux partis, plus là ${onLine(ended)}`,
          sms: [`plus de créneaux ${onSms(ended)}`, least],
        };
      }
      const span = last === null ? bare(first) : `${bare(first)} à ${bare(last)}`;
      const sight = `${at(first)}${isConfirmed ? ' (confirmés)' : ''}`;
      const seen = last === null ? `vus une fois, ${at(first)}` : `vus ${sight}, encore ${at(last)}`;
      const dated = date === null ? '' : ` 1re date vue : ${date}.`;
      return {
        text: [
          `créneaux partis : ${before === null ? '' : `absents ${at(before)}, `}${seen}, plus là ${inZone(ended)}.${dated}`,
          `créneaux partis : ${seen}, plus là ${inZone(ended)}.${dated}`,
        ],
        line: `créneaux partis : ${seen}, plus là ${onLine(ended)}`,
        sms: [`plus de créneaux ${onSms(ended)}, vus ${span}`, `plus de créneaux ${onSms(ended)}`, least],
      };
    },
    outage({ before, since, fault }) {
      const what = fault === null ? 'en panne' : `en panne (${faults[fault]})`;
      const worked = before === null ? '' : ` Marchait encore ${at(before)}.`;
      return {
        text: [`${what}, constaté ${inZone(since)}.${worked}`],
        line: `${what}, constaté ${onLine(since)}`,
        sms: [`${what} ${onSms(since)}`, `${what} ${bare(since)}`, `en panne ${bare(since)}`],
      };
    },
    recovered({ seen, since, last, fault, atLeast, atMost }) {
      const what = fault === null ? 'Panne' : `Panne (${faults[fault]})`;
      const still = last === null ? '' : `, encore ${at(last)}`;
      const lasted = bounds(atLeast, atMost);
      return {
        text: [
          `de nouveau en service ${inZone(seen)}.${since === null ? '' : ` ${what} vue ${at(since)}${still}.`}${lasted}`,
          `de nouveau en service ${inZone(seen)}.${since === null ? '' : ` ${what} vue ${at(since)}.`}${lasted}`,
        ],
        line: `de nouveau en service ${onLine(seen)}`,
        sms: [`de nouveau en service ${onSms(seen)}`, `en service ${bare(seen)}`],
      };
    },
    due({ until }) {
      const least = 'à lire par une personne maintenant';
      const limit = until === null ? '' : `, avant ${bare(until)}`;
      const whole =
        until === null ? '' : `, ${until.day === null ? '' : `le ${until.day} `}avant ${clock(until)} (heure de Paris)`;
      return {
        text: [`${least}${whole}. Quinze secondes suffisent : ouvrez votre lien d'invitation.`],
        line: `${least}${limit}`,
        sms: [`${least}${limit}`, least],
      };
    },
    operator({ seen, event, message, incident }) {
      if (incident !== null) {
        const said = tellIncidentFr(incident, at);
        return {
          text: [`${said} (${at(seen)}, heure de Paris).`],
          line: `${said} (${at(seen)})`,
          sms: [`${cut(said, 110, '..')} (${bare(seen)})`, cut(said, 100, '..')],
        };
      }
      const what = event === null ? "message pour l'exploitant" : events[event];
      const said = (limit: number): string => (message === '' ? '' : ` : ${cut(message, limit)}`);
      return {
        text: [`${what}, ${inZone(seen)}${said(150)}`, `${what}, ${inZone(seen)}${said(60)}`],
        line: `${what}, ${onLine(seen)}${said(60)}`,
        sms: [`${what} ${bare(seen)}${said(60)}`, `${what} ${bare(seen)}`],
      };
    },
    canary({ seen }) {
      return {
        text: [`message d'essai ${inZone(seen)}. Il ne s'est rien passé : ce message montre que les alertes partent.`],
        line: `message d'essai ${onLine(seen)}, rien ne s'est passé`,
        sms: [`message d'essai ${onSms(seen)}, rien ne s'est passé`, `message d'essai ${bare(seen)}`],
      };
    },
  },
};

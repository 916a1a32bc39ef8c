import { html } from 'hono/html';
import type { Facets } from '../../core/reading.ts';
import type { Scenario } from '../../core/replica.ts';
import { nginxPage } from '../shared/block-pages.ts';
import { openDays, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, outcome, redirect, respond } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import * as advice from './advice.ts';
import * as answers from './answers.ts';
import { longDate, timesOf, weekFrom } from './calendar.ts';
import type { Column, Week } from './calendar.ts';
import { announcedMaintenance, errorPage, serviceDown } from './failures.ts';
import { MOTIVE, SHORT_START, START } from './layout.ts';
import type { Generation } from './layout.ts';
import { desks, placeChoice2024, placeChoice2026 } from './places.ts';
import { answering, searchSite } from './site.ts';
import { weekPage } from './week.ts';

const LOST = "Ce créneau n'est plus disponible. Veuillez en sélectionner un autre.";
const TONIGHT = 'Une maintenance est prévue ce soir à 22 heures : le site sera en maintenance pendant une heure.';
const NEWS = `${TONIGHT} La prise de rendez-vous est suspendue à Nantes. Les visas se demandent désormais par courriel.`;

/** The first working day so many days from now; the bands of lead times are kept clear of on either side. */
const dayIn = (now: number, days: number): string => openDays(plusDays(parisDay(now), days), 1)[0] ?? parisDay(now);

const FULL: readonly Column[] = [['09:00', '09:30'], [], ['14:05'], [], [], ['10:20', '11:00', '11:40'], []];
const ONE_DAY: readonly Column[] = [[], [], ['09:00', '15:30'], [], 'closed', 'closed', 'closed'];
const EMPTY: readonly Column[] = [[], [], [], [], [], [], []];
const BARREN: readonly Column[] = [[], [], [], [], 'closed', 'closed', 'closed'];

const full = (now: number): Week => weekFrom(now, 3, FULL);
const oneDay = (now: number): Week => weekFrom(now, 1, ONE_DAY);

function weekExpected(weekAt: (now: number) => Week, more: Facets): Scenario['expect'] {
  return (now) => {
    const { days, count } = timesOf(weekAt(now));
    const [firstDate, secondDate] = days;
    const leadBand = days.length > 1 ? 'within31_several' : 'within31_single';
    const dates = {
      ...(firstDate === undefined ? {} : { firstDate }),
      ...(secondDate === undefined ? {} : { secondDate }),
    };
    return {
      outcome: 'slots',
      facets: { leadBand, ...dates, distinctDays: days.length, slotCount: count, ...more },
    };
  };
}

/** One day is named, and not how many times it has. */
function laterExpected(inDays: number, leadBand: Facets['leadBand'] & string): Scenario['expect'] {
  return (now) => ({
    outcome: 'slots',
    facets: { leadBand, firstDate: dayIn(now, inDays), distinctDays: 1, slotCount: null },
  });
}

function emptyWeekSite(generation: Generation, inDays: number): PlayedScenario['build'] {
  return searchSite(generation, (now) =>
    weekPage(weekFrom(now, 0, EMPTY), { generation, next: { day: dayIn(now, inDays), time: '08:50' } }),
  );
}

const WITH_SLOTS: readonly PlayedScenario[] = [
  at(START)(
    'place-choice',
    searchSite(2024, (now) => placeChoice2024(desks([dayIn(now, 12), dayIn(now, 5), dayIn(now, 40)]))),
    (now) => ({
      outcome: 'slots',
      facets: {
        leadBand: 'within31_several',
        firstDate: dayIn(now, 5),
        secondDate: dayIn(now, 12),
        distinctDays: 3,
        slotCount: null,
      },
    }),
  ),
  at(START)(
    'place-choice-with-conditions',
    searchSite(2026, (now) => placeChoice2026(desks([dayIn(now, 45)]))),
    laterExpected(45, 'from32to61'),
  ),
  at(START)(
    'week-2024',
    searchSite(2024, (now) => weekPage(full(now), { generation: 2024 })),
    weekExpected(full, { generation: 'bootstrap-2024' }),
  ),
  at(START)(
    'week-2026',
    searchSite(2026, (now) => weekPage(full(now), { generation: 2026 })),
    weekExpected(full, { generation: 'dsfr-2026' }),
    {
      shown: {
        department: '38',
        prefecture: "Préfecture de l'Isère (réplique)",
        procedure: 'recepisse',
        label: 'Renouvellement de récépissés arrivés à échéance',
        control: true,
      },
    },
  ),
  at(START)(
    'week-before-the-horizon',
    searchSite(2026, (now) => weekPage(oneDay(now), { generation: 2026, addressesSayDay: true })),
    weekExpected(oneDay, { generation: 'dsfr-2026' }),
  ),
  at(START)('next-availability-2024', emptyWeekSite(2024, 8), laterExpected(8, 'within31_single')),
  at(START)('next-availability-2026', emptyWeekSite(2026, 70), laterExpected(70, 'from62')),
  at(START)(
    'slot-lost-others-left',
    searchSite(2026, (now) => weekPage(full(now), { generation: 2026, addressesSayDay: true }), { flash: LOST }),
    weekExpected(full, {}),
  ),
  at(START)(
    'slots-with-hidden-refusal',
    searchSite(
      2024,
      (now) =>
        html`${weekPage(full(now), { generation: 2024 })}
          <p hidden>${answers.NOTHING}</p>`,
    ),
    weekExpected(full, {}),
  ),
  {
    // The site words the motive otherwise than its address does, and the target says how.
    ...at(START)(
      'motive-named-by-the-target',
      searchSite(2026, (now) => weekPage(full(now), { generation: 2026, motive: 'Récépissé échu : le renouveler' })),
      weekExpected(full, {}),
    ),
    params: { motif: 'RÉCÉPISSÉ ÉCHU' },
  },
];

const WITHOUT_SLOTS: readonly PlayedScenario[] = [
  at(START)(
    'nothing-2024',
    searchSite(2024, () => answers.nothing(2024)),
    outcome('no_slots'),
  ),
  at(START)(
    'nothing-2026',
    searchSite(2026, () => answers.nothing(2026)),
    outcome('no_slots'),
    {
      shown: {
        department: '44',
        prefecture: 'Préfecture de la Loire-Atlantique (réplique)',
        procedure: 'recepisse',
        label: 'Renouvellement de récépissés arrivés à échéance',
      },
    },
  ),
  at(START)(
    'nothing-widen-the-search',
    searchSite(2026, () => answers.nothing(2026, answers.WIDER)),
    outcome('no_slots'),
  ),
  at(START)(
    'slot-lost-nothing-left',
    searchSite(2026, () => answers.nothing(2026), { flash: LOST }),
    outcome('no_slots'),
  ),
  at(START)(
    'nothing-under-a-banner',
    searchSite(2026, () => answers.nothing(2026), { banner: TONIGHT }),
    outcome('no_slots'),
  ),
  at('/org/2458/prefecture')(
    'link-of-the-organisation',
    searchSite(2024, () => answers.nothing(2024)),
    outcome('no_slots'),
  ),
  at(START)('motive-closed', searchSite(2024, answers.motiveClosed), outcome('suspended')),
  at(START)('department-closed', searchSite(2024, answers.departmentClosed), outcome('suspended')),
];

/** A week of five years ago, kept by someone's cache: its times still look like times. */
const oldWeek = (): Week => ({ firstDay: '2021-12-13', columns: FULL });

const UNREADABLE: readonly PlayedScenario[] = [
  at(START)(
    'days-without-slots-only',
    searchSite(2026, (now) => weekPage(weekFrom(now, 0, BARREN), { generation: 2026 })),
    outcome('unknown_page'),
  ),
  at(START)(
    'stale-week',
    searchSite(2026, () => weekPage(oldWeek(), { generation: 2026, addressesSayDay: true })),
    outcome('unknown_page'),
  ),
  at(START)(
    'stale-week-2024',
    searchSite(2024, (now) => weekPage(weekFrom(now, -30, FULL), { generation: 2024 })),
    outcome('unknown_page'),
  ),
  at(START)(
    'stale-place-choice',
    searchSite(2024, () => placeChoice2024(desks(['2021-12-13', '2021-12-14']))),
    outcome('unknown_page'),
  ),
  at(START)(
    'other-motive',
    searchSite(2026, (now) => weekPage(full(now), { generation: 2026, motive: 'Remise de titre de séjour' })),
    outcome('unknown_page'),
  ),
  at(SHORT_START)('choice-of-motive', searchSite(2026, answers.motiveChoice), outcome('unknown_page')),
  at(START)(
    'slots-and-refusal-together',
    searchSite(
      2024,
      (now) =>
        html`${answers.nothing(2024)}
          <a href="${START}">Prochaine disponibilité le <strong>${longDate(dayIn(now, 9), '08:50')}</strong></a>`,
    ),
    outcome('ambiguous'),
  ),
  at(START)('english', searchSite(2026, answers.english), outcome('unknown_page')),
  at(START)('redesigned', searchSite(2026, answers.redesigned), outcome('unknown_page')),
  at(START)('hidden-sentences', searchSite(2026, answers.hiddenSentences), outcome('unknown_page')),
];

/** Words of an answer, where they answer nothing. */
const MISLEADING: readonly PlayedScenario[] = [
  at(START)(
    'refusal-in-advice',
    searchSite(2026, advice.refusalInAdvice, {
      title: answers.NOTHING,
      banner: answers.NOTHING,
      footer: advice.FOOTER,
    }),
    outcome('unknown_page'),
  ),
  at(START)(
    'refusal-as-plain-text',
    answering(() => respond(`${answers.NOTHING} ${MOTIVE}`, 200, { 'content-type': 'text/plain; charset=utf-8' })),
    outcome('unknown_page'),
  ),
  at('/prdv')(
    'refusal-on-a-page-of-help',
    always(() => respond(advice.help())),
    outcome('unknown_page'),
  ),
  at(START)(
    'next-availability-in-prose',
    searchSite(2026, (now) => advice.nextTimeInProse(dayIn(now, 6))),
    outcome('unknown_page'),
  ),
  at(START)(
    'time-without-a-day-beside-news',
    searchSite(2024, (now) => advice.undatedTime(dayIn(now, 3))),
    outcome('unknown_page'),
  ),
  at(START)(
    'other-motive-with-a-way-to-this-one',
    searchSite(2026, (now) => advice.withOtherMotives(weekPage(full(now), { generation: 2026, motive: 'Passeport' }))),
    outcome('unknown_page'),
  ),
  at(START)(
    'week-drawn-late-beside-advice',
    searchSite(2026, (now) => advice.drawnLate(weekPage(full(now), { generation: 2026 }), advice.refusalInAdvice())),
    weekExpected(full, {}),
  ),
  at(START)(
    'week-drawn-late-under-a-banner',
    searchSite(2026, (now) => advice.drawnLate(weekPage(full(now), { generation: 2026 }), advice.LOADING), {
      banner: NEWS,
    }),
    weekExpected(full, {}),
  ),
  at(START)(
    'news-alone',
    searchSite(2026, () => advice.LOADING, {
      banner: NEWS,
    }),
    outcome('unknown_page'),
  ),
];

const GATES: readonly PlayedScenario[] = [
  at(START)(
    'sent-to-sign-in',
    answering(() => redirect('/users/sign_in')),
    outcome('login'),
  ),
  at(START)('sign-in-in-place', searchSite(2026, answers.signInForm), outcome('login')),
  at(START)(
    'too-many-requests',
    answering(() =>
      Response.json(
        { errors: ["Limite d'appels API atteinte. Merci de patienter."] },
        { status: 429, headers: { 'retry-after': '60' } },
      ),
    ),
    outcome('rate_limited'),
  ),
  at(START)(
    'forbidden',
    always(() => nginxPage(403)),
    outcome('denied'),
  ),
];

const FAULTS: readonly PlayedScenario[] = [
  at(START)(
    'service-down',
    answering(() => respond(serviceDown())),
    outcome('error'),
  ),
  at(START)(
    'service-down-503',
    answering(() => respond(serviceDown(), 503)),
    outcome('overloaded'),
  ),
  at(START)(
    'maintenance',
    answering((now) => respond(announcedMaintenance(now))),
    outcome('maintenance'),
  ),
  at(START)(
    'bad-gateway',
    always(() => nginxPage(502)),
    outcome('overloaded'),
  ),
  at(START)(
    'not-found',
    answering(() => respond(errorPage('Page introuvable', 404), 404)),
    outcome('error'),
  ),
  at(START)(
    'unexpected-error',
    answering(() => respond(errorPage('Erreur inattendue', 500), 500)),
    outcome('error'),
  ),
  at(START)(
    'blank',
    answering(() => respond('<!DOCTYPE html><html lang="fr"><head></head><body></body></html>')),
    outcome('error'),
  ),
  at(START)(
    'connection-reset',
    always(() => respond('')),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
];

export const scenarios: readonly PlayedScenario[] = [
  ...WITH_SLOTS,
  ...WITHOUT_SLOTS,
  ...UNREADABLE,
  ...MISLEADING,
  ...GATES,
  ...FAULTS,
];

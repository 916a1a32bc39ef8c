import { html } from 'hono/html';
import type { Scenario, Stage } from '../../core/replica.ts';
import { cloudflareBlockPage, haproxyPage, incapsulaPage, tooManyRequestsPage } from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, outcome, redirect, respond } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { ROOT, START, TITLE, shell } from './layout.ts';
import { doorSite, slotsSite } from './site.ts';
import * as slots from './slots.ts';
import type { Week } from './slots.ts';

const SLOTS = `${START}creneau/`;

/** Two to three weeks ahead, so that the whole week lies within 31 days whatever the weekday of the visit. */
const WEEK: Week = { fromDays: 8, times: [['09:30', '10:00'], [], ['14:00'], ['09:30', '11:15', '15:45'], []] };
const ONE_DAY: Week = { fromDays: 1, times: [[], [], [], ['09:00', '09:30'], []] };
const LONG_DAYS: Week = {
  fromDays: 8,
  times: [['09:00', '09:30', '10:00', '10:30', '11:00'], ['09:00', '09:30', '10:00', '10:30', '11:00'], [], [], []],
};

function weekExpected(week: Week): Scenario['expect'] {
  return (now) => ({ outcome: 'slots', facets: slots.weekFacets(now, week) });
}

const DOOR: readonly PlayedScenario[] = [
  at(START)(
    'landing-captcha-a',
    doorSite({ generation: 'A', behind: { content: (now) => slots.weekWithSlots(now, WEEK) } }),
    outcome('captcha'),
    {
      shown: {
        department: '69',
        prefecture: 'Préfecture du Rhône (réplique)',
        procedure: 'first_application',
        label: 'Dépôt d’une demande de titre de séjour',
      },
    },
  ),
  at(START)(
    'landing-captcha-b',
    doorSite({ generation: 'B', behind: { content: slots.nothingThisWeek } }),
    outcome('captcha'),
    {
      shown: {
        department: '91',
        prefecture: 'Sous-préfecture de Palaiseau (réplique)',
        procedure: 'renewal',
        label: 'Renouvellement de titre de séjour',
      },
    },
  ),
  at(START)(
    'captcha-then-late-slots',
    doorSite({ generation: 'B', behind: { content: (now) => slots.weekWithSlots(now, WEEK), afterMs: 2_500 } }),
    outcome('captcha'),
  ),
  at(START)(
    'captcha-then-narrow-slots',
    doorSite({
      generation: 'B',
      behind: {
        content: (now) => slots.weekWithSlots(now, WEEK),
        narrow: (now) => slots.narrowWeek(now, WEEK),
        afterMs: 0,
      },
    }),
    outcome('captcha'),
  ),
  at(START)(
    'captcha-with-temptations',
    doorSite({ generation: 'A', behind: { content: slots.nothingThisWeek }, tempts: true }),
    outcome('captcha'),
  ),
  at(START)(
    'captcha-session-lost',
    doorSite({ generation: 'A', behind: { content: slots.nothingThisWeek }, losesFirst: true }),
    outcome('captcha'),
  ),
  at(START)(
    'captcha-then-failure',
    doorSite({ generation: 'B', behind: { content: slots.nothingThisWeek, status: 503 } }),
    outcome('captcha'),
  ),
  at(START)('landing-relative-link', doorSite({ generation: 'B', linksRelatively: true }), outcome('captcha')),
  at(START)(
    'landing-alert',
    doorSite({ generation: 'B', alerts: 'Les rendez-vous sont gratuits. Méfiez-vous des sites payants.' }),
    outcome('captcha'),
  ),
  at(`${START}cgu/`)('conditions-directly', doorSite({ generation: 'A' }), outcome('captcha')),
  at(`${START}cgu/?error=invalidCaptcha`)('wrong-captcha-answer', doorSite({ generation: 'B' }), outcome('captcha')),
  at(SLOTS)('session-lost', doorSite({ generation: 'B' }), outcome('captcha')),
];

const WITH_SLOTS: readonly PlayedScenario[] = [
  at(SLOTS)('slots-this-week', slotsSite({ content: (now) => slots.weekWithSlots(now, WEEK) }), weekExpected(WEEK), {
    shown: {
      department: '94',
      prefecture: 'Préfecture du Val-de-Marne (réplique)',
      procedure: 'collection',
      label: 'Remise de titre prêt',
      control: true,
    },
  }),
  at(SLOTS)(
    'slots-single-day',
    slotsSite({ content: (now) => slots.weekWithSlots(now, ONE_DAY) }),
    weekExpected(ONE_DAY),
  ),
  at(SLOTS)(
    'slots-more-rows',
    slotsSite({ content: (now) => slots.weekWithSlots(now, LONG_DAYS, { hasMoreRows: true }) }),
    (now) => {
      const { firstDate, leadBand, distinctDays } = slots.weekFacets(now, LONG_DAYS);
      return {
        outcome: 'slots',
        facets:
          firstDate === undefined || leadBand === undefined || distinctDays === undefined
            ? {}
            : { firstDate, leadBand, distinctDays },
      };
    },
  ),
  at(SLOTS)(
    'slots-styled-radios',
    slotsSite({ content: (now) => slots.weekWithSlots(now, WEEK, { isStyled: true }) }),
    weekExpected(WEEK),
  ),
  at(SLOTS)(
    'slots-with-mobile-twin',
    slotsSite({ content: (now) => slots.weekWithSlots(now, WEEK, { hasMobileTwin: true }) }),
    weekExpected(WEEK),
  ),
  at(SLOTS)(
    'slots-in-last-week',
    slotsSite({
      content: (now) =>
        slots.weekWithSlots(now, WEEK, {
          below: html`<div class="text-center q-pa-md">${slots.lastWeekWords()}</div>`,
        }),
    }),
    weekExpected(WEEK),
  ),
  at(SLOTS)(
    'slots-late-rendering',
    slotsSite({ content: (now) => slots.weekWithSlots(now, WEEK), afterMs: 1500 }),
    weekExpected(WEEK),
  ),
  at(SLOTS)(
    'next-availability',
    slotsSite({ content: (now) => slots.nextAvailability(now, 40) }),
    (now) => ({ outcome: 'slots', facets: slots.laterFacets(now, 40, 'from32to61') }),
    {
      shown: {
        department: '92',
        prefecture: 'Sous-préfecture de Boulogne-Billancourt (réplique)',
        procedure: 'renewal',
        label: 'Renouvellement de titre de séjour',
      },
    },
  ),
  at(SLOTS)('next-availability-soon', slotsSite({ content: (now) => slots.nextAvailability(now, 12) }), (now) => ({
    outcome: 'slots',
    facets: slots.laterFacets(now, 12),
  })),
];

const WITHOUT_SLOTS: readonly PlayedScenario[] = [
  at(SLOTS)('empty-week', slotsSite({ content: slots.nothingThisWeek }), outcome('no_slots')),
  at(SLOTS)('after-last-week', slotsSite({ content: (now) => slots.afterLastWeek(now, null) }), outcome('no_slots')),
  at(SLOTS)(
    'after-last-week-with-news',
    slotsSite({ content: (now) => slots.afterLastWeek(now, slots.lastPublication(now)) }),
    outcome('no_slots'),
  ),
  at(SLOTS)('nothing-published', slotsSite({ content: () => slots.nothingPublished(null) }), outcome('no_slots')),
  at(SLOTS)(
    'publication-announced',
    slotsSite({ content: (now) => slots.nothingPublished(slots.nextPublication(now)) }),
    (now) => ({
      outcome: 'no_slots',
      facets: { nextPublicationAt: new Date(slots.nextPublicationAt(now)).toISOString() },
    }),
    {
      shown: {
        department: '976',
        prefecture: 'Préfecture de Mayotte (réplique)',
        procedure: 'first_application',
        label: 'Première demande de titre de séjour',
      },
    },
  ),
  at(SLOTS)(
    'nothing-published-late-rendering',
    slotsSite({ content: () => slots.nothingPublished(null), afterMs: 1500 }),
    outcome('no_slots'),
  ),
];

const UNREADABLE: readonly PlayedScenario[] = [
  at(SLOTS)(
    'stale-next-availability',
    slotsSite({ content: (now) => slots.nextAvailability(now, -20) }),
    outcome('unknown_page'),
  ),
  at(SLOTS)('never-mounts', slotsSite({ content: slots.nothingThisWeek, never: true }), outcome('error')),
  at(SLOTS)(
    'context-lost',
    slotsSite({
      content: () =>
        html`<div class="fr-alert fr-alert--error" role="alert">
          <p class="fr-alert__title">
            Pour des raisons techniques, vos dernières modifications ou actions ont été perdues, veuillez recommencer
          </p>
        </div>`,
    }),
    outcome('error'),
  ),
  at(SLOTS)(
    'unknown-slots-page',
    slotsSite({
      content: () =>
        html`<h1>Votre agenda</h1>
          <p>
            Touchez une pastille pour composer votre venue. Les pastilles claires sont en cours de chargement par
            l'assistant.
          </p>
          <div role="grid">
            <span class="pastille">L</span> <span class="pastille">M</span> <span class="pastille">M</span>
            <span class="pastille">J</span> <span class="pastille">V</span>
          </div>`,
    }),
    outcome('unknown_page'),
  ),
  at(START)(
    'unknown-landing',
    always(() =>
      respond(
        shell({
          title: 'Espace usager',
          main: html`<h1>${TITLE}</h1>
            <p>
              Bienvenue dans votre nouvel espace. Choisissez la façon dont vous souhaitez être reçu, puis laissez-vous
              guider.
            </p>
            <p>
              <button type="button" class="fr-btn">Composer ma venue</button>
              <button type="button" class="fr-btn">Être rappelé</button>
            </p>`,
        }),
      ),
    ),
    outcome('unknown_page'),
  ),
  at(START)(
    'sent-to-home',
    always((_stage, request) => {
      if (new URL(request.url).pathname !== `${ROOT}/`) return redirect(`${ROOT}/`);
      return respond(
        shell({
          main: html`<h1>Bienvenue sur RDV-Préfecture</h1>
            <p>Ce site regroupe les démarches ouvertes par les préfectures et sous-préfectures.</p>
            <form method="get" action="${ROOT}/">
              <label for="recherche">Rechercher une démarche ou un département</label>
              <input id="recherche" name="q" type="text" /> <button class="fr-btn" type="submit">Rechercher</button>
            </form>
            <h2>Préfectures</h2>
            <ul>
              <li>Allier</li>
              <li>Essonne</li>
              <li>Hauts-de-Seine</li>
              <li>Rhône</li>
              <li>Yvelines</li>
            </ul>`,
        }),
      );
    }),
    outcome('unknown_page'),
  ),
];

function maintenance(stage: Stage) {
  const end = frenchDate(plusDays(parisDay(stage.now()), 1));
  return shell({
    title: 'Maintenance - RDV-Préfecture',
    main: html`<h1>Site en maintenance</h1>
      <p>
        Le service de prise de rendez-vous est actuellement en maintenance. Il sera de nouveau accessible le ${end} à
        8h00.
      </p>`,
  });
}

const FAULTS: readonly PlayedScenario[] = [
  at(START)(
    'bad-gateway',
    always(() => haproxyPage(502)),
    outcome('overloaded'),
  ),
  at(START)(
    'maintenance-503',
    always((stage) => respond(maintenance(stage), 503)),
    outcome('maintenance'),
  ),
  at(START)(
    'maintenance',
    always((stage) => respond(maintenance(stage))),
    outcome('maintenance'),
    {
      shown: {
        department: '78',
        prefecture: 'Préfecture des Yvelines (réplique)',
        procedure: 'naturalisation_decree',
        label: 'Naturalisation',
      },
    },
  ),
  at(START)(
    'redirect-loop',
    always((_stage, request) => redirect(new URL(request.url).pathname === START ? `${START}cgu/` : START)),
    outcome('error'),
  ),
  at(START)(
    'connection-reset',
    always(() => respond('')),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
];

const BLOCKED: readonly PlayedScenario[] = [
  at(START)(
    'cloudflare-403',
    always(() => cloudflareBlockPage(403)),
    outcome('denied'),
    {
      shown: {
        department: '75',
        prefecture: 'Préfecture de police (réplique)',
        procedure: 'student',
        label: 'Titre de séjour étudiant',
      },
    },
  ),
  at(START)(
    'cloudflare-200',
    always(() => cloudflareBlockPage(200)),
    outcome('denied'),
  ),
  at(START)(
    'incapsula-200',
    always((_stage, request) => incapsulaPage(new URL(request.url).pathname)),
    outcome('denied'),
  ),
  at(START)(
    'too-many-requests',
    always(() => tooManyRequestsPage(300)),
    outcome('rate_limited'),
    {
      shown: {
        department: '31',
        prefecture: 'Préfecture de la Haute-Garonne (réplique)',
        procedure: 'aes',
        label: 'Admission exceptionnelle au séjour',
      },
    },
  ),
];

export const scenarios: readonly PlayedScenario[] = [
  ...DOOR,
  ...WITH_SLOTS,
  ...WITHOUT_SLOTS,
  ...UNREADABLE,
  ...FAULTS,
  ...BLOCKED,
];

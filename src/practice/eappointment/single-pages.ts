import { html } from 'hono/html';
import type { Expectation } from '../../core/replica.ts';
import { haproxyPage, incapsulaPage, tooManyRequestsPage } from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, outcome, redirect, respond } from '../shared/sites.ts';
import type { Markup, PlayedScenario } from '../shared/sites.ts';
import { ASKED, NONE } from './answers.ts';
import { deskSite } from './desk.ts';
import { DOOR, ROOT, postCodePage, shell } from './layout.ts';
import { datePanel } from './panels.ts';

type Served = (now: number, path: string) => Response | Promise<Response>;

/** One answer for every address. */
function all(name: string, answer: Served, expected: Expectation['outcome']): PlayedScenario {
  const site = always((stage, request) => answer(stage.now(), new URL(request.url).pathname));
  return at(DOOR)(name, site, outcome(expected));
}

/** The post-code page stands; whatever lies behind it has one answer. */
function behind(name: string, answer: Served, expected: Expectation['outcome']): PlayedScenario {
  return all(name, (now, path) => (path === DOOR ? respond(postCodePage()) : answer(now, path)), expected);
}

function said(title: string, content: Markup): Promise<Response> {
  return respond(shell({ title, main: content }));
}

function maintenance(now: number): Promise<Response> {
  return said(
    'Maintenance',
    html`<h1>Site en maintenance</h1>
      <p>La prise de rendez-vous est en maintenance jusqu'au ${frenchDate(plusDays(parisDay(now), 1))} à 8h.</p>`,
  );
}

const errorPage = (): Promise<Response> =>
  said(
    "Page d'erreur",
    html`<h2>Une erreur est survenue</h2>
      <p>Votre demande n'a pas pu être traitée. Fermez votre navigateur, puis recommencez.</p>`,
  );

/** Another design: one question, cards, no post code, none of the old names. */
const redesign = (): Promise<Response> =>
  respond(
    html`<!doctype html>
      <html lang="fr">
        <head>
          <meta charset="utf-8" />
          <title>Mes rendez-vous – Val-de-Marne</title>
        </head>
        <body>
          <header><strong>Val-de-Marne, accueil des étrangers</strong></header>
          <main>
            <h1>Organisez votre venue</h1>
            <section>
              <h2>Où habitez-vous ?</h2>
              <button type="button">Créteil</button> <button type="button">Nogent-sur-Marne</button>
              <button type="button">L'Haÿ-les-Roses</button>
            </section>
            <p>Chaque guichet publie ses horaires le matin.</p>
          </main>
        </body>
      </html>`,
  );

const pages: readonly PlayedScenario[] = [
  all('redesign', redesign, 'unknown_page'),
  all('day-field-at-the-door', () => said('Prise de rendez-vous', html`<form>${datePanel({})}</form>`), 'unknown_page'),
  all(
    'never-drawn',
    () => respond('<!doctype html><html><head><title>RDV</title></head><body><div id="app"></div></body></html>'),
    'error',
  ),
  all('sent-to-another-host', () => redirect('https://www.val-de-marne.gouv.fr/'), 'unknown_page'),
  all(
    'moved-to-the-national-platform',
    () => redirect('https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/'),
    'moved',
  ),
  all(
    'suspended',
    () =>
      said(
        'Prise de rendez-vous',
        html`<h2>Prendre un rendez-vous</h2>
          <p>La prise de rendez-vous en ligne est temporairement suspendue.</p>`,
      ),
    'suspended',
  ),
  all('maintenance', maintenance, 'maintenance'),
  all('incapsula-200', (_now, path) => incapsulaPage(path), 'denied'),
  all('forbidden-by-rules', () => haproxyPage(403), 'denied'),
  all('too-many-requests', () => tooManyRequestsPage(300), 'rate_limited'),
  all('bad-gateway', () => haproxyPage(502), 'overloaded'),
  all('service-unavailable', () => haproxyPage(503), 'overloaded'),
  all('missing', () => respond('<html><body><h1>HTTP Status 404</h1></body></html>', 404), 'error'),
  { ...all('connection-reset', () => respond(''), 'unreachable'), transport: 'reset' },
  behind('error-page', errorPage, 'error'),
  behind('server-error', () => respond('<html><body><h1>HTTP Status 500</h1></body></html>', 500), 'error'),
  behind('incapsula-at-the-site', (_now, path) => incapsulaPage(path), 'denied'),
  behind('sent-back-to-the-post-code', () => redirect(DOOR), 'unknown_page'),
];

/** Visits that end before the check. */
export const singlePages: readonly PlayedScenario[] = [
  ...pages,
  at(`${ROOT}/`)(
    'root-leads-to-the-post-code',
    (stage) => {
      const desk = deskSite({ answer: () => ({ message: NONE }) })(stage);
      return (request) => (new URL(request.url).pathname === `${ROOT}/` ? redirect(DOOR) : desk(request));
    },
    outcome('no_slots'),
  ),
].map((scenario) => ({ ...scenario, params: ASKED }));

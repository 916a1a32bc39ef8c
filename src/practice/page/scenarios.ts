import { html } from 'hono/html';
import type { Outcome } from '../../core/outcome.ts';
import type { Scenario, Stage } from '../../core/replica.ts';
import type { TargetEntry } from '../../core/target.ts';
import { cloudflareBlockPage, nginxPage, tooManyRequestsPage } from '../shared/block-pages.ts';
import { frenchDate, parisDay, plusDays } from '../shared/paris.ts';
import { always, at, javascript, outcome, respond } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { HELP_POINTS, HELP_POINTS_PARAMS, helpPointsPage } from './help-points.ts';
import { shell } from './layout.ts';
import * as sheets from './sheet.ts';
import type { SheetLook } from './sheet.ts';
import { pagesSite, sendsTo, shows } from './site.ts';
import type { Answer } from './site.ts';
import * as visas from './visas.ts';

type More = Partial<Pick<Scenario, 'shown' | 'transport' | 'params'>>;

/** Scenarios of one address, with what a volunteer wrote for it. */
function watched(path: string, params: TargetEntry['params']) {
  return (
    name: string,
    answers: Readonly<Record<string, Answer>>,
    expected: Outcome,
    { params: own = params, ...more }: More = {},
  ): PlayedScenario => ({ ...at(path)(name, pagesSite(answers), outcome(expected), more), params: own });
}

const { SHEET } = sheets;
const onSheet = watched(SHEET, sheets.SHEET_PARAMS);
const onHelpPoints = watched(HELP_POINTS, HELP_POINTS_PARAMS);
const onVisas = watched(visas.VISAS, visas.VISAS_PARAMS);

const looks = (look: SheetLook): Readonly<Record<string, Answer>> => ({ [SHEET]: shows(sheets.sheet(look)) });
const daysAgo = (stage: Stage, days: number): string => frenchDate(plusDays(parisDay(stage.now()), -days));

const pastAnnouncement: Answer = (stage) => {
  const notice = `Le site a été en maintenance le ${daysAgo(stage, 400)} de 20h à 23h.`;
  return respond(sheets.sheet({ notice }));
};

const drawn: Readonly<Record<string, Answer>> = {
  [SHEET]: shows(sheets.sheet({ script: '/fiche.js' })),
  '/fiche.js': async () => {
    const content = JSON.stringify(String(await sheets.sheetContent()));
    return javascript(`setTimeout(() => { document.getElementById('fiche').innerHTML = ${content}; }, 900);`);
  },
};

const WHOLE: readonly PlayedScenario[] = [
  onSheet('whole-sheet', looks({}), 'operational', {
    shown: { prefecture: 'Information nationale (réplique)', procedure: 'service', label: 'Fiche pratique' },
  }),
  onSheet('drawn-late', drawn, 'operational'),
  onSheet('announcement-of-last-year', { [SHEET]: pastAnnouncement }, 'operational'),
  onSheet('errors-closed', looks({ below: sheets.closedTraps() }), 'operational'),
  onSheet(
    'renamed-path',
    { [SHEET]: sendsTo(`${SHEET}/suivi`), [`${SHEET}/suivi`]: shows(sheets.sheet()) },
    'operational',
  ),
  onSheet(
    'allowed-host',
    { [SHEET]: sendsTo('/fiche', 'www.localhost'), '/fiche': shows(sheets.sheet()) },
    'operational',
    { params: { ...sheets.SHEET_PARAMS, hosts: ['www.localhost'] } },
  ),
];

const CHANGED: readonly PlayedScenario[] = [
  onSheet(
    'text-missing',
    looks({
      contact: html`<h2>Où s’adresser ?</h2>`,
      notice: 'Une opération de maintenance est prévue dimanche : le site sera alors indisponible.',
    }),
    'unknown_page',
  ),
  onSheet('text-hidden', looks({ contact: sheets.hiddenContact() }), 'unknown_page'),
  onSheet(
    'link-missing',
    looks({
      service: html`<p>
        Le service est à l'adresse administration-etrangers-en-france.interieur.gouv.fr.
        <a class="is-closed" href="https://administration-etrangers-en-france.interieur.gouv.fr/">Y aller</a>
      </p>`,
    }),
    'unknown_page',
  ),
  onSheet(
    'field-missing',
    looks({
      search: html`<p>Rechercher sur le site</p>
        <input type="hidden" name="Rechercher sur le site" />
        <div class="is-closed">
          <label>Rechercher sur le site <input name="mots" type="search" /></label>
        </div>`,
    }),
    'unknown_page',
  ),
  onSheet('number-changed', looks({ number: '0 806 001 621' }), 'unknown_page'),
  onSheet('language-english', { [SHEET]: shows(sheets.englishSheet()) }, 'unknown_page'),
  onSheet('language-unsaid', looks({ language: null }), 'unknown_page'),
  onSheet('sent-to-home', { [SHEET]: sendsTo('/'), '/': shows(sheets.homePage()) }, 'unknown_page'),
  onSheet(
    'other-host',
    { [SHEET]: sendsTo('/fiche', 'www.localhost'), '/fiche': shows(sheets.sheet()) },
    'unknown_page',
  ),
  onSheet('redesigned', { [SHEET]: shows(sheets.redesigned()) }, 'unknown_page'),
];

const SAID: readonly PlayedScenario[] = [
  onSheet('forbidden-moved', looks({ notice: 'Cette fiche n’existe plus : voyez les nouvelles pages.' }), 'moved'),
  onSheet('forbidden-error', looks({ below: html`<p>Contenu momentanément indisponible</p>` }), 'error'),
  onSheet('error-dialog', looks({ below: sheets.openDialog() }), 'error'),
  onSheet(
    'error-alert',
    {
      [SHEET]: shows(sheets.sheet({ script: '/alerte.js' })),
      '/alerte.js': () => javascript("alert('Erreur technique');"),
    },
    'error',
  ),
  onSheet(
    'maintenance',
    {
      [SHEET]: (stage) =>
        respond(
          shell({
            title: 'Information',
            main: html`<h1>Un peu de patience</h1>
              <p>Le site est en maintenance. Il rouvre demain, au plus tard le ${daysAgo(stage, -1)} à 8h.</p>`,
          }),
        ),
    },
    'maintenance',
  ),
  onSheet(
    'moved',
    {
      [SHEET]: shows(
        shell({
          title: 'Information',
          main: html`<h1>Cette page a changé de place</h1>
            <p>Ces démarches se suivent désormais sur l'ANEF.</p>`,
        }),
      ),
    },
    'moved',
  ),
];

const GATES: readonly PlayedScenario[] = [
  onSheet('captcha', { [SHEET]: shows(sheets.captchaGate()) }, 'captcha'),
  onSheet('sent-to-sign-in', { [SHEET]: sendsTo('/connexion') }, 'login'),
  onSheet('sent-to-identity', { [SHEET]: sendsTo('/api/v2/authorize?scope=openid') }, 'unknown_page'),
  onSheet('firewall', { [SHEET]: () => cloudflareBlockPage(403) }, 'denied'),
  onSheet('too-many-requests', { [SHEET]: () => tooManyRequestsPage(120) }, 'rate_limited'),
];

const FAULTS: readonly PlayedScenario[] = [
  onSheet('not-found', {}, 'error'),
  onSheet(
    'blank',
    {
      [SHEET]: shows(
        html`<!doctype html>
          <html lang="fr">
            <title>Fiche</title>
            <body></body>
          </html>`,
      ),
    },
    'error',
  ),
  onSheet('server-error', { [SHEET]: shows(sheets.sheet(), 500) }, 'error'),
  onSheet('bad-gateway', { [SHEET]: () => nginxPage(502) }, 'overloaded'),
  onSheet('unavailable', { [SHEET]: () => nginxPage(503) }, 'overloaded'),
  {
    ...at(SHEET)(
      'connection-reset',
      always(() => respond('')),
      outcome('unreachable'),
      { transport: 'reset' },
    ),
    params: sheets.SHEET_PARAMS,
  },
];

const NUMBERS: readonly PlayedScenario[] = [
  onHelpPoints(
    'number-narrow-spaces',
    { [HELP_POINTS]: shows(helpPointsPage('0\u202f806\u202f001\u202f620')) },
    'operational',
  ),
  onHelpPoints('number-by-twos', { [HELP_POINTS]: shows(helpPointsPage('08.06.00.16.20')) }, 'operational'),
  onHelpPoints('number-of-another', { [HELP_POINTS]: shows(helpPointsPage('0 806 001 6203')) }, 'unknown_page'),
];

const questions = { [visas.QUESTIONS]: shows(visas.questionsPage()) };
const home = (menu: Parameters<typeof visas.visasHome>[0]): Readonly<Record<string, Answer>> => ({
  [visas.VISAS]: shows(visas.visasHome(menu)),
  ...questions,
});

const CLICKED: readonly PlayedScenario[] = [
  onVisas('click-leads', home(visas.QUESTIONS_LINK), 'operational', {
    shown: { prefecture: 'Portail des visas (réplique)', procedure: 'service', label: 'Questions fréquentes' },
  }),
  onVisas(
    'click-new-window',
    home(
      html`<a href="${visas.QUESTIONS}" target="_blank"
        >Questions fréquentes<span class="fr-sr-only"> - nouvelle fenêtre</span></a
      >`,
    ),
    'operational',
  ),
  // Whoever hears the page is told another name: it may be another thing, and is not pressed.
  onVisas(
    'click-named-otherwise',
    home(html`<a href="${visas.QUESTIONS}">Questions fréquentes<span class="fr-sr-only"> et rendez-vous</span></a>`),
    'unknown_page',
  ),
  onVisas('click-in-place', { [visas.VISAS]: shows(visas.questionsInPlace()) }, 'operational'),
  onVisas('click-name-missing', home(visas.temptingNames()), 'unknown_page'),
  onVisas(
    'click-changes-nothing',
    {
      [visas.VISAS]: shows(visas.visasHome(html`<button type="button">Questions fréquentes</button>`, visas.answers())),
    },
    'unknown_page',
  ),
  onVisas(
    'click-sends-form',
    home(html`<form method="post" action="/demande"><button type="submit">Questions fréquentes</button></form>`),
    'unknown_page',
  ),
  onVisas(
    'click-to-fault',
    { [visas.VISAS]: shows(visas.visasHome(visas.QUESTIONS_LINK)), [visas.QUESTIONS]: () => nginxPage(503) },
    'overloaded',
  ),
  watched(visas.TWO_CLICKS, visas.TWO_CLICKS_PARAMS)(
    'two-clicks',
    {
      [visas.TWO_CLICKS]: shows(visas.visasHome(visas.QUESTIONS_LINK)),
      [visas.ENGLISH]: shows(visas.englishHome()),
      [`/en${visas.QUESTIONS}`]: shows(visas.englishQuestions()),
    },
    'operational',
  ),
];

export const scenarios: readonly PlayedScenario[] = [
  ...WHOLE,
  ...CHANGED,
  ...SAID,
  ...GATES,
  ...FAULTS,
  ...NUMBERS,
  ...CLICKED,
];

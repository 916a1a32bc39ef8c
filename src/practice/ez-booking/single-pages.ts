import { html } from 'hono/html';
import type { Scenario, Site, Stage } from '../../core/replica.ts';
import { haproxyPage } from '../shared/block-pages.ts';
import { always, openStage, outcome, redirect, respond, siteFrom } from '../shared/sites.ts';
import type { Markup, PlayedScenario } from '../shared/sites.ts';
import { calendarFragment } from './calendar.ts';
import type { Opening } from './calendar.ts';
import { arrowImage, ezPage } from './layout.ts';
import type { PageParts } from './layout.ts';
import { NO_SLOT, noSlot, slotChoice } from './steps.ts';

const START = '/booking/create/717';
const FRAGMENT = '/ezjscore/call/bookingserver::planning::assign::717::718';
const PREFECTURE = "Préfecture de l'Aveyron";
const SOON: Opening = { offset: 0, days: 2, times: ['09:00', '14:30'] };
const GONE: Opening = { offset: -28, days: 3, times: ['09:00', '10:00'] };

function page(parts: Omit<PageParts, 'prefecture'>): Markup {
  return ezPage({ prefecture: PREFECTURE, ...parts });
}

/** The same page whatever is asked, beside the images that belong to it. */
function showing(status: number, make: (stage: Stage) => Markup | string): (stage: Stage) => Site {
  return always((stage, request) => arrowImage(new URL(request.url).pathname) ?? respond(make(stage), status));
}

/** Step 4 opened directly, its planning asked for by script. */
function stepFour(openings: readonly Opening[], sentence: string | null): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    const offset = openings[0]?.offset ?? 0;
    app.all('/ezjscore/call/*', (context) => {
      const asked = Number(context.req.path.split('::').at(-1));
      return respond(calendarFragment(stage.now(), { base: START, offset: asked, openings }));
    });
    app.get(`${START}/5/*`, () => {
      stage.tally.holds += 1;
      return redirect(`${START}/6`);
    });
    app.all('*', (context) => {
      const content = html`${sentence === null ? '' : html`<p>${sentence}</p>`}${slotChoice(START, { method: 'GET', address: FRAGMENT, offset })}`;
      return (
        arrowImage(context.req.path) ?? respond(page({ title: 'Rendez-vous titres de séjour', step: '4', content }))
      );
    });
    return siteFrom(app);
  };
}

const surcharged = html`<!DOCTYPE html>
  <html lang="fr">
    <head>
      <meta charset="utf-8" />
      <title>Service surchargé</title>
    </head>
    <body style="font-family:Arial,sans-serif;text-align:center;margin-top:120px">
      <h1>Service surchargé</h1>
      <p>
        Le service de prise de rendez-vous reçoit actuellement un très grand nombre de demandes. Veuillez réessayer dans
        quelques minutes.
      </p>
    </body>
  </html>`;

const maintenance = html`<!DOCTYPE html>
  <html lang="fr">
    <head>
      <meta charset="utf-8" />
      <title>Site indisponible</title>
    </head>
    <body style="font-family:Arial,sans-serif;text-align:center;margin-top:120px">
      <h1>Site indisponible</h1>
      <p>Le site est actuellement indisponible pour cause de maintenance. Merci de votre compréhension.</p>
    </body>
  </html>`;

const home = page({
  title: 'Accueil',
  content: html`<h1>Les services de l'État dans l'Aveyron</h1>
    <h2>Actualités</h2>
    <ul>
      <li><a href="/Actualites/Vigilance-orages">Vigilance jaune orages : les bons réflexes</a></li>
      <li><a href="/Actualites/Securite-routiere">Sécurité routière : contrôles renforcés sur les grands axes</a></li>
      <li><a href="/Actualites/Eau">Restrictions d'usage de l'eau levées dans le bassin du Lot</a></li>
    </ul>
    <h2>Démarches</h2>
    <ul>
      <li><a href="/Demarches/Permis-de-conduire">Permis de conduire</a></li>
      <li><a href="/Demarches/Associations">Associations</a></li>
      <li><a href="/Demarches/Etrangers">Étrangers en France</a></li>
    </ul>
    <p>Horaires d'accueil du public : du lundi au vendredi, de 9h à 12h.</p>`,
});

const redesign = page({
  title: 'Planifier une visite',
  content: html`<h1>Planifier une visite en préfecture</h1>
    <p>
      Bienvenue dans le nouvel espace de planification. Sélectionnez une thématique, puis laissez-vous guider par
      l'assistant.
    </p>
    <section>
      <h2>Thématiques</h2>
      <div role="list">
        <button type="button">Venir retirer un document</button> <button type="button">Échanger avec un agent</button>
        <button type="button">Signaler un changement</button>
      </div>
    </section>
    <p>Temps d'attente moyen constaté la semaine passée : 14 minutes.</p>`,
});

const hiddenSentence = page({
  title: 'Planifier une visite',
  content: html`<h1>Planifier une visite en préfecture</h1>
    <div id="etat-module" style="display:none"><p>${NO_SLOT}</p></div>
    <p>Le calendrier est en cours de préparation par l'assistant. Sélectionnez une thématique pour poursuivre.</p>
    <ul>
      <li><a href="#retrait">Retirer un document</a></li>
      <li><a href="#echange">Échanger avec un agent</a></li>
    </ul>`,
});

const disabled = page({
  title: 'Prise de rendez-vous',
  content: html`<div class="message-error"><p>Ce lien a été désactivé définitivement</p></div>`,
});

const serverError = html`<!DOCTYPE html PUBLIC "-//IETF//DTD HTML 2.0//EN">
  <html>
    <head>
      <title>500 Internal Server Error</title>
    </head>
    <body>
      <h1>Internal Server Error</h1>
      <p>The server encountered an internal error or misconfiguration and was unable to complete your request.</p>
    </body>
  </html>`;

function single(
  name: string,
  build: (stage: Stage) => Site,
  expect: Scenario['expect'],
  more: Partial<Pick<Scenario, 'path' | 'shown' | 'transport'>> = {},
): PlayedScenario {
  return { name, path: START, expect, ...more, build };
}

function fragmentOf(openings: readonly Opening[]): (stage: Stage) => Site {
  return showing(200, (stage) => calendarFragment(stage.now(), { base: START, offset: 0, openings }));
}

const PARTS: readonly PlayedScenario[] = [
  single('calendar-legend-only', fragmentOf([]), outcome('no_slots'), { path: `${FRAGMENT}::0` }),
  // Free times without the page in front of them: the module may be closed (public scripts, 2020).
  single('calendar-with-free-ranges', fragmentOf([SOON]), outcome('unknown_page'), { path: `${FRAGMENT}::0` }),
  single('stale-calendar', stepFour([GONE], null), outcome('unknown_page'), { path: `${START}/4` }),
  single('slots-and-refusal-together', stepFour([{ ...SOON, offset: 7 }], NO_SLOT), outcome('ambiguous'), {
    path: `${START}/4`,
  }),
  single(
    'step-two-directly',
    showing(200, () => page({ title: 'Rendez-vous titres de séjour', step: '1', content: noSlot(START, NO_SLOT) })),
    outcome('no_slots'),
    { path: `${START}/2` },
  ),
];

const FAULTS: readonly PlayedScenario[] = [
  single(
    'surcharged-200',
    showing(200, () => surcharged),
    outcome('overloaded'),
  ),
  single(
    'surcharged-503',
    showing(503, () => surcharged),
    outcome('overloaded'),
  ),
  single(
    'bad-gateway',
    always(() => haproxyPage(502)),
    outcome('overloaded'),
    {
      shown: {
        department: '95',
        prefecture: "Préfecture du Val-d'Oise (réplique)",
        procedure: 'naturalisation_decree',
        label: 'Dépôt de demande de naturalisation',
      },
    },
  ),
  single(
    'service-unavailable',
    always(() => haproxyPage(503)),
    outcome('overloaded'),
  ),
  single(
    'gateway-timeout',
    always(() => haproxyPage(504)),
    outcome('overloaded'),
  ),
  single(
    'forbidden-by-rules',
    always(() => haproxyPage(403)),
    outcome('denied'),
  ),
  single(
    'maintenance',
    showing(200, () => maintenance),
    outcome('maintenance'),
  ),
  single(
    'server-error',
    showing(500, () => serverError),
    outcome('error'),
  ),
  single(
    'blank-page',
    showing(200, () => ''),
    outcome('error'),
  ),
  single(
    'connection-reset',
    showing(200, () => ''),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
  single(
    'no-answer-hang',
    showing(200, () => ''),
    outcome('timeout'),
    { transport: 'hang' },
  ),
];

/** A page of the module that says something in place of its steps. */
function saying(...sentences: readonly string[]): (stage: Stage) => Site {
  const content = html`${sentences.map((sentence) => html`<p>${sentence}</p>`)}`;
  return showing(200, () => page({ title: 'Rendez-vous titres de séjour', step: '0', content }));
}

const CLOSED: readonly PlayedScenario[] = [
  single(
    'booking-suspended',
    saying("La prise de rendez-vous en ligne est actuellement suspendue jusqu'à nouvel ordre."),
    outcome('suspended'),
  ),
  single(
    'moved-to-anef',
    saying("Cette démarche s'effectue désormais exclusivement en ligne sur le site de l'ANEF."),
    outcome('moved'),
  ),
  single('no-slots-with-news', saying(NO_SLOT, 'Le service est fermé le 25 décembre.'), outcome('no_slots')),
];

const ELSEWHERE: readonly PlayedScenario[] = [
  single(
    'link-disabled',
    showing(200, () => disabled),
    outcome('moved'),
    {
      shown: {
        department: '94',
        prefecture: 'Préfecture du Val-de-Marne (réplique)',
        procedure: 'first_application',
        label: 'Première demande de titre de séjour',
      },
    },
  ),
  single(
    'unknown-redesign',
    showing(200, () => redesign),
    outcome('unknown_page'),
  ),
  single(
    'removed-to-home',
    showing(200, () => home),
    outcome('unknown_page'),
  ),
  single(
    'removed-redirected-home',
    always((_stage, request) => (new URL(request.url).pathname === '/' ? respond(home) : redirect('/'))),
    outcome('unknown_page'),
  ),
  single(
    'hidden-sentence',
    showing(200, () => hiddenSentence),
    outcome('unknown_page'),
  ),
];

export const singlePages: readonly PlayedScenario[] = [...PARTS, ...FAULTS, ...CLOSED, ...ELSEWHERE];

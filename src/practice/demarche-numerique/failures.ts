import { html } from 'hono/html';
import type { Outcome } from '../../core/outcome.ts';
import { nginxPage } from '../shared/block-pages.ts';
import { always, at, outcome, redirect, respond } from '../shared/sites.ts';
import type { PlayedScenario } from '../shared/sites.ts';
import { shell, SITE, START } from './layout.ts';
import { page, platform, sendTo } from './site.ts';

type Code = 403 | 404 | 500 | 502 | 503 | 504;

/** Title before the site's name, heading, and words of our own in the sense of the site's. */
const STATIC: Readonly<Record<Code, readonly [string, string, string]>> = {
  403: ['Accès refusé', 'L’action demandée a été rejetée', 'Votre demande n’a pas pu être acceptée.'],
  404: ['Page non trouvée', 'Page non trouvée', 'Cette adresse ne mène nulle part, vérifiez-la.'],
  500: ['Erreur inattendue', 'Erreur inattendue', 'Un problème est survenu de notre côté.'],
  502: [
    'Problème de connexion au serveur',
    'Problème de connexion au serveur',
    'Nos serveurs ne répondent pas, peut-être à cause d’une maintenance en cours.',
  ],
  503: [
    'Service temporairement indisponible',
    'Service temporairement indisponible',
    'Une maintenance a lieu, ou trop de personnes consultent le site.',
  ],
  504: ['Délai de connexion dépassé', 'Délai de connexion dépassé', 'Nos serveurs mettent trop de temps à répondre.'],
};

function staticPage(code: Code, status: number): Promise<Response> {
  const [title, heading, words] = STATIC[code];
  const document = html`<!doctype html>
    <html lang="fr">
      <head>
        <meta charset="utf-8" />
        <title>${title} - ${SITE}</title>
      </head>
      <body>
        <header class="fr-header" role="banner">
          <a title="Aller à la page d’accueil — ${SITE}" href="/"><p class="fr-header__service-title">${SITE}</p></a>
          <a class="fr-btn" href="/faq">Aide</a>
        </header>
        <main id="content" role="main">
          <h1>${heading}</h1>
          <p class="fr-text--sm">Erreur ${code}</p>
          <p class="fr-text--lead">${words}</p>
          <a class="fr-btn fr-btn--secondary" href="/contact">Contactez-nous</a>
        </main>
      </body>
    </html>`;
  return respond(document, status);
}

function fails(code: Code, expected: Outcome, status: number = code): PlayedScenario {
  const name = status === code ? `static-${code}` : `static-${code}-as-${status}`;
  return at(START)(name, platform({ [START]: () => staticPage(code, status) }), outcome(expected));
}

function slowDown(): Promise<Response> {
  return respond('Calme toi, cowboy ! T’enchaines un peu trop les requêtes. Reviens dans une minute.\n', 429, {
    'content-type': 'text/plain; charset=utf-8',
    'ratelimit-limit': '5',
    'ratelimit-remaining': '0',
    'ratelimit-reset': '60',
  });
}

const MAINTENANCE = shell({
  title: 'Maintenance',
  main: html`<h1>Nous revenons bientôt</h1>
    <p>La plateforme est en maintenance. Les dossiers déjà déposés sont conservés.</p>`,
});

export const failures: readonly PlayedScenario[] = [
  fails(403, 'denied'),
  fails(404, 'error'),
  fails(500, 'error'),
  fails(502, 'overloaded'),
  fails(503, 'overloaded'),
  fails(504, 'overloaded'),
  fails(404, 'error', 200),
  fails(502, 'overloaded', 200),
  fails(503, 'overloaded', 200),
  at(START)('too-many-requests', platform({ [START]: slowDown }), outcome('rate_limited')),
  at(START)(
    'bare-gateway',
    always(() => nginxPage(502)),
    outcome('overloaded'),
  ),
  at(START)('maintenance', platform({ [START]: page(MAINTENANCE) }), outcome('maintenance')),
  at(START)(
    'sent-home-for-maintenance',
    platform({ [START]: sendTo('/', 302), '/': page(MAINTENANCE) }),
    outcome('maintenance'),
  ),
  at(START)(
    'blank',
    platform({
      [START]: page(
        html`<!doctype html>
          <html lang="fr">
            <head>
              <title></title>
            </head>
            <body></body>
          </html>`,
      ),
    }),
    outcome('error'),
  ),
  at(START)(
    'redirect-loop',
    platform({ [START]: () => redirect('/commencer/'), '/commencer/': () => redirect(START) }),
    outcome('error'),
  ),
  at(START)(
    'connection-reset',
    always(() => respond('')),
    outcome('unreachable'),
    { transport: 'reset' },
  ),
];

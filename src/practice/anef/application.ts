import { html } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { nginxPage } from '../shared/block-pages.ts';
import { javascript, openStage, redirect, respond, scriptValue, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { SIGN_IN_ROUTE, TRIAGE_ROUTE } from './addresses.ts';
import { newAddress } from './error-pages.ts';
import { HELP_ROUTES, helpPage } from './help-pages.ts';
import { homeV1, signInV1 } from './portal-v1.ts';
import { homeV2, signInV2 } from './portal-v2.ts';
import type { HomeLanguage } from './portal-v2.ts';
import type { Route } from './route.ts';
import { addSso } from './sso.ts';
import type { SsoLook } from './sso.ts';
import { triageV1, triageV2 } from './triage.ts';

/** The portal: a static page that stays empty until its bundle draws a route, chosen by what follows the `#`. */
export interface Portal {
  readonly segment: 'particuliers' | 'usagers';
  readonly home?: (now: number) => Route;
  readonly language?: HomeLanguage;
  /** Routes drawn otherwise, or not known to the application: it draws its home for them. */
  readonly pages?: Readonly<Record<string, Route | null>>;
  /** Where « Se connecter » leads; the sign-in service by default. */
  readonly signIn?: string;
  /** The back end answers 503 to the application's own question, which draws its page all the same. */
  readonly apiFails?: boolean;
  /** The error window opens this long after the page was drawn. */
  readonly errorAfterMs?: number;
  readonly bundle?: 'throws' | 'missing' | 'html';
  /** Drawn instead of every route when the back end does not answer. */
  readonly apiDown?: Markup;
  readonly drawsAfterMs?: number;
  readonly firstByteMs?: number;
  readonly brokenFont?: boolean;
  /** How addresses of the other generation come here. */
  readonly oldLinks?: 'http' | 'script' | 'notice';
  readonly sso?: SsoLook;
}

export function portalSite(portal: Portal): (stage: Stage) => Site {
  return (stage) => {
    const app = openStage(stage);
    const base = `/${portal.segment}/`;
    const shell = () => respond(shellPage(portal));
    app.get('/', () => redirect(base));
    app.get(base, async () => {
      if (portal.firstByteMs !== undefined) await later(portal.firstByteMs);
      return shell();
    });
    app.get(`${base}main.js`, () => (portal.bundle === 'html' ? shell() : bundle(portal, stage.now())));
    app.get(`/${portal.segment === 'usagers' ? 'particuliers' : 'usagers'}/`, () => oldLink(portal));
    app.post('/api/*', (context) => {
      stage.tally.submissions += 1;
      return context.json({}, 400);
    });
    // Going on from the questions before sign-in: nothing that a monitor does.
    app.get('/api/orientation/suite', (context) => {
      stage.tally.submissions += 1;
      return context.json({});
    });
    app.get('/api/connexion', () => nginxPage(502));
    // Without a session the back end says 401 to the application's own question: that is its healthy answer.
    app.get('/api/*', (context) =>
      context.json({}, portal.apiDown === undefined && portal.apiFails !== true ? 401 : 503),
    );
    addSso(app, stage, portal.sso ?? { theme: portal.segment === 'usagers' ? 'v2' : 'v1' });
    app.all('*', (context) => context.text('Not found', 404));
    return siteFrom(app);
  };
}

function later(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

function shellPage(portal: Portal): Markup {
  const base = `/${portal.segment}/`;
  const face = portal.brokenFont === true ? `url(${base}assets/fonts/Roboto-Regular.woff) format("woff"),` : '';
  return html`<!doctype html>
    <html lang="${portal.language ?? 'fr'}">
      <head>
        <meta charset="utf-8" />
        <title>Étrangers en France</title>
        <base href="${base}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <style>
          @font-face {
            font-family: Roboto;
            src: ${face}local('Arial');
          }
          @font-face {
            font-family: Marianne;
            src: ${face}local('Arial');
          }
        </style>
      </head>
      <body class="container-fluid">
        <app-root></app-root>
        <script src="main.js"></script>
      </body>
    </html>`;
}

async function bundle(portal: Portal, now: number): Promise<Response> {
  if (portal.bundle === 'missing') return respond('Not found', 404);
  if (portal.bundle === 'throws') return javascript("throw new TypeError('Cannot read configuration of undefined');\n");
  const isV2 = portal.segment === 'usagers';
  const drawn = await Promise.all(
    Object.entries(routesOf(portal, now)).map(
      async ([route, { title, body }]) => [route, { title, body: String(await body) }] as const,
    ),
  );
  const down = portal.apiDown === undefined ? null : String(await portal.apiDown);
  return javascript(`const routes = ${scriptValue(Object.fromEntries(drawn))};
const down = ${scriptValue(down)};
const root = document.querySelector('app-root');
if (!location.hash) history.replaceState(null, '', '#/');
function draw() {
  const page = routes[location.hash.slice(1).split('?')[0]] ?? routes['/'];
  document.title = page.title;
  root.innerHTML = page.body;
}
async function start() {
  root.setAttribute('ng-version', ${scriptValue(isV2 ? '19.2.0' : '7.2.15')});
  const answer = await fetch('/api/usager/moi');
  if (answer.status >= 500 && down !== null) { root.innerHTML = down; return; }
  draw();
  addEventListener('hashchange', draw);
  const late = ${portal.errorAfterMs ?? -1};
  if (late >= 0) setTimeout(() => document.querySelector('.ui-dialog-mask').style.display = 'flex', late);
}
setTimeout(start, ${portal.drawsAfterMs ?? 30});
`);
}

function routesOf(portal: Portal, now: number): Readonly<Record<string, Route>> {
  const isV2 = portal.segment === 'usagers';
  const language = portal.language ?? 'fr';
  const signIn = portal.signIn === undefined ? {} : { signIn: portal.signIn };
  const help = HELP_ROUTES.map((route) => [`/${route}`, helpPage(route, isV2 ? language : 'v1')] as const);
  const routes: Record<string, Route | null> = {
    '/': portal.home?.(now) ?? (isV2 ? homeV2({ language, ...signIn }) : homeV1()),
    [SIGN_IN_ROUTE]: isV2 ? signInV2(signIn) : signInV1(portal.signIn),
    [TRIAGE_ROUTE]: isV2 ? triageV2({ language }) : triageV1(),
    ...Object.fromEntries(help),
    ...portal.pages,
  };
  return Object.fromEntries(Object.entries(routes).flatMap(([route, page]) => (page === null ? [] : [[route, page]])));
}

function oldLink(portal: Portal): Promise<Response> | Response {
  const base = `/${portal.segment}/`;
  if (portal.oldLinks === 'http') return redirect(base);
  if (portal.oldLinks === 'notice') return respond(newAddress(base));
  if (portal.oldLinks !== 'script') return new Response('Not found', { status: 404 });
  return respond(
    html`<!doctype html>
      <html lang="fr">
        <head>
          <meta charset="utf-8" />
          <title>Étrangers en France</title>
        </head>
        <body>
          <script>
            location.replace('${base}' + location.hash);
          </script>
        </body>
      </html>`,
  );
}

import { html } from 'hono/html';
import type { Site, Stage } from '../../core/replica.ts';
import { javascript, openStage, redirect, respond, scriptValue, siteFrom } from '../shared/sites.ts';
import type { Markup } from '../shared/sites.ts';
import { SIGN_IN_ROUTE } from './addresses.ts';
import { homeV1, signInV1 } from './portal-v1.ts';
import { homeV2, signInV2 } from './portal-v2.ts';
import { addSso } from './sso.ts';
import type { SsoLook } from './sso.ts';

/** One page of the portal as the application draws it into its root. */
export interface Route {
  readonly title: string;
  readonly body: Markup;
}

/** The portal: a static page that stays empty until its bundle draws a route, chosen by what follows the `#`. */
export interface Portal {
  readonly segment: 'particuliers' | 'usagers';
  readonly home?: (now: number) => Route;
  readonly language?: 'fr' | 'en';
  readonly bundle?: 'throws' | 'missing' | 'html';
  /** Drawn instead of every route when the back end does not answer. */
  readonly apiDown?: Markup;
  readonly drawsAfterMs?: number;
  readonly firstByteMs?: number;
  readonly brokenFont?: boolean;
  /** How addresses of the other generation come here. */
  readonly oldLinks?: 'http' | 'script';
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
    // Without a session the back end says 401 to the application's own question: that is its healthy answer.
    app.get('/api/*', (context) => context.json({}, portal.apiDown === undefined ? 401 : 503));
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
    Object.entries({
      '/': portal.home?.(now) ?? (isV2 ? homeV2() : homeV1()),
      [SIGN_IN_ROUTE]: isV2 ? signInV2() : signInV1(),
    }).map(async ([route, { title, body }]) => [route, { title, body: String(await body) }] as const),
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
}
setTimeout(start, ${portal.drawsAfterMs ?? 30});
`);
}

function oldLink(portal: Portal): Promise<Response> | Response {
  const base = `/${portal.segment}/`;
  if (portal.oldLinks === 'http') return redirect(base);
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

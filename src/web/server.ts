import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { Hono } from 'hono';

import { AppError } from '../core/errors.ts';
import type { Target } from '../core/target.ts';
import type { Blobs } from '../evidence/blobs.ts';
import type { Store } from '../store/contract.ts';
import { alertmanagerHook, type HookParts } from './alertmanager-hook.ts';
import { alertsPage } from './alerts-page.ts';
import { isBearer } from './bearer.ts';
import { reviewPage } from './review-page.ts';
import { targetsPage } from './targets-page.ts';

const EVENTS_SHOWN = 200;

export interface WebParts {
  readonly store: Pick<
    Store,
    | 'statuses'
    | 'lastFinishedAt'
    | 'hosts'
    | 'unrecognised'
    | 'events'
    | 'softBlocks'
    | 'storedCheck'
    | 'episodes'
    | 'outboxCounts'
    | 'messages'
  >;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly targets: ReadonlyMap<string, Target>;
  readonly metrics: { readonly contentType: string; expose(): Promise<string> };
  readonly practice: boolean;
  /** What the public may use: subscribing, leaving, feeds. They bring their own headers. */
  readonly publicPages: Hono;
  /** `/readyz` fails when no check has finished for this long. */
  readonly readyWithinMs: number;
  /** When set, `/metrics` is shown only to who sends it as a bearer token. */
  readonly metricsToken: string | undefined;
  readonly hook: HookParts;
  readonly now?: () => number;
}

export function webApp(parts: WebParts): Hono {
  const now = parts.now ?? Date.now;
  const app = new Hono();
  // First: what answers there is not touched by the rules of the operator's pages.
  app.route('/', parts.publicPages);
  app.use(async (context, next) => {
    await next();
    context.header(
      'content-security-policy',
      "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    context.header('x-content-type-options', 'nosniff');
    context.header('referrer-policy', 'no-referrer');
  });
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const last = await parts.store.lastFinishedAt();
    if (last !== null && now() - last <= parts.readyWithinMs) return context.text('ok\n');
    const why =
      last === null ? 'no check has finished yet' : `the last check finished at ${new Date(last).toISOString()}`;
    return context.text(`${why}\n`, 503);
  });
  app.get('/metrics', async (context) => {
    const { metricsToken } = parts;
    if (metricsToken !== undefined && !isBearer(metricsToken, context.req.header('authorization')))
      return context.text('a bearer token is needed\n', 401);
    return context.body(await parts.metrics.expose(), 200, { 'content-type': parts.metrics.contentType });
  });
  app.route('/', alertmanagerHook(parts.hook));
  operatorPages(app, parts, now);
  app.get('/style.css', (context) => context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }));
  app.notFound((context) => context.text('not here\n', 404));
  app.onError((_error, context) => context.text('the monitor could not answer; its log says why\n', 500));
  return app;
}

/** What the people who run this instance look at. */
function operatorPages(app: Hono, parts: WebParts, now: () => number): void {
  app.get('/', async (context) => {
    const { store, targets, practice } = parts;
    const [statuses, hosts, groups, events, softBlocks] = await Promise.all([
      store.statuses(),
      store.hosts(now()),
      store.unrecognised(),
      store.events({ isOpen: true, limit: EVENTS_SHOWN }),
      store.softBlocks(),
    ]);
    const review = { groups: groups.length, events: events.length };
    return context.html(targetsPage({ statuses, hosts, targets, softBlocks, review, practice, now: now() }));
  });
  app.get('/review', async (context) => {
    const { store, practice } = parts;
    const [groups, events, softBlocks] = await Promise.all([
      store.unrecognised(),
      store.events({ limit: EVENTS_SHOWN }),
      store.softBlocks(),
    ]);
    return context.html(reviewPage({ groups, events, softBlocks, practice }));
  });
  app.get('/alerts', async (context) => {
    const { store, practice } = parts;
    const [episodes, counts, messages] = await Promise.all([
      store.episodes({ limit: EVENTS_SHOWN }),
      store.outboxCounts(),
      store.messages({ limit: EVENTS_SHOWN }),
    ]);
    return context.html(alertsPage({ episodes, counts, messages, practice }));
  });
  app.get('/proof/:picture{\\d+\\.png}', async (context) => {
    const check = await parts.store.storedCheck(Number.parseInt(context.req.param('picture'), 10));
    const hash = check?.captures.findLast(({ evidence }) => evidence !== null)?.evidence?.screenshot ?? null;
    if (hash === null) return context.text('no picture was kept\n', 404);
    return context.body(new Uint8Array(await parts.blobs.get(hash)), 200, { 'content-type': 'image/png' });
  });
}

/** Serves until closed. Throws `PORT_TAKEN`. */
export function serveWeb(
  app: Hono,
  options: { host: string; port: number },
): Promise<{ url: string; close(): Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      { fetch: app.fetch, hostname: options.host, port: options.port },
      (info: AddressInfo) => {
        const host = info.family === 'IPv6' ? `[${info.address}]` : info.address;
        resolve({ url: `http://${host}:${info.port}/`, close: () => closed(server) });
      },
    );
    server.once('error', (error) => {
      reject(new AppError('PORT_TAKEN', `${options.host}:${options.port} cannot be listened on`, { cause: error }));
    });
  });
}

function closed(server: ServerType): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 75rem; padding: 1rem; }
h1 { font-size: 1.5rem; margin: 0; }
.practice { background: #ffd54a; color: #222; font-weight: 600; padding: .5rem 1rem; border-radius: .25rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; vertical-align: top; padding: .4rem .6rem; border-block-end: 1px solid var(--line); }
td small { display: block; opacity: .75; max-width: 34rem; }
.outcome { font-weight: 600; white-space: nowrap; border-inline-start: .4rem solid; padding-inline-start: .4rem; }
.slots, .operational { border-color: #2e8b57; }
.no_slots, .suspended, .moved { border-color: #1f6feb; }
.fault { border-color: #c62828; }
.gate { border-color: #b26a00; }
.unmeasured { border-color: #888; border-inline-start-style: dashed; }
h2 { font-size: 1.2rem; }
h3 { font-size: 1rem; margin: 0; }
.group { display: flex; gap: 1rem; border-block-end: 1px solid var(--line); padding-block: 1rem; overflow-wrap: anywhere; }
.group p { margin: .3rem 0; }
.group img { width: 14rem; height: 10rem; object-fit: cover; object-position: top; border: 1px solid var(--line); }
@media (max-width: 40rem) { .group { flex-direction: column; } }
`;

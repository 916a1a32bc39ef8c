import { Hono } from 'hono';

import type { Target } from '../core/target.ts';
import type { Blobs } from '../evidence/blobs.ts';
import type { Store } from '../store/contract.ts';
import { alertsPage } from './alerts-page.ts';
import { OPERATOR, type OperatorGuard } from './operator-guard.ts';
import { peoplePage } from './people-page.ts';
import { reviewPage } from './review-page.ts';
import { targetsPage } from './targets-page.ts';

/** All pages of the operator, and nothing else, stand below `OPERATOR`: a proxy keeps them from the public by it. */

const EVENTS_SHOWN = 200;
/** Where these pages stood before there were public ones: bookmarks go on. */
const FORMER = ['/review', '/alerts', '/people', '/proof/:picture'];

export interface OperatorParts {
  readonly store: Pick<
    Store,
    | 'statuses'
    | 'hosts'
    | 'unrecognised'
    | 'events'
    | 'softBlocks'
    | 'storedCheck'
    | 'episodes'
    | 'outboxCounts'
    | 'messages'
    | 'helpedChecks'
    | 'agreements'
  >;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly targets: ReadonlyMap<string, Target>;
  readonly practice: boolean;
  readonly now?: () => number;
}

/** What the people who run this instance look at, behind its guard. To be mounted at `/`. */
export function operatorPages(parts: OperatorParts, guard: OperatorGuard): Hono {
  const now = parts.now ?? Date.now;
  const app = new Hono();
  enter(app, guard);
  app.get(`${OPERATOR}/`, async (context) => {
    const { store, targets, practice } = parts;
    const [statuses, hosts, groups, events, softBlocks] = await Promise.all([
      store.statuses(),
      store.hosts(now()),
      store.unrecognised(),
      store.events({ isOpen: true, limit: EVENTS_SHOWN }),
      store.softBlocks(),
    ]);
    const review = { groups: groups.length, events: events.length };
    return context.html(
      targetsPage({
        statuses,
        hosts,
        targets,
        softBlocks,
        review,
        practice,
        now: now(),
        hasSessions: guard.hasSessions,
      }),
    );
  });
  app.get(`${OPERATOR}/review`, async (context) => {
    const { store, practice } = parts;
    const [groups, events, softBlocks] = await Promise.all([
      store.unrecognised(),
      store.events({ limit: EVENTS_SHOWN }),
      store.softBlocks(),
    ]);
    return context.html(reviewPage({ groups, events, softBlocks, practice }));
  });
  app.get(`${OPERATOR}/alerts`, async (context) => {
    const { store, practice } = parts;
    const [episodes, counts, messages] = await Promise.all([
      store.episodes({ limit: EVENTS_SHOWN }),
      store.outboxCounts(),
      store.messages({ limit: EVENTS_SHOWN }),
    ]);
    return context.html(alertsPage({ episodes, counts, messages, practice, now: now() }));
  });
  peopleRoutes(app, parts);
  proofRoute(app, parts);
  app.get(`${OPERATOR}/style.css`, (context) =>
    context.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8' }),
  );
  app.get(OPERATOR, (context) => context.redirect(`${OPERATOR}/`, 301));
  for (const path of FORMER) app.get(path, (context) => context.redirect(`${OPERATOR}${context.req.path}`, 301));
  return app;
}

/** What every answer of these pages carries, and who gets one. */
function enter(app: Hono, guard: OperatorGuard): void {
  app.use(`${OPERATOR}/*`, async (context, next) => {
    await next();
    context.header(
      'content-security-policy',
      "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    context.header('referrer-policy', 'no-referrer');
    context.header('cache-control', 'no-store');
    context.header('x-robots-tag', 'noindex');
  });
  for (const path of [OPERATOR, `${OPERATOR}/*`, ...FORMER]) app.use(path, guard.entry);
  app.route('/', guard.routes());
}

/** What people read with the monitor, and what they reported. */
function peopleRoutes(app: Hono, parts: OperatorParts): void {
  app.get(`${OPERATOR}/people`, async (context) => {
    const { store, practice } = parts;
    const [helped, agreements] = await Promise.all([store.helpedChecks({ limit: EVENTS_SHOWN }), store.agreements()]);
    return context.html(peoplePage({ helped, agreements, practice }));
  });
  app.get(`${OPERATOR}/people/:picture{\\d+\\.png}`, async (context) => {
    const id = Number.parseInt(context.req.param('picture'), 10);
    const helped = await parts.store.helpedChecks({ limit: EVENTS_SHOWN });
    const hash = helped.find((row) => row.id === id)?.picture ?? null;
    if (hash === null) return context.text('no picture was kept\n', 404);
    return context.body(new Uint8Array(await parts.blobs.get(hash)), 200, { 'content-type': 'image/png' });
  });
}

function proofRoute(app: Hono, parts: OperatorParts): void {
  app.get(`${OPERATOR}/proof/:picture{\\d+\\.png}`, async (context) => {
    const check = await parts.store.storedCheck(Number.parseInt(context.req.param('picture'), 10));
    const hash = check?.captures.findLast(({ evidence }) => evidence !== null)?.evidence?.screenshot ?? null;
    if (hash === null) return context.text('no picture was kept\n', 404);
    return context.body(new Uint8Array(await parts.blobs.get(hash)), 200, { 'content-type': 'image/png' });
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

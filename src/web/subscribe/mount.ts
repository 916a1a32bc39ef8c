import { Hono } from 'hono';

import { feedRoutes, type FeedParts } from '../feeds/feeds.ts';
import { pushRoutes, type PushParts } from '../push/routes.ts';
import { notePage } from './frame.ts';
import { Gate, type GateLimits } from './gate.ts';
import { PAGE_WORDS, spokenLanguage } from './page-words.ts';
import { subscribeRoutes, type SubscribeParts } from './pages.ts';

export type SubscribePagesParts = SubscribeParts & FeedParts & PushParts & { readonly limits?: Partial<GateLimits> };

const HOUR_MS = 3_600_000;
const LIMITS: GateLimits = {
  perClient: { count: 20, withinMs: HOUR_MS },
  overall: { count: 120, withinMs: HOUR_MS },
};

/**
 * As on the operator's pages, but forms may be posted to ourselves, and the referrer is kept within the site: without one,
 * browsers send `Origin: null` with a form (Fetch, "append a request Origin header"), and older ones send nothing else.
 */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; worker-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
};

/** Only our own: at `/`, a rule for all would be one for the operator's pages too. */
const PATHS = [
  '/fr/*',
  '/en/*',
  '/ar/*',
  '/confirm/*',
  '/stop/*',
  '/feeds/*',
  '/push/*',
  '/push.js',
  '/push-worker.js',
  '/subscribe.css',
];

/** Everything that the public may use: subscribing, leaving, feeds, notifications in browsers. To be mounted at `/`. */
export function subscribePages(parts: SubscribePagesParts): Hono {
  const app = new Hono();
  for (const path of PATHS) {
    app.use(path, async (context, next) => {
      await next();
      for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    });
  }
  const gate = new Gate({ ...LIMITS, ...parts.limits });
  for (const routes of [subscribeRoutes(parts, gate), feedRoutes(parts), pushRoutes(parts, gate)]) {
    routes.onError((error, context) => {
      parts.onFailure(error.name, error);
      const words = PAGE_WORDS[spokenLanguage(context.req.header('accept-language'))];
      return context.html(notePage(words.refused.broken, words, parts.practice), 500);
    });
    app.route('/', routes);
  }
  return app;
}

import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';

import { RateLimit, type Limit } from '../../core/rate-limit.ts';
import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Blobs } from '../../evidence/blobs.ts';
import type { Store } from '../../store/contract.ts';
import { clientOf } from '../subscribe/client.ts';
import { spokenLanguage } from '../subscribe/page-words.ts';
import { bodyFor, compressed, PageCache, type CacheRules, type Kept } from './cache.ts';
import { readForm } from './compare-form.ts';
import { hereAt } from './frame.ts';
import { refusalPage } from './pages/errors.ts';
import { isLanguage } from './words/speak.ts';
import type { Refusal } from './words/words.ts';
import type { SiteWriter } from './writer.ts';

export interface SiteParts {
  readonly writer: SiteWriter;
  readonly store: Pick<Store, 'storedCheck'>;
  readonly blobs: Pick<Blobs, 'get'>;
  readonly now: () => number;
  readonly onFailure: (reason: string) => void;
  readonly rules: SiteRules;
}

export interface SiteRules extends CacheRules {
  /** How many computations one client, and all together, may cause. What is kept costs nothing and has no limit. */
  readonly perClient: Limit;
  readonly overall: Limit;
}

const MINUTE_MS = 60_000;

export const SITE_RULES: SiteRules = {
  keptMs: 2 * MINUTE_MS,
  most: 1_500,
  perClient: { count: 120, withinMs: MINUTE_MS },
  overall: { count: 600, withinMs: MINUTE_MS },
};

const MOST_REFUSALS = 100;

const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'";

/** Nothing inline, nothing foreign; only a widget may stand in a frame of another site. */
function setHeaders(context: Context, isFramed: boolean): void {
  context.header('content-security-policy', `${POLICY}; frame-ancestors ${isFramed ? '*' : "'none'"}`);
  context.header('x-content-type-options', 'nosniff');
  context.header('referrer-policy', 'same-origin');
}

/** `/`, `/fr/…`, `/en/…`, `/ar/…`, `/assets/…`, `/captures/…`: the public site. To be mounted at `/`, before what shares a language's prefix. */
export function sitePages(parts: SiteParts): {
  readonly app: Hono;
  readonly notFound: (context: Context) => Promise<Response>;
} {
  const desk = new SiteDesk(parts);
  const app = new Hono();
  app.get('/', (context) => desk.toLanguage(context));
  for (const language of LANGUAGES) {
    app.get(`/${language}`, (context) => context.redirect(`${language}/`, 301));
    app.get(`/${language}/compare/`, async (context) => await desk.compare(context, language));
    app.get(`/${language}/*`, async (context, next) => {
      const found = await desk.page(context, language);
      if (found === null) return await next();
      return found;
    });
  }
  app.get(
    '/captures/:target/:picture{\\d+\\.png}',
    async (context) => await desk.guarded(context, async () => await desk.capture(context)),
  );
  app.get('/assets/:name', async (context) => await desk.asset(context));
  return { app, notFound: async (context) => await desk.refuse(context, 'notFound', 404) };
}

type Status = 200 | 400 | 404 | 429 | 500;

class SiteDesk {
  readonly #parts: SiteParts;
  readonly #cache: PageCache;
  readonly #perClient: RateLimit;
  readonly #overall: RateLimit;
  readonly #refusals = new Map<string, string>();
  readonly #assets = new Map<string, Promise<Kept>>();
  /** Which pictures a target shows now: no other is given out. */
  readonly #shown = new Map<string, { readonly at: number; readonly ids: ReadonlySet<number> }>();

  constructor(parts: SiteParts) {
    this.#parts = parts;
    this.#cache = new PageCache(parts.rules, parts.now);
    this.#perClient = new RateLimit(parts.rules.perClient);
    this.#overall = new RateLimit(parts.rules.overall);
  }

  toLanguage(context: Context): Response {
    context.header('vary', 'accept-language');
    return context.redirect(`${spokenLanguage(context.req.header('accept-language'))}/`, 302);
  }

  /** Null where this site has nothing: another part may. */
  async page(context: Context, language: Language): Promise<Response | null> {
    const { writer } = this.#parts;
    const path = context.req.path.slice(language.length + 2);
    const [section = '', name = '', ...rest] = path.split('/');
    const known = writer.paths;
    if (known.has(`${path}/`)) return context.redirect(`${path.split('/').at(-1) ?? ''}/`, 301);
    if (!known.has(path)) {
      if (section === 'department' && name !== '' && rest.length < 3)
        return await this.refuse(context, 'department', 404);
      if (section === 'target' && name !== '' && rest.length < 3) return await this.refuse(context, 'target', 404);
      return null;
    }
    return await this.#kept(context, `${language}/${path}`, async () => await writer.write(language, path));
  }

  async compare(context: Context, language: Language): Promise<Response> {
    const { writer } = this.#parts;
    const form = readForm((name) => context.req.query(name), writer.today(), writer.subjects);
    const { subject, bf, bt, af, at, mistake } = form;
    if (mistake !== null) {
      const waitMs = this.#wait(context);
      if (waitMs > 0) return await this.#tooMany(context, waitMs);
      const { contentType, text } = await writer.writeCompare(language, form);
      setHeaders(context, false);
      context.header('cache-control', 'no-store');
      return context.body(text, 400, { 'content-type': contentType });
    }
    const key = `${language}/compare/?${[subject, bf, bt, af, at].join('&')}`;
    return await this.#kept(context, key, async () => await writer.writeCompare(language, form));
  }

  async asset(context: Context): Promise<Response> {
    const path = context.req.path.slice(1);
    const asset = Object.values(this.#parts.writer.facts.assets).find((one) => one.path === path);
    if (asset === undefined) return await this.refuse(context, 'notFound', 404);
    const { contentType, body } = asset;
    const kept = this.#assets.get(path) ?? compressed({ contentType, text: body }, this.#parts.now());
    this.#assets.set(path, kept);
    // Its name changes with its content.
    return this.#send(context, await kept, 'public, max-age=31536000, immutable');
  }

  async capture(context: Context): Promise<Response> {
    const { store, blobs, writer } = this.#parts;
    const id = Number.parseInt(context.req.param('picture') ?? '', 10);
    const target = context.req.param('target') ?? '';
    if (!writer.subjects.has(`target:${target}`)) return await this.refuse(context, 'notFound', 404);
    if (!(await this.#shownOf(target)).has(id)) return await this.refuse(context, 'notFound', 404);
    const check = await store.storedCheck(id);
    const hash = check?.captures.findLast(({ evidence }) => evidence !== null)?.evidence?.screenshot ?? null;
    if (hash === null) return await this.refuse(context, 'notFound', 404);
    const picture = new Uint8Array(await blobs.get(hash));
    setHeaders(context, false);
    context.header('cache-control', 'public, max-age=86400');
    return context.body(picture, 200, { 'content-type': 'image/png' });
  }

  /** A page that says what is wrong, in the language of the address, or of the reader. */
  async refuse(context: Context, refusal: Refusal, status: Status): Promise<Response> {
    const { path } = context.req;
    const first = path.split('/')[1] ?? '';
    const language = isLanguage(first) ? first : spokenLanguage(context.req.header('accept-language'));
    const depth = path.split('/').length - 2;
    const key = `${language} ${refusal} ${depth}`;
    const known = this.#refusals.get(key);
    const text = known ?? String(await refusalPage(hereAt(this.#parts.writer.facts, language, '', depth), refusal));
    // There are few of them, but for those who count how deep they can go.
    if (this.#refusals.size < MOST_REFUSALS) this.#refusals.set(key, text);
    setHeaders(context, false);
    context.header('cache-control', 'no-store');
    return context.html(text, status);
  }

  /** A reader learns that we failed, the log learns why. */
  async guarded(context: Context, answer: () => Promise<Response>): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      this.#parts.onFailure(error instanceof Error ? `${context.req.path}: ${error.message}` : 'a page failed');
      return await this.refuse(context, 'broken', 500);
    }
  }

  async #shownOf(target: string): Promise<ReadonlySet<number>> {
    const { now, rules, writer } = this.#parts;
    const known = this.#shown.get(target);
    if (known !== undefined && now() - known.at < rules.keptMs) return known.ids;
    const ids = new Set(await writer.captures(target));
    this.#shown.set(target, { at: now(), ids });
    return ids;
  }

  async #kept(context: Context, key: string, compute: Parameters<PageCache['get']>[1]): Promise<Response> {
    const isFree = this.#cache.fresh(key) !== null || this.#cache.isUnderWay(key);
    const waitMs = isFree ? 0 : this.#wait(context);
    // A page of some minutes ago says more than a refusal.
    const old = waitMs > 0 ? this.#cache.stale(key) : null;
    if (old !== null) return this.#send(context, old, 'public, max-age=60');
    if (waitMs > 0) return await this.#tooMany(context, waitMs);
    try {
      const kept = await this.#cache.get(key, compute);
      return kept === null
        ? await this.refuse(context, 'notFound', 404)
        : this.#send(context, kept, 'public, max-age=60');
    } catch (error) {
      this.#parts.onFailure(error instanceof Error ? error.message : 'a page could not be written');
      return await this.refuse(context, 'broken', 500);
    }
  }

  async #tooMany(context: Context, waitMs: number): Promise<Response> {
    context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
    return await this.refuse(context, 'tooMany', 429);
  }

  #wait(context: Context): number {
    const address = isServed(context) ? (getConnInfo(context).remote.address ?? '') : '';
    const now = this.#parts.now();
    return this.#perClient.take(clientOf(address), now) || this.#overall.take('', now);
  }

  #send(context: Context, kept: Kept, cacheControl: string): Response {
    setHeaders(context, context.req.path.endsWith('/widget/'));
    context.header('etag', kept.etag);
    context.header('vary', 'accept-encoding');
    context.header('cache-control', cacheControl);
    if (isKnown(context.req.header('if-none-match'), kept.etag)) return context.body(null, 304);
    const { body, encoding } = bodyFor(kept, context.req.header('accept-encoding'));
    if (encoding !== null) context.header('content-encoding', encoding);
    return context.body(new Uint8Array(body), 200, { 'content-type': kept.contentType });
  }
}

/** Asked through a server, not by a test that hands over a request. */
function isServed(context: Context): boolean {
  return typeof context.env === 'object' && context.env !== null && 'incoming' in context.env;
}

function isKnown(tags: string | undefined, etag: string): boolean {
  if (tags === undefined) return false;
  return tags.split(',').some((tag) => tag.trim() === '*' || tag.trim() === etag);
}

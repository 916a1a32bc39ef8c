import { Hono, type Context } from 'hono';

import { LANGUAGES, type Language } from '../../core/subscription.ts';
import { keptOf, type Kept, type Written } from '../answer-cache.ts';
import { AnswerDesk, type AnswerRules } from '../answer-desk.ts';
import { sendKept } from '../send-kept.ts';
import { spokenLanguage } from '../subscribe/page-words.ts';
import { readForm } from './compare-form.ts';
import { hereAt } from './frame.ts';
import { refusalPage } from './pages/errors.ts';
import { isLanguage } from './words/speak.ts';
import type { Refusal } from './words/words.ts';
import type { SiteWriter } from './writer.ts';

export interface SiteParts {
  readonly writer: SiteWriter;
  readonly now: () => number;
  readonly onFailure: (reason: string, error?: unknown) => void;
  readonly rules: AnswerRules;
}

const MINUTE_MS = 60_000;

export const SITE_RULES: AnswerRules = {
  keptMs: 2 * MINUTE_MS,
  most: 1_500,
  mostBytes: 64_000_000,
  perClient: { count: 120, withinMs: MINUTE_MS },
  overall: { count: 600, withinMs: MINUTE_MS },
};

/** Deeper than any page of ours stands: links up from there would grow with the address. */
const MOST_DEPTH = 8;

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
    '/captures/:target/:picture{\\d+(?:-small)?\\.png}',
    async (context) => await desk.guarded(context, async () => await desk.capture(context)),
  );
  app.get('/assets/:name', async (context) => await desk.asset(context));
  return { app, notFound: async (context) => await desk.nothingAt(context) };
}

type Status = 200 | 400 | 404 | 429 | 500;

class SiteDesk {
  readonly #parts: SiteParts;
  readonly #desk: AnswerDesk;
  readonly #refusals = new Map<string, string>();
  readonly #assets = new Map<string, Promise<Kept>>();

  constructor(parts: SiteParts) {
    this.#parts = parts;
    this.#desk = new AnswerDesk(parts.rules, parts.now);
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
      const waitMs = this.#desk.wait(context);
      if (waitMs > 0) return await this.#tooMany(context, waitMs);
      const { contentType, body } = await writer.writeCompare(language, form);
      setHeaders(context, false);
      context.header('cache-control', 'no-store');
      return context.body(body, 400, { 'content-type': contentType });
    }
    const key = `${language}/compare/?${[subject, bf, bt, af, at].join('&')}`;
    return await this.#kept(context, key, async () => await writer.writeCompare(language, form));
  }

  async asset(context: Context): Promise<Response> {
    const path = context.req.path.slice(1);
    const asset = Object.values(this.#parts.writer.facts.assets).find((one) => one.path === path);
    if (asset === undefined) return await this.refuse(context, 'notFound', 404);
    const kept = this.#assets.get(path) ?? keptOf(asset, this.#parts.now());
    this.#assets.set(path, kept);
    setHeaders(context, false);
    // Its name changes with its content.
    return sendKept(context, await kept, 'public, max-age=31536000, immutable');
  }

  /** Only what a page of the target has shown is given out. */
  async capture(context: Context): Promise<Response> {
    const { writer } = this.#parts;
    const name = context.req.param('picture') ?? '';
    const id = Number.parseInt(name, 10);
    const target = context.req.param('target') ?? '';
    if (!writer.subjects.has(`target:${target}`)) return await this.refuse(context, 'notFound', 404);
    if (writer.picturesShown(target) === null) {
      // The reader's page is from before our start: it is written first, as a question like any other.
      const path = `target/${target}/`;
      const answer = await this.#desk.ask(context, `fr/${path}`, async () => await writer.write('fr', path));
      if (answer.kind === 'wait') return await this.#tooMany(context, answer.waitMs);
    }
    if (writer.picturesShown(target)?.has(id) !== true) return await this.refuse(context, 'notFound', 404);
    const picture = await writer.pictures.get(id, name.endsWith('-small.png') ? 'small' : 'whole');
    if (picture === null) return await this.refuse(context, 'notFound', 404);
    setHeaders(context, false);
    return sendKept(context, picture, 'public, max-age=86400');
  }

  /** A page of ours is only to be read; everything else is not here. */
  async nothingAt(context: Context): Promise<Response> {
    const [, language = '', ...rest] = context.req.path.split('/');
    const isPage = isLanguage(language) && this.#parts.writer.paths.has(rest.join('/'));
    if (!isPage || context.req.method === 'GET') return await this.refuse(context, 'notFound', 404);
    context.header('allow', 'GET, HEAD');
    setHeaders(context, false);
    return context.text('only to be read: ask with GET\n', 405);
  }

  /** A page that says what is wrong, in the language of the address, or of the reader. */
  async refuse(context: Context, refusal: Refusal, status: Status): Promise<Response> {
    const { path } = context.req;
    const first = path.split('/')[1] ?? '';
    const language = isLanguage(first) ? first : spokenLanguage(context.req.header('accept-language'));
    const depth = path.split('/').length - 2;
    setHeaders(context, false);
    context.header('cache-control', 'no-store');
    if (depth > MOST_DEPTH) return context.text('not here\n', status);
    const key = `${language} ${refusal} ${depth}`;
    const known = this.#refusals.get(key);
    const text = known ?? String(await refusalPage(hereAt(this.#parts.writer.facts, language, '', depth), refusal));
    this.#refusals.set(key, text);
    return context.html(text, status);
  }

  /** A reader learns that we failed, the log learns why. */
  async guarded(context: Context, answer: () => Promise<Response>): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      this.#parts.onFailure(error instanceof Error ? `${context.req.path}: ${error.message}` : 'a page failed', error);
      return await this.refuse(context, 'broken', 500);
    }
  }

  async #kept(context: Context, key: string, compute: () => Promise<Written | null>): Promise<Response> {
    return await this.guarded(context, async () => {
      const answer = await this.#desk.ask(context, key, compute);
      if (answer.kind === 'wait') return await this.#tooMany(context, answer.waitMs);
      if (answer.kept === null) return await this.refuse(context, 'notFound', 404);
      setHeaders(context, context.req.path.endsWith('/widget/'));
      return sendKept(context, answer.kept, 'public, max-age=60');
    });
  }

  async #tooMany(context: Context, waitMs: number): Promise<Response> {
    context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
    return await this.refuse(context, 'tooMany', 429);
  }
}

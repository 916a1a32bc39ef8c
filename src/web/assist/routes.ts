import { upgradeWebSocket } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { WebSocketServer } from 'ws';

import type { AssistDesk } from '../../assist/desk.ts';
import { MOST_PICTURE_BYTES } from '../../assist/picture.ts';
import { reaches } from '../../assist/queue.ts';
import { reportedCheck } from '../../assist/report.ts';
import type { Invitation } from '../../core/invitation.ts';
import type { Language } from '../../core/subscription.ts';
import type { Target } from '../../core/target.ts';
import type { Blobs } from '../../evidence/blobs.ts';
import type { Store } from '../../store/contract.ts';
import type { Markup } from '../frame.ts';
import { isOwnForm } from '../subscribe/origin.ts';
import { spokenLanguage } from '../subscribe/page-words.ts';
import { Access, languageOf } from './access.ts';
import { assetList, cachingOf } from './assets.ts';
import { ASSIST_WORDS, assistNote } from './frame.ts';
import { queuePage } from './queue-page.ts';
import { reportOf, typedReport, type GoodReport, type TypedReport } from './report-form.ts';
import { reportPage } from './report-page.ts';
import { socketEvents } from './socket.ts';
import { windowPage } from './window-page.ts';
import type { AssistWords, Note, NoteKey, ReportError } from './words/words.ts';

export interface AssistPagesParts {
  readonly desk: AssistDesk;
  readonly store: Pick<Store, 'invitationOf' | 'usedInvitation' | 'record'>;
  readonly blobs: Pick<Blobs, 'put'>;
  readonly targets: ReadonlyMap<string, Target>;
  /** A picture decoded and drawn anew; null when it is none. */
  readonly drawAnew: (bytes: Uint8Array) => Promise<Uint8Array | null>;
  readonly vantage: string;
  readonly page: string | null;
  readonly practice: boolean;
  readonly onFailure: (reason: string, error?: unknown) => void;
  readonly now?: () => number;
}

const FORM_BYTES = 16_384;
/** A message of a person's browser is a few dozen bytes. */
const MESSAGE_BYTES = 2_048;

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; style-src 'self'; img-src 'self' data:; media-src blob:; script-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'permissions-policy':
    'camera=(), microphone=(), geolocation=(), clipboard-read=(), clipboard-write=(), display-capture=()',
};

/** The server for the sockets of these pages: small messages, nothing compressed, as pictures are already. */
export function assistSockets(): WebSocketServer {
  return new WebSocketServer({ noServer: true, maxPayload: MESSAGE_BYTES, perMessageDeflate: false });
}

/**
 * The pages of people who help, all under `/assist/`: the invitation `i/…`, and in each language the list, `begin`, `window/…`,
 * `report`; the socket of a window; two scripts and a style sheet. To be mounted at `/`.
 */
export function assistPages(parts: AssistPagesParts): Hono {
  const pages = new AssistPages(parts);
  const app = new Hono().basePath('/assist');
  app.use('*', async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    if (!context.res.headers.has('cache-control')) context.header('cache-control', 'no-store');
  });
  const tooLong = (context: Context): Response | Promise<Response> => pages.note(context, 'tooLong', 413);
  app.get('/i/:secret', (context) => pages.enter(context, context.req.param('secret')));
  app.get(
    '/socket/:id',
    (context, next) => pages.mayConnect(context, next),
    upgradeWebSocket(async (context) => await pages.socket(context)),
  );
  app.get('/:language{fr|en|ar}/', (context) => pages.list(context));
  app.post('/:language{fr|en|ar}/begin', bodyLimit({ maxSize: FORM_BYTES, onError: tooLong }), (context) =>
    pages.begin(context),
  );
  app.get('/:language{fr|en|ar}/window/:id', (context) => pages.window(context, context.req.param('id')));
  app.get('/:language{fr|en|ar}/report', (context) => pages.reportForm(context));
  app.post(
    '/:language{fr|en|ar}/report',
    bodyLimit({ maxSize: MOST_PICTURE_BYTES + FORM_BYTES, onError: tooLong }),
    (context) => pages.report(context),
  );
  for (const [name, { body, type }] of assetList()) {
    app.get(`/${name}`, (context) => {
      const caching = cachingOf(name, new URL(context.req.url).search.slice(1));
      return context.body(body, 200, { 'content-type': type, 'cache-control': caching });
    });
  }
  app.onError((error, context) => {
    parts.onFailure(error.name, error);
    return pages.note(context, 'broken', 500);
  });
  return app;
}

type Status = 200 | 403 | 404 | 409 | 413 | 422 | 429 | 500 | 503;

class AssistPages {
  readonly #parts: AssistPagesParts;
  readonly #access: Access;
  readonly #now: () => number;

  constructor(parts: AssistPagesParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#access = new Access({ store: parts.store, page: parts.page, now: this.#now });
  }

  async enter(context: Context, secret: string): Promise<Response> {
    const found = await this.#access.open(context, secret);
    if (found === null) return await this.note(context, 'noLink', 404);
    if ('waitMs' in found) return await this.#tooMany(context, found.waitMs);
    return context.redirect(`../${found.language}/`, 303);
  }

  async list(context: Context): Promise<Response> {
    const who = await this.#access.who(context);
    if (who === null) return await this.note(context, 'noLink', 403);
    const { desk, practice } = this.#parts;
    const [offers, spots] = await Promise.all([desk.offers(who), desk.spots(who)]);
    const openId = desk.sessionOf(who.id)?.id ?? null;
    const words = this.#words(context);
    return await show(context, queuePage({ words, practice, name: who.name, offers, spots, openId, now: this.#now() }));
  }

  async begin(context: Context): Promise<Response> {
    const who = await this.#mayPost(context, 'acts');
    if (who instanceof Response) return who;
    const { target } = await context.req.parseBody();
    const begun = this.#parts.desk.begin(who, typeof target === 'string' ? target : '');
    if (typeof begun !== 'string') return context.redirect(`window/${begun.id}`, 303);
    const status = { unknown: 404, busy: 503, taken: 409 } as const;
    return await this.#say(context, this.#words(context).begin[begun], status[begun]);
  }

  async window(context: Context, id: string): Promise<Response> {
    const who = await this.#access.who(context);
    if (who === null) return await this.note(context, 'noLink', 403);
    const session = this.#parts.desk.session(id, who.id);
    if (session === null) return await this.note(context, 'gone', 404);
    return await show(context, windowPage(session, { words: this.#words(context), practice: this.#parts.practice }));
  }

  /** Before a socket opens: our own page, a valid invitation, and a session of its own. */
  async mayConnect(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
    if (!this.#access.isOwnSocket(context.req.raw.headers)) return context.text('foreign\n', 403);
    const who = await this.#access.who(context);
    if (who === null) return context.text('no invitation\n', 403);
    if (this.#parts.desk.session(context.req.param('id') ?? '', who.id) === null) return context.text('gone\n', 404);
    if (this.#access.wait('sockets', who) > 0) return context.text('too many\n', 429);
    await next();
    return undefined;
  }

  async socket(context: Context): Promise<ReturnType<typeof socketEvents>> {
    const who = await this.#access.who(context);
    const session = who === null ? null : this.#parts.desk.session(context.req.param('id') ?? '', who.id);
    return session === null ? {} : socketEvents(session, this.#now);
  }

  async reportForm(context: Context): Promise<Response> {
    const who = await this.#access.who(context);
    if (who === null) return await this.note(context, 'noLink', 403);
    const when = parisMinute(this.#now());
    const spot = context.req.query('spot') ?? '';
    return await this.#showReport(context, who, { target: '', when, outcome: '', firstDate: '', spot }, []);
  }

  async report(context: Context): Promise<Response> {
    const who = await this.#mayPost(context, 'reports');
    if (who instanceof Response) return who;
    const body = await context.req.parseBody();
    const typed = typedReport(body);
    const found = await reportOf(typed, body['picture'], { targets: this.#targetsOf(who), now: this.#now() });
    if ('errors' in found) return await this.#showReport(context, who, typed, found.errors);
    const isKept = await this.#keep(who, found, typed.spot);
    if (!isKept) return await this.#showReport(context, who, typed, ['picture']);
    return await this.note(context, 'reported', 200);
  }

  note(context: Context, key: NoteKey, status: Status): Response | Promise<Response> {
    return this.#say(context, this.#words(context).notes[key], status);
  }

  /** False when the picture cannot be decoded. */
  async #keep(who: Invitation, { report, picture }: GoodReport, spot: string): Promise<boolean> {
    const { store, blobs, drawAnew, vantage, desk } = this.#parts;
    const redrawn = picture === null ? null : await drawAnew(picture);
    if (picture !== null && redrawn === null) return false;
    const asked = (await desk.spots(who)).find(
      ({ checkId, target }) => String(checkId) === spot && target.id === report.target.id,
    );
    await store.record(reportedCheck(report, vantage, this.#now()), {
      help: {
        kind: asked === undefined ? 'report' : 'spot',
        invitationId: who.id,
        plannedAt: null,
        pairedCheckId: asked?.checkId ?? null,
        picture: redrawn === null ? null : await blobs.put(redrawn),
      },
    });
    return true;
  }

  async #showReport(
    context: Context,
    who: Invitation,
    typed: TypedReport,
    errors: readonly ReportError[],
  ): Promise<Response> {
    const { desk, practice } = this.#parts;
    const spot = (await desk.spots(who)).find(({ checkId }) => String(checkId) === typed.spot);
    const page = { words: this.#words(context), practice, targets: this.#targetsOf(who), errors };
    const markup = reportPage({
      ...page,
      asked: spot?.target ?? null,
      typed: spot === undefined ? { ...typed, spot: '' } : typed,
    });
    return await show(context, markup, errors.length > 0 ? 422 : 200);
  }

  #targetsOf(who: Invitation): readonly Target[] {
    return [...this.#parts.targets.values()].filter((target) => reaches(who, target));
  }

  async #mayPost(context: Context, what: 'acts' | 'reports'): Promise<Invitation | Response> {
    const who = await this.#access.who(context);
    if (who === null) return await this.note(context, 'noLink', 403);
    if (!isOwnForm(context.req.raw.headers, this.#parts.page)) return await this.note(context, 'foreign', 403);
    const waitMs = this.#access.wait(what, who);
    return waitMs > 0 ? await this.#tooMany(context, waitMs) : who;
  }

  #tooMany(context: Context, waitMs: number): Response | Promise<Response> {
    context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
    return this.#say(context, this.#words(context).tooMany(Math.ceil(waitMs / 60_000)), 429);
  }

  #say(context: Context, note: Note, status: Status): Response | Promise<Response> {
    const isInside = languageOf(context.req.param('language')) !== null;
    const { practice } = this.#parts;
    const depth = context.req.path.split('/assist/')[1]?.split('/').length ?? 1;
    const root = '../'.repeat(Math.max(0, depth - 1)) || './';
    const words = this.#words(context);
    return show(context, assistNote(note, { words, practice, root, hasList: isInside && status !== 403 }), status);
  }

  #words(context: Context): AssistWords {
    const language: Language =
      languageOf(context.req.param('language')) ?? spokenLanguage(context.req.header('accept-language'));
    return ASSIST_WORDS[language];
  }
}

function show(context: Context, markup: Markup, status: Status = 200): Response | Promise<Response> {
  return context.html(markup, status);
}

const minute = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'short' });

/** As a field of day and time holds it. */
function parisMinute(at: number): string {
  return minute.format(at).replace(' ', 'T');
}

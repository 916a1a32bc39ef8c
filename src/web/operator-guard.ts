import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { Hono, type Context, type Next } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';

import { ipOf, isLoopbackHost } from '../core/networks.ts';
import { RateLimit } from '../core/rate-limit.ts';
import { isBearer } from './bearer.ts';
import { clientIn } from './client.ts';
import { signInPage, type SignInNote } from './sign-in-page.ts';
import { isOwnForm } from './subscribe/origin.ts';

/** Who may look at the operator's pages: by which name they are asked for, and with which token. */

export interface OperatorAccess {
  /** Asked for once, then remembered in a cookie; without one the pages are shown on this machine only. */
  readonly token: string | undefined;
  /** The address that the server listens on. */
  readonly listensOn: string;
  /** Names by which the pages may be asked for, besides those of this machine. */
  readonly hosts: readonly string[];
  /** Where the public finds its own pages: by that name these are not there, unless it stands in `hosts`. */
  readonly publicUrl: string | null;
}

export const OPERATOR = '/operator';
const SIGN_IN = `${OPERATOR}/sign-in`;
const SIGN_OUT = `${OPERATOR}/sign-out`;
const STYLE_SHEET = `${OPERATOR}/style.css`;

const COOKIE = 'guetteur_operator';
const SESSION_MS = 12 * 3_600_000;
/** One person, a few devices. */
const MOST_SESSIONS = 50;
const MOST_FORM_BYTES = 4_096;
const HOUR_MS = 3_600_000;
/** Wrong tokens of one client, and of all together: the first for who mistypes, the second for who has many addresses. */
const PER_CLIENT = { count: 10, withinMs: HOUR_MS };
const OVERALL = { count: 300, withinMs: HOUR_MS };
/** What proxies write; a browser on this machine does not. */
const FORWARDING = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'];

type NameOf = 'ours' | 'public' | 'unknown';

export class OperatorGuard {
  readonly #access: OperatorAccess;
  readonly #now: () => number;
  readonly #practice: boolean;
  /** When each session ends, by the hash of its secret. */
  readonly #sessions = new Map<string, number>();
  readonly #perClient = new RateLimit(PER_CLIENT);
  readonly #overall = new RateLimit(OVERALL);

  constructor(access: OperatorAccess, { practice, now }: { readonly practice: boolean; readonly now: () => number }) {
    this.#access = access;
    this.#practice = practice;
    this.#now = now;
  }

  /** For what is not secret, but not for every page in a browser either: a foreign name may be led here (DNS rebinding). */
  byName = async (context: Context, next: Next): Promise<Response | undefined> => {
    const refusal = this.#refusalByName(context);
    if (refusal !== null) return refusal;
    await next();
    return undefined;
  };

  /** For everything of the operator. */
  entry = async (context: Context, next: Next): Promise<Response | undefined> => {
    const refusal = this.#refusalByName(context) ?? (await this.#refusalOfStranger(context));
    if (refusal !== null) return refusal;
    await next();
    return undefined;
  };

  /** Whether people sign in here. */
  get hasSessions(): boolean {
    return this.#access.token !== undefined;
  }

  routes(): Hono {
    const app = new Hono();
    const limited = bodyLimit({ maxSize: MOST_FORM_BYTES, onError: (context) => this.#ask(context, 'wrong', 413) });
    app.get(SIGN_IN, (context) => this.#ask(context, null, 200));
    app.post(SIGN_IN, limited, (context) => this.#signIn(context));
    app.post(SIGN_OUT, (context) => this.#signOut(context));
    return app;
  }

  #refusalByName(context: Context): Response | null {
    const name = this.#nameOf(hostIn(context));
    switch (name) {
      case 'ours':
        return null;
      case 'public':
        return context.text('not here\n', 404);
      // RFC 9110, 15.5.20: this server does not answer for that name.
      case 'unknown':
        return context.text(UNKNOWN_NAME, 421);
      default:
        return name satisfies never;
    }
  }

  #nameOf(host: string): NameOf {
    const { hosts, listensOn, publicUrl } = this.#access;
    if (hosts.some((one) => isSameHost(one, host))) return 'ours';
    if (isLoopbackHost(host)) return 'ours';
    if (publicUrl !== null && isSameHost(new URL(publicUrl).hostname, host)) return 'public';
    return ipOf(host) !== null && isSameHost(listensOn, host) ? 'ours' : 'unknown';
  }

  async #refusalOfStranger(context: Context): Promise<Response | null> {
    const { path } = context.req;
    if (path === SIGN_IN || path === STYLE_SHEET) return null;
    const { token } = this.#access;
    if (token === undefined) return this.#isAtHome(context) ? null : context.text(NO_TOKEN, 403);
    if (this.#hasSession(context)) return null;
    const authorization = context.req.header('authorization');
    if (authorization === undefined) return await this.#ask(context, null, 401);
    const waitMs = this.#waitOf(context, isBearer(token, authorization));
    if (waitMs === null) return null;
    return waitMs > 0 ? tooMany(context, waitMs) : context.text('a bearer token is needed\n', 401);
  }

  /** At this very machine, with nothing in between. */
  #isAtHome(context: Context): boolean {
    if (!isLoopbackHost(this.#access.listensOn) || !isLoopbackHost(hostIn(context))) return false;
    return FORWARDING.every((name) => context.req.header(name) === undefined);
  }

  /** Null for the right token, else how long this client has to wait before the next; right ones are not counted. */
  #waitOf(context: Context, isRight: boolean): number | null {
    const now = this.#now();
    const client = clientIn(context);
    const waitMs = this.#perClient.wait(client, now) || this.#overall.wait('', now);
    if (waitMs > 0) return waitMs;
    if (isRight) return null;
    this.#perClient.take(client, now);
    this.#overall.take('', now);
    return 0;
  }

  async #signIn(context: Context): Promise<Response> {
    const { token, publicUrl } = this.#access;
    if (token === undefined) return context.redirect(`${OPERATOR}/`, 303);
    if (!isOwnForm(context.req.raw.headers, publicUrl)) return context.text('not from our own page\n', 403);
    const { token: given } = await context.req.parseBody();
    const isRight = typeof given === 'string' && isEqual(given.trim(), token);
    const waitMs = this.#waitOf(context, isRight);
    if (waitMs === 0) return await this.#ask(context, 'wrong', 401);
    if (waitMs !== null) return tooMany(context, waitMs);
    this.#begin(context);
    return context.redirect(`${OPERATOR}/`, 303);
  }

  #begin(context: Context): void {
    const secret = randomBytes(32).toString('base64url');
    this.#sessions.set(hashOf(secret), this.#now() + SESSION_MS);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > MOST_SESSIONS && oldest !== undefined) this.#sessions.delete(oldest);
    this.#setCookie(context, secret, SESSION_MS / 1_000);
  }

  async #signOut(context: Context): Promise<Response> {
    if (!isOwnForm(context.req.raw.headers, this.#access.publicUrl))
      return context.text('not from our own page\n', 403);
    this.#sessions.delete(hashOf(getCookie(context, COOKIE) ?? ''));
    this.#setCookie(context, '', 0);
    return await Promise.resolve(context.redirect(SIGN_IN, 303));
  }

  #setCookie(context: Context, value: string, maxAge: number): void {
    const { publicUrl } = this.#access;
    const isPublic = publicUrl !== null && isSameHost(new URL(publicUrl).hostname, hostIn(context));
    const secure = isPublic && publicUrl.startsWith('https:');
    setCookie(context, COOKIE, value, { httpOnly: true, sameSite: 'Strict', secure, path: OPERATOR, maxAge });
  }

  #hasSession(context: Context): boolean {
    const secret = getCookie(context, COOKIE);
    if (secret === undefined) return false;
    const key = hashOf(secret);
    const endsAt = this.#sessions.get(key);
    if (endsAt === undefined) return false;
    if (this.#now() < endsAt) return true;
    this.#sessions.delete(key);
    return false;
  }

  async #ask(context: Context, note: SignInNote | null, status: 200 | 401 | 413): Promise<Response> {
    return await context.html(
      signInPage({ practice: this.#practice, note, isSignedIn: this.#hasSession(context) }),
      status,
    );
  }
}

const UNKNOWN_NAME =
  'these pages are not shown by this name: use http://127.0.0.1, or name it in http.operatorHosts of guetteur.yaml\n';
const NO_TOKEN =
  'these pages are shown on this machine only: set GUETTEUR_OPERATOR_TOKEN to see them from elsewhere, then sign in\n';

/** As the browser names it, without a port. */
function hostIn(context: Context): string {
  const written = context.req.header('host');
  const url = written === undefined ? new URL(context.req.url) : URL.parse(`http://${written}`);
  return url?.hostname ?? '';
}

function isSameHost(one: string, other: string): boolean {
  const bare = (host: string): string =>
    host
      .replace(/^\[|\]$/g, '')
      .replace(/\.$/, '')
      .toLowerCase();
  return bare(one) === bare(other);
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** In the same time whatever is given. */
function isEqual(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}

function tooMany(context: Context, waitMs: number): Response {
  context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
  return context.text('too many wrong tokens: try again later\n', 429);
}

import type { Context } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';

import { invited } from '../../assist/invitations.ts';
import type { Invitation } from '../../core/invitation.ts';
import { RateLimit } from '../../core/rate-limit.ts';
import { LANGUAGES, type Language } from '../../core/subscription.ts';
import type { Store } from '../../store/contract.ts';
import { clientIn } from '../client.ts';

/** Who somebody is: the secret of their invitation, from the link into a cookie that no script reads and no other site sends. */

const COOKIE = 'guetteur_assist';
const KEPT_SECONDS = 90 * 86_400;
const HOUR_MS = 3_600_000;

/** Links that are none, tried by one client; a secret of 192 bits is not found by trying. */
const TRIES = { count: 120, withinMs: HOUR_MS };
/** How often one invitation is opened. Counted apart: whoever tries wrong links must not lock out who has a right one. */
const ENTRIES = { count: 60, withinMs: HOUR_MS };
/** What one person begins; what they report. */
const ACTS = { count: 40, withinMs: HOUR_MS };
/** A telephone in a tunnel comes back once a second. */
const SOCKETS = { count: 120, withinMs: 120_000 };
const REPORTS = { count: 20, withinMs: HOUR_MS };

export interface AccessParts {
  readonly store: Pick<Store, 'invitationOf' | 'usedInvitation'>;
  readonly page: string | null;
  readonly now: () => number;
}

export class Access {
  readonly #parts: AccessParts;
  readonly #tries = new RateLimit(TRIES);
  readonly #entries = new RateLimit(ENTRIES);
  readonly #limits = {
    acts: new RateLimit(ACTS),
    reports: new RateLimit(REPORTS),
    sockets: new RateLimit(SOCKETS),
  };

  constructor(parts: AccessParts) {
    this.#parts = parts;
  }

  /** Who opened a link; null for nobody. `waitMs`: this client tried too many, or this invitation was opened too often. */
  async open(context: Context, secret: string): Promise<Invitation | null | { readonly waitMs: number }> {
    const { store, page, now } = this.#parts;
    const invitation = await invited(store, secret, now());
    const waitMs =
      invitation === null
        ? this.#tries.take(clientIn(context), now())
        : this.#entries.take(String(invitation.id), now());
    if (waitMs > 0) return { waitMs };
    if (invitation === null) return null;
    await store.usedInvitation(invitation.id, now());
    setCookie(context, COOKIE, secret, {
      httpOnly: true,
      sameSite: 'Lax',
      secure: page?.startsWith('https:') === true,
      path: '/',
      maxAge: KEPT_SECONDS,
    });
    return invitation;
  }

  /** Whose cookie this is: asked of the store each time, so that what was revoked is over at once. */
  async who(context: Context): Promise<Invitation | null> {
    const secret = getCookie(context, COOKIE);
    return secret === undefined ? null : await invited(this.#parts.store, secret, this.#parts.now());
  }

  /** 0, or how long this person has to wait. */
  wait(what: 'acts' | 'reports' | 'sockets', { id }: Invitation): number {
    return this.#limits[what].take(String(id), this.#parts.now());
  }

  /** A socket is opened by our own page only: browsers say whose page it was, and nothing but a browser has the cookie. */
  isOwnSocket(headers: Headers): boolean {
    const origin = URL.parse(headers.get('origin') ?? '');
    if (origin === null) return false;
    const { page } = this.#parts;
    return [headers.get('host'), page === null ? null : new URL(page).host].includes(origin.host);
  }
}

export function languageOf(word: string | undefined): Language | null {
  return LANGUAGES.find((language) => language === word) ?? null;
}

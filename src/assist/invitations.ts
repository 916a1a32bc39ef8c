import { createHash, randomBytes } from 'node:crypto';

import type { Invitation } from '../core/invitation.ts';
import type { Store } from '../store/contract.ts';

/** Links by which people help. The secret stands in the link alone; the store has its hash, so a stolen database opens nothing. */

/** 192 bits: nobody guesses one, so a plain hash is enough. */
const SECRET_BYTES = 24;
const SECRET = /^[\w-]{32}$/;

function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

function hashOfSecret(secret: string): Buffer {
  return createHash('sha256').update(`guetteur invitation ${secret}`).digest();
}

/** Who a secret belongs to now; null for nobody, or nobody any more. */
export async function invited(
  store: Pick<Store, 'invitationOf'>,
  secret: string,
  now: number,
): Promise<Invitation | null> {
  if (!SECRET.test(secret)) return null;
  const found = await store.invitationOf(hashOfSecret(secret));
  return found !== null && isValid(found, now) ? found : null;
}

export function isValid({ revokedAt, expiresAt }: Invitation, now: number): boolean {
  return revokedAt === null && now < expiresAt;
}

export interface NewGuest {
  readonly name: string;
  readonly language: Invitation['language'];
  readonly departments: readonly string[];
  readonly targets: readonly string[];
  readonly days: number;
}

/** The link of a new invitation: shown once, known to nobody afterwards. */
export async function inviteGuest(
  store: Pick<Store, 'invite'>,
  guest: NewGuest,
  { page, now }: { readonly page: string; readonly now: number },
): Promise<{ readonly id: number; readonly link: string; readonly expiresAt: number }> {
  const secret = newSecret();
  const { days, ...rest } = guest;
  const expiresAt = now + days * 86_400_000;
  const id = await store.invite({ ...rest, tokenHash: hashOfSecret(secret), createdAt: now, expiresAt });
  return { id, link: `${page}assist/i/${secret}`, expiresAt };
}

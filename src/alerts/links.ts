import type { Seal } from './seal.ts';

/**
 * Links in messages to people who subscribed themselves. They name a subscription and are signed over its creation too, because
 * the database may give the number of one that is gone to another.
 */

interface Linked {
  readonly id: number;
  readonly createdAt: number;
}

const CONFIRM_WITHIN_MS = 48 * 3_600_000;

/** Ends a subscription with one click (RFC 8058), for as long as it exists. */
export function stopLink(page: string, seal: Seal, { id, createdAt }: Linked): string {
  return new URL(`stop/${id}.${seal.sign('stop', id, createdAt)}`, page).href;
}

/** Confirms a request, within two days. */
export function confirmLink(page: string, seal: Seal, { id, createdAt }: Linked): string {
  return new URL(`confirm/${id}.${seal.sign('confirm', id, createdAt)}`, page).href;
}

/** The number and signature of a link's last part; null when it is none. */
export function parseLink(part: string): { readonly id: number; readonly signature: string } | null {
  const found = /^(\d{1,15})\.([0-9a-f]{32})$/.exec(part);
  return found === null ? null : { id: Number(found[1]), signature: found[2] ?? '' };
}

export function isStopLink(seal: Seal, signature: string, { id, createdAt }: Linked): boolean {
  return seal.isSigned(signature, 'stop', id, createdAt);
}

export function isConfirmLink(seal: Seal, signature: string, { id, createdAt }: Linked, now: number): boolean {
  return seal.isSigned(signature, 'confirm', id, createdAt) && now - createdAt <= CONFIRM_WITHIN_MS;
}

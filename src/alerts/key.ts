import { createHash } from 'node:crypto';

const CHARACTERS = 32;

/**
 * A message's key where a service takes only some characters, and not many: 32 of base64url (192 bits of SHA-256), as RFC 8030,
 * section 5.4, wants a topic. The key itself may name a recipient and stays at home.
 */
export function shortKey(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, CHARACTERS);
}

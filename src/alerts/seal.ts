import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from 'node:crypto';

/**
 * Keeps recipients unreadable in the database: AES-256-GCM for what has to be sent to, HMAC-SHA-256 for finding the same
 * recipient again, both by keys drawn from one secret (HKDF, RFC 5869).
 */
export class Seal {
  readonly #cipherKey: Buffer;
  readonly #hashKey: Buffer;

  /** `secret`: 32 bytes or more, kept outside the database. */
  constructor(secret: Uint8Array) {
    this.#cipherKey = keyFrom(secret, 'recipient');
    this.#hashKey = keyFrom(secret, 'recipient-hash');
  }

  /** Nonce, tag and ciphertext of the value as JSON. */
  seal(value: unknown): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#cipherKey, nonce);
    const sealed = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Throws when the bytes were altered or sealed with another secret. */
  open(sealed: Buffer): unknown {
    const decipher = createDecipheriv('aes-256-gcm', this.#cipherKey, sealed.subarray(0, 12));
    decipher.setAuthTag(sealed.subarray(12, 28));
    const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
    return JSON.parse(text);
  }

  /** The same for the same recipient, and nothing to anyone without the secret. */
  hash(value: unknown): Buffer {
    return createHmac('sha256', this.#hashKey).update(JSON.stringify(value)).digest();
  }
}

/** A token for a recipient's links; only its hash is stored. */
export function newToken(): { readonly token: string; readonly hash: Buffer } {
  const token = randomBytes(24).toString('base64url');
  return { token, hash: tokenHash(token) };
}

export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

function keyFrom(secret: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `guetteur ${use}`, 32));
}

import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Keeps recipients unreadable in the database: AES-256-GCM for what has to be sent to, HMAC-SHA-256 for finding the same
 * recipient again and for links, by keys drawn from one secret (HKDF, RFC 5869).
 */
export class Seal {
  readonly #cipherKey: Buffer;
  readonly #hashKey: Buffer;
  readonly #signKey: Buffer;

  /** `secret`: 32 bytes or more, kept outside the database. */
  constructor(secret: Uint8Array) {
    this.#cipherKey = keyFrom(secret, 'recipient');
    this.#hashKey = keyFrom(secret, 'recipient-hash');
    this.#signKey = keyFrom(secret, 'link');
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
    const decipher = createDecipheriv('aes-256-gcm', this.#cipherKey, sealed.subarray(0, 12), { authTagLength: 16 });
    decipher.setAuthTag(sealed.subarray(12, 28));
    const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8');
    return JSON.parse(text);
  }

  /** The same for the same recipient, and nothing to anyone without the secret. */
  hash(value: unknown): Buffer {
    return createHmac('sha256', this.#hashKey).update(JSON.stringify(value)).digest();
  }

  /** A signature for a link that only this instance can make, 32 hex digits: a "-" at the end of an address is lost in mails. */
  sign(...words: readonly (string | number)[]): string {
    return createHmac('sha256', this.#signKey).update(JSON.stringify(words)).digest('hex').slice(0, 32);
  }

  isSigned(signature: string, ...words: readonly (string | number)[]): boolean {
    const expected = Buffer.from(this.sign(...words));
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

function keyFrom(secret: Uint8Array, use: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `guetteur ${use}`, 32));
}

import { createHash } from 'node:crypto';

/** A number in [0, 1), the same for the same words: 48 bits of a SHA-256, so that what was drawn can be drawn again and checked. */
export function drawn(seed: string, ...words: readonly (string | number)[]): number {
  const digest = createHash('sha256')
    .update([seed, ...words].join('\u0000'))
    .digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

import { z } from 'zod';

import { PERSON_KEYS, WINDOW_SIZES, type PersonInput, type WindowSize } from '../run/assisted.ts';

/**
 * What a person's browser may say over its socket: nothing else comes through. No modifier keys, no address, no clipboard, no
 * file: there are no words for them here.
 */

/** Longer than any captcha, shorter than anything that would be of use elsewhere. */
const MOST_ANSWER = 24;
const WIDEST = Math.max(...Object.values(WINDOW_SIZES).map(({ width }) => width));
const HIGHEST = Math.max(...Object.values(WINDOW_SIZES).map(({ height }) => height));

// Letters, digits, signs and spaces; no control character, which a browser would take for a command.
const answer = z
  .string()
  .min(1)
  .max(MOST_ANSWER)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u);
const x = z.number().min(0).max(WIDEST);
const y = z.number().min(0).max(HIGHEST);

const shape = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('hello'), size: z.enum(['narrow', 'wide']) }),
  z.strictObject({ kind: z.literal('seen') }),
  z.strictObject({ kind: z.literal('leave') }),
  z.strictObject({ kind: z.literal('tap'), x, y }),
  z.strictObject({ kind: z.literal('scroll'), x, y, dy: z.number().min(-2_000).max(2_000) }),
  z.strictObject({ kind: z.literal('text'), text: answer }),
  z.strictObject({ kind: z.literal('key'), key: z.enum(PERSON_KEYS) }),
  z.strictObject({ kind: z.literal('answer'), text: answer }),
  z.strictObject({ kind: z.literal('sound') }),
  z.strictObject({ kind: z.literal('renew') }),
]);

export type PersonMessage =
  | PersonInput
  | { readonly kind: 'hello'; readonly size: WindowSize }
  | { readonly kind: 'seen' }
  | { readonly kind: 'leave' };

/** A message as it may be acted on; null for everything else. */
export function messageOf(text: string): PersonMessage | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const found = shape.safeParse(value);
  return found.success ? found.data : null;
}

/**
 * How much of one SMS a text takes. Tables: 3GPP TS 23.038, 6.2.1 (default alphabet) and 6.2.1.1 (its extension);
 * sizes: 3GPP TS 23.040, 9.2.3.16 (140 octets: 160 septets or 70 units of UCS-2).
 */

/** In the order of the table; its 28th place is the escape to the extension, which is no character. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅå' +
  'Δ_ΦΓΛΩΠΨΣΘΞÆæßÉ' +
  ' !"#¤%&\'()*+,-./' +
  '0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNO' +
  'PQRSTUVWXYZÄÖÑÜ§' +
  '¿abcdefghijklmno' +
  'pqrstuvwxyzäöñüà';

/** Each takes two septets: the escape and itself. */
const EXTENSION = '\f^{}\\[~]|€';

const SEPTETS: ReadonlyMap<string, number> = new Map([
  ...Array.from(BASIC, (character) => [character, 1] as const),
  ...Array.from(EXTENSION, (character) => [character, 2] as const),
]);

const MOST_SEPTETS = 160;
const MOST_UNITS = 70;

/** Septets that a text takes in the default alphabet; null when a character is in neither table, such as `ê`, `ç` or Arabic. */
export function gsmLength(text: string): number | null {
  let length = 0;
  for (const character of text) {
    const septets = SEPTETS.get(character);
    if (septets === undefined) return null;
    length += septets;
  }
  return length;
}

/** Whether a text leaves as a single SMS: one character outside the alphabet turns the whole of it into UCS-2. */
export function fitsOneSms(text: string): boolean {
  const septets = gsmLength(text);
  // A character beyond the basic plane takes two units in a telephone as in a string.
  return septets === null ? text.length <= MOST_UNITS : septets <= MOST_SEPTETS;
}

import { gsmLength } from '../gsm.ts';

/** Outside words made safe for one line of a message, and cut to a length. Lengths are UTF-16 units: channels count no fewer. */

const CHARACTERS = new Intl.Segmenter('fr', { granularity: 'grapheme' });

/**
 * Marks that turn the direction of what follows; in a name they could turn the whole message. And characters that no one sees,
 * which could hide a link from the rule below.
 */
const UNSEEN = /[\p{Cf}\p{Co}\p{Cn}]/gu;
const PARIS = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'short', timeZone: 'Europe/Paris' });
const LINKS = /\b[a-z][a-z\d+.-]*:\/+(?:[^\s/@]*@)?([^\s/?#:]*)\S*/giu;
const ISO_TIMES = /(?<!\d)(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}:\d{2})([\d:.]*)(Z|[+-]\d{2}:\d{2})?)?/gu;

/**
 * One line of it: no control characters, no line breaks, no marks of direction; of a link its host alone, because a message
 * has one link, the official page (rule C12); dates as the rest of the message writes them.
 */
export function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(UNSEEN, '')
    .replaceAll(/[\p{Cc}\p{Z}]+/gu, ' ')
    .replaceAll(LINKS, '$1')
    .replaceAll(/:\/+/gu, ' ')
    .replaceAll(ISO_TIMES, dayOfIso)
    .trim();
}

/** An instant is told by the clock of Paris, as all others of a message; a day, or a time without a zone, as it stands. */
function dayOfIso(all: string, ...[year, month, day, clock, , zone]: readonly (string | undefined)[]): string {
  if (typeof zone === 'string' && !Number.isNaN(Date.parse(all))) return PARIS.format(Date.parse(all)).replace(',', '');
  const date = `${day}/${month}/${year}`;
  return typeof clock === 'string' ? `${date} ${clock}` : date;
}

/** At most `limit` units, whole characters as people see them, at a word's end where that costs little; an isolate is closed. */
export function cut(text: string, limit: number, mark = '…'): string {
  if (text.length <= limit) return text;
  const end = text.includes('\u2068') ? 1 : 0;
  const room = limit - mark.length - end;
  if (room < 0) return '';
  let kept = '';
  for (const { segment } of CHARACTERS.segment(text)) {
    if (kept.length + segment.length > room) break;
    kept += segment;
  }
  const wordEnd = kept.lastIndexOf(' ');
  const atWord = wordEnd > 0 && wordEnd >= kept.length * 0.7 ? kept.slice(0, wordEnd) : kept;
  const isOpen = atWord.lastIndexOf('\u2068') > atWord.lastIndexOf('\u2069');
  return `${atWord.replace(/[\p{P}\p{S}\s]+$/u, '')}${mark}${isOpen ? '\u2069' : ''}`;
}

/** One way to say it, around a name that gives way. */
export interface Variant {
  readonly before: string;
  readonly after: string;
}

/** The first variant that leaves room enough for a name; null when none does. */
export function firstFitting(
  limit: number,
  variants: readonly Variant[],
  nameWithin: (room: number) => string | null,
): string | null {
  for (const { before, after } of variants) {
    const name = nameWithin(limit - before.length - after.length);
    if (name !== null) return `${before}${name}${after}`;
  }
  return null;
}

/** Letters and marks outside the GSM 03.38 basic alphabet that have a plain spelling in it. */
const PLAIN: ReadonlyMap<string, string> = new Map(
  Object.entries({
    œ: 'oe',
    Œ: 'OE',
    '’': "'",
    '‘': "'",
    '“': '"',
    '”': '"',
    '…': '...',
    '–': '-',
    '—': '-',
    '‑': '-',
    '•': '-',
    '·': '-',
    '[': '(',
    ']': ')',
    '{': '(',
    '}': ')',
    '|': '/',
    '\\': '/',
    '`': "'",
    '~': '-',
    '^': ' ',
    '€': 'EUR',
    '°': 'o',
    '²': '2',
  }),
);

/** One septet, and no line break or Greek capital, which no message here needs. */
const isGsm = (character: string): boolean => gsmLength(character) === 1 && !/[\n\r\p{Script=Greek}]/u.test(character);

/** A text in the GSM 03.38 basic alphabet; what has no plain spelling there is left out. */
export function plain(text: string): string {
  const quoted = text.normalize('NFC').replaceAll(/«\p{Zs}?|\p{Zs}?»/gu, '"');
  const characters = Array.from(quoted, (character) => {
    if (isGsm(character)) return character;
    const spelling = PLAIN.get(character);
    if (spelling !== undefined) return spelling;
    const letters = character.normalize('NFD').replaceAll(/\p{M}/gu, '');
    return isGsm(letters) ? letters : '';
  });
  return characters.join('').replaceAll(/ {2,}/g, ' ');
}

/** Whether an address can stand in an SMS as it is: nothing may be respelled in it. */
export function isPlain(address: string): boolean {
  return Array.from(address).every((character) => isGsm(character));
}

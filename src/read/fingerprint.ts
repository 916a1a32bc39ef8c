import { createHash } from 'node:crypto';

import type { Capture } from '../core/capture.ts';
import { Page, type Element } from './page.ts';

/**
 * The structure of a page as a short name: pages of one layout share it, whatever their words, numbers and lengths are. Made
 * of the kinds of visible element that the site's own code has written: tags with their class, id, type and name. Tags
 * without any are left out, because editors put them into texts; so are numbers, random endings and passing states.
 * 16 hex digits of a SHA-256; null when there is no page.
 */
export function fingerprintOf(capture: Capture): string | null {
  if (capture.failure !== null || capture.html === '') return null;
  const kinds = new Set<string>();
  for (const element of new Page(capture).visible('*')) {
    const kind = kindOf(element);
    if (kind !== null) kinds.add(kind);
  }
  return createHash('sha256')
    .update([...kinds].toSorted().join('\n'))
    .digest('hex')
    .slice(0, 16);
}

const PROSE = new Set(
  'p span strong b em i u a ul ol li br hr h2 h3 h4 h5 h6 div small sub sup blockquote font center table tbody thead tr td th img'.split(
    ' ',
  ),
);
const UNDRAWN = new Set('html head title base script style link meta noscript template source track'.split(' '));
const STATES =
  /^(?:active|show|shown|open|opened|focus|hover|selected|checked|disabled|even|odd|first|last|ng-.*|js-.*|is-.*|has-.*)$/;

function kindOf({ name, attribs }: Element): string | null {
  if (UNDRAWN.has(name)) return null;
  const classes = (attribs['class'] ?? '')
    .split(/\s+/)
    .filter((word) => word !== '' && !STATES.test(word))
    .map(withoutNumbers)
    .toSorted();
  const marks = ['id', 'type', 'name', 'role'].flatMap((key) => {
    const value = attribs[key];
    return value === undefined ? [] : [`${key}=${withoutNumbers(value)}`];
  });
  if (classes.length === 0 && marks.length === 0 && PROSE.has(name)) return null;
  return [name, ...new Set(classes), ...marks].join(' ');
}

/** Counters, identifiers and build hashes change without the page changing. */
function withoutNumbers(word: string): string {
  const isHash = (part: string): boolean => part.length >= 6 && /[a-z]\d+[a-z]|\d[a-z]+\d/i.test(part);
  return word
    .split(/([-_])/)
    .map((part) => (isHash(part) ? '~' : part.replace(/\d+/g, '#')))
    .join('');
}

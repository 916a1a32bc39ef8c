import fc from 'fast-check';

import type { Capture } from '../../src/core/capture.ts';

/** Ways in which a page may change without meaning anything by it. Each keeps every word of the page. */
export interface Mutation {
  readonly name: string;
  /** Applied to the words, in the text and between the tags. */
  readonly words?: (text: string) => string;
  /** Applied to the document as a whole. */
  readonly document?: (html: string) => string;
}

const everySpace = (space: string) => (text: string) => text.replace(/ /g, space);
const everyApostrophe = (mark: string) => (text: string) => text.replace(/['’]/g, mark);

const MUTATIONS: readonly Mutation[] = [
  { name: 'no-break spaces', words: everySpace('\u00a0') },
  { name: 'narrow no-break spaces', words: everySpace('\u202f') },
  { name: 'several spaces', words: everySpace('   ') },
  { name: 'zero-width spaces beside spaces', words: everySpace(' \u200b') },
  { name: 'capitals', words: (text) => text.toUpperCase() },
  { name: 'small letters', words: (text) => text.toLowerCase() },
  { name: 'typographic apostrophes', words: everyApostrophe('’') },
  { name: 'ASCII apostrophes', words: everyApostrophe("'") },
  { name: 'modifier apostrophes', words: everyApostrophe('ʼ') },
  { name: 'decomposed letters', words: (text) => text.normalize('NFD') },
  { name: 'composed letters', words: (text) => text.normalize('NFC') },
  {
    name: 'an outer frame',
    document: (html) =>
      html.replace(/<body[^>]*>/, '$&<div class="page"><section>').replace('</body>', '</section></div></body>'),
  },
  { name: 'comments before each tag', document: (html) => html.replace(/<(p|div|li|td)\b/g, '<!-- x --><$1') },
  { name: 'a lone word of another page', document: (html) => html.replace('</body>', '<p>libre</p></body>') },
];

/** A handful of mutations, one after the other. */
export const mutations = fc.subarray([...MUTATIONS], { minLength: 1, maxLength: 5 });

export function mutate(capture: Capture, chosen: readonly Mutation[]): Capture {
  let { html, text } = capture;
  for (const { words, document } of chosen) {
    if (words !== undefined) {
      text = words(text);
      html = betweenTags(html, words);
    }
    if (document !== undefined) html = document(html);
  }
  return { ...capture, html, text };
}

/** Changes what stands between tags; tags, scripts and entities stay. */
function betweenTags(html: string, change: (text: string) => string): string {
  return html.replace(
    /(<(script|style)\b[\s\S]*?<\/\2>|<[^>]*>|&[a-z#0-9]+;)|([^<&]+)/gi,
    (_all, tag: string | undefined, _name, words: string | undefined) => tag ?? change(words ?? ''),
  );
}

const tag = fc.constantFrom(
  'div',
  'p',
  'span',
  'h1',
  'ul',
  'li',
  'td',
  'table',
  'form',
  'input',
  'button',
  'a',
  'label',
  'script',
  'x-y',
);
const attribute = fc.tuple(
  fc.constantFrom('id', 'class', 'name', 'href', 'type', 'value', 'hidden', 'style'),
  fc.string({ maxLength: 12 }),
);
const opening = fc
  .tuple(tag, fc.array(attribute, { maxLength: 3 }))
  .map(
    ([name, attributes]) =>
      `<${name}${attributes.map(([key, value]) => ` ${key}="${value.replace(/"/g, '')}"`).join('')}>`,
  );

/** Documents of no known site: tags, half tags and any characters. */
export const strangePages = fc
  .array(
    fc.oneof(
      opening,
      tag.map((name) => `</${name}>`),
      fc.string({ unit: 'grapheme', maxLength: 40 }),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

/**
 * What a page states, told from what it asks, quotes, denies or explains. Works on folded words, see `fold`.
 */

/** One block of a page, as far as a line break lets it be read on its own. */
export interface Segment {
  readonly words: string;
  /** As written. */
  readonly raw: string;
}

/** Parts of a page that frame it, quote, answer questions or tell news: what is said there is not said of the page. */
export const NOT_STATED = [
  'header, nav, footer, aside, blockquote, q, cite, code, figcaption, dt, dd',
  'button, label, option, summary',
  '[role="banner"], [role="navigation"], [role="contentinfo"], [role="complementary"], [role="search"], [role="note"]',
  '[class*="faq" i], [id*="faq" i], [class*="actualite" i], [class*="news" i], [class*="breadcrumb" i], [class*="carousel" i]',
  '[class*="search-result" i], [class*="resultats" i], [class*="archive" i], [class*="temoignage" i], [class*="comment" i]',
].join(', ');

/** Headings of help, news and search: below them the page speaks about messages, not in them. */
export const ABOUT_MESSAGES =
  /\?$|foire aux questions|questions? (?:les plus )?frequente|\bfaq\b|^(?:aide|besoin d'aide|assistance)\b|que faire|^actualites?\b|a la une|resultats? (?:de|pour|trouve)|^recherche\b|^archives?\b|^historique\b|bon a savoir|\bhelp\b|frequently asked|search results|^news\b|temoignages?|glossa(?:ry|ire)|lexique|traductions?|translations?|signification/;

/** Before the words in their sentence: somebody speaks of them, or of a case that may come. */
const SPOKEN_OF =
  /\b(?:si|lorsque?|lorsqu'(?:il|elle|un)|quand|au cas ou|en cas|dans le cas|que faire|pourquoi|comment|faux|vrai|contrairement|le message|un message|la mention|le texte|l'indication|la phrase|auparavant|autrefois|precedemment|if|when|whenever|whether|why|should|the message)\b|\bs'il/;
/** After them: what they mean, where they appear, or that they hold in part. */
const EXPLAINED =
  /^.{0,200}?(?:s'affich|apparai|signifie|veut dire|ce message|cette phrase|cette mention|n'est plus (?:vrai|d'actualite|affiche)|means that|is displayed|appears)|^[^.!]{0,160}\b(?:mais|sauf|excepte|a l'exception)\b/;
const ARCHIVED = /^(?:archive|historique|ancien(?:ne)? (?:message|information)|message du \d|\[archive)/;
/** What may stand before an engine's own sentence. */
const OPENING =
  /^[^\p{L}\p{N}]*(?:(?:attention|malheureusement|information|important|desole|nous sommes desoles|avertissement|erreur|message|info|note)[ ,:!-]*)?$/u;

export interface StatementOptions {
  /** The words may stand anywhere in their sentence; otherwise they begin it, as an engine's own sentence does. */
  readonly isInner?: boolean;
}

/** Whether a segment states what matches. */
export function states({ words }: Segment, expression: RegExp, { isInner = false }: StatementOptions = {}): boolean {
  if (ARCHIVED.test(words)) return false;
  for (const match of words.matchAll(new RegExp(expression.source, expression.flags.replace(/[gy]/g, '') + 'g'))) {
    const { index } = match;
    const before = words.slice(sentenceStart(words, index), index);
    const after = words.slice(index + match[0].length);
    const isAsked = /^[^.!]{0,300}\?/.test(after) || match[0].endsWith('?');
    const isOpening = isInner || OPENING.test(before);
    if (isOpening && !isAsked && !isQuoted(words, index) && !SPOKEN_OF.test(before) && !EXPLAINED.test(after))
      return true;
  }
  return false;
}

function sentenceStart(words: string, index: number): number {
  const last = [...words.slice(0, index).matchAll(/[.!?:;] /g)].at(-1);
  return last === undefined ? 0 : last.index + last[0].length;
}

/** Inside quotation marks that were opened and not closed before it. */
function isQuoted(words: string, index: number): boolean {
  const before = words.slice(0, index);
  const count = (mark: string): number => before.split(mark).length - 1;
  return count('«') > count('»') || count('“') > count('”') || count('"') % 2 === 1;
}

import { fold, type Element, type Page } from '../../src/probe.ts';

/** What is asked of a page, and how it is recognised. */

/** A run of six digits or more, grouped by single spaces, points or hyphens: a telephone number as a rule. */
const LONG_NUMBER = /(\d(?:[ .\-\u2010]?\d){5,19})/;

/**
 * Folded words as the source of an expression. Words match whole: "fermé" is not said by "confirmé". Long numbers match
 * however their digits are grouped: the helpline is written `0 806 001 620`, `0806 001 620` and `08 06 00 16 20`.
 */
export function sourceOf(text: string): string {
  const plain = fold(text);
  const parts = plain.split(LONG_NUMBER).map((part, at) => {
    const isNumber = at % 2 === 1;
    return isNumber
      ? part.replace(/\D/g, '').split('').join('[ .\\-\\u2010]{0,2}')
      : part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  });
  const before = /^[a-z0-9]/.test(plain) ? '(?<![a-z0-9])' : '';
  const after = /[a-z0-9]$/.test(plain) ? '(?![a-z0-9])' : '';
  return `${before}${parts.join('')}${after}`;
}

/** Something that must be visible: its words for a person, and how it is recognised. */
export interface Expected {
  readonly what: string;
  readonly isShown: (page: Page) => boolean;
}

export function expectedText(text: string): Expected {
  const source = new RegExp(sourceOf(text));
  return { what: `the text "${text}"`, isShown: (page) => page.says(source) };
}

export function expectedLink(link: string): Expected {
  const named = new RegExp(sourceOf(link));
  const isShown = (page: Page): boolean =>
    page.visible('a[href]').some((element) => named.test(page.wordsOf(element)) || leadsTo(page, element, link));
  return { what: `a link "${link}"`, isShown };
}

/** A jump within the page is not a link to the page's own address: only what is written counts there. */
function leadsTo(page: Page, element: Element, part: string): boolean {
  const written = element.attribs['href'] ?? '';
  const full = page.linkOf(element)?.href ?? '';
  const isJump = full.split('#')[0] === page.url.href.split('#')[0];
  return (isJump ? [written] : [written, full]).some((address) => readable(address).includes(readable(part)));
}

function readable(address: string): string {
  try {
    return decodeURI(address).toLowerCase();
  } catch {
    return address.toLowerCase();
  }
}

const TICKED = 'input[type="checkbox"], input[type="radio"], input[type="file"]';
const TYPED =
  'select, textarea, input:not([type="hidden"], [type="submit"], [type="button"], [type="reset"], [type="image"], [type="checkbox"], [type="radio"], [type="file"])';

/** Whether a form's field is the one meant: by its label, or by its name. */
export function isField(page: Page, element: Element, field: string): boolean {
  const named = new RegExp(sourceOf(field));
  const { name = '', placeholder = '', title = '', 'aria-label': label = '' } = element.attribs;
  const labels = page.labelsOf(element).map((found) => page.wordsOf(found));
  return fold(name) === fold(field) || [...labels, placeholder, title, label].some((said) => named.test(fold(said)));
}

export function expectedField(field: string): Expected {
  const isShown = (page: Page): boolean =>
    [...page.visible(TYPED), ...page.choosable(TICKED)].some((element) => isField(page, element, field));
  return { what: `a field "${field}"`, isShown };
}

export const CONTROLS =
  'a[href], button, [role="button"], [role="link"], [role="tab"], summary, input[type="button"], input[type="submit"]';

const NEW_WINDOW =
  "[ :(-]*(?:s'ouvre |ouvre |ouverture )?(?:dans |d'|en )?(?:une? )?(?:nouvelle fenetre|nouvel onglet|new window)\\)?";

/** A name is met whole: "Continuer" must not press "Continuer et payer". That a window opens may be said after it. */
export function clickable(name: string): Expected & { readonly named: RegExp } {
  const named = new RegExp(`^${sourceOf(name)}(?:${NEW_WINDOW})?$`);
  const isShown = (page: Page): boolean => page.controls(CONTROLS, named).length > 0;
  return { what: `a link or button named "${name}"`, isShown, named };
}

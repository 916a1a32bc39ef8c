import { captchaSign, isAside } from './captcha.ts';
import { ancestors, type Element, type Page } from './page.ts';

/** What a page may ask and show while a probe presses on it. All else is a question that nobody declared. */
export interface Asks {
  /** Selectors of the controls that the probe knows: it answers them, or they may be left as they are. */
  readonly controls: readonly string[];
  /** Controls known by more than a selector can say. */
  readonly isKnown?: (page: Page, control: Element) => boolean;
  /**
   * Headings (folded) of the pages on which something is pressed. On a page that has one of `steps` every heading must be
   * known; elsewhere only those inside forms must, and none may speak of a check, an identity or an error.
   */
  readonly headings?: { readonly steps: RegExp; readonly known: RegExp };
}

const CONTROLS = [
  'input:not([type="hidden"], [type="submit"], [type="button"], [type="reset"], [type="image"])',
  'select, textarea, [contenteditable]:not([contenteditable="false"])',
  '[role="textbox"], [role="combobox"], [role="listbox"], [role="spinbutton"], [role="slider"], [role="switch"]',
  '[role="checkbox"], [role="radio"], [role="searchbox"]',
].join(', ');
/** Parts that may ask in ways that no reader sees into. */
const WIDGETS = 'iframe, object, embed, canvas, [role="application"], dialog[open], [role="alertdialog"]';
/** The site's own search stands on every page and asks nothing of this visit. */
const SEARCH = /search|recherch/i;
const ERRORS =
  'ul.error, .error, .erreur, .alert-error, .alert-danger, .fr-alert--error, .message-error, .invalid-feedback, [role="alert"]';
const ERROR_WORDS =
  /erreur|error|impossible|invalide|incorrect|obligatoire|echec|echoue|refuse|expire|ne peut|n'a pas pu|n'est pas|n'existe|failed|required|denied/;
const SUSPICIOUS_HEADING =
  /verif|identi|controle|securite|captcha|robot|humain|coordonnees|numero|\bcode\b|confirm|paiement|connexion|connecte|authentif|erreur|error|maintenance|indisponible|suspend|interrompu|ferme|expire|attente|patiente/;
const HEADINGS = 'h1, h2, h3, h4, h5, h6, [role="heading"]';

/** The first thing on a page that asks something undeclared, in words for a person; null when every question is known. */
export function undeclaredQuestion(page: Page, asks: Asks): string | null {
  const captcha = captchaSign(page);
  if (captcha !== null) return captcha.message;
  const control = page
    .choosable(CONTROLS)
    .find((one) => !isDeclared(page, one, asks) && !isAside(page, one) && !isSearch(one));
  if (control !== undefined) return `the page asks for ${nameOf(page, control)}`;
  const widget = page.visible(WIDGETS).find((one) => !isDeclared(page, one, asks) && !isAside(page, one));
  if (widget !== undefined) return `the page holds ${nameOf(page, widget)}`;
  const made = page
    .visible('form *')
    .find((one) => one.name.includes('-') && !isDeclared(page, one, asks) && !isAside(page, one));
  if (made !== undefined) return `the form holds ${nameOf(page, made)}`;
  const error = page.controls(ERRORS, ERROR_WORDS).find((one) => !isAside(page, one));
  if (error !== undefined) return `the page says: ${page.wordsOf(error).slice(0, 200)}`;
  return unknownHeading(page, asks);
}

function isDeclared(page: Page, element: Element, { controls, isKnown }: Asks): boolean {
  const declared = controls.length > 0 && page.present(controls.join(', ')).includes(element);
  return declared || isKnown?.(page, element) === true;
}

function isSearch(control: Element): boolean {
  const form = ancestors(control).find(({ name }) => name === 'form');
  const { name = '', id = '', type = '' } = control.attribs;
  return type === 'search' || SEARCH.test(`${name} ${id} ${form?.attribs['action'] ?? ''}`);
}

function nameOf(page: Page, element: Element): string {
  const [label] = page.labelsOf(element).map((one) => page.wordsOf(one));
  const { name, id } = element.attribs;
  return `<${element.name}> "${(label ?? name ?? id ?? '').slice(0, 100)}", which nobody declared`;
}

function unknownHeading(page: Page, { headings }: Asks): string | null {
  if (headings === undefined) return null;
  const shown = page.visible(HEADINGS).filter((one) => !isAside(page, one) && !isFrame(one));
  const isStep = shown.some((one) => headings.steps.test(page.wordsOf(one)));
  const unknown = shown.find((one) => {
    const words = page.wordsOf(one);
    if (words === '' || headings.known.test(words) || headings.steps.test(words)) return false;
    const isInForm = ancestors(one).some(({ name }) => name === 'form');
    return isStep || isInForm || SUSPICIOUS_HEADING.test(words);
  });
  return unknown === undefined ? null : `an unknown heading: ${page.wordsOf(unknown).slice(0, 100)}`;
}

const isFrame = (element: Element): boolean =>
  ancestors(element).some(({ name }) => /^(?:header|footer|nav)$/.test(name));

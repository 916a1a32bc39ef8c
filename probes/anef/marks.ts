import type { Page, Sign } from '../../src/probe.ts';

import { helpRoute, isSso } from './address.ts';

/** What pages of ANEF are known by, and the notices that the whole is closed. */

export const CONTROLS = 'button, a, input[type="submit"], input[type="button"], [role="button"], #connexion_link';
/** Put after what must be usable: a form may be drawn and shut. */
export const ENABLED = ':not([disabled], [aria-disabled="true"], fieldset[disabled] *)';
const TITLE = /etrangers en france|foreign nationals in france|foreigners in france|\(anef\)/;
const FRAME =
  'header, nav, footer, [role="banner"], [role="navigation"], [role="contentinfo"], #cookies-banner, #footer-global';

export const inMain = (selectors: string): string => `:is(main, [role="main"]) :is(${selectors})`;

export const MAIN_CONTROLS = inMain(`${CONTROLS}, [role="link"]`);
export const MAIN_HEADINGS = inMain('h1, h2, h3, h4');

export const isTitled = (page: Page): boolean =>
  TITLE.test(page.titleWords) || page.controls('h1, header, .fr-header__service-title', TITLE).length > 0;

export const hasControl = (page: Page, words: RegExp): boolean => page.controls(CONTROLS, words).length > 0;

export const main = (page: Page): string => page.wordsOutside(FRAME);

/** A heading in the page's own part that says that the whole is closed. */
export const MAINTENANCE =
  /^(?:operation de )?maintenance(?: en cours| technique| exceptionnelle)?[ .!]*$|\ben (?:cours de |phase de )?maintenance\b|\bunder maintenance\b/;
export const CLOSED =
  /^(?:(?:le|ce|notre|the|this|our) )?(?:service|site|portail|portal)(?: anef)?(?: est| is)?(?: momentanement| temporairement| actuellement| temporarily| currently)? (?:indisponible|interrompu|suspendu|ferme|inaccessible|unavailable|closed|down)\b/;
/** The same words on what is still to come, is over, or is asked by a page of help. */
const NOT_NOW = /\?|\b(?:prevue?s?|programmee?s?|planifiee?s?|sera|terminee?s?|fin de|scheduled|planned|will|over)\b/;

export function closedHeading(page: Page, words: RegExp): Sign | null {
  const headings = page.visible(isSso(page.url) ? 'h1, h2, h3' : MAIN_HEADINGS).map((each) => page.wordsOf(each));
  // Below its first heading a page of help speaks of what may happen.
  const own = helpRoute(page.url) === null ? headings : headings.slice(0, 1);
  const closed = own.find((heading) => words.test(heading) && !NOT_NOW.test(heading));
  return closed === undefined ? null : { message: page.quote(words) ?? closed };
}

export const isClosed = (page: Page): boolean =>
  (closedHeading(page, MAINTENANCE) ?? closedHeading(page, CLOSED)) !== null;

import type { Page, Sign } from '../../src/probe.ts';

import { isSso } from './address.ts';
import { inMain, isTitled, main, MAIN_HEADINGS } from './marks.ts';
import { account, brokenRequest, help, home, triage } from './portal.ts';
import { ofSso } from './sign-in.ts';

/** Whether a page works, whichever it is, or shows a fault. */

/** The page works, whichever of the public pages it is. */
export const known = (page: Page): Sign | null =>
  ofSso(page) ?? help(page) ?? account(page) ?? triage(page) ?? home(page, true);

/** The texts of the portal's error window, real capture of January 2024; two were cut there and are matched by their start. */
const ERROR_TEXT = /une erreur technique est surve|merci de refaire la procedure|an? technical error (?:has )?occurred/;
const ERROR_BOXES =
  'lib-error-modal, [role="dialog"], [role="alertdialog"], .modalAlert, .ui-dialog, .p-dialog, dialog, .fr-modal, .fr-alert--error, [role="alert"]';
const ERROR_IN_BOX =
  /erreur (?:technique|inattendue|interne)|une erreur (?:est survenue|s'est produite)|probleme technique|service (?:momentanement |temporairement )?indisponible|technical (?:error|problem)|unexpected error|an error occurred/;

export function errorDialog(page: Page): Sign | null {
  const isBoxed = page.controls(ERROR_BOXES, ERROR_IN_BOX).length > 0;
  // On a page that works, words about errors outside a box are advice.
  const isSaid = !isBoxed && (page.states('Problème technique') || page.says(ERROR_TEXT)) && known(page) === null;
  if (!isBoxed && !isSaid) return null;
  return { message: page.quote(ERROR_TEXT) ?? page.quote(ERROR_IN_BOX) ?? 'an error dialog is open' };
}

const REFUSED_REDIRECT = /(?:invalid parameter|parametre invalide) ?: ?redirect_uri/;
export const isRefused = (page: Page): boolean => isSso(page.url) && page.says(REFUSED_REDIRECT);
export const isFaulty = (page: Page): boolean => isRefused(page) || errorDialog(page) !== null;

const FIELDS = inMain('input:not([type="hidden"])');

/** Header and footer stand, the middle is empty or waits for ever: the shell answers, what is behind it does not. */
export function emptyShell(page: Page): Sign | null {
  if (known(page) !== null || isSso(page.url)) return null;
  const isShell = isTitled(page) || page.present('app-root').length > 0;
  const broken = brokenRequest(page.capture);
  const isShort = main(page).replace(page.titleWords, '').length < (broken === null ? 40 : 200);
  // A heading of its own or a field: whatever the page is, its middle was drawn.
  const isHeaded = page.visible(MAIN_HEADINGS).some((heading) => !page.titleWords.includes(page.wordsOf(heading)));
  if (!isShell || !isShort || isHeaded || page.choosable(FIELDS).length > 0) return null;
  return { message: broken === null ? 'the page has no content between header and footer' : `no content: ${broken}` };
}

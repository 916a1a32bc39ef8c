import { fold, type Capture, type Element, type Page, type Sign } from '../../src/probe.ts';

import { HELP, helpRoute, isSso, surfaceOf } from './address.ts';
import {
  CONTROLS,
  ENABLED,
  hasControl,
  inMain,
  isClosed,
  isTitled,
  main,
  MAIN_CONTROLS,
  MAIN_HEADINGS,
} from './marks.ts';

/** The pages of the portal, each known by its own sign. */

export const SIGN_IN_WORDS = /^(?:se connecter|s'identifier|sign in|log in|login|connexion)$/;
const CREATE_WORDS =
  /^(?:(?:je )?cree[rz]? (?:un|mon|votre) (?:nouveau )?compte|create (?:an|my|your) (?:new )?account)$/;
const CONTINUE_WORDS = /^(?:je continue|continuer|i continue|continue)$/;
export const FOR_ONESELF = /^moi$|\b(?:pour moi|moi.?meme|myself|for me)\b/;
export const CHOICES = inMain('label, [role="radio"]');
/** The heading, link or button by which the home offers a procedure. */
const OFFERS = `${MAIN_HEADINGS}, ${inMain('a, button, anef-tile, [role="button"], [role="link"]')}`;
const MENU_BUTTON = '.fr-btn--menu, button[aria-label*="menu" i], button[title*="menu" i]';

/** Words of the procedures, in French and in English: a page in another language is not a page that is down. */
const PROCEDURES: readonly RegExp[] = [
  /vls-ts|long-stay visa/,
  /titre de sejour|residence permit/,
  /changement de situation|change (?:of|in) (?:your |my )?(?:situation|circumstances)/,
  /nationalite francaise|french nationality|naturali[sz]ation/,
  /autorisation de travail|work permit/,
  /document de voyage|titre de voyage|travel document/,
];

/** Requests of the page's own origin without which it cannot work. A 401 of the interface is healthy: nobody is signed in. */
export function brokenRequest(capture: Capture): string | null {
  const { origin } = new URL(capture.finalUrl);
  const broken = capture.failedRequests.find(
    ({ url, kind, reason }) =>
      url.startsWith(origin) && (kind === 'script' || ('xhr fetch'.includes(kind) && /^(?:5\d\d$|net::)/.test(reason))),
  );
  return broken === undefined ? null : `${new URL(broken.url).pathname} failed: ${broken.reason}`;
}

/** Procedures that are offered, one at most by each tile: a notice that the portal is closed names them in its prose. */
function proceduresOffered(page: Page): number {
  const shut = /indisponible|interrompu|suspendu|ferme|unavailable|suspended|closed/;
  const offers = page.visible(OFFERS).map((offer) => page.wordsOf(offer));
  const named = offers.map((offer) => (shut.test(offer) ? undefined : PROCEDURES.find((words) => words.test(offer))));
  return new Set(named.filter((words) => words !== undefined)).size;
}

/**
 * On a telephone the sign-in control may wait in a closed menu, as the design system has it, when the menu's button is
 * there. Its words count as they are written: it may itself be what is not drawn.
 */
function isInClosedMenu(page: Page, words: RegExp): boolean {
  const hasButton = page.has(MENU_BUTTON) || hasControl(page, /^menu$/);
  return hasButton && page.present(CONTROLS).some((control) => words.test(fold(writtenIn(control))));
}

function writtenIn(node: Element['children'][number]): string {
  if ('children' in node) return node.children.map(writtenIn).join('');
  return node.nodeType === 3 && 'data' in node ? node.data : '';
}

export function home(page: Page, isTelephone = false): Sign | null {
  const named = proceduresOffered(page);
  const isKnown = named >= 2 && (isTitled(page) || page.words.length > 400);
  if (surfaceOf(page.url) !== 'home' || !isKnown || isClosed(page)) return null;
  const isMenu = !hasControl(page, SIGN_IN_WORDS);
  if (isMenu && !(isTelephone && isInClosedMenu(page, SIGN_IN_WORDS))) return null;
  const broken = brokenRequest(page.capture);
  const note = broken === null ? '' : `, though ${broken}`;
  return { message: `the portal shows ${named} procedures and its sign-in button${isMenu ? ' in a menu' : ''}${note}` };
}

export function account(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'account' || !isTitled(page) || isClosed(page)) return null;
  // A mere link may lead to advice on how an account is created.
  const buttons = `:is(button, input[type="submit"], [role="button"], a.fr-btn)${ENABLED}`;
  const creates =
    page.controls(buttons, CREATE_WORDS).length > 0 || page.has(`app-identification form input${ENABLED}`);
  // The application draws its home page, which has both buttons as well, for routes that it does not know.
  const isWhole = creates && hasControl(page, SIGN_IN_WORDS) && proceduresOffered(page) < 2;
  return isWhole ? { message: 'the sign-in button and the creation of an account are shown' } : null;
}

/** A panel on cookies and a survey have labels, boxes and a button that continues as well: the answer for oneself is asked. */
export function hasChoices(page: Page): boolean {
  const radios = ['input[type="radio"]', '[role="radio"]'].map((kind) => page.present(inMain(kind)).length);
  return Math.max(...radios) >= 2 && page.controls(CHOICES, FOR_ONESELF).length > 0;
}

/** The questions before sign-in. Their route is not known; they are known by their choices and the button that goes on. */
export function triage(page: Page): Sign | null {
  if (isSso(page.url) || !isTitled(page) || !hasChoices(page) || isClosed(page)) return null;
  const goesOn = page.controls(MAIN_CONTROLS, CONTINUE_WORDS).length > 0;
  return goesOn ? { message: 'the questions before sign-in go as far as the button that continues' } : null;
}

export function help(page: Page): Sign | null {
  const route = helpRoute(page.url);
  const words = HELP.get(route ?? '');
  if (isSso(page.url) || words === undefined || main(page).length < 150 || isClosed(page)) return null;
  const trail = /vous etes ici ?:.{0,80}|you are here ?:.{0,80}/.exec(page.words)?.[0] ?? '';
  const isHeaded = words.test(page.titleWords) || words.test(trail) || page.controls(MAIN_HEADINGS, words).length > 0;
  if (!isHeaded) return null;
  const level = /(?:non|partiellement|totalement) conforme|(?:non|partially|fully) compliant/.exec(main(page))?.[0];
  return { message: `the page "${route}" is shown${level === undefined ? '' : `: ${level}`}` };
}

/** The citizens' contact centre, 0 806 001 620 (section 8), however it is spaced. */
const CONTACT_CENTRE = /(?:\b0|\+33)[ .]?8[ .]?0[ .]?6[ .]?0[ .]?0[ .]?1[ .]?6[ .]?2[ .]?0\b/;

export function askedHelp(page: Page): Sign | null {
  const route = helpRoute(new URL(page.capture.requestedUrl));
  if (route === null || route !== helpRoute(page.url)) return null;
  return route !== 'contact' || page.says(CONTACT_CENTRE) ? help(page) : null;
}

const LANGUAGES = [
  ['en', /^(?:en ?[-–] ?)?(?:english|anglais)$/],
  ['zh', /^(?:zh ?[-–] ?)?(?:(?:简体|繁體)?中文|chinois|chinese)$/],
] as const;
const SWITCH = '#language-menu, app-language, .fr-translate';

/** An entry in a closed menu is offered when the switch that opens it is there. */
export function languages(page: Page): Sign | null {
  const isWhole = LANGUAGES.every(([code, words]) => {
    const entry = `#menu-langue-${code}, a[hreflang^="${code}"], a[lang^="${code}"]`;
    const isShown = page.has(entry) || page.controls(`${CONTROLS}, option`, words).length > 0;
    return home(page) !== null && (isShown || (page.has(SWITCH) && page.present(entry).length > 0));
  });
  return isWhole ? { message: 'the portal is offered in English and in Chinese' } : null;
}

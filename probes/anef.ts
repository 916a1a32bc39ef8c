import {
  maintenanceSign,
  Page,
  readPage,
  z,
  type Capture,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
} from '../src/probe.ts';

/**
 * ANEF, the State's online service for residence permits: its portal (a single-page application; Angular and PrimeNG until
 * June 2026, DSFR since) and its sign-in (Keycloak). `operational` means that the public door opens, not that the service
 * behind it works. Strings and markup: fact sheet of November 2026, sections 2 to 7 and 11.
 */

type Surface = 'home' | 'account' | 'page' | 'sign-in';

const HELP_ROUTES = /^#\/(?:contact|faq|plandusite|mentions-legales|aide-accessibilite|aide)\b/;

function surfaceOf(url: URL): Surface {
  if (/\/auth\/realms\//.test(url.pathname)) return 'sign-in';
  if (url.hash.startsWith('#/espace-personnel/connexion-inscription')) return 'account';
  return HELP_ROUTES.test(url.hash) ? 'page' : 'home';
}

const SIGN_IN_WORDS = /^(?:se connecter|s'identifier|sign in|log in|login|connexion)$/;
const CREATE_WORDS = /^(?:creer (?:un|mon|votre) compte|create (?:an|my|your) account)/;
const CONTROLS = 'button, a, input[type="submit"], input[type="button"], [role="button"], #connexion_link';
const TITLE = /etrangers en france|foreign nationals in france|foreigners in france|\(anef\)/;
const FRAME = 'header, nav, footer, [role="banner"], [role="navigation"], [role="contentinfo"], [id="cookies-banner"]';

/** Words of the procedures, in French and in English: a page in another language is not a page that is down. */
const PROCEDURES: readonly RegExp[] = [
  /vls-ts|long-stay visa/,
  /titre de sejour|residence permit/,
  /changement de situation|change (?:of|in) (?:your |my )?(?:situation|circumstances)/,
  /nationalite francaise|french nationality|naturali[sz]ation/,
  /autorisation de travail|work permit/,
  /document de voyage|titre de voyage|travel document/,
];

const isTitled = (page: Page): boolean =>
  TITLE.test(page.titleWords) || page.controls('h1, header, .fr-header__service-title', TITLE).length > 0;

function hasControl(page: Page, words: RegExp): boolean {
  return page.controls(CONTROLS, words).length > 0;
}

const main = (page: Page): string => page.wordsOutside(FRAME);

function home(page: Page): Sign | null {
  const content = main(page);
  const named = PROCEDURES.filter((words) => words.test(content)).length;
  const isKnown = isTitled(page) ? named >= 1 : named >= 2 && page.words.length > 400;
  if (surfaceOf(page.url) !== 'home' || !isKnown || !hasControl(page, SIGN_IN_WORDS)) return null;
  return { message: `the portal shows ${named} procedures and its sign-in button` };
}

function account(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'account' || !isTitled(page) || !hasControl(page, SIGN_IN_WORDS)) return null;
  const creates = hasControl(page, CREATE_WORDS) || page.has('app-identification form input');
  return creates ? { message: 'the sign-in button and the creation of an account are shown' } : null;
}

/** The one signature that every theme has kept since 2022: both fields and a submit button inside one form. */
function signInForm(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'sign-in') return null;
  const fields = ['input[name="username"]', 'input[name="password"]', 'button[type="submit"], input[type="submit"]'];
  const isWhole = fields.every((field) =>
    page.has(
      field
        .split(', ')
        .map((part) => `form ${part}`)
        .join(', '),
    ),
  );
  if (!isWhole) return null;
  const missing = [
    page.says(/mot de passe oubli|forgot(?:ten)? (?:your )?password/) ? [] : ['the forgotten-password link'],
    page.has('a[href*="franceconnect"], .fr-connect, img[alt*="FranceConnect" i], img[alt*="France Connect" i]')
      ? []
      : ['FranceConnect'],
  ].flat();
  const note = missing.length === 0 ? '' : `, without ${missing.join(' and ')}`;
  return { message: `the sign-in form is shown${note}` };
}

/** Whether the page is of the kind that the address asked for; a home page in place of the sign-in is no sign of it. */
function isAskedFor(page: Page): boolean {
  const asked = surfaceOf(new URL(page.capture.requestedUrl));
  return asked === surfaceOf(page.url);
}

const works = (page: Page): Sign | null =>
  isAskedFor(page) ? (home(page) ?? account(page) ?? signInForm(page)) : null;

/** The texts of the portal's error window, real capture of January 2024; two were cut there and are matched by their start. */
const ERROR_TEXT = /une erreur technique est surve|merci de refaire la procedure|an? technical error (?:has )?occurred/;
const ERROR_BOXES =
  'lib-error-modal, [role="dialog"], [role="alertdialog"], .modalAlert, .ui-dialog, .p-dialog, dialog, .fr-modal, .fr-alert--error, [role="alert"]';
const ERROR_IN_BOX =
  /erreur technique|probleme technique|service (?:momentanement |temporairement )?indisponible|technical (?:error|problem)/;

function errorDialog(page: Page): Sign | null {
  const isBoxed = page.controls(ERROR_BOXES, ERROR_IN_BOX).length > 0;
  // On a page that works, words about errors outside a box are advice.
  const isSaid = works(page) === null && (page.states('Problème technique') || page.says(ERROR_TEXT));
  if (!isBoxed && !isSaid) return null;
  return { message: page.quote(ERROR_TEXT) ?? page.quote(ERROR_IN_BOX) ?? 'an error dialog is open' };
}

/** Requests of the page's own origin without which it cannot work. A 401 of the interface is healthy: nobody is signed in. */
function brokenRequest(capture: Capture): string | null {
  const { origin } = new URL(capture.finalUrl);
  const broken = capture.failedRequests.find(
    ({ url, kind, reason }) =>
      url.startsWith(origin) &&
      (kind === 'script' ||
        (['xhr', 'fetch'].includes(kind) && (/^5\d\d$/.test(reason) || reason.startsWith('net::')))),
  );
  return broken === undefined ? null : `${new URL(broken.url).pathname} failed: ${broken.reason}`;
}

/** Header and footer stand, the middle is empty or waits for ever: the shell answers, what is behind it does not. */
function emptyShell(page: Page): Sign | null {
  if (works(page) !== null || surfaceOf(page.url) === 'sign-in') return null;
  const isShell = isTitled(page) || page.present('app-root').length > 0;
  const broken = brokenRequest(page.capture);
  const isEmpty = main(page).replace(page.titleWords, '').length < 40;
  if (!isShell || (!isEmpty && broken === null)) return null;
  return { message: broken === null ? 'the page has no content between header and footer' : `no content: ${broken}` };
}

const RULES: readonly Rule[] = [
  { name: 'maintenance', outcome: 'maintenance', see: (page) => (works(page) === null ? maintenanceSign(page) : null) },
  { name: 'error-dialog', outcome: 'error', see: errorDialog },
  { name: 'empty-shell', outcome: 'error', see: emptyShell },
  { name: 'public-door', outcome: 'operational', see: works },
];

const REFUSED_REDIRECT = /(?:invalid parameter|parametre invalide) ?: ?redirect_uri/;

function read(captures: readonly Capture[]): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const page = new Page(last);
  const surface = surfaceOf(page.url);
  if (last.failure === null && surface === 'sign-in' && page.says(REFUSED_REDIRECT)) {
    return {
      outcome: 'unknown_page',
      rule: 'redirect-refused',
      message: 'the sign-in refuses the address to return to: the portal has moved, not failed',
      facets: { surface },
    };
  }
  return readPage(last, RULES, { surface, ...generationOf(page) });
}

/** Which front of the site was recognised, where one was. */
function generationOf(page: Page): { generation?: string } {
  if (page.present('dsfr-button, .fr-btn, .fr-header').length > 0) return { generation: 'dsfr-2026' };
  const isOld = page.present('app-portal, #portail-anef, p-button, anef-tile').length > 0;
  return isOld ? { generation: 'primeng-2023' } : {};
}

const HOSTS = [/^administration-etrangers-en-france\.interieur\.gouv\.fr$/, /^sso\.anef\.dgef\.interieur\.gouv\.fr$/];

export const probe: Probe = {
  name: 'anef',
  version: 1,
  kind: 'service',
  hosts: HOSTS,
  recognises: ({ hostname }) => HOSTS.some((host) => host.test(hostname)),
  posts: [],
  forbidden: [/\/login-actions\/authenticate/, /\/broker\/[^/]+\/login/, /\/protocol\/openid-connect\/token/],
  expectsCaptcha: false,
  contacts: ['0806001620'],
  params: z.strictObject({}),
  visit: async (visit, target) => {
    await visit.open(surfaceOf(new URL(target.address)), target.address, {
      until: (page) => works(page) !== null || errorDialog(page) !== null,
    });
  },
  read,
};

import {
  fold,
  maintenanceSign,
  movedSign,
  Page,
  readPage,
  z,
  type Capture,
  type Element,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
  type Visit,
} from '../src/probe.ts';

/**
 * ANEF, the State's online service for residence permits: its portal (a single-page application; Angular and PrimeNG until
 * June 2026, DSFR since) and its sign-in (Keycloak), a host of its own. `operational` means that the public door opens, not
 * that the service behind it works. Strings, markup and walks: fact sheet of November 2026, sections 2 to 8 and 11.
 */

/** What a visit goes to see. Steps are named `<walk>:<part>`, so that a stored capture tells by itself what it was for. */
const PORTAL_WALKS = ['home', 'triage', 'register', 'help', 'old-link', 'mobile', 'languages'] as const;
const walkName = z.enum([...PORTAL_WALKS, 'sign-in', 'sso', 'forgotten', 'discovery']);
type Walk = z.infer<typeof walkName>;

const params = z.strictObject({
  walk: walkName.optional().describe('Which of the public doors is tried; what the address shows when not given'),
});

/** The kind of page an address stands for. The last three are on the sign-in service's host, the others on the portal's. */
type Surface = 'home' | 'account' | 'page' | 'triage' | 'portal' | 'sign-in' | 'forgotten' | 'discovery';

const DISCOVERY = '/.well-known/openid-configuration';

const isSso = (url: URL): boolean => /\/realms\/[^/]+\//.test(url.pathname) || url.hostname.startsWith('sso.');

function surfaceOf(url: URL): Surface {
  if (isSso(url)) {
    if (url.pathname.endsWith(DISCOVERY)) return 'discovery';
    return /\/login-actions\/reset-credentials/.test(url.pathname) ? 'forgotten' : 'sign-in';
  }
  if (url.pathname.startsWith('/api/')) return 'portal';
  if (url.hash.startsWith('#/espace-personnel/connexion-inscription')) return 'account';
  return helpRoute(url) === null ? 'home' : 'page';
}

function walkAt(address: URL): Walk {
  const surface = surfaceOf(address);
  if (surface === 'discovery') return 'discovery';
  if (isSso(address)) return 'sso';
  if (/^\/particuliers(?:\/|$)/.test(address.pathname)) return 'old-link';
  if (surface === 'account') return 'register';
  return surface === 'page' ? 'help' : 'home';
}

/** A page read from a file, or kept by version 1, has a step without a walk. */
function walkOf({ step, requestedUrl }: Capture): Walk {
  const named = walkName.safeParse(/^(.+):/.exec(step)?.[1]);
  return named.success ? named.data : walkAt(new URL(requestedUrl));
}

const SIGN_IN_WORDS = /^(?:se connecter|s'identifier|sign in|log in|login|connexion)$/;
const CREATE_WORDS =
  /^(?:(?:je )?cree[rz]? (?:un|mon|votre) (?:nouveau )?compte|create (?:an|my|your) (?:new )?account)$/;
const CONTINUE_WORDS = /^(?:je continue|continuer|i continue|continue)$/;
const FORGOTTEN_WORDS = /mot de passe oubli|forgot(?:ten)? (?:your )?password/;
const RESIDENCE_TILE = /(?:demande|renouvel|apply|renew).{0,40}(?:titre de sejour|residence permit)/;
const FOR_ONESELF = /^moi$|\b(?:pour moi|moi.?meme|myself|for me)\b/;

const CONTROLS = 'button, a, input[type="submit"], input[type="button"], [role="button"], #connexion_link';
const SUBMIT = ':is(button, input)[type="submit"]';
/** Put after what must be usable: a form may be drawn and shut. */
const ENABLED = ':not([disabled], [aria-disabled="true"], fieldset[disabled] *)';
const MENU_BUTTON = '.fr-btn--menu, button[aria-label*="menu" i], button[title*="menu" i]';
const TITLE = /etrangers en france|foreign nationals in france|foreigners in france|\(anef\)/;
const FRAME =
  'header, nav, footer, [role="banner"], [role="navigation"], [role="contentinfo"], #cookies-banner, #footer-global';

const inMain = (selectors: string): string => `:is(main, [role="main"]) :is(${selectors})`;

const MAIN_CONTROLS = inMain(`${CONTROLS}, [role="link"]`);
const MAIN_HEADINGS = inMain('h1, h2, h3, h4');
/** The heading, link or button by which the home offers a procedure. */
const OFFERS = `${MAIN_HEADINGS}, ${inMain('a, button, anef-tile, [role="button"], [role="link"]')}`;
const FIELDS = inMain('input:not([type="hidden"])');
const CHOICES = inMain('label, [role="radio"]');

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

const hasControl = (page: Page, words: RegExp): boolean => page.controls(CONTROLS, words).length > 0;

const main = (page: Page): string => page.wordsOutside(FRAME);

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

/** A heading in the page's own part that says that the whole is closed. */
const MAINTENANCE =
  /^(?:operation de )?maintenance(?: en cours| technique| exceptionnelle)?[ .!]*$|\ben (?:cours de |phase de )?maintenance\b|\bunder maintenance\b/;
const CLOSED =
  /^(?:(?:le|ce|notre|the|this|our) )?(?:service|site|portail|portal)(?: anef)?(?: est| is)?(?: momentanement| temporairement| actuellement| temporarily| currently)? (?:indisponible|interrompu|suspendu|ferme|inaccessible|unavailable|closed|down)\b/;
/** The same words on what is still to come, is over, or is asked by a page of help. */
const NOT_NOW = /\?|\b(?:prevue?s?|programmee?s?|planifiee?s?|sera|terminee?s?|fin de|scheduled|planned|will|over)\b/;

function closedHeading(page: Page, words: RegExp): Sign | null {
  const headings = page.visible(isSso(page.url) ? 'h1, h2, h3' : MAIN_HEADINGS).map((each) => page.wordsOf(each));
  // Below its first heading a page of help speaks of what may happen.
  const own = helpRoute(page.url) === null ? headings : headings.slice(0, 1);
  const closed = own.find((heading) => words.test(heading) && !NOT_NOW.test(heading));
  return closed === undefined ? null : { message: page.quote(words) ?? closed };
}

const isClosed = (page: Page): boolean => (closedHeading(page, MAINTENANCE) ?? closedHeading(page, CLOSED)) !== null;

/** Procedures that are offered, one at most by each tile: a notice that the portal is closed names them in its prose. */
function proceduresOffered(page: Page): number {
  const shut = /indisponible|interrompu|suspendu|ferme|unavailable|suspended|closed/;
  const offers = page.visible(OFFERS).map((offer) => page.wordsOf(offer));
  const named = offers.map((offer) => (shut.test(offer) ? undefined : PROCEDURES.find((words) => words.test(offer))));
  return new Set(named.filter((words) => words !== undefined)).size;
}

function home(page: Page, isTelephone = false): Sign | null {
  const named = proceduresOffered(page);
  const isKnown = named >= 2 && (isTitled(page) || page.words.length > 400);
  if (surfaceOf(page.url) !== 'home' || !isKnown || isClosed(page)) return null;
  const isMenu = !hasControl(page, SIGN_IN_WORDS);
  if (isMenu && !(isTelephone && isInClosedMenu(page, SIGN_IN_WORDS))) return null;
  const broken = brokenRequest(page.capture);
  const note = broken === null ? '' : `, though ${broken}`;
  return { message: `the portal shows ${named} procedures and its sign-in button${isMenu ? ' in a menu' : ''}${note}` };
}

function account(page: Page): Sign | null {
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
function hasChoices(page: Page): boolean {
  const radios = ['input[type="radio"]', '[role="radio"]'].map((kind) => page.present(inMain(kind)).length);
  return Math.max(...radios) >= 2 && page.controls(CHOICES, FOR_ONESELF).length > 0;
}

/** The questions before sign-in. Their route is not known; they are known by their choices and the button that goes on. */
function triage(page: Page): Sign | null {
  if (isSso(page.url) || !isTitled(page) || !hasChoices(page) || isClosed(page)) return null;
  const goesOn = page.controls(MAIN_CONTROLS, CONTINUE_WORDS).length > 0;
  return goesOn ? { message: 'the questions before sign-in go as far as the button that continues' } : null;
}

/** The help pages and the words that head each. */
const HELP: ReadonlyMap<string, RegExp> = new Map([
  ['contact', /\bcontact/],
  ['faq', /\bfaq\b|besoin d'aide|questions? frequente|frequently asked|\bhelp\b/],
  ['plandusite', /plan du site|site ?map/],
  ['mentions-legales', /mentions? legales?|legal (?:notice|information)/],
  ['aide-accessibilite', /accessibilite|accessibility/],
  ['aide', /\baide\b|\bhelp\b/],
]);

function helpRoute(url: URL): string | null {
  const route = /^#\/([a-z-]+)(?:[/?]|$)/.exec(url.hash)?.[1] ?? '';
  return HELP.has(route) ? route : null;
}

function help(page: Page): Sign | null {
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

function askedHelp(page: Page): Sign | null {
  const route = helpRoute(new URL(page.capture.requestedUrl));
  if (route === null || route !== helpRoute(page.url)) return null;
  return route !== 'contact' || page.says(CONTACT_CENTRE) ? help(page) : null;
}

/** Whether one form holds all of them, and each can be used. */
function inOneForm(page: Page, ...fields: readonly string[]): boolean {
  const form = `form${fields.map((field) => `:has(${field})`).join('')}`;
  return fields.every((field) => page.has(`${form} ${field}${ENABLED}`));
}

/** The one signature that every theme has kept since 2022: both fields and a submit button inside one form. */
function signInForm(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'sign-in' || isClosed(page)) return null;
  if (!inOneForm(page, 'input[name="username"]', 'input[name="password"]', SUBMIT)) return null;
  const reset = page.says(FORGOTTEN_WORDS) || page.has(RESET_LINK) ? '' : ', without the forgotten-password link';
  const franceConnect = page.has(FRANCE_CONNECT) ? '' : ', without FranceConnect';
  return { message: `the sign-in form is shown${reset}${franceConnect}` };
}

const RESET_LINK = 'a[href*="/login-actions/reset-credentials"]';
const FRANCE_CONNECT =
  'a[href*="franceconnect"], .fr-connect, img[alt*="FranceConnect" i], img[alt*="France Connect" i]';

function forgotten(page: Page): Sign | null {
  if (!isSso(page.url) || page.has('input[type="password"]') || isClosed(page)) return null;
  const isReset = surfaceOf(page.url) === 'forgotten' || FORGOTTEN_WORDS.test(page.titleWords);
  const hasField = inOneForm(page, ':is(input[name="username"], input[name="email"])', SUBMIT);
  return isReset && hasField ? { message: 'the form for a forgotten password is shown' } : null;
}

/** Keycloak's own description of the realm: JSON, which the browser shows as text. */
function discovery(page: Page): Sign | null {
  if (surfaceOf(page.url) !== 'discovery') return null;
  const issuer = issuerIn(page.capture);
  const realm = page.url.pathname.slice(0, -DISCOVERY.length);
  const isOwn = issuer?.hostname === page.url.hostname && issuer.pathname.replace(/\/$/, '') === realm;
  return isOwn ? { message: `the sign-in service describes itself as ${issuer.href}` } : null;
}

function issuerIn({ text, headers }: Capture): URL | null {
  // Around JSON the browser may write words of its own; a page that quotes some describes nothing.
  const isJson = /\bjson\b/.test(headers['content-type'] ?? '');
  try {
    const whole: unknown = JSON.parse(isJson ? text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1) : text);
    return new URL(z.object({ issuer: z.url() }).parse(whole).issuer);
  } catch {
    // Not JSON, or without an issuer: no sign, and the page is told as unknown.
    return null;
  }
}

/** The page works, whichever of the public pages it is. */
const known = (page: Page): Sign | null =>
  ofSso(page) ?? help(page) ?? account(page) ?? triage(page) ?? home(page, true);
const ofSso = (page: Page): Sign | null => discovery(page) ?? forgotten(page) ?? signInForm(page);

const LANGUAGES = [
  ['en', /^(?:en ?[-–] ?)?(?:english|anglais)$/],
  ['zh', /^(?:zh ?[-–] ?)?(?:(?:简体|繁體)?中文|chinois|chinese)$/],
] as const;
const SWITCH = '#language-menu, app-language, .fr-translate';

/** An entry in a closed menu is offered when the switch that opens it is there. */
function languages(page: Page): Sign | null {
  const isWhole = LANGUAGES.every(([code, words]) => {
    const entry = `#menu-langue-${code}, a[hreflang^="${code}"], a[lang^="${code}"]`;
    const isShown = page.has(entry) || page.controls(`${CONTROLS}, option`, words).length > 0;
    return home(page) !== null && (isShown || (page.has(SWITCH) && page.present(entry).length > 0));
  });
  return isWhole ? { message: 'the portal is offered in English and in Chinese' } : null;
}

/** A link of the generation before June 2026, which guides still give: the page it shows, or the one it leads to. */
function oldLink(page: Page): Sign | null {
  const sign = known(page);
  if (sign === null) return null;
  const { href: movedTo, pathname } = page.url;
  const isKept = new URL(page.capture.requestedUrl).pathname === pathname;
  if (isKept) return { message: `the old link is kept: ${sign.message}` };
  return { message: `the old link leads to ${pathname}: ${sign.message}`, facets: { movedTo } };
}

/** What each walk must end on. */
const GOALS: Readonly<Record<Walk, (page: Page) => Sign | null>> = {
  home,
  triage,
  'sign-in': signInForm,
  sso: signInForm,
  forgotten,
  register: account,
  help: askedHelp,
  'old-link': oldLink,
  mobile: (page) => home(page, true),
  languages,
  discovery,
};

/** Steps on the way: a walk that ended there without a fault did not find how to go on. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['triage:home', 'triage:tile', 'sign-in:portal', 'forgotten:login']);

/** What a walk did not find where it ended, when the page shows no fault. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  'triage:home': 'no tile for residence permits',
  'triage:tile': 'no question behind the tile',
  'triage:choice': 'no "Je continue" after a choice',
  'sign-in:portal': 'no "Se connecter"',
  'sign-in:press': 'no sign-in form behind "Se connecter"',
  'forgotten:login': 'no sign-in form with "Mot de passe oublié ?"',
  'forgotten:link': 'no form with a user field behind "Mot de passe oublié ?"',
  'help:page': 'not the page asked for, with all that it must show',
  'languages:page': 'not the home page with English and Chinese',
  'discovery:page': 'no issuer of this realm',
};

/** The texts of the portal's error window, real capture of January 2024; two were cut there and are matched by their start. */
const ERROR_TEXT = /une erreur technique est surve|merci de refaire la procedure|an? technical error (?:has )?occurred/;
const ERROR_BOXES =
  'lib-error-modal, [role="dialog"], [role="alertdialog"], .modalAlert, .ui-dialog, .p-dialog, dialog, .fr-modal, .fr-alert--error, [role="alert"]';
const ERROR_IN_BOX =
  /erreur technique|probleme technique|service (?:momentanement |temporairement )?indisponible|technical (?:error|problem)/;

function errorDialog(page: Page): Sign | null {
  const isBoxed = page.controls(ERROR_BOXES, ERROR_IN_BOX).length > 0;
  // On a page that works, words about errors outside a box are advice.
  const isSaid = !isBoxed && (page.states('Problème technique') || page.says(ERROR_TEXT)) && known(page) === null;
  if (!isBoxed && !isSaid) return null;
  return { message: page.quote(ERROR_TEXT) ?? page.quote(ERROR_IN_BOX) ?? 'an error dialog is open' };
}

const REFUSED_REDIRECT = /(?:invalid parameter|parametre invalide) ?: ?redirect_uri/;
const isRefused = (page: Page): boolean => isSso(page.url) && page.says(REFUSED_REDIRECT);
const isFaulty = (page: Page): boolean => isRefused(page) || errorDialog(page) !== null;

/** Requests of the page's own origin without which it cannot work. A 401 of the interface is healthy: nobody is signed in. */
function brokenRequest(capture: Capture): string | null {
  const { origin } = new URL(capture.finalUrl);
  const broken = capture.failedRequests.find(
    ({ url, kind, reason }) =>
      url.startsWith(origin) && (kind === 'script' || ('xhr fetch'.includes(kind) && /^(?:5\d\d$|net::)/.test(reason))),
  );
  return broken === undefined ? null : `${new URL(broken.url).pathname} failed: ${broken.reason}`;
}

/** Header and footer stand, the middle is empty or waits for ever: the shell answers, what is behind it does not. */
function emptyShell(page: Page): Sign | null {
  if (known(page) !== null || isSso(page.url)) return null;
  const isShell = isTitled(page) || page.present('app-root').length > 0;
  const broken = brokenRequest(page.capture);
  const isShort = main(page).replace(page.titleWords, '').length < (broken === null ? 40 : 200);
  // A heading of its own or a field: whatever the page is, its middle was drawn.
  const isHeaded = page.visible(MAIN_HEADINGS).some((heading) => !page.titleWords.includes(page.wordsOf(heading)));
  if (!isShell || !isShort || isHeaded || page.choosable(FIELDS).length > 0) return null;
  return { message: broken === null ? 'the page has no content between header and footer' : `no content: ${broken}` };
}

/** What a page that works says of maintenance or of a new address is news. */
const unlessKnown = (page: Page, see: Rule['see']): Sign | null => (known(page) === null ? see(page) : null);

const seeMaintenance = (page: Page): Sign | null =>
  closedHeading(page, MAINTENANCE) ?? unlessKnown(page, maintenanceSign);

function rulesOf(walk: Walk, { step, title }: Capture): readonly Rule[] {
  const isPastHome = walk === 'triage' && step !== 'triage:home';
  const seeAccount = (page: Page): Sign | null => (isPastHome ? (account(page) ?? signInForm(page)) : null);
  const seeMoved = walk === 'old-link' ? movedSign : () => null;
  const seeNothing = (): Sign | null =>
    step in NOT_FOUND ? { message: `${NOT_FOUND[step]}, on the page titled "${title}": a person must look` } : null;
  return [
    { name: 'maintenance', outcome: 'maintenance', see: seeMaintenance },
    { name: 'closed-heading', outcome: 'error', see: (page) => closedHeading(page, CLOSED) },
    { name: 'error-dialog', outcome: 'error', see: errorDialog },
    { name: 'empty-shell', outcome: 'error', see: emptyShell },
    { name: 'account-first', outcome: 'login', see: seeAccount },
    { name: 'new-address', outcome: 'moved', see: (page) => unlessKnown(page, seeMoved) },
    { name: 'public-door', outcome: 'operational', see: (page) => (ON_THE_WAY.has(step) ? null : GOALS[walk](page)) },
    { name: 'not-found', outcome: 'unknown_page', see: seeNothing },
  ];
}

/** A press whose document never came leaves the capture on the page before it: what failed tells which host it was. */
function surfaceSeen({ failure, failedRequests, finalUrl, step }: Capture): Surface {
  const failed = failure === null ? undefined : failedRequests.findLast(({ kind }) => kind === 'document');
  if (failed === undefined && failure?.kind === 'timeout' && step === 'sign-in:press') return 'sign-in';
  const surface = surfaceOf(new URL(failed?.url ?? finalUrl));
  return surface === 'home' && /^triage:(?:tile|choice)$/.test(step) ? 'triage' : surface;
}

/** Outcomes whose message tells which of the two hosts it is about: they fail apart. */
const OF_A_HOST = /^(?:overloaded|error|timeout|unreachable|denied|rate_limited|captcha)$/;

function read(captures: readonly Capture[]): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const page = new Page(last);
  const walk = walkOf(last);
  const surface = surfaceSeen(last);
  const facets = { surface, ...generationOf(page) };
  const found = readPage(last, rulesOf(walk, last), facets);
  const reading = { ...found, facets: { ...facets, ...found.facets } };
  const isOfSso = ['sign-in', 'forgotten', 'discovery'].includes(surface);
  if (isRefused(page)) return refusedRedirect(reading, walk);
  const isGone = found.rule === 'missing-heading' || last.status === 404 || last.status === 410;
  if (walk === 'old-link' && !isOfSso && isGone && found.outcome === 'error') {
    const message = `the old link is gone (${found.message}): saved links and guides lead nowhere`;
    return { ...reading, outcome: 'moved', rule: 'old-link-gone', message };
  }
  if (!OF_A_HOST.test(found.outcome)) return reading;
  return { ...reading, message: `${isOfSso ? 'sign-in service' : 'portal'}: ${found.message}` };
}

/** An address of ours that is refused says that the portal has moved; the portal's own being refused is a fault. */
function refusedRedirect(reading: Reading, walk: Walk): Reading {
  const refused = { ...reading, rule: 'redirect-refused' };
  return walk === 'sign-in'
    ? { ...refused, outcome: 'error', message: "sign-in service: the portal's own address is refused" }
    : { ...refused, outcome: 'unknown_page', message: 'the address to return to is refused: the portal has moved' };
}

/** Which front of the site was recognised, where one was. */
function generationOf(page: Page): { generation?: string } {
  if (page.present('dsfr-button, .fr-btn, .fr-header').length > 0) return { generation: 'dsfr-2026' };
  const isOld = page.present('app-portal, #portail-anef, p-button, anef-tile').length > 0;
  return isOld ? { generation: 'primeng-2023' } : {};
}

/** The sign-in service's pages come whole from its server; the portal draws its own. */
const SERVED_WITHIN_MS = 2_000;

/** How long a page of the portal must have worked: the application asks its back end late, and then opens its error window. */
const STEADY_MS = 2_000;

function steadily(isShown: (page: Page) => boolean): (page: Page) => boolean {
  let since: number | null = null;
  return (page) => {
    const { observedAt } = page.capture;
    since = isShown(page) ? (since ?? observedAt) : null;
    const isSteady = since !== null && (isSso(page.url) || observedAt - since >= STEADY_MS);
    return isSteady || isFaulty(page);
  };
}

const isSettled = (page: Page): boolean => known(page) !== null || isFaulty(page);

async function walkTriage(visit: Visit, address: string): Promise<void> {
  const first = await visit.open('triage:home', address, { until: isSettled });
  const tile = [MAIN_CONTROLS, MAIN_HEADINGS].find((part) => first.controls(part, RESIDENCE_TILE).length > 0);
  if (home(first) === null || tile === undefined) return;
  const until = (page: Page): boolean => hasChoices(page) || isFaulty(page);
  const asked = await visit.press('triage:tile', tile, { named: RESIDENCE_TILE, until });
  if (!hasChoices(asked) || isFaulty(asked)) return;
  await visit.press('triage:choice', CHOICES, { named: FOR_ONESELF, until: steadily((page) => triage(page) !== null) });
}

/** From the portal's own button, over its page for signing in when there is one in between. */
async function walkSignIn(visit: Visit, address: string): Promise<void> {
  let page = await visit.open('sign-in:portal', address, { until: isSettled });
  for (const isFirst of [true, false]) {
    const isStart = isFirst && home(page) !== null;
    if (!isStart && account(page) === null) return;
    // The one in the page leads further than the header's, which may lead to the page itself.
    const control = page.controls(MAIN_CONTROLS, SIGN_IN_WORDS).length > 0 ? MAIN_CONTROLS : CONTROLS;
    const until = (next: Page): boolean =>
      signInForm(next) !== null || (isStart && account(next) !== null) || isFaulty(next);
    page = await visit.press('sign-in:press', control, { named: SIGN_IN_WORDS, until });
  }
}

async function walkForgotten(visit: Visit, address: string): Promise<void> {
  const login = await visit.open('forgotten:login', address, { until: isSettled });
  const links = [['a, button', FORGOTTEN_WORDS] as const, [RESET_LINK, /^/] as const];
  const [link, named] = links.find(([part, words]) => login.controls(part, words).length > 0) ?? [];
  if (signInForm(login) === null || link === undefined) return;
  await visit.press('forgotten:link', link, { named, until: (page) => forgotten(page) !== null });
}

const HOSTS = [/^administration-etrangers-en-france\.interieur\.gouv\.fr$/, /^sso\.anef\.dgef\.interieur\.gouv\.fr$/];

export const probe: Probe = {
  name: 'anef',
  version: 2,
  kind: 'service',
  hosts: HOSTS,
  recognises: ({ hostname }) => HOSTS.some((host) => host.test(hostname)),
  posts: [],
  // Of Keycloak's actions only the page for a forgotten password is looked at; all others sign in, register or change.
  forbidden: [
    /\/login-actions\/(?!reset-credentials\/?$)/,
    /\/broker\/[^/]+\//,
    /\/protocol\/openid-connect\/(?:token|logout|revoke|registrations|ext)/,
  ],
  expectsCaptcha: false,
  contacts: ['0806001620'],
  params,
  visit: async (visit, { address, params: given }) => {
    const walk = params.parse(given).walk ?? walkAt(new URL(address));
    if (walk === 'triage') return await walkTriage(visit, address);
    if (walk === 'sign-in') return await walkSignIn(visit, address);
    if (walk === 'forgotten') return await walkForgotten(visit, address);
    if (walk === 'mobile') await visit.narrow();
    await visit.open(`${walk}:page`, address, {
      until: steadily((page) => GOALS[walk](page) !== null),
      ...(isSso(new URL(address)) && { withinMs: SERVED_WITHIN_MS }),
    });
  },
  read,
};

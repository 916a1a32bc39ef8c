import {
  dayOf,
  maintenanceSign,
  movedSign,
  numericDay,
  Page,
  readPage,
  z,
  type Capture,
  type Element,
  type Facets,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
} from '../src/probe.ts';

/**
 * Démarche numérique (formerly Démarches simplifiées), `/commencer/{path}`: forms that prefectures publish, open or closed,
 * without slots. `operational` means that a foreigner can start the form now, not that it will be answered. Strings, markup
 * and redirects: fact sheet of November 2026, section 4, from the platform's public source of January 2026; `/introuvable/…`
 * and the words of the deadline (`31 décembre 2026 à 23 h 59`) from later states of that source.
 */

type Surface = 'procedure' | 'closing' | 'not-found' | 'home' | 'other';

const HOSTS = [/^demarches?\.numerique\.gouv\.fr$/, /^(?:www\.)?demarches-simplifiees\.fr$/];
const START = /^\/commencer\/([^/]+)\/?$/;
const SITE_NAME = /demarches?\.numerique\.gouv\.fr|demarches-simplifiees/;
/** Words that are not the state of the page: the platform's own news, and what the prefecture writes about its procedure. */
const ASIDES = '.site-banner, .fr-notice, .fr-accordion, .fr-collapse';

/** The name of the procedure in an address; null for an address where none can be started. */
function procedureAt(url: URL): string | null {
  return START.exec(url.pathname)?.[1]?.toLowerCase() ?? null;
}

function surfaceOf(url: URL): Surface {
  if (procedureAt(url) !== null) return 'procedure';
  if (/^\/fermeture\/[^/]+/.test(url.pathname)) return 'closing';
  if (/^\/introuvable\/[^/]+/.test(url.pathname)) return 'not-found';
  return url.pathname === '/' ? 'home' : 'other';
}

/** The page with only these of its words. */
const reduced = (page: Page, words: string): Page => new Page({ ...page.capture, html: '', text: words });

const alerts = (page: Page, words: RegExp): Element[] => page.controls('.fr-alert', words);

const IN_TEST = /demarche en test|cette demarche est actuellement en test|tester une nouvelle version de la demarche/;

/** A way in that belongs to the procedure of this address: the account, or FranceConnect's block. */
function hasWayIn(page: Page, procedure: string): boolean {
  const ways = ['sign_up', 'sign_in', 'france_connect'].map((way) => `/commencer/${procedure}/${way}`);
  return page
    .visible('main a[href]')
    .some((link) => ways.includes(page.linkOf(link)?.pathname.toLowerCase().replace(/\/$/, '') ?? ''));
}

/** Every sign of the page on which a person starts: its name, its call to start, a way in of its own, and no test. */
function canStart(page: Page): boolean {
  const procedure = procedureAt(page.url);
  return (
    procedure !== null &&
    page.capture.status === 200 &&
    page.controls('h1', /\S/).length > 0 &&
    page.controls('h2, h3', /^commencer la demarche$/).length > 0 &&
    hasWayIn(page, procedure) &&
    !page.says(IN_TEST)
  );
}

const MONTHS = [
  'janvier',
  'fevrier',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'aout',
  'septembre',
  'octobre',
  'novembre',
  'decembre',
];
const DEADLINE = /date limite ?: (?:[a-z]+ )?(?:(\d{1,2})(?:er)? ([a-z]+) (\d{4})|(\d{1,2}\/\d{1,2}\/\d{4}))/;

/** `Date limite : 31 décembre 2026 à 23 h 59 (heure de Paris).`, above what the prefecture itself has written. */
function deadlineOf(page: Page): string | null {
  const found = DEADLINE.exec(page.wordsOutside(ASIDES));
  if (found === null) return null;
  const [, day, month = '', year, numeric] = found;
  return numericDay(numeric ?? `${day}/${MONTHS.indexOf(month) + 1}/${year}`);
}

const isPast = (page: Page, deadline: string): boolean => deadline < dayOf(page.capture.observedAt);

function open(page: Page): Sign | null {
  if (!canStart(page)) return null;
  const deadline = deadlineOf(page);
  if (deadline !== null && isPast(page, deadline)) return null;
  const road = roadOf(page.capture);
  const until = deadline === null ? '' : `, until ${deadline}`;
  const renamed = road === null ? '' : `; its address is now ${road.to}`;
  return {
    message: `the procedure can be started${until}${renamed}`,
    facets: { ...(deadline === null ? {} : { deadline }), ...(road === null ? {} : { movedTo: road.to }) },
  };
}

/** The site closes a procedure on its last day: a start beside a past one is an old copy, or a closure that is late. */
function openAfterDeadline(page: Page): Sign | null {
  const deadline = canStart(page) ? deadlineOf(page) : null;
  if (deadline === null || !isPast(page, deadline)) return null;
  return { message: `the procedure can be started, but its last day was ${deadline}`, facets: { deadline } };
}

/**
 * Only agents with a professional account come in. The procedure is open, but not to those for whom this page is watched:
 * an identity they cannot have is asked before anything else.
 */
function professionalsOnly(page: Page): Sign | null {
  const isSaid = alerts(page, /cette demarche necessite une authentification via proconnect/).length > 0;
  return isSaid ? { message: 'only professionals with ProConnect can start the procedure' } : null;
}

/** A draft that only its authors should see. A test of a new version says nothing of the published one and is not meant. */
function draft(page: Page): Sign | null {
  const words = /cette demarche est actuellement en test/;
  if (surfaceOf(page.url) !== 'procedure' || alerts(page, words).length === 0) return null;
  return { message: page.quote(words) ?? 'Démarche en test' };
}

const CLOSED = /^la demarche .+ est close depuis\b/;

function closed(page: Page): Sign | null {
  const [heading] = page.controls('h1', CLOSED);
  if (heading === undefined) return null;
  return { message: page.quote(CLOSED) ?? page.wordsOf(heading) };
}

/** Closed, and the words left there by the prefecture name the new place. Header and banners speak of the platform's own. */
function closedAndElsewhere(page: Page): Sign | null {
  const closing = closed(page);
  const [content] = page.visible('main');
  if (closing === null || content === undefined) return null;
  if (movedSign(reduced(page, page.wordsOf(content))) === null) return null;
  const links = page
    .visible('main a[href]')
    .flatMap((link) => page.linkOf(link) ?? [])
    .filter((link) => /^https?:$/.test(link.protocol) && link.host !== page.url.host);
  const [only, another] = links;
  return {
    message: movedSign(page)?.message ?? closing.message,
    facets: only === undefined || another !== undefined ? {} : { movedTo: only.href },
  };
}

interface Road {
  /** The address of the last procedure on the way, without its query. */
  readonly to: string;
  readonly isRenamed: boolean;
}

/**
 * The way from the procedure asked for to another one; null when there was none. A 301 renames (same procedure, new path), a
 * 302 replaces it. A new host with the same path is neither: the platform itself has changed its name twice.
 */
function roadOf(capture: Capture): Road | null {
  const first = { url: capture.requestedUrl, status: capture.redirects[0]?.status ?? null };
  const stops = [first, ...capture.redirects.slice(1), { url: capture.finalUrl, status: null }].flatMap((stop) => {
    const url = new URL(stop.url);
    const procedure = procedureAt(url);
    return procedure === null ? [] : [{ procedure, status: stop.status, address: `${url.origin}${url.pathname}` }];
  });
  const turns = stops.filter(({ procedure }, at) => procedure !== (stops[at + 1]?.procedure ?? procedure));
  const last = stops.at(-1);
  if (turns.length === 0 || last === undefined) return null;
  return { to: last.address, isRenamed: turns.every(({ status }) => status === 301 || status === 308) };
}

function replaced(page: Page): Sign | null {
  const road = roadOf(page.capture);
  if (road === null || road.isRenamed) return null;
  return { message: `the site sends visitors to another procedure: ${road.to}`, facets: { movedTo: road.to } };
}

const isAskedFor = (page: Page): boolean => procedureAt(new URL(page.capture.requestedUrl)) !== null;

const FLASH = '[id^="flash_message"] .alert';

/** Unknown, withdrawn or never published: the site says so in a message above the page that it sends people to. */
function unknownProcedure(page: Page): Sign | null {
  if (!isAskedFor(page) || !['home', 'not-found'].includes(surfaceOf(page.url))) return null;
  const said = page.controls(FLASH, /^la demarche n'existe pas/).length > 0;
  if (!said && !page.isHeaded(['La démarche est introuvable'])) return null;
  return { message: page.quote(/la demarche (?:n'existe pas|est introuvable)/) ?? 'La démarche n’existe pas' };
}

/** The home page in place of the procedure, without another reason given: the message is shown only once, so the address decides. */
function sentHome(page: Page): Sign | null {
  if (!isAskedFor(page) || surfaceOf(page.url) !== 'home' || page.controls(FLASH, /\S/).length > 0) return null;
  const isSite = SITE_NAME.test(page.titleWords) || page.controls('header', SITE_NAME).length > 0;
  return isSite ? { message: 'the procedure is gone: the site sends visitors to its home page' } : null;
}

/** A banner announces a later maintenance, and is none. */
function maintenance(page: Page): Sign | null {
  const isState = [open, openAfterDeadline, professionalsOnly, draft, closed, unknownProcedure].some(
    (see) => see(page) !== null,
  );
  const own = reduced(page, page.wordsOutside(ASIDES));
  return isState || maintenanceSign(own) === null ? null : maintenanceSign(page);
}

const GATEWAY_HEADINGS = [
  'Problème de connexion au serveur',
  'Service temporairement indisponible',
  'Délai de connexion dépassé',
];

/** The site's static pages for 502, 503 and 504, by their words: a cache may hand them out with another status. */
function gatewayPage(page: Page): Sign | null {
  if (!page.isHeaded(GATEWAY_HEADINGS) || !page.says(/\berreur 50[234]\b/)) return null;
  return { message: `${page.capture.title} (${page.quote(/^erreur 50[234]\b/) ?? 'Erreur'})` };
}

const RULES: readonly Rule[] = [
  { name: 'professionals-only', outcome: 'login', see: professionalsOnly },
  { name: 'gateway-page', outcome: 'overloaded', see: gatewayPage },
  { name: 'maintenance', outcome: 'maintenance', see: maintenance },
  { name: 'replaced', outcome: 'moved', see: replaced },
  { name: 'closed-and-elsewhere', outcome: 'moved', see: closedAndElsewhere },
  { name: 'unknown-procedure', outcome: 'moved', see: unknownProcedure },
  { name: 'sent-home', outcome: 'moved', see: sentHome },
  { name: 'draft', outcome: 'suspended', see: draft },
  { name: 'closed', outcome: 'suspended', see: closed },
  { name: 'open-after-deadline', outcome: 'ambiguous', see: openAfterDeadline },
  { name: 'open', outcome: 'operational', see: open },
];

/** Accounts, identities and files, wherever the platform has kept them. */
const SIGN_INS = [
  /\/sign_(?:up|in)(?:\/|$)/,
  /^\/(?:commencer\/[^/]+\/)?(?:france|pro|agent)[_-]?connect(?:\/|$)/,
  /^\/(?:users|dossiers)(?:\/|$)/,
  /^\/connexion/,
];

/** Sent to the sign-in: the read-only filter stopped there, and that is the answer. */
function signInAsked({ failure, incidents }: Capture, facets: Facets): Reading | null {
  if (failure?.kind !== 'refused') return null;
  const paths = incidents
    .filter(({ rule, resource }) => rule === 'forbidden' && resource === 'document')
    .map(({ url }) => new URL(url).pathname);
  const path = paths.find((candidate) => SIGN_INS.some((pattern) => pattern.test(candidate)));
  if (path === undefined) return null;
  return { outcome: 'login', rule: 'sent-to-sign-in', message: `the site sends visitors to sign in (${path})`, facets };
}

function read(captures: readonly Capture[]): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const facets = { surface: surfaceOf(new URL(last.finalUrl)) };
  return signInAsked(last, facets) ?? readPage(last, RULES, facets);
}

/** Values for the form's fields in an address make the site write a draft (its public source, January 2026). */
const PREFILLS = /^(?:champ|identite)(?:_|$)|^prefill_token$/i;

const prefillsOf = (address: URL): string[] => [...address.searchParams.keys()].filter((name) => PREFILLS.test(name));

/** The address without what would fill the form: a visit never writes a draft, whatever is configured. */
function withoutPrefills(address: string): string {
  const url = new URL(address);
  for (const name of prefillsOf(url)) url.searchParams.delete(name);
  return url.href;
}

/** What a page may show before its procedure is drawn: some news, or nothing yet. */
const MAY_CHANGE = new Set(['maintenance', 'sent-home', 'blank-page']);

export const probe: Probe = {
  name: 'demarche-numerique',
  version: 1,
  kind: 'service',
  hosts: HOSTS,
  recognises: (address) =>
    HOSTS.some((host) => host.test(address.hostname)) &&
    procedureAt(address) !== null &&
    prefillsOf(address).length === 0,
  posts: [],
  // `dossier_vide`: the empty form as a file to download.
  forbidden: [...SIGN_INS, /\/dossier_vide/],
  expectsCaptcha: false,
  contacts: [],
  params: z.strictObject({}),
  visit: async (visit, target) => {
    await visit.open('start', withoutPrefills(target.address), {
      until: ({ capture }) => {
        const { outcome, rule } = read([capture]);
        return outcome !== 'unknown_page' && !MAY_CHANGE.has(rule);
      },
    });
  },
  read,
};

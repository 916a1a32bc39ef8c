import type { Capture, Failure } from '../core/capture.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Facets, Reading } from '../core/reading.ts';
import { Page } from './page.ts';
import { fold } from './text.ts';
import { readByRules, type Rule, type Sign } from './rules.ts';

/**
 * What holds for every page on the web, whatever the platform: how the line, the server, the firewall and the usual
 * captchas show themselves. Sources of the texts: the fact sheets of the platforms (November 2026), sections on failures.
 */

const FAILURE_OUTCOMES: Record<Failure['kind'], Outcome> = {
  dns: 'unreachable',
  connection: 'unreachable',
  tls: 'unreachable',
  timeout: 'timeout',
  redirects: 'error',
  // A download, an empty answer or an address of another program: something answered.
  aborted: 'unknown_page',
  download: 'unknown_page',
  left_hosts: 'unknown_page',
  refused: 'unknown_page',
  robots: 'robots',
};

/** Where procedures have moved to, by host. A redirect there is the site's own word that it is done elsewhere. */
const NEW_HOMES: readonly (readonly [RegExp, string])[] = [
  [/^administration-etrangers-en-france\.interieur\.gouv\.fr$/, 'ANEF'],
  [/^www\.rdv-prefecture\.interieur\.gouv\.fr$/, 'RDV-Préfecture'],
  [/(?:^|\.)(?:demarches?\.numerique\.gouv|demarches-simplifiees)\.fr$/, 'demarche.numerique.gouv.fr'],
  [/^rdv\.anct\.gouv\.fr$/, 'RDV Service Public'],
];
const SIGN_IN_HOSTS = /(?:^|\.)(?:franceconnect|proconnect|agentconnect)\.gouv\.fr$/;
const QUEUE_HOSTS = /(?:^|\.)queue-it\.net$/;

/** Reads a capture in which no page was reached. */
function readFailure(failure: Failure, capture: Capture): Reading {
  const reading = { rule: `failure-${failure.kind}`, message: failure.message, facets: {} };
  const host = new URL(capture.finalUrl).hostname;
  // The host itself, under an address that is not to be asked (a name that leads to a private one): nobody was sent anywhere.
  const isSent = host !== new URL(capture.requestedUrl).hostname;
  if (failure.kind !== 'left_hosts' || !isSent) return { ...reading, outcome: FAILURE_OUTCOMES[failure.kind] };
  const home = NEW_HOMES.find(([pattern]) => pattern.test(host));
  if (home !== undefined) return { ...reading, outcome: 'moved', message: `the site sends visitors to ${home[1]}` };
  if (SIGN_IN_HOSTS.test(host)) return { ...reading, outcome: 'login', message: `a sign-in at ${host} is asked` };
  if (QUEUE_HOSTS.test(host)) return { ...reading, outcome: 'overloaded', message: `a waiting room at ${host}` };
  return { ...reading, outcome: 'unknown_page', message: `sent to ${host}, outside the hosts of this platform` };
}

/** A page that says one thing has few words; on a longer one, words about faults may be advice or news. */
const SHORT_PAGE = 700;

/**
 * What a page says of itself: its title and its first heading, and on a short page all of it. Elsewhere the same words are
 * about something else: "Erreur 404" in a list of help, "file d'attente" in the news.
 */
function isSaidOfItself(page: Page, words: RegExp): boolean {
  if (words.test(page.titleWords) || words.test(firstHeading(page))) return true;
  return page.words.length < SHORT_PAGE && words.test(page.words);
}

function firstHeading(page: Page): string {
  const [first] = page.visible('h1');
  return first === undefined ? '' : page.wordsOf(first);
}

const says =
  (...phrases: readonly string[]) =>
  (page: Page): Sign | null => {
    const said = phrases.find((phrase) => isSaidOfItself(page, new RegExp(escaped(fold(phrase)))));
    return said === undefined ? null : { message: said };
  };

function escaped(words: string): string {
  return words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function statusIs(accept: (status: number) => boolean) {
  return (page: Page): Sign | null => {
    const { status } = page.capture;
    return status !== null && accept(status) ? { message: `HTTP ${status}` } : null;
  };
}

const CAPTCHA_MARKS = [
  'iframe[src*="/recaptcha/"]:not([src*="size=invisible"])',
  'iframe[src*="hcaptcha.com"]',
  'iframe[src*="challenges.cloudflare.com"]',
  '.g-recaptcha:not([data-size="invisible"])',
  '.h-captcha',
  '.cf-turnstile',
  '#BDC_CaptchaComponent',
  'input[name="captchaUsercode"]',
  'rdv-captchetat',
  'iframe[src*="captcha" i]:not([src*="size=invisible"])',
  'input[name*="captcha" i]:not([type="hidden"])',
].join(', ');

/** A captcha that stands open on the page: element, frame or address. */
function captchaSign(page: Page): Sign | null {
  // A picture of that name asks something only where an answer can be written.
  const isAsked = page.has('input:not([type]), input[type="text"]');
  const pictures = isAsked ? page.visible('img[src*="captcha" i], img[alt*="captcha" i]') : [];
  const [mark] = [...page.visible(CAPTCHA_MARKS), ...pictures];
  return mark === undefined ? null : { message: `a captcha is asked (${mark.name})` };
}

const ERROR_HEADINGS: readonly string[] = [
  'Erreur inattendue',
  'Erreur 500',
  'Internal Server Error',
  '500 Internal Server Error',
  'Erreur serveur',
  'Erreur interne du serveur',
];
const MISSING_HEADINGS: readonly string[] = [
  'Page non trouvée',
  'Page introuvable',
  'Erreur 404',
  '404 Not Found',
  'Not Found',
];
const UNAVAILABLE_HEADINGS: readonly string[] = [
  'Service indisponible',
  'Service momentanément indisponible',
  'Service temporairement indisponible',
  'Site indisponible',
  'Site temporairement indisponible',
];
const GATEWAY_HEADINGS = /^(?:error )?50[234] (?:bad gateway|service (?:temporarily )?unavailable|gateway time-?out)/;

function gatewayHeading(page: Page): Sign | null {
  const heading = page.visible('h1').map((element) => page.wordsOf(element));
  const found = [page.titleWords, ...heading].find((words) => GATEWAY_HEADINGS.test(words));
  return found === undefined ? null : { message: found };
}

/** The title or the first heading is exactly one of the phrases; on a short page any heading is. */
const headed =
  (phrases: readonly string[]) =>
  (page: Page): Sign | null => {
    const wanted = phrases.map(fold);
    const isOwn = wanted.includes(page.titleWords) || wanted.includes(firstHeading(page));
    const isHeaded = isOwn || (page.words.length < SHORT_PAGE && page.isHeaded(phrases));
    return isHeaded ? { message: page.capture.title || (phrases[0] ?? '') } : null;
  };

const RULES: readonly Rule[] = [
  { name: 'http-429', outcome: 'rate_limited', see: statusIs((status) => status === 429) },
  {
    name: 'slow-down-text',
    outcome: 'rate_limited',
    see: says(
      'You are being rate limited',
      'Too many requests',
      'Trop de requêtes',
      "Limite d'appels API atteinte",
      "Calme toi, cowboy ! T'enchaines un peu trop les requêtes",
    ),
  },
  { name: 'http-forbidden', outcome: 'denied', see: statusIs((status) => [401, 403, 451].includes(status)) },
  { name: 'haproxy-denied', outcome: 'denied', see: says('Request forbidden by administrative rules') },
  {
    name: 'cloudflare-block',
    outcome: 'denied',
    see: (page) =>
      page.says('cloudflare') && isSaidOfItself(page, /you have been blocked|ray id|attention required/)
        ? { message: 'Cloudflare: you have been blocked' }
        : null,
  },
  {
    name: 'imperva-block',
    outcome: 'denied',
    see: (page) =>
      isSaidOfItself(page, /incapsula incident id/) || page.present('iframe[src*="_Incapsula_Resource"]').length > 0
        ? { message: 'Imperva: request unsuccessful' }
        : null,
  },
  {
    name: 'firewall-rejection',
    outcome: 'denied',
    see: headed(["L'action demandée a été rejetée", 'Accès refusé', 'Access denied', '403 Forbidden']),
  },
  { name: 'captcha-mark', outcome: 'captcha', see: captchaSign },
  { name: 'http-gateway', outcome: 'overloaded', see: statusIs((status) => [502, 503, 504].includes(status)) },
  { name: 'gateway-heading', outcome: 'overloaded', see: gatewayHeading },
  {
    name: 'overload-text',
    outcome: 'overloaded',
    // At the head of a line: a page of advice may quote it.
    see: (page) =>
      page.opensWith(/service surcharge\b/) && isSaidOfItself(page, /service surcharge\b/)
        ? { message: 'Service surchargé' }
        : null,
  },
  {
    name: 'waiting-room',
    outcome: 'overloaded',
    see: (page) =>
      isSaidOfItself(page, /vous etes (?:actuellement )?(?:dans la |en )file d'attente|salle d'attente virtuelle/) ||
      headed(["File d'attente", "Salle d'attente", 'Waiting room'])(page) !== null
        ? { message: 'a waiting room' }
        : null,
  },
  { name: 'http-5xx', outcome: 'error', see: statusIs((status) => status >= 500) },
  { name: 'http-4xx', outcome: 'error', see: statusIs((status) => status >= 400 && status < 500) },
  { name: 'error-heading', outcome: 'error', see: headed(ERROR_HEADINGS) },
  { name: 'missing-heading', outcome: 'error', see: headed(MISSING_HEADINGS) },
  {
    name: 'unavailable-heading',
    outcome: 'error',
    see: (page) => (announcesMaintenance(page) ? null : headed(UNAVAILABLE_HEADINGS)(page)),
  },
  { name: 'blank-page', outcome: 'error', see: blankPage },
];

/** A page with nothing to read and nothing to use: its scripts failed. Pictures alone do not make a page. */
function blankPage(page: Page): Sign | null {
  const isEmpty = page.words.length < 20 && !page.has('input:not([type="hidden"]), button, select, textarea, a[href]');
  if (!isEmpty || page.capture.status === null || page.capture.dialogs.length > 0) return null;
  if (!/html|^$/.test(page.capture.headers['content-type'] ?? '')) return null;
  const broken = page.capture.failedRequests.find((request) =>
    ['script', 'stylesheet', 'fetch', 'xhr'].includes(request.kind),
  );
  const cause = broken === undefined ? page.capture.consoleErrors[0] : `${broken.url} failed: ${broken.reason}`;
  return { message: cause === undefined ? 'the page stayed blank' : `the page stayed blank (${cause})` };
}

const MAINTENANCE =
  /(?:operations?|travaux|raisons?|cause|cours|etat|phase) (?:techniques? )?(?:de|d'une) (?:operation de )?maintenance|\ben maintenance\b|\bmaintenance (?:en cours|est en cours|technique|programmee|planifiee|exceptionnelle)|(?:under|undergoing|for) (?:scheduled |planned )?maintenance|scheduled maintenance|site indisponible/;

function announcesMaintenance(page: Page): boolean {
  return MAINTENANCE.test(page.words) || /\bmaintenance\b/.test(page.titleWords);
}

/**
 * The page announces that the service is closed for maintenance. A rule for a probe to add beside its own signs of a
 * working page: a banner on a page that works announces a later maintenance and is none.
 */
export function maintenanceSign(page: Page): Sign | null {
  if (!announcesMaintenance(page)) return null;
  return { message: page.quote(MAINTENANCE) ?? page.capture.title };
}

const WEB_OUTCOMES: ReadonlySet<Outcome> = new Set(RULES.map((rule) => rule.outcome));

const ELSEWHERE =
  /(?:desormais|dorenavant)\b.{0,160}(?:\banef\b|administration-etrangers-en-france|demarches?[ .-](?:simplifiees|numerique)|rdv-prefecture|par courriel|par voie postale|par courrier)/;

/** The page says that the procedure is done elsewhere now. For a page that offers nothing else. */
export function movedSign(page: Page): Sign | null {
  const line = page.quote(ELSEWHERE);
  return line === null ? null : { message: line };
}

/** FranceConnect's button stands on the page: an identity is asked for. */
export function franceConnectSign(page: Page): Sign | null {
  const marks = '.fr-connect, a[href*="franceconnect.gouv.fr"], img[alt*="FranceConnect" i]';
  return page.has(marks) ? { message: 'a sign-in with FranceConnect is asked' } : null;
}

const SUSPENDED =
  /(?:prises? de rendez-vous|reservations?|module de (?:prise de )?rendez-vous)(?: en ligne)? (?:est|sont|a ete|ont ete) (?:actuellement |temporairement |provisoirement |momentanement )?(?:suspendue?s?|fermee?s?|interrompue?s?|close?s?)\b|(?:prises? de rendez-vous|reservations?)(?: en ligne)? (?:n'est pas encore ouverte|ouvrira)/;

/** The service itself says that booking is closed or not open yet. */
export function suspendedSign(page: Page): Sign | null {
  return page.says(SUSPENDED) ? { message: page.quote(SUSPENDED) ?? 'booking is closed' } : null;
}

/** Reads what needs no knowledge of the platform; null when nothing of the kind is there. */
export function readWeb(capture: Capture): Reading | null {
  if (capture.failure !== null) return readFailure(capture.failure, capture);
  const reading = readByRules(new Page(capture), RULES);
  return WEB_OUTCOMES.has(reading.outcome) ? reading : null;
}

/**
 * Reads one capture: a platform's own rules together with what holds for every page, in one order of precedence. A page
 * kept only in part cannot carry a yes or a no, and a fault seen after our own filter stopped one of the page's requests
 * cannot be laid at the site's door.
 */
export function readPage(capture: Capture, rules: readonly Rule[], facets: Facets = {}): Reading {
  if (capture.failure !== null) return readFailure(capture.failure, capture);
  const reading = readByRules(new Page(capture), [...rules, ...RULES], facets);
  if (capture.truncated && ['slots', 'no_slots', 'operational'].includes(reading.outcome)) {
    return {
      ...reading,
      outcome: 'unknown_page',
      rule: 'truncated',
      message: `larger than 5 MB, kept in part: ${reading.message}`,
    };
  }
  const stopped = reading.outcome === 'error' ? stoppedOwnRequest(capture) : null;
  if (stopped !== null) {
    return {
      ...reading,
      outcome: 'unknown_page',
      rule: 'filter-interfered',
      message: `${reading.message}, but our read-only filter refused ${stopped}`,
    };
  }
  return reading;
}

function stoppedOwnRequest(capture: Capture): string | null {
  const { host } = new URL(capture.finalUrl);
  const found = capture.incidents.find(
    (incident) =>
      incident.kind === 'refused' &&
      ['xhr', 'fetch', 'worker'].includes(incident.resource ?? '') &&
      URL.canParse(incident.url) &&
      new URL(incident.url).host === host,
  );
  return found === undefined ? null : `${found.method ?? found.resource ?? ''} ${new URL(found.url).pathname}`;
}

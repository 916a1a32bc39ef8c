import type { Capture, Failure } from '../core/capture.ts';
import { groupOf, type Outcome } from '../core/outcome.ts';
import type { Facets, Reading } from '../core/reading.ts';
import { gateRules } from './gates.ts';
import { OUTAGE_RULES, TOLD_OUTAGES, waitingRoom } from './outages.ts';
import { Page } from './page.ts';
import { readByRules, type Rule, type Sign } from './rules.ts';

export { maintenanceSign } from './outages.ts';

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

const isWaitingRoom = (page: Page): boolean => waitingRoom(page) !== null;

/** What a page says it is comes before its status and its emptiness; the order of outcomes decides between the rules. */
const RULES: readonly Rule[] = [...gateRules(isWaitingRoom), ...OUTAGE_RULES];

const WEB_OUTCOMES: ReadonlySet<Outcome> = new Set(RULES.map((rule) => rule.outcome));

const ELSEWHERE =
  /(?:desormais|dorenavant)\b.{0,200}(?:\banef\b|administration-etrangers-en-france|demarches?[ .-](?:simplifiees|numerique)|rdv-prefecture|par courriel|par voie postale|par courrier)/;

/** The page says that the procedure is done elsewhere now. For a page that offers nothing else. */
export function movedSign(page: Page): Sign | null {
  const line = page.stated(ELSEWHERE, { isInner: true });
  return line === null ? null : { message: line };
}

/** FranceConnect's button stands on the page: an identity is asked for. */
export function franceConnectSign(page: Page): Sign | null {
  const marks = '.fr-connect, a[href*="franceconnect.gouv.fr"], img[alt*="FranceConnect" i]';
  return page.has(marks) ? { message: 'a sign-in with FranceConnect is asked' } : null;
}

const SUSPENDED =
  /(?:prises? de rendez-vous|reservations?|module de (?:prise de )?rendez-vous)(?: (?!est |sont |a ete |ont ete )[^ .!?;:]{1,25}){0,8} (?:est|sont|a ete|ont ete) (?:actuellement |temporairement |provisoirement |momentanement )?(?:suspendue?s?|fermee?s?|interrompue?s?|close?s?)\b|(?:prises? de rendez-vous|reservations?)(?: en ligne)? (?:n'est pas encore ouverte|ouvrira)/;

/** The service itself says that booking is closed or not open yet. */
export function suspendedSign(page: Page): Sign | null {
  const said = page.stated(SUSPENDED, { isInner: true });
  return said === null ? null : { message: said };
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
  const page = new Page(capture);
  const isAnswered = groupOf(readByRules(page, rules).outcome) === 'observed';
  const reading = readByRules(page, [...rules, ...RULES, ...(isAnswered ? [] : TOLD_OUTAGES)], facets);
  const doubt = ANSWERS.has(reading.outcome) ? doubtOf(capture) : null;
  if (doubt !== null) {
    const message = `${doubt.why}: ${reading.message}`;
    return { ...reading, outcome: 'unknown_page', rule: doubt.rule, message };
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

const ANSWERS: ReadonlySet<Outcome> = new Set(['slots', 'no_slots', 'operational']);

/** Why a page cannot carry an answer, whatever is on it. */
function doubtOf({ truncated, status }: Capture): { readonly rule: string; readonly why: string } | null {
  if (truncated) return { rule: 'truncated', why: 'larger than 5 MB, kept in part' };
  if (status !== null && status !== 200 && status !== 304)
    return { rule: 'not-200', why: `the page came with HTTP ${status}` };
  return null;
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

import type { Page } from './page.ts';
import type { Rule, Sign } from './rules.ts';
import { headings, isShort, saysOfItself, statusIs } from './self-said.ts';
import { fold } from './text.ts';

/**
 * Outages as pages announce them: waiting rooms, errors of the origin told by its front, maintenance, services that say they
 * are down, blank pages. Sources: fact sheets of November 2026, sections on failures; public bug reports of 2020 to 2026.
 */

const QUEUE =
  /\b(?:file|salle|liste) d'attente\b|\bwaiting room\b|\b(?:virtual|the) queue\b|\b(?:now|placed|are) in (?:line|the queue)\b|warteschlange|sala de espera|\ben (?:la )?cola\b|\bqueue-it\b/;
/** `Vous êtes (maintenant, actuellement, bien placé…) dans la file d'attente`. */
const IN_QUEUE =
  /\bvous (?:etes|avez ete|allez etre|serez|entrez|venez d'entrer)\b.{0,50}\b(?:file|salle|liste) d'attente\b|\byou (?:are|have been|'re|will be)\b.{0,40}\b(?:in line|queue|waiting room)\b|waiting room powered by/;
/** What a waiting room tells: place, time, people before one. */
const PLACE_IN_QUEUE =
  /\b(?:temps|duree|delai) d'attente\b.{0,20}(?:estime|:)|attente estimee|\bestimated wait|(?:personnes?|usagers?|visiteurs?|utilisateurs?|demandes?|people|users?|visitors?)\b.{0,20}\b(?:devant|avant|ahead|before|in front)\b|\b(?:devant|avant) vous\b|\bahead of you\b|(?:votre |your )?\b(?:position|rang|place|number|numero)\b(?:.{0,25}(?:file|queue|line))?(?: (?:est|is))? ?:? ?(?:n° ?)?\d|\bvotre tour\b|\byour turn\b|redirige.{0,30}automatiquement|automatically redirected|compte a rebours|\bcountdown\b|identifiant de (?:la )?file|queue id\b|powered by queue-it|ne (?:fermez|quittez|rafraichissez|rechargez) pas/;
const CROWDED =
  /forte affluence|trafic (?:exceptionnel|important|tres eleve)|(?:tres |trop )?(?:grand|important) nombre (?:de|d') ?(?:visiteurs|connexions|demandes|utilisateurs)|trop (?:de (?:visiteurs|connexions|monde)|nombreux)|heavy traffic|high (?:demand|volume)|server is (?:too )?busy|serveurs? (?:est|sont) (?:satures?|surcharges?|occupes?)/;
const COME_BACK =
  /patient(?:ez|er)|reessaye|ulterieurement|quelques (?:minutes|instants)|try again|please wait|file d'attente/;

export function waitingRoom(page: Page): Sign | null {
  const isSaid = saysOfItself(page, IN_QUEUE) !== null || isTold(page);
  return isSaid ? { message: `a waiting room: ${page.quote(QUEUE) ?? page.capture.title}`.slice(0, 300) } : null;
}

/** On the page of a desk, "salle d'attente" and "votre tour" are about the day of the appointment: a number is told, or two signs. */
function isTold(page: Page): boolean {
  if (page.has('input:not([type="hidden"], [type="email"], [type="button"], [type="submit"]), select, textarea'))
    return false;
  const isHeaded = [page.titleWords, ...headings(page)].some((words) => QUEUE.test(words));
  const told = [...page.words.matchAll(new RegExp(PLACE_IN_QUEUE.source, 'g'))].map(([words]) => words);
  if (!isShort(page) && !isHeaded) return false;
  const isCounted = told.some((words) => /\d|estim/.test(words));
  return isHeaded ? told.length > 0 || COME_BACK.test(page.words) : told.length >= 2 && isCounted;
}

/** At the head of a line: a page of advice may speak of it. */
const overloaded = (page: Page): Sign | null =>
  page.opensWith(/service surcharge\b/) && saysOfItself(page, /service surcharge\b/) !== null
    ? { message: 'Service surchargé' }
    : null;

function crowded(page: Page): Sign | null {
  if (!isShort(page) || page.has('input:not([type="hidden"]), select, textarea') || !COME_BACK.test(page.words))
    return null;
  const said = page.stated(CROWDED, { isInner: true });
  return said === null ? null : { message: said };
}

const GATEWAY =
  /^(?:(?:http )?(?:error|erreur)?:? ?)?50[234][ :–—-]*(?:bad gateway|service (?:temporarily )?(?:unavailable|overloaded)|gateway time-?out|service (?:temporairement )?indisponible|passerelle)|^(?:bad gateway|service (?:temporarily )?unavailable|gateway time-?out)\b|\| 50[24]: |^the service is unavailable/;
/** Of Cloudflare's own error pages: their code, or their words about browser, network and host. */
const ORIGIN = /\b(?:error code:? ?|error |\| )(5(?:0[024]|2\d|30))\b/;
const OVERLOADED_ORIGIN = new Set(['502', '503', '504', '522', '524']);

function gateway(page: Page): Sign | null {
  const heads = [page.titleWords, ...headings(page), isShort(page) ? page.words : ''];
  const found = heads.find((words) => GATEWAY.test(words));
  return found === undefined ? null : { message: (page.capture.title || found).slice(0, 300) };
}

const originError =
  (isOverloaded: boolean) =>
  (page: Page): Sign | null => {
    const words = `${page.titleWords} | ${page.words.slice(0, 3_000)}`;
    const code = /cloudflare|ray id|cdn/.test(words) ? ORIGIN.exec(words)?.[1] : undefined;
    if (code === undefined || OVERLOADED_ORIGIN.has(code) !== isOverloaded) return null;
    return { message: `the front of the site says of it: error ${code}` };
  };

const MAINTENANCE =
  /(?:operations?|travaux|raisons?|cause|cours|etat|phase|periode|mode) (?:techniques? )?(?:de|d'une) (?:operation de )?maintenance|\ben maintenance\b|\bmaintenance (?:en cours|est en cours|technique|programmee|planifiee|exceptionnelle|du (?:site|service|systeme))|(?:under|undergoing|for|in|down for) (?:scheduled |planned |routine )?maintenance|scheduled maintenance|maintenance mode|(?:operation|intervention|mise a jour) technique (?:est )?en cours|site indisponible/;
/** The same words on what is still to come, or is over. */
const NOT_NOW =
  /\b(?:prevue?s?|sera|seront|aura|auront|prochaine(?:ment)?|a venir|terminee?s?|fin de|will|upcoming|over|completed|prochains? jours|peut-etre|probablement|perhaps|maybe)\b/;
/** Of a web server that does not know which: `due to maintenance downtime or capacity problems` (Apache). */
const EITHER = /maintenance downtime or capacity/;

/** The page announces that the service is closed for maintenance, now. */
function announcesMaintenance(page: Page): boolean {
  const isHeaded = [page.titleWords, ...headings(page)].some(
    (words) => /\bmaintenance\b/.test(words) && !NOT_NOW.test(words) && !words.endsWith('?'),
  );
  if (isHeaded) return true;
  const said = page.stated(MAINTENANCE, { isInner: true });
  return said !== null && !EITHER.test(page.words) && !isOfLater(said, page);
}

/** A day or an hour to come, where nothing says that it has begun. */
function isOfLater(said: string, page: Page): boolean {
  const words = fold(said);
  return NOT_NOW.test(words) && !(isShort(page) && /indisponible|inaccessible|unavailable|ferme/.test(words));
}

/**
 * The page announces that the service is closed for maintenance. A rule for a probe to add beside its own signs of a
 * working page: a banner on a page that works announces a later maintenance and is none.
 */
export function maintenanceSign(page: Page): Sign | null {
  if (!announcesMaintenance(page)) return null;
  return { message: page.quote(MAINTENANCE) ?? page.capture.title };
}

const WHEN =
  '(?:(?:momentanement|temporairement|actuellement|provisoirement|currently|temporarily|en ce moment|pour le moment),? ?)*';
const SUBJECT =
  "(?:(?:le|ce|cet|cette|notre|votre|la|the|this|our) |l')?(?:service|site|portail|application|plateforme|teleservice|serveur|systeme|portal|website|web site|server|platform|system)";
/** `Le service est temporairement indisponible`, and the ways in which sites of the State have said so since 2022. */
const DOWN = new RegExp(
  `^${SUBJECT}(?: (?!est |sont |is |n'est )[^ .!?,]{1,30}){0,5}? ?(?:(?:est|sont|is|are)\\b ?)?${WHEN}(?:(?:non |not )?(?:in)?(?:disponible|accessible|available)|unavailable|interrompue?s?|suspendue?s?|fermee?s?|hors (?:service|ligne)|en panne|closed|down|offline|n'est ${WHEN}pas ${WHEN}(?:disponible|accessible)|(?:rencontre|a rencontre|connait|subit) ${WHEN}(?:un |une |des |de )(?:probleme|erreur|difficulte|incident|dysfonctionnement|panne|perturbation)s?)`,
);
/** `le service est disponible` says the contrary. */
const UP = /\b(?:est|is) (?:a nouveau |de nouveau |now |desormais )?(?:disponible|accessible|available)\b/;

const BROKEN =
  /^(?:(?:oups|oops|desole|sorry)[ ,!.:]*)?(?:(?:une |an? )?(?:erreur|error)(?: (?:technique|interne|inattendue|systeme|serveur|fatale|critique|unexpected|internal|du serveur|interne du serveur))*(?: (?:est survenue|s'est produite|has occurred|occurred|5\d\d))|erreur (?:technique|interne|inattendue|serveur|systeme|5\d\d|interne du serveur)|internal server error|(?:error |erreur )?500\b|(?:an )?(?:unexpected|internal) error|something went wrong|http status 5\d\d|probleme technique|application error|service error|(?:fatal error|exception|stack ?trace)\b)/;

/** In the title, in the first heading, or as the first words of a short page. */
function headed(page: Page, expression: RegExp): string | null {
  const parts = page.titleWords.split(/ [-|–—·] /);
  const heads = [...parts, headings(page)[0] ?? '', ...(isShort(page) ? headings(page) : [])];
  const found = heads.find((words) => expression.test(words) && !words.endsWith('?') && !NOT_NOW.test(words));
  return found ?? null;
}

/** Said in the words of a short page that asks nothing. */
const toldBy =
  (expression: RegExp) =>
  (page: Page): Sign | null => {
    if (!isShort(page) || page.has('input:not([type="hidden"]), select, textarea')) return null;
    const said = page.stated(expression);
    return said === null || NOT_NOW.test(fold(said)) || ON_A_DAY.test(fold(said)) ? null : { message: said };
  };
/** Closed on some day, as desks are. */
const ON_A_DAY =
  /\b(?:le|du|les|tous les|chaque) (?:\d|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|jours? feri)/;

function unavailable(page: Page): Sign | null {
  const said = announcesMaintenance(page) ? null : headed(page, DOWN);
  return said === null || UP.test(said) ? null : { message: page.quote(DOWN) ?? said.slice(0, 300) };
}

function broken(page: Page): Sign | null {
  const said = headed(page, BROKEN);
  return said === null ? null : { message: (page.capture.title || said).slice(0, 300) };
}

const MISSING =
  /^(?:(?:erreur|error|http)? ?404\b.{0,60}|(?:la |cette )?page (?:demandee |que vous (?:cherchez|recherchez|demandez) )?(?:est |n'a pas ete |non )?(?:trouvee|introuvable|inexistante)|(?:page |file )?not found|page inexistante|object not found!?)$/;

function missing(page: Page): Sign | null {
  const heads = [...page.titleWords.split(/ [-|–—·] /), headings(page)[0] ?? '', isShort(page) ? page.words : ''];
  const found = heads.find((words) => MISSING.test(words));
  return found === undefined ? null : { message: page.capture.title || found };
}

const STILL_LOADING = /^(?:chargement|loading|veuillez patienter|patientez|please wait)?(?: en cours)?[ .]*$/;

/** A page with nothing to read and nothing to use: its scripts failed. Pictures alone do not make a page. */
function blankPage(page: Page): Sign | null {
  const isEmpty =
    STILL_LOADING.test(page.words) && !page.has('input:not([type="hidden"]), button, select, textarea, a[href]');
  if (!isEmpty || page.capture.status === null || page.capture.dialogs.length > 0) return null;
  if (!/html|^$/.test(page.capture.headers['content-type'] ?? '')) return null;
  const failed = page.capture.failedRequests.find((request) =>
    ['script', 'stylesheet', 'fetch', 'xhr'].includes(request.kind),
  );
  const cause = failed === undefined ? page.capture.consoleErrors[0] : `${failed.url} failed: ${failed.reason}`;
  return { message: cause === undefined ? 'the page stayed blank' : `the page stayed blank (${cause})` };
}

export const OUTAGE_RULES: readonly Rule[] = [
  {
    // With an error's status nothing on the page works: the announcement is all there is.
    name: 'maintenance-announced',
    outcome: 'maintenance',
    see: (page) => ((page.capture.status ?? 0) >= 500 ? maintenanceSign(page) : null),
  },
  { name: 'waiting-room', outcome: 'overloaded', see: waitingRoom },
  { name: 'http-gateway', outcome: 'overloaded', see: statusIs((status) => [502, 503, 504].includes(status)) },
  { name: 'gateway-heading', outcome: 'overloaded', see: gateway },
  { name: 'origin-overloaded', outcome: 'overloaded', see: originError(true) },
  { name: 'overload-text', outcome: 'overloaded', see: overloaded },
  { name: 'origin-error', outcome: 'error', see: originError(false) },
  { name: 'http-5xx', outcome: 'error', see: statusIs((status) => status >= 500) },
  { name: 'http-4xx', outcome: 'error', see: statusIs((status) => status >= 400 && status < 500) },
  { name: 'error-heading', outcome: 'error', see: broken },
  { name: 'missing-heading', outcome: 'error', see: missing },
  { name: 'unavailable-heading', outcome: 'error', see: unavailable },
  { name: 'blank-page', outcome: 'error', see: blankPage },
];

/** What only the words of a page tell: no word against an answer that the platform's own rules have found on it. */
export const TOLD_OUTAGES: readonly Rule[] = [
  { name: 'crowd-text', outcome: 'overloaded', see: crowded },
  { name: 'unavailable-text', outcome: 'error', see: toldBy(DOWN) },
  { name: 'error-text', outcome: 'error', see: toldBy(BROKEN) },
];

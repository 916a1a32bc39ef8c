import {
  ancestors,
  fold,
  holdsCaptcha,
  franceConnectSign,
  maintenanceSign,
  movedSign,
  readPage,
  z,
  type Element,
  type Page,
  type Probe,
  type Rule,
  type Sign,
} from '../src/probe.ts';

/**
 * The ministry's contact forms (`/etrangers/renouvellement-recepisse/` is the one known to serve foreigners). The title is
 * known, "… - Saisine des services de l'Etat par voie électronique - Etrangers" (platform facts of November 2026, sections 6
 * and 7.3); the form's markup is not, so a form is told by what any form has. Nothing is filled in, nothing is sent.
 */

const TITLE = /\b(?:saisine|saisir)\b.{0,60}\bpar voie electronique/;
const FRAME = 'header, nav, footer, aside, dialog, [role="banner"], [role="navigation"], [role="contentinfo"]';
const FRAME_NAME = /^(?:header|nav|footer|aside|dialog)$/;
const FRAME_ROLE = /^(?:banner|navigation|contentinfo|complementary|dialog|search)$/;

const SEND =
  /^(?:envoyer|valider|suivant|continuer|poursuivre|etape suivante|soumettre|transmettre|deposer|commencer|send|submit|next|continue|j'envoie|je (?:valide|continue|poursuis|transmets|depose|commence))\b/;
const NO_FIELD = /^(?:hidden|submit|button|image|reset|search|password)$/;

/** Small forms that stand on any page: surveys, cookies, letters, searches. Told by their words, and by their own names. */
const ASIDE =
  /\bvous a-t-(?:elle|il)\b|\bvotre avis (?:sur|nous)\b|\bsatisf|\bcookies?\b|\btraceurs?\b|\bmesure d'audience\b|\bnewsletter\b|\blettre d'information\b|\brecherche[rz]?\b|\bmots?[ -]cles?\b/;
const ASIDE_NAME = /recherche|search|newsletter|cookie|consent|\bavis\b|satisf|survey|feedback/i;
const SEARCH_FIELD = /^(?:q|s|query|mots?-?cles?|keywords?|recherche|search)$/i;
const OPINION = /^(?:oui|non|en partie|un peu|pas du tout|utile|inutile|(?:tres |plutot |pas )*satisf)/;

const isTitled = (page: Page): boolean =>
  TITLE.test(page.titleWords) || page.controls('h1, h2, header, [role="banner"]', TITLE).length > 0;

const isFramed = (element: Element): boolean =>
  [element, ...ancestors(element)].some(
    ({ name, attribs }) => FRAME_NAME.test(name) || FRAME_ROLE.test(attribs['role'] ?? ''),
  );

/** A removed form sends visitors to its section, the home page or another form: that is not what was asked for. */
function isAskedFor(page: Page): boolean {
  const pathOf = (url: URL): string => url.pathname.replace(/;[^/]*/g, '').replace(/\/*$/, '/');
  const asked = pathOf(new URL(page.capture.requestedUrl));
  const shown = pathOf(page.url);
  return shown.startsWith(asked);
}

/** Fields of a form that a person could fill in; a captcha's own is none. */
function fieldsOf(page: Page, form: Element): readonly Element[] {
  return page.choosable('input, select, textarea').filter((field) => {
    const around = ancestors(field);
    const isClosed = around.some(({ name, attribs }) => name === 'fieldset' && attribs['disabled'] !== undefined);
    const { type = 'text', name = '', id = '' } = field.attribs;
    return around.includes(form) && !isClosed && !NO_FIELD.test(type) && !/captcha/i.test(`${name} ${id}`);
  });
}

function isAside(page: Page, form: Element, fields: readonly Element[]): boolean {
  const { action = '', id = '', class: classes = '', name = '' } = form.attribs;
  const labels = fields
    .filter(({ attribs }) => /^(?:radio|checkbox)$/.test(attribs['type'] ?? ''))
    .map((field) => page.labelsOf(field).map((label) => page.wordsOf(label)));
  return (
    ASIDE.test(page.wordsOf(form)) ||
    ASIDE_NAME.test(`${action} ${id} ${classes} ${name}`) ||
    fields.some(({ name: tag, attribs }) => tag === 'input' && SEARCH_FIELD.test(attribs['name'] ?? '')) ||
    (labels.length === fields.length && labels.every((words) => OPINION.test(words.join(' '))))
  );
}

/** A form in which a request can be begun: a text to write, or two fields that ask something, and a button that leads on. */
function requestForm(page: Page): Element | null {
  const buttons = page.controls('button, input[type="submit"], input[type="button"]', SEND);
  const found = page.visible('form').find((form) => {
    if (isFramed(form) || !buttons.some((button) => ancestors(button).includes(form))) return false;
    const fields = fieldsOf(page, form);
    const asked = fields.filter(({ attribs }) => attribs['type'] !== 'checkbox');
    const isRequest = asked.length >= 2 || asked.some(({ name }) => name === 'textarea');
    return isRequest && !isAside(page, form, fields);
  });
  return found === undefined || hasPassword(page) ? null : found;
}

const hasPassword = (page: Page): boolean => page.has('input[type="password"]');

function works(page: Page): Sign | null {
  if (!isTitled(page) || !isAskedFor(page)) return null;
  const form = requestForm(page);
  if (form === null) return null;
  const count = fieldsOf(page, form).length;
  const message = `the form is shown with ${count} ${count === 1 ? 'field' : 'fields'} and its button`;
  return { message, facets: { surface: 'form' } };
}

/**
 * The captcha stays a gate, as everywhere: what lies behind it was not seen. But it only guards the sending, which is never
 * done here: the form itself was seen whole, and `surface` says so.
 */
function captchaInForm(page: Page): Sign | null {
  const shown = works(page);
  const form = requestForm(page);
  if (shown === null || form === null) return null;
  if (!holdsCaptcha(page, form)) return null;
  return { message: `${shown.message}; a captcha guards its sending`, facets: { surface: 'form' } };
}

/** One whole sentence about the form itself: desks and telephones close too, and "if the form is not available" is advice. */
const REASON =
  '(?:(?:attention|important|information) ?: ?)?(?:(?:en raison|a la suite|suite|du fait|compte tenu|depuis|a compter|jusqu|actuellement|pour le moment)\\b[^,]{0,120}, ?)?';
const OTHER_DESK = '(?![^,;:]{0,80}\\b(?:papier|telephon|guichet|accueil|courrier|standard))';
const SUBJECT = `^${REASON}(?:(?:le|la|ce|cette) (?:formulaire|teleservice|saisine|depot|service en ligne)${OTHER_DESK}(?: (?:(?:de|des|du|en|par|pour|sur)\\b|d')[^,;:]{0,80}?)?|ce service) `;
const FOR_NOW = '(?:actuellement |temporairement |momentanement |provisoirement |encore )?';
const UNAVAILABLE = new RegExp(
  `(?:${SUBJECT}|^${REASON}le service )(?:n'est ${FOR_NOW}pas ${FOR_NOW}(?:disponible|accessible)|est ${FOR_NOW}(?:indisponible|inaccessible))`,
);
const CLOSED = new RegExp(
  `${SUBJECT}(?:(?:est|sont|a ete|ont ete) ${FOR_NOW}(?:suspendu|ferme|interrompu|clos|close)e?s?\\b|n'est pas encore ouverte?\\b)`,
);
const GONE = new RegExp(
  `${SUBJECT}(?:n'est plus (?:disponible|accessible|propose|utilise)|a ete (?:supprime|desactive))`,
);

/** A sentence about the form that stands where the form should be; beside a form that works it is about something else. */
const instead =
  (expression: RegExp) =>
  (page: Page): Sign | null => {
    if (!isAskedFor(page) || works(page) !== null) return null;
    const sentences = page.capture.text.split(/[\n\r.!?]+/).map((sentence) => sentence.trim());
    const said = sentences.find((sentence) => expression.test(fold(sentence)));
    return said === undefined ? null : { message: said.slice(0, 500) };
  };

const ELSEWHERE =
  /^(?:administration-etrangers-en-france\.interieur\.gouv\.fr|www\.rdv-prefecture\.interieur\.gouv\.fr|(?:www\.)?(?:demarches?\.numerique\.gouv|demarches-simplifiees)\.fr|rdv\.anct\.gouv\.fr)$/;

function moved(page: Page): Sign | null {
  if (!isAskedFor(page) || works(page) !== null) return null;
  const sign = instead(GONE)(page) ?? movedSign(page);
  if (sign === null) return null;
  const [home] = page
    .visible('a[href]')
    .filter((link) => !isFramed(link))
    .flatMap((link) => page.linkOf(link) ?? [])
    .filter((url) => ELSEWHERE.test(url.hostname));
  return home === undefined ? sign : { ...sign, facets: { movedTo: `${home.origin}${home.pathname}` } };
}

function signIn(page: Page): Sign | null {
  if (works(page) !== null) return null;
  return hasPassword(page) ? { message: 'a password is asked before the form' } : franceConnectSign(page);
}

const CONTENT = 'input, select, textarea, button, a[href], iframe, img, canvas, video, object';
const LOADING = /^(?:chargement(?: (?:en cours|du formulaire|de la page))*|(?:veuillez )?patiente[rz])?[ .]*$/;

/** Header and footer stand, the middle is empty: what draws the form has failed. A heading says no more than the title. */
function emptyShell(page: Page): Sign | null {
  if (!isTitled(page) || !isAskedFor(page)) return null;
  const hasMore = page
    .visible(`${CONTENT}, h1`)
    .some(
      (element) => !isFramed(element) && !(element.name === 'h1' && page.titleWords.includes(page.wordsOf(element))),
    );
  const content = page.wordsOutside(`${FRAME}, h1`).replace(page.titleWords, '').trim();
  return hasMore || !LOADING.test(content) ? null : { message: 'the page has no content between header and footer' };
}

const RULES: readonly Rule[] = [
  { name: 'captcha-in-form', outcome: 'captcha', see: captchaInForm },
  { name: 'sign-in', outcome: 'login', see: signIn },
  { name: 'maintenance', outcome: 'maintenance', see: (page) => (works(page) === null ? maintenanceSign(page) : null) },
  { name: 'unavailable', outcome: 'error', see: instead(UNAVAILABLE) },
  { name: 'empty-shell', outcome: 'error', see: emptyShell },
  { name: 'moved', outcome: 'moved', see: moved },
  { name: 'closed', outcome: 'suspended', see: instead(CLOSED) },
  { name: 'form', outcome: 'operational', see: works },
];

/** Prefectures and schools link to the forms by the second name (2020). */
const HOST = /^(?:invite\.)?contacts-demarches\.interieur\.gouv\.fr$/;

export const probe: Probe = {
  name: 'contact-form',
  version: 1,
  kind: 'service',
  hosts: [HOST],
  recognises: ({ hostname }) => HOST.test(hostname),
  posts: [],
  forbidden: [/\/(?:envoi|envoyer|soumettre|confirmation|submit|send)(?:\/|$)/i],
  // Whether these forms carry one is not known; where they do, it is always there and guards what is never done.
  expectsCaptcha: true,
  contacts: [],
  params: z.strictObject({}),
  visit: async (visit, target) => {
    await visit.open('form', target.address, { until: (page) => works(page) !== null });
  },
  read: (captures) => {
    const last = captures.at(-1);
    if (last === undefined) throw new Error('a visit without a capture cannot be read');
    return readPage(last, RULES);
  },
};

import {
  ancestors,
  dayOf,
  fold,
  franceConnectSign,
  maintenanceSign,
  movedSign,
  nearDay,
  numericDay,
  Page,
  readPage,
  slotFacets,
  suspendedSign,
  z,
  type Capture,
  type Element,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
  type Target,
} from '../src/probe.ts';

/**
 * RDV Service Public, the appointment site of the ANCT (Rails, pages drawn by the server, no captcha, no account for
 * reading). One GET shows the state: the choice of a place, a week of times, or the sentence that there is nothing. Strings
 * and markup: fact sheet of November 2026, section 5, and the site's published source of 2024 (Bootstrap) to 2026 (DSFR).
 */

/** The search, under its old and its new addresses. A visit elsewhere on the site can show neither a yes nor a no. */
const SEARCH = /^\/(?:prendre_rdv|prdv)?\/?$|^\/(?:org|motif)\//;

const WEEKDAY = '(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)';
const MONTH_STARTS = ['jan', 'fev', 'mar', 'avr', 'mai', 'juin', 'juil', 'aou', 'sep', 'oct', 'nov', 'dec'];
/** Full and short names as the French locale of the framework prints them; nothing else, so that "30 mardi" is no date. */
const MONTH =
  '(?:janv?|janvier|fevr?|fevrier|mars|avr|avril|mai|juin|juil|juillet|aout|sept?|septembre|oct|octobre|nov|novembre|dec|decembre)';
const DATE = `(?:(${WEEKDAY}) )?\\b(\\d{1,2})(?:er)? (${MONTH})\\b\\.?`;
const WRITTEN_DAY = new RegExp(`${DATE}(?: (\\d{4})\\b)?`, 'g');

const COLUMN_HEAD = new RegExp(`^${WEEKDAY} \\d`);

/** The days written out in folded words: `lundi 13 decembre 2021`, `lundi 13 dec.`; null for one that does not exist. */
function writtenDays(words: string, observedAt: number): (string | null)[] {
  return [...words.matchAll(WRITTEN_DAY)].map(([, weekday = '', day, name = '', year]) => {
    const month = MONTH_STARTS.findIndex((start) => name.startsWith(start)) + 1;
    if (year !== undefined) return numericDay(`${day}/${month}/${year}`);
    // As a number: beside the word "mars", every weekday would be taken for a "mardi".
    return nearDay(`${weekday} ${day}/${month}`, observedAt);
  });
}

const OWN_NAME = /\brdv service public\b/;

/** A page of the search, told by its address and by the site's own title or header: not its help, not a message in its place. */
function isSearch(page: Page): boolean {
  const { status, headers } = page.capture;
  const isDocument = status === 200 && /html|^$/.test(headers['content-type'] ?? '');
  if (!isDocument || !SEARCH.test(page.url.pathname)) return false;
  return /(?:^|[-–—|·] )rdv service public$/.test(page.titleWords) || page.controls(HEADER, OWN_NAME).length > 0;
}

const HEADER = 'header, [role="banner"]';
/** The site's news, above every page. */
const NEWS = '.main-alert';
/** What is no part of an answer: the frame of the page, news, what is opened on demand, and what is struck out. */
const APART = [
  HEADER,
  NEWS,
  'footer, nav, aside, dialog, details, s, del, strike',
  '[role="contentinfo"], [role="navigation"], [role="complementary"], [role="dialog"]',
].join(', ');

/** The page with the words of its answer alone. */
const answerOf = (page: Page): Page => new Page({ ...page.capture, html: '', text: page.wordsOutside(APART) });

function within(page: Page, selector: string, apart = APART): Element[] {
  const left = new Set(page.present(apart));
  return page
    .visible(selector)
    .filter((element) => ![element, ...ancestors(element)].some((around) => left.has(around)));
}

const isEnabled = ({ attribs }: Element): boolean =>
  attribs['disabled'] === undefined && attribs['aria-disabled'] !== 'true';

const BLOCKS = 'p, div, section, article, main, ul, ol, li, dl, table, h1, h2, h3, h4, h5, h6';
/** A block that holds words and no other block, none of them struck out. */
const leaf = (names: string): string => `:is(${names}):not(:has(${BLOCKS}, s, del, strike))`;

const SLOT_LABEL = /^choisir le creneau (?:du .{3,40} a|de) \d{1,2} ?[:h] ?\d{2}\b/;

/** Times that can be chosen: links named `Choisir le créneau de 09:00` (2024) or `… du lundi 13 déc. à 09:00` (2026). */
function slotLinks(page: Page): Element[] {
  return within(page, 'a[aria-label], button[aria-label]')
    .filter((link) => SLOT_LABEL.test(fold(link.attribs['aria-label'] ?? '')))
    .filter((link) => isEnabled(link) && (page.linkOf(link) ?? page.url).host === page.url.host);
}

/**
 * The day of one time. Its address says it with the year (`starts_at`), so an old copy of a page is known for one; else
 * the link's own name; else the head of its column, `lundi 13 déc.`: any other day beside it is some news.
 */
function dayOfSlot(page: Page, link: Element): string | null {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(startOf(page, link)) ?? [];
  if (year !== undefined) return numericDay(`${day}/${month}/${year}`);
  const { observedAt } = page.capture;
  const [named] = writtenDays(fold(link.attribs['aria-label'] ?? ''), observedAt);
  if (named !== undefined) return named;
  for (const around of ancestors(link)) {
    if (['main', 'section', 'form', 'body'].includes(around.name)) return null;
    const words = page.wordsOf(around);
    const [head, other] = writtenDays(words, observedAt);
    if (head !== undefined) return other === undefined && COLUMN_HEAD.test(words) ? head : null;
  }
  return null;
}

function startOf(page: Page, link: Element): string {
  return page.linkOf(link)?.searchParams.get('starts_at') ?? '';
}

/** A week with times. Where no time says its day, the age of the page cannot be told, and it proves nothing. */
function week(page: Page): Sign | null {
  if (!isSearch(page)) return null;
  const { observedAt } = page.capture;
  const days = slotLinks(page).map((link) => dayOfSlot(page, link));
  const known = days.filter((day) => day !== null);
  const past = known.filter((day) => day < dayOf(observedAt));
  const count = days.length - past.length;
  const facets = known.length === 0 ? null : slotFacets(known, count, observedAt);
  if (facets === null) return null;
  return { message: `${count} times to choose are shown`, facets: { ...facets, ...generationOf(page) } };
}

function generationOf(page: Page): { generation: string } {
  const isDsfr = slotLinks(page).some(({ attribs }) => /\bfr-btn\b/.test(attribs['class'] ?? ''));
  return { generation: isDsfr ? 'dsfr-2026' : 'bootstrap-2024' };
}

const NEXT_AVAILABILITY = new RegExp(`^prochaine disponibilite le ${DATE} \\d{4}(?: a \\d{1,2} ?[h:] ?\\d{2})?\\.?$`);

/**
 * `Prochaine disponibilité le lundi 13 décembre 2021 à 08h50`: over an empty week, and once for each place in the choice of
 * a place, which the site makes only of places that have a time. The words are those of a link, or stand in a card beside
 * a button where conditions are shown first. Prose that quotes them is neither.
 */
function nextAvailability(page: Page): Sign | null {
  if (!isSearch(page) || !page.says('prochaine disponibilite le')) return null;
  const { observedAt } = page.capture;
  const days = [...within(page, ':is(a, button):not(:has(s, del, strike))').filter(isEnabled), ...cardLines(page)]
    .map((element) => page.wordsOf(element))
    .filter((words) => NEXT_AVAILABILITY.test(words))
    .flatMap((words) => writtenDays(words, observedAt))
    .filter((day) => day !== null);
  const facets = days.length === 0 ? null : slotFacets(days, null, observedAt);
  if (facets === null) return null;
  const places = page.quote(/^(?:1 lieu est|\d+ lieux sont) disponibles?/) ?? 'Prochaine disponibilité';
  return { message: `${places}: ${facets.firstDate}`, facets };
}

const GROUP_CHOICE = /^inscrivez-vous a l'atelier de votre choix/;
const ENROL = /^s'inscrire$/;

/** Group sessions: a card for each that has a place left, with its day and a way to enrol (source of the site, 2024 to 2026). */
function groupSessions(page: Page): Sign | null {
  if (!isSearch(page) || page.controls('h1, h2, h3, h4, p', GROUP_CHOICE).length === 0) return null;
  const { observedAt } = page.capture;
  const open = within(page, 'a[href], button').filter((link) => isEnabled(link) && ENROL.test(page.wordsOf(link)));
  const days = open.flatMap((link) => {
    const card = ancestors(link).find(
      ({ name, attribs }) => name === 'li' || /\bcard\b|-card\b/.test(attribs['class'] ?? ''),
    );
    const words = card === undefined ? '' : page.wordsOf(card);
    return /\bcomplet\b|\b0 place/.test(words) ? [] : (writtenDays(words, observedAt)[0] ?? []);
  });
  const facets = days.length === 0 ? null : slotFacets(days, days.length, observedAt);
  return facets === null ? null : { message: `${days.length} group sessions have places`, facets };
}

/** The lines of cards in which something can be pressed. */
function cardLines(page: Page): Element[] {
  const pressed = new Set(within(page, 'a[href], button').filter(isEnabled).flatMap(ancestors));
  const cards = new Set(page.visible('li, .card, .fr-card').filter((card) => pressed.has(card)));
  return within(page, leaf('p, div')).filter((line) => ancestors(line).some((around) => cards.has(around)));
}

/**
 * `Malheureusement, aucun créneau correspondant à votre recherche n'a été trouvé.` What follows the prefix has changed since
 * 2024; a question or an explanation after it is advice. The `Pas de créneau disponible` of single days and the
 * `Date fermée à la reservation` past the horizon say nothing of the whole.
 */
const PREFIX = String.raw`^[^\p{L}\p{N}\p{Pi}\p{Pf}"']*(?:malheureusement ?,? )?aucun creneau correspondant a votre recherche`;
const NOTHING_FOUND = new RegExp(String.raw`${PREFIX} n'a ete trouve(?!\p{L})(?![^.!]*[?:»”"])`, 'u');
const NOTHING = new RegExp(String.raw`${PREFIX} ?(?:[.!]|$)`, 'u');
/** Where a message of the site is explained rather than said. */
const EXPLAINED = `${APART}, li, dl, blockquote, button, label, .fr-accordion, .fr-collapse`;

/** A block of its own says it; a heading only with the whole sentence, or it heads an explanation. */
function noSlot(page: Page): Sign | null {
  if (!isSearch(page) || !page.says('aucun creneau correspondant a votre recherche')) return null;
  const said = within(page, leaf('p, div, section, article, main, h1, h2, h3'), EXPLAINED).find((block) => {
    const words = page.wordsOf(block);
    return NOTHING_FOUND.test(words) || (NOTHING.test(words) && !/^h\d$/.test(block.name));
  });
  if (said === undefined) return null;
  return { message: page.quote(NOTHING_FOUND) ?? page.wordsOf(said) };
}

/** The search has answered: what else the page says of closures or changes is news, not its state. */
const isAnswer = (page: Page): boolean =>
  [week, nextAvailability, groupSessions, noSlot].some((sign) => sign(page) !== null);

const CHOICE = /selectionnez (?:le motif|le service|la structure)\b/;

/** A question before any answer: the address does not say enough. */
const isChoice = (page: Page): boolean => isSearch(page) && CHOICE.test(page.wordsOutside(APART)) && !isAnswer(page);

const isWorking = (page: Page): boolean => isAnswer(page) || isChoice(page);

/** The static page of a broken site (saved October 2024). Its file is called maintenance, its words announce none. */
const DOWN = /rdv service public rencontre un probleme/;

function isDown(page: Page): boolean {
  const isHeaded = /^service indisponible\b/.test(page.titleWords) || page.isHeaded(['Service indisponible']);
  return isHeaded && page.says(DOWN) && !isWorking(page);
}

const MOTIVE_CLOSED = /le motif .{1,200} n'est plus disponible a la reservation/;
const DEPARTMENT_CLOSED = "La prise de rendez-vous n'est pas disponible pour ce département";

/** The site itself says that the motive cannot be booked (since 2024), or that none can (until 2022). */
function closed(page: Page): Sign | null {
  if (isAnswer(page)) return null;
  const answer = answerOf(page);
  if (answer.says(MOTIVE_CLOSED)) return { message: page.quote(MOTIVE_CLOSED) ?? 'the motive is no longer bookable' };
  return answer.says(DEPARTMENT_CLOSED) ? { message: DEPARTMENT_CLOSED } : announced(page, suspendedSign);
}

/** A notice in place of an answer, in the page's own lines. News above it speak of other hours and other places. */
function announced(page: Page, notice: (page: Page) => Sign | null): Sign | null {
  return isWorking(page) || notice(answerOf(page)) === null ? null : notice(page);
}

function signIn(page: Page): Sign | null {
  if (isAnswer(page)) return null;
  const asks = page.has('input[type="password"]');
  return asks ? { message: 'a sign-in is asked before any time is shown' } : franceConnectSign(page);
}

const params = z.strictObject({
  motif: z
    .string()
    .min(3)
    .optional()
    .describe('Words that the page must show, the name of the motive; by default those in the address'),
});

const LOCATION_TYPE = /-(?:public_office|phone|home|visio)$/;

/** Words as the site's addresses keep them: without accents, with one mark for whatever is no letter or digit. */
function plainWords(words: string): string {
  return ` ${fold(words)
    .replaceAll('œ', 'oe')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()} `;
}

/**
 * The motive that the target is about. A page that answers for another one, or for none because the motive was renamed or
 * taken away, is no answer: in the second case the site would say "nothing found" for ever.
 */
function motiveOf(target: Target): string | null {
  const asked = new URL(target.address).searchParams.get('motif_name_with_location_type') ?? '';
  const words = params.parse(target.params).motif ?? asked.replace(LOCATION_TYPE, '');
  return words.trim() === '' ? null : plainWords(words);
}

/** Links and buttons lead to other motives; only the motive chosen in 2024 is itself a link, around a heading. */
function showsMotive(page: Page, motive: string): boolean {
  const chosen = within(page, 'a:has(h2)');
  const other = chosen.length === 1 ? 'li a, a:not(:has(h2))' : 'a';
  return [page.words, page.wordsOutside(`${APART}, ${other}, button, label`)].every((words) =>
    plainWords(words).includes(motive),
  );
}

function rulesFor(target: Target): readonly Rule[] {
  const motive = motiveOf(target);
  const isAsked = (page: Page): boolean => motive === null || showsMotive(page, motive);
  const asked = (see: Rule['see']) => (page: Page) => (isAsked(page) ? see(page) : null);
  return [
    { name: 'sign-in', outcome: 'login', see: signIn },
    {
      name: 'maintenance',
      outcome: 'maintenance',
      see: (page) => announced(page, maintenanceSign),
    },
    {
      name: 'service-down',
      outcome: 'error',
      see: (page) => (isDown(page) ? { message: page.quote(DOWN) ?? page.capture.title } : null),
    },
    { name: 'moved', outcome: 'moved', see: (page) => announced(page, movedSign) },
    { name: 'closed', outcome: 'suspended', see: closed },
    { name: 'slot-links', outcome: 'slots', see: asked(week) },
    { name: 'next-availability', outcome: 'slots', see: asked(nextAvailability) },
    { name: 'group-sessions', outcome: 'slots', see: asked(groupSessions) },
    { name: 'no-slot-sentence', outcome: 'no_slots', see: asked(noSlot) },
    {
      name: 'other-motive',
      outcome: 'unknown_page',
      see: (page) =>
        isAnswer(page) && !isAsked(page) ? { message: `the page does not show the motive "${motive?.trim()}"` } : null,
    },
    {
      name: 'choice-first',
      outcome: 'unknown_page',
      see: (page) => (isChoice(page) ? { message: `the address does not say enough: ${page.quote(CHOICE)}` } : null),
    },
  ];
}

const SIGN_IN_PATH = /^\/(?:users|agents)\/sign_in/;

/** The address led to the site's sign-in, which our own filter does not enter: told by where it was to lead. */
function refusedSignIn({ failure, incidents }: Capture): Reading | null {
  const refused = incidents.findLast(({ resource }) => resource === 'document');
  if (failure?.kind !== 'refused' || refused === undefined || !URL.canParse(refused.url)) return null;
  if (!SIGN_IN_PATH.test(new URL(refused.url).pathname)) return null;
  return { outcome: 'login', rule: 'sent-to-sign-in', message: 'the address leads to a sign-in', facets: {} };
}

export const probe: Probe = {
  name: 'rdv-service-public',
  version: 2,
  kind: 'slots',
  hosts: [/^rdv\.anct\.gouv\.fr$/],
  recognises: ({ hostname, pathname }) => hostname === 'rdv.anct.gouv.fr' && SEARCH.test(pathname),
  posts: [],
  // Behind a time stands `/users/rdv_wizard_step/new`; everything under `/users` identifies or books.
  forbidden: [
    /\/users(?:\/|$)/,
    /\/agents?(?:\/|$)/,
    /\/prescripteur(?:\/|$)/,
    /\/prendre_rdv_prescripteur(?:\/|$)/,
    /\/rdv_invitations?(?:\/|$)/,
    /\/omniauth\//,
  ],
  expectsCaptcha: false,
  contacts: ['support@rdv-service-public.fr'],
  params,
  visit: async (visit, target) => {
    // The choice of a place already proves a time in each place: nothing is gained by going on.
    await visit.open('search', target.address, { until: (page) => isWorking(page) || isDown(page) });
  },
  read: (captures, target) => {
    const last = captures.at(-1);
    if (last === undefined) throw new Error('a visit without a capture cannot be read');
    return refusedSignIn(last) ?? readPage(last, rulesFor(target));
  },
};

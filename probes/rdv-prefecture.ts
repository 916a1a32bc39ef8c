import {
  ancestors,
  CAPTCHETAT,
  fold,
  franceConnectSign,
  maintenanceSign,
  movedSign,
  nearDay,
  numericDay,
  parisInstant,
  readPage,
  slotFacets,
  suspendedSign,
  z,
  type AssistedSteps,
  type Facets,
  type Page,
  type Probe,
  type Rule,
  type Sign,
} from '../src/probe.ts';

/**
 * RDV-Préfecture, the national platform (Vertigo, Vue 3, DSFR). Its slots stand behind a CaptchEtat captcha, so an honest
 * visit ends there. Strings and markup: fact sheet of November 2026, section 1, from the platform's public front-end file
 * and scripts of 2024 to 2026; no live page was seen.
 *
 * The captcha, and how sure that is:
 * - Version 1, 2024 (sure: the platform's front-end file, the woob module): BotDetect, `captchaFR_*`, picture and sound fetched by
 *   the page's script from `api.piste.gouv.fr/piste/captcha/` with a `Bearer` token and shown from `blob:` addresses.
 * - Version 2 (two sources: a browser's request of spring 2026 with the platform as its origin, markup of scripts since October
 *   2025): `api.piste.gouv.fr/piste/captchetat/v2/`, JSON with `uuid` and `imageb64`, again with a token from the page, so both
 *   need the browser's question for leave. The markup around it is CaptchEtat's own `captchetat-js`, of which copies are public
 *   (`#captchaImage`, `#playSoundIcon`, `#reloadCaptchaIcon`, `#captchetat-uuid`, the buttons' titles with or without their
 *   accent); that the platform takes it over unchanged is likely (the titles were seen there), not sure.
 */

const CAPTCHA_1 = '[id^="captchaFR_"], [id^="BDC_VCID_"]';
const CAPTCHA_2 = '.captcha img, #captchaImage, #captchetat-uuid';
const CONDITIONS_LINK = 'a[href*="cgu"]';
const SLOT = 'input[name="trhId"]';
/** `h3.celulleHeader` in the site's own front-end file; its spelling is not relied on. */
const COLUMN_HEADS = 'h2, h3, h4, [class*="eader"]';
const NEXT_AVAILABILITY = /prochaine disponibilite le (\d{1,2}\/\d{1,2}\/\d{4})/;
const NEXT_PUBLICATION =
  /prochaine mise en ligne de nouveaux rendez-vous : le (\d{1,2}\/\d{1,2}\/\d{4}) a (\d{1,2})[:h](\d{2})/;

const isAt = (page: Page, end: string): boolean => page.url.pathname.replace(/\/?$/, '/').endsWith(`/${end}/`);

function captcha(page: Page): Sign | null {
  const isShown = page.present(CAPTCHETAT).length > 0;
  const isConditions = isAt(page, 'cgu') && page.says(/code de securite|captcha/);
  if (!isShown && !isConditions) return null;
  const error = page.url.searchParams.get('error');
  const why = error === null ? '' : `, after ${error}`;
  return { message: `the slots stand behind a captcha${why}`, facets: generationOf(page) };
}

/** Named only when its own marks stand in the page: a visit may end before the captcha has been drawn. */
function generationOf(page: Page): Facets {
  if (page.present(CAPTCHA_1).length > 0) return { generation: 'captcha-2024' };
  return page.present(CAPTCHA_2).length > 0 ? { generation: 'captcha-2025' } : {};
}

/** States A and D with radios: times to choose in the displayed week. Radios win over the sentences around them. */
function radios(page: Page): Sign | null {
  const slots = isAt(page, 'creneau') ? page.choosable(SLOT) : [];
  if (slots.length === 0) return null;
  const days = slots.flatMap((slot) => {
    const column = ancestors(slot).find((element) => /\bblocCreneauSelection\b/.test(element.attribs['class'] ?? ''));
    const header = page.visible(COLUMN_HEADS).find((head) => column !== undefined && ancestors(head).includes(column));
    const words = header === undefined ? '' : page.wordsOf(header);
    const day = numericDay(words) ?? nearDay(words, page.capture.observedAt);
    return day === null ? [] : [day];
  });
  const count = page.says('voir plus de créneaux') ? null : slots.length;
  const facets = slotFacets(days, count, page.capture.observedAt);
  return facets === null ? null : { message: `${slots.length} times to choose are shown`, facets };
}

/** State B: this week is empty, the platform names the next day that is not. */
function nextAvailability(page: Page): Sign | null {
  if (!isAt(page, 'creneau')) return null;
  const [button] = page.controls('button:not([disabled], [aria-disabled="true"]), a, .q-btn', NEXT_AVAILABILITY);
  const said = button === undefined ? page.stated(NEXT_AVAILABILITY) : page.wordsOf(button);
  const day = numericDay(NEXT_AVAILABILITY.exec(fold(said ?? ''))?.[1] ?? '');
  const facets = day === null ? null : slotFacets([day], null, page.capture.observedAt);
  return facets === null ? null : { message: page.quote(/prochaine disponibilite le/) ?? said ?? '', facets };
}

/** States C, D and E. Sentences inside the day-by-day list of narrow screens say nothing of the week. */
function noSlot(page: Page): Sign | null {
  if (!isAt(page, 'creneau') || page.says(NEXT_AVAILABILITY)) return null;
  const isDayList = page.present('.q-expansion-item, q-expansion-item').length > 0;
  const hasRadios = page.choosable(SLOT).length > 0;
  const isHeaded = page.isHeaded(['Aucun créneau disponible']);
  if (hasRadios && !isHeaded) return null;
  const said = page.stated(/aucun creneau disponible (?:sur cette semaine|a partir de cette date)/);
  const isStated = !isDayList && page.stated(/aucun creneau disponible(?= ?[.!]?$)/) !== null;
  const isRetry = page.controls('.text-center.q-pa-md', /^veuillez reessayer ulterieurement/).length > 0;
  if (said === null && !isHeaded && !isStated && !isRetry) return null;
  return {
    message: said ?? (isRetry ? 'Veuillez réessayer ultérieurement.' : 'Aucun créneau disponible'),
    facets: publication(page),
  };
}

function publication(page: Page): Facets {
  const found = NEXT_PUBLICATION.exec(page.words);
  const day = numericDay(found?.[1] ?? '');
  if (found === null || day === null) return {};
  const time = `${(found[2] ?? '').padStart(2, '0')}:${found[3] ?? ''}`;
  return { nextPublicationAt: new Date(parisInstant(day, time)).toISOString() };
}

/** The slot step has spoken: what else the page says of closures or changes is news, not its state. */
const isAnswer = (page: Page): boolean =>
  radios(page) !== null || nextAvailability(page) !== null || noSlot(page) !== null;

const LOST_CONTEXT = 'vos dernières modifications ou actions ont été perdues';

const RULES: readonly Rule[] = [
  { name: 'captcha', outcome: 'captcha', see: captcha },
  {
    name: 'identity-form',
    outcome: 'login',
    see: (page) => (page.isHeaded(['Vos informations']) ? { message: 'Vos informations' } : null),
  },
  {
    name: 'maintenance',
    outcome: 'maintenance',
    see: (page) => (radios(page) === null ? maintenanceSign(page) : null),
  },
  {
    name: 'lost-context',
    outcome: 'error',
    see: (page) =>
      page.controls('.fr-alert--error', new RegExp(fold(LOST_CONTEXT))).length > 0 ? { message: LOST_CONTEXT } : null,
  },
  {
    name: 'moved',
    outcome: 'moved',
    see: (page) => (isAnswer(page) || page.has(CONDITIONS_LINK) ? null : movedSign(page)),
  },
  { name: 'suspended', outcome: 'suspended', see: (page) => (isAnswer(page) ? null : suspendedSign(page)) },
  { name: 'france-connect', outcome: 'login', see: franceConnectSign },
  { name: 'slot-radios', outcome: 'slots', see: radios },
  { name: 'next-availability', outcome: 'slots', see: nextAvailability },
  { name: 'no-slot-sentence', outcome: 'no_slots', see: noSlot },
];

const LANDING = /\/demarche\/[^/]+\/?$/;

/** Whether the page has been drawn: Vue shows its own tags first. */
function isDrawn(page: Page): boolean {
  return (
    page.present(CAPTCHETAT).length > 0 || page.present(`${SLOT}, .text-center.q-pa-md, ${CONDITIONS_LINK}`).length > 0
  );
}

/** Of a person, a slot or a choice: none of it belongs to the answer to a captcha. */
const NOT_OF_CAPTCHA = /trhid|bloc|creneau|nom|mail|courriel|tel|naissance|adresse/i;

/**
 * A person may answer the captcha (step 3 of the fact sheet, `captchaId`, `captchaUsercode` and the page's hidden fields) and
 * see the conditions again. The visit ends where the slots are shown: nothing is ever pressed there.
 */
const ASSISTED: AssistedSteps = {
  posts: [
    {
      path: /^\/rdvpref\/reservation\/demarche\/\d+\/(?:cgu\/)?_validercaptcha$/,
      fields: (form) => form.has('captchaUsercode') && ![...form.keys()].some((name) => NOT_OF_CAPTCHA.test(name)),
    },
  ],
  never: NOT_OF_CAPTCHA,
  pages: [/^\/rdvpref\/reservation\/demarche\/\d+\/(?:cgu\/?)?$/],
  end: { path: /^\/rdvpref\/reservation\/demarche\/\d+\/creneau\/?$/, step: 'slots', isDrawn },
  captcha: {
    image: '#captchaFR_CaptchaImage, #captchaImage, .captcha img',
    field: 'input[name="captchaUsercode"], #captchaFormulaireExtInput',
    submit: 'button[formaction*="_validerCaptcha"]',
    sound: '#captchaFR_SoundLink, #playSoundIcon, .BDC_SoundLink, button[title*="noncer le code"]',
    renew: '#captchaFR_ReloadLink, #reloadCaptchaIcon, .BDC_ReloadLink, button[title*="nouveau captcha"]',
    wrong: '#text-input-captcha-desc-error, .fr-error-text, .fr-alert--error',
  },
};

export const probe: Probe = {
  name: 'rdv-prefecture',
  version: 3,
  kind: 'slots',
  hosts: [/^www\.rdv-prefecture\.interieur\.gouv\.fr$/],
  recognises: ({ hostname }) => hostname === 'www.rdv-prefecture.interieur.gouv.fr',
  posts: [],
  forbidden: [/\/formulaire(?:\/|$)/, /_choisirbloc/i, /_validercaptcha/i],
  preflights: [
    {
      host: /^api\.piste\.gouv\.fr$/,
      path: /^\/piste\/(?:captcha|captchetat\/v\d)\/simple-captcha-endpoint$/,
    },
  ],
  expectsCaptcha: true,
  assisted: ASSISTED,
  contacts: [],
  params: z.strictObject({}),
  visit: async (visit, target) => {
    const step = LANDING.test(new URL(target.address).pathname) ? 'landing' : 'page';
    const first = await visit.open(step, target.address, { until: isDrawn });
    if (!LANDING.test(first.url.pathname) || !first.has(CONDITIONS_LINK)) return;
    await visit.press('conditions', CONDITIONS_LINK, { until: isDrawn });
  },
  read: (captures) => {
    const last = captures.at(-1);
    if (last === undefined) throw new Error('a visit without a capture cannot be read');
    return readPage(last, RULES);
  },
};

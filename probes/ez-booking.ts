import {
  ancestors,
  dayOf,
  fold,
  franceConnectSign,
  maintenanceSign,
  movedSign,
  Page,
  prior,
  readPage,
  slotFacets,
  suspendedSign,
  z,
  type Capture,
  type Element,
  type Outcome,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
  type Target,
  type Visit,
} from '../src/probe.ts';

/**
 * EZ booking, the eZ Publish module of the departments' sites and of the Préfecture de police. Steps: 0 conditions, 1 choice
 * of a counter (`planning`), 2 none left, 3 description, 4 calendar; 5 and later select a slot and are never asked for.
 * Strings and markup: fact sheet of November 2026, section 2. The address may stay behind the step that is shown, so the
 * content decides.
 */

const PATH = /\/booking\/create\/(\d+)(?:\/(\d+))?/;
const FRAGMENT = /\/ezjscore\/call\/bookingserver::planning::assign::\d+::\d+::(\d+)/;
const NEXT = 'input[name="nextButton"], button[name="nextButton"]';
const CONDITION = 'input[type="checkbox"][name="condition"]';
const COUNTER = 'input[type="radio"][name="planning"]';
const MODULE_FORMS = '#FormBookingCreate, form[name="create"], #inner_Booking';
const CALENDAR_HEAD = 'th[colspan="7"]';

const NONE_LEFT = "Il n'existe plus de plage horaire libre pour votre demande de rendez-vous";
const NO_CALENDAR = "Il n'y a pas calendrier disponible pour effectuer une demande de rendez-vous";
const NONE_FOR_NOW = /(?:pas|plus|aucun)\b.{0,80}rendez-vous disponibles? pour le moment/;

/** The pages before any answer: the condition box, or the choice of a counter (both often hidden behind jqTransform's own). */
function isQuestion(page: Page): boolean {
  return page.present(`${CONDITION}, ${COUNTER}`).length > 0;
}

/** Fields for a person's own data: past this point nothing is read, and nothing on it is an offer of times. */
const IDENTITY_FIELD = /nom\b|name|mail|tel\b|telephone|phone|naiss|birth|etranger|civil/i;

function identityField(page: Page): Sign | null {
  if (!PATH.test(page.url.pathname)) return null;
  const modules = page.present(MODULE_FORMS);
  const fields = page
    .visible('input:not([type="hidden"]):not([type="submit"]):not([type="button"]), textarea')
    .filter((field) => IDENTITY_FIELD.test(field.attribs['name'] ?? ''));
  const isInModule = fields.some((field) => ancestors(field).some((around) => modules.includes(around)));
  // The site's own search or newsletter has one such field; a form with several is somebody's identity.
  const perForm = page.present('form').map((form) => fields.filter((field) => ancestors(field).includes(form)).length);
  const isAsked = isInModule || perForm.some((count) => count >= 2);
  return isAsked ? { message: 'personal details are asked before any time is shown' } : null;
}

function isModule(page: Page): boolean {
  const marks =
    '#FormBookingCreate, #inner_Booking, #submit_Booking, form[name="create"], input[name="finishButton"], ul.error';
  return (
    PATH.test(page.url.pathname) &&
    (page.has(marks) || page.isHeaded(['Vérification de disponibilité']) || page.has('form'))
  );
}

function noneLeft(page: Page): Sign | null {
  if (!isModule(page) || isQuestion(page)) return null;
  if (page.says(NONE_LEFT)) return { message: page.quote(new RegExp(fold(NONE_LEFT))) ?? NONE_LEFT };
  return page.says(NONE_FOR_NOW) ? { message: page.quote(NONE_FOR_NOW) ?? 'none for now' } : null;
}

function noCalendar(page: Page): Sign | null {
  const words = new RegExp(fold(NO_CALENDAR));
  const isError = page.controls('ul.error li', words).length > 0;
  const isSaid = isModule(page) && !isQuestion(page) && page.says(NO_CALENDAR);
  return isError || isSaid ? { message: NO_CALENDAR } : null;
}

interface Slots {
  readonly links: readonly Element[];
  readonly days: readonly string[];
}

/** Links to `/booking/create/{id}/5/…/{unix time}`: one a free slot. */
function slotLinks(page: Page): Slots {
  const links = page.visible('a[href*="booking/create/"]').filter((link) => {
    return PATH.exec(page.linkOf(link)?.pathname ?? '')?.[2] === '5';
  });
  const days = links.flatMap((link) => {
    const seconds = /\/(\d{9,11})\/?$/.exec(page.linkOf(link)?.pathname ?? '')?.[1];
    return seconds === undefined ? [] : [dayOf(Number(seconds) * 1_000)];
  });
  return { links, days };
}

function freeSlots(page: Page): Sign | null {
  const { links, days } = slotLinks(page);
  const count = links.length > 0 ? links.length : freeCells(page);
  if (count === 0 || isQuestion(page)) return null;
  const facets = slotFacets(days, count, page.capture.observedAt);
  return facets === null ? null : { message: `${count} free times are shown`, facets };
}

/** Cells that say "libre" in the calendar. The legend says it once too, for nobody. */
function freeCells(page: Page): number {
  if (!page.has(CALENDAR_HEAD)) return 0;
  const cells = page.visible('td, th, caption, p, div, span, li, legend, strong');
  const legendAt = cells.findIndex((cell) => /^legende\b/.test(page.wordsOf(cell)));
  return cells.filter(
    (cell, at) => cell.name === 'td' && /^libre\b/.test(page.wordsOf(cell)) && (legendAt === -1 || at < legendAt),
  ).length;
}

/** Steps 3 and 4 are reached only when a time is free: the stepper's picture or the button of that step is the proof. */
function slotStep(page: Page): Sign | null {
  if (isQuestion(page) || identityField(page) !== null || !PATH.test(page.url.pathname)) return null;
  if (slotLinks(page).links.length > 0) return null;
  const hasStepper = page.has('img[src*="etape_3r.png"], img[src*="etape_4r.png"]');
  const button = page.controls(NEXT, /^(?:etape suivante|premiere plage horaire libre)$/)[0];
  if (!hasStepper && button === undefined) return null;
  const facets = slotFacets([], null, page.capture.observedAt);
  return facets === null ? null : { message: 'the step that is reached only when a time is free', facets };
}

/** A week drawn with its period and no free time in it, where nothing says that another week has one. */
function emptyWeek(page: Page): Sign | null {
  if (!page.has(CALENDAR_HEAD) || isQuestion(page) || slotStep(page) !== null) return null;
  if (slotLinks(page).links.length > 0 || freeCells(page) > 0) return null;
  const offset = FRAGMENT.exec(decodeURIComponent(page.url.pathname))?.[1];
  const facets = offset === undefined ? {} : { horizonDays: Number(offset) + 7 };
  return { message: 'the week is shown without a free time', facets };
}

/** The module has answered: what else the page says of closures or changes is news, not its state. */
function isAnswer(page: Page): boolean {
  return [noneLeft, noCalendar, freeSlots, slotStep].some((sign) => sign(page) !== null);
}

const DISABLED = 'Ce lien a été désactivé définitivement';

const RULES: readonly Rule[] = [
  {
    name: 'security-step',
    outcome: 'captcha',
    see: (page) =>
      page.has('img[src*="etape_6r.png"]') || page.present('[name="g-recaptcha-response"]').length > 0
        ? { message: 'the security check (step 6)' }
        : null,
  },
  { name: 'identity-form', outcome: 'login', see: identityField },
  {
    name: 'maintenance',
    outcome: 'maintenance',
    see: (page) => (isQuestion(page) || isAnswer(page) ? null : maintenanceSign(page)),
  },
  { name: 'france-connect', outcome: 'login', see: franceConnectSign },
  { name: 'disabled-link', outcome: 'moved', see: (page) => (page.says(DISABLED) ? { message: DISABLED } : null) },
  {
    name: 'moved',
    outcome: 'moved',
    see: (page) => (isQuestion(page) || isAnswer(page) ? null : movedSign(page)),
  },
  {
    name: 'suspended',
    outcome: 'suspended',
    see: (page) => (isQuestion(page) || isAnswer(page) ? null : suspendedSign(page)),
  },
  { name: 'free-times', outcome: 'slots', see: freeSlots },
  { name: 'slot-step', outcome: 'slots', see: slotStep },
  { name: 'none-left', outcome: 'no_slots', see: noneLeft },
  { name: 'no-calendar', outcome: 'no_slots', see: noCalendar },
  { name: 'empty-week', outcome: 'no_slots', see: emptyWeek },
];

const params = z.strictObject({
  planning: z
    .array(z.string().regex(/^\d+$/))
    .min(1)
    .optional()
    .describe('Only these counters of the module are tried'),
});

/** Values of the counters that a visit of this target has to try. */
function countersOf(page: Page, target: Target): string[] {
  const wanted = params.parse(target.params).planning;
  const offered = page.present(COUNTER).flatMap((input) => input.attribs['value'] ?? []);
  return wanted === undefined ? offered : offered.filter((value) => wanted.includes(value));
}

/** Name of the step in which a counter was tried; the same counter may show several pages. */
const counterStep = (counter: string, page = 'answer'): string => `counter ${counter}: ${page}`;
const counterOf = (step: string): string | undefined => /^counter (\d+):/.exec(step)?.[1];

function read(captures: readonly Capture[], target: Target): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const answers = new Map<string, Capture>();
  for (const capture of captures) {
    const counter = counterOf(capture.step);
    if (counter !== undefined) answers.set(counter, capture);
  }
  if (answers.size === 0) return readPage(last, RULES);
  const readings = new Map([...answers].map(([counter, capture]) => [counter, readPage(capture, RULES)] as const));
  const choice = captures.map((capture) => new Page(capture)).find((page) => page.present(COUNTER).length > 0);
  const expected = choice === undefined ? [] : countersOf(choice, target);
  const interrupted = counterOf(last.step) === undefined ? readPage(last, RULES) : null;
  return combine(readings, expected, interrupted);
}

/** One free counter is a yes; a no needs a no from every counter. */
function combine(
  readings: ReadonlyMap<string, Reading>,
  expected: readonly string[],
  interrupted: Reading | null,
): Reading {
  const all = [...readings.values(), ...(interrupted === null ? [] : [interrupted])];
  const [none] = all;
  if (none === undefined) throw new Error('no counter was read');
  const counters: Record<string, Outcome> = {};
  for (const [counter, reading] of readings) counters[counter] = reading.outcome;
  const withCounters = (reading: Reading): Reading => ({ ...reading, facets: { ...reading.facets, counters } });
  const yes = all
    .filter((reading) => reading.outcome === 'slots')
    .toSorted((a, b) => (a.facets.firstDate ?? '9999').localeCompare(b.facets.firstDate ?? '9999'));
  if (yes[0] !== undefined) return withCounters(yes[0]);
  const [firstOther, ...moreOthers] = all.filter((reading) => reading.outcome !== 'no_slots');
  if (firstOther !== undefined) return withCounters(moreOthers.reduce(prior, firstOther));
  const unread = expected.filter((counter) => !readings.has(counter));
  if (unread.length > 0) {
    return withCounters({
      outcome: 'unknown_page',
      rule: 'counters-unread',
      message: `${unread.length} of ${expected.length} counters were not read`,
      facets: {},
    });
  }
  return withCounters(none);
}

async function walk(visit: Visit, target: Target): Promise<void> {
  const first = await visit.open('conditions', target.address, { until: isAnswered });
  if ((PATH.exec(first.url.pathname)?.[2] ?? '0') !== '0' || !isQuestion(first) || identityField(first) !== null)
    return;
  const choice = await passConditions(visit, first, 'choice');
  const counters = countersOf(choice, target);
  if (counters.length === 0) {
    await followToCalendar(visit, choice, 'calendar');
    return;
  }
  for (const [at, counter] of counters.entries()) {
    if (at > 0) {
      await visit.breathe();
      const again = await visit.open('conditions again', target.address, { isRepeat: true, until: isAnswered });
      await passConditions(visit, again, 'choice again');
    }
    await visit.choose(`${COUNTER}[value="${counter}"]`);
    const answer = await visit.press(counterStep(counter), NEXT, { until: isAnswered });
    await followToCalendar(visit, answer, counterStep(counter, 'calendar'));
  }
}

/** From the conditions to what follows them; a module without conditions is there already. */
async function passConditions(visit: Visit, page: Page, step: string): Promise<Page> {
  if (page.present(CONDITION).length === 0) return page;
  await visit.choose(CONDITION);
  return await visit.press(step, NEXT, { until: isAnswered, isRepeat: step.endsWith('again') });
}

/** From the description (step 3) to the calendar (step 4), and no further. */
async function followToCalendar(visit: Visit, page: Page, step: string): Promise<void> {
  if (isQuestion(page) || page.controls(NEXT, /^etape suivante$/).length === 0) return;
  await visit.press(step, NEXT, { until: isWeekShown });
}

/** Whether the page shows which step it is. The calendar step is complete only with its week, which comes later. */
function isAnswered(page: Page): boolean {
  if (isCalendarStep(page)) return isWeekShown(page);
  return isQuestion(page) || page.present(`${NEXT}, input[name="finishButton"], ul.error, ${CALENDAR_HEAD}`).length > 0;
}

function isCalendarStep(page: Page): boolean {
  return page.has('img[src*="etape_4r.png"]') || page.controls(NEXT, /^premiere plage horaire libre$/).length > 0;
}

function isWeekShown(page: Page): boolean {
  return page.has(CALENDAR_HEAD) || slotLinks(page).links.length > 0 || noneLeft(page) !== null;
}

const HARMLESS_BUTTONS = new Set(['effectuer une demande de rendez-vous', 'etape suivante']);

export const probe: Probe = {
  name: 'ez-booking',
  version: 1,
  kind: 'slots',
  hosts: [/^(?:www\.|rdv\.|www\.rdv\.)?[a-z-]+\.gouv\.fr$/, /^pprdv\.interieur\.gouv\.fr$/],
  recognises: ({ pathname }) => PATH.test(pathname),
  posts: [
    {
      path: /\/booking\/create\/\d+(?:\/[0-4])?\/?$/,
      isHarmless: (form) =>
        HARMLESS_BUTTONS.has(fold(form.get('nextButton') ?? '')) &&
        ![...form.keys()].some((name) => IDENTITY_FIELD.test(name) || /captcha/i.test(name)),
    },
    // The calendar of step 4 asks for its weeks by itself, in some departments by POST: it reads and reserves nothing.
    {
      path: /\/ezjscore\/call\/bookingserver(?:::|%3A%3A)planning(?:::|%3A%3A)assign(?:::|%3A%3A)/i,
      isHarmless: () => true,
    },
  ],
  forbidden: [/\/booking\/create\/\d+\/(?:0*[5-9]|\d{2,})(?:\/|$)/, /\/booking\/confirm/],
  expectsCaptcha: false,
  contacts: [],
  params,
  visit: walk,
  read,
};

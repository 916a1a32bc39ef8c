import { ancestors, undeclaredQuestion, type Asks, type Page } from '../../src/probe.ts';

/** The steps of the module, each told by its own heading, and what they ask. Facts of November 2026, "EZ booking". */

export const PATH = /\/booking\/create\/(\d+)(?:\/(\d+))?/;
export const FRAGMENT = /\/ezjscore\/call\/bookingserver::planning::assign::\d+::\d+::(\d+)/;
export const NEXT = 'input[name="nextButton"], button[name="nextButton"]';
export const CONDITION = 'input[type="checkbox"][name="condition"]';
export const COUNTER = 'input[type="radio"][name="planning"]';
const MODULE_FORMS = '#FormBookingCreate, form[name="create"], #inner_Booking';

/** Five public scripts of 2014 to 2022 steer by these headings; the button `Etape suivante` stands on every step. */
const STEPS = {
  choice: /^choix de la nature du rendez-vous$/,
  availability: /^verification de disponibilite$/,
  description: /^description de la nature du rendez-vous$/,
  calendar: /^choix d'une plage horaire$/,
  security: /^controle de securite$/,
  personal: /^coordonnees personnelles$|^cordonnees personnelles$/,
  validation: /^validation de la demande de rendez-vous$/,
} as const;
export type Step = keyof typeof STEPS;

/** Stepper pictures of the steps that are reached only when a time is free, and of the robot check behind them. */
const PICTURES: readonly (readonly [Step, string])[] = [
  ['description', 'img[src*="etape_3r.png"]'],
  ['calendar', 'img[src*="etape_4r.png"]'],
  ['security', 'img[src*="etape_6r.png"]'],
];
const FIRST_FREE = /^premiere plage horaire libre$/;

export const ASKS: Asks = {
  controls: [CONDITION, COUNTER],
  headings: {
    steps:
      /^(?:choix de la nature du rendez-vous|verification de disponibilite|description de la nature du rendez-vous|choix d'une plage horaire)$/,
    known:
      /^(?:prise de rendez-vous|prendre (?:un )?rendez-vous|legende|calendrier|que souhaitez-vous effectuer \?|horaires|adresse)$/,
  },
};

/** What the page asks beside its own known questions; null on a page on which one may go on. */
export const unknownQuestion = (page: Page): string | null => undeclaredQuestion(page, ASKS);

/** Which step the page says it is, by its heading, its stepper or the one button that no other step has. */
export function stepOf(page: Page): Step | null {
  const names = Object.entries(STEPS);
  for (const heading of page.visible('h1, h2, h3, legend')) {
    const words = page.wordsOf(heading);
    const found = names.find(([, name]) => name.test(words))?.[0];
    if (found !== undefined && isStep(found)) return found;
  }
  const picture = PICTURES.find(([, selector]) => page.has(selector))?.[0];
  return picture ?? (page.controls(NEXT, FIRST_FREE).length > 0 ? 'calendar' : null);
}

const isStep = (name: string): name is Step => name in STEPS;

/** The pages before any answer: the condition box, or the choice of a counter (both often hidden behind jqTransform's own). */
export function isQuestion(page: Page): boolean {
  return page.present(`${CONDITION}, ${COUNTER}, select[name="planning"]`).length > 0;
}

/** Fields for a person's own data: past this point nothing is read, and nothing on it is an offer of times. */
const IDENTITY_FIELD =
  /nom\b|name|mail|tel\b|telephone|phone|naiss|birth|etranger|civil|agdref|validit|num(?:ero|ber)?_?(?:etr|agdref)|passe?port/i;

export function asksIdentity(page: Page): boolean {
  if (!PATH.test(page.url.pathname)) return false;
  const modules = page.present(MODULE_FORMS);
  const fields = page
    .visible(
      'input:not([type="hidden"], [type="submit"], [type="button"], [type="checkbox"], [type="radio"]), textarea',
    )
    .filter((field) => IDENTITY_FIELD.test(field.attribs['name'] ?? ''));
  const isInModule = fields.some((field) => ancestors(field).some((around) => modules.includes(around)));
  // The site's own search or newsletter has one such field; a form with several is somebody's identity.
  const perForm = page.present('form').map((form) => fields.filter((field) => ancestors(field).includes(form)).length);
  return isInModule || perForm.some((count) => count >= 2);
}

export function isModule(page: Page): boolean {
  const marks =
    '#FormBookingCreate, #inner_Booking, #submit_Booking, form[name="create"], input[name="finishButton"], ul.error';
  return PATH.test(page.url.pathname) && (page.has(marks) || stepOf(page) !== null || page.has('form'));
}

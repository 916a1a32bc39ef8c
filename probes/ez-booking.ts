import {
  franceConnectSign,
  maintenanceSign,
  movedSign,
  Page,
  prior,
  readPage,
  slotFacets,
  suspendedSign,
  withEarlier,
  z,
  type Capture,
  type Outcome,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
  type Target,
  type Visit,
} from '../src/probe.ts';

import { CALENDAR_HEAD, hasFreeMark, horizonOf, slotLinks, weekOf } from './ez-booking/calendar.ts';
import {
  asksIdentity,
  ASKS,
  CONDITION,
  COUNTER,
  FRAGMENT,
  isModule,
  isQuestion,
  NEXT,
  PATH,
  stepOf,
  unknownQuestion,
} from './ez-booking/steps.ts';

/**
 * EZ booking, the eZ Publish module of the departments' sites and of the Préfecture de police. Steps: 0 conditions, 1 choice
 * of a counter (`planning`), 2 none left, 3 description, 4 calendar; 5 and later select a slot and are never asked for.
 * Strings and markup: fact sheet of November 2026, section 2, and the newer facts of that month. The address may stay behind
 * the step that is shown, so the content decides; a button proves no step, since every step has one.
 */

const NONE_LEFT = /il n'existe plus de plage horaire libre pour votre demande de rendez-vous/;
/** The missing "de" is theirs. */
const NO_CALENDAR = /il n'y a pas (?:de )?calendrier disponible pour effectuer une demande de rendez-vous/;
const NONE_FOR_NOW = /(?:il n'y a |aucun ).{0,80}rendez-vous disponibles? pour le moment/;
/** The module's own sentence for a closed page (public scripts over 60 departments, 2020). */
const NOT_AVAILABLE = /cette page n'est pas disponible pour le moment/;
const DISABLED = /ce lien a ete desactive definitivement/;

function noneLeft(page: Page): Sign | null {
  if (!isModule(page) || isQuestion(page)) return null;
  const said = page.stated(NONE_LEFT) ?? page.stated(NONE_FOR_NOW);
  return said === null ? null : { message: said };
}

/** Above the conditions as well: the answer to a demand may be the same page again (93, 2025). */
function noCalendar(page: Page): Sign | null {
  const said = isModule(page) ? page.stated(NO_CALENDAR) : null;
  return said === null ? null : { message: said };
}

const isFragment = (page: Page): boolean => FRAGMENT.test(decodeURIComponent(page.url.pathname));

/** Nothing on a page that asks something unknown is an offer of times. */
const isAsking = (page: Page): boolean => isQuestion(page) || asksIdentity(page) || unknownQuestion(page) !== null;

function freeSlots(page: Page): Sign | null {
  if (!PATH.test(page.url.pathname) || isAsking(page)) return null;
  const links = slotLinks(page);
  const count = links.count > 0 ? links.count : (weekOf(page)?.free ?? 0);
  if (count === 0) return null;
  const facets = slotFacets(links.days, count, page.capture.observedAt);
  return facets === null ? null : { message: `${count} free times are shown`, facets };
}

/** Steps 3 and 4 are reached only when a time is free: their own heading, picture or button is the proof. */
function slotStep(page: Page): Sign | null {
  if (!PATH.test(page.url.pathname) || isAsking(page)) return null;
  const step = stepOf(page);
  if (step !== 'description' && step !== 'calendar') return null;
  const week = weekOf(page);
  // The week that is drawn says something else: another may have the time, and nobody has looked.
  if (week !== null || slotLinks(page).count > 0) return null;
  const facets = slotFacets([], null, page.capture.observedAt);
  return facets === null ? null : { message: 'the step that is reached only when a time is free', facets };
}

/** A week all of whose cells say that they are full. */
function fullWeek(page: Page): Sign | null {
  const week = weekOf(page);
  if (week === null || isQuestion(page) || stepOf(page) === 'calendar' || stepOf(page) === 'description') return null;
  if (week.full === 0 || week.free > 0 || week.unknown > 0 || hasFreeMark(page)) return null;
  const horizonDays = horizonOf(page);
  return {
    message: `all ${week.full} times of the week are full`,
    facets: horizonDays === null ? {} : { horizonDays },
  };
}

/** A week that cannot decide: of a fragment, whose module may be closed, or one whose cells are not known. */
function undecidedWeek(page: Page): Sign | null {
  const week = weekOf(page);
  if (week === null) return null;
  const { free, full, unknown } = week;
  const said = `${free} free, ${full} full and ${unknown} unknown cells`;
  return {
    message: `a week is shown that says neither yes nor no by itself: ${said}${isFragment(page) ? ', without its module' : ''}`,
  };
}

/** The module has answered: what else the page says of closures or changes is news, not its state. */
function isAnswer(page: Page): boolean {
  return [noneLeft, noCalendar, freeSlots, slotStep].some((sign) => sign(page) !== null);
}

const unlessAnswered =
  (see: Rule['see']) =>
  (page: Page): Sign | null =>
    isQuestion(page) || isAnswer(page) ? null : see(page);

const saying =
  (expression: RegExp) =>
  (page: Page): Sign | null => {
    const said = page.stated(expression);
    return said === null ? null : { message: said };
  };

const RULES: readonly Rule[] = [
  {
    name: 'security-step',
    outcome: 'captcha',
    see: (page) => (stepOf(page) === 'security' ? { message: 'the security check (step 6)' } : null),
  },
  {
    name: 'identity-form',
    outcome: 'login',
    see: (page) => (asksIdentity(page) ? { message: 'personal details are asked before any time is shown' } : null),
  },
  { name: 'maintenance', outcome: 'maintenance', see: unlessAnswered(maintenanceSign) },
  { name: 'france-connect', outcome: 'login', see: franceConnectSign },
  { name: 'disabled-link', outcome: 'moved', see: saying(DISABLED) },
  { name: 'moved', outcome: 'moved', see: unlessAnswered(movedSign) },
  { name: 'suspended', outcome: 'suspended', see: unlessAnswered(suspendedSign) },
  { name: 'not-available', outcome: 'suspended', see: unlessAnswered(saying(NOT_AVAILABLE)) },
  { name: 'free-times', outcome: 'slots', see: freeSlots },
  { name: 'slot-step', outcome: 'slots', see: slotStep },
  { name: 'none-left', outcome: 'no_slots', see: noneLeft },
  { name: 'no-calendar', outcome: 'no_slots', see: noCalendar },
  { name: 'full-week', outcome: 'no_slots', see: fullWeek },
  { name: 'week-undecided', outcome: 'unknown_page', see: undecidedWeek },
  {
    name: 'unknown-question',
    outcome: 'unknown_page',
    see: (page) => {
      const question = PATH.test(page.url.pathname) ? unknownQuestion(page) : null;
      return question === null ? null : { message: `${question}: a person must look` };
    },
  },
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
  const answers = Map.groupBy(captures, ({ step }) => counterOf(step));
  const beforeCounters = answers.get(undefined) ?? [];
  answers.delete(undefined);
  if (answers.size === 0) return readSteps(captures);
  const readings = new Map([...answers].map(([counter = '', seen]) => [counter, readSteps(seen)] as const));
  const choice = captures.map((capture) => new Page(capture)).find((page) => page.present(COUNTER).length > 0);
  const expected = choice === undefined ? [] : countersOf(choice, target);
  const interrupted = beforeCounters.includes(last) ? readPage(last, RULES) : null;
  return combine(readings, expected, interrupted);
}

/** Pages one after the other on the way of one counter. */
function readSteps(captures: readonly Capture[]): Reading {
  return withEarlier(captures.map((capture) => readPage(capture, RULES)));
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
  const isStart = (PATH.exec(first.url.pathname)?.[2] ?? '0') === '0' && first.present(CONDITION).length > 0;
  if (!isStart && first.present(COUNTER).length === 0) return;
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
  if (page.present(CONDITION).length === 0 || noCalendar(page) !== null) return page;
  await visit.choose(CONDITION);
  return await visit.press(step, NEXT, { until: isAnswered, isRepeat: step.endsWith('again') });
}

/** From the description (step 3) to the calendar (step 4), and no further. */
async function followToCalendar(visit: Visit, page: Page, step: string): Promise<void> {
  if (stepOf(page) !== 'description' || slotStep(page) === null) return;
  await visit.press(step, NEXT, { until: isWeekShown });
}

/** Whether the page shows which step it is. The calendar step is complete only with its week, which comes later. */
function isAnswered(page: Page): boolean {
  if (stepOf(page) === 'calendar') return isWeekShown(page);
  return isQuestion(page) || page.present(`${NEXT}, input[name="finishButton"], ul.error, ${CALENDAR_HEAD}`).length > 0;
}

function isWeekShown(page: Page): boolean {
  return page.has(CALENDAR_HEAD) || slotLinks(page).count > 0 || noneLeft(page) !== null;
}

/** Some sites of eZ Publish add a mark of the form against forgery; it says nothing of a person. */
const FORM_TOKEN = { ezxform_token: /^[\w-]*$/ };
const BUTTON = /^(?:effectuer une demande de (?:rendez-vous|reservation)|etape suivante)$/;

export const probe: Probe = {
  name: 'ez-booking',
  version: 2,
  kind: 'slots',
  hosts: [/^(?:www\.|rdv\.|www\.rdv\.)?[a-z-]+\.gouv\.fr$/, /^pprdv\.interieur\.gouv\.fr$/],
  recognises: ({ pathname }) => PATH.test(pathname),
  posts: [
    // What each step may send: the tick, the counter and the button of that step, and nothing else.
    {
      path: /\/booking\/create\/\d+(?:\/[0-4])?\/?$/,
      fields: { ...FORM_TOKEN, condition: /^(?:on|1)$/, planning: /^\d+$/, nextButton: BUTTON },
      requires: ['nextButton'],
    },
    // The calendar of step 4 asks for its weeks by itself, in some departments by POST: it reads and reserves nothing.
    {
      path: /\/ezjscore\/call\/bookingserver(?:::|%3A%3A)planning(?:::|%3A%3A)assign(?:::|%3A%3A)/i,
      fields: { ...FORM_TOKEN, ezjscserver_function_arguments: /^[\w:.-]*$/, http_accept: /^[\w,/;=. *-]*$/ },
    },
  ],
  asks: () => ASKS,
  forbidden: [/\/booking\/create\/\d+\/(?:0*[5-9]|\d{2,})(?:\/|$)/, /\/booking\/confirm/],
  expectsCaptcha: false,
  contacts: [],
  params,
  visit: walk,
  read,
};

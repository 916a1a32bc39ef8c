import {
  Page,
  ancestors,
  fold,
  franceConnectSign,
  maintenanceSign,
  movedSign,
  numericDay,
  readPage,
  slotFacets,
  suspendedSign,
  withEarlier,
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
 * eAppointment (eSirius) of the Val-de-Marne: JSP, DWR and jQuery UI behind Imperva. A post code leads to one of three sites,
 * a motive is ticked, "Continuer" asks the server by a DWR call whether anything is free. A no is a dialog of the browser,
 * a yes is the day field and its calendar. Strings and markup: fact sheet of November 2026, section 3.2 and section 10,
 * item 10; evidence ends in December 2023.
 */

const ROOT = '/eAppointmentpref94';
const OURS = /^\/eAppointment[^/]*\//;
const MOTIVES = 'input[name="selectedMotiveKeyList"]';
const NEXT = '#nextButtonId';
const DAY_FIELD = '#dayValueId';
/** Opens the calendar of the day field where it does not stand open (public scripts, 2019 to 2021). It chooses nothing. */
const CALENDAR_BUTTON = '#calendarImgId';
const IDENTITY = ['userLastName', 'userFirstName', 'userZip', 'userEmail', 'userPhone']
  .map((name) => `input[name="${name}"]`)
  .join(', ');

const params = z
  .strictObject({
    site: z
      .enum(['P941', 'P942', 'P943'], {
        error: `write the site as "P941" (Créteil), "P942" (Nogent) or "P943" (L'Haÿ-les-Roses)`,
      })
      .optional()
      .describe('The site that the post code leads to'),
    motive: z
      .string({ error: 'write the motive as the number of its check box, in quotes: "20"' })
      .regex(/^\d{1,5}$/, { error: 'write the motive as the number of its check box, in quotes: "20"' })
      .optional()
      .describe('The motive to ask for, e.g. "20" for the collection of a permit'),
  })
  .refine(({ site, motive }) => (site === undefined) === (motive === undefined), {
    error: 'give both site and motive, or neither: without them only the post-code page is looked at',
  });

const isOurs = (page: Page): boolean => OURS.test(page.url.pathname);

/** The page that asks for a post code. Nothing is typed there: its script only sends to the address of a site. */
function isDoor(page: Page): boolean {
  return (
    isOurs(page) &&
    page.has('form[name="frm"] input[name="CP"]') &&
    page.controls('form[name="frm"] input, form[name="frm"] button', /^continuer$/).length > 0
  );
}

const hasMotives = (page: Page): boolean => isOurs(page) && page.present(MOTIVES).length > 0;

function offersMotive(page: Page, motive: string): boolean {
  return page.choosable(motiveBox(motive)).length > 0;
}

const motiveBox = (motive: string): string => `${MOTIVES}[value="${motive}"]`;

/**
 * One sentence as the folded words of a whole dialog: a space, an apostrophe, the hyphen or the full stop may be missing, and
 * a double n may have a third, as two public scripts have it.
 */
function sentence(words: string): RegExp {
  const loose = fold(words)
    .replaceAll('nn', 'nn+')
    .replaceAll(' ', ' ?')
    .replaceAll("'", " ?'? ?")
    .replaceAll('-', '[ -]?');
  return new RegExp(`^${loose}[ .]*$`);
}

const NONE = [
  "Aucun rendez-vous n'est possible pour les motifs sélectionnés ou le créneau horaire sélectionné",
  "Il n'y a pas de rendez-vous disponible pour ce service",
].map(sentence);

const isNone = (words: string): boolean => NONE.some((none) => none.test(fold(words)));

/** Chromium's names of the requests that a page's script makes. */
const CALLS = ['xhr', 'fetch'];

/** A dialog belongs to the step in which it opened: only those after "Continuer" answer the question. */
const isAnswerStep = ({ step }: Capture): boolean => step === 'answer' || step === 'calendar';

function noneDialog(page: Page): Sign | null {
  const { capture } = page;
  const [first] = capture.dialogs;
  if (!isAnswerStep(capture) || first === undefined || !isOurs(page)) return null;
  if (page.present(`${MOTIVES}, ${NEXT}`).length === 0) return null;
  const areAllNone = capture.dialogs.every(({ kind, message }) => kind === 'alert' && isNone(message));
  return areAllNone ? { message: first.message.slice(0, 500) } : null;
}

/**
 * Whether a call of the page got no answer: our own filter stopped it, the page took it back, or the line broke. Some scripts
 * say "none" of every failure, and that is no word of the server.
 */
function hasLostCall({ capture, url: { host } }: Page): boolean {
  const isOwn = (url: string): boolean => URL.canParse(url) && new URL(url).host === host;
  return (
    capture.incidents.some(({ resource = '', url }) => CALLS.includes(resource) && isOwn(url)) ||
    capture.failedRequests.some(({ kind, url }) => CALLS.includes(kind) && isOwn(url) && url.includes('/dwr/'))
  );
}

const isDoubtfulNone = (page: Page): boolean => noneDialog(page) !== null && hasLostCall(page);
const noneAlert = (page: Page): Sign | null => (isDoubtfulNone(page) ? null : noneDialog(page));

/** Any other dialog leaves the question open, a complaint about the post code among them. */
function otherDialog(page: Page): Sign | null {
  const other = page.capture.dialogs.find(({ kind, message }) => kind !== 'alert' || !isNone(message));
  return other === undefined ? null : { message: `a dialog says: ${other.message.slice(0, 300)}` };
}

const FRENCH_MONTHS = 'janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre'.split(' ');
/** jQuery UI's own names stand where its French file did not load. */
const ENGLISH_MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** `Décembre 2026` in a calendar's head: its month and year as `12/2026`. */
function monthOf(headWords: string): string | null {
  const [, name = '', year] = /^([a-z]+) ?(\d{4})$/.exec(headWords) ?? [];
  const month = Math.max(FRENCH_MONTHS.indexOf(name), ENGLISH_MONTHS.indexOf(name)) + 1;
  return month === 0 || year === undefined ? null : `${month}/${year}`;
}

interface Calendar {
  readonly isShown: boolean;
  /** `YYYY-MM-DD`; null for a free day whose month cannot be read. */
  readonly freeDays: readonly (string | null)[];
}

/** The jQuery UI datepicker as it is drawn, one or several months. A day that is not free has no link in it. */
function calendarOf(page: Page): Calendar {
  const groups = page.visible('.ui-datepicker-group');
  const months = groups.length > 0 ? groups : page.visible('.ui-datepicker');
  const days = page.visible('td a.ui-state-default').flatMap((link) => {
    const around = ancestors(link);
    const month = months.find((candidate) => around.includes(candidate));
    const cell = around.find((element) => element.name === 'td')?.attribs['class'] ?? '';
    if (month === undefined || /other-month|unselectable|state-disabled/.test(cell)) return [];
    return [numericDay(`${page.wordsOf(link)}/${monthOf(headOf(page, month)) ?? ''}`)];
  });
  return { isShown: months.length > 0, freeDays: days };
}

function headOf(page: Page, month: Element): string {
  const head = page.visible('.ui-datepicker-title').find((title) => ancestors(title).includes(month));
  return head === undefined ? '' : page.wordsOf(head);
}

/** `select#hourValueSelect` alone is no sign: a bot that went by it raised false alarms until it asked for the day field. */
function isDayFieldEnabled(page: Page): boolean {
  const fields = page.visible(DAY_FIELD).filter((field) => {
    const isOff = [field, ...ancestors(field)].some((element) => element.attribs['disabled'] !== undefined);
    return !isOff && !/\bui-state-disabled\b/.test(field.attribs['class'] ?? '');
  });
  return fields.length > 0 && page.has('select#hourValueSelect');
}

function freeDays(page: Page): Sign | null {
  if (!isAnswerStep(page.capture) || !isOurs(page) || !isDayFieldEnabled(page)) return null;
  // A dialog that opened while the calendar was unfolded says nothing of the answer that came before.
  if (page.capture.step !== 'calendar' && (otherDialog(page) !== null || isDoubtfulNone(page))) return null;
  const { isShown, freeDays: found } = calendarOf(page);
  const days = found.filter((day) => day !== null);
  if (isShown && (days.length === 0 || days.length < found.length)) return null;
  const facets = slotFacets(days, null, page.capture.observedAt);
  if (facets === null) return null;
  return { message: isShown ? `${days.length} free days are shown` : 'a day can be chosen', facets };
}

/** A day field that stands before anything was asked is no answer, and the page is not the one that is known. */
const isTooEarly = (page: Page): boolean => page.capture.step === 'motives' && isOurs(page) && isDayFieldEnabled(page);

const isAnswered = (page: Page): boolean => freeDays(page) !== null || noneAlert(page) !== null;
const isWorking = (page: Page): boolean => isDoor(page) || hasMotives(page) || isAnswered(page);

const CHECK_CALL = /\/eAppointment[^/]*\/dwr\/call\/plaincall\/AjaxMotive\.motiveMultiSiteSubmit\.dwr$/;

/** How the server answered the check itself, when it did not answer it as it should. */
function failedCheck(reasons: RegExp) {
  return ({ capture }: Page): Sign | null => {
    const failed = capture.failedRequests.find(
      ({ url, reason }) => reasons.test(reason) && URL.canParse(url) && CHECK_CALL.test(new URL(url).pathname),
    );
    return failed === undefined || !isAnswerStep(capture) ? null : { message: `the check failed: ${failed.reason}` };
  };
}

const CHECK_FAILURES: readonly (readonly [Outcome, RegExp])[] = [
  ['rate_limited', /^429$/],
  ['denied', /^(?:401|403|451)$/],
  ['overloaded', /^50[234]$/],
  // What our own filter stopped, or the page gave up, says nothing of the server.
  ['error', /^(?:[45]\d\d|net::(?!ERR_ABORTED|ERR_BLOCKED_BY_CLIENT).*)$/],
];

const says =
  (isSeen: (page: Page) => boolean, message: string) =>
  (page: Page): Sign | null =>
    isSeen(page) ? { message } : null;

const isErrorPage = (page: Page): boolean => /\berreur\b/.test(page.titleWords);

const RULES: readonly Rule[] = [
  {
    name: 'identity-form',
    outcome: 'login',
    see: says((page) => page.has(IDENTITY), 'personal details are asked before any time is shown'),
  },
  { name: 'france-connect', outcome: 'login', see: franceConnectSign },
  ...CHECK_FAILURES.map(([outcome, reasons]) => ({
    name: `check-${outcome.replace('_', '-')}`,
    outcome,
    see: failedCheck(reasons),
  })),
  {
    name: 'maintenance',
    outcome: 'maintenance',
    see: (page) => (isWorking(page) ? null : maintenanceSign(page)),
  },
  {
    name: 'error-title',
    outcome: 'error',
    see: (page) => (isErrorPage(page) ? { message: page.capture.title } : null),
  },
  { name: 'moved', outcome: 'moved', see: (page) => (isWorking(page) ? null : movedSign(page)) },
  {
    name: 'suspended',
    outcome: 'suspended',
    see: (page) => (hasMotives(page) || isAnswered(page) ? null : suspendedSign(page)),
  },
  { name: 'free-days', outcome: 'slots', see: freeDays },
  { name: 'none-dialog', outcome: 'no_slots', see: noneAlert },
  {
    name: 'post-code-page',
    outcome: 'operational',
    // After the first step it is where one is sent back to.
    see: says(
      (page) => isDoor(page) && page.capture.step !== 'motives' && !isAnswerStep(page.capture),
      'the post-code page stands; no site was asked for',
    ),
  },
  {
    name: 'day-field-too-early',
    outcome: 'unknown_page',
    see: says(isTooEarly, 'a day can be chosen before anything was asked: a person must look'),
  },
  {
    name: 'none-after-lost-call',
    outcome: 'unknown_page',
    see: says(isDoubtfulNone, 'the page says no after one of its calls was refused or failed: a person must look'),
  },
  { name: 'other-dialog', outcome: 'unknown_page', see: otherDialog },
];

/** The motives stand there, and the one of the target does not. */
function missingMotive({ motive }: { motive?: string | undefined }): Rule {
  const isMissing = (page: Page): boolean =>
    motive !== undefined && page.capture.step === 'motives' && hasMotives(page) && !offersMotive(page, motive);
  const message = `the motive ${motive ?? ''} is not offered`;
  return { name: 'motive-missing', outcome: 'unknown_page', see: says(isMissing, message) };
}

/**
 * After a yes the site may go on by sending its form instead of unfolding the next panel. That POST carries the whole form
 * and is never let through, so the slots behind it stay unseen.
 */
function refusedNextStep({ step, failure, incidents }: Capture): Reading | null {
  const sent = incidents.some(({ resource, method }) => resource === 'document' && method === 'POST');
  if (step !== 'answer' || failure?.kind !== 'refused' || !sent) return null;
  return {
    outcome: 'unknown_page',
    rule: 'next-step-refused',
    message: 'the site went on by sending its form, which is never let through: a person must look',
    facets: {},
  };
}

function read(captures: readonly Capture[], target: Target): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const wanted = params.safeParse(target.params);
  const rules = wanted.success ? [...RULES, missingMotive(wanted.data)] : RULES;
  const early = captures.find((capture) => isTooEarly(new Page(capture)));
  if (early !== undefined) return readPage(early, rules);
  return withEarlier(captures.map((capture) => refusedNextStep(capture) ?? readPage(capture, rules)));
}

async function walk(visit: Visit, target: Target): Promise<void> {
  const { site, motive } = params.parse(target.params);
  const door = await visit.open('post-code', target.address, { until: orError(isDoor) });
  if (site === undefined || motive === undefined || !isDoor(door)) return;
  // Where the post-code page's own script sends a browser: a plain address, without the post code.
  const address = new URL(`${ROOT}/appointment.do?sitekey=${site}&mobile=false`, door.url);
  const motives = await visit.open('motives', address.href, { until: orError(hasMotives) });
  if (!offersMotive(motives, motive) || !motives.has(NEXT) || isTooEarly(motives)) return;
  await visit.choose(motiveBox(motive));
  const answer = await visit.press('answer', NEXT, { until: orError(isShownInFull) });
  const isFolded = freeDays(answer) !== null && !calendarOf(answer).isShown;
  if (!isFolded || !answer.has(CALENDAR_BUTTON)) return;
  await visit.press('calendar', CALENDAR_BUTTON, { until: (page) => calendarOf(page).isShown, withinMs: 3_000 });
}

/** The answer is there, and with it the calendar or the means to unfold it. */
function isShownInFull(page: Page): boolean {
  if (noneAlert(page) !== null || failedCheck(/./)(page) !== null) return true;
  return freeDays(page) !== null && (calendarOf(page).isShown || page.has(CALENDAR_BUTTON));
}

const orError =
  (isReady: (page: Page) => boolean) =>
  (page: Page): boolean =>
    isReady(page) || isErrorPage(page);

/** Every line that the check may send, and what may stand in it: numbers of motives and how many of each, nothing else. */
const CALL_LINES: readonly RegExp[] = [
  /^callCount=1$/,
  /^page=\/eAppointment\w*\/(?:element\/jsp\/)?appointment\.(?:jsp|do)(?:;jsessionid=[\w.!-]+)?(?:\?sitekey=P94[1-3]&mobile=(?:true|false))?$/i,
  /^(?:httpSessionId|scriptSessionId)=[\w.!-]*$/,
  /^c0-scriptName=AjaxMotive$/,
  /^c0-methodName=motiveMultiSiteSubmit$/,
  /^(?:c0-id|batchId)=\d{1,6}$/,
  /^c0-param\d=boolean:(?:true|false)$/,
  /^c0-param\d=Object_Object:\{(?:\d{1,5}:reference:c0-e\d{1,3}(?:, ?)?)+\}$/,
  /^c0-e\d{1,3}=(?:number|string):\d{1,2}$/,
];

const NEEDED_LINES = ['callCount', 'c0-scriptName', 'c0-methodName'];

/**
 * DWR sends plain text, one `name=value` a line. Read as a form, the first `=` and each `&` divide it and the line breaks
 * stay inside the pieces, so it is put together again and judged line by line; a name may come once.
 */
function isCheckCall(form: URLSearchParams): boolean {
  const text = [...form].map(([name, value]) => `${name}=${value}`).join('&');
  const lines = text.split('\n').filter((line) => line !== '');
  const names = lines.map((line) => line.slice(0, line.indexOf('=')));
  return (
    new Set(names).size === names.length &&
    NEEDED_LINES.every((name) => names.includes(name)) &&
    lines.every((line) => CALL_LINES.some((known) => known.test(line)))
  );
}

export const probe: Probe = {
  name: 'eappointment',
  version: 1,
  kind: 'slots',
  hosts: [/^rdv-etrangers-94\.interieur\.gouv\.fr$/],
  recognises: ({ hostname }) => hostname === 'rdv-etrangers-94.interieur.gouv.fr',
  posts: [{ path: CHECK_CALL, fields: isCheckCall }],
  asks: () => ({ controls: [MOTIVES, DAY_FIELD, 'select#hourValueSelect'] }),
  forbidden: [/\/captcha(?:[/;.]|$)/i, /saverdv/i, /savepreselectedrdv/i, /processsoonesttimeareaselected/i],
  expectsCaptcha: false,
  contacts: [],
  params,
  visit: walk,
  read,
};

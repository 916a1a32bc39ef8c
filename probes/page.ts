import {
  fold,
  franceConnectSign,
  maintenanceSign,
  movedSign,
  Page,
  readPage,
  type Capture,
  type Outcome,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
  type Target,
  type Visit,
} from '../src/probe.ts';

import {
  CONTROLS,
  clickable,
  expectedField,
  isField,
  expectedLink,
  expectedText,
  sourceOf,
  type Expected,
} from './page/expected.ts';
import { params, type Params } from './page/params.ts';

/**
 * Any public page, told apart by the target's own `params`: which words, links and fields must be visible, which must not.
 * For what has no probe of its own: service-public sheets, France-Visas, the tax stamps' home page, the prefectures' pages
 * about digital help points, the helpline's number (fact sheet of November 2026, sections 8, 9 and 11). `operational`
 * means that every expected sign is visible, not that the service behind the page works.
 */

/** The parameters as they are asked of a page, once for each reading. */
interface Task {
  readonly params: Params;
  readonly hosts: ReadonlySet<string>;
  readonly signs: readonly Expected[];
  readonly clicks: readonly (Expected & { readonly named: RegExp })[];
  readonly forbidden: readonly Rule[];
}

function taskOf(given: Params, target: Target): Task {
  return {
    params: given,
    hosts: new Set([new URL(target.address).hostname, ...given.hosts]),
    signs: [...given.expect.map(expectedText), ...given.links.map(expectedLink), ...given.fields.map(expectedField)],
    clicks: given.clicks.map(clickable),
    forbidden: given.forbid.map((entry) => forbiddenRule(typeof entry === 'string' ? { text: entry } : entry)),
  };
}

function forbiddenRule({ text, means = 'error' }: { text: string; means?: Outcome }): Rule {
  const source = new RegExp(sourceOf(text));
  const see = (page: Page): Sign | null =>
    page.says(source) ? { message: page.quote(source) ?? `"${text}" is visible` } : null;
  return { name: 'forbidden-text', outcome: means, see };
}

const isFirst = (capture: Capture): boolean => capture.step === 'page';

/** Which click follows the page of a step; none after the last, and none on a page from a file. */
function clickAfter(task: Task, { step }: Capture): Task['clicks'][number] | undefined {
  const done = step === 'page' ? 0 : Number(/^click-(\d+)$/.exec(step)?.[1] ?? task.clicks.length);
  return task.clicks[done];
}

function missingOn(page: Page, task: Task): readonly Expected[] {
  const next = clickAfter(task, page.capture);
  return (next === undefined ? task.signs : [next]).filter((sign) => !sign.isShown(page));
}

/** Asked of the last page only: a click may be the one that changes the language. */
function languageDoubt(page: Page, task: Task): string | null {
  const { language } = task.params;
  if (language === undefined || clickAfter(task, page.capture) !== undefined) return null;
  const found = page.present('html')[0]?.attribs['lang'] ?? '';
  const wanted = language.toLowerCase();
  if (found.toLowerCase() === wanted || found.toLowerCase().startsWith(`${wanted}-`)) return null;
  return found === '' ? 'the page does not say its language' : `the page is in "${found}", not in "${language}"`;
}

const DIALOGS = 'dialog, [role="dialog"], [role="alertdialog"], .fr-modal, .modal, .p-dialog, .ui-dialog';
const ERROR_WORDS =
  /(?:erreur|probleme) technique|erreur (?:est survenue|s'est produite|inattendue|interne)|service (?:momentanement |temporairement )?indisponible|technical (?:error|problem)|an error (?:has )?occurred/;

function errorDialog(page: Page): Sign | null {
  const opened = page.controls(DIALOGS, ERROR_WORDS).length > 0;
  const alerted = page.capture.dialogs.find(({ message }) => ERROR_WORDS.test(fold(message)));
  if (!opened && alerted === undefined) return null;
  return { message: alerted?.message ?? page.quote(ERROR_WORDS) ?? 'an error dialog is open' };
}

/** Longest page, in letters, that is taken for a bare notice; frames of public sites have about half of that. */
const NOTICE_LENGTH = 2_000;

/** What stands where none of the expected signs does. A page that still has some of them was changed, not closed. */
function replacementRules(page: Page, task: Task): readonly Rule[] {
  const expected = clickAfter(task, page.capture) === undefined ? task.signs.length : 1;
  const missing = missingOn(page, task).length;
  if (missing === 0) return [];
  const isBare = missing === expected && page.words.length < NOTICE_LENGTH;
  const isHeaded = page.controls('h1', /maintenance|indisponible/).length > 0 || /maintenance/.test(page.titleWords);
  const isElsewhere = !isFirst(page.capture) || page.url.pathname !== new URL(page.capture.requestedUrl).pathname;
  const only = (condition: boolean, see: Rule['see']): Rule['see'] => (condition ? see : () => null);
  return [
    { name: 'maintenance', outcome: 'maintenance', see: only(isBare || isHeaded, maintenanceSign) },
    { name: 'moved', outcome: 'moved', see: only(isBare, movedSign) },
    { name: 'sign-in', outcome: 'login', see: only(missing === expected && isElsewhere, signIn) },
  ];
}

/** A page that asks for an identity: many public pages carry FranceConnect's button in their header and ask for none. */
function signIn(page: Page): Sign | null {
  if (page.has('input[type="password"]')) return { message: 'a password is asked' };
  const asks = /connexion|connecte[rz]|identifi|authentifi|sign in|log in/;
  const isHeaded = asks.test(page.titleWords) || page.controls('h1', asks).length > 0;
  return isHeaded ? franceConnectSign(page) : null;
}

/** Why the page is not the expected one; empty when it is. */
function doubtsOf(page: Page, task: Task, before: Capture | undefined): readonly string[] {
  const missing = missingOn(page, task).map(({ what }) => what);
  const language = languageDoubt(page, task);
  const next = clickAfter(task, page.capture);
  const isUnchanged = before !== undefined && isSame(before, page.capture);
  return [
    ...(language === null ? [] : [language]),
    ...(missing.length === 0 ? [] : [`not visible: ${missing.join(', ')}`]),
    ...(next !== undefined && missing.length === 0 ? [`${next.what} is there and was not pressed`] : []),
    ...(isUnchanged ? ['the last click changed nothing'] : []),
  ];
}

/** A fragment alone is another place on the same page. */
const isSame = (one: Capture, other: Capture): boolean =>
  one.finalUrl.split('#')[0] === other.finalUrl.split('#')[0] && one.text === other.text;

function rulesFor(page: Page, task: Task, before: Capture | undefined): readonly Rule[] {
  const doubts = doubtsOf(page, task, before);
  const said = (name: string, outcome: Outcome, message: string): Rule => ({ name, outcome, see: () => ({ message }) });
  const verdict =
    doubts.length === 0
      ? said('expected-signs', 'operational', `every expected sign is visible (${task.signs.length})`)
      : said('sign-missing', 'unknown_page', doubts.join('; '));
  return [
    ...task.forbidden,
    { name: 'error-dialog', outcome: 'error', see: errorDialog },
    ...replacementRules(page, task),
    verdict,
  ];
}

const GATES: ReadonlySet<Outcome> = new Set(['rate_limited', 'denied', 'captcha']);

/**
 * A page of another host proves nothing of this one, neither that it works nor that it fails; it may keep us out. Where
 * procedures have moved to, and who signs people in, is known.
 */
function sentAway(capture: Capture): Reading {
  const there = readPage(capture, []);
  if (GATES.has(there.outcome)) return there;
  const reading = readPage({ ...capture, failure: { kind: 'left_hosts', message: '' } }, []);
  const host = new URL(capture.finalUrl).hostname;
  const message = `sent to ${host}: name it in "hosts" if the page belongs there`;
  return reading.outcome === 'unknown_page' ? { ...reading, message } : reading;
}

function read(captures: readonly Capture[], target: Target): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const given = params.safeParse(target.params);
  if (!given.success || last.failure !== null) return readPage(last, []);
  const task = taskOf(given.data, target);
  const page = new Page(last);
  if (!task.hosts.has(page.url.hostname)) return sentAway(last);
  return readPage(last, rulesFor(page, task, captures.at(-2)));
}

/** Whether a forbidden text or an error stands on the page: nothing further is pressed then. */
const isStopped = (page: Page, task: Task): boolean =>
  errorDialog(page) !== null || task.forbidden.some((rule) => rule.see(page) !== null);

function isSettled(page: Page, task: Task): boolean {
  if (!task.hosts.has(page.url.hostname)) return false;
  return isStopped(page, task) || (missingOn(page, task).length === 0 && languageDoubt(page, task) === null);
}

async function visitPage(visit: Visit, target: Target): Promise<void> {
  const task = taskOf(params.parse(target.params), target);
  let page = await visit.open('page', target.address, { until: (now) => isSettled(now, task) });
  for (const [at, { named }] of task.clicks.entries()) {
    if (!task.hosts.has(page.url.hostname) || isStopped(page, task) || missingOn(page, task).length > 0) return;
    const before = page.capture;
    const until = (now: Page): boolean => !isSame(before, now.capture) && isSettled(now, task);
    const pressed = await visit.press(`click-${at + 1}`, CONTROLS, { named, until }).catch(unlessGone);
    if (pressed === null) return;
    page = pressed;
  }
}

/** What was seen is not there any more, or goes by another name than the one it shows: the page is read as it stands. */
function unlessGone(error: unknown): null {
  if (error instanceof Error && 'code' in error && error.code === 'PROBE_FAILED') return null;
  throw error;
}

/** Names of public hosts; names that only a network of one's own knows are no business of a monitor of public pages. */
const PUBLIC_HOST =
  /^(?!.*\.(?:arpa|corp|home|internal|intranet|invalid|lan|local|localhost|onion|test)$)(?:[a-z0-9_-]+\.)+(?:[a-z]{2,}|xn--[a-z0-9-]+)$/;

export const probe: Probe = {
  name: 'page',
  version: 1,
  kind: 'service',
  hosts: [PUBLIC_HOST],
  recognises: () => false,
  posts: [],
  // Fields that the target itself expects on the page.
  asks: ({ params: given }) => ({
    controls: [],
    isKnown: (page, control) =>
      params.safeParse(given).data?.fields.some((field) => isField(page, control, field)) === true,
  }),
  // Those of every platform in the fact sheets, since a page may link anywhere.
  forbidden: [
    /\/booking\/create\/\d+\/(?:0*[5-9]|\d{2,})(?:\/|$)/i,
    /\/booking\/confirm/i,
    /\/rdvpref\/.*\/formulaire(?:\/|$)/i,
    /_choisirbloc|_validercaptcha/i,
    /\/eappointment.*\/dwr\//i,
    /\/users\/(?:rdv_wizard_step|rdvs|sign_in|sign_up|auth|password|confirmation)(?:\/|$)/i,
    /\/commencer\/[^/]+\/(?:sign_in|sign_up|pro_connect|france_connect)/i,
    /\/(?:prendre_rdv_prescripteur|prescripteur)(?:\/|$)/i,
    /\/login-actions\//i,
    /\/broker\/[^/]+\/login/i,
    /\/protocol\/openid-connect\/(?:token|registrations)/i,
    /\/api\/v\d+\/(?:authorize|token)(?:\/|$)/i,
  ],
  expectsCaptcha: false,
  contacts: [],
  params,
  visit: visitPage,
  read,
};

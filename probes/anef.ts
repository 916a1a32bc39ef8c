import {
  maintenanceSign,
  movedSign,
  Page,
  readPage,
  z,
  type Capture,
  type Probe,
  type Reading,
  type Rule,
  type Sign,
  type Visit,
} from '../src/probe.ts';

import { isSso, surfaceOf, walkAt, walkName, walkOf, type Walk, type Surface } from './anef/address.ts';
import { emptyShell, errorDialog, isFaulty, isRefused, known } from './anef/health.ts';
import { CLOSED, closedHeading, CONTROLS, MAIN_CONTROLS, MAIN_HEADINGS, MAINTENANCE } from './anef/marks.ts';
import {
  account,
  askedHelp,
  CHOICES,
  FOR_ONESELF,
  hasChoices,
  home,
  languages,
  SIGN_IN_WORDS,
  triage,
} from './anef/portal.ts';
import { discovery, forgotten, FORGOTTEN_WORDS, RESET_LINK, signInForm } from './anef/sign-in.ts';

/**
 * ANEF, the State's online service for residence permits: its portal (a single-page application; Angular and PrimeNG until
 * June 2026, DSFR since) and its sign-in (Keycloak), a host of its own. `operational` means that the public door opens, not
 * that the service behind it works. Strings, markup and walks: fact sheet of November 2026, sections 2 to 8 and 11.
 */

const params = z.strictObject({
  walk: walkName.optional().describe('Which of the public doors is tried; what the address shows when not given'),
});

/** A link of the generation before June 2026, which guides still give: the page it shows, or the one it leads to. */
function oldLink(page: Page): Sign | null {
  const sign = known(page);
  if (sign === null) return null;
  const { href: movedTo, pathname } = page.url;
  const isKept = new URL(page.capture.requestedUrl).pathname === pathname;
  if (isKept) return { message: `the old link is kept: ${sign.message}` };
  return { message: `the old link leads to ${pathname}: ${sign.message}`, facets: { movedTo } };
}

/** What each walk must end on. */
const GOALS: Readonly<Record<Walk, (page: Page) => Sign | null>> = {
  home,
  triage,
  'sign-in': signInForm,
  sso: signInForm,
  forgotten,
  register: account,
  help: askedHelp,
  'old-link': oldLink,
  mobile: (page) => home(page, true),
  languages,
  discovery,
};

/** Steps on the way: a walk that ended there without a fault did not find how to go on. */
const ON_THE_WAY: ReadonlySet<string> = new Set(['triage:home', 'triage:tile', 'sign-in:portal', 'forgotten:login']);

/** What a walk did not find where it ended, when the page shows no fault. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  'triage:home': 'no tile for residence permits',
  'triage:tile': 'no question behind the tile',
  'triage:choice': 'no "Je continue" after a choice',
  'sign-in:portal': 'no "Se connecter"',
  'sign-in:press': 'no sign-in form behind "Se connecter"',
  'forgotten:login': 'no sign-in form with "Mot de passe oublié ?"',
  'forgotten:link': 'no form with a user field behind "Mot de passe oublié ?"',
  'help:page': 'not the page asked for, with all that it must show',
  'languages:page': 'not the home page with English and Chinese',
  'discovery:page': 'no issuer of this realm',
};

/** What a page that works says of maintenance or of a new address is news. */
const unlessKnown = (page: Page, see: Rule['see']): Sign | null => (known(page) === null ? see(page) : null);

const seeMaintenance = (page: Page): Sign | null =>
  closedHeading(page, MAINTENANCE) ?? unlessKnown(page, maintenanceSign);

function rulesOf(walk: Walk, { step, title }: Capture): readonly Rule[] {
  const isPastHome = walk === 'triage' && step !== 'triage:home';
  const seeAccount = (page: Page): Sign | null => (isPastHome ? (account(page) ?? signInForm(page)) : null);
  const seeMoved = walk === 'old-link' ? movedSign : () => null;
  const seeNothing = (): Sign | null =>
    step in NOT_FOUND ? { message: `${NOT_FOUND[step]}, on the page titled "${title}": a person must look` } : null;
  return [
    { name: 'maintenance', outcome: 'maintenance', see: seeMaintenance },
    { name: 'closed-heading', outcome: 'error', see: (page) => closedHeading(page, CLOSED) },
    { name: 'error-dialog', outcome: 'error', see: errorDialog },
    { name: 'empty-shell', outcome: 'error', see: emptyShell },
    { name: 'account-first', outcome: 'login', see: seeAccount },
    { name: 'new-address', outcome: 'moved', see: (page) => unlessKnown(page, seeMoved) },
    { name: 'public-door', outcome: 'operational', see: (page) => (ON_THE_WAY.has(step) ? null : GOALS[walk](page)) },
    { name: 'not-found', outcome: 'unknown_page', see: seeNothing },
  ];
}

/** A press whose document never came leaves the capture on the page before it: what failed tells which host it was. */
function surfaceSeen({ failure, failedRequests, finalUrl, step }: Capture): Surface {
  const failed = failure === null ? undefined : failedRequests.findLast(({ kind }) => kind === 'document');
  if (failed === undefined && failure?.kind === 'timeout' && step === 'sign-in:press') return 'sign-in';
  const surface = surfaceOf(new URL(failed?.url ?? finalUrl));
  return surface === 'home' && /^triage:(?:tile|choice)$/.test(step) ? 'triage' : surface;
}

/** Outcomes whose message tells which of the two hosts it is about: they fail apart. */
const OF_A_HOST = /^(?:overloaded|error|timeout|unreachable|denied|rate_limited|captcha)$/;

function read(captures: readonly Capture[]): Reading {
  const last = captures.at(-1);
  if (last === undefined) throw new Error('a visit without a capture cannot be read');
  const page = new Page(last);
  const walk = walkOf(last);
  const surface = surfaceSeen(last);
  const facets = { surface, ...generationOf(page) };
  const found = readPage(last, rulesOf(walk, last), facets);
  const reading = { ...found, facets: { ...facets, ...found.facets } };
  const isOfSso = ['sign-in', 'forgotten', 'discovery'].includes(surface);
  if (isRefused(page)) return refusedRedirect(reading, walk);
  if (leadsBackToItself(last)) {
    const message = `${isOfSso ? 'sign-in service' : 'portal'}: the page leads back to itself again and again`;
    return { ...reading, outcome: 'error', rule: 'loop', message };
  }
  const isGone = found.rule === 'missing-heading' || last.status === 404 || last.status === 410;
  if (walk === 'old-link' && !isOfSso && isGone && found.outcome === 'error') {
    const message = `the old link is gone (${found.message}): saved links and guides lead nowhere`;
    return { ...reading, outcome: 'moved', rule: 'old-link-gone', message };
  }
  if (!OF_A_HOST.test(found.outcome)) return reading;
  return { ...reading, message: `${isOfSso ? 'sign-in service' : 'portal'}: ${found.message}` };
}

/** Seen on the new front in June 2026: the sign-in led back to the sign-in, without end. The tab cuts it after some documents. */
const leadsBackToItself = ({ failure, incidents }: Capture): boolean =>
  failure?.kind === 'refused' && incidents.some(({ rule }) => rule === 'loads');

/** An address of ours that is refused says that the portal has moved; the portal's own being refused is a fault. */
function refusedRedirect(reading: Reading, walk: Walk): Reading {
  const refused = { ...reading, rule: 'redirect-refused' };
  return walk === 'sign-in'
    ? { ...refused, outcome: 'error', message: "sign-in service: the portal's own address is refused" }
    : { ...refused, outcome: 'unknown_page', message: 'the address to return to is refused: the portal has moved' };
}

/** Which front of the site was recognised, where one was. */
function generationOf(page: Page): { generation?: string } {
  if (page.present('dsfr-button, .fr-btn, .fr-header').length > 0) return { generation: 'dsfr-2026' };
  const isOld = page.present('app-portal, #portail-anef, p-button, anef-tile').length > 0;
  return isOld ? { generation: 'primeng-2023' } : {};
}

/** The sign-in service's pages come whole from its server; the portal draws its own. */
const SERVED_WITHIN_MS = 2_000;

/** How long a page of the portal must have worked: the application asks its back end late, and then opens its error window. */
const STEADY_MS = 2_000;

function steadily(isShown: (page: Page) => boolean): (page: Page) => boolean {
  let since: number | null = null;
  return (page) => {
    const { observedAt } = page.capture;
    since = isShown(page) ? (since ?? observedAt) : null;
    const isSteady = since !== null && (isSso(page.url) || observedAt - since >= STEADY_MS);
    return isSteady || isFaulty(page);
  };
}

const isSettled = (page: Page): boolean => known(page) !== null || isFaulty(page);

const RESIDENCE_TILE = /(?:demande|renouvel|apply|renew).{0,40}(?:titre de sejour|residence permit)/;

async function walkTriage(visit: Visit, address: string): Promise<void> {
  const first = await visit.open('triage:home', address, { until: isSettled });
  const tile = [MAIN_CONTROLS, MAIN_HEADINGS].find((part) => first.controls(part, RESIDENCE_TILE).length > 0);
  if (home(first) === null || tile === undefined) return;
  const until = (page: Page): boolean => hasChoices(page) || isFaulty(page);
  const asked = await visit.press('triage:tile', tile, { named: RESIDENCE_TILE, until });
  if (!hasChoices(asked) || isFaulty(asked)) return;
  await visit.press('triage:choice', CHOICES, { named: FOR_ONESELF, until: steadily((page) => triage(page) !== null) });
}

/** From the portal's own button, over its page for signing in when there is one in between. */
async function walkSignIn(visit: Visit, address: string): Promise<void> {
  let page = await visit.open('sign-in:portal', address, { until: isSettled });
  for (const isFirst of [true, false]) {
    const isStart = isFirst && home(page) !== null;
    if (!isStart && account(page) === null) return;
    // The one in the page leads further than the header's, which may lead to the page itself.
    const control = page.controls(MAIN_CONTROLS, SIGN_IN_WORDS).length > 0 ? MAIN_CONTROLS : CONTROLS;
    const until = (next: Page): boolean =>
      signInForm(next) !== null || (isStart && account(next) !== null) || isFaulty(next);
    page = await visit.press('sign-in:press', control, { named: SIGN_IN_WORDS, until });
  }
}

async function walkForgotten(visit: Visit, address: string): Promise<void> {
  const login = await visit.open('forgotten:login', address, { until: isSettled });
  const links = [['a, button', FORGOTTEN_WORDS] as const, [RESET_LINK, /^/] as const];
  const [link, named] = links.find(([part, words]) => login.controls(part, words).length > 0) ?? [];
  if (signInForm(login) === null || link === undefined) return;
  await visit.press('forgotten:link', link, { named, until: (page) => forgotten(page) !== null });
}

const HOSTS = [/^administration-etrangers-en-france\.interieur\.gouv\.fr$/, /^sso\.anef\.dgef\.interieur\.gouv\.fr$/];

export const probe: Probe = {
  name: 'anef',
  version: 2,
  kind: 'service',
  hosts: HOSTS,
  recognises: ({ hostname }) => HOSTS.some((host) => host.test(hostname)),
  posts: [],
  // The questions before sign-in and the sign-in form itself, of which nothing is filled in or sent.
  asks: () => ({
    controls: [
      'input[name="username"], input[name="password"], input[name="rememberMe"]',
      'input[type="radio"], [role="radio"]',
      'app-identification form *',
      '#language-menu *, app-language *, .fr-translate *',
    ],
    isKnown: (page, control) => page.labelsOf(control).some((label) => /\blang(?:ue|uage)\b/.test(page.wordsOf(label))),
  }),
  // Of Keycloak's actions only the page for a forgotten password is looked at; all others sign in, register or change.
  forbidden: [
    /\/login-actions\/(?!reset-credentials\/?$)/,
    /\/broker\/[^/]+\//,
    /\/protocol\/openid-connect\/(?:token|logout|revoke|registrations|ext)/,
  ],
  expectsCaptcha: false,
  contacts: ['0806001620'],
  params,
  visit: async (visit, { address, params: given }) => {
    const walk = params.parse(given).walk ?? walkAt(new URL(address));
    if (walk === 'triage') return await walkTriage(visit, address);
    if (walk === 'sign-in') return await walkSignIn(visit, address);
    if (walk === 'forgotten') return await walkForgotten(visit, address);
    if (walk === 'mobile') await visit.narrow();
    await visit.open(`${walk}:page`, address, {
      until: steadily((page) => GOALS[walk](page) !== null),
      ...(isSso(new URL(address)) && { withinMs: SERVED_WITHIN_MS }),
    });
  },
  read,
};

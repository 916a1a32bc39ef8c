import type { Incident } from '../core/capture.ts';
import { isLoopbackHost, isOutOfBounds } from '../core/networks.ts';
import { fillsForm } from '../core/target.ts';
import type { AssistedSteps, PostedStep, Probe } from '../probe.ts';
import { fold } from '../read/text.ts';
import type { AddressBook } from './addresses.ts';
import type { RobotsAnswer } from './robots.ts';

/** One request that the browser is about to make, also after a redirect. */
export interface BrowserRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
  readonly isMainFrameDocument: boolean;
  /** The method for which the browser asks leave of another host beforehand; null when the request is no such question. */
  readonly preflightOf: string | null;
  /** A person who has the page in hand pressed something a moment ago. */
  readonly isPersonsAct: boolean;
}

/** `null` lets the request pass; else why it is refused. */
export interface Refusal {
  readonly kind: Exclude<NonNullable<Incident['rule']>, 'socket' | 'worker' | 'loads' | 'form' | 'question'>;
  readonly why: string;
}

export type RequestFilter = (request: BrowserRequest) => Promise<Refusal | null>;

export interface FilterWorld {
  readonly practice: boolean;
  readonly addresses: AddressBook;
  /** Says what robots.txt says of an address; not given in practice, which is exempt. */
  readonly robots?: (address: string) => Promise<RobotsAnswer>;
}

type ReadOnlyRules = Pick<Probe, 'hosts' | 'posts' | 'forbidden' | 'preflights'> & {
  /** A person acts on the page: their answer to the captcha passes, and the main frame stays on the pages of an assisted visit. */
  readonly person?: Pick<AssistedSteps, 'posts' | 'never' | 'pages' | 'end'>;
};

/**
 * The read-only filter (conduct C1, C2, C3). It is asked for every request of a visit, each hop of a redirect included:
 * - only GET and HEAD pass, the browser's own question for leave to GET where the probe declares it, and the POST steps that
 *   the probe declares as plain navigation;
 * - a path that holds, books or identifies never passes, by any method;
 * - the main frame stays on the probe's hosts;
 * - the main frame asks for nothing that robots.txt disallows;
 * - a live page cannot make the browser ask this machine or its network, and a practice page cannot make it ask anyone else.
 */
export function requestFilter(rules: ReadOnlyRules, world: FilterWorld): RequestFilter {
  const { practice, addresses, robots } = world;
  return async (request) => {
    if (/^(?:data|blob|about):/.test(request.url)) return null;
    if (!/^https?:/.test(request.url)) return { kind: 'scheme', why: 'only http and https are visited' };
    const url = new URL(request.url);
    const isAnswer = isPersonsAnswer(request, url, rules);
    return (
      (isAnswer ? null : (refuseMethod(request, url, { rules, practice }) ?? refusePath(url, rules))) ??
      (isAnswer ? null : refuseElsewhere(request, url, rules)) ??
      (practice ? refusePublic(url) : await refusePrivate(url, addresses)) ??
      refuseHost(request, url, rules, practice) ??
      (await refuseByRobots(request, robots))
    );
  };
}

/** What a person's own press may post, as a document of the main frame: no script of the page posts it by itself. */
function isPersonsAnswer(
  { method, body, isMainFrameDocument, isPersonsAct }: BrowserRequest,
  url: URL,
  rules: ReadOnlyRules,
): boolean {
  if (rules.person === undefined || method !== 'POST' || !isMainFrameDocument || !isPersonsAct) return false;
  const path = plainPath(url.pathname);
  return !fillsForm(url) && rules.person.posts.some((step) => step.path.test(path) && isHarmless(step, url, body));
}

/** Fields stand in the form, never in the address as well. */
const isHarmless = (step: PostedStep, url: URL, body: string | null): boolean =>
  url.searchParams.size === 0 && isDeclared(step, new URLSearchParams(body ?? ''));

/** Whether each field of a form is declared for the step and holds what may stand in it, once each. */
export function isDeclared({ fields, requires = [] }: PostedStep, form: URLSearchParams): boolean {
  if (typeof fields === 'function') return fields(form);
  const names = [...form.keys()];
  return (
    new Set(names).size === names.length &&
    requires.every((name) => names.includes(name)) &&
    [...form].every(([name, value]) => Object.hasOwn(fields, name) && fields[name]?.test(fold(value)) === true)
  );
}

/** A person's click leads to the pages of the assisted visit and nowhere else, on this host neither. */
function refuseElsewhere({ isMainFrameDocument }: BrowserRequest, url: URL, { person }: ReadOnlyRules): Refusal | null {
  if (person === undefined || !isMainFrameDocument) return null;
  if ([...url.searchParams.keys()].some((name) => person.never.test(name)))
    return { kind: 'forbidden', why: 'this address carries what a form of a slot or a person holds' };
  const path = plainPath(url.pathname);
  if ([...person.pages, person.end.path].some((page) => page.test(path))) return null;
  return { kind: 'page', why: 'this page is no part of an assisted visit' };
}

function refuseMethod(
  request: BrowserRequest,
  url: URL,
  { rules, practice }: { readonly rules: ReadOnlyRules; readonly practice: boolean },
): Refusal | null {
  if (isReading(request.method) || isLeaveToRead(request, url, { rules, practice })) return null;
  const step = rules.posts.find((post) => post.path.test(url.pathname));
  if (request.method !== 'POST' || step === undefined) {
    return { kind: 'method', why: `${request.method} is not a step that this probe may make` };
  }
  if (isHarmless(step, url, request.body)) return null;
  return { kind: 'step', why: 'the form holds a field that is not declared for this step' };
}

const isReading = (method: string | null): boolean => method === 'GET' || method === 'HEAD';

/** The browser's own question before a GET: it has no body, and servers answer it without doing anything (RFC 9110, 9.2.1). */
function isLeaveToRead(
  { method, preflightOf }: BrowserRequest,
  url: URL,
  { rules: { preflights = [] }, practice }: { readonly rules: ReadOnlyRules; readonly practice: boolean },
): boolean {
  if (method !== 'OPTIONS' || !isReading(preflightOf)) return false;
  return preflights.some(({ host, path }) => (practice || host.test(url.hostname)) && path.test(url.pathname));
}

function refusePath(url: URL, { forbidden }: ReadOnlyRules): Refusal | null {
  const path = plainPath(url.pathname);
  const found = forbidden.some((pattern) => pattern.test(path) || pattern.test(url.pathname));
  return found || fillsForm(url) ? { kind: 'forbidden', why: 'this address holds, books or identifies' } : null;
}

/**
 * A path as servers understand it, whatever way it is written: decoded, single slashes, small letters, and without the
 * `;parameters` that Java servers drop.
 */
export function plainPath(path: string): string {
  return decoded(path)
    .replace(/;[^/]*/g, '')
    .replace(/\/{2,}/g, '/')
    .toLowerCase();
}

function decoded(words: string): string {
  let plain = words;
  for (let round = 0; round < 3; round += 1) {
    try {
      plain = decodeURIComponent(plain);
    } catch {
      break;
    }
  }
  return plain;
}

function refusePublic(url: URL): Refusal | null {
  return isLoopbackHost(url.hostname) ? null : { kind: 'address', why: 'practice mode asks loopback addresses only' };
}

async function refusePrivate(url: URL, addresses: AddressBook): Promise<Refusal | null> {
  const isPrivate = await addresses.isPrivate(url.hostname);
  return isPrivate ? { kind: 'address', why: `${url.hostname} is a loopback, private or link-local address` } : null;
}

function refuseHost(request: BrowserRequest, url: URL, { hosts }: ReadOnlyRules, practice: boolean): Refusal | null {
  if (request.isMainFrameDocument && isOutOfBounds(url.hostname))
    return { kind: 'host', why: `${url.hostname} is an office or a test environment of the State: never visited` };
  if (!request.isMainFrameDocument || practice || hosts.some((host) => host.test(url.hostname))) return null;
  return { kind: 'host', why: `${url.hostname} is not a host of this platform` };
}

async function refuseByRobots(request: BrowserRequest, robots: FilterWorld['robots']): Promise<Refusal | null> {
  if (!request.isMainFrameDocument || robots === undefined) return null;
  const answer = await robots(request.url);
  return answer === 'allowed' ? null : { kind: 'robots', why: 'robots.txt disallows this path' };
}

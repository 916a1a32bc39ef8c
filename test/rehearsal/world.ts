import { createServer, type Server } from 'node:https';
import { once } from 'node:events';
import { getRequestListener } from '@hono/node-server';

import type { Replica, Scenario, Site, Tally } from '../../src/core/replica.ts';
import { loadReplicas } from '../../src/plugins.ts';
import { certificateOf, type Shown } from '../support/authority.ts';
import { dieWithParent, ip, onlyIpv4 } from '../support/namespace.ts';
import { openSmtpDouble, type SmtpDouble } from '../support/smtp-double.ts';
import { CONTROLS, MAIL, OURS, PRIVATE, SITES, type SiteSpec } from './sites.ts';

/**
 * The other end of the cable: the sites, the hosts that tell the time, the mail server. A process in a network namespace of its
 * own, told by its parent what to play.
 */

export type Order =
  | { readonly do: 'open'; readonly folder: string; readonly cable: string }
  | { readonly do: 'play'; readonly host: string; readonly scenario: string | null }
  | { readonly do: 'certificate'; readonly host: string; readonly shows: Shown }
  | { readonly do: 'cable'; readonly isWhole: boolean }
  /** How far the time of the rehearsal is ahead of the machine's, and the control hosts' clocks of that. */
  | { readonly do: 'clock'; readonly aheadMs: number; readonly controlsOffMs: number }
  | { readonly do: 'report' };

/** One request as the site's own log has it; `at` by the machine's clock. */
export interface Asked {
  readonly at: number;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  /** A page that a browser goes to, not what belongs to it. */
  readonly isDocument: boolean;
  readonly status: number;
  readonly userAgent: string;
}

export interface Letter {
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly isEncrypted: boolean;
  readonly subject: string;
  readonly text: string;
}

export interface WorldReport {
  readonly asked: readonly Asked[];
  readonly letters: readonly Letter[];
  /** What no monitor may do, over all sites. */
  readonly tallies: readonly Pick<Tally, 'submissions' | 'holds' | 'captchaAnswers'>[];
  /** Connections that were made to the address that is private. */
  readonly privateVisits: number;
}

interface OpenSite {
  readonly spec: SiteSpec;
  readonly server: Server;
  playing: Site | 'reset';
}

const clock = { aheadMs: 0, controlsOffMs: 0 };
const asked: Asked[] = [];
const tallies: Tally[] = [];
const sites = new Map<string, OpenSite>();
let folder = '';
let cable = '';
let replicas: ReadonlyMap<string, Replica>;
let mail: SmtpDouble;
let privateVisits = 0;

const now = (): number => Date.now() + clock.aheadMs;

async function open(order: Extract<Order, { do: 'open' }>): Promise<void> {
  ({ folder, cable } = order);
  replicas = await loadReplicas();
  ip('link', 'set', 'lo', 'up');
  for (const { address } of [...SITES, ...CONTROLS, MAIL]) ip('address', 'add', `${address}/32`, 'dev', 'lo');
  ip('address', 'add', `${PRIVATE}/32`, 'dev', 'lo');
  onlyIpv4(cable);
  setCable(true);
  for (const spec of SITES) {
    const site: OpenSite = { spec, server: serverOf((request) => answer(site, request)), playing: 'reset' };
    site.server.prependListener('request', (request) => site.playing === 'reset' && request.socket.destroy());
    sites.set(spec.host, site);
    play(spec.host, null);
    await listening(site.server, spec.address);
  }
  for (const { host, address } of CONTROLS) await listening(serverOf(timeOf(host)), address);
  const trap = serverOf(() => new Response('a private page'));
  trap.on('connection', () => (privateVisits += 1));
  await listening(trap, PRIVATE);
  mail = await openSmtpDouble({
    certificate: certificateOf(folder, 'good'),
    at: { host: MAIL.address, port: MAIL.port },
  });
}

function serverOf(site: Site): Server {
  const listener = getRequestListener(site);
  const server = createServer(certificateOf(folder, 'good'), (request, response) => void listener(request, response));
  // A browser that does not trust the certificate breaks off.
  server.on('tlsClientError', () => undefined);
  server.on('clientError', () => undefined);
  return server;
}

async function listening(server: Server, address: string): Promise<void> {
  server.listen(443, address);
  await once(server, 'listening');
}

/** A cable that was cut loses the way back with it. */
function setCable(isWhole: boolean): void {
  ip('link', 'set', cable, isWhole ? 'up' : 'down');
  if (isWhole) ip('route', 'replace', `${OURS}/32`, 'dev', cable);
}

function play(host: string, scenario: string | null): void {
  const site = sites.get(host);
  if (site === undefined) throw new Error(`no site is called ${host}`);
  const { platform, healthy } = site.spec;
  const replica = replicas.get(platform);
  const played = replica?.scenarios.find(({ name }: Scenario) => name === (scenario ?? healthy));
  if (replica === undefined || played === undefined) throw new Error(`${platform} has no scenario "${scenario}"`);
  const tally: Tally = { submissions: 0, holds: 0, captchaAnswers: 0, posts: [] };
  tallies.push(tally);
  site.playing = played.transport === 'reset' ? 'reset' : replica.site({ scenario: played.name, now, tally });
}

/** The replica's answer in the words of the catalogue's address, written into the site's log. */
async function answer({ spec: { host, words }, playing }: OpenSite, request: Request): Promise<Response> {
  const at = Date.now();
  if (playing === 'reset') return new Response(null, { status: 500 });
  const toReplica = (text: string): string => words.reduce((is, [ours, theirs]) => is.replaceAll(ours, theirs), text);
  const toCatalogue = (text: string): string => words.reduce((is, [ours, theirs]) => is.replaceAll(theirs, ours), text);
  const { method, headers } = request;
  const body = method === 'GET' || method === 'HEAD' ? null : toReplica(await request.text());
  const found = await playing(new Request(toReplica(request.url), { method, headers, body }));
  const { pathname, search } = new URL(request.url);
  asked.push({
    at,
    host,
    method,
    path: `${pathname}${search}`,
    isDocument: headers.get('sec-fetch-dest') === 'document',
    status: found.status,
    userAgent: headers.get('user-agent') ?? '',
  });
  const shown = new Headers(found.headers);
  const location = shown.get('location');
  if (location !== null) shown.set('location', toCatalogue(location));
  shown.set('date', new Date(now()).toUTCString());
  const isText = /text|json|javascript/.test(shown.get('content-type') ?? '');
  const content = isText ? toCatalogue(await found.text()) : await found.arrayBuffer();
  shown.delete('content-length');
  const isEmpty = [204, 304].includes(found.status);
  return new Response(isEmpty ? null : content, { status: found.status, headers: shown });
}

function timeOf(host: string): Site {
  return ({ method, headers }) => {
    const userAgent = headers.get('user-agent') ?? '';
    asked.push({ at: Date.now(), host, method, path: '/', isDocument: false, status: 200, userAgent });
    return new Response('', { headers: { date: new Date(now() + clock.controlsOffMs).toUTCString() } });
  };
}

function report(): WorldReport {
  const letters = mail.mails.map(({ at, from, to, isEncrypted, parsed }) => ({
    at,
    from,
    to,
    isEncrypted,
    subject: parsed.subject ?? '',
    text: parsed.text ?? '',
  }));
  return { asked, letters, tallies, privateVisits };
}

async function obey(order: Order): Promise<unknown> {
  switch (order.do) {
    case 'open':
      return await open(order);
    case 'play':
      return play(order.host, order.scenario);
    case 'certificate':
      return sites.get(order.host)?.server.setSecureContext(certificateOf(folder, order.shows));
    case 'cable':
      return setCable(order.isWhole);
    case 'clock':
      return Object.assign(clock, { aheadMs: order.aheadMs, controlsOffMs: order.controlsOffMs });
    case 'report':
      return report();
    default:
      return order satisfies never;
  }
}

process.on('message', ({ id, order }: { readonly id: number; readonly order: Order }) => {
  obey(order).then(
    (value) => process.send?.({ id, value: value ?? null }),
    (error: unknown) => process.send?.({ id, error: String(error) }),
  );
});
dieWithParent();
process.channel?.ref();
process.send?.('ready');

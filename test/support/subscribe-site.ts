import type { TestContext } from 'node:test';

import { Hono } from 'hono';
import { pino } from 'pino';

import { openChannels } from '../../src/alerts/configured.ts';
import { stopLink } from '../../src/alerts/links.ts';
import { messageFor } from '../../src/alerts/messages.ts';
import { Outbox } from '../../src/alerts/outbox.ts';
import { Seal } from '../../src/alerts/seal.ts';
import type { Check } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Target } from '../../src/core/target.ts';
import { followUps } from '../../src/decide/follow.ts';
import { loadChannels } from '../../src/plugins.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { serveWeb } from '../../src/web/server.ts';
import { subscribePages, type SubscribePagesParts } from '../../src/web/subscribe/mount.ts';
import { checkOf, START, targetNamed } from './checks.ts';
import { temporaryFolder } from './monitor.ts';
import { openSmtpDouble, type Refusal, type SmtpDouble } from './smtp-double.ts';

/** The public pages on loopback, with a real store and a real mail server. */
export interface SubscribeSite {
  /** Ends with a slash. */
  readonly page: string;
  readonly smtp: SmtpDouble;
  readonly store: Store;
  readonly seal: Seal;
  readonly failures: readonly string[];
  readonly clock: { now: number };
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Shown>;
  post(path: string, fields?: Fields, headers?: Readonly<Record<string, string>>): Promise<Shown>;
  /** The link of the last mail, from `confirm/` on. */
  link(kind: 'confirm' | 'stop'): string;
  /** A check of one of the targets, and what follows from it. */
  record(targetId: string, outcome: Outcome, change?: Partial<Check>): Promise<void>;
  /** Sends what waits, for ten seconds. */
  deliver(): Promise<void>;
  close(): Promise<void>;
}

export type Fields = Readonly<Record<string, string | readonly string[]>>;

export interface Shown {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

export interface SiteOptions {
  readonly refusals?: readonly Refusal[];
  readonly parts?: Partial<SubscribePagesParts>;
  readonly channels?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Open until the end of the test. */
export async function openSiteFor(t: TestContext, options: SiteOptions = {}): Promise<SubscribeSite> {
  const site = await openSubscribeSite(options);
  t.after(() => site.close());
  return site;
}

/** `state departments kinds` of every subscription. */
export async function rowsOf({ store }: SubscribeSite): Promise<string[]> {
  return (await store.subscriptions()).map(
    ({ state, departments, kinds }) => `${state} ${departments.join('+')} ${kinds.join('+')}`,
  );
}

export const ADDRESS = 'odile@association.example';

/** What a browser sends when nothing but the address was touched. */
export function fieldsOf(change: Fields = {}): Fields {
  return {
    address: ADDRESS,
    kinds: ['slots', 'gone'],
    when: 'now',
    digestAt: '08:00',
    from: '',
    to: '',
    timeZone: 'Europe/Paris',
    language: 'fr',
    ...change,
  };
}

export const WATCHED: ReadonlyMap<string, Target> = new Map(
  (
    [
      { id: 'bobigny', department: '93', procedure: 'renewal', label: 'Renouvellement & <duplicata>' },
      { id: 'ajaccio-x', department: '2A', procedure: 'renewal' },
      { id: 'cayenne-xy', department: '973', procedure: 'aes' },
      { id: 'service-xyz', procedure: 'service' },
    ] as const
  ).map((change) => [change.id, { ...targetNamed(change.id), ...change }]),
);

const decide = followUps({ targets: WATCHED, isService: (platform) => platform === 'anef' });

export async function openSubscribeSite({
  refusals = [],
  parts = {},
  channels,
}: SiteOptions = {}): Promise<SubscribeSite> {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  await store.saveTargets([...WATCHED.values()]);
  const smtp = await openSmtpDouble({ refusals });
  const email = { host: smtp.host, port: smtp.port, tls: 'none', from: 'alertes@guetteur.example' };
  const settings = { channels: channels ?? { email }, subscriptions: [] };
  const opened = openChannels(settings, await loadChannels(), () => undefined);
  const seal = new Seal(Buffer.alloc(32, 7));
  const clock = { now: START };
  const now = (): number => clock.now;
  const failures: string[] = [];
  // The pages must know where they are found, which is known once the server listens.
  let pages = new Hono();
  const shell = new Hono().all('*', (context) => pages.fetch(context.req.raw, context.env));
  const web = await serveWeb(shell, { host: '127.0.0.1', port: 0 });
  pages = subscribePages({
    store,
    targets: WATCHED,
    channels: opened.channels,
    seal,
    page: web.url,
    practice: false,
    offers: { telegramBot: null, ntfyTopics: [] },
    onFailure: (reason) => failures.push(reason),
    now,
    ...parts,
  });
  const outbox = new Outbox({
    store,
    channels: opened.channels,
    open: (sealed) => seal.open(sealed),
    word: ({ key, notices, subscription }) =>
      messageFor(notices, subscription, { key, unsubscribe: stopLink(web.url, seal, subscription), page: web.url }),
    log: pino({ level: 'silent' }),
    owner: 'test',
    now,
  });
  const shown = async (path: string, options: RequestInit): Promise<Shown> => {
    const answer = await fetch(new URL(path, web.url), { redirect: 'manual', ...options });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };
  return {
    page: web.url,
    smtp,
    store,
    seal,
    failures,
    clock,
    get: (path, headers = {}) => shown(path, { headers }),
    post: (path, fields = {}, headers = {}) => shown(path, { method: 'POST', headers, body: formOf(fields) }),
    link: (kind) => {
      const { parsed, raw } = smtp.last();
      const text = kind === 'confirm' ? (parsed.text ?? '') : raw;
      const found = new RegExp(`${web.url}(${kind}/[\\w.-]+)`).exec(text)?.[1];
      if (found === undefined) throw new Error(`no ${kind} link in ${text}`);
      return found;
    },
    record: async (targetId, outcome, change = {}) => {
      await store.record(checkOf(targetId, clock.now, outcome, change), { decide });
    },
    deliver: async () => {
      for (let second = 0; second < 10; second += 1) {
        clock.now += 1_000;
        await outbox.tick();
        await outbox.settled();
      }
    },
    close: async () => {
      await web.close();
      await smtp.close();
      await store.end();
      await folder.remove();
    },
  };
}

function formOf(fields: Fields): URLSearchParams {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    for (const one of [value].flat()) body.append(name, one);
  }
  return body;
}

/** Addresses that cannot be read are the reader's mistake; what fails here leaves a line that says where. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Hono } from 'hono';

import { AppError } from '../../src/core/errors.ts';
import type { Store } from '../../src/store/contract.ts';
import type { Figures } from '../../src/stats/figures.ts';
import { failureFacts } from '../../src/log.ts';
import { openDataRoutes } from '../../src/web/open-data/routes.ts';
import { serveWeb, webApp, type WebParts } from '../../src/web/server.ts';
import { subscribePages } from '../../src/web/subscribe/mount.ts';
import { Seal } from '../../src/alerts/seal.ts';
import { loadChannels } from '../../src/plugins.ts';
import { openChannels } from '../../src/alerts/configured.ts';

/** A store, or figures, of which nothing works. */
const broken = new Proxy(
  {},
  {
    get: (_target, name) => (): never => {
      throw new AppError('STORE_FAILED', `no ${String(name)}`);
    },
  },
);

let url: string;
let close: () => Promise<void>;
const thrown: unknown[] = [];
const note = (_reason: string, error?: unknown): void => void thrown.push(error);

before(async () => {
  const email = { host: '127.0.0.1', port: 1, tls: 'none', from: 'a@guetteur.example' };
  const { channels } = openChannels({ channels: { email }, subscriptions: [] }, await loadChannels(), () => undefined);
  const people = { store: broken as Store, targets: new Map(), seal: new Seal(Buffer.alloc(32)), practice: false };
  const offers = { telegramBot: null, ntfyTopics: [] };
  const subscribing = subscribePages({ ...people, channels, page: 'http://127.0.0.1/', offers, onFailure: note });
  const data = openDataRoutes({
    ...{ figures: broken as Figures, publisher: { name: 'x', page: 'http://127.0.0.1/', practice: false } },
    ...{ version: '0', dumps: '/nowhere', onFailure: note },
  });
  const parts: WebParts = {
    ...{ store: broken as Store, blobs: { get: () => Promise.reject(new Error('none')) }, targets: new Map() },
    metrics: { contentType: 'text/plain', expose: () => Promise.reject(new Error('of a@b.example')) },
    publicPages: [data, new Hono().get('/fr/', (context) => context.text('home')), subscribing],
    hook: { token: 'hook', tell: () => Promise.reject(new Error('x')) },
    access: { token: undefined, listensOn: '127.0.0.1', hosts: [], publicUrl: null },
    ...{
      practice: false,
      readyWithinMs: 1_000,
      metricsToken: undefined,
      onFailure: (error) => void thrown.push(error),
    },
  };
  const web = await serveWeb(webApp(parts), { host: '127.0.0.1', port: 0 });
  ({ url } = web);
  close = () => web.close();
});
after(async () => {
  await close();
});

/** As it is written: `fetch` would correct some of it. */
function statusOf(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let words = '';
    socket.on('data', (chunk: Buffer) => (words += chunk.toString('latin1')));
    socket.once('close', () => resolve(/^HTTP\/1\.1 (\d{3})/.exec(words)?.[1] ?? words));
    socket.write(`GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`);
  });
}

const ROUTES = [
  ...['/', '/fr/', '/fr/department/93/', '/operator/', '/operator/proof/1.png', '/metrics', '/healthz', '/readyz'],
  ...['/api/v1/targets/x', '/api/v1/tables/days.csv', '/api/v1/dumps/x', '/feeds/93.atom', '/confirm/1.x', '/stop/1.x'],
  ...['/fr/alertes', '/push/key', '/assets/x', '/captures/x/1.png', '/assist/i/x', '/hooks/alertmanager', '/nothing'],
];

describe('an address whose percent signs begin no characters', () => {
  for (const escape of ['%', '%zz', '%ff', '%c3', '%E0%A4%A', '%c3%28'])
    test(`is the reader's mistake wherever "${escape}" stands, and fails nothing`, async () => {
      const known = thrown.length;
      const paths = ROUTES.flatMap((path) => [`${path}${escape}`, `${path}?q=${escape}`, `${path}?${escape}=1`]);
      const found = await Promise.all(paths.map(async (path) => `${path} ${await statusOf(path)}`));
      assert.deepEqual(
        found.filter((line) => !line.endsWith(' 400')),
        [],
      );
      assert.equal(thrown.length, known);
    });

  test('is told from one that is only rare', async () => {
    for (const path of ['/fr/?q=100%25', '/fr/?q=%C3%A9', '/fr/?q=a+b', '/f%72/'])
      assert.equal(await statusOf(path), '200', path);
  });
});

describe('an answer that failed', () => {
  for (const path of [
    ...['/operator/', '/operator/review', '/readyz', '/metrics'],
    ...['/api/v1/national', '/api/v1/outages.atom', '/api/v1/tables/days.csv', '/feeds/alerts.atom'],
    `/stop/1.${'0'.repeat(32)}`,
  ])
    test(`of ${path} is a 500 with its cause for the log`, async () => {
      const known = thrown.length;
      assert.equal((await fetch(new URL(path, url))).status, 500);
      assert.equal(thrown.length, known + 1);
      const facts = failureFacts(thrown.at(-1));
      assert.match(facts.stack, /^at .*\n?/);
      assert.ok(facts.error.length > 0);
    });
});

describe('the line of a failure', () => {
  test('says name, code and place of every cause', () => {
    const facts = failureFacts(new AppError('STORE_FAILED', 'our words', { cause: new TypeError('secret words') }));
    assert.deepEqual(
      [facts.error, facts.code, facts.message, facts.cause?.error],
      [...['AppError', 'STORE_FAILED', 'our words', 'TypeError']],
    );
    assert.match(facts.stack, /failures\.test\.ts:\d+/);
  });

  test('leaves out the words of others, which may be what a stranger typed', () => {
    const error = new RangeError('a@b.example\n    at home, and more');
    assert.doesNotMatch(
      JSON.stringify(failureFacts(new AppError('INTERNAL', 'ours', { cause: error }))),
      /b\.example|more/,
    );
  });

  test('ends, whatever was thrown', () => {
    const error = new Error('x');
    error.cause = error;
    assert.ok(JSON.stringify(failureFacts(error)).length < 20_000);
    assert.deepEqual(failureFacts('text'), { error: 'string', stack: '' });
  });
});

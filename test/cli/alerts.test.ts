import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';

import { canaryNotice } from '../../src/alerts/canary.ts';
import { webhookBody } from '../../src/alerts/channels/webhook.ts';
import { messageFor } from '../../src/alerts/messages.ts';
import { Outbox } from '../../src/alerts/outbox.ts';
import { loadChannels } from '../../src/plugins.ts';
import { START } from '../support/checks.ts';
import { closedOrigin, openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { openOperator, type Operator } from '../support/operator.ts';

/** Channels tried and messages that did not leave, as an operator sees them. */

const SECRET = 'shared-with-the-recipient';
const MINUTE = 60_000;

interface OutboxAnswer {
  readonly counts: readonly { readonly state: string }[];
  readonly messages: readonly (Record<string, unknown> & { readonly id: number; readonly state: string })[];
}

let operator: Operator;
beforeEach(async () => {
  operator = await openOperator();
});
afterEach(async () => {
  for (const service of opened.splice(0)) await service.close();
  await operator.leave();
});

const opened: HttpDouble[] = [];
async function receiver(...script: readonly Answer[]): Promise<HttpDouble> {
  const service = await openHttpDouble(script);
  opened.push(service);
  return service;
}

describe('guetteur alert test', () => {
  const to = (url: string): object => ({ url, secret: SECRET });

  test('sends one canary now to each configured recipient of the channel, in their language', async () => {
    const odile = await receiver({ status: 200 });
    const paul = await receiver({ status: 204 });
    const other = await receiver({ status: 200 });
    const topic = { url: other.origin, topic: 'guetteur' };
    await operator.configure({
      channels: { webhook: {}, ntfy: {} },
      subscriptions: [
        { channel: 'webhook', to: to(odile.origin) },
        { channel: 'ntfy', to: topic },
        { channel: 'webhook', to: to(paul.origin), kinds: ['operator'], language: 'en' },
        { channel: 'webhook', to: to(odile.origin), kinds: ['outage'] },
      ],
    });
    const { out, err, code } = await operator.guetteur('alert', 'test', 'webhook');
    assert.deepEqual([code, err], [0, '']);
    assert.equal(out, 'alerts.subscriptions[0]: accepted\nalerts.subscriptions[2]: accepted\n');
    assert.deepEqual([odile.requests.length, paul.requests.length, other.requests.length], [1, 1, 0]);
    const [french, english] = [odile, paul].map((service) => webhookBody.parse(JSON.parse(service.last().body)));
    assert.deepEqual(
      french?.notices.map(({ kind }) => kind),
      ['canary'],
    );
    assert.match(french?.text ?? '', /message d'essai/);
    assert.equal(english?.language, 'en');
    assert.notEqual(french?.key, english?.key);
  });

  test('takes a recipient of the command line, and then no other', async () => {
    const configured = await receiver({ status: 200 });
    const given = await receiver({ status: 200 });
    await operator.configure({
      channels: { webhook: {} },
      subscriptions: [{ channel: 'webhook', to: to(configured.origin) }],
    });
    const { out, code } = await operator.guetteur('alert', 'test', 'webhook', '--to', JSON.stringify(to(given.origin)));
    assert.deepEqual([code, out], [0, '--to: accepted\n']);
    assert.deepEqual([configured.requests.length, given.requests.length], [0, 1]);
  });

  test('says what was refused and exits with 1, and names no address', async () => {
    const good = await receiver({ status: 200 });
    const bad = await receiver({ status: 410 });
    const nobody = await closedOrigin();
    await operator.configure({
      channels: { webhook: {} },
      subscriptions: [bad.origin, nobody, good.origin].map((url) => ({ channel: 'webhook', to: to(url) })),
    });
    const { out, err, code } = await operator.guetteur('alert', 'test', 'webhook');
    assert.equal(code, 1);
    assert.deepEqual(out.split('\n'), [
      'alerts.subscriptions[0]: HTTP 410 (for good)',
      'alerts.subscriptions[1]: ECONNREFUSED (another try may help)',
      'alerts.subscriptions[2]: accepted',
      '',
    ]);
    assert.match(err, /^DELIVERY_REFUSED: 2 of 3 messages by webhook were refused/);
    for (const secret of [bad.origin, nobody, good.origin, SECRET])
      assert.equal(`${out}${err}`.includes(secret), false);
  });

  test('a message that is refused leaves nothing in the outbox', async () => {
    const bad = await receiver({ status: 500 });
    await operator.configure({ channels: { webhook: {} }, subscriptions: [] });
    assert.equal((await operator.guetteur('alert', 'test', 'webhook', '--to', JSON.stringify(to(bad.origin)))).code, 1);
    assert.deepEqual(await operator.said('outbox'), { counts: [], messages: [] });
  });

  const mistakes: readonly (readonly [string, object, readonly string[], RegExp])[] = [
    ['a channel that does not exist', {}, ['pigeon'], /no channel "pigeon" is set up in alerts.channels: .* none/],
    ['a channel that is not set up', { channels: { webhook: {} } }, ['email'], /no channel "email" .* are webhook/],
    ['a channel without recipients', { channels: { webhook: {} } }, ['webhook'], /name a recipient with --to/],
    [
      'settings that are wrong',
      { channels: { webhook: { colour: 'red' } } },
      ['webhook'],
      /guetteur\.yaml:2:.*alerts\.channels\.webhook/,
    ],
    [
      'a configured recipient that is none',
      { channels: { webhook: {} }, subscriptions: [{ channel: 'webhook', to: { url: 'x' } }] },
      ['webhook'],
      /guetteur\.yaml:2:.*alerts\.subscriptions\[0\]\.to\.url/,
    ],
    [
      '--to that is no JSON',
      { channels: { webhook: {} } },
      ['webhook', '--to', '{'],
      /--to: not a recipient of webhook/,
    ],
    [
      '--to that is no recipient',
      { channels: { webhook: {} } },
      ['webhook', '--to', '{"url":"x"}'],
      /--to: not a recipient of webhook, as JSON: url: /,
    ],
  ];
  for (const [name, alerts, args, words] of mistakes) {
    test(`refuses ${name} with 2`, async () => {
      await operator.configure(alerts);
      const { err, code } = await operator.guetteur('alert', 'test', ...args);
      assert.deepEqual([code, words.test(err)], [2, true], err);
    });
  }

  test('a mistake in another channel does not stand in the way', async () => {
    const good = await receiver({ status: 200 });
    await operator.configure({ channels: { webhook: {}, email: { colour: 'red' } } });
    assert.equal(
      (await operator.guetteur('alert', 'test', 'webhook', '--to', JSON.stringify(to(good.origin)))).code,
      0,
    );
  });
});

describe('guetteur outbox', () => {
  /** What a running monitor does in one moment: the real outbox through the real channel until it rests. */
  async function runOutbox(now: number): Promise<void> {
    const channel = (await loadChannels()).get('webhook');
    assert.ok(channel !== undefined);
    await operator.withStore(async (store) => {
      const outbox = new Outbox({
        store,
        channels: new Map([['webhook', { channel, settings: {} }]]),
        open: (sealed) => operator.seal.open(sealed),
        word: ({ key, notices, subscription }) =>
          messageFor(notices, subscription, { key, unsubscribe: null, page: null }),
        log: pino({ level: 'silent' }),
        owner: 'test',
        now: () => now,
      });
      await outbox.tick();
      await outbox.settled();
    });
  }

  /** One message to each address. */
  async function send(...urls: readonly string[]): Promise<void> {
    await operator.withStore(async (store) => {
      for (const url of urls) await store.subscribe(operator.subscriptionTo({ url }));
      await store.tell([canaryNotice('canary/2026-11-23', START)], START);
    });
    await runOutbox(START);
  }

  test('is empty at first', async () => {
    const { out, err, code } = await operator.guetteur('outbox');
    assert.deepEqual([out, err, code], ['', 'the outbox is empty\n', 0]);
  });

  test('counts by channel and state, and lists what was not sent with why and when next', async () => {
    const [good, gone, busy] = [
      await receiver({ status: 200 }),
      await receiver({ status: 410 }),
      await receiver({ status: 503, headers: { 'retry-after': '600' } }),
    ];
    await send(good.origin, gone.origin, busy.origin);
    const { counts, messages } = await operator.said<OutboxAnswer>('outbox');
    const oldestAt = new Date(START).toISOString();
    assert.deepEqual(
      counts.toSorted((one, other) => one.state.localeCompare(other.state)),
      ['dead', 'ready', 'sent'].map((state) => ({ channel: 'webhook', state, count: 1, oldestAt })),
    );
    const facts = messages.map(
      ({ id: _id, key: _key, channel: _channel, createdAt: _at, endedAt: _end, ...rest }) => rest,
    );
    assert.deepEqual(facts, [
      {
        state: 'ready',
        attempts: 1,
        lastError: 'HTTP 503',
        nextAttemptAt: new Date(START + 10 * MINUTE).toISOString(),
        subscription: 3,
      },
      { state: 'dead', attempts: 1, lastError: 'HTTP 410', nextAttemptAt: null, subscription: 2 },
    ]);
    const words = await operator.guetteur('outbox');
    assert.match(words.out, /^webhook +dead +1 +2026-11-23T08:00:00.000Z$/m);
    assert.match(words.out, /^3 +webhook +3 +ready +1 +2026-11-23T08:10:00.000Z +HTTP 503$/m);
    assert.match(words.out, /^2 +webhook +2 +dead +1 +- +HTTP 410$/m);
    for (const { origin } of [good, gone, busy]) assert.equal(words.out.includes(origin), false);
  });

  test('puts one dead message back, then all that are left, and they are sent', async () => {
    const services = [
      await receiver({ status: 410 }, { status: 200 }),
      await receiver({ status: 410 }, { status: 200 }),
      await receiver({ status: 410 }, { status: 200 }),
    ];
    await send(...services.map(({ origin }) => origin));
    const states = async (): Promise<string> => {
      const { messages } = await operator.said<OutboxAnswer>('outbox');
      return messages
        .toSorted((one, other) => one.id - other.id)
        .map(({ id, state }) => `${id} ${state}`)
        .join(', ');
    };
    assert.equal(await states(), '1 dead, 2 dead, 3 dead');
    assert.equal((await operator.guetteur('outbox', 'retry', '2')).out, '1 message is tried again\n');
    assert.equal(await states(), '1 dead, 2 ready, 3 dead');
    assert.equal((await operator.guetteur('outbox', 'retry')).out, '2 messages are tried again\n');
    assert.equal(await states(), '1 ready, 2 ready, 3 ready');
    await runOutbox(Date.now());
    assert.equal(await states(), '');
    assert.deepEqual(
      services.map(({ requests }) => requests.length),
      [2, 2, 2],
    );
    const none = await operator.guetteur('outbox', 'retry');
    assert.deepEqual([none.code, none.err], [0, 'no message was given up\n']);
  });

  for (const id of ['7', 'all', '1.5']) {
    test(`refuses to try "${id}" again`, async () => {
      assert.equal((await operator.guetteur('outbox', 'retry', id)).code, 2);
    });
  }
});

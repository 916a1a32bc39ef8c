import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { inspect } from 'node:util';

import { DeliveryError, type Channel, type Message } from '../../src/alerts/channel.ts';
import { channel as discord } from '../../src/alerts/channels/discord.ts';
import { channel as matrix } from '../../src/alerts/channels/matrix.ts';
import { channel as mattermost } from '../../src/alerts/channels/mattermost.ts';
import { channel as sms } from '../../src/alerts/channels/sms.ts';
import { channel as webPush } from '../../src/alerts/channels/web-push.ts';
import { closedOrigin, openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { messageOf } from '../support/messages.ts';

/** What five channels promise alike: how they take refusals, silence and a broken line, and what their errors keep to themselves. */

const SECRET = 'qN7-verySecretToken_93';
const NUMBER = '+33700000093';
const ROOM = '!room:server.example';
const vapid = createECDH('prime256v1');
const browser = createECDH('prime256v1');
vapid.generateKeys();
browser.generateKeys();

interface Case {
  readonly channel: Channel;
  readonly settings: (origin: string) => unknown;
  readonly to: (origin: string) => unknown;
  readonly accepted: Answer;
  /** Recipients that the schema refuses. */
  readonly malformed: readonly unknown[];
}

const hook = (path: string) => (origin: string) => ({ url: `${origin}${path}` });
const subscription = (origin: string, keys: Readonly<Record<string, string>> = {}): unknown => ({
  endpoint: `${origin}/push/${SECRET}`,
  expirationTime: null,
  keys: { p256dh: browser.getPublicKey('base64url'), auth: randomBytes(16).toString('base64url'), ...keys },
});

const CASES: readonly Case[] = [
  {
    channel: matrix as Channel,
    settings: (homeserver) => ({ homeserver, accessToken: SECRET }),
    to: () => ({ roomId: ROOM }),
    accepted: { status: 200, body: { event_id: '$event' } },
    malformed: [
      ...['room', '#room:server.example', '!', '!a b:server.example', '!a/../b:server.example', `!${'a'.repeat(255)}`],
    ].map((roomId) => ({ roomId })),
  },
  {
    channel: mattermost as Channel,
    settings: () => ({ hosts: ['127.0.0.1'] }),
    to: hook(`/hooks/${SECRET}`),
    accepted: { status: 200, body: 'ok' },
    malformed: [
      ...['', 'hooks', 'ftp://a.example/hooks/1', 'http://chat.example/hooks/1', 'https://u:p@chat.example/hooks/1'],
    ].map((url) => ({ url })),
  },
  {
    channel: discord as Channel,
    settings: () => ({ allowLoopback: true }),
    to: hook(`/api/webhooks/123/${SECRET}`),
    accepted: { status: 200, body: { id: '1' } },
    malformed: [
      'https://discord.com/api/channels/1/messages',
      'https://discord.com.evil.example/api/webhooks/1/a',
      'https://evil.example/api/webhooks/1/a',
      'http://discord.com/api/webhooks/1/a',
      'https://discord.com:8443/api/webhooks/1/a',
      'https://discord.com/api/webhooks/1/../2',
    ].map((url) => ({ url })),
  },
  {
    channel: sms as Channel,
    settings: (origin) => ({
      url: `${origin}/send?key={token}`,
      headers: { authorization: 'Bearer {token}' },
      body: 'to={to}&text={text}&ref={key}',
      encoding: 'form',
      token: SECRET,
    }),
    to: () => ({ number: NUMBER }),
    accepted: { status: 202, body: 'queued' },
    malformed: ['0700000093', '+33 7 00 00 00 93', '+0700000093', '+337', '+33700000093&to=+331', 'name'].map(
      (number) => ({ number }),
    ),
  },
  {
    channel: webPush as Channel,
    settings: () => ({
      subject: 'mailto:operator@guetteur.example',
      publicKey: vapid.getPublicKey('base64url'),
      privateKey: vapid.getPrivateKey('base64url'),
      allowLoopback: true,
    }),
    to: (origin) => subscription(origin),
    accepted: { status: 201 },
    malformed: [
      { endpoint: 'https://push.example/1' },
      subscription('http://push.example'),
      subscription('https://user:pass@push.example'),
      subscription('https://push.example', { auth: 'short' }),
      subscription('https://push.example', { p256dh: Buffer.alloc(65, 4).toString('base64url') }),
      subscription('https://push.example', { p256dh: 'not base64url!' }),
    ],
  },
];

/** Delivers as the outbox does: through the schemas. */
function deliver(one: Case, origin: string, message: Message = messageOf(), signal = new AbortController().signal) {
  const { channel } = one;
  return channel.deliver(
    message,
    channel.to.parse(one.to(origin)),
    channel.settings.parse(one.settings(origin)),
    signal,
  );
}

/** How a delivery was refused; fails when it was not. */
async function refusal(delivery: Promise<void>): Promise<DeliveryError> {
  const error = await delivery.then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, inspect(error));
  const whole = inspect(error, { depth: 9 });
  for (const secret of [SECRET, NUMBER.slice(1), vapid.getPrivateKey('base64url'), ROOM, '127.0.0.1']) {
    assert.ok(!whole.includes(secret), `the error tells ${secret}`);
  }
  return error;
}

async function withDouble<T>(script: readonly Answer[], use: (double: HttpDouble) => Promise<T>): Promise<T> {
  const double = await openHttpDouble(script);
  try {
    return await use(double);
  } finally {
    await double.close();
  }
}

const refusedWith = (one: Case, answer: Answer): Promise<DeliveryError> =>
  withDouble([answer], (double) => refusal(deliver(one, double.origin)));

for (const one of CASES) {
  const { name } = one.channel;

  describe(`channel ${name}`, () => {
    test('delivers when the service accepts, with one request', async () => {
      await withDouble([one.accepted], async (double) => {
        await deliver(one, double.origin);
        assert.equal(double.requests.length, 1);
      });
    });

    for (const [status, isFinal] of [
      ...[400, 401, 403, 404, 410, 413].map((code) => [code, true] as const),
      ...[408, 425, 429, 500, 502, 503, 504].map((code) => [code, false] as const),
    ]) {
      test(`a ${status} is ${isFinal ? 'final' : 'tried again'}`, async () => {
        const error = await refusedWith(one, { status, body: { error: `said ${SECRET} to ${NUMBER}` } });
        assert.deepEqual([error.isFinal, error.retryAfterMs], [isFinal, null]);
        assert.match(error.message, new RegExp(`^HTTP ${status}\\b`));
      });
    }

    test('a redirect is final and is not followed', async () => {
      await withDouble([one.accepted], async (other) => {
        const headers = { location: `${other.origin}/elsewhere` };
        const error = await refusedWith(one, { status: 307, headers });
        assert.equal(error.isFinal, true);
        assert.equal(other.requests.length, 0);
      });
    });

    test('the pause that a 429 and a 503 ask for is told', async () => {
      for (const status of [429, 503]) {
        const error = await refusedWith(one, { status, headers: { 'retry-after': '64' }, body: 'slow down' });
        assert.deepEqual([error.isFinal, error.retryAfterMs], [false, 64_000]);
      }
    });

    test('a service that never answers is left when the time is over, to be tried again', async () => {
      await withDouble(['hang'], async (double) => {
        const over = new AbortController();
        const delivery = refusal(deliver(one, double.origin, messageOf(), over.signal));
        await double.arrived();
        over.abort();
        assert.equal((await delivery).isFinal, false);
      });
    });

    test('a line that breaks is tried again', async () => {
      assert.equal((await refusedWith(one, 'reset')).isFinal, false);
    });

    test('a service that is not there is tried again, and the error says ECONNREFUSED and no more', async () => {
      const error = await refusal(deliver(one, await closedOrigin()));
      assert.deepEqual([error.isFinal, error.message], [false, 'ECONNREFUSED']);
    });

    test('a recipient is taken by the schema only when it is one', () => {
      assert.equal(one.channel.to.safeParse(one.to('http://127.0.0.1:1')).success, true);
      for (const to of one.malformed) {
        const parsed = one.channel.to.safeParse(to);
        assert.equal(parsed.success, false, inspect(to));
        assert.ok(!parsed.error?.message.includes('evil'), 'the refusal repeats the recipient');
      }
    });

    test('says how much the service takes', () => {
      assert.ok(one.channel.perMinute >= 1 && one.channel.perMinute <= 600);
    });
  });
}

describe('a page of something in between', () => {
  for (const name of ['matrix', 'mattermost', 'discord']) {
    test(`is no acceptance for ${name}, and the message is tried again`, async () => {
      const one = CASES.find(({ channel }) => channel.name === name);
      assert.ok(one !== undefined);
      const error = await refusedWith(one, { status: 200, body: '<html>Sign in to the network</html>' });
      assert.equal(error.isFinal, false);
    });
  }
});

import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';

import type { Channel } from '../../src/alerts/channel.ts';
import { channel as alertmanager } from '../../src/alerts/channels/alertmanager.ts';
import { channel as ntfy } from '../../src/alerts/channels/ntfy.ts';
import { channel as telegram } from '../../src/alerts/channels/telegram.ts';
import { channel as webhook } from '../../src/alerts/channels/webhook.ts';
import { send } from '../../src/alerts/http.ts';
import { selfSigned, type Certificate } from '../support/certificate.ts';
import { closedOrigin, openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { messageOf } from '../support/messages.ts';
import { refusalFrom } from '../support/refusals.ts';

/** What the four channels that speak HTTP have in common, each against a service on loopback. */

const TOKEN = '123456789:AAF-0123456789abcdefghijklmnopqrstu';
const SECRET = 'a-secret-of-the-recipient';

interface Case {
  readonly channel: Channel;
  /** What the service documents for an accepted message. */
  readonly accepted: Answer;
  /** Words that no error may show. */
  readonly hidden: readonly string[];
  readonly settings: (origin: string) => unknown;
  readonly to: (origin: string) => unknown;
}

const CASES: readonly Case[] = [
  {
    channel: telegram as Channel,
    accepted: { status: 200, body: { ok: true, result: { message_id: 7, chat: { id: 4_815_162_342 } } } },
    hidden: [TOKEN, '4815162342'],
    settings: (apiBase) => ({ token: TOKEN, apiBase }),
    to: () => ({ chatId: 4_815_162_342 }),
  },
  {
    channel: ntfy as Channel,
    accepted: { status: 200, body: { id: 'sPs71M8A2T', time: 1_795_420_800, event: 'message', topic: 'a-topic' } },
    hidden: ['tk_0123456789', 'a-topic'],
    settings: (server) => ({ server, token: 'tk_0123456789' }),
    to: () => ({ topic: 'a-topic' }),
  },
  {
    channel: webhook as Channel,
    accepted: { status: 204 },
    hidden: [SECRET, '127.0.0.1', '/hook'],
    settings: () => ({}),
    to: (origin) => ({ url: `${origin}/hook`, secret: SECRET }),
  },
  {
    channel: alertmanager as Channel,
    accepted: { status: 200 },
    hidden: ['127.0.0.1', '/api/v2'],
    settings: () => ({}),
    to: (origin) => ({ url: origin }),
  },
];

async function serve(t: TestContext, script: readonly Answer[], certificate?: Certificate): Promise<HttpDouble> {
  const double = await openHttpDouble(script, certificate);
  t.after(() => double.close());
  return double;
}

function deliver(one: Case, origin: string, signal = new AbortController().signal): Promise<void> {
  const settings = one.channel.settings.parse(one.settings(origin));
  return one.channel.deliver(messageOf(), one.channel.to.parse(one.to(origin)), settings, signal);
}

const refusal = (status: number, headers: Record<string, string> = {}) => ({ status, headers, body: 'no' });

for (const one of CASES) {
  const { channel, accepted, hidden } = one;

  describe(channel.name, () => {
    test('delivers in one request of JSON when the service accepts', async (t) => {
      const service = await serve(t, [accepted]);
      await deliver(one, service.origin);
      assert.equal(service.requests.length, 1);
      assert.equal(service.last().method, 'POST');
      assert.equal(service.last().headers['content-type'], 'application/json');
      assert.ok(channel.perMinute > 0);
    });

    for (const [name, answer, isFinal, retryAfterMs] of [
      ['a wrong token (401)', refusal(401), true, null],
      ['403', refusal(403), true, null],
      ['404', refusal(404), true, null],
      ['429 that names no time', refusal(429), false, null],
      ['429 that names its time in seconds', refusal(429, { 'retry-after': '17' }), false, 17_000],
      ['429 that names a year', refusal(429, { 'retry-after': '31536000' }), false, 86_400_000],
      ['500', refusal(500), false, null],
      ['503 that names its time', refusal(503, { 'retry-after': '120' }), false, 120_000],
      ['a redirect', refusal(302, { location: '/elsewhere' }), true, null],
      ['a redirect that keeps the method', refusal(307, { location: '/elsewhere' }), true, null],
    ] as const satisfies readonly (readonly [string, ReturnType<typeof refusal>, boolean, number | null])[]) {
      test(`ends at ${name}: ${isFinal ? 'final' : 'to be tried again'}`, async (t) => {
        const service = await serve(t, [answer, accepted]);
        const error = await refusalFrom(deliver(one, service.origin), hidden);
        assert.deepEqual([error.isFinal, error.retryAfterMs], [isFinal, retryAfterMs]);
        assert.match(error.message, new RegExp(`^HTTP ${answer.status}`));
        assert.equal(service.requests.length, 1);
      });
    }

    test('waits until the date that 429 names', async (t) => {
      const until = new Date(Date.now() + 60_000).toUTCString();
      const service = await serve(t, [refusal(429, { 'retry-after': until })]);
      const { retryAfterMs } = await refusalFrom(deliver(one, service.origin), hidden);
      assert.ok(retryAfterMs !== null && retryAfterMs > 50_000 && retryAfterMs <= 60_000, String(retryAfterMs));
    });

    test('may be tried again when the service breaks the line', async (t) => {
      const service = await serve(t, ['reset']);
      assert.equal((await refusalFrom(deliver(one, service.origin), hidden)).isFinal, false);
    });

    test('may be tried again when nobody listens', async () => {
      const error = await refusalFrom(deliver(one, await closedOrigin()), hidden);
      assert.deepEqual([error.isFinal, error.message], [false, 'ECONNREFUSED']);
    });

    test('ends at once when its signal says so', async (t) => {
      const service = await serve(t, ['hang']);
      const controller = new AbortController();
      const delivery = refusalFrom(deliver(one, service.origin, controller.signal), hidden);
      await service.arrived();
      controller.abort();
      assert.equal((await delivery).isFinal, false);
    });

    test('sends nothing to a service whose certificate nobody vouches for', async (t) => {
      const service = await serve(t, [accepted], await selfSigned());
      const error = await refusalFrom(deliver(one, service.origin), hidden);
      assert.deepEqual([error.isFinal, error.message], [false, 'DEPTH_ZERO_SELF_SIGNED_CERT']);
      assert.equal(service.requests.length, 0);
    });
  });
}

describe('send', () => {
  const { signal } = new AbortController();

  test('gives up by itself when the service stays silent', async (t) => {
    const service = await serve(t, ['hang']);
    const error = await refusalFrom(send(service.origin, { body: '', answerWithinMs: 50 }, signal), []);
    assert.deepEqual([error.isFinal, error.message], [false, 'TimeoutError']);
  });

  test('holds a message for accepted when the line breaks after the status', async (t) => {
    const service = await serve(t, [{ status: 200, headers: { 'content-length': '1000' }, body: 'begun' }]);
    const answer = await send(service.origin, { body: '', answerWithinMs: 50 }, signal);
    assert.equal(answer, 'begun');
  });

  test('does not read an endless answer to its end', async (t) => {
    const service = await serve(t, [{ status: 200, body: 'x'.repeat(10_000_000) }]);
    assert.ok((await send(service.origin, { body: '' }, signal)).length < 1_000_000);
  });

  test('is not tried again when the request cannot even be written', async () => {
    const token = 'two\nlines';
    const error = await refusalFrom(send('http://127.0.0.1:1', { headers: { token }, body: '' }, signal), [token]);
    assert.equal(error.isFinal, true);
    const address = 'http://user:password@127.0.0.1:1';
    assert.equal((await refusalFrom(send(address, { body: '' }, signal), ['password@'])).isFinal, true);
  });

  test('sends nothing when it was called off before', async (t) => {
    const service = await serve(t, [{ status: 200 }]);
    const off = AbortSignal.abort();
    assert.equal((await refusalFrom(send(service.origin, { body: '' }, off), [])).isFinal, false);
    assert.equal(service.requests.length, 0);
  });
});

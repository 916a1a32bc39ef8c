import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DeliveryError, type Message } from '../../src/alerts/channel.ts';
import { channel } from '../../src/alerts/channels/sms.ts';
import { openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { messageOf } from '../support/messages.ts';

const NUMBER = '+33700000093';
/** Everything that means something in a form, in JSON, in a query or in a template. */
const short = 'RDV à 10:42 & 100% "sûr"? a=b+c #1 \\ / {to} {token} {key}\n€'.replace('sûr', 'sur');
const never = new AbortController().signal;

const FORM = { url: '/send', body: 'to={to}&text={text}', encoding: 'form' } as const;

async function withDouble<T>(script: readonly Answer[], use: (double: HttpDouble) => Promise<T>): Promise<T> {
  const double = await openHttpDouble(script);
  try {
    return await use(double);
  } finally {
    await double.close();
  }
}

function deliver(
  { origin }: HttpDouble,
  { url, ...settings }: { readonly url: string; readonly [name: string]: unknown },
  message: Message = messageOf({ short }),
): Promise<void> {
  return channel.deliver(
    message,
    { number: NUMBER },
    channel.settings.parse({ url: origin + url, ...settings }),
    never,
  );
}

describe('sms', () => {
  test('as a form: number and text arrive as they are, whatever they hold', async () => {
    await withDouble([{ status: 200 }], async (double) => {
      await deliver(double, FORM);
      const { method, headers, body } = double.last();
      assert.deepEqual([method, headers['content-type']], ['POST', 'application/x-www-form-urlencoded']);
      assert.deepEqual(
        [...new URLSearchParams(body)],
        [
          ['to', NUMBER],
          ['text', short],
        ],
      );
    });
  });

  test('as JSON: number and text arrive as they are, whatever they hold', async () => {
    await withDouble([{ status: 200 }], async (double) => {
      const body = '{"messages": [{"to": "{digits}", "text": "{text}"}], "options": {}}';
      await deliver(double, { url: '/v2', method: 'PUT', body, encoding: 'json' });
      const { method, headers } = double.last();
      assert.deepEqual([method, headers['content-type']], ['PUT', 'application/json']);
      assert.deepEqual(JSON.parse(double.last().body), { messages: [{ to: '33700000093', text: short }], options: {} });
    });
  });

  test('in the query: number and text arrive as they are, and there is no body', async () => {
    await withDouble([{ status: 200 }], async (double) => {
      await deliver(double, { url: '/send?login=a&to={to}&text={text}', encoding: 'query' });
      const { path, body } = double.last();
      const query = new URL(path, double.origin).searchParams;
      assert.deepEqual([query.get('login'), query.get('to'), query.get('text'), body], ['a', NUMBER, short, '']);
    });
  });

  test('the token stands where the template says, encoded for that place', async () => {
    await withDouble([{ status: 200 }], async (double) => {
      await deliver(double, {
        ...FORM,
        url: '/send?key={token}',
        body: 'to={to}&text={text}&key={token}',
        headers: { authorization: 'Bearer {token}' },
        token: 'a&b=c/ d',
      });
      const { path, headers, body } = double.last();
      assert.equal(path, '/send?key=a%26b%3Dc%2F%20d');
      assert.equal(headers.authorization, 'Bearer a&b=c/ d');
      assert.equal(new URLSearchParams(body).get('key'), 'a&b=c/ d');
    });
  });

  test('the key is the same at every attempt of one message, another for another, and tells nothing', async () => {
    await withDouble([{ status: 503 }, { status: 200 }], async (double) => {
      const settings = { ...FORM, headers: { 'idempotency-key': '{key}' } };
      await assert.rejects(deliver(double, settings), DeliveryError);
      await deliver(double, settings);
      await deliver(double, settings, messageOf({ key: 'another' }));
      const [first, again, another] = double.requests.map(({ headers }) => headers['idempotency-key']);
      assert.match(String(first), /^[\w-]{32}$/);
      assert.equal(again, first);
      assert.notEqual(another, first);
    });
  });

  for (const [name, text] of [
    ['161 letters', 'a'.repeat(161)],
    ['71 Arabic letters', 'م'.repeat(71)],
    ['a euro sign too many', `${'a'.repeat(159)}€`],
  ] as const) {
    test(`${name} do not fit one SMS: refused for good, and no gateway is asked`, async () => {
      await withDouble([{ status: 200 }], async (double) => {
        await assert.rejects(
          deliver(double, FORM, messageOf({ short: text })),
          (error) => error instanceof DeliveryError && error.isFinal,
        );
        assert.equal(double.requests.length, 0);
      });
    });
  }

  test('160 letters and 70 Arabic ones leave', async () => {
    await withDouble([{ status: 200 }], async (double) => {
      for (const text of ['a'.repeat(160), 'م'.repeat(70)]) {
        await deliver(double, FORM, messageOf({ short: text }));
        assert.equal(new URLSearchParams(double.last().body).get('text'), text);
      }
    });
  });

  test('half a character in the text does not break the request', async () => {
    await withDouble([{ status: 200 }], async (double) => {
      await deliver(double, FORM, messageOf({ short: 'a\ud83d' }));
      assert.equal(new URLSearchParams(double.last().body).get('text'), 'a\ufffd');
    });
  });

  test('a gateway that answers 200 to everything has to say its word of acceptance', async () => {
    await withDouble(
      [
        { status: 200, body: 'KO|no credit' },
        { status: 200, body: 'OK|1' },
      ],
      async (double) => {
        const settings = { ...FORM, accepted: 'OK|' };
        await assert.rejects(deliver(double, settings), (error) => error instanceof DeliveryError && !error.isFinal);
        await deliver(double, settings);
      },
    );
  });

  const good = { url: 'https://sms.example/send', body: 'to={to}&text={text}', encoding: 'form' };
  test('good settings are good, and POST is the default', () => {
    assert.equal(channel.settings.parse(good).method, 'POST');
  });

  for (const [name, change, path] of [
    ['an address that is not encrypted', { url: 'http://sms.example/send' }, 'url'],
    ['a host made of a placeholder', { url: 'https://{to}.example/send' }, 'url'],
    ['a host that a placeholder would continue', { url: 'https://sms.example{text}' }, 'url'],
    ['a password in the address', { url: 'https://a:b@sms.example/send' }, 'url'],
    ['a form without the number', { body: 'text={text}' }, 'body'],
    ['a form without the text', { body: 'to={to}' }, 'body'],
    ['a query without the text', { url: 'https://sms.example/?to={to}', encoding: 'query' }, 'url'],
    ['a body that is not JSON', { body: '{"to": {to}, "text": "{text}"', encoding: 'json' }, 'body'],
    ['a placeholder outside of quotation marks', { body: '{"to": "{to}", "text": {text}}', encoding: 'json' }, 'body'],
    ['an unknown placeholder', { body: 'to={to}&text={text}&id={id}' }, 'body'],
    ['the number in a header', { headers: { 'x-to': '{to}' } }, 'headers'],
    ['a header of two lines', { headers: { 'x-a': 'a\r\nb: c' } }, 'headers'],
    ['an encoding nobody knows', { encoding: 'xml' }, 'encoding'],
  ] as const) {
    test(`${name} is a mistake in \`${path}\``, () => {
      const parsed = channel.settings.safeParse({ ...good, ...change });
      assert.ok(
        parsed.error?.issues.some((issue) => issue.path[0] === path),
        JSON.stringify(parsed),
      );
    });
  }
});

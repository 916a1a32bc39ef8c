import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { DeliveryError, type Message } from '../../src/alerts/channel.ts';
import { channel as discord } from '../../src/alerts/channels/discord.ts';
import { channel as matrix } from '../../src/alerts/channels/matrix.ts';
import { channel as mattermost } from '../../src/alerts/channels/mattermost.ts';
import { openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { messageOf, noticeOf, placeOf } from '../support/messages.ts';

/** What is particular to Matrix, Mattermost with Slack, and Discord. */

const NASTY = '@channel <!channel> <@U1> @everyone <https://evil.example|mairie> [mairie](https://evil.example) & co';
const nasty = messageOf({ text: `[93 ${NASTY}] AES : créneaux vus. Site officiel : ${placeOf().address}. Gratuit.` });
const never = new AbortController().signal;

async function withDouble<T>(script: readonly Answer[], use: (double: HttpDouble) => Promise<T>): Promise<T> {
  const double = await openHttpDouble(script);
  try {
    return await use(double);
  } finally {
    await double.close();
  }
}

async function refused(delivery: Promise<void>): Promise<DeliveryError> {
  const error = await delivery.then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError);
  return error;
}

const bodyOf = (double: HttpDouble): Record<string, unknown> =>
  JSON.parse(double.last().body) as Record<string, unknown>;
const plain = (text: unknown): string => String(text).replaceAll('\u200b', '');

describe('matrix', () => {
  const ROOM = '!AbC.d~e/f:server.example:8448';
  const EVENT: Answer = { status: 200, body: { event_id: '$event' } };
  const deliver = (homeserver: string, message: Message = messageOf()): Promise<void> =>
    matrix.deliver(
      message,
      matrix.to.parse({ roomId: '!AbC.d~e:server.example:8448' }),
      matrix.settings.parse({ homeserver, accessToken: 'token' }),
      never,
    );

  test('puts the text into the room, with the token in a header and nobody mentioned', async () => {
    await withDouble([EVENT], async (double) => {
      await deliver(`${double.origin}/`);
      const { method, path, headers } = double.last();
      assert.equal(method, 'PUT');
      assert.match(
        path,
        /^\/_matrix\/client\/v3\/rooms\/!AbC\.d~e%3Aserver\.example%3A8448\/send\/m\.room\.message\/[\w-]{32}$/,
      );
      assert.equal(headers.authorization, 'Bearer token');
      assert.deepEqual(bodyOf(double), { msgtype: 'm.text', body: messageOf().text, 'm.mentions': {} });
    });
  });

  test('the transaction is the same at every attempt of one message, and another for another', async () => {
    await withDouble([{ status: 503 }, EVENT], async (double) => {
      await refused(deliver(double.origin));
      await deliver(double.origin);
      await deliver(double.origin, messageOf({ key: 'another' }));
      const [first, again, another] = double.requests.map(({ path }) => path);
      assert.equal(again, first);
      assert.notEqual(another, first);
    });
  });

  for (const [name, answer, retryAfterMs] of [
    ['in the body', { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 2_345 } }, 2_345],
    ['in the header', { status: 429, headers: { 'retry-after': '3' }, body: { errcode: 'M_LIMIT_EXCEEDED' } }, 3_000],
    [
      'in both: the header counts',
      { status: 429, headers: { 'retry-after': '3' }, body: { errcode: 'M_LIMIT_EXCEEDED', retry_after_ms: 2_345 } },
      3_000,
    ],
    ['nowhere', { status: 429, body: { errcode: 'M_LIMIT_EXCEEDED' } }, null],
  ] as const) {
    test(`a pause is read ${name}`, async () => {
      const error = await withDouble([answer], ({ origin }) => refused(deliver(origin)));
      assert.deepEqual([error.isFinal, error.retryAfterMs], [false, retryAfterMs]);
    });
  }

  test('an account that may not write is final, in our words', async () => {
    const answer = { status: 403, body: { errcode: 'M_FORBIDDEN', error: `not in ${ROOM}` } };
    const error = await withDouble([answer], ({ origin }) => refused(deliver(origin)));
    assert.deepEqual([error.isFinal, error.message], [true, 'HTTP 403: the account may not write in the room']);
  });

  test('a room of version 12, whose id has no server, is a room', () => {
    const roomId = `!${'a'.repeat(43)}`;
    assert.equal(matrix.to.safeParse({ roomId }).success, true);
  });

  test('names in the text call nobody', async () => {
    await withDouble([EVENT], async (double) => {
      await deliver(double.origin, messageOf({ text: '@room @name:server.example #room:server.example' }));
      const { body } = bodyOf(double);
      assert.doesNotMatch(String(body), /[@#]\w/);
      assert.equal(plain(body), '@room @name:server.example #room:server.example');
    });
  });
});

describe('mattermost and slack', () => {
  const OK: Answer = { status: 200, body: 'ok' };
  const deliver = (url: string, hosts: readonly string[], message: Message = messageOf()): Promise<void> =>
    mattermost.deliver(message, mattermost.to.parse({ url }), mattermost.settings.parse({ hosts }), never);

  test('posts the text as JSON', async () => {
    await withDouble([OK], async (double) => {
      await deliver(`${double.origin}/hooks/abc`, ['127.0.0.1']);
      const { method, path, headers } = double.last();
      assert.deepEqual([method, path, headers['content-type']], ['POST', '/hooks/abc', 'application/json']);
      assert.deepEqual(bodyOf(double), { text: messageOf().text });
    });
  });

  test('names of places mention nobody and make no link; the official address stays one', async () => {
    await withDouble([OK], async (double) => {
      await deliver(`${double.origin}/hooks/abc`, ['127.0.0.1'], nasty);
      const text = String(bodyOf(double)['text']);
      assert.doesNotMatch(text, /@\w|<|>|\]\(|https:\/\/evil/);
      assert.ok(text.includes(` : ${placeOf().address}. Gratuit.`));
      const shown = plain(text).replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
      assert.equal(shown, nasty.text);
    });
  });

  test('what looks like an escape in a name is shown as it is', async () => {
    await withDouble([OK], async (double) => {
      await deliver(`${double.origin}/hooks/abc`, ['127.0.0.1'], messageOf({ text: '&lt;!channel&gt;' }));
      assert.equal(bodyOf(double)['text'], '&amp;lt;!channel&amp;gt;');
    });
  });

  test('a server that the operator did not name is never asked', async () => {
    await withDouble([OK], async (double) => {
      const { host } = new URL(double.origin);
      for (const hosts of [[], ['127.0.0.1:1'], ['hooks.slack.com', 'localhost']]) {
        const error = await refused(deliver(`${double.origin}/hooks/abc`, hosts));
        assert.deepEqual([error.isFinal, error.retryAfterMs], [true, null]);
      }
      assert.equal(double.requests.length, 0);
      await deliver(`${double.origin}/hooks/abc`, [host]);
      assert.equal(double.requests.length, 1);
    });
  });

  test('without settings, Slack is the only server', () => {
    assert.deepEqual(mattermost.settings.parse({}), { hosts: ['hooks.slack.com'] });
  });
});

describe('discord', () => {
  const MADE: Answer = { status: 200, body: { id: '1' } };
  const deliver = (origin: string, message: Message = messageOf(), allowLoopback = true): Promise<void> =>
    discord.deliver(
      message,
      discord.to.parse({ url: `${origin}/api/webhooks/123/to-ken?thread_id=9` }),
      discord.settings.parse({ allowLoopback }),
      never,
    );

  test('posts the text to the thread, waits for it to be stored, and allows no mention', async () => {
    await withDouble([MADE], async (double) => {
      await deliver(double.origin);
      assert.equal(double.last().path, '/api/webhooks/123/to-ken?thread_id=9&wait=true');
      assert.deepEqual(bodyOf(double), { content: messageOf().text, allowed_mentions: { parse: [] }, flags: 4 });
    });
  });

  test('names of places mention nobody and make no link; the official address stays one', async () => {
    await withDouble([MADE], async (double) => {
      await deliver(double.origin, nasty);
      const text = String(bodyOf(double)['content']);
      assert.doesNotMatch(text, /@\w|<[@!#:/h]|\]\(|https:\/\/evil/);
      assert.ok(text.includes(` : ${placeOf().address}. Gratuit.`));
      assert.equal(plain(text), nasty.text);
    });
  });

  for (const [name, answer, retryAfterMs] of [
    [
      'in seconds with a fraction',
      { status: 429, body: { message: 'You are being rate limited.', retry_after: 1.337, global: false } },
      1_337,
    ],
    [
      'by the guard before it, in the header',
      { status: 429, headers: { 'retry-after': '65' }, body: 'error 1015' },
      65_000,
    ],
  ] as const) {
    test(`a pause is asked for ${name}`, async () => {
      const error = await withDouble([answer], ({ origin }) => refused(deliver(origin)));
      assert.equal(error.isFinal, false);
      assert.equal(Math.round(error.retryAfterMs ?? -1), retryAfterMs);
    });
  }

  test('a digest leaves whole, in parts that Discord takes, cut between lines', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, at) => `${at} créneaux vus à Bobigny, renouvellement, et encore plus de mots`,
    );
    await withDouble([MADE], async (double) => {
      await deliver(double.origin, messageOf({ text: lines.join('\n') }));
      const parts = double.requests.map(({ body }) => (JSON.parse(body) as { content: string }).content);
      assert.ok(parts.length >= 2 && parts.every(({ length }) => length <= 2_000));
      assert.deepEqual(parts.join('\n').split('\n'), lines);
    });
  });

  test('a line longer than a part is cut between words, and a longer word between characters', async () => {
    for (const text of ['mot '.repeat(1_000).trim(), `x${'🟢'.repeat(1_500)}`]) {
      await withDouble([MADE], async (double) => {
        await deliver(double.origin, messageOf({ text }));
        const parts = double.requests.map(({ body }) => (JSON.parse(body) as { content: string }).content);
        assert.ok(parts.every((part) => part.length <= 2_000 && part.isWellFormed()));
        assert.equal(parts.join('').replaceAll(' ', ''), text.replaceAll(' ', ''));
      });
    }
  });

  test('when the second part is refused the message counts as not delivered', async () => {
    const text = 'mot '.repeat(1_000);
    const error = await withDouble([MADE, { status: 500 }], ({ origin }) =>
      refused(deliver(origin, messageOf({ text }))),
    );
    assert.equal(error.isFinal, false);
  });

  test('this machine is not asked unless the operator allows it', async () => {
    await withDouble([MADE], async (double) => {
      const error = await refused(deliver(double.origin, messageOf(), false));
      assert.equal(error.isFinal, true);
      assert.equal(double.requests.length, 0);
    });
  });

  for (const url of [
    'https://discord.com/api/webhooks/1/a-b_C',
    'https://discordapp.com/api/webhooks/1/a',
    'https://ptb.discord.com/api/v10/webhooks/1/a?thread_id=2',
  ]) {
    test(`${url} is a webhook`, () => {
      assert.equal(discord.to.safeParse({ url }).success, true);
    });
  }
});

describe('the address of a place', () => {
  test('keeps its ampersand as each service writes it', async () => {
    const address = 'https://rdv.example/?a=1&b=2';
    const message = messageOf({ text: `Site : ${address}`, notices: [noticeOf({ place: placeOf({ address }) })] });
    await withDouble([{ status: 200, body: 'ok' }], async (double) => {
      await mattermost.deliver(message, { url: `${double.origin}/hooks/a` }, { hosts: ['127.0.0.1'] }, never);
      assert.equal(bodyOf(double)['text'], 'Site : https://rdv.example/?a=1&amp;b=2');
    });
    await withDouble([{ status: 200, body: { id: '1' } }], async (double) => {
      await discord.deliver(message, { url: `${double.origin}/api/webhooks/1/a` }, { allowLoopback: true }, never);
      assert.equal(bodyOf(double)['content'], `Site : ${address}`);
    });
  });
});

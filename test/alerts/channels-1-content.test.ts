import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test, type TestContext } from 'node:test';

import { channel as alertmanager } from '../../src/alerts/channels/alertmanager.ts';
import { channel as ntfy } from '../../src/alerts/channels/ntfy.ts';
import { channel as telegram } from '../../src/alerts/channels/telegram.ts';
import { channel as webhook, webhookBody } from '../../src/alerts/channels/webhook.ts';
import type { Message } from '../../src/alerts/channel.ts';
import { NOTICE_KINDS, type Notice, type NoticeKind } from '../../src/core/notice.ts';
import { openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { messageOf, noticeOf, OBSERVED_AT, openingOf, placeOf } from '../support/messages.ts';
import { refusalFrom } from '../support/refusals.ts';

/** What each of the four channels puts into its request, and what it makes of its service's own answers. */

const TOKEN = '123456789:AAF-0123456789abcdefghijklmnopqrstu';
const { signal } = new AbortController();
const DAY = 86_400_000;

async function serve(t: TestContext, ...script: readonly Answer[]): Promise<HttpDouble> {
  const double = await openHttpDouble(script);
  t.after(() => double.close());
  return double;
}

function bodyOf(service: HttpDouble): Record<string, unknown> {
  return JSON.parse(service.last().body) as Record<string, unknown>;
}

/** A digest of so many lines, which ends as every message does. */
function longText(line: string, count: number): string {
  return [...Array.from({ length: count }, (_, at) => `${at} ${line}`), 'La prise de rendez-vous est gratuite.'].join(
    '\n',
  );
}

describe('telegram', () => {
  const accepted = { status: 200, body: { ok: true, result: { message_id: 7 } } };
  const deliver = (service: HttpDouble, message = messageOf(), chatId: number | string = -42): Promise<void> =>
    telegram.deliver(message, { chatId }, { token: TOKEN, apiBase: `${service.origin}/` }, signal);

  test('sends plain text without a preview of the page', async (t) => {
    const service = await serve(t, accepted);
    const message = messageOf({ text: '<b>*_[x](https://site.example)_*</b>' });
    await deliver(service, message);
    assert.equal(service.last().path, `/bot${TOKEN}/sendMessage`);
    assert.deepEqual(bodyOf(service), {
      chat_id: -42,
      text: message.text,
      link_preview_options: { is_disabled: true },
    });
  });

  for (const [name, status, body, isFinal, retryAfterMs] of [
    ['waits as long as Telegram says', 429, { parameters: { retry_after: 35 } }, false, 35_000],
    ['waits no longer than a day', 429, { parameters: { retry_after: 1e12 } }, false, DAY],
    ['ends for a recipient who has blocked the bot', 403, { description: 'bot was blocked by the user' }, true, null],
    ['ends for a chat that is not known', 400, { description: 'Bad Request: chat not found' }, true, null],
    ['tries again after a bad gateway', 502, { description: 'Bad Gateway' }, false, null],
  ] as const) {
    test(name, async (t) => {
      const service = await serve(t, { status, body: { ok: false, error_code: status, ...body } });
      const error = await refusalFrom(deliver(service), [TOKEN]);
      assert.deepEqual([error.isFinal, error.retryAfterMs], [isFinal, retryAfterMs]);
    });
  }

  test('follows a group that has become a supergroup', async (t) => {
    const moved = { ok: false, error_code: 400, parameters: { migrate_to_chat_id: -1_001_234_567_890 } };
    const service = await serve(t, { status: 400, body: moved }, accepted);
    await deliver(service);
    assert.equal(service.requests.length, 2);
    assert.equal(bodyOf(service)['chat_id'], -1_001_234_567_890);
  });

  test('does not follow a group for ever', async (t) => {
    const moved = { ok: false, error_code: 400, parameters: { migrate_to_chat_id: -1_001_234_567_890 } };
    const service = await serve(t, { status: 400, body: moved });
    assert.equal((await refusalFrom(deliver(service), [])).isFinal, true);
    assert.equal(service.requests.length, 2);
  });

  test('does not take the page of a network for an acceptance', async (t) => {
    const service = await serve(t, { status: 200, body: '<html>Bienvenue sur le Wi-Fi</html>' });
    assert.equal((await refusalFrom(deliver(service), [])).isFinal, false);
  });

  test('cuts a digest out of its middle where Telegram would refuse it', async (t) => {
    const service = await serve(t, accepted);
    await deliver(service, messageOf({ text: longText('Paris, renouvellement : rendez-vous vus.', 200) }));
    const text = String(bodyOf(service)['text']);
    assert.ok(text.length <= 4_096 && text.length > 4_000, String(text.length));
    assert.ok(text.startsWith('0 Paris') && text.endsWith('\n…\nLa prise de rendez-vous est gratuite.'));
  });

  for (const [chatId, isValid] of [
    [123_456_789, true],
    [-1_001_234_567_890, true],
    ['-1001234567890', true],
    ['@guetteur_paris', true],
    ['guetteur_paris', false],
    ['1,2', false],
    [1.5, false],
    ['', false],
  ] as const) {
    test(`${isValid ? 'knows' : 'refuses'} the recipient ${JSON.stringify(chatId)}`, () => {
      const { error } = telegram.to.safeParse({ chatId });
      if (isValid) assert.equal(error, undefined);
      else assert.match(error?.message ?? '', /write the number of a chat/);
    });
  }

  for (const [wrong, words] of [
    [{ token: 'abc' }, /@BotFather/],
    [{ token: `${TOKEN}\n` }, /@BotFather/],
    [{ token: TOKEN, apiBase: 'http://api.site.example' }, /https/],
    [{ token: TOKEN, other: 1 }, /other/],
  ] as const) {
    test(`refuses the settings ${JSON.stringify(wrong)}`, () => {
      assert.match(telegram.settings.safeParse(wrong).error?.message ?? '', words);
    });
  }

  test('asks Telegram itself unless told otherwise', () => {
    assert.equal(telegram.settings.parse({ token: TOKEN }).apiBase, 'https://api.telegram.org');
  });
});

describe('ntfy', () => {
  const accepted = { status: 200, body: { id: 'sPs71M8A2T', event: 'message' } };
  const deliver = (service: HttpDouble, message = messageOf(), token?: string): Promise<void> =>
    ntfy.deliver(
      message,
      { topic: 'a-topic' },
      { server: service.origin, ...(token === undefined ? {} : { token }) },
      signal,
    );

  test('publishes to the root, loud for slots, and opens the official page at a touch', async (t) => {
    const service = await serve(t, accepted);
    const message = messageOf();
    await deliver(service, message, 'tk_0123');
    assert.equal(service.last().path, '/');
    assert.equal(service.last().headers.authorization, 'Bearer tk_0123');
    assert.deepEqual(bodyOf(service), {
      topic: 'a-topic',
      title: message.subject,
      message: message.text,
      tags: ['calendar'],
      priority: 5,
      click: placeOf().address,
    });
  });

  test('sends no token where there is none', async (t) => {
    const service = await serve(t, accepted);
    await deliver(service);
    assert.equal(service.last().headers.authorization, undefined);
  });

  test('gives a repetition the sequence of the first, and another message another', async (t) => {
    const service = await serve(t, accepted);
    for (const key of ['a', 'a', 'b']) await deliver(service, messageOf({ key }));
    const [first, again, other] = service.requests.map(({ headers }) => headers['x-sequence-id']);
    assert.match(String(first), /^[-_A-Za-z0-9]{1,64}$/);
    assert.equal(again, first);
    assert.notEqual(other, first);
  });

  test('opens no page for a message about several, and is as loud as the loudest', async (t) => {
    const service = await serve(t, accepted);
    const elsewhere = placeOf({ id: 'lyon', address: 'https://www.rdv.example/lyon', practice: true });
    await deliver(service, messageOf({ notices: [noticeOf({ kind: 'gone' }), noticeOf({ place: elsewhere })] }));
    const { click, priority, tags } = bodyOf(service);
    assert.deepEqual([click, priority, tags], [undefined, 5, ['no_entry_sign', 'calendar', 'practice']]);
  });

  test('counts bytes, not letters, of what a phone shows', async (t) => {
    const service = await serve(t, accepted);
    await deliver(service, messageOf({ text: longText('مواعيد متاحة في باريس', 200) }));
    const bytes = Buffer.byteLength(String(bodyOf(service)['message']));
    assert.ok(bytes <= 4_096 && bytes > 3_900, String(bytes));
  });

  test('does not take the page of a network for an acceptance', async (t) => {
    const service = await serve(t, { status: 200, body: '<html>Bienvenue sur le Wi-Fi</html>' });
    assert.equal((await refusalFrom(deliver(service), [])).isFinal, false);
  });

  for (const topic of ['', 'a/b', 'a b', 'a,b', 'é', 'x'.repeat(65), 'a\n']) {
    test(`refuses the topic ${JSON.stringify(topic)}`, () => {
      assert.match(ntfy.to.safeParse({ topic }).error?.message ?? '', /write the topic/);
    });
  }

  test('refuses a token with a line break', () => {
    assert.match(ntfy.settings.safeParse({ token: 'tk_1\r\nx: y' }).error?.message ?? '', /one word/);
  });
});

describe('webhook', () => {
  const secret = 'a-secret-of-the-recipient';
  const deliver = (service: HttpDouble, message: Message, isSigned = true): Promise<void> =>
    webhook.deliver(message, { url: `${service.origin}/hook?x=1`, ...(isSigned ? { secret } : {}) }, {}, signal);

  test('sends what its schema documents, times as people and machines read them', async (t) => {
    const service = await serve(t, { status: 200 });
    const operator: Notice = {
      ...noticeOf({ kind: 'operator', place: null, episode: null }),
      event: { kind: 'drift', message: 'a page changed' },
    };
    await deliver(service, messageOf({ notices: [noticeOf(), operator], unsubscribe: 'https://g.example/u/1' }));
    assert.equal(service.last().path, '/hook?x=1');
    const body = webhookBody.parse(bodyOf(service));
    const [slots, event] = body.notices;
    assert.equal(slots?.at, '2026-11-23T08:00:00.000Z');
    assert.deepEqual(slots.place, placeOf());
    assert.deepEqual([slots.episode?.startedAt, slots.episode?.endedAt], ['2026-11-23T08:00:00.000Z', null]);
    assert.deepEqual([event?.place, event?.event?.kind], [null, 'drift']);
    assert.deepEqual([body.version, body.unsubscribe], [1, 'https://g.example/u/1']);
  });

  for (const kind of Object.keys(NOTICE_KINDS) as NoticeKind[]) {
    test(`documents a notice of kind ${kind}`, async (t) => {
      const service = await serve(t, { status: 200 });
      await deliver(service, messageOf({ notices: [noticeOf({ kind })] }));
      assert.equal(webhookBody.parse(bodyOf(service)).notices[0]?.kind, kind);
    });
  }

  test('signs the time and the very bytes of the body', async (t) => {
    const service = await serve(t, { status: 200 });
    const before = Math.floor(Date.now() / 1_000);
    await deliver(service, messageOf({ text: 'é مواعيد' }));
    const { headers, body } = service.last();
    const timestamp = String(headers['x-guetteur-timestamp']);
    const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    assert.equal(headers['x-guetteur-signature'], `sha256=${expected}`);
    assert.ok(Number(timestamp) >= before && Number(timestamp) <= Date.now() / 1_000);
  });

  test('signs nothing without a secret', async (t) => {
    const service = await serve(t, { status: 200 });
    await deliver(service, messageOf(), false);
    assert.equal(service.last().headers['x-guetteur-signature'], undefined);
    assert.match(String(service.last().headers['x-guetteur-timestamp']), /^\d+$/);
  });

  test('gives a repetition the key of the first', async (t) => {
    const service = await serve(t, { status: 500 }, { status: 200 });
    const message = messageOf();
    await refusalFrom(deliver(service, message), [secret]);
    await deliver(service, message);
    assert.deepEqual(
      service.requests.map(({ headers }) => headers['idempotency-key']),
      [message.key, message.key],
    );
  });

  for (const [wrong, words] of [
    [{ url: 'ftp://site.example/' }, /http/],
    [{ url: 'file:///etc/passwd' }, /http/],
    [{ url: 'javascript:alert(1)' }, /http/],
    [{ url: 'site.example' }, /http/],
    [{ url: 'https://user@site.example/' }, /without a user/],
    [{ url: 'https://:word@site.example/' }, /without a user/],
    [{ url: 'https://site.example/', secret: 'short' }, /16 characters/],
  ] as const) {
    test(`refuses the recipient ${JSON.stringify(wrong)}`, () => {
      assert.match(webhook.to.safeParse(wrong).error?.message ?? '', words);
    });
  }
});

describe('alertmanager', () => {
  type Alert = Readonly<Record<'labels' | 'annotations', Record<string, string>> & Record<string, string>>;

  async function alertsOf(t: TestContext, notices: readonly Notice[], path = ''): Promise<readonly Alert[]> {
    const service = await serve(t, { status: 200 });
    await alertmanager.deliver(messageOf({ notices }), { url: service.origin + path }, {}, signal);
    assert.equal(service.last().path, `${path.replace(/\/$/, '')}/api/v2/alerts`);
    return bodyOf(service) as unknown as readonly Alert[];
  }

  test('names what was seen in labels and says it in annotations', async (t) => {
    const { subject, text } = messageOf();
    assert.deepEqual(await alertsOf(t, [noticeOf()]), [
      {
        labels: {
          alertname: 'GuetteurSlots',
          kind: 'slots',
          department: '75',
          procedure: 'renewal',
          target: 'paris-renewal',
          platform: 'rdv-prefecture',
          practice: 'false',
        },
        annotations: { summary: subject, description: text },
        startsAt: '2026-11-23T08:00:00.000Z',
        endsAt: '2026-11-30T08:00:00.000Z',
        generatorURL: placeOf().address,
      },
    ]);
  });

  for (const [begun, ended] of [
    ['slots', 'gone'],
    ['better', 'gone'],
    ['outage', 'recovered'],
  ] as const) {
    test(`resolves with "${ended}" the alert that "${begun}" began`, async (t) => {
      const episode = openingOf({ endedAt: OBSERVED_AT + 600_000 });
      const later = noticeOf({ kind: ended, at: OBSERVED_AT + 900_000, episode });
      const [first, second] = await alertsOf(t, [noticeOf({ kind: begun }), later]);
      assert.deepEqual(second?.labels, first?.labels);
      assert.deepEqual([second?.['startsAt'], second?.['endsAt']], [first?.['startsAt'], '2026-11-23T08:10:00.000Z']);
    });
  }

  test('leaves out labels without a value, and the page where there is none', async (t) => {
    const national = noticeOf({ place: placeOf({ department: null }) });
    const event = { kind: 'drift', message: 'a page changed' } as const;
    const [first, second] = await alertsOf(t, [
      national,
      noticeOf({ kind: 'operator', place: null, episode: null, event }),
    ]);
    assert.equal(Object.hasOwn(first?.labels ?? {}, 'department'), false);
    assert.deepEqual(second?.labels, { alertname: 'GuetteurOperator', kind: 'operator', event: 'drift' });
    assert.equal(Object.hasOwn(second ?? {}, 'generatorURL'), false);
  });

  for (const path of ['/alertmanager', '/alertmanager/']) {
    test(`keeps the path of ${path}`, async (t) => {
      assert.equal((await alertsOf(t, [noticeOf()], path)).length, 1);
    });
  }

  test('refuses an address with a password', () => {
    const { error } = alertmanager.to.safeParse({ url: 'http://a:b@127.0.0.1:9093' });
    assert.match(error?.message ?? '', /without a user/);
  });
});

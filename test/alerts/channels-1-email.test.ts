import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import tls from 'node:tls';

import { channel, mailing } from '../../src/alerts/channels/email.ts';
import { selfSigned } from '../support/certificate.ts';
import { closedOrigin, openHttpDouble } from '../support/http-double.ts';
import { messageOf } from '../support/messages.ts';
import { refusalFrom } from '../support/refusals.ts';
import { openSmtpDouble, type SmtpDouble, type SmtpDoubleOptions } from '../support/smtp-double.ts';

/** Mail, against a real mail server on loopback. */

const FROM = 'alerts@guetteur.example';
const TO = 'volunteer@site.example';
const PASSWORD = 'a-password-of-the-operator';
const HIDDEN = [TO, 'volunteer', FROM, PASSWORD];

const certificate = await selfSigned();
const unknown = await selfSigned();
tls.setDefaultCACertificates([...tls.getCACertificates('default'), certificate.cert]);

async function serve(t: TestContext, options: SmtpDoubleOptions = {}): Promise<SmtpDouble> {
  const server = await openSmtpDouble(options);
  t.after(() => server.close());
  return server;
}

interface Way {
  readonly tls?: string;
  readonly user?: string;
  readonly password?: string;
  readonly replyTo?: string;
}

function deliver(
  { host, port }: Pick<SmtpDouble, 'host' | 'port'>,
  message = messageOf(),
  way: Way = { tls: 'none' },
  send = channel.deliver,
): Promise<void> {
  const settings = channel.settings.parse({ host, port, from: FROM, ...way });
  return send(message, channel.to.parse({ address: TO }), settings, new AbortController().signal);
}

describe('what a mail says', () => {
  test('has the words, the language, and no answer of a machine', async (t) => {
    const server = await serve(t);
    const message = messageOf();
    await deliver(server, message);
    const { from, to, parsed, raw } = server.last();
    assert.deepEqual([from, to], [FROM, [TO]]);
    assert.deepEqual([parsed.subject, parsed.text?.trimEnd()], [message.subject, message.text]);
    assert.equal(parsed.headers.get('content-language'), 'fr');
    assert.equal(parsed.headers.get('auto-submitted'), 'auto-generated');
    assert.deepEqual(parsed.from?.value, [{ address: FROM, name: 'Guetteur' }]);
    assert.match(raw, /^Content-Type: text\/plain; charset=utf-8/im);
    assert.doesNotMatch(raw, /^(?:List-Unsubscribe|Reply-To)/im);
  });

  for (const [language, direction, text] of [
    ['ar', 'rtl', 'شوهدت مواعيد في باريس.\nhttps://www.rdv.example/paris\nحجز الموعد مجاني وشخصي.'],
    ['fr', 'ltr', 'Des rendez-vous ont été vus.\nLa prise de rendez-vous est gratuite et personnelle.'],
    ['en', 'ltr', 'Slots were seen.\nBooking is free and personal.'],
  ] as const) {
    test(`is read from the right side in ${language}`, async (t) => {
      const server = await serve(t);
      await deliver(server, messageOf({ language, subject: text.split('\n')[0] ?? '', text }));
      const { parsed } = server.last();
      assert.equal(parsed.headers.get('content-language'), language);
      assert.equal(parsed.text?.trimEnd(), text);
      assert.equal(parsed.subject, text.split('\n')[0]);
      const html = String(parsed.html);
      assert.ok(html.includes(`<html lang="${language}" dir="${direction}">`));
      assert.ok(html.includes(`<div lang="${language}" dir="${direction}">`));
      const bare = html.replace(/^[\s\S]*<body>/, '').replace(/<[^>]+>/g, '');
      assert.equal(bare.trim(), text);
    });
  }

  test('links to the page alone, not to the full stop, and loads nothing', async (t) => {
    const server = await serve(t);
    const text =
      'Voir (https://www.rdv.example/a?b=1&c=2). <script src="https://evil.example/x.js"></script><img src=x>';
    await deliver(server, messageOf({ text }));
    const html = String(server.last().parsed.html);
    assert.ok(html.includes('href="https://www.rdv.example/a?b=1&amp;c=2">https://www.rdv.example/a?b=1&amp;c=2</a>)'));
    assert.doesNotMatch(html, /<(?:script|img|link|style|iframe)/i);
    assert.equal(server.last().parsed.text?.trimEnd(), text);
  });

  for (const address of ['https://guetteur.example/u/abc', `https://guetteur.example/u/${'a1'.repeat(150)}`]) {
    test(`offers the one click of RFC 8058 for an address of ${address.length} characters`, async (t) => {
      const server = await serve(t);
      await deliver(server, messageOf({ unsubscribe: address }));
      const { raw } = server.last();
      const unfolded = raw.replace(/\r\n[ \t]+/g, ' ');
      assert.match(unfolded, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
      assert.equal(/^List-Unsubscribe: <(.*)>\r$/m.exec(unfolded)?.[1], address);
    });
  }

  test('offers one address to post to, whatever stands in it', async (t) => {
    const server = await serve(t);
    await deliver(server, messageOf({ unsubscribe: 'https://g.example/u/>, <https://evil.example/' }));
    const unfolded = server.last().raw.replace(/\r\n[ \t]+/g, ' ');
    const expected = '<https://g.example/u/%3E,%20%3Chttps://evil.example/>';
    assert.equal(/^List-Unsubscribe: (.*)\r$/m.exec(unfolded)?.[1], expected);
  });

  test('has no control characters in its subject', async (t) => {
    const server = await serve(t);
    await deliver(server, messageOf({ subject: 'Rendez-vous\u0007\t vus\u2028ici' }));
    assert.equal(server.last().parsed.subject, 'Rendez-vous vus ici');
  });

  test('has the Message-ID of the first when it is sent again, and another mail another', async (t) => {
    const server = await serve(t);
    for (const key of ['a', 'a', 'b']) await deliver(server, messageOf({ key }));
    const [first, again, other] = server.mails.map(({ parsed }) => parsed.messageId);
    assert.match(String(first), /^<[\w-]{20,}@guetteur\.example>$/);
    assert.equal(again, first);
    assert.notEqual(other, first);
  });

  test('gives the address for answers', async (t) => {
    const server = await serve(t);
    await deliver(server, messageOf(), { tls: 'none', replyTo: 'people@guetteur.example' });
    assert.equal(server.last().parsed.replyTo?.text, 'people@guetteur.example');
  });
});

describe('whom a mail reaches', () => {
  for (const subject of ['a\r\nBcc: other@site.example', 'a\nBcc: other@site.example', 'a\rBcc: other@site.example']) {
    test(`is nobody else for the subject ${JSON.stringify(subject)}`, async (t) => {
      const server = await serve(t);
      await deliver(server, messageOf({ subject, unsubscribe: 'https://g.example/\r\nBcc: other@site.example' }));
      const { to, parsed } = server.last();
      assert.deepEqual(to, [TO]);
      assert.equal(parsed.headers.has('bcc'), false);
      assert.equal(parsed.subject, 'a Bcc: other@site.example');
    });
  }

  for (const address of [
    'one@site.example,two@site.example',
    'one@site.example two@site.example',
    'one@site.example;two@site.example',
    'Name <one@site.example>',
    '<one@site.example>',
    'one@site.example\r\nBcc: two@site.example',
    'one@site.example\n',
    'one@site.example> RCPT TO:<two@site.example',
    '"a b"@site.example',
    'one',
    '@site.example',
    'one@',
    '',
    `${'x'.repeat(250)}@site.example`,
  ]) {
    test(`is no address: ${JSON.stringify(address.slice(0, 50))}`, () => {
      assert.match(channel.to.safeParse({ address }).error?.message ?? '', /write one e-mail address/);
      assert.equal(channel.settings.safeParse({ host: 'mail.example', from: address }).success, false);
    });
  }

  for (const address of [
    "o'neil+rdv@site.example",
    'a/b=c@site.example',
    'x@sub.site-1.example',
    'a.{b}@site.example',
  ]) {
    test(`is ${address} and nobody else`, async (t) => {
      const server = await serve(t);
      const settings = channel.settings.parse({ host: server.host, port: server.port, from: FROM, tls: 'none' });
      await channel.deliver(messageOf(), channel.to.parse({ address }), settings, new AbortController().signal);
      const { to, parsed } = server.last();
      assert.deepEqual(to, [address]);
      assert.deepEqual(
        [parsed.to].flat()[0]?.value.map((one) => one.address),
        [address],
      );
    });
  }
});

describe('what a mail server answers', () => {
  for (const [stage, code, text, isFinal, message] of [
    ['connect', 421, 'too many connections', false, 'SMTP 421 to CONN'],
    ['connect', 554, 'no service', true, 'SMTP 554 to CONN'],
    ['mail', 451, '4.3.0 try later', false, 'SMTP 451 4.3.0 to MAIL FROM'],
    ['mail', 550, '5.7.1 not your address', true, 'SMTP 550 5.7.1 to MAIL FROM'],
    ['rcpt', 450, `4.2.0 <${TO}> greylisted, see https://help.example`, false, 'SMTP 450 4.2.0 to RCPT TO'],
    ['rcpt', 452, '4.2.2 full', false, 'SMTP 452 4.2.2 to RCPT TO'],
    ['rcpt', 550, `5.1.1 <${TO}> unknown`, true, 'SMTP 550 5.1.1 to RCPT TO'],
    ['data', 421, `closing, ${FROM}`, false, 'SMTP 421 to DATA'],
    ['data', 554, '5.6.0 refused', true, 'SMTP 554 5.6.0 to DATA'],
    ['rcpt', 503, 'bad sequence', false, 'SMTP 503 to RCPT TO'],
  ] as const) {
    test(`${code} at "${stage}": ${isFinal ? 'final' : 'the next try succeeds'}`, async (t) => {
      const server = await serve(t, { refusals: [{ stage, code, text }] });
      const error = await refusalFrom(deliver(server), HIDDEN);
      assert.deepEqual([error.isFinal, error.message, error.retryAfterMs], [isFinal, message, null]);
      assert.equal(server.mails.length, 0);
      await deliver(server);
      assert.equal(server.mails.length, 1);
    });
  }

  for (const stage of ['connect', 'mail', 'data'] as const) {
    test(`silence at "${stage}" ends at the signal`, async (t) => {
      const server = await serve(t, { refusals: [{ stage, code: 0 }] });
      const controller = new AbortController();
      const settings = channel.settings.parse({ host: server.host, port: server.port, from: FROM, tls: 'none' });
      const delivery = channel.deliver(messageOf(), { address: TO }, settings, controller.signal);
      const refused = refusalFrom(delivery, HIDDEN);
      await server.silent();
      controller.abort();
      const error = await refused;
      assert.deepEqual([error.isFinal, error.message], [false, 'AbortError']);
    });
  }

  test('silence ends by itself', async (t) => {
    const server = await serve(t, { refusals: [{ stage: 'data', code: 0 }] });
    const error = await refusalFrom(deliver(server, messageOf(), { tls: 'none' }, mailing(100)), HIDDEN);
    assert.deepEqual([error.isFinal, error.message], [false, 'TimeoutError']);
  });

  test('nobody there may be there the next time', async () => {
    const { hostname: host, port } = new URL(await closedOrigin());
    const error = await refusalFrom(deliver({ host, port: Number(port) }), HIDDEN);
    assert.deepEqual([error.isFinal, error.message], [false, 'ECONNREFUSED']);
  });

  test('a web server in its place is no mail server', async (t) => {
    const web = await openHttpDouble(['reset']);
    t.after(() => web.close());
    const { hostname: host, port } = new URL(web.origin);
    const delivery = deliver({ host, port: Number(port) }, messageOf(), { tls: 'none' }, mailing(200));
    assert.equal((await refusalFrom(delivery, HIDDEN)).isFinal, false);
  });
});

describe('how a mail is carried', () => {
  const signedIn = { user: 'operator', password: PASSWORD };

  for (const [way, isImplicit] of [
    ['starttls', false],
    ['implicit', true],
  ] as const) {
    test(`is encrypted and signed in with ${way}`, async (t) => {
      const server = await serve(t, { certificate, isImplicit });
      await deliver(server, messageOf(), { tls: way, ...signedIn });
      const { isEncrypted, user } = server.last();
      assert.deepEqual([isEncrypted, user, server.logins], [true, 'operator', [`operator:${PASSWORD}`]]);
    });

    test(`tells nothing to a server whose certificate nobody vouches for, with ${way}`, async (t) => {
      const server = await serve(t, { certificate: unknown, isImplicit });
      const error = await refusalFrom(deliver(server, messageOf(), { tls: way, ...signedIn }), HIDDEN);
      assert.deepEqual([error.isFinal, error.message], [false, 'DEPTH_ZERO_SELF_SIGNED_CERT']);
      assert.deepEqual([server.logins, server.mails], [[], []]);
    });

    test(`tells nothing to a server that knows no TLS, with ${way}`, async (t) => {
      const server = await serve(t);
      const error = await refusalFrom(deliver(server, messageOf(), { tls: way, ...signedIn }), HIDDEN);
      assert.equal(error.isFinal, false);
      assert.deepEqual([server.logins, server.mails], [[], []]);
    });
  }

  test('asks for STARTTLS unless told otherwise', () => {
    assert.equal(channel.settings.parse({ host: 'mail.example', from: FROM }).tls, 'starttls');
  });

  test('is final when the password is wrong', async (t) => {
    const refusal = { stage: 'auth', code: 535, text: `5.7.8 ${PASSWORD} is wrong` } as const;
    const server = await serve(t, { certificate, refusals: [refusal] });
    const error = await refusalFrom(deliver(server, messageOf(), { tls: 'starttls', ...signedIn }), HIDDEN);
    assert.deepEqual([error.isFinal, error.message], [true, 'SMTP 535 5.7.8 to AUTH PLAIN']);
    assert.deepEqual(server.mails, []);
  });

  for (const [wrong, words] of [
    [{ tls: 'none' }, /on this machine/],
    [{ user: 'operator' }, /both user and password/],
    [{ password: PASSWORD }, /both user and password/],
    [{ host: 'mail.example:25/x' }, /without a port/],
    [{ host: 'mail.example\r\n' }, /without a port/],
    [{ port: 0 }, /port/],
    [{ rejectUnauthorized: false }, /rejectUnauthorized/],
  ] as const) {
    test(`refuses the settings ${JSON.stringify(wrong)}`, () => {
      const settings = { host: 'mail.example', from: FROM, ...wrong };
      assert.match(channel.settings.safeParse(settings).error?.message ?? '', words);
    });
  }

  test('needs one connection for each mail', async (t) => {
    const server = await serve(t);
    await deliver(server);
    await deliver(server);
    assert.equal(server.connections(), 2);
  });
});

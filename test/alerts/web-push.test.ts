import assert from 'node:assert/strict';
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify, type ECDH } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';

import { DeliveryError, type Message } from '../../src/alerts/channel.ts';
import { channel } from '../../src/alerts/channels/web-push.ts';
import { postPublic, type Resolve } from '../../src/alerts/public-request.ts';
import { messageOf, noticeOf, placeOf } from '../support/messages.ts';

const SUBJECT = 'mailto:operator@guetteur.example';
const never = new AbortController().signal;

interface Push {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface PushService {
  readonly origin: string;
  readonly port: number;
  readonly pushes: readonly Push[];
}

/** A push service that keeps the bytes as they came. */
async function withService<T>(use: (service: PushService) => Promise<T>): Promise<T> {
  const pushes: Push[] = [];
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    pushes.push({ path: request.url ?? '', headers: request.headers, body: await buffer(request) });
    response.writeHead(201, { location: '/m/1' }).end();
  };
  const server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  try {
    return await use({ origin: `http://127.0.0.1:${port}`, port, pushes });
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

function newKeys(): ECDH {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  return keys;
}

const vapid = newKeys();
const browser = newKeys();
const auth = randomBytes(16);
const keysOf = { p256dh: browser.getPublicKey('base64url'), auth: auth.toString('base64url') };

function settingsOf(change: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const publicKey = vapid.getPublicKey('base64url');
  return { subject: SUBJECT, publicKey, privateKey: vapid.getPrivateKey('base64url'), allowLoopback: true, ...change };
}

function deliver(endpoint: string, message: Message = messageOf(), change = {}): Promise<void> {
  return channel.deliver(
    message,
    channel.to.parse({ endpoint, keys: keysOf }),
    channel.settings.parse(settingsOf(change)),
    never,
  );
}

async function refused(delivery: Promise<unknown>): Promise<DeliveryError> {
  const error = await delivery.then(
    () => assert.fail('it was accepted'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof DeliveryError, String(error));
  return error;
}

const derived = (secret: Buffer, salt: Buffer, info: string | Buffer, length: number): Buffer =>
  Buffer.from(hkdfSync('sha256', secret, salt, info, length));

/** What the browser reads: RFC 8291, 3.4, and RFC 8188, 2, written from the text of the two. */
function opened(body: Buffer): Record<string, unknown> {
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  const keyLength = body.readUInt8(20);
  const serverKey = body.subarray(21, 21 + keyLength);
  const sealed = body.subarray(21 + keyLength);
  assert.ok(sealed.length <= recordSize, 'more than one record');
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), browser.getPublicKey(), serverKey]);
  const secret = derived(browser.computeSecret(serverKey), auth, info, 32);
  const key = derived(secret, salt, 'Content-Encoding: aes128gcm\0', 16);
  const nonce = derived(secret, salt, 'Content-Encoding: nonce\0', 12);
  const cipher = createDecipheriv('aes-128-gcm', key, nonce);
  cipher.setAuthTag(sealed.subarray(-16));
  const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
  const end = plain.lastIndexOf(2);
  assert.ok(plain.subarray(end + 1).every((byte) => byte === 0));
  return JSON.parse(plain.subarray(0, end).toString()) as Record<string, unknown>;
}

/** Header, claims and whether the signature is that of the key beside it (RFC 8292, 2 and 3). */
function vapidOf(authorization = ''): {
  head: unknown;
  claims: Record<string, unknown>;
  key: string;
  isSigned: boolean;
} {
  const found = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(authorization);
  assert.ok(found !== null, authorization);
  const [, head = '', claims = '', signature = '', key = ''] = found;
  const point = Buffer.from(key, 'base64url');
  const half = (from: number): string => point.subarray(from, from + 32).toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: half(1), y: half(33) }, format: 'jwk' });
  const parsed = [head, claims].map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as unknown);
  return {
    head: parsed[0],
    claims: parsed[1] as Record<string, unknown>,
    key,
    isSigned: verify(
      'sha256',
      Buffer.from(`${head}.${claims}`),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    ),
  };
}

describe('web push', () => {
  test('the browser, and only it, reads the message', async () => {
    await withService(async ({ origin, pushes }) => {
      await deliver(`${origin}/push/abc`);
      const [push] = pushes;
      assert.ok(push !== undefined);
      const { subject, text, key } = messageOf();
      assert.deepEqual(opened(push.body), { title: subject, body: text, url: placeOf().address, tag: key });
      assert.ok(!push.body.includes('rendez-vous'));
      assert.deepEqual(
        [push.path, push.headers['content-encoding'], push.headers['content-type'], push.headers['ttl']],
        ['/push/abc', 'aes128gcm', 'application/octet-stream', '14400'],
      );
    });
  });

  test('says who sends, to this service only, for less than a day, signed with the key of the subscription', async () => {
    await withService(async ({ origin, pushes }) => {
      await deliver(`${origin}/push/abc`);
      const { head, claims, key, isSigned } = vapidOf(pushes[0]?.headers.authorization);
      assert.deepEqual(head, { typ: 'JWT', alg: 'ES256' });
      assert.deepEqual([claims['aud'], claims['sub']], [origin, SUBJECT]);
      const lasts = Number(claims['exp']) - Date.now() / 1_000;
      assert.ok(lasts > 3_600 && lasts < 86_400, `${lasts} s`);
      assert.equal(key, vapid.getPublicKey('base64url'));
      assert.equal(isSigned, true);
    });
  });

  test('the topic is the same at every attempt of one message, another for another, and of the right form', async () => {
    await withService(async ({ origin, pushes }) => {
      await deliver(`${origin}/a`);
      await deliver(`${origin}/a`);
      await deliver(`${origin}/a`, messageOf({ key: 'another' }));
      const [first, again, another] = pushes.map(({ headers }) => headers['topic']);
      assert.match(String(first), /^[A-Za-z0-9_-]{1,32}$/);
      assert.equal(again, first);
      assert.notEqual(another, first);
    });
  });

  test('slots wake a sleeping telephone, other news does not', async () => {
    await withService(async ({ origin, pushes }) => {
      for (const kind of ['slots', 'better', 'gone', 'canary'] as const) {
        await deliver(`${origin}/a`, messageOf({ notices: [noticeOf({ kind })] }));
      }
      assert.deepEqual(
        pushes.map(({ headers }) => headers['urgency']),
        ['high', 'high', 'normal', 'normal'],
      );
    });
  });

  test('a message about several pages, or none, leads to no page', async () => {
    await withService(async ({ origin, pushes }) => {
      const other = noticeOf({ place: placeOf({ address: 'https://other.example/' }) });
      for (const notices of [[noticeOf(), other], [noticeOf({ place: null })], [noticeOf(), noticeOf()]]) {
        await deliver(`${origin}/a`, messageOf({ notices }));
      }
      assert.deepEqual(
        pushes.map(({ body }) => opened(body)['url']),
        [null, null, placeOf().address],
      );
    });
  });

  for (const [name, line] of [
    ['Arabic', 'مواعيد شوهدت الساعة 10:42'],
    ['quotation marks', '"""""""""""""""'],
    ['characters beyond the basic plane', '🟢🟢🟢🟢🟢🟢🟢🟢'],
  ] as const) {
    test(`a digest in ${name} is cut to the 4096 octets that every service takes, and keeps its end`, async () => {
      await withService(async ({ origin, pushes }) => {
        const last = 'La prise de rendez-vous est gratuite et personnelle.';
        const text = `${`${line}\n`.repeat(400)}${last}`;
        await deliver(`${origin}/a`, messageOf({ text, subject: 'é'.repeat(3_000) }));
        const [push] = pushes;
        assert.ok(
          push !== undefined && push.body.length <= 4_096 && push.body.length > 3_500,
          String(push?.body.length),
        );
        const body = String(opened(push.body)['body']);
        assert.ok(body.startsWith(line) && body.endsWith(last) && body.includes('…'));
      });
    });
  }

  for (const [name, change] of [
    ['a pair whose halves do not belong together', { publicKey: newKeys().getPublicKey('base64url') }],
    ['a private key of another length', { privateKey: 'abc' }],
    ['a subject that is no address', { subject: 'operator' }],
  ] as const) {
    test(`${name} is a mistake of the settings`, () => {
      assert.equal(channel.settings.safeParse(settingsOf()).success, true);
      assert.equal(channel.settings.safeParse(settingsOf(change)).success, false);
    });
  }
});

describe('an endpoint that a stranger gave', () => {
  const body = Buffer.from('x');

  for (const host of ['127.0.0.1', 'localhost', 'a.localhost', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '127.1']) {
    test(`at ${host} is not asked, unless this machine is allowed`, async () => {
      await withService(async ({ port, pushes }) => {
        const endpoint = `http://${host}:${port}/`;
        const error = await refused(postPublic(endpoint, { headers: {}, body, allowLoopback: false }, never));
        assert.deepEqual([error.isFinal, error.message], [true, 'a private address is refused']);
        assert.equal(pushes.length, 0);
      });
    });
  }

  for (const host of [
    '10.0.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '[fd00::1]',
    '[fe80::1]',
    '0.0.0.0',
  ]) {
    for (const allowLoopback of [true, false]) {
      test(`at ${host} is refused, loopback ${allowLoopback ? '' : 'not '}being allowed`, async () => {
        const error = await refused(deliver(`https://${host}/push`, messageOf(), { allowLoopback }));
        assert.deepEqual([error.isFinal, error.message], [true, 'a private address is refused']);
      });
    }
  }

  const leadsTo =
    (...addresses: readonly string[]): Resolve =>
    (_hostname, done) => {
      done(
        null,
        addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
    };

  for (const addresses of [['127.0.0.1'], ['10.0.0.1'], ['192.0.2.1', '127.0.0.1'], ['::ffff:127.0.0.1']]) {
    test(`under a public name that leads to ${addresses.join(' and ')} is not asked, and tried again`, async () => {
      await withService(async ({ port, pushes }) => {
        const sending = { headers: {}, body, allowLoopback: false, resolve: leadsTo(...addresses) };
        const error = await refused(postPublic(`http://push.example:${port}/`, sending, never));
        assert.deepEqual([error.isFinal, error.message], [false, 'the name leads to a private address']);
        assert.equal(pushes.length, 0);
      });
    });
  }

  test('the address that was looked at is the one that is asked', async () => {
    await withService(async ({ port, pushes }) => {
      const asked: string[] = [];
      const resolve: Resolve = (hostname, done) => {
        asked.push(hostname);
        leadsTo('127.0.0.1')(hostname, done);
      };
      const sending = { headers: {}, body, allowLoopback: true, resolve };
      const { status } = await postPublic(`http://push.example:${port}/`, sending, never);
      assert.deepEqual([status, asked, pushes.length], [201, ['push.example'], 1]);
    });
  });

  test('under a name that nobody knows is tried again, and the error does not repeat the name', async () => {
    const resolve: Resolve = (hostname, done) => {
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' }));
    };
    const sending = { headers: {}, body, allowLoopback: false, resolve };
    const error = await refused(postPublic('https://push.example/secret', sending, never));
    assert.deepEqual([error.isFinal, error.message, error.cause], [false, 'ENOTFOUND', undefined]);
  });
});

/** Answers kept for many readers: bounded, compressed once, and given as each reader takes them. */
import assert from 'node:assert/strict';
import { request } from 'node:http';
import { connect } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Hono } from 'hono';

import { AnswerCache, keptOf, type Written } from '../../src/web/answer-cache.ts';
import { sendKept } from '../../src/web/send-kept.ts';
import { serveWeb } from '../../src/web/server.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
const WORDS = `${JSON.stringify({ words: 'créneau '.repeat(500) })}\n`;
const LARGE = 'créneau '.repeat(1_000_000);
const PICTURE = Uint8Array.from({ length: 3_000 }, (_, at) => (at * 7_919) % 251);

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

let url: string;
let close: () => Promise<void>;
before(async () => {
  const json = await keptOf({ contentType: JSON_TYPE, body: WORDS }, 0);
  const picture = await keptOf({ contentType: 'image/png', body: PICTURE }, 0);
  const app = new Hono();
  app.get('/json', (context) => sendKept(context, json, 'public, max-age=60'));
  app.get('/picture', (context) => sendKept(context, picture, 'public, max-age=60'));
  const large = await keptOf({ contentType: JSON_TYPE, body: LARGE }, 0);
  app.get('/large', (context) => sendKept(context, large, 'public, max-age=60'));
  const web = await serveWeb(app, { host: '127.0.0.1', port: 0 });
  ({ url } = web);
  close = () => web.close();
});
after(() => close());

/** As it travels: `fetch` unpacks what it knows. */
function ask(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request(new URL(path, url), { method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

describe('an answer travels', () => {
  for (const [accepted, coding] of [
    ['gzip, deflate, br', 'br'],
    ['br;q=0.1', 'br'],
    ['GZIP', 'gzip'],
    ['br; q=0, gzip', 'gzip'],
    ['br;foo=1;q=0.000, gzip;q=0', undefined],
    ['', undefined],
    ['*', undefined],
    ['xbr, gzipped', undefined],
    ['identity;q=0, *;q=0', undefined],
    [`${'x,'.repeat(3_000)}gzip`, 'gzip'],
  ] as const) {
    test(`to who takes "${accepted.slice(0, 30)}" as ${coding ?? 'it is'}, with all its words`, async () => {
      const { status, headers, body } = await ask('json', accepted === '' ? {} : { 'accept-encoding': accepted });
      assert.deepEqual([status, headers['content-encoding'], headers['vary']], [200, coding, 'accept-encoding']);
      const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
      assert.equal((coding === undefined ? body : unpack[coding](body)).toString(), WORDS);
      if (coding !== undefined) assert.ok(body.length < WORDS.length / 10, `${body.length} bytes`);
    });
  }

  test('under one weak tag in every coding, so that who has it in one is not sent it in another', async () => {
    const tags = await Promise.all(
      ['br', 'gzip', 'identity'].map(
        async (coding) => (await ask('json', { 'accept-encoding': coding })).headers['etag'],
      ),
    );
    assert.equal(new Set(tags).size, 1);
    const [tag = ''] = tags.map(String);
    assert.match(tag, /^W\/"/);
    for (const known of [tag, `"a", ${tag}`, '*']) {
      const again = await ask('json', { 'if-none-match': known, 'accept-encoding': 'gzip' });
      assert.deepEqual([again.status, again.body.length, again.headers['vary']], [304, 0, 'accept-encoding'], known);
    }
    for (const strange of ['"other"', 'W/', '', ',,,', `"${'x'.repeat(8_000)}"`])
      assert.equal((await ask('json', { 'if-none-match': strange })).status, 200, strange.slice(0, 20));
  });

  test('as bytes that no coding makes smaller under a strong tag, and the same to all', async () => {
    const { headers, body } = await ask('picture', { 'accept-encoding': 'br, gzip' });
    assert.deepEqual([headers['content-encoding'], headers['vary']], [undefined, undefined]);
    assert.match(String(headers['etag']), /^"/);
    assert.deepEqual(body, Buffer.from(PICTURE));
  });

  test('piece by piece to who takes no coding and reads slowly: many of them do not fill the memory', async () => {
    const { port, hostname } = new URL(url);
    const atFirst = process.memoryUsage().arrayBuffers;
    const slow = Array.from({ length: 50 }, () => {
      const socket = connect(Number(port), hostname).on('error', () => undefined);
      socket.pause().write('GET /large HTTP/1.1\r\nhost: x\r\n\r\n');
      return socket;
    });
    await setTimeout(2_000);
    const taken = process.memoryUsage().arrayBuffers - atFirst;
    for (const socket of slow) socket.destroy();
    assert.ok(taken < (slow.length * LARGE.length) / 4, `${Math.round(taken / 1e6)} MB for ${slow.length} readers`);
    assert.equal((await ask('large')).body.toString(), LARGE);
  });

  test('without a body to who asks for its head, and whole to who asks for a part', async () => {
    const head = await ask('json', { 'accept-encoding': 'gzip' }, 'HEAD');
    assert.deepEqual([head.status, head.headers['content-encoding'], head.body.length], [200, 'gzip', 0]);
    const part = await ask('json', { range: 'bytes=0-3,5-9999999999' });
    assert.deepEqual([part.status, part.headers['content-range']], [200, undefined]);
    assert.equal(part.body.toString(), WORDS);
  });
});

describe('what is kept', () => {
  const open = (most: number, mostBytes: number): AnswerCache =>
    new AnswerCache({ keptMs: 60_000, most, mostBytes }, () => 1_000);
  const written = (length: number): Promise<Written> =>
    Promise.resolve({ contentType: 'image/png', body: new Uint8Array(length) });

  test('has no more entries than it may, and the longest unread leaves', async () => {
    const cache = open(3, 1_000_000);
    for (const key of ['a', 'b', 'c']) await cache.get(key, () => written(10));
    assert.ok(cache.fresh('a') !== null);
    await cache.get('d', () => written(10));
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => cache.fresh(key) !== null),
      [true, false, true, true],
    );
  });

  test('has no more bytes than it may, its names counted, however many strangers ask', async () => {
    const cache = open(100_000, 50_000);
    for (let at = 0; at < 500; at += 1) await cache.get(`${at} ${'x'.repeat(1_000)}`, () => written(1_000));
    const { entries, bytes } = cache.size;
    assert.ok(bytes <= 50_000 && bytes > 45_000, `${bytes} bytes`);
    assert.ok(entries <= 17 && entries >= 15, `${entries} entries`);
    await cache.get('huge', () => written(60_000));
    assert.deepEqual(cache.size, { entries: 0, bytes: 0 });
  });

  test('is counted once when it is computed again', async () => {
    const clock = { now: 0 };
    const cache = new AnswerCache({ keptMs: 10, most: 10, mostBytes: 10_000 }, () => clock.now);
    for (; clock.now < 1_000; clock.now += 100) await cache.get('a', () => written(100));
    assert.deepEqual(cache.size, { entries: 1, bytes: 102 });
  });
});

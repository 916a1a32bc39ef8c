/** Who is slow on purpose, or comes with too many connections, is let go; everybody else is served meanwhile. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Hono } from 'hono';

import { serveWeb } from '../../src/web/server.ts';

const LARGE = 'x'.repeat(40_000_000);
const PATIENCE = { headersMs: 300, requestMs: 600, idleMs: 500, connections: 20 };

let web: { readonly url: string; close(): Promise<void> };
const app = new Hono();
before(async () => {
  app.get('/', (context) => context.text('ok'));
  app.get('/large', (context) => context.text(LARGE));
  app.post('/', async (context) => context.text(String((await context.req.text()).length)));
  app.onError((_error, context) => context.text('cut', 400));
  web = await serveWeb(app, { host: '127.0.0.1', port: 0, patience: PATIENCE });
});
after(() => web.close());

interface Line {
  readonly socket: Socket;
  /** How long it lasted, in milliseconds, and what was said over it. */
  readonly ended: Promise<{ readonly ms: number; readonly words: string }>;
}

function open(first: string, isRead = true, url = web.url): Line {
  const began = performance.now();
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  let words = '';
  if (isRead) socket.on('data', (chunk: Buffer) => (words += chunk.toString('latin1', 0, 200)));
  socket.on('error', () => undefined);
  socket.write(first);
  const ended = new Promise<{ ms: number; words: string }>((resolve) => {
    socket.once('close', () => resolve({ ms: performance.now() - began, words }));
  });
  return { socket, ended };
}

/** A letter every 50 ms, for as long as the other side listens. */
function drip({ socket, ended }: Line, letter: string): Promise<{ readonly ms: number; readonly words: string }> {
  const dripping = setInterval(() => socket.write(letter), 50);
  return ended.finally(() => clearInterval(dripping));
}

describe('a connection', () => {
  test('whose request never says what it wants is closed, though it never rests', async () => {
    const { ms, words } = await drip(open('GET / HTTP/1.1\r\nhost: x\r\nx-slow: '), 'a');
    assert.ok(ms > 250 && ms < 3_000, `${ms} ms`);
    assert.match(words, /^HTTP\/1\.1 408/);
  });

  test('whose request is sent letter by letter is closed when its time is up', async () => {
    const { ms } = await drip(open('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n'), 'a');
    assert.ok(ms > 400 && ms < 3_000, `${ms} ms`);
  });

  test('over which nothing is sent at all is closed', async () => {
    const { ms } = await open('').ended;
    assert.ok(ms > 250 && ms < 3_000, `${ms} ms`);
  });

  test('whose answer nobody reads is closed before all of it has gone', async () => {
    const line = open('GET /large HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', false);
    line.socket.pause();
    // While its buffers fill, it counts as not idle yet.
    await setTimeout(6 * PATIENCE.idleMs);
    let bytes = 0;
    line.socket.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
    });
    line.socket.resume();
    await line.ended;
    assert.ok(bytes > 0 && bytes < LARGE.length / 2, `${bytes} bytes`);
  });
});

describe('connections', () => {
  test('beyond their count are refused, and the next is served when one has gone', async (t) => {
    const full = await serveWeb(app, { host: '127.0.0.1', port: 0, patience: { ...PATIENCE, idleMs: 20_000 } });
    t.after(() => full.close());
    const held = Array.from({ length: 40 }, () => open('GET / HTTP/1.1\r\nhost: x\r\nx-slow: ', true, full.url));
    const ends = await Promise.all(held.map(({ ended }) => ended));
    const waited = ends.filter(({ words }) => words.startsWith('HTTP/1.1 408')).length;
    assert.equal(waited, PATIENCE.connections);
    assert.equal(await (await fetch(full.url)).text(), 'ok');
  });
});

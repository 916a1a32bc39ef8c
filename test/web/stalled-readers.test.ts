/** Readers who do not read: sockets that stay open and are never drained must make nobody else wait. */
import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Hono } from 'hono';

import { AnswerDesk } from '../../src/web/answer-desk.ts';
import { TrustedProxies } from '../../src/web/client.ts';
import { sendKept } from '../../src/web/send-kept.ts';
import { serveWeb } from '../../src/web/server.ts';
import { Turns } from '../../src/web/turns.ts';

const STALLED = 60;
const MANY = 200;
/** More than the buffers of a connection take. */
const LARGE = 'créneau '.repeat(700_000);
const PLENTY = { count: 100_000, withinMs: 60_000 };
const RULES = { keptMs: 600_000, most: 500, mostBytes: 1e9, perClient: PLENTY, overall: PLENTY };

let url: string;
let close: () => Promise<void>;
const app = new Hono();
/** In the order in which they were computed. */
const computed: string[] = [];
/** Questions that have reached the server. */
let asked = 0;
/** What a computation waits for, where a test wants to hold it. */
let gate: Promise<void> = Promise.resolve();

before(async () => {
  const desk = new AnswerDesk(RULES, Date.now);
  app.get('/:name', async (context) => {
    const name = context.req.param('name');
    asked += 1;
    const answer = await desk.ask(context, name, async () => {
      await gate;
      computed.push(name);
      return { contentType: 'text/plain; charset=utf-8', body: name.startsWith('large') ? LARGE : name };
    });
    assert.ok(answer.kind === 'answer' && answer.kept !== null);
    return sendKept(context, answer.kept, 'no-cache');
  });
  const proxies = new TrustedProxies(['127.0.0.1']);
  const web = await serveWeb(app, { host: '127.0.0.1', port: 0, proxies });
  ({ url } = web);
  close = () => web.close();
});
after(() => close());

/** Asks and takes nothing of the answer; resolves when its beginning has come as far as the buffers. */
function stall(path: string, client: string, coding: string): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: ${client}\r\naccept-encoding: ${coding}\r\n\r\n`);
    socket.once('readable', () => resolve(socket));
  });
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}

const read = async (path: string, client: string): Promise<string> =>
  await (await fetch(new URL(path, url), { headers: { 'x-forwarded-for': client } })).text();

describe('sixty readers who do not read', () => {
  for (const [path, coding, what] of [
    ['/large', 'identity', 'a kept page that is unpacked for them'],
    ['/large', 'br', 'a kept page as it is packed'],
  ] as const)
    test(`stay stalled over ${what} while all others are answered`, async () => {
      await read('/large', '198.51.100.1');
      const stalled = await Promise.all(
        Array.from({ length: STALLED }, (_each, index) => stall(path, `203.0.113.${index}`, coding)),
      );
      const answers = await Promise.all(
        Array.from({ length: MANY }, (_each, index) => read(`/page${index % 50}`, `198.51.100.${index}`)),
      );
      assert.deepEqual(
        answers,
        Array.from({ length: MANY }, (_each, index) => `page${index % 50}`),
      );
      assert.deepEqual([...new Set(stalled.map((socket) => socket.destroyed || socket.readableEnded))], [false]);
      if (coding === 'identity') assert.ok(stalled.every(({ bytesRead }) => bytesRead < LARGE.length));
      for (const socket of stalled) socket.destroy();
    });

  test('who asked sixty questions keep a reader with one waiting for one of them, not for all', async () => {
    const held = Promise.withResolvers<void>();
    gate = held.promise;
    computed.length = 0;
    const begun = asked;
    const stalled = Array.from({ length: STALLED }, (_each, index) => stall(`/q${index}`, '203.0.113.7', 'br'));
    await until(() => asked === begun + STALLED);
    const others = ['198.51.100.1', '198.51.100.2'].map((client, index) => read(`/other${index}`, client));
    await until(() => asked === begun + STALLED + 2);
    held.resolve();
    await Promise.all(others);
    const last = Math.max(computed.indexOf('other0'), computed.indexOf('other1'));
    assert.ok(last <= 5, `${last} questions came first`);
    for (const socket of await Promise.all(stalled)) socket.destroy();
  });
});

describe('turns', () => {
  test('go round among those who ask, each in the order of their own asking', async () => {
    const turns = new Turns();
    const done: string[] = [];
    const works = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map((name) =>
      turns.take(name.slice(0, 1), () => Promise.resolve(void done.push(name))),
    );
    await Promise.all(works);
    assert.deepEqual(done, ['a1', 'a2', 'b1', 'c1', 'a3', 'b2']);
  });

  test('are one at a time, and go on after a failure', async () => {
    const turns = new Turns();
    let atOnce = 0;
    const work = async (): Promise<number> => {
      atOnce += 1;
      assert.equal(atOnce, 1);
      await new Promise(setImmediate);
      atOnce -= 1;
      return 7;
    };
    const failed = turns.take('a', () => Promise.reject(new Error('no')));
    const found = [turns.take('a', work), turns.take('b', work)];
    await assert.rejects(failed, /no/);
    assert.deepEqual(await Promise.all(found), [7, 7]);
    assert.equal(await turns.take('c', work), 7);
  });
});

/** Who is who behind a proxy: each reader has limits of their own, and nobody chooses who they are. */
import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { describe, test } from 'node:test';
import { Hono } from 'hono';

import { inviteGuest } from '../../src/assist/invitations.ts';
import { configShape } from '../../src/config/shape.ts';
import { openStore } from '../../src/store/open.ts';
import { Access } from '../../src/web/assist/access.ts';
import { clientIn, TrustedProxies } from '../../src/web/client.ts';
import { ClientLines, serveWeb } from '../../src/web/server.ts';
import { Gate } from '../../src/web/subscribe/gate.ts';
import { START } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

describe('behind proxies, the client is the rightmost hop that is none of them', () => {
  const proxies = new TrustedProxies(['127.0.0.1', '::1', '10.0.0.0/8', '2001:db8:ff::/48']);
  for (const [peer, forwarded, client] of [
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['203.0.113.9', undefined, '203.0.113.9'],
    ['127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['::1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['127.0.0.1', '6.6.6.6, 198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '127.0.0.1, 6.6.6.6, 198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['127.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
    ['127.0.0.1', '::ffff:198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', '2001:db8:1:2:3::4', '2001:db8:1:2:3::4'],
    ['127.0.0.1', '[2001:db8:1:2::4]:4711', '2001:db8:1:2::4'],
    ['2001:db8:ff::7', '198.51.100.1', '198.51.100.1'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '198.51.100.1, unknown', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '10.0.0.7, 10.0.0.8', '10.0.0.7'],
    ['127.0.0.1', `${'9.9.9.9,'.repeat(500)}198.51.100.1`, '198.51.100.1'],
  ] as const)
    test(`${peer} with "${(forwarded ?? 'nothing').slice(0, 40)}" is ${client}`, () =>
      assert.equal(proxies.addressOf(peer, forwarded), client));

  test('nobody is trusted unless named', () => {
    assert.equal(new TrustedProxies([]).addressOf('127.0.0.1', '198.51.100.1'), '127.0.0.1');
    assert.deepEqual(configShape.parse({}).http.trustedProxies, []);
  });
});

describe('the configuration takes', () => {
  const isTaken = (one: string): boolean => configShape.safeParse({ http: { trustedProxies: [one] } }).success;
  test('addresses and networks', () => {
    for (const one of ['127.0.0.1', '::1', '10.0.0.0/8', '2001:db8::/32', '0.0.0.0/0']) assert.ok(isTaken(one), one);
  });
  test('and nothing else', () => {
    for (const one of ['proxy', '10.0.0.0/33', '::1/129', '10.0.0/8', '10.0.0.0/8/8', '127.0.0.1:80', '', '1.2.3.4/-1'])
      assert.ok(!isTaken(one), one);
  });
});

describe('over the line', () => {
  const gateOf = (app: Hono): void => {
    const gate = new Gate({ perClient: { count: 2, withinMs: 60_000 }, overall: { count: 100, withinMs: 60_000 } });
    app.get('/', (context) => context.text(`${clientIn(context)} ${gate.wait(context, 0) === 0 ? 'in' : 'wait'}`));
  };
  const asked = async (trusted: readonly string[], addresses: readonly string[]): Promise<string[]> => {
    const app = new Hono();
    gateOf(app);
    const web = await serveWeb(app, { host: '127.0.0.1', port: 0, proxies: new TrustedProxies(trusted) });
    const answers: string[] = [];
    for (const address of addresses)
      answers.push(await (await fetch(web.url, { headers: { 'x-forwarded-for': address } })).text());
    await web.close();
    return answers;
  };

  test('each reader behind a trusted proxy has a limit of their own, an IPv6 home one', async () => {
    const found = await asked(
      ['127.0.0.1'],
      ['198.51.100.1', '198.51.100.1', '198.51.100.1', '198.51.100.2', '2001:db8:1:2::a', '2001:db8:1:2:ffff::b'],
    );
    assert.deepEqual(found, [
      '198.51.100.1 in',
      '198.51.100.1 in',
      '198.51.100.1 wait',
      '198.51.100.2 in',
      '2001:db8:1:2::/64 in',
      '2001:db8:1:2::/64 in',
    ]);
  });

  test('who is not behind one gets no new limit by naming another address', async () => {
    const found = await asked([], ['198.51.100.1', '198.51.100.2', '198.51.100.3']);
    assert.deepEqual(found, ['127.0.0.1 in', '127.0.0.1 in', '127.0.0.1 wait']);
  });
});

describe('an invitation', () => {
  test('opens for who has it, whatever others try from the same address; wrong links are counted by client', async (t) => {
    const folder = await temporaryFolder();
    const store = await openStore(folder.path);
    t.after(async () => {
      await store.end();
      await folder.remove();
    });
    const guest = { name: 'Camille', language: 'fr', departments: [], targets: [], days: 1 } as const;
    const { link } = await inviteGuest(store, guest, { page: 'http://127.0.0.1/', now: START });
    const access = new Access({ store, page: null, now: () => START });
    const app = new Hono();
    app.get('/assist/i/:secret', async (context) => {
      const found = await access.open(context, context.req.param('secret'));
      return context.text(found === null ? 'none' : 'waitMs' in found ? 'wait' : found.name);
    });
    const entered = async (secret: string): Promise<string> => await (await app.request(`/assist/i/${secret}`)).text();
    const wrong: string[] = [];
    for (let tries = 0; tries < 125; tries += 1) wrong.push(await entered('x'.repeat(32)));
    assert.deepEqual([wrong.indexOf('wait'), new Set(wrong.slice(120)).size], [120, 1]);
    const secret = link.split('/').at(-1) ?? '';
    const right: string[] = [];
    for (let tries = 0; tries < 61; tries += 1) right.push(await entered(secret));
    assert.deepEqual([right.indexOf('wait'), right[0]], [60, 'Camille']);
  });
});

describe('connections', () => {
  class Line extends EventEmitter {
    readonly remoteAddress: string;
    isCut = false;
    constructor(address: string) {
      super();
      this.remoteAddress = address;
    }
    destroy(): this {
      this.isCut = true;
      this.emit('close');
      return this;
    }
  }
  const opened = (lines: ClientLines, address: string, count: number): Line[] =>
    Array.from({ length: count }, () => {
      const line = new Line(address);
      lines.admit(line as unknown as Parameters<ClientLines['admit']>[0]);
      return line;
    });
  const cut = (lines: readonly Line[]): number => lines.filter(({ isCut }) => isCut).length;

  test('of one client are bounded, and freed again; those of others, of proxies and of this machine are not counted', () => {
    const lines = new ClientLines(3, new TrustedProxies(['192.0.2.1']));
    const first = opened(lines, '203.0.113.7', 5);
    assert.equal(cut(first), 2);
    assert.equal(cut(opened(lines, '203.0.113.8', 3)), 0);
    for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '192.0.2.1'])
      assert.equal(cut(opened(lines, address, 50)), 0, address);
    first[0]?.destroy();
    assert.equal(cut(opened(lines, '203.0.113.7', 2)), 1);
    assert.equal(cut(opened(lines, '2001:db8::1', 2)), 0);
    assert.equal(cut(opened(lines, '2001:db8::2', 2)), 1, 'one home');
  });
});

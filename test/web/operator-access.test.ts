/** Who may look at the operator's pages: from this machine, from elsewhere with the token, and by no name that a stranger chose. */
import assert from 'node:assert/strict';
import { request, type IncomingHttpHeaders } from 'node:http';
import { after, afterEach, before, describe, test } from 'node:test';

import { Blobs } from '../../src/evidence/blobs.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { TrustedProxies } from '../../src/web/client.ts';
import type { OperatorAccess } from '../../src/web/operator-guard.ts';
import { serveWeb, webApp, type WebParts } from '../../src/web/server.ts';
import { checkOf, HOUR, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

const TOKEN = 'a-token-of-the-operator';
const AWAY: OperatorAccess = { token: TOKEN, listensOn: '0.0.0.0', hosts: [], publicUrl: null };
const HOME: OperatorAccess = { token: undefined, listensOn: '127.0.0.1', hosts: [], publicUrl: null };
const PAGES = ['/operator/', '/operator', '/operator/review', '/operator/alerts', '/operator/people', '/operator/x'];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
const clock = { now: START };
const open: { close(): Promise<void> }[] = [];

before(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  const target = targetNamed('bobigny');
  await store.saveTargets([target]);
  await store.record(checkOf('bobigny', START), {});
});
afterEach(async () => {
  clock.now = START;
  for (const web of open.splice(0)) await web.close();
});
after(async () => {
  await store.end();
  await folder.remove();
});

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

interface Asking {
  readonly host?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

type Ask = (path: string, asking?: Asking) => Promise<Answer>;

async function serve(access: OperatorAccess, parts: Partial<WebParts> = {}, trusted: string[] = []): Promise<Ask> {
  const target = targetNamed('bobigny');
  const app = webApp({
    ...{ store, blobs: new Blobs(folder.path), targets: new Map([[target.id, target]]), access },
    metrics: { contentType: 'text/plain', expose: () => Promise.resolve('guetteur_up 1\n') },
    ...{ publicPages: [], hook: { token: undefined, tell: () => Promise.resolve(0) }, practice: false },
    ...{ readyWithinMs: HOUR, metricsToken: undefined, onFailure: () => undefined, now: () => clock.now },
    ...parts,
  });
  const web = await serveWeb(app, { host: '127.0.0.1', port: 0, proxies: new TrustedProxies(trusted) });
  open.push(web);
  return (path, { host, headers = {}, form } = {}) =>
    new Promise((resolve, reject) => {
      const body = form === undefined ? null : new URLSearchParams(form).toString();
      const sent = {
        ...headers,
        ...(host === undefined ? {} : { host }),
        ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
      };
      request(new URL(path, web.url), { method: body === null ? 'GET' : 'POST', headers: sent }, (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      })
        .on('error', reject)
        .end(body);
    });
}

async function statuses(ask: Ask, paths: readonly string[], asking: Asking = {}): Promise<number[]> {
  return await Promise.all(paths.map(async (path) => (await ask(path, asking)).status));
}

function cookieOf({ headers }: Answer): string {
  return headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

async function signIn(ask: Ask, token = TOKEN, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  return await ask('/operator/sign-in', { form: { token }, headers });
}

describe('a name by which the pages are asked for', () => {
  for (const host of ['127.0.0.1', 'localhost', 'localhost:8640', '[::1]:8640', 'guetteur.localhost'])
    test(`may be ${host}, which is this machine`, async () => {
      const ask = await serve(HOME);
      assert.equal((await ask('/operator/', { host })).status, 200);
      assert.equal((await ask('/metrics', { host })).status, 200);
    });

  for (const host of ['attacker.example', 'attacker.example:8640', '127.0.0.1.attacker.example', '10.0.0.1', 'x'])
    test(`may not be ${host}: a page in a browser could read them by leading its own name here`, async () => {
      const ask = await serve(HOME);
      assert.deepEqual(
        await statuses(ask, [...PAGES, '/review', '/proof/1.png', '/metrics'], { host }),
        Array.from({ length: PAGES.length + 3 }, () => 421),
      );
      const { text } = await ask('/operator/', { host });
      assert.doesNotMatch(text, /bobigny/);
      assert.equal((await ask('/healthz', { host })).status, 200);
    });

  test('may be one that the configuration names, and is then asked for the token', async () => {
    const access = { ...AWAY, hosts: ['guetteur.lan', '192.168.1.5'] };
    const ask = await serve(access);
    for (const host of ['guetteur.lan', 'GUETTEUR.LAN:8640', '192.168.1.5:8640'])
      assert.equal((await ask('/operator/', { host })).status, 401, host);
  });

  test('is never the public one, token or not, unless the configuration says so', async () => {
    const publicUrl = 'https://guetteur.association.example/';
    const host = 'guetteur.association.example';
    const headers = { authorization: `Bearer ${TOKEN}` };
    const closed = await serve({ ...AWAY, publicUrl });
    assert.deepEqual(await statuses(closed, PAGES, { host, headers }), [404, 404, 404, 404, 404, 404]);
    assert.equal((await closed('/operator/sign-in', { host, form: { token: TOKEN } })).status, 404);
    const opened = await serve({ ...AWAY, publicUrl, hosts: [host] });
    assert.equal((await opened('/operator/', { host, headers })).status, 200);
    const entered = await opened('/operator/sign-in', { host, form: { token: TOKEN }, headers: {} });
    assert.match(entered.headers['set-cookie']?.[0] ?? '', /; Secure/);
  });

  test('does not matter for figures that ask for a token of their own', async () => {
    const ask = await serve(AWAY, { metricsToken: 'm' });
    const headers = { authorization: 'Bearer m' };
    assert.equal((await ask('/metrics', { host: 'guetteur:8640', headers })).status, 200);
  });
});

describe('without a token', () => {
  test('the pages are shown to nobody where the server listens beyond this machine', async () => {
    const ask = await serve({ ...HOME, listensOn: '0.0.0.0' });
    assert.deepEqual(await statuses(ask, PAGES), [403, 403, 403, 403, 403, 403]);
    assert.match((await ask('/operator/')).text, /GUETTEUR_OPERATOR_TOKEN/);
  });

  for (const name of ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host'])
    test(`they are shown to nobody who comes through a proxy that says so by ${name}`, async () => {
      const ask = await serve(HOME);
      assert.equal((await ask('/operator/', { headers: { [name]: '203.0.113.7' } })).status, 403);
    });
});

describe('with a token', () => {
  test('nothing is shown before it is entered, and everything afterwards, for twelve hours', async () => {
    const ask = await serve(AWAY);
    assert.deepEqual(await statuses(ask, PAGES), [401, 401, 401, 401, 401, 401]);
    const asked = await ask('/operator/');
    assert.match(asked.text, /<form method="post" action="\/operator\/sign-in">/);
    assert.doesNotMatch(asked.text, /http-equiv="refresh"|bobigny/);
    assert.equal((await ask('/operator/style.css')).status, 200);
    const entered = await signIn(ask);
    assert.deepEqual([entered.status, entered.headers.location], [303, '/operator/']);
    const written = entered.headers['set-cookie']?.[0] ?? '';
    assert.match(written, /^guetteur_operator=[\w-]{43}; Max-Age=43200; Path=\/operator; HttpOnly; SameSite=Strict$/);
    assert.ok(!written.includes(TOKEN));
    const headers = { cookie: cookieOf(entered) };
    assert.match((await ask('/operator/', { headers })).text, /href="\/operator\/sign-in"[^]*bobigny/);
    assert.match((await ask('/operator/sign-in', { headers })).text, /action="\/operator\/sign-out"/);
    clock.now += 12 * HOUR - 1;
    assert.equal((await ask('/operator/', { headers })).status, 200);
    clock.now += 1;
    assert.equal((await ask('/operator/', { headers })).status, 401);
  });

  test('a program sends it as a bearer', async () => {
    const ask = await serve(AWAY);
    const headers = { authorization: `Bearer ${TOKEN}` };
    assert.equal((await ask('/operator/', { headers })).status, 200);
    assert.equal((await ask('/operator/', { headers: { authorization: 'Bearer x' } })).status, 401);
  });

  test('a session that was left is over, wherever its cookie still is', async () => {
    const ask = await serve(AWAY);
    const headers = { cookie: cookieOf(await signIn(ask)) };
    assert.equal((await ask('/operator/sign-out', { headers, form: {} })).status, 303);
    assert.equal((await ask('/operator/', { headers })).status, 401);
    assert.equal((await ask('/operator/', { headers: { cookie: 'guetteur_operator=' } })).status, 401);
  });

  test("another site's form signs nobody in or out", async () => {
    const ask = await serve(AWAY);
    const foreign = { 'sec-fetch-site': 'cross-site' };
    assert.equal((await signIn(ask, TOKEN, foreign)).status, 403);
    const headers = { cookie: cookieOf(await signIn(ask)), ...foreign };
    assert.equal((await ask('/operator/sign-out', { headers, form: {} })).status, 403);
    assert.equal((await ask('/operator/', { headers })).status, 200);
  });

  test('ten wrong ones of a client are one too many, for it alone', async () => {
    const ask = await serve(AWAY, {}, ['127.0.0.1']);
    const at = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });
    for (let tries = 0; tries < 10; tries += 1)
      assert.equal((await signIn(ask, `wrong ${tries}`, at('203.0.113.7'))).status, 401);
    const refused = await signIn(ask, TOKEN, at('203.0.113.7'));
    assert.equal(refused.status, 429);
    assert.ok(Number(refused.headers['retry-after']) > 0);
    const headers = { ...at('203.0.113.7'), authorization: `Bearer ${TOKEN}` };
    assert.equal((await ask('/operator/', { headers })).status, 429, 'the other way in is the same door');
    assert.equal((await signIn(ask, TOKEN, at('203.0.113.8'))).status, 303);
    clock.now += HOUR;
    assert.equal((await signIn(ask, TOKEN, at('203.0.113.7'))).status, 303);
  });

  test('many clients together are bounded too, and who is signed in notices nothing', async () => {
    const ask = await serve(AWAY, {}, ['127.0.0.1']);
    const inside = cookieOf(await signIn(ask));
    const tries = await Promise.all(
      Array.from({ length: 320 }, (_each, index) =>
        signIn(ask, 'wrong', { 'x-forwarded-for': `198.51.${index % 100}.${Math.floor(index / 100)}` }),
      ),
    );
    assert.equal(tries.filter(({ status }) => status === 401).length, 300);
    assert.equal(tries.filter(({ status }) => status === 429).length, 20);
    assert.equal((await ask('/operator/', { headers: { cookie: inside } })).status, 200);
  });
});

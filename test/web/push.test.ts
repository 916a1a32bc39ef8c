import assert from 'node:assert/strict';
import { createECDH, randomBytes } from 'node:crypto';
import { after, before, describe, test, type TestContext } from 'node:test';
import { chromium, type Browser } from 'playwright';
import webPush from 'web-push';

import { EXECUTABLE } from '../support/bench.ts';
import { openHttpDouble, type Answer, type HttpDouble } from '../support/http-double.ts';
import { fieldsOf, openSubscribeSite, type SubscribeSite } from '../support/subscribe-site.ts';

const KEYS = webPush.generateVAPIDKeys();
const CHANNELS = { 'web-push': { subject: 'mailto:admin@site.example', ...KEYS, allowLoopback: true } };

interface Desk {
  readonly site: SubscribeSite;
  readonly service: HttpDouble;
  readonly post: (path: string, body: unknown, headers?: Readonly<Record<string, string>>) => Promise<Response>;
}

async function openDesk(t: TestContext, answers: readonly Answer[] = [{ status: 201 }]): Promise<Desk> {
  const site = await openSubscribeSite({ channels: CHANNELS });
  const service = await openHttpDouble(answers);
  t.after(async () => {
    await site.close();
    await service.close();
  });
  const post: Desk['post'] = (path, body, headers = {}) =>
    fetch(new URL(`push/${path}`, site.page), {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return { site, service, post };
}

/** What `PushSubscription.toJSON()` gives. */
function subscriptionOf(origin: string): { endpoint: string; expirationTime: null; keys: Record<string, string> } {
  const p256dh = createECDH('prime256v1').generateKeys('base64url');
  return {
    endpoint: `${origin}/push/abc`,
    expirationTime: null,
    keys: { p256dh, auth: randomBytes(16).toString('base64url') },
  };
}

const wishes = (change = {}) => ({ ...fieldsOf({ departments: ['93'] }), ...change });

describe('a browser', () => {
  test('subscribes, is greeted, hears of slots, and leaves', async (t) => {
    const { site, service, post } = await openDesk(t);
    const key = (await (await fetch(new URL('push/key', site.page))).json()) as { publicKey: string };
    assert.equal(key.publicKey, KEYS.publicKey);
    const subscription = subscriptionOf(service.origin);
    assert.equal((await post('subscribe', { ...wishes(), subscription })).status, 201);
    assert.equal(service.requests.length, 1);
    const [row] = await site.store.subscriptions();
    assert.deepEqual([row?.channel, row?.state, row?.source, row?.departments], ['web-push', 'active', 'self', ['93']]);
    await site.record('bobigny', 'slots');
    await site.deliver();
    assert.equal(service.requests.length, 2);
    assert.equal(service.last().headers['content-encoding'], 'aes128gcm');
    assert.equal((await post('subscribe', { ...wishes({ departments: [] }), subscription })).status, 201);
    assert.deepEqual(
      (await site.store.subscriptions()).map(({ departments }) => departments),
      [[]],
    );
    const { endpoint } = subscription;
    for (let time = 0; time < 2; time += 1) assert.equal((await post('unsubscribe', { endpoint })).status, 200);
    assert.deepEqual(await site.store.subscriptions(), []);
  });

  test('that no push service stands behind is not kept', async (t) => {
    const { site, service, post } = await openDesk(t, [{ status: 405 }]);
    assert.equal((await post('subscribe', { ...wishes(), subscription: subscriptionOf(service.origin) })).status, 502);
    assert.deepEqual([await site.store.subscriptions(), site.failures.length], [[], 1]);
  });

  test('asks for what is there, from our own page, in JSON; all else is refused and nobody is written to', async (t) => {
    const { site, service, post } = await openDesk(t);
    const subscription = subscriptionOf(service.origin);
    for (const [name, status, fields, body, headers] of [
      ['another site', 403, undefined, { ...wishes(), subscription }, { 'sec-fetch-site': 'cross-site' }],
      ['a form', 403, undefined, { ...wishes(), subscription }, { 'content-type': 'text/plain' }],
      ['no subscription', 422, ['subscription'], wishes(), {}],
      ['no JSON', 422, ['subscription', 'kinds', 'language', 'when', 'timeZone'], '{', {}],
      [
        'a plain address',
        422,
        ['subscription'],
        { ...wishes(), subscription: { ...subscription, endpoint: 'http://site.example/x' } },
        {},
      ],
      [
        'a bad key',
        422,
        ['subscription'],
        { ...wishes(), subscription: { ...subscription, keys: { p256dh: 'x', auth: 'y' } } },
        {},
      ],
      [
        'a department that is not watched',
        422,
        ['departments'],
        { ...wishes({ departments: ['75'] }), subscription },
        {},
      ],
      ['a novel', 413, undefined, { ...wishes(), subscription, more: 'x'.repeat(20_000) }, {}],
    ] as const) {
      const answer = await post('subscribe', body, headers);
      assert.equal(answer.status, status, name);
      assert.deepEqual(((await answer.json()) as { fields?: string[] }).fields, fields, name);
    }
    assert.equal((await post('unsubscribe', {})).status, 422);
    assert.equal((await post('unsubscribe', { endpoint: 'x' }, { 'sec-fetch-site': 'cross-site' })).status, 403);
    assert.deepEqual([await site.store.subscriptions(), service.requests.length], [[], 0]);
  });

  test('cannot ask for ever', async (t) => {
    const { service, post, site } = await openDesk(t);
    const statuses: number[] = [];
    for (let time = 0; time < 21; time += 1) {
      statuses.push((await post('subscribe', { ...wishes(), subscription: subscriptionOf(service.origin) })).status);
    }
    assert.deepEqual([statuses.slice(19), service.requests.length], [[201, 429], 20]);
    let last = 0;
    for (let time = 0; time < 61; time += 1) last = (await post('unsubscribe', { endpoint: 'x' })).status;
    assert.equal(last, 429);
    assert.equal((await site.get('push.js')).status, 200);
  });
});

test('without the channel there is nothing of it', async (t) => {
  const site = await openSubscribeSite();
  t.after(() => site.close());
  for (const path of ['push/key', 'push.js', 'push-worker.js']) assert.equal((await site.get(path)).status, 404, path);
  assert.equal((await site.post('push/subscribe')).status, 404);
  assert.ok(!(await site.get('fr/alertes')).text.includes('push'));
});

describe('the page', () => {
  let browser: Browser;
  before(async () => {
    browser = await chromium.launch({ executablePath: EXECUTABLE });
  });
  after(() => browser.close());

  test('subscribes its browser with the choices of the form, shows a notification, and stops', async (t) => {
    const { site, service } = await openDesk(t);
    const context = await browser.newContext({ permissions: ['notifications'] });
    t.after(() => context.close());
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (line) => faults.push(line.text()));
    // The push service of a browser cannot be reached here: its part of the interface gives an address on loopback.
    await page.addInitScript((subscription) => {
      let current: object | null = null;
      const fake = {
        endpoint: subscription.endpoint,
        toJSON: () => subscription,
        unsubscribe: () => {
          current = null;
          return Promise.resolve(true);
        },
      };
      Object.assign(PushManager.prototype, {
        getSubscription: () => Promise.resolve(current),
        subscribe: (options: PushSubscriptionOptionsInit) => {
          current = options.userVisibleOnly === true ? fake : null;
          return Promise.resolve(current);
        },
      });
    }, subscriptionOf(service.origin));
    await page.goto(`${site.page}ar/alerts`);
    const button = page.getByRole('button', { name: 'استلام التنبيهات في هذا المتصفح' });
    await button.waitFor();
    await page.getByRole('checkbox', { name: '973 Guyane' }).check();
    await button.click();
    await page.getByText('سيستلم هذا المتصفح التنبيهات.').waitFor();
    const [row] = await site.store.subscriptions();
    assert.deepEqual([row?.channel, row?.departments, row?.language], ['web-push', ['973'], 'ar']);

    const [worker] = context.serviceWorkers();
    assert.ok(worker !== undefined);
    // This browser has no screen to notify on: what the worker asks it to show and to open is noted instead.
    await worker.evaluate(() => {
      const told = Promise.withResolvers<unknown>();
      const opened = Promise.withResolvers<unknown>();
      Object.assign(globalThis, { told: told.promise, opened: opened.promise });
      Object.assign(ServiceWorkerRegistration.prototype, {
        showNotification: (title: string, options: object) => Promise.resolve(told.resolve([title, options])),
      });
      Object.assign((globalThis as unknown as { clients: object }).clients, {
        openWindow: (url: string) => Promise.resolve(opened.resolve(url)),
      });
    });
    const devtools = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: [one] }) => {
        if (one !== undefined) resolve(one.registrationId);
      });
    });
    await devtools.send('ServiceWorker.enable');
    const data = JSON.stringify({ title: 'Créneaux', body: 'vus à 10:42', url: 'https://www.rdv.example/', tag: 'k' });
    const origin = new URL(site.page).origin;
    await devtools.send('ServiceWorker.deliverPushMessage', { origin, registrationId: await registered, data });
    const told = await worker.evaluate(() => (globalThis as unknown as { told: Promise<unknown> }).told);
    const options = { body: 'vus à 10:42', tag: 'k', dir: 'auto', data: { url: 'https://www.rdv.example/' } };
    assert.deepEqual(told, ['Créneaux', options]);
    const opened = await worker.evaluate((notification) => {
      const touched = { notification: { ...notification, close: () => undefined }, waitUntil: () => undefined };
      globalThis.dispatchEvent(Object.assign(new Event('notificationclick'), touched));
      return (globalThis as unknown as { opened: Promise<unknown> }).opened;
    }, options);
    assert.equal(opened, 'https://www.rdv.example/');

    await page.getByRole('button', { name: 'إيقافها في هذا المتصفح' }).click();
    await page.getByText('لا يستلم هذا المتصفح تنبيهات.').waitFor();
    assert.deepEqual([await site.store.subscriptions(), faults], [[], []]);
  });

  test('says so when it does not work, and keeps nothing', async (t) => {
    const { site, service } = await openDesk(t, [{ status: 404 }]);
    const context = await browser.newContext({ permissions: ['notifications'] });
    t.after(() => context.close());
    const page = await context.newPage();
    await page.addInitScript((subscription) => {
      const fake = { toJSON: () => subscription, unsubscribe: () => Promise.resolve(true) };
      Object.assign(PushManager.prototype, {
        getSubscription: () => Promise.resolve(null),
        subscribe: () => Promise.resolve(fake),
      });
    }, subscriptionOf(service.origin));
    await page.goto(`${site.page}fr/alertes`);
    await page.getByRole('button', { name: 'Recevoir les alertes dans ce navigateur' }).click();
    await page.getByText('Cela n’a pas marché').waitFor();
    assert.deepEqual(await site.store.subscriptions(), []);
  });
});

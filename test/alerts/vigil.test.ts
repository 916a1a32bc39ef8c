import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';

import { pingDeadMan } from '../../src/alerts/dead-man.ts';
import { canaryNotice } from '../../src/alerts/canary.ts';
import { HealthReader } from '../../src/alerts/health.ts';
import type { Health } from '../../src/alerts/troubles.ts';
import { Vigil, type VigilParts } from '../../src/alerts/vigil.ts';
import { openControl } from '../../src/practice/server/open.ts';
import { Control } from '../../src/run/control.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { healthOf } from '../support/health.ts';
import { closedOrigin, openHttpDouble, type Answer } from '../support/http-double.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const BAD = { isNetworkUp: false };

const OPERATOR = subscriptionOf('o', { kinds: ['operator', 'canary'] });

describe('the sign of life', () => {
  const logged: string[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void logged.push(line) });
  beforeEach(() => void logged.splice(0));

  async function ping(script: readonly Answer[], answerWithinMs = 5_000): Promise<{ is: boolean; asked: string[] }> {
    const service = await openHttpDouble(script);
    try {
      const url = `${service.origin}/ping/secret-token`;
      const is = await pingDeadMan({ url, log, signal: AbortSignal.timeout(10_000), answerWithinMs });
      return { is, asked: service.requests.map(({ method, path }) => `${method} ${path}`) };
    } finally {
      await service.close();
    }
  }

  test('is one GET, and says nothing in the log when it arrives', async () => {
    assert.deepEqual(await ping([{ status: 200, body: 'OK' }]), { is: true, asked: ['GET /ping/secret-token'] });
    assert.deepEqual(logged, []);
  });

  for (const [name, answer, words] of [
    ['a refusal', { status: 404 }, /"status":404/],
    ['a redirect, which is not followed', { status: 302, headers: { location: '/ping/other' } }, /"status":302/],
    ['a broken line', 'reset', /did not arrive/],
    ['silence', 'hang', /TimeoutError/],
  ] as const satisfies readonly (readonly [string, Answer, RegExp])[]) {
    test(`${name} is logged without the address, and not thrown`, async () => {
      const { is, asked } = await ping([answer], 300);
      assert.deepEqual([is, asked.length, logged.length], [false, 1, 1]);
      assert.match(logged[0] ?? '', words);
      assert.equal(logged[0]?.includes('secret-token'), false);
    });
  }

  test('nobody there is logged, and not thrown', async () => {
    const url = `${await closedOrigin()}/secret-token`;
    assert.equal(await pingDeadMan({ url, log, signal: AbortSignal.timeout(5_000) }), false);
    assert.match(logged[0] ?? '', /ECONNREFUSED/);
    assert.equal(logged[0]?.includes('secret-token'), false);
  });

  test('a stop ends it at once and is no failure', async () => {
    const service = await openHttpDouble(['hang']);
    const stop = new AbortController();
    const pinged = pingDeadMan({ url: service.origin, log, signal: stop.signal });
    await service.arrived();
    stop.abort();
    assert.equal(await pinged, false);
    assert.deepEqual(logged, []);
    await service.close();
  });
});

describe('once a minute', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Store;
  let now = START;
  beforeEach(async () => {
    now = START;
    folder = await temporaryFolder();
    store = await openStore(folder.path);
    await store.configureSubscriptions([OPERATOR]);
  });
  afterEach(async () => {
    await store.end();
    await folder.remove();
  });

  function vigilOf(
    health: VigilParts['health'],
    deadManUrl: string | null,
  ): { vigil: Vigil; minute: () => Promise<void> } {
    const log = pino({ level: 'silent' });
    const vigil = new Vigil({ store, health, deadManUrl, log, now: () => now });
    const minute = async (): Promise<void> => {
      vigil.tick();
      await vigil.settled();
      now += MINUTE;
    };
    return { vigil, minute };
  }

  /** Keys of what waits in the real outbox. */
  async function toldKeys(): Promise<string[]> {
    const allowances = new Map([['sink', 10]]);
    const claimed = await store.claim({ now: now + HOUR, owner: 'test', leaseMs: 1, allowances });
    return claimed.flatMap(({ notices }) => notices.map(({ key }) => key)).toSorted();
  }

  test('a well monitor gives a sign of life each minute and tells nothing but the canary', async () => {
    const service = await openHttpDouble([{ status: 200 }]);
    const { minute } = vigilOf({ read: (at) => Promise.resolve(healthOf({ at })) }, service.origin);
    for (let count = 0; count < 3; count += 1) await minute();
    assert.equal(service.requests.length, 3);
    assert.deepEqual(await toldKeys(), ['canary/2026-11-23']);
    await service.close();
  });

  test('a blind one gives none, from the first minute on, and tells its operator', async () => {
    const service = await openHttpDouble([{ status: 200 }]);
    const reports: Partial<Health>[] = [{}, BAD, BAD, BAD, {}];
    const read = (at: number): Promise<Health> => Promise.resolve(healthOf({ ...reports.shift(), at }));
    const { minute, vigil } = vigilOf({ read }, service.origin);
    for (let count = 0; count < 4; count += 1) await minute();
    assert.equal(service.requests.length, 1);
    assert.deepEqual(
      vigil.open.map(({ trouble }) => trouble.kind),
      ['network'],
    );
    await minute();
    assert.equal(service.requests.length, 2);
    assert.deepEqual(await toldKeys(), ['canary/2026-11-23', `operator/network/${START + MINUTE}`]);
    await service.close();
  });

  test('a pause that was told is not told again at each restart, and its end is told once', async () => {
    let breakers: Health['breakers'] = [{ host: 'h.example', openUntil: START + 9 * HOUR, reason: 'access denied' }];
    const read = (at: number): Promise<Health> => Promise.resolve(healthOf({ at, breakers }));
    for (let starts = 0; starts < 3; starts += 1) {
      const { minute, vigil } = vigilOf({ read }, null);
      for (let count = 0; count < 4; count += 1) await minute();
      await vigil.stop();
    }
    breakers = [];
    const { minute } = vigilOf({ read }, null);
    for (let count = 0; count < 4; count += 1) await minute();
    const told = await store.notices({ keysFrom: 'operator/', limit: 9 });
    assert.deepEqual(
      told.map(({ event }) => [event?.told?.stage, event?.told?.incident.kind]),
      [
        ['over', 'breaker'],
        ['begun', 'breaker'],
      ],
    );
  });

  test('a trouble that blinds nobody does not stop it', async () => {
    const service = await openHttpDouble([{ status: 200 }]);
    const read = (at: number): Promise<Health> =>
      Promise.resolve(
        healthOf({
          at,
          browserRestartsInLastHour: 99,
          outbox: [{ channel: 'email', state: 'dead', count: 1, dueAt: 0 }],
        }),
      );
    const { minute } = vigilOf({ read }, service.origin);
    await minute();
    assert.equal(service.requests.length, 1);
    await service.close();
  });

  test('one that cannot look at itself gives no sign of life, throws nothing, and goes on', async () => {
    const service = await openHttpDouble([{ status: 200 }]);
    let isBroken = true;
    const read = (at: number): Promise<Health> =>
      isBroken ? Promise.reject(new Error('database is locked')) : Promise.resolve(healthOf({ at }));
    const { minute } = vigilOf({ read }, service.origin);
    await minute();
    assert.equal(service.requests.length, 0);
    isBroken = false;
    await minute();
    assert.equal(service.requests.length, 1);
    await service.close();
  });

  test('looks once a minute however often it is called, never twice at once, and after the clock was set back', async () => {
    let looks = 0;
    let end = (): void => undefined;
    const read = (at: number): Promise<Health> => {
      looks += 1;
      return new Promise((resolve) => {
        end = () => resolve(healthOf({ at }));
      });
    };
    const { vigil } = vigilOf({ read }, null);
    vigil.tick();
    vigil.tick();
    now += 5 * MINUTE;
    vigil.tick();
    assert.equal(looks, 1, 'the first one is still under way');
    end();
    await vigil.settled();
    vigil.tick();
    assert.equal(looks, 2);
    end();
    await vigil.settled();
    now += MINUTE - 1;
    vigil.tick();
    assert.equal(looks, 2);
    now -= 9 * HOUR;
    vigil.tick();
    assert.equal(looks, 3);
    end();
    await vigil.stop();
    now += HOUR;
    vigil.tick();
    assert.equal(looks, 3, 'nothing begins after the stop');
  });
});

describe('a snapshot', () => {
  test('is taken of a real store, a real disk and a real control host', async () => {
    const folder = await temporaryFolder();
    const store = await openStore(folder.path);
    const site = await openControl();
    const now = Date.now();
    try {
      await store.saveTargets([targetNamed('a')]);
      await planEnds(store, now);
      const open = { level: 1, openUntil: now + HOUR, reason: 'asked to slow down', faults: 0 };
      await store.record(checkOf('a', now - 3 * MINUTE), { breaker: open });
      await refuseOne(store, now - 20 * MINUTE);
      const browser = { restarts: 40 };
      const control = new Control([site.origin], 'test');
      const reader = new HealthReader({ store, folder: folder.path, browser, control });
      const first = await reader.read(now);
      assert.deepEqual(
        [first.at, first.lastFinishedAt, first.oldestDueAt, first.isNetworkUp, first.browserRestartsInLastHour],
        [now, now - 3 * MINUTE + 1_000, now - 5 * MINUTE, true, 0],
      );
      assert.ok(Math.abs(first.clockOffsetMs ?? Infinity) < 2_000);
      assert.ok(first.freeBytes > 0 && first.freeShare > 0 && first.freeShare <= 1);
      assert.deepEqual(
        first.breakers.map(({ openUntil, reason }) => [openUntil, reason]),
        [[open.openUntil, open.reason]],
      );
      assert.deepEqual(first.lastHour, { done: 1, skipped: 2, missed: 1, reason: 'the frequent one' });
      const due = { channel: 'sink', count: 1, dueAt: now - 20 * MINUTE };
      assert.deepEqual(
        first.outbox.toSorted((one, other) => one.state.localeCompare(other.state)),
        [
          { ...due, state: 'ready' },
          { ...due, state: 'waiting', dueAt: Math.floor((now + HOUR) / MINUTE) * MINUTE },
        ],
      );
      browser.restarts = 47;
      assert.equal((await reader.read(now + 30 * MINUTE)).browserRestartsInLastHour, 7);
      assert.equal((await reader.read(now + HOUR)).browserRestartsInLastHour, 0);
    } finally {
      await store.end();
      await site.close();
      await folder.remove();
    }
  });

  /** One done, two skipped, one missed and one due in the last hour; one missed before it. */
  async function planEnds(store: Store, now: number): Promise<void> {
    const ends = [
      ['done', '', 50],
      ['skipped', 'the frequent one', 40],
      ['skipped', 'the frequent one', 30],
      ['missed', 'the rare one', 20],
      [null, '', 5],
      ['missed', 'long ago', 60],
    ] as const;
    for (const [end, reason, minutes] of ends) {
      const at = now - minutes * MINUTE;
      const mode = 'scheduled';
      const before = new Set((await store.due(now)).map(({ id }) => id));
      await store.plan([
        { targetId: 'a', plannedAt: at, intervalStart: at, intervalEnd: at + MINUTE, design: 'uniform', mode },
      ]);
      const planned = (await store.due(now)).find(({ id }) => !before.has(id));
      assert.ok(planned !== undefined);
      if (end !== null) await store.close(planned.id, end, reason);
    }
  }

  /** A message that was refused and is tried again an hour later, and one that waits on purpose. */
  async function refuseOne(store: Store, at: number): Promise<void> {
    const digestAt = new Date(at + HOUR + 20 * MINUTE).toISOString().slice(11, 16);
    const names = { channel: 'sink', sealedTo: Buffer.from('p') };
    await store.configureSubscriptions([
      { ...OPERATOR, ...names, toHash: Buffer.from('p') },
      { ...OPERATOR, ...names, toHash: Buffer.from('q'), digestAt, timeZone: 'UTC' },
    ]);
    await store.tell([canaryNotice('canary/x', at)], at);
    const allowances = new Map([['sink', 1]]);
    const [message] = await store.claim({ now: at, owner: 'test', leaseMs: MINUTE, allowances });
    assert.ok(message !== undefined);
    await store.postponeMessage(message.id, at + HOUR, 'HTTP 503');
  }

  test('asks the control host once in ten minutes while it answers, and at every look while it does not', async () => {
    const folder = await temporaryFolder();
    const store = await openStore(folder.path);
    let asked = 0;
    let isUp = true;
    let now = START;
    const site = createServer((request, response) => {
      asked += 1;
      response.setHeader('date', new Date(now).toUTCString());
      if (isUp) response.end();
      else request.socket.destroy();
    });
    await new Promise<void>((resolve) => {
      site.listen(0, '127.0.0.1', resolve);
    });
    const address = site.address();
    const origin = typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '';
    const control = new Control([origin], 'test', () => now);
    const reader = new HealthReader({ store, folder: folder.path, browser: { restarts: 0 }, control });
    const look = async (): Promise<boolean> => {
      const { isNetworkUp } = await reader.read(now);
      now += MINUTE;
      return isNetworkUp;
    };
    for (let count = 0; count < 10; count += 1) assert.equal(await look(), true);
    assert.equal(asked, 1);
    isUp = false;
    assert.equal(await look(), false);
    assert.equal(await look(), false);
    isUp = true;
    assert.equal(await look(), true, 'the end is seen at the next look');
    site.closeAllConnections();
    site.close();
    await store.end();
    await folder.remove();
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { canariesDue, canaryDay, canaryDelays, canaryNotice } from '../../src/alerts/canary.ts';
import type { ClaimedMessage, DeliveryCount, NewSubscription, Store } from '../../src/store/contract.ts';
import { alertLatency, delayMeasure } from '../../src/stats/latency.ts';
import type { AlertLatency } from '../../src/stats/results.ts';
import { openStore } from '../../src/store/open.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { noticeOf } from '../support/messages.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

const testsOf = (counts: readonly DeliveryCount[]): [string, AlertLatency['tests']][] =>
  alertLatency(counts, []).map(({ channel, tests }) => [channel, tests]);

const WANTS = [{ kinds: ['slots', 'canary'], state: 'active' }] as const;
/** Of a monitor that was started the day before, unless `startedAt` says otherwise. */
const keysAt = (instant: string, lastDay: string | null = null, startedAt?: string): string[] => {
  const now = Date.parse(instant);
  const since = startedAt === undefined ? now - 86_400_000 : Date.parse(startedAt);
  return canariesDue(WANTS, { lastDay, startedAt: since }, now).map(({ key }) => key);
};
const LONG = { lastDay: null, startedAt: 0 };

describe('the canary of the day', () => {
  for (const [name, instant, expected] of [
    ['waits for nine in Paris in winter', '2026-11-23T07:59:59Z', []],
    ['goes at nine in Paris in winter', '2026-11-23T08:00:00Z', ['canary/2026-11-23']],
    ['waits for nine in Paris in summer', '2026-07-14T06:59:59Z', []],
    ['goes at nine in Paris in summer', '2026-07-14T07:00:00Z', ['canary/2026-07-14']],
    ['goes late in the evening where nothing ran before', '2026-11-23T22:59:59Z', ['canary/2026-11-23']],
    ['is of the next day after midnight in Paris, and waits again', '2026-11-23T23:00:00Z', []],
    ['goes on the day on which the clocks change', '2026-10-25T08:00:00Z', ['canary/2026-10-25']],
  ] as const) {
    test(name, () => assert.deepEqual(keysAt(instant), expected));
  }

  test('does not go at the first start of all, but at the next nine', () => {
    const started = '2026-11-23T14:00:00Z';
    assert.deepEqual(keysAt('2026-11-23T14:00:30Z', null, started), []);
    assert.deepEqual(keysAt('2026-11-23T22:00:00Z', null, started), []);
    assert.deepEqual(keysAt('2026-11-24T07:59:59Z', null, started), []);
    assert.deepEqual(keysAt('2026-11-24T08:00:00Z', null, started), ['canary/2026-11-24']);
    assert.deepEqual(keysAt('2026-11-23T08:00:00Z', null, '2026-11-23T07:00:00Z'), ['canary/2026-11-23']);
  });

  test('goes late where the monitor ran before and was away at nine', () =>
    assert.deepEqual(keysAt('2026-11-23T14:00:30Z', '2026-11-22', '2026-11-23T14:00:00Z'), ['canary/2026-11-23']));

  test('is of the day in Paris', () => {
    assert.equal(canaryDay(Date.parse('2026-11-23T22:59:59Z')), '2026-11-23');
    assert.equal(canaryDay(Date.parse('2026-11-23T23:00:00Z')), '2026-11-24');
  });

  test('is made once by one process', () => {
    assert.deepEqual(keysAt('2026-11-23T08:01:00Z', '2026-11-23'), []);
    assert.deepEqual(keysAt('2026-11-24T08:01:00Z', '2026-11-23'), ['canary/2026-11-24']);
  });

  test('is made only if somebody who has confirmed asked for one', () => {
    const at = Date.parse('2026-11-23T12:00:00Z');
    assert.deepEqual(canariesDue([], LONG, at), []);
    assert.deepEqual(canariesDue([{ kinds: ['slots'], state: 'active' }], LONG, at), []);
    assert.deepEqual(canariesDue([{ kinds: ['canary'], state: 'pending' }], LONG, at), []);
  });
});

describe('in the store', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Store;
  const now = Date.parse('2026-11-23T08:00:00Z');
  beforeEach(async () => {
    folder = await temporaryFolder();
    store = await openStore(folder.path);
  });
  afterEach(async () => {
    await store.end();
    await folder.remove();
  });

  const subscription = (channel: string, change: Partial<NewSubscription> = {}): NewSubscription =>
    subscriptionOf(channel, { channel, kinds: ['canary'], departments: ['93'], createdAt: now, ...change });
  const claim = (): Promise<readonly ClaimedMessage[]> => {
    const allowances = new Map([
      ['email', 10],
      ['ntfy', 10],
    ]);
    return store.claim({ now, owner: 'test', leaseMs: 60_000, allowances });
  };

  test('one notice reaches every channel with such a recipient, once, also after a restart', async () => {
    await store.configureSubscriptions([
      subscription('email'),
      subscription('ntfy'),
      subscription('sms', { kinds: ['slots'] }),
    ]);
    const due = canariesDue(await store.subscriptions(), LONG, now);
    assert.equal(await store.tell(due, now), 2);
    assert.deepEqual((await claim()).map(({ channel }) => channel).toSorted(), ['email', 'ntfy']);
    const afterRestart = canariesDue(await store.subscriptions(), LONG, now + 60_000);
    assert.equal(afterRestart.length, 1);
    assert.equal(await store.tell(afterRestart, now + 60_000), 0);
  });

  test('S14: what the store counted of a real outbox becomes shares and delays', async () => {
    await store.configureSubscriptions([subscription('email'), subscription('ntfy')]);
    await store.tell(canariesDue(await store.subscriptions(), LONG, now), now);
    const delays: number[] = [];
    for (const message of await claim()) {
      const result = message.channel === 'email' ? 'sent' : 'dead';
      await store.endMessage(message.id, { result, now: now + 1_200 });
      if (result === 'sent') delays.push(...canaryDelays(message, now + 1_200));
    }
    assert.deepEqual(testsOf(await store.deliveryCounts()), [
      ['email', { count: 1, of: 1, share: 1 }],
      ['ntfy', { count: 0, of: 1, share: 0 }],
    ]);
    assert.deepEqual(delayMeasure(delays), { n: 1, medianMs: 1_200, p95Ms: 1_200 });
  });
});

describe('S14', () => {
  test('counts canaries only, and neither what expired nor what is still tried', () => {
    const count = (kind: string, result: string, number: number): DeliveryCount => ({
      channel: 'email',
      kind,
      result,
      count: number,
    });
    const counts = [
      count('canary', 'sent', 3),
      count('canary', 'dead', 1),
      count('canary', 'expired', 9),
      count('slots', 'sent', 50),
      count('slots', 'dead', 50),
    ];
    assert.deepEqual(testsOf(counts), [['email', { count: 3, of: 4, share: 0.75 }]]);
    assert.deepEqual(testsOf(counts.slice(2)), [['email', { count: 0, of: 0, share: null }]]);
  });

  test('takes the delay of canaries alone, and of nobody who chose to wait', () => {
    const notices = [
      canaryNotice('canary/2026-11-23', 1_000),
      noticeOf({ at: 2_000 }),
      canaryNotice('canary/late', 9_000),
    ];
    const messageOf = (change: object): ClaimedMessage =>
      ({ notices, subscription: { quiet: null, digestAt: null, ...change } }) as unknown as ClaimedMessage;
    assert.deepEqual(canaryDelays(messageOf({}), 5_000), [4_000, 0]);
    assert.deepEqual(canaryDelays(messageOf({ quiet: { from: '22:00', to: '07:00' } }), 5_000), []);
    assert.deepEqual(canaryDelays(messageOf({ digestAt: '08:00' }), 5_000), []);
  });

  test('median and p95 are delays that happened, by nearest rank, in any order', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => at + 1).toReversed();
    assert.deepEqual(delayMeasure(hundred), { n: 100, medianMs: 50, p95Ms: 95 });
    assert.deepEqual(delayMeasure([30, 10, 20]), { n: 3, medianMs: 20, p95Ms: 30 });
    assert.equal(delayMeasure([]), null);
  });
});

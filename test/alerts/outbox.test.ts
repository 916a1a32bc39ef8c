import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { pino } from 'pino';

import { DeliveryError, type Channel, type Message } from '../../src/alerts/channel.ts';
import { Outbox } from '../../src/alerts/outbox.ts';
import type { Notice } from '../../src/core/notice.ts';
import type { Check } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Target } from '../../src/core/target.ts';
import { followUps } from '../../src/decide/follow.ts';
import { z } from '../../src/probe.ts';
import type { NewSubscription, Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

const MINUTE = 60_000;
const SECOND = 1_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let now = START;
const TARGETS = new Map<string, Target>(
  ['a', 'bb', 'ccc'].map((id) => [id, { ...targetNamed(id), department: '93', procedure: 'renewal' }]),
);

beforeEach(async () => {
  now = START;
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([...TARGETS.values()]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const decide = followUps({ targets: TARGETS, isService: () => true });

async function record(target: string, outcome: Outcome, change: Partial<Check> = {}): Promise<void> {
  await store.record(checkOf(target, now, outcome, change), { decide });
}

function subscription(name: string, change: Partial<NewSubscription> = {}): NewSubscription {
  return subscriptionOf(name, { kinds: ['slots', 'better', 'gone', 'outage', 'recovered'], ...change });
}

interface Sink {
  /** `recipient: kind target, kind target` of what was accepted, in order. */
  readonly accepted: string[];
  readonly keys: string[];
  refusal: DeliveryError | null;
}

function openOutbox(): { sink: Sink; outbox: Outbox; run: (forMs: number, everyMs?: number) => Promise<void> } {
  const sink: Sink = { accepted: [], keys: [], refusal: null };
  const channel: Channel = {
    name: 'sink',
    settings: z.unknown(),
    to: z.string(),
    perMinute: 100_000,
    deliver: (message, to) => {
      sink.keys.push(message.key);
      if (sink.refusal !== null) return Promise.reject(sink.refusal);
      const told = message.notices.map(({ kind, place }) => `${kind} ${place?.id ?? ''}`.trim());
      sink.accepted.push(`${String(to)}: ${told.join(', ')}`);
      return Promise.resolve();
    },
  };
  const word = ({ key, notices }: { key: string; notices: readonly Notice[] }): Message => {
    return { key, language: 'fr', subject: '', text: '', short: '', notices, unsubscribe: null };
  };
  const outbox = new Outbox({
    store,
    channels: new Map([['sink', { channel, settings: null }]]),
    open: (sealed) => sealed.toString(),
    word,
    log: pino({ level: 'silent' }),
    owner: 'test',
    now: () => now,
  });
  const run = async (forMs: number, everyMs = SECOND): Promise<void> => {
    for (const until = now + forMs; now < until; now += everyMs) {
      await outbox.tick();
      await outbox.settled();
    }
  };
  return { sink, outbox, run };
}

describe('a volunteer hears of slots', () => {
  test('once for an opening, again for an earlier date, and when they are gone', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    const slots = (firstDate: string): Partial<Check> => ({
      reading: { outcome: 'slots', rule: 'r', message: '', facets: { firstDate } },
    });
    for (const [outcome, change] of [
      ['slots', slots('2026-12-10')],
      ['slots', slots('2026-12-10')],
      ['timeout', {}],
      ['slots', slots('2026-12-03')],
      ['no_slots', {}],
      ['no_slots', {}],
    ] as const) {
      await record('a', outcome, change);
      await run(3 * MINUTE);
    }
    assert.deepEqual(sink.accepted, ['odile: slots a', 'odile: better a', 'odile: gone a']);
    assert.equal(new Set(sink.keys).size, 3);
  });

  test('in one message when several targets open within a moment', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    for (const target of TARGETS.keys()) {
      await record(target, 'slots');
      now += 300;
    }
    await run(10 * SECOND);
    assert.deepEqual(sink.accepted, ['odile: slots a, slots bb, slots ccc']);
  });

  test('of a hundred openings in a minute in a handful of messages, each of them once', async () => {
    const many = Array.from({ length: 100 }, (_each, at) => ({ ...targetNamed('x'), id: `t${at}`, department: '93' }));
    await store.saveTargets(many);
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    const storm = followUps({ targets: new Map(many.map((target) => [target.id, target])) });
    for (const { id } of many) {
      await store.record(checkOf(id, now, 'slots'), { decide: storm });
      await run(600, 600);
    }
    await run(2 * MINUTE);
    assert.ok(sink.accepted.length <= 5, `${sink.accepted.length} messages`);
    const told = sink.accepted.flatMap((line) => line.slice('odile: '.length).split(', '));
    assert.deepEqual([told.length, new Set(told).size], [100, 100]);
  });

  test('and has subscribed since the first start, not since the last one', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    await store.configureSubscriptions([subscription('odile', { createdAt: START + MINUTE, language: 'en' })]);
    const [odile, ...others] = await store.subscriptions();
    assert.deepEqual([odile?.createdAt, odile?.confirmedAt, odile?.language], [START, START, 'en']);
    assert.deepEqual(others, []);
  });

  test('only of what was asked for', async () => {
    await store.configureSubscriptions([
      subscription('here', { departments: ['93'] }),
      subscription('there', { departments: ['69'] }),
      subscription('renewals', { procedures: ['renewal'] }),
      subscription('others', { procedures: ['aes'] }),
      subscription('elsewhere', { platforms: ['anef'] }),
      subscription('goners', { kinds: ['gone'] }),
      subscription('pending', { state: 'pending' }),
    ]);
    const { sink, run } = openOutbox();
    await record('a', 'slots');
    await run(10 * SECOND);
    assert.deepEqual(new Set(sink.accepted), new Set(['here: slots a', 'renewals: slots a']));
  });

  test('after quiet hours, unless it is gone by then: then the "gone" tells it', async () => {
    // 08:00 UTC is 09:00 in Paris.
    const quiet = { from: '08:30', to: '09:30' };
    await store.configureSubscriptions([
      subscription('odile', { quiet, kinds: ['slots'] }),
      subscription('paul', { quiet }),
    ]);
    const { sink, run } = openOutbox();
    await record('a', 'slots');
    await record('bb', 'slots');
    await run(20 * MINUTE, MINUTE);
    await record('bb', 'no_slots');
    await run(9 * MINUTE, MINUTE);
    assert.deepEqual(sink.accepted, []);
    await run(3 * MINUTE);
    assert.deepEqual(new Set(sink.accepted), new Set(['odile: slots a', 'paul: slots a, gone bb']));
    const counts = (await store.deliveryCounts()).map(({ kind, result, count }) => `${kind} ${result} ${count}`);
    assert.deepEqual(new Set(counts), new Set(['gone sent 1', 'slots expired 2', 'slots sent 2']));
  });

  test('once a day where a digest was asked for', async () => {
    await store.configureSubscriptions([subscription('odile', { digestAt: '10:00' })]);
    const { sink, run } = openOutbox();
    await record('a', 'slots');
    await run(30 * MINUTE, MINUTE);
    await record('bb', 'slots');
    await run(29 * MINUTE, MINUTE);
    assert.deepEqual(sink.accepted, []);
    await run(3 * MINUTE, MINUTE);
    assert.deepEqual(sink.accepted, ['odile: slots a, slots bb']);
  });
});

describe('a service that does not accept', () => {
  test('for ten minutes: all is delivered afterwards, in order, none twice', async () => {
    await store.configureSubscriptions([subscription('odile'), subscription('paul')]);
    const { sink, run } = openOutbox();
    sink.refusal = new DeliveryError('HTTP 503', { isFinal: false });
    for (const [target, outcome] of [
      ['a', 'slots'],
      ['bb', 'slots'],
      ['bb', 'no_slots'],
      ['ccc', 'slots'],
    ] as const) {
      await record(target, outcome);
      await run(2.5 * MINUTE);
    }
    assert.deepEqual(sink.accepted, []);
    sink.refusal = null;
    await run(30 * MINUTE, 5 * SECOND);
    const of = (name: string): string[] => sink.accepted.filter((line) => line.startsWith(name));
    for (const name of ['odile', 'paul'])
      assert.deepEqual(of(name), [`${name}: slots a`, `${name}: gone bb, slots ccc`]);
  });

  test('a repetition has the key of the first attempt', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    sink.refusal = new DeliveryError('HTTP 503', { isFinal: false });
    await record('a', 'slots');
    await run(5 * MINUTE);
    assert.ok(sink.keys.length > 2);
    assert.equal(new Set(sink.keys).size, 1);
  });

  test('that names its time is not asked before it', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    sink.refusal = new DeliveryError('HTTP 429', { isFinal: false, retryAfterMs: 20 * MINUTE });
    await record('a', 'slots');
    await run(19 * MINUTE, 5 * SECOND);
    assert.equal(sink.keys.length, 1);
    await run(3 * MINUTE, 5 * SECOND);
    assert.equal(sink.keys.length, 2);
  });

  test('for good: the message is a dead letter, seen, and sent again by a person', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    sink.refusal = new DeliveryError('HTTP 403', { isFinal: true });
    await record('a', 'slots');
    await run(5 * MINUTE, 5 * SECOND);
    const [dead] = await store.messages({ limit: 9 });
    assert.deepEqual([dead?.state, dead?.lastError, dead?.attempts, sink.keys.length], ['dead', 'HTTP 403', 1, 1]);
    sink.refusal = null;
    assert.equal(await store.reviveMessages(dead?.id ?? 0, now), 1);
    await run(10 * SECOND);
    assert.deepEqual(sink.accepted, ['odile: slots a']);
  });

  test('for a day: it is given up in the end', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    sink.refusal = new DeliveryError('ECONNREFUSED', { isFinal: false });
    await record('a', 'slots');
    await run(24 * 60 * MINUTE, MINUTE);
    assert.equal((await store.messages({ limit: 9 }))[0]?.state, 'dead');
    assert.ok(sink.keys.length <= 14);
  });

  test('somebody who leaves takes everything with them, and no count is lost', async () => {
    await store.configureSubscriptions([subscription('odile')]);
    const { sink, run } = openOutbox();
    await record('a', 'slots');
    await run(10 * SECOND);
    await record('bb', 'slots');
    const [odile] = await store.subscriptions();
    assert.equal(await store.unsubscribe(odile?.id ?? 0), true);
    await run(10 * SECOND);
    assert.deepEqual(sink.accepted, ['odile: slots a']);
    assert.deepEqual([await store.messages({ limit: 9 }), await store.subscriptions()], [[], []]);
    assert.deepEqual(
      (await store.deliveryCounts()).map(({ count }) => count),
      [1],
    );
  });
});

describe('ten thousand subscribers', () => {
  test('are written for one opening in under two seconds, and a check beside them waits less than one', async () => {
    const many = Array.from({ length: 10_000 }, (_each, at) =>
      subscription(`s${at}`, { digestAt: at % 2 === 0 ? '08:00' : null, quiet: { from: '22:00', to: '07:00' } }),
    );
    await store.configureSubscriptions(many);
    const { sink, run, outbox } = openOutbox();
    const began = performance.now();
    await record('a', 'slots');
    assert.ok(performance.now() - began < 2_000, `${Math.round(performance.now() - began)} ms`);
    now += 2 * SECOND;
    await outbox.tick();
    const waited = performance.now();
    await record('bb', 'no_slots');
    assert.ok(performance.now() - waited < 1_000, `${Math.round(performance.now() - waited)} ms`);
    await outbox.settled();
    await run(10 * MINUTE);
    assert.equal(new Set(sink.accepted).size, 5_000);
    assert.equal(sink.accepted.length, 5_000);
  });
});

describe('kill -9', () => {
  const points = ['record', 'recorded', 'claimed', 'sent', 'marked'] as const;
  for (const point of points) {
    test(`at "${point}" loses nothing and repeats at most the message in flight, with its key`, async () => {
      await store.configureSubscriptions([subscription('odile')]);
      const keys: string[] = [];
      const server = createServer((request, response) => {
        request.on('data', (chunk: Buffer) => keys.push(chunk.toString()));
        request.on('end', () => response.end());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const { port } = server.address() as AddressInfo;
      const run = (at: string, minutes: number): Promise<string | null> =>
        new Promise((resolve) => {
          const script = new URL('../support/outbox-process.ts', import.meta.url).pathname;
          const args = [script, folder.path, `http://127.0.0.1:${port}/`, at, String(minutes)];
          const child = spawn(process.execPath, args, {
            stdio: 'inherit',
          });
          child.once('exit', (_code, signal) => resolve(signal));
        });
      try {
        assert.equal(await run(point, 1), 'SIGKILL');
        assert.equal(await run('never', 5), null);
        assert.equal(await run('never', 10), null);
        assert.equal(new Set(keys).size, 1);
        assert.equal(keys.length, point === 'sent' ? 2 : 1);
        assert.equal((await store.messages({ limit: 9 }))[0]?.state, 'sent');
      } finally {
        server.close();
      }
    });
  }
});

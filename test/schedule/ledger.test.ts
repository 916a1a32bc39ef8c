import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';

import { Ledger } from '../../src/schedule/ledger.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { HOUR, plannedCounts, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

const HALF = HOUR / 2;
const TARGETS = ['a', 'bb', 'ccc'].map((id) => ({ id, intervalMs: HALF, spacingMs: 180_000 }));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets(TARGETS.map(({ id }) => targetNamed(id)));
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const planned = (): Promise<Record<string, number>> => plannedCounts(store);

/** Ticks every minute and closes what is due at once, as a monitor with idle hosts would. */
async function live(ledger: Ledger, from: number, until: number): Promise<number> {
  let begun = 0;
  for (let now = from; now < until; now += 60_000) {
    for (const due of await ledger.tick(now)) {
      await store.begin(due.id, now);
      await store.close(due.id, 'done', '');
      begun += 1;
    }
  }
  return begun;
}

describe('ledger', () => {
  test('a first start plans the running interval and the next one, and misses nothing', async () => {
    const ledger = new Ledger(store, TARGETS, 'seed');
    assert.equal(await ledger.accountForGap(START + 1), 0);
    assert.deepEqual(await planned(), { planned: 6 });
  });

  test('one check of each target falls due in each interval', async () => {
    const ledger = new Ledger(store, TARGETS, 'seed');
    await ledger.accountForGap(START);
    assert.equal(await live(ledger, START, START + 10 * HOUR), 60);
  });

  test('after three hours off, each interval that passed is a missed check, counted once', async () => {
    const first = new Ledger(store, TARGETS, 'seed');
    await first.accountForGap(START);
    await live(first, START, START + HOUR);
    const done = (await planned())['done'] ?? 0;
    assert.equal(done, 6);
    const again = START + 4 * HOUR;
    const missed = await new Ledger(store, TARGETS, 'seed').accountForGap(again);
    assert.equal(await new Ledger(store, TARGETS, 'seed').accountForGap(again), 0);
    // Three hours are six intervals of three targets, and the interval now running may have had its instant already.
    assert.ok(missed >= 18 && missed <= 21, String(missed));
    assert.equal((await planned())['missed the monitor was not running'], missed);
  });

  test('a machine that slept has missed what fell due meanwhile', async () => {
    const ledger = new Ledger(store, TARGETS, 'seed');
    await ledger.accountForGap(START);
    await ledger.tick(START);
    assert.deepEqual(await ledger.tick(START + 5 * HOUR), []);
    assert.ok(((await planned())['missed the machine slept'] ?? 0) >= 30 - 3);
  });

  test('a check still waiting when the next one of its target is due was overtaken', async () => {
    const ledger = new Ledger(store, TARGETS.slice(0, 1), 'seed');
    await ledger.accountForGap(START);
    let seen = 0;
    for (let now = START; now < START + 3 * HOUR; now += 60_000) seen = Math.max(seen, (await ledger.tick(now)).length);
    assert.equal(seen, 1);
    assert.ok(((await planned())['skipped overtaken by another check of the target'] ?? 0) >= 4);
  });

  test('a confirmation gives way to a scheduled check that is due with it, however old that one is', async () => {
    const [target] = TARGETS;
    assert.ok(target !== undefined);
    const ledger = new Ledger(store, [target], 'seed');
    await ledger.accountForGap(START);
    const later = START + HOUR / 2;
    const interval = { intervalStart: later, intervalEnd: later + 1, plannedAt: later };
    await store.plan([{ targetId: target.id, ...interval, design: 'opportunistic', mode: 'confirmation' }]);
    assert.deepEqual(
      (await ledger.tick(later)).map(({ mode }) => mode),
      ['scheduled'],
    );
    assert.equal((await planned())['skipped overtaken by another check of the target'], 1);
  });

  test('a target that is no longer watched leaves no open plan', async () => {
    await new Ledger(store, TARGETS, 'seed').accountForGap(START + 1);
    await new Ledger(store, TARGETS.slice(0, 1), 'seed').accountForGap(START + 60_000);
    assert.equal((await planned())['skipped no longer watched'], 4);
  });

  test('whatever the times of stops and starts, every interval of every target has exactly one plan and one end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 120 })), {
          minLength: 1,
          maxLength: 5,
        }),
        async (runs) => {
          const own = await temporaryFolder();
          const kept = store;
          store = await openStore(own.path);
          try {
            await store.saveTargets(TARGETS.map(({ id }) => targetNamed(id)));
            let now = START;
            for (const [off, on] of runs) {
              now += off * 60_000;
              const ledger = new Ledger(store, TARGETS, 'seed');
              await ledger.accountForGap(now);
              await live(ledger, now, now + on * 60_000);
              now += on * 60_000;
            }
            await new Ledger(store, TARGETS, 'seed').accountForGap(now);
            const counts = await store.plannedCounts();
            const total = counts.reduce((sum, { count }) => sum + count, 0);
            const until = [...(await store.plannedUntil()).values()].map(({ intervalEnd }) => intervalEnd);
            const begun = START + (runs[0]?.[0] ?? 0) * 60_000;
            const expected = until.reduce((sum, end) => sum + (end - Math.floor(begun / HALF) * HALF) / HALF, 0);
            assert.equal(total, expected);
            assert.equal(
              counts.find(({ state }) => state === 'begun'),
              undefined,
            );
          } finally {
            await store.end();
            store = kept;
            await own.remove();
          }
        },
      ),
      { numRuns: 12 },
    );
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';

import type { Admission } from '../../src/core/host.ts';
import { bareTarget } from '../../src/core/target.ts';
import { admit, FLOORS, withinFloors } from '../../src/run/politeness.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkRecord } from '../support/check-record.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** The floors hold by a clock that nobody can set, whatever happens to the one on the wall. */

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;
// In this hour the clocks of Paris go back: the wall's instants are UTC and do not.
const START = Date.UTC(2026, 9, 25, 0, 30);
const HOST = 'www.site.example';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
before(async () => {
  folder = await temporaryFolder();
});
after(() => folder.remove());

let stores = 0;

/** A machine with a clock on the wall and one of its own, and stores of processes that follow one another. */
async function openMachine(checksPerHostAndHour = Infinity) {
  const path = `${folder.path}/${(stores += 1)}`;
  const time = { wall: START, steady: 5 * HOUR, boot: 'first' };
  const clockOf = () => ({ boot: time.boot, now: () => time.steady });
  let store: Store = await openStore(path, { clock: clockOf() });
  const rules = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour });
  const targets = [0, 1, 2].map((at) =>
    bareTarget({ id: `t-${at}`, platform: 'stub', address: `https://${HOST}/${at}`, practice: false }),
  );
  await store.saveTargets(targets);
  return {
    time,
    pass: (milliseconds: number) => {
      time.wall += milliseconds;
      time.steady += milliseconds;
    },
    ask: (target: number): Promise<Admission> => {
      const { wall: now } = time;
      return store.lease({
        host: HOST,
        targetId: `t-${target}`,
        owner: 'monitor:1',
        now,
        until: now + 100 * SECOND,
        admitted: (state, lastVisitAt) => admit(rules, state, lastVisitAt, now),
      });
    },
    end: async (target: number, startedAt: number): Promise<void> => {
      await store.release(HOST, 'monitor:1', time.wall);
      await store.record(
        checkRecord({ targetId: `t-${target}`, host: HOST, startedAt, finishedAt: Math.max(startedAt, time.wall) }),
        {},
      );
    },
    restart: async () => {
      await store.end();
      store = await openStore(path, { clock: clockOf() });
      await store.releaseAll('monitor:', time.wall);
    },
    close: () => store.end(),
  };
}

describe('C6: a clock that is set brings no check too early', () => {
  test('C6: an hour on, neither the target nor its host is free, nor after a restart', async () => {
    const machine = await openMachine();
    assert.equal((await machine.ask(0)).kind, 'go');
    const startedAt = machine.time.wall;
    machine.pass(5 * SECOND);
    machine.time.wall += HOUR;
    assert.deepEqual((await machine.ask(1)).kind, 'wait', 'the visit is still under way');
    await machine.end(0, startedAt);
    machine.time.wall += HOUR;
    machine.pass(15 * SECOND);
    const host = await machine.ask(1);
    assert.ok(
      host.kind === 'wait' && host.reason === 'spacing of the host' && host.until === machine.time.wall + 5 * SECOND,
    );
    await machine.restart();
    machine.time.wall += HOUR;
    machine.pass(100 * SECOND);
    const target = await machine.ask(0);
    assert.ok(target.kind === 'wait' && target.until === machine.time.wall + 60 * SECOND, JSON.stringify(target));
    machine.pass(60 * SECOND);
    assert.equal((await machine.ask(0)).kind, 'go');
    await machine.close();
  });

  test('C6: after a new start of the machine its uptime is what is certain', async () => {
    const machine = await openMachine();
    assert.equal((await machine.ask(0)).kind, 'go');
    await machine.end(0, machine.time.wall);
    machine.time.wall += HOUR;
    Object.assign(machine.time, { steady: 30 * SECOND, boot: 'second' });
    await machine.restart();
    assert.equal((await machine.ask(0)).kind, 'wait');
    machine.pass(150 * SECOND);
    assert.equal((await machine.ask(0)).kind, 'go');
    await machine.close();
  });

  test('C6: an hour on, the budget of the hour stays used', async () => {
    const machine = await openMachine(2);
    for (const target of [0, 1]) {
      assert.equal((await machine.ask(target)).kind, 'go');
      await machine.end(target, machine.time.wall);
      machine.pass(60 * SECOND);
    }
    machine.time.wall += HOUR;
    assert.deepEqual(await machine.ask(2), { kind: 'skip', reason: 'budget of the host' });
    machine.pass(HOUR);
    assert.equal((await machine.ask(2)).kind, 'go');
    await machine.close();
  });

  test('C6: however the clock is set and whenever the monitor starts anew, no two visits come too close', async () => {
    const step = fc.record({
      target: fc.integer({ min: 0, max: 2 }),
      gapMs: fc.integer({ min: 0, max: 100_000 }),
      lastsMs: fc.integer({ min: 0, max: 60_000 }),
      setBy: fc.constantFrom(0, 0, 0, HOUR, -HOUR, 2 * HOUR, 20 * SECOND, -90 * SECOND, 24 * HOUR),
      isRestarted: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const machine = await openMachine();
        const made: { target: number; begun: number; ended: number }[] = [];
        for (const { target, gapMs, lastsMs, setBy, isRestarted } of steps) {
          machine.pass(gapMs);
          machine.time.wall += setBy;
          if (isRestarted) await machine.restart();
          if ((await machine.ask(target)).kind !== 'go') continue;
          const begun = machine.time.steady;
          const startedAt = machine.time.wall;
          machine.pass(lastsMs);
          await machine.end(target, startedAt);
          made.push({ target, begun, ended: machine.time.steady });
        }
        await machine.close();
        for (const [at, { target, begun }] of made.entries()) {
          const earlier = made.slice(0, at);
          const host = earlier.at(-1);
          assert.ok(host === undefined || begun - host.ended >= FLOORS.hostSpacingMs, 'spacing of the host');
          const same = earlier.findLast((one) => one.target === target);
          assert.ok(same === undefined || begun - same.begun >= FLOORS.targetSpacingMs, 'spacing of the target');
        }
      }),
      { numRuns: 15 },
    );
  });
});

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';

import { configShape } from '../../src/config/shape.ts';
import { CLOSED_BREAKER, type Admission } from '../../src/core/host.ts';
import { bareTarget } from '../../src/core/target.ts';
import { admit, FLOORS, withinFloors, type PolitenessRules } from '../../src/run/politeness.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { openBench } from '../support/bench.ts';
import { checkRecord } from '../support/check-record.ts';
import type { LeaseOrder } from '../support/lease-process.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { openPage, openWebSite, sendPage } from '../support/web-site.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 23, 8);

/** Rules as a careless or hostile configuration could give them. */
const anyRules: fc.Arbitrary<PolitenessRules> = fc.record({
  targetSpacingMs: fc.integer({ min: -1_000_000, max: 400_000 }),
  hostSpacingMs: fc.integer({ min: -1_000_000, max: 60_000 }),
  checksPerHostAndHour: fc.oneof(fc.integer({ min: 0, max: 1_000 }), fc.constant(Infinity)),
});

interface Attempt {
  readonly target: number;
  /** Since the attempt before. */
  readonly gapMs: number;
  readonly lastsMs: number;
}

const attempts = fc.array(
  fc.record({
    target: fc.integer({ min: 0, max: 3 }),
    gapMs: fc.integer({ min: 0, max: 45_000 }),
    lastsMs: fc.integer({ min: 0, max: 120_000 }),
  }),
  { minLength: 20, maxLength: 300 },
);

interface Made {
  readonly target: number;
  readonly startedAt: number;
  readonly finishedAt: number;
}

/** All checks that `admit` lets through when they are asked for at these instants on one host. */
function checksMade(rules: PolitenessRules, asked: readonly Attempt[]): Made[] {
  const made: Made[] = [];
  let now = START;
  for (const { target, gapMs, lastsMs } of asked) {
    now += gapMs;
    const at = now;
    const last = made.at(-1);
    const isUnderWay = last !== undefined && last.finishedAt > at;
    const host = {
      host: 'h',
      lastLoadAt: last === undefined ? 0 : Math.min(last.finishedAt, at),
      checksInLastHour: made.filter((check) => check.startedAt > at - HOUR).length,
      leasedUntil: isUnderWay ? last.startedAt + 140_000 : 0,
      breaker: CLOSED_BREAKER,
    };
    const lastOfTarget = made.findLast((check) => check.target === target)?.finishedAt ?? 0;
    if (admit(rules, host, Math.min(lastOfTarget, at), at).kind !== 'go') continue;
    made.push({ target, startedAt: at, finishedAt: at + lastsMs });
  }
  return made;
}

function assertPolite(made: readonly Made[], budget: number): void {
  for (const [at, check] of made.entries()) {
    const earlier = made.slice(0, at);
    const sameTarget = earlier.findLast((one) => one.target === check.target);
    if (sameTarget !== undefined) assert.ok(check.startedAt - sameTarget.startedAt >= 180 * SECOND, 'target spacing');
    const previous = earlier.at(-1);
    if (previous !== undefined) {
      assert.ok(check.startedAt - previous.finishedAt >= 20 * SECOND, 'host spacing, one check at a time');
    }
    const inHour = earlier.filter((one) => one.startedAt > check.startedAt - HOUR).length + 1;
    assert.ok(inHour <= budget, 'budget of the hour');
  }
}

describe('C6: no setting goes below the floors', () => {
  test('C6: the floors are 180 s a target, 20 s a host and 180 checks an hour', () => {
    assert.deepEqual(FLOORS, { targetSpacingMs: 180_000, hostSpacingMs: 20_000, checksPerHostAndHour: 180 });
    assert.deepEqual(withinFloors({ targetSpacingMs: 0, hostSpacingMs: -1, checksPerHostAndHour: Infinity }), FLOORS);
    const slower = { targetSpacingMs: 200_000, hostSpacingMs: 30_000, checksPerHostAndHour: 10 };
    assert.deepEqual(withinFloors(slower), slower);
  });

  test('C6: whatever is asked for when, no two checks come too close', () => {
    fc.assert(
      fc.property(anyRules, attempts, (rules, asked) => {
        const held = withinFloors(rules);
        assertPolite(checksMade(held, asked), held.checksPerHostAndHour);
      }),
      { numRuns: 300 },
    );
  });

  test('C6: without the floors the same schedules would break them', () => {
    const careless = { targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: Infinity };
    const asked = Array.from({ length: 10 }, () => ({ target: 0, gapMs: 1_000, lastsMs: 0 }));
    assert.throws(() => assertPolite(checksMade(careless, asked), 180), /target spacing/);
  });

  test('C6: a rule that is no number at all still holds the floors', () => {
    const held = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 2 });
    const host = { host: 'h', lastLoadAt: 0, checksInLastHour: 2, leasedUntil: 0, breaker: CLOSED_BREAKER };
    assert.deepEqual(admit(held, host, 0, START), { kind: 'skip', reason: 'budget of the host' });
  });

  for (const [path, value] of [
    ['schedule.intervalSeconds', { schedule: { intervalSeconds: 179 } }],
    ['politeness.hostSpacingSeconds', { politeness: { hostSpacingSeconds: 19.9 } }],
    ['politeness.checksPerHostAndHour', { politeness: { checksPerHostAndHour: 181 } }],
  ] as const) {
    test(`C6: ${path} beyond its floor is refused, not corrected`, () => {
      const checked = configShape.safeParse(value);
      assert.equal(checked.error?.issues[0]?.path.join('.'), path);
    });
  }
});

describe('C6: two processes on one store keep the floors together', () => {
  const host = 'www.site.example';
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  const rules = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: Infinity });
  const lease = (store: Store, owner: string, targetId: string, now: number): Promise<Admission> =>
    store.lease({
      host,
      targetId,
      owner,
      now,
      until: now + 140_000,
      admitted: (state, lastVisitAt) => admit(rules, state, lastVisitAt, now),
    });

  const onTwoStores = async (name: string, use: (a: Store, b: Store) => Promise<void>): Promise<void> => {
    const path = `${folder.path}/${name}`;
    const stores = [await openStore(path), await openStore(path)] as const;
    try {
      const targets = [0, 1, 2, 3].map((number) =>
        bareTarget({ id: `t-${number}`, platform: 'stub', address: `https://${host}/${number}`, practice: false }),
      );
      await stores[0].saveTargets(targets);
      await use(...stores);
    } finally {
      await Promise.all(stores.map((store) => store.end()));
    }
  };

  test('C6: when both ask at once, one is admitted at most, and never too early', async () => {
    const path = `${folder.path}/both`;
    await onTwoStores('both', () => Promise.resolve());
    const processes = [0, 1].map((at) => openLeaseProcess([path, host, `owner-${at}`]));
    const steps = fc.array(
      fc.record({
        targets: fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 })),
        gapMs: fc.integer({ min: 0, max: 90_000 }),
        lastsMs: fc.integer({ min: 0, max: 30_000 }),
      }),
      { minLength: 10, maxLength: 40 },
    );
    let now = START;
    try {
      await Promise.all(processes.map((one) => one.ready));
      await fc.assert(
        fc.asyncProperty(steps, async (asked) => {
          now += 2 * HOUR;
          const made: Made[] = [];
          for (const { targets, gapMs, lastsMs } of asked) {
            now += gapMs;
            const startedAt = now;
            const answers = await Promise.all(
              processes.map((one, at) => one.tell({ ask: 'lease', targetId: `t-${targets[at]}`, now, startedAt })),
            );
            assert.deepEqual(
              answers.filter((answer) => answer !== 'wait' && answer !== 'go' && answer !== 'skip'),
              [],
            );
            const winner = answers.indexOf('go');
            assert.ok(winner === answers.lastIndexOf('go'), 'both were admitted');
            if (winner === -1) continue;
            const target = targets[winner] ?? 0;
            now += lastsMs;
            made.push({ target, startedAt, finishedAt: now });
            await processes[winner]?.tell({ ask: 'finish', targetId: `t-${target}`, now, startedAt });
          }
          assertPolite(made, 180);
        }),
        { numRuns: 8, endOnFailure: true },
      );
    } finally {
      for (const one of processes) one.end();
    }
  });

  test('C6: a lease that ran out with its process keeps its target spaced', async () => {
    await onTwoStores('crash', async (a, b) => {
      assert.equal((await lease(a, 'killed', 't-0', START)).kind, 'go');
      const early = await lease(b, 'next', 't-0', START + 141 * SECOND);
      assert.equal(early.kind, 'wait', 'the target was visited 141 s ago by a process that was killed');
    });
  });

  test('C6: a visit whose record could not be written keeps its target spaced', async () => {
    await onTwoStores('unwritten', async (a, b) => {
      assert.equal((await lease(a, 'first', 't-0', START)).kind, 'go');
      await a.release(host, 'first', START + 5 * SECOND);
      const early = await lease(b, 'second', 't-0', START + 30 * SECOND);
      assert.equal(early.kind, 'wait', 'the target was visited 25 s ago');
    });
  });

  test('C6: the budget of the hour holds over both processes and reopens after it', async () => {
    const small = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 2 });
    await onTwoStores('budget', async (a, b) => {
      const leaseSmall = (store: Store, targetId: string, now: number) =>
        store.lease({
          host,
          targetId,
          owner: 'o',
          now,
          until: now + 1,
          admitted: (state, last) => admit(small, state, last, now),
        });
      for (const [at, store] of [a, b].entries()) {
        const now = START + at * 60 * SECOND;
        assert.equal((await leaseSmall(store, `t-${at}`, now)).kind, 'go');
        await store.release(host, 'o', now);
        await store.record(checkRecord({ targetId: `t-${at}`, host, startedAt: now, finishedAt: now }), {});
      }
      assert.deepEqual(await leaseSmall(a, 't-2', START + 200 * SECOND), {
        kind: 'skip',
        reason: 'budget of the host',
      });
      assert.equal((await leaseSmall(b, 't-2', START + HOUR + SECOND)).kind, 'go');
    });
  });
});

function openLeaseProcess(args: readonly string[]) {
  const child = fork(new URL('../support/lease-process.ts', import.meta.url), args, {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const next = async (): Promise<string> => String((await once(child, 'message'))[0]);
  return {
    ready: next(),
    tell: (order: LeaseOrder): Promise<string> => {
      const answer = next();
      child.send(order);
      return answer;
    },
    end: () => child.kill(),
  };
}

describe('C6: one check at a time on a host', () => {
  test('C6: of two checks begun at once one waits, and its page is not asked for', async () => {
    const bench = await openBench();
    const site = await openWebSite((_asked, response) => sendPage(response, openPage('')));
    try {
      const results = await Promise.all([
        bench.run(`${site.origin}/a`, {}, { parts: { owner: 'first' } }),
        bench.run(`${site.origin}/b`, {}, { parts: { owner: 'second' } }),
      ]);
      assert.deepEqual(results.map(({ kind }) => kind).toSorted(), ['checked', 'wait']);
      assert.equal(site.asked.filter(({ path }) => path === '/a' || path === '/b').length, 1);
      const again = await bench.run(`${site.origin}/c`, {}, { parts: { owner: 'second' } });
      assert.equal(again.kind, 'checked');
    } finally {
      await bench.close();
      await site.close();
    }
  });
});

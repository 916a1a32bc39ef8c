import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import fc from 'fast-check';

import { CLOSED_BREAKER } from '../../src/core/host.ts';
import { bareTarget } from '../../src/core/target.ts';
import type { Probe } from '../../src/probe.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { admit, withinFloors, type PolitenessRules } from '../../src/run/politeness.ts';
import { WalkHosts } from '../../src/run/walk-hosts.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { checkRecord } from '../support/check-record.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { Timeline } from '../support/timeline.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const SECOND = 1_000;
const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 23, 8);
const HOSTS = ['a.example', 'b.example', 'c.example'] as const;
const LEASE_MS = 140 * SECOND;

const free = { stoppedBy: () => null };

/** One check whose walk leads over hosts, by their numbers. */
interface Walk {
  readonly startsMs: number;
  readonly hosts: readonly number[];
  readonly target: number;
  readonly eachMs: number;
}

const walks = fc.array(
  fc.record({
    startsMs: fc.integer({ min: 0, max: 2 * HOUR }),
    hosts: fc.array(fc.integer({ min: 0, max: HOSTS.length - 1 }), { minLength: 1, maxLength: 4 }),
    target: fc.integer({ min: 0, max: 5 }),
    eachMs: fc.integer({ min: 0, max: 20 * SECOND }),
  }),
  { minLength: 30, maxLength: 120 },
);

interface Visit {
  readonly host: string;
  readonly startedAt: number;
  finishedAt: number;
}

describe('C6: spacing and budget hold for every host of a walk', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Store;
  let stores = 0;
  before(async () => {
    folder = await temporaryFolder();
  });
  after(() => folder.remove());

  const withStore = async (use: () => Promise<void>): Promise<void> => {
    stores += 1;
    store = await openStore(`${folder.path}/${stores}`);
    try {
      const ids = HOSTS.flatMap((host) => [0, 1, 2, 3, 4, 5].map((one) => ({ host, id: `${host}-${one}` })));
      await store.saveTargets(
        ids.map(({ host, id }) =>
          bareTarget({ id, platform: 'stub', address: `https://${host}/${id}`, practice: false }),
        ),
      );
      await use();
    } finally {
      await store.end();
    }
  };

  const walkHosts = (time: Timeline, rules: PolitenessRules, own: string, targetId = `${own}-0`): WalkHosts =>
    new WalkHosts({
      ...{ store, killSwitch: free, rules, owner: `walk-${targetId}-${time.now}`, targetId, own },
      until: time.now + LEASE_MS,
      now: () => time.now,
      pause: (milliseconds) => time.pause(milliseconds),
    });

  /** Makes one check as the runner does; says which hosts it asked from when to when. */
  async function walked(time: Timeline, rules: PolitenessRules, walk: Walk): Promise<readonly Visit[]> {
    await time.pause(walk.startsMs);
    const [own = '', ...others] = walk.hosts.map((at) => HOSTS[at] ?? '');
    const targetId = `${own}-${walk.target}`;
    const startedAt = time.now;
    const owner = `walk-${targetId}-${startedAt}`;
    const admission = await store.lease({
      ...{ host: own, targetId, owner, now: startedAt, until: startedAt + LEASE_MS },
      admitted: (state, lastVisitAt) => admit(rules, state, lastVisitAt, startedAt),
    });
    if (admission.kind !== 'go') return [];
    const visits: Visit[] = [{ host: own, startedAt, finishedAt: startedAt }];
    const hosts = walkHosts(time, rules, own, targetId);
    await time.pause(walk.eachMs);
    for (const host of others) {
      const askedAt = time.now;
      if ((await hosts.enter(host)) !== null) break;
      assert.ok(time.now - askedAt <= 30 * SECOND, 'waits within reason');
      if (!visits.some((visit) => visit.host === host)) visits.push({ host, startedAt: time.now, finishedAt: 0 });
      await time.pause(walk.eachMs);
    }
    await hosts.leave();
    await store.release(own, owner, time.now);
    await store.record(checkRecord({ targetId, host: own, startedAt, finishedAt: time.now }), {});
    for (const visit of visits) visit.finishedAt = time.now;
    return visits;
  }

  test('C6: whatever walks lead where and when, none comes too close to another on any host, and all end', async () => {
    const rules = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 12 });
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(walks, async (planned) => {
        await withStore(async () => {
          const time = new Timeline(START);
          const made: Visit[] = [];
          const plays = planned.map((walk) => async () => void made.push(...(await walked(time, rules, walk))));
          await time.play(plays, 4 * HOUR);
          for (const host of HOSTS) {
            const there = made.filter((visit) => visit.host === host).toSorted((a, b) => a.startedAt - b.startedAt);
            asked += there.length;
            for (const [at, visit] of there.entries()) {
              const previous = there[at - 1];
              const gapMs = previous === undefined ? Infinity : visit.startedAt - previous.finishedAt;
              assert.ok(gapMs >= 20 * SECOND, `${gapMs} ms between two checks on ${host}`);
              const inHour = there.slice(0, at + 1).filter((one) => one.startedAt > visit.startedAt - HOUR).length;
              assert.ok(inHour <= 12, `${inHour} checks on ${host} in an hour`);
            }
          }
        });
      }),
      { numRuns: 6, endOnFailure: true },
    );
    assert.ok(asked > 100, `only ${asked} hosts were asked`);
  });

  test('C6: two walks that hold what the other wants both end at once or soon, and one gets through', async () => {
    const rules = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 180 });
    await withStore(async () => {
      const time = new Timeline(START);
      const ends: (readonly Visit[])[] = [];
      const crossing = [
        { startsMs: 0, hosts: [0, 1], target: 0, eachMs: 5 * SECOND },
        { startsMs: 0, hosts: [1, 0], target: 0, eachMs: 5 * SECOND },
      ];
      await time.play(
        crossing.map((walk, at) => async () => {
          ends[at] = await walked(time, rules, walk);
        }),
        HOUR,
      );
      assert.deepEqual(
        ends.map((visits) => visits.map(({ host }) => host)),
        [['a.example', 'b.example'], ['b.example']],
      );
      assert.ok(time.now - START <= 35 * SECOND, `it took ${time.now - START} ms`);
    });
  });

  for (const [name, prepare, why] of [
    [
      'whose breaker is open',
      () => store.release('b.example', 'x', 0, { ...CLOSED_BREAKER, openUntil: START + HOUR, reason: 'access denied' }),
      /breaker: access denied/,
    ],
    [
      'whose hour is full',
      async () => {
        for (const startedAt of [START - 2_000_000, START - 1_000_000])
          await store.record(
            checkRecord({ targetId: 'b.example-0', host: 'b.example', startedAt, finishedAt: startedAt + 1 }),
            {},
          );
      },
      /budget of the host/,
    ],
    [
      'where another check is for longer than a visit can wait',
      () =>
        store.lease({
          ...{ host: 'b.example', targetId: 'b.example-0', owner: 'other', now: START, until: START + LEASE_MS },
          admitted: () => ({ kind: 'go' }),
        }),
      /another check is on this host/,
    ],
  ] as const) {
    test(`C6: a walk is not let on to a host ${name}`, async () => {
      await withStore(async () => {
        await store.release('b.example', 'nobody', 0);
        const rules = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 2 });
        await prepare();
        const time = new Timeline(START);
        const hosts = walkHosts(time, rules, 'a.example');
        const enter = async (): Promise<void> => assert.match((await hosts.enter('b.example'))?.why ?? '', why);
        await time.play([enter], HOUR);
        assert.equal(hosts.refusal?.kind, 'busy');
        assert.deepEqual([...hosts.others.keys()], []);
      });
    });
  }

  test('C6: a host that a person has stopped is not entered by a walk of another (C9)', async () => {
    await withStore(async () => {
      const parts = { store, rules: withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 2 }) };
      const killSwitch = { stoppedBy: (host: string) => (host === 'b.example' ? 'STOP-b.example' : null) };
      const names = { owner: 'o', targetId: 'a.example-0', own: 'a.example', until: START + LEASE_MS };
      const hosts = new WalkHosts({ ...parts, ...names, killSwitch, now: () => START });
      assert.match((await hosts.enter('b.example'))?.why ?? '', /STOP-b\.example/);
      assert.equal(await hosts.enter('a.example'), null);
    });
  });

  test('C6: a visit that came by counts in the hour of that host, and no longer', async () => {
    await withStore(async () => {
      const time = new Timeline(START);
      const hosts = walkHosts(
        time,
        withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: 180 }),
        'a.example',
      );
      assert.equal(await hosts.enter('b.example'), null);
      assert.equal(await hosts.enter('b.example'), null);
      assert.deepEqual([...hosts.others], [['b.example', 2]]);
      await hosts.leave();
      const counted = async (now: number) => (await store.hostState('b.example', now)).checksInLastHour;
      assert.deepEqual([await counted(START), await counted(START + HOUR)], [1, 0]);
      assert.equal((await store.hostState('b.example', START)).leasedUntil, 0);
    });
  });
});

describe('C6: a visit in the browser that is led to another host', () => {
  let bench: Bench;
  let site: WebSite;
  let status = 200;
  before(async () => {
    site = await openWebSite(({ path, headers }, response) => {
      if (path === '/renvoi') response.writeHead(302, { location: 'http://second.example/suite' }).end();
      else if (headers.host === 'second.example') sendPage(response, openPage('<p>suite</p>'), status);
      else sendPage(response, openPage('<a id="suite" href="http://second.example/suite">suite</a>'));
    });
    const addresses = new AddressBook(() => Promise.resolve(['93.184.216.34']));
    const rules = `MAP site.example 127.0.0.1:${site.port}, MAP second.example 127.0.0.1:${site.port}`;
    bench = await openBench({ addresses }, rules);
  });
  after(async () => {
    await bench.close();
    await site.close();
  });
  beforeEach(() => {
    status = 200;
  });

  const pressing: Partial<Probe> = {
    hosts: [/\.example$/],
    visit: async (visit, target) => {
      await visit.open('page', target.address);
      await visit.press('suite', '#suite');
    },
  };
  const opening: Partial<Probe> = { hosts: [/\.example$/] };
  const live = { practice: false };
  const lastLoadAt = async () => (await bench.monitor.store.hostState('second.example', Date.now())).lastLoadAt;

  for (const [how, path, probe] of [
    ['a press', '/page', pressing],
    ['a redirect', '/renvoi', opening],
  ] as const) {
    test(`C6: by ${how} it holds that host too, counts what it asked of it, and ends its lease`, async () => {
      const lastBefore = await lastLoadAt();
      const check = await bench.check(`http://site.example${path}`, probe, live);
      assert.equal(check.reading.outcome, 'operational', check.reading.message);
      assert.deepEqual(check.passed, { 'second.example': 1 });
      const state = await bench.monitor.store.hostState('second.example', Date.now());
      assert.ok(state.lastLoadAt > lastBefore);
      assert.equal(state.leasedUntil, 0);
    });

    test(`C6: by ${how} it does not go where another check is, and that is no fault of the site`, async () => {
      const now = Date.now();
      const lease = { host: 'second.example', targetId: 'test-target', owner: 'other', now, until: now + HOUR };
      // Before this walk's own host in the alphabet: it is not waited for.
      await bench.monitor.store.lease({ ...lease, admitted: () => ({ kind: 'go' }) });
      const mark = site.asked.length;
      const check = await bench.check(`http://site.example${path}`, probe, live);
      await bench.monitor.store.release('second.example', 'other', now);
      assert.deepEqual([check.reading.outcome, check.reading.rule], ['skipped', 'politeness']);
      assert.match(check.reading.message, /second\.example.*another check is on this host/);
      assert.deepEqual(site.pathsSince(mark), [path]);
      assert.equal(check.passed, undefined);
    });
  }

  test('C8: when that host asks for rest, it is that host that gets it', async () => {
    status = 429;
    const result = await bench.run('http://site.example/page', pressing, live);
    assert.ok(result.kind === 'checked');
    assert.equal(result.check.reading.outcome, 'rate_limited');
    assert.equal(result.breaker?.openUntil ?? 0, 0, 'the host of the target did nothing');
    const { breaker } = await bench.monitor.store.hostState('second.example', Date.now());
    assert.ok(breaker.openUntil > Date.now(), 'the other is paused');
    const next = await bench.check('http://site.example/page', pressing, live);
    assert.match(next.reading.message, /second\.example.*breaker: asked to slow down/);
    await bench.monitor.store.closeBreaker('second.example', Date.now());
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { CLOSED_BREAKER, type BreakerState } from '../../src/core/host.ts';
import { OUTCOMES } from '../../src/core/outcome.ts';
import { bareTarget } from '../../src/core/target.ts';
import { admit, breakerAfter, FLOORS, type BreakerSignal } from '../../src/run/politeness.ts';
import { openStore } from '../../src/store/open.ts';
import { openBench } from '../support/bench.ts';
import { checkRecord } from '../support/check-record.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { openPage, openWebSite, sendPage } from '../support/web-site.ts';

const NOW = Date.UTC(2026, 10, 23, 8);
const MINUTE = 60_000;
const HOUR = 3_600_000;

const signal = (change: Partial<BreakerSignal>): BreakerSignal => ({
  outcome: 'no_slots',
  status: 200,
  retryAfter: '',
  expectsCaptcha: false,
  ...change,
});
const pauseOf = (breaker: BreakerState, now = NOW): number => Math.max(0, breaker.openUntil - now) / MINUTE;

describe('C8: a host that asks for rest gets it', () => {
  for (const [name, change, minutes] of [
    ['429', { outcome: 'rate_limited', status: 429 }, 15],
    ['a page that asks to slow down', { outcome: 'rate_limited', status: 200 }, 15],
    ['403', { outcome: 'denied', status: 403 }, 15],
    ['a captcha where none is usual', { outcome: 'captcha' }, 15],
    ['a captcha that the platform always asks', { outcome: 'captcha', expectsCaptcha: true }, 0],
    ['a page without slots', {}, 0],
    ['a sign-in', { outcome: 'login' }, 0],
    ['one 503', { outcome: 'overloaded', status: 503 }, 0],
    ['one 503 that names its time in seconds', { outcome: 'overloaded', status: 503, retryAfter: '3600' }, 60],
    ['429 that names a short time', { outcome: 'rate_limited', status: 429, retryAfter: '60' }, 15],
    ['429 that names a long time', { outcome: 'rate_limited', status: 429, retryAfter: '7200' }, 120],
    [
      '429 that names an instant',
      { outcome: 'rate_limited', status: 429, retryAfter: 'Mon, 23 Nov 2026 10:30:00 GMT' },
      150,
    ],
    [
      '429 that names an instant that is over',
      { outcome: 'rate_limited', status: 429, retryAfter: 'Mon, 23 Nov 2020 10:30:00 GMT' },
      15,
    ],
    ['429 that names nothing sensible', { outcome: 'rate_limited', status: 429, retryAfter: 'bientôt' }, 15],
    ['429 that names more than a day', { outcome: 'rate_limited', status: 429, retryAfter: '172800' }, 2_880],
    ['a good page that names a time', { retryAfter: '3600' }, 0],
    ['our own broken line', { outcome: 'network_down', status: null }, 0],
  ] as const satisfies readonly (readonly [string, Partial<BreakerSignal>, number])[]) {
    test(`C8: ${name} pauses the host for ${minutes} minutes`, () => {
      assert.equal(pauseOf(breakerAfter(CLOSED_BREAKER, signal(change), NOW)), minutes);
    });
  }

  test('C8: the pause doubles from 15 minutes to 24 hours', () => {
    let breaker = CLOSED_BREAKER;
    let now = NOW;
    const pauses: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      breaker = breakerAfter(breaker, signal({ outcome: 'denied', status: 403 }), now);
      pauses.push(pauseOf(breaker, now));
      now = breaker.openUntil;
    }
    assert.deepEqual(pauses, [15, 30, 60, 120, 240, 480, 960, 1_440, 1_440, 1_440]);
  });

  test('C8: three server errors in a row are a burst, two with a good page between are none', () => {
    const bad = signal({ outcome: 'error', status: 500 });
    const after = (...signals: BreakerSignal[]): number =>
      pauseOf(signals.reduce((breaker, one) => breakerAfter(breaker, one, NOW), CLOSED_BREAKER));
    assert.equal(after(bad, bad), 0);
    assert.equal(after(bad, bad, bad), 15);
    assert.equal(after(bad, bad, signal({}), bad, bad), 0);
    assert.equal(after(bad, bad, signal({ outcome: 'network_down', status: null }), bad), 15);
  });

  const open: BreakerState = { level: 3, openUntil: NOW - 1, reason: 'access denied', faults: 0 };
  for (const [name, change, level] of [
    ['a page that was reached', {}, 0],
    ['a fault', { outcome: 'error', status: 500 }, 3],
    ['a timeout', { outcome: 'timeout', status: null }, 3],
    ['a host that is unreachable', { outcome: 'unreachable', status: null }, 3],
    ['a visit that was not made', { outcome: 'skipped', status: null }, 3],
    ['our own failure', { outcome: 'monitor_error', status: null }, 3],
    ['another refusal', { outcome: 'denied', status: 403 }, 4],
    ['a visit that was sent away before any page came', { outcome: 'unknown_page', status: null }, 3],
  ] as const satisfies readonly (readonly [string, Partial<BreakerSignal>, number])[]) {
    test(`C8: after a pause, ${name} leaves the level at ${level}`, () => {
      assert.equal(breakerAfter(open, signal(change), NOW).level, level);
    });
  }

  const anySignal = fc.record({
    outcome: fc.constantFrom(...OUTCOMES),
    status: fc.option(fc.constantFrom(200, 302, 403, 404, 429, 500, 502, 503)),
    retryAfter: fc.oneof(
      fc.constant(''),
      fc.nat().map(String),
      fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.string(),
    ),
    expectsCaptcha: fc.boolean(),
  });

  test('C8: whatever is answered, 429 and 403 pause at least as long as the time before, and 15 minutes', () => {
    fc.assert(
      fc.property(fc.array(anySignal, { maxLength: 30 }), (signals) => {
        let breaker = CLOSED_BREAKER;
        let now = NOW;
        for (const one of signals) {
          const before = breaker;
          breaker = breakerAfter(breaker, one, now);
          if (one.outcome === 'rate_limited' || one.outcome === 'denied') {
            assert.ok(pauseOf(breaker, now) >= Math.min(15 * 2 ** before.level, 1_440));
            const host = { host: 'h', lastLoadAt: 0, checksInLastHour: 0, leasedUntil: 0, breaker };
            assert.equal(admit({ ...FLOORS }, host, 0, now + 15 * MINUTE - 1).kind, 'skip');
          }
          now += HOUR;
        }
      }),
    );
  });

  test('C8: whatever `Retry-After` says, the end of the pause is an instant that can be written', () => {
    fc.assert(
      fc.property(anySignal, (one) => {
        const { openUntil } = breakerAfter(CLOSED_BREAKER, { ...one, outcome: 'rate_limited', status: 429 }, NOW);
        assert.ok(!Number.isNaN(new Date(openUntil).getTime()), one.retryAfter);
      }),
    );
  });
});

describe('C8: the pause outlives the process and is ended by a person', () => {
  test('C8: an open breaker is still open when the store is opened again, until a person closes it', async () => {
    const folder = await temporaryFolder();
    const host = 'www.site.example';
    try {
      const first = await openStore(folder.path);
      const breaker = breakerAfter(CLOSED_BREAKER, signal({ outcome: 'denied', status: 403 }), NOW);
      await first.saveTargets([
        bareTarget({ id: 't', platform: 'stub', address: `https://${host}/`, practice: false }),
      ]);
      await first.record(checkRecord({ targetId: 't', host, startedAt: NOW, finishedAt: NOW }), { breaker });
      await first.end();
      const second = await openStore(folder.path);
      assert.deepEqual((await second.hostState(host, NOW)).breaker, breaker);
      assert.equal(await second.closeBreaker(host, NOW + MINUTE), true);
      assert.equal(await second.closeBreaker(host, NOW + MINUTE), false);
      assert.deepEqual((await second.hostState(host, NOW)).breaker, CLOSED_BREAKER);
      await second.end();
    } finally {
      await folder.remove();
    }
  });

  test('C8: a real 429 opens the breaker, and the next check is skipped without a request', async () => {
    const bench = await openBench();
    const site = await openWebSite((_asked, response) =>
      sendPage(response, openPage(''), 429, { 'retry-after': '7200' }),
    );
    try {
      const result = await bench.run(`${site.origin}/a`);
      assert.ok(result.kind === 'checked' && result.breaker !== null);
      assert.equal(result.check.reading.outcome, 'rate_limited');
      assert.ok(result.breaker.openUntil >= result.check.startedAt + 2 * HOUR);
      await bench.monitor.store.record(result.check, { breaker: result.breaker });
      const mark = site.asked.length;
      const next = await bench.check(`${site.origin}/b`);
      assert.deepEqual(
        [next.reading.outcome, next.reading.message, next.loads],
        ['skipped', 'breaker: asked to slow down', 0],
      );
      assert.equal(site.asked.length, mark);
    } finally {
      await bench.close();
      await site.close();
    }
  });
});

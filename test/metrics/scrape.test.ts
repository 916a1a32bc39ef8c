import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test, type TestContext } from 'node:test';

import { OUTCOMES, type Outcome } from '../../src/core/outcome.ts';
import type { Target } from '../../src/core/target.ts';
import { Metrics } from '../../src/metrics/collect.ts';
import type { NewSubscription, Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, planOf, START, targetNamed } from '../support/checks.ts';
import { FILLED_UNTIL, fillStore } from '../support/filled-store.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** What a scrape costs and says, on a real store. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

function metricsOf(targets: readonly Target[], now: number): Metrics {
  return new Metrics({
    store,
    targets: new Map(targets.map((target) => [target.id, target])),
    intervals: new Map(targets.map(({ id }) => [id, HOUR / 2])),
    spacing: { targetSpacingMs: 180_000, hostSpacingMs: 20_000 },
    browser: { restarts: 0, residentBytes: () => Promise.resolve(1) },
    control: { last: { isUp: true, clockOffsetMs: 12 } },
    stopFiles: () => ['STOP'],
    troubles: () => [],
    build: { version: '1', mode: 'practice', vantage: 'test' },
    now: () => now,
  });
}

async function looked(id: string, at: number, outcome: Outcome, host = '127.0.0.1:1'): Promise<void> {
  await store.plan([planOf(id, at)]);
  const [plan] = await store.due(at + HOUR);
  const facets = outcome === 'slots' ? { firstDate: '2026-12-24' } : {};
  const reading = { outcome, rule: 'test', message: '', facets };
  await store.record(checkOf(id, at, outcome, { reading, host }), { plannedId: plan?.id ?? 0 });
}

function subscriber(at: number): NewSubscription {
  const [channel, state] = at % 100 === 0 ? (['ntfy', 'pending'] as const) : (['email', 'active'] as const);
  return {
    channel,
    kinds: ['slots'],
    departments: [],
    procedures: [],
    platforms: [],
    language: 'fr',
    timeZone: 'Europe/Paris',
    quiet: null,
    digestAt: null,
    sealedTo: Buffer.from(`to ${at}`),
    toHash: Buffer.from(`hash ${at}`),
    source: 'config',
    state,
    createdAt: START,
  };
}

/** The least disturbed of 15 scrapes, by the process's own time: what else the machine does meanwhile is not the scrape's. */
async function assertLight(metrics: Metrics, t: TestContext): Promise<void> {
  const times: number[] = [];
  let text = await metrics.expose();
  for (let turn = 0; turn < 15; turn += 1) {
    const before = process.cpuUsage();
    text = await metrics.expose();
    const { user, system } = process.cpuUsage(before);
    times.push((user + system) / 1_000);
  }
  const best = Math.min(...times);
  const series = text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  t.diagnostic(`${best.toFixed(0)} ms, ${text.length} bytes, ${series} series`);
  assert.ok(best < 100, `${best} ms`);
  assert.ok(text.length < 2_000_000, `${text.length} bytes`);
  assert.ok(series < 30 * 500, `${series} series`);
}

describe('a scrape', () => {
  test('has every result of every target, zeros too, and tells drought, last slots and the clock of Paris', async () => {
    const targets = [targetNamed('a'), targetNamed('b')];
    await store.saveTargets(targets);
    for (const [at, outcome] of (['slots', 'no_slots', 'captcha', 'no_slots'] as const).entries())
      await looked('a', START + at * HOUR, outcome);
    const text = await metricsOf(targets, START).expose();
    const lines = text.split('\n').filter((line) => line.includes('target="a"') || line.includes('paris_clock{'));
    for (const expected of [
      'guetteur_target_planned_checks_total{target="a",result="no_slots"} 2',
      'guetteur_target_planned_checks_total{target="a",result="gate"} 1',
      'guetteur_target_planned_checks_total{target="a",result="fault"} 0',
      'guetteur_target_drought_checks{target="a"} 2',
      'guetteur_target_drought_longest_gap_seconds{target="a"} 7200',
      `guetteur_target_last_slots_timestamp_seconds{target="a"} ${(START + 500) / 1_000}`,
      `guetteur_target_outcome_code{target="a"} ${OUTCOMES.indexOf('no_slots') + 1}`,
      // Monday 23 November 2026, 08:00 UTC.
      'guetteur_paris_clock{weekday="1",hour="09"} 1',
    ])
      assert.ok(lines.includes(expected), `${expected} is not in\n${lines.join('\n')}`);
    assert.ok(text.includes('guetteur_target_planned_checks_total{target="b",result="slots"} 0'));
  });

  test('counts subscribers without reading them: 10,000 make it no slower', async (t: TestContext) => {
    await store.configureSubscriptions(Array.from({ length: 10_000 }, (_, at) => subscriber(at)));
    const text = await metricsOf([], START).expose();
    assert.ok(text.includes('guetteur_subscriptions{channel="email",source="config",state="active"} 9900'));
    assert.ok(text.includes('guetteur_subscriptions{channel="ntfy",source="config",state="pending"} 100'));
    await assertLight(metricsOf([], START), t);
  });

  test('tells the shortest time between two visits of a host, and counts its pages', async () => {
    const metrics = metricsOf([], START);
    for (const at of [0, 30_000, 90_000]) metrics.count(checkOf('a', START + at, 'no_slots', { loads: 2 }), 0);
    // A clock that was set back is no visit too soon.
    metrics.count(checkOf('a', START + 60_000, 'no_slots', { loads: 2 }), 0);
    const text = await metrics.expose();
    assert.ok(text.includes('guetteur_host_shortest_spacing_seconds{host="127.0.0.1:1"} 29'));
    assert.ok(text.includes('guetteur_page_loads_total{host="127.0.0.1:1"} 8'));
    assert.ok(text.includes('guetteur_host_spacing_seconds_bucket{le="60"} 2'));
  });

  test('of 500 targets takes less than 100 ms and 2 MB, and has fewer than 30 series a target', async (t: TestContext) => {
    const targets = Array.from({ length: 500 }, (_, at): Target => ({
      ...targetNamed(`target-number-${at}`),
      department: String(1 + (at % 94)).padStart(2, '0'),
      prefecture: 'Préfecture de la Seine-Saint-Denis',
      label: 'renouvellement de titre de séjour',
    }));
    await store.saveTargets(targets);
    for (const [at, { id }] of targets.entries()) {
      for (const [turn, outcome] of (['slots', 'no_slots'] as const).entries())
        await looked(id, START + turn * HOUR, outcome, `host-${at % 150}`);
    }
    await assertLight(metricsOf(targets, START + 4 * HOUR), t);
  });

  test('of 500 targets is as light when 96,000 checks were made', async (t: TestContext) => {
    await store.end();
    const filled = join(folder.path, 'filled');
    await mkdir(filled);
    await fillStore(filled, { targets: 500, days: 4 });
    store = await openStore(filled);
    const targets = (await store.statuses()).map(({ targetId }) => targetNamed(targetId));
    const ends = await store.plannedEnds();
    assert.equal(targets.length, 500);
    assert.ok(ends.reduce((sum, { count }) => sum + count, 0) > 90_000);
    await assertLight(metricsOf(targets, FILLED_UNTIL), t);
  });
});

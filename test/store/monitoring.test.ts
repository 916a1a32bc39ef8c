import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import type { Outcome } from '../../src/core/outcome.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, planOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { oldStore } from '../support/old-store.ts';

/** What a scrape and a Grafana on the database read: kept as checks are written, and right for what was written before. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), { ...targetNamed('b'), department: '93' }]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

function rows(query: string): unknown[] {
  const file = new Database(join(folder.path, 'guetteur.sqlite'), { readonly: true });
  try {
    return file.prepare(query).all();
  } finally {
    file.close();
  }
}

/** A uniform plan of `a` at an hour of the day that is done with this outcome, or left without a check. */
async function planned(hours: number, end: Outcome): Promise<void> {
  const start = START + hours * HOUR;
  await store.plan([planOf('a', start)]);
  const [plan] = await store.due(start + HOUR);
  assert.ok(plan !== undefined);
  if (end === 'missed') await store.close(plan.id, 'missed', 'the monitor was not running');
  else await store.record(checkOf('a', start, end), { plannedId: plan.id });
}

const ends = async (): Promise<unknown> =>
  Object.fromEntries((await store.plannedEnds()).map(({ outcome, count }) => [outcome, count]));

describe('how plans ended', () => {
  test('is counted as they end, each once, and never again when a reading is superseded', async () => {
    for (const [hours, end] of (['slots', 'no_slots', 'no_slots', 'captcha', 'missed'] as const).entries())
      await planned(hours, end);
    assert.deepEqual(await ends(), { slots: 1, no_slots: 2, captcha: 1, missed: 1 });
    const [last] = await store.checks({ limit: 1 });
    const reading = { outcome: 'slots', rule: 'better', message: '', facets: {} } as const;
    await store.appendReading({ checkId: last?.id ?? 0, readerVersion: 2, reading, readAt: START });
    await store.close(1, 'missed', 'again');
    assert.deepEqual(await ends(), { slots: 1, no_slots: 2, captcha: 1, missed: 1 });
    const counts = await store.plannedCounts();
    assert.deepEqual(
      counts.map(({ state, count }) => [state, count]),
      [
        ['done', 4],
        ['missed', 1],
      ],
    );
  });

  test('is counted by the thousand after a gap, and plans that are no uniform draw are left out', async () => {
    const plans = Array.from({ length: 1_200 }, (_, at) => planOf('a', START + at * HOUR));
    await store.plan([...plans, { ...planOf('b', START), design: 'opportunistic' }]);
    assert.equal(await store.closeDue(START + 2_000 * HOUR, 'the monitor was not running'), 1_201);
    assert.deepEqual(await ends(), { missed: 1_200 });
  });
});

describe('a database of an earlier version', () => {
  test('has its plans counted and its targets folded when it is opened', async () => {
    for (const [hours, end] of (['slots', 'no_slots', 'missed', 'no_slots'] as const).entries())
      await planned(hours, end);
    const before = [await ends(), await store.statuses()];
    await store.end();
    const earlier = await temporaryFolder();
    const file = new Database(await oldStore(earlier.path, '0003-alerts'));
    const planColumns =
      'id, target_id, interval_start, interval_end, planned_at, design, mode, state, reason, begun_at, check_id';
    file.exec(`attach '${join(folder.path, 'guetteur.sqlite')}' as now;
      insert into main.targets select id, platform, address, department, prefecture, procedure, label, practice, last_visit_at,
        host, control, params_json from now.targets;
      insert into main.checks select * from now.checks;
      insert into main.readings select * from now.readings;
      insert into main.planned (${planColumns}) select ${planColumns} from now.planned`);
    file.close();
    await folder.remove();
    folder = earlier;
    store = await openStore(folder.path);
    assert.deepEqual([await ends(), await store.statuses()], before);
  });
});

describe('a target whose checks come late or are read again', () => {
  test('stands as if they had come in order', async () => {
    await store.record(checkOf('a', START), {});
    await store.record(checkOf('a', START + 2 * HOUR), {});
    await store.record(checkOf('a', START + HOUR, 'slots'), {});
    const [status] = await store.statuses();
    assert.equal(status?.outcome, 'no_slots');
    assert.equal(status.sinceAt, START + 2 * HOUR);
    assert.equal(status.lastSlotsAt, START + HOUR + 500);
    assert.equal(status.drought?.checks, 1);
    const reading = { outcome: 'slots', rule: 'better', message: '', facets: {} } as const;
    await store.appendReading({ checkId: status.id, readerVersion: 2, reading, readAt: START });
    await store.refold('a');
    assert.equal((await store.statuses())[0]?.lastSlotsAt, START + 2 * HOUR + 500);
    assert.equal((await store.statuses())[0]?.drought, null);
  });
});

describe('the views', () => {
  test('v_checks tells each check with its place, its group and the hour of Paris, before and after a change of clock', async () => {
    const summer = Date.UTC(2026, 9, 25, 0, 59, 59);
    await store.record(checkOf('b', summer, 'no_slots', { observedAt: summer }), {});
    await store.record(checkOf('b', summer + 1_000, 'overloaded', { observedAt: summer + 1_000 }), {});
    const found = rows('select paris_time, department, outcome, outcome_group from v_checks order by id');
    assert.deepEqual(found, [
      { paris_time: '2026-10-25 02:59:59', department: '93', outcome: 'no_slots', outcome_group: 'observed' },
      { paris_time: '2026-10-25 02:00:00', department: '93', outcome: 'overloaded', outcome_group: 'fault' },
    ]);
  });

  test('v_daily has the denominators of each day, and takes a marked window out', async () => {
    for (const [hours, end] of (['slots', 'no_slots', 'error', 'captcha', 'missed', 'no_slots'] as const).entries())
      await planned(hours, end);
    const window = { host: '127.0.0.1:1', fromAt: START + 5 * HOUR, toAt: null, reason: 'test', markedBy: 'test' };
    await store.markSoftBlock(window, START + 6 * HOUR);
    const [day] = rows('select * from v_daily');
    assert.deepEqual(day, {
      day: '2026-11-23',
      target_id: 'a',
      platform: 'ez-booking',
      department: null,
      procedure: 'other',
      planned: 6,
      slots: 1,
      no_slots: 1,
      suspended: 0,
      moved: 0,
      operational: 0,
      soft_blocked: 1,
      fault: 1,
      maintenance: 0,
      gate: 1,
      unmeasured: 1,
    });
  });
});

import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { after, before, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import { openFigures } from '../../src/figures-thread.ts';
import { Answers } from '../../src/stats/answers.ts';
import type { Figures } from '../../src/stats/figures.ts';
import { KeptAnswers } from '../../src/stats/kept.ts';
import { openStore } from '../../src/store/open.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { checkOf, HOUR, START, targetNamed } from '../support/checks.ts';
import { FILLED_UNTIL, fillStore } from '../support/filled-store.ts';
import { temporaryFolder } from '../support/monitor.ts';

const PERIOD = { from: '2026-10-01', to: '2026-11-26' };

describe('figures of two months of checks', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let source: ReturnType<typeof openTallySource>;
  let figures: Figures;
  before(async () => {
    folder = await temporaryFolder();
    await fillStore(folder.path);
    source = openTallySource(folder.path);
    figures = new Answers({ source, practice: false, now: () => FILLED_UNTIL });
  });
  after(async () => {
    source.close();
    await folder.remove();
  });

  const counted = (where: string): { n: number; slots: number } => {
    const file = new Database(join(folder.path, 'guetteur.sqlite'), { readonly: true });
    const row = file
      .prepare<[], { n: number; slots: number }>(
        `select count(*) as n, sum(r.outcome = 'slots') as slots from checks c join readings r on r.check_id = c.id
          join targets t on t.id = c.target_id where r.outcome in ('slots', 'no_slots', 'suspended')
          and c.observed_at >= ${Date.parse('2026-10-01T00:00:00+02:00')} and c.observed_at < ${Date.parse('2026-11-27T00:00:00+01:00')}
          and ${where}`,
      )
      .get();
    file.close();
    return row ?? { n: 0, slots: 0 };
  };

  test('the nation is counted from its checks, services apart', async () => {
    const { measured, provenance, map, services, targets } = await figures.national(PERIOD);
    const { n, slots } = counted("t.procedure <> 'service'");
    assert.deepEqual([measured.share.checks, measured.share.hits], [n, slots]);
    assert.equal(measured.share.kind, 'share');
    assert.deepEqual([targets, services.map(({ platform, steps }) => [platform, steps])], [19, [['anef', 1]]]);
    assert.ok((measured.coverage.share ?? 0) > 0.9 && provenance.checks > n);
    assert.equal(provenance.practice, false);
    assert.equal(map.length, new Set(map.map(({ department }) => department)).size);
    assert.equal(map.find(({ department }) => department === '92')?.state, 'gate');
    assert.equal(map.find(({ department }) => department === '48')?.state, 'not_measured');
  });

  test('a department and its targets agree with the map', async () => {
    const { map } = await figures.national(PERIOD);
    const found = await figures.department('93', PERIOD);
    assert.ok(found !== null);
    assert.deepEqual(found.measured, map.find(({ department }) => department === '93')?.measured);
    const sum = found.targets.reduce((total, { measured }) => total + measured.share.checks, 0);
    assert.equal(sum, found.measured.share.checks);
    assert.equal(await figures.department('99', PERIOD), null);
    assert.equal((await figures.department('48', PERIOD))?.state, 'not_measured');
  });

  test('a target has its attempts, droughts, lead times and releases, and no instant of a release', async () => {
    const id = 'rdv-prefecture-93-guichet-000';
    const found = await figures.target(id, PERIOD);
    assert.ok(found !== null);
    const { n, slots } = counted(`t.id = '${id}'`);
    assert.deepEqual([found.measured.share.checks, found.measured.share.hits], [n, slots]);
    assert.ok(found.attempts.checks > n && found.attempts.days === 57);
    assert.equal(found.leadTime.kind, 'lead_time');
    assert.equal(found.exhaustion.kind, 'bounds');
    assert.ok(found.drought.longest !== null && found.drought.longest.checks > 48);
    assert.equal(found.drought.current, null, 'the period ended yesterday');
    const lasting = await figures.target(id, { ...PERIOD, to: '2026-11-27' });
    assert.equal(lasting?.drought.current?.ends, 'now');
    assert.equal(found.releases.until, '2026-10-27');
    assert.equal(found.blindness.intervalMs, HOUR / 2);
    assert.equal(await figures.target('nobody', PERIOD), null);
  });

  test('a service has its uptime and outages by step', async () => {
    const found = await figures.service('anef', PERIOD);
    assert.equal(found?.uptime.kind, 'uptime');
    assert.ok(found.uptime.share > 0.8 && found.uptime.share < 1);
    assert.equal(found.byStep.length, 1);
    assert.equal(await figures.service('ez-booking', PERIOD), null);
    assert.deepEqual(figures.services(), ['anef']);
  });

  test('two periods are compared, and too short ones are not', async () => {
    const earlier = { from: '2026-09-29', to: '2026-10-27' };
    const later = { from: '2026-10-28', to: '2026-11-25' };
    const found = await figures.compare({ subject: { department: '93' }, before: earlier, after: later });
    assert.equal(found?.difference.kind, 'difference');
    const short = await figures.compare({
      subject: { national: true },
      before: earlier,
      after: { from: '2026-11-20', to: '2026-11-25' },
    });
    assert.equal(short?.difference.kind, 'insufficient');
    assert.equal(await figures.compare({ subject: { target: 'nobody' }, before: earlier, after: later }), null);
  });

  test('days are the counts of each target, and add up to its share', async () => {
    const { rows } = await figures.days({ period: PERIOD, department: '93' });
    const found = await figures.department('93', PERIOD);
    const slots = rows.reduce((sum, row) => sum + row.slots, 0);
    assert.equal(slots, found?.measured.share.hits);
    assert.deepEqual([...new Set(rows.map(({ target }) => target.department))], ['93']);
  });

  test('a thread of its own gives the same figures, and shares a question that is asked at once', async () => {
    const thread = await openFigures({ folder: folder.path, practice: false });
    try {
      const [one, other] = [thread.national(PERIOD), thread.national(PERIOD)];
      assert.equal(one, other);
      const { measured } = await one;
      assert.deepEqual(thread.services(), ['anef']);
      assert.deepEqual(measured, (await figures.national(PERIOD)).measured);
      assert.deepEqual(await thread.target('nobody', PERIOD), null);
      await assert.rejects(thread.national({ from: 'never', to: 'never' }), { name: 'AppError' });
    } finally {
      await thread.close();
    }
    await assert.rejects(thread.alerts(), { code: 'STORE_FAILED' });
  });

  test('a thread that died is told of at once, started again by a later question, and not without a pause', async () => {
    const workers: Worker[] = [];
    const keep = (worker: Worker): void => void workers.push(worker);
    process.on('worker', keep);
    const lasting = await openFigures({ folder: folder.path, practice: false });
    const thread = await openFigures({ folder: folder.path, practice: false, restartedAfterMs: 0 });
    try {
      const waiting = [lasting, thread].map((one) => one.national(PERIOD));
      const ended = Promise.all(
        waiting.map((answer) => assert.rejects(answer, { code: 'STORE_FAILED', message: /ended/ })),
      );
      for (const worker of workers) await worker.terminate();
      await ended;
      await assert.rejects(lasting.national(PERIOD), { code: 'STORE_FAILED', message: /ended/ });
      assert.equal(workers.length, 2);
      assert.deepEqual((await thread.national(PERIOD)).measured, (await figures.national(PERIOD)).measured);
      assert.equal(workers.length, 3);
    } finally {
      process.off('worker', keep);
      await Promise.all([lasting.close(), thread.close()]);
    }
    await assert.rejects(thread.alerts(), { code: 'STORE_FAILED' });
    assert.equal(workers.length, 3, 'nothing is started after the end');
  });

  test('where there is no database there is no thread left behind', async () => {
    await assert.rejects(openFigures({ folder: join(folder.path, 'nowhere'), practice: false }), {
      code: 'STORE_FAILED',
    });
  });
});

test('what is kept of days is computed again where a check came late, also in a day that was over', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  const service = { ...targetNamed('b'), procedure: 'service' as const };
  await store.saveTargets([{ ...targetNamed('a'), department: '93' }, service]);
  const source = openTallySource(folder.path);
  let now = START + 10 * 24 * HOUR;
  const kept = new Answers({ source, practice: true, now: () => now });
  const record = async (hours: number, outcome: 'no_slots' | 'slots', seen: 'operational' | 'error'): Promise<void> => {
    await store.record(checkOf('a', START + hours * HOUR, outcome), {});
    await store.record(checkOf('b', START + hours * HOUR, seen), {});
  };
  for (let hour = 0; hour < 200; hour += 1) if (hour !== 40) await record(hour, 'no_slots', 'operational');
  const period = { from: '2026-11-20', to: '2026-12-03' };
  await kept.national(period);
  await record(40, 'slots', 'error');
  now += 2 * 60_000;
  const afresh = new Answers({ source, practice: true, now: () => now });
  assert.deepEqual(await kept.national(period), await afresh.national(period));
  assert.deepEqual(await kept.service('ez-booking', period), await afresh.service('ez-booking', period));
  assert.equal((await kept.national(period)).measured.share.hits, 1);
  source.close();
  await store.end();
  await folder.remove();
});

test('agreement: a reading by a person is set beside ours, and never enters a share', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a')]);
  await store.record(checkOf('a', START, 'no_slots'), {});
  const help = { kind: 'report', invitationId: null, plannedAt: null, pairedCheckId: null, picture: null } as const;
  await store.record(checkOf('a', START + HOUR / 10, 'slots', { mode: 'reported' }), { help });
  const source = openTallySource(folder.path);
  const answers = new Answers({ source, practice: true, now: () => START + HOUR });
  const period = answers.lastDays(2);
  const { people, vantages, provenance } = await answers.agreement(period);
  assert.deepEqual([people.pairs, people.share, people.disagreements[0]?.by], [1, 0, 'person']);
  assert.equal(vantages.pairs, 0);
  assert.equal(provenance.practice, true);
  assert.equal((await answers.target('a', period))?.measured.share.hits, 0);
  assert.deepEqual((await answers.alerts()).channels, []);
  source.close();
  await store.end();
  await folder.remove();
});

describe('answers that are kept', () => {
  const bench = () => {
    const state = { version: 1, now: 0, computed: 0 };
    const kept = new KeptAnswers(
      () => state.version,
      () => state.now,
    );
    const ask = (key = 'a') => kept.get(key, () => (state.computed += 1));
    return { state, ask };
  };

  test('a thousand readers cost one computation', () => {
    const { state, ask } = bench();
    for (let reader = 0; reader < 1_000; reader += 1) ask();
    assert.equal(state.computed, 1);
    ask('b');
    assert.equal(state.computed, 2);
  });

  test('what was written is seen within a minute; what was not written is not computed again for ten', () => {
    const { state, ask } = bench();
    ask();
    state.version = 2;
    state.now = 59_000;
    assert.equal(ask(), 1);
    state.now = 61_000;
    assert.equal(ask(), 2);
    state.now = 61_000 + 9 * 60_000;
    assert.equal(ask(), 2);
    state.now = 61_000 + 10 * 60_000;
    assert.equal(ask(), 3);
  });
});

test('agreement: what was read from elsewhere is set beside the nearest reading of ours, target by target', async () => {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), targetNamed('ab'), targetNamed('abc')]);
  const minutes = (count: number): number => START + count * 60_000;
  const elsewhere = { vantage: 'lyon' } as const;
  await store.record(checkOf('a', minutes(0), 'no_slots'), {});
  await store.record(checkOf('a', minutes(5), 'slots', elsewhere), {});
  await store.record(checkOf('a', minutes(60), 'slots'), {});
  await store.record(checkOf('a', minutes(70), 'slots', elsewhere), {});
  // Too far apart; not an answer; nobody looked from elsewhere.
  await store.record(checkOf('a', minutes(120), 'slots', elsewhere), {});
  await store.record(checkOf('ab', minutes(0), 'timeout'), {});
  await store.record(checkOf('ab', minutes(5), 'slots', elsewhere), {});
  await store.record(checkOf('abc', minutes(0), 'no_slots'), {});
  const source = openTallySource(folder.path);
  const answers = new Answers({ source, practice: true, now: () => START + 6 * HOUR });
  const { vantages } = await answers.agreement(answers.lastDays(2));
  assert.deepEqual([vantages.pairs, vantages.share], [2, 0.5]);
  assert.deepEqual(
    vantages.disagreements.map(({ targetId, ours, theirs, by }) => [targetId, ours, theirs, by]),
    [['a', 'no_slots', 'slots', 'lyon']],
  );
  source.close();
  await store.end();
  await folder.remove();
});

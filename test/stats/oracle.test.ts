import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import { LocalTime, PARIS } from '../../src/core/local-time.ts';
import { localClock } from '../../src/core/overseas.ts';
import { Answers } from '../../src/stats/answers.ts';
import type { Agreement } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { temporaryFolder } from '../support/monitor.ts';
import * as naive from '../support/naive-figures.ts';
import { ODD_TARGETS, ODD_UNTIL, oddYear } from '../support/odd-year.ts';

/** The figures of a year of everything that makes figures wrong, beside what the definitions give in the slowest way. */

const HOUR = 3_600_000;
const PERIODS: Readonly<Record<string, naive.Days>> = {
  'the whole year': { from: '2026-01-01', to: '2026-11-27' },
  'the month without the monitor': { from: '2026-02-01', to: '2026-02-28' },
  'the change of the clock in spring': { from: '2026-03-20', to: '2026-04-10' },
  'the soft block': { from: '2026-05-05', to: '2026-05-20' },
  'the last days of a target and the first of another': { from: '2026-06-15', to: '2026-07-31' },
  'the change of the clock in autumn': { from: '2026-10-19', to: '2026-11-05' },
};
const CODES = ['93', '973', '975', '987', '75'];
const WITH_SLOTS = ODD_TARGETS.filter(({ procedure }) => procedure !== 'service');
const paris = new LocalTime(PARIS);
const near = (found: number, expected: number, by: number): void =>
  assert.ok(Math.abs(found - expected) <= by, `${found} beside ${expected}`);

describe('figures of an odd year, beside a naive count', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let source: ReturnType<typeof openTallySource>;
  let figures: Answers;
  let year: naive.NaiveYear;
  let agreements: readonly Agreement[];
  before(async () => {
    folder = await temporaryFolder();
    await oddYear(folder.path);
    source = openTallySource(folder.path);
    figures = new Answers({ source, practice: false, now: () => ODD_UNTIL });
    year = naive.readYear(join(folder.path, 'guetteur.sqlite'));
    const store = await openStore(folder.path);
    agreements = await store.agreements();
    await store.end();
  });
  after(async () => {
    source.close();
    await folder.remove();
  });

  const sharesOf = ({
    share,
    coverage,
    faults,
    gates,
    softBlocked,
  }: Awaited<ReturnType<Answers['national']>>['measured']) => ({
    hits: share.hits,
    checks: share.checks,
    days: share.days,
    weeks: share.weeks,
    coverage: [coverage.count, coverage.of],
    faults: [faults.count, faults.of],
    gates: [gates.count, gates.of],
    softBlocked,
  });

  for (const [name, period] of Object.entries(PERIODS)) {
    test(`${name}: shares of the nation, of departments and of targets (S1, S3, S4, S5)`, async () => {
      const ids = WITH_SLOTS.map(({ id }) => id);
      assert.deepEqual(sharesOf((await figures.national(period)).measured), naive.shares(year, ids, period));
      for (const code of CODES) {
        const found = await figures.department(code, period);
        const here = ids.filter((id) => WITH_SLOTS.some((target) => target.id === id && target.department === code));
        assert.deepEqual(found && sharesOf(found.measured), naive.shares(year, here, period), code);
      }
    });

    for (const { id, department, intervalMs } of WITH_SLOTS)
      test(`${name}, ${id}: attempts, droughts, releases, openings, lead times (S2, S6, S7, S8, S10)`, async () => {
        const { zone } = localClock(department, PARIS);
        const found = await figures.target(id, period);
        assert.ok(found !== null);
        const { zone: _zone, ...attempts } = found.attempts;
        const expected = naive.attempts(year, id, period, zone);
        assert.deepEqual(attempts, attempts.checks < 2 ? { ...expected, longestGapMs: null } : expected);
        const drought = naive.longestDrought(year, id, period, intervalMs);
        const { checks = 0, firstDay, lastDay, longestGapMs } = found.drought.longest ?? {};
        if (checks > 0) assert.deepEqual({ checks, firstDay, lastDay, longestGapMs }, drought);
        assert.equal(checks, drought.checks);
        const opened = naive.exhaustion(year, id, period, intervalMs);
        assert.equal(found.exhaustion.openings, opened.openings);
        if (found.exhaustion.kind === 'bounds') {
          assert.equal(found.exhaustion.medianLowMs, opened.medianLowMs);
          assert.equal(found.exhaustion.medianHighMs ?? Infinity, opened.medianHighMs);
        }
        const leads = naive.leadTimes(year, id, period);
        assert.equal(found.leadTime.checks, leads.checks);
        if (found.leadTime.kind === 'lead_time') {
          const { medianDays, over31, over61, over90 } = found.leadTime;
          assert.deepEqual({ checks: leads.checks, medianDays, over31, over61, over90 }, leads);
        }
        const old = naive.releases(year, id, { days: period, zone, before: paris.startOf('2026-10-28') });
        assert.equal(found.releases.until, '2026-10-27');
        assert.deepEqual([found.releases.events, found.releases.undated], [old.events, old.undated]);
        if (found.releases.kind !== 'histogram') return;
        for (const [day, row] of found.releases.rates.entries())
          for (const [hour, rate] of row.entries()) {
            near(found.releases.exposureHours[day]?.[hour] ?? 0, old.hours[day]?.[hour] ?? 0, 1e-6);
            if (rate !== null) near(rate, old.rates[day]?.[hour] ?? 0, 1e-9);
          }
      });

    test(`${name}: uptime, and agreement with what people say (S13)`, async () => {
      const service = await figures.service('ez-booking', period);
      const to = Math.min(paris.endOf(period.to), ODD_UNTIL);
      assert.equal(service?.uptime.kind, 'uptime');
      near(
        service.uptime.share,
        naive.uptime(year, 'anef', { from: paris.startOf(period.from), to, pauseMs: 3 * HOUR }),
        0.0005,
      );
      const { people } = await figures.agreement(period);
      const agreeing = people.pairs - people.disagreements.length;
      assert.deepEqual([people.pairs, agreeing], naive.agreement(year, period));
      // As `guetteur assist agreement` and the page of the operator count them.
      const within = agreements.filter(({ at }) => paris.dayOf(at) >= period.from && paris.dayOf(at) <= period.to);
      assert.deepEqual([within.length, within.filter(({ isAgreed }) => isAgreed).length], [people.pairs, agreeing]);
    });
  }
});

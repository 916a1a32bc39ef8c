import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import { sharesOf } from '../../src/compose-open-data.ts';
import { Metrics } from '../../src/metrics/collect.ts';
import { Answers } from '../../src/stats/answers.ts';
import type { DepartmentFigures, NationalFigures, ServiceFigures, TargetFigures } from '../../src/stats/figures.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { fillStore } from '../support/filled-store.ts';
import { openOperator, type Operator } from '../support/operator.ts';

/** Days that are over, and lie in the last 90 whatever the day of the test is. */
const DAY_MS = 86_400_000;
const UNTIL = Math.floor(Date.now() / DAY_MS) * DAY_MS;
const TARGET = 'rdv-prefecture-93-guichet-000';

let operator: Operator;
before(async () => {
  operator = await openOperator();
  await fillStore(operator.data, { until: UNTIL });
});
after(() => operator.leave());

describe('guetteur stats', () => {
  test('tells the nation, a department, a target and a service, labelled as practice', async () => {
    const national = await operator.said<NationalFigures>('stats', 'national');
    const department = await operator.said<DepartmentFigures>('stats', 'department', '93');
    const target = await operator.said<TargetFigures>('stats', 'target', TARGET);
    const service = await operator.said<ServiceFigures>('stats', 'service', 'anef');
    assert.ok(national.provenance.practice && target.provenance.practice);
    assert.deepEqual(national.map.find(({ department: code }) => code === '93')?.measured, department.measured);
    assert.deepEqual(department.targets.find(({ target: { id } }) => id === TARGET)?.measured, target.measured);
    assert.equal(service.byStep.length, 1);
  });

  test('says it in words, with what a figure stands beside', async () => {
    const { out, err } = await operator.guetteur('stats', 'target', TARGET);
    assert.match(err, /^PRACTICE DATA\. \d{4}-\d{2}-\d{2} to \d{4}-\d{2}-\d{2}, \d+ checks/);
    assert.match(
      out,
      /share of checks at random times with at least one slot: [\d.]+ % \([\d.]+ % to [\d.]+ %\); coverage/,
    );
    assert.match(out, /no slot was seen in \d+ checks between .* \(longest time without a check: [\d.]+ h\)/);
    const short = await operator.guetteur(
      'stats',
      'target',
      TARGET,
      '--from',
      new Date(UNTIL - DAY_MS).toISOString().slice(0, 10),
    );
    assert.match(short.out, /insufficient data \(.*days 2 of 10/s);
  });

  for (const [name, args, code] of [
    ['an unknown target', ['target', 'nobody'], 2],
    ['an unknown department', ['department', '99'], 2],
    ['an unknown service', ['service', 'nothing'], 2],
    ['a day that is none', ['national', '--from', '2026-02-31'], 2],
    ['days in the wrong order', ['national', '--from', '2026-03-02', '--to', '2026-03-01'], 2],
    ['a kind that is none', ['everything'], 2],
  ] as const) {
    test(`${name} is the caller's mistake`, async () => {
      const answer = await operator.guetteur('stats', ...args);
      assert.equal(answer.code, code, answer.err);
    });
  }

  test('rebuild mends counts that are wrong, and changes nothing where they are right', async () => {
    const path = join(operator.data, 'guetteur.sqlite');
    const rows = (): unknown[] => {
      const file = new Database(path, { readonly: true });
      const all = file.prepare('select * from daily order by target, day').all();
      file.close();
      return all;
    };
    const unharmed = rows();
    const file = new Database(path);
    file.exec('update daily set slots = slots + 1 where day % 3 = 0; delete from daily where day % 5 = 0');
    file.close();
    const { targets, days } = await operator.said<{ targets: number; days: number }>('stats', 'rebuild');
    assert.deepEqual([targets, days, rows()], [20, unharmed.length, unharmed]);
  });
});

test('guetteur data dump writes files whose checksums are true', async () => {
  const folder = join(operator.folder, 'dump');
  const { files, until } = await operator.said<{ files: number; until: string }>('data', 'dump', folder);
  assert.ok(files > 10 && until < new Date().toISOString().slice(0, 10));
  for (const line of (await readFile(join(folder, 'SHA256SUMS'), 'utf8')).trim().split('\n')) {
    const [sum, name = ''] = line.split('  ');
    assert.equal(
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
      sum,
    );
  }
});

test('/metrics says the same share as the figures, to the last digit, and none where none may be printed', async () => {
  const source = openTallySource(operator.data);
  const figures = new Answers({ source, practice: true, now: Date.now });
  await operator.withStore(async (store) => {
    const metrics = new Metrics({
      store,
      targets: new Map(),
      intervals: new Map(),
      spacing: { targetSpacingMs: 180_000, hostSpacingMs: 20_000 },
      browser: { restarts: 0, residentBytes: () => Promise.resolve(0) },
      control: { last: null },
      stopFiles: () => [],
      troubles: () => [],
      shares: () => sharesOf(figures),
      build: { version: '0', mode: 'practice', vantage: 'test' },
    });
    const exposed = await metrics.expose();
    const valueOf = (name: string, target: string): number | null => {
      const found = new RegExp(`^${name}\\{target="${target}",window="90d"\\} (.+)$`, 'm').exec(exposed);
      return found === null ? null : Number(found[1]);
    };
    const { targets } = await figures.targets(figures.lastDays(90));
    let printed = 0;
    for (const { target, measured } of targets) {
      const { share } = measured;
      const expected = share.kind === 'insufficient' ? null : share.share;
      assert.equal(valueOf('guetteur_target_share_ratio', target.id), expected, target.id);
      assert.equal(valueOf('guetteur_target_share_checks', target.id), share.checks);
      assert.equal(valueOf('guetteur_target_share_hits', target.id), share.hits);
      printed += Number(expected !== null && expected > 0);
    }
    assert.ok(printed > 5 && printed < targets.length, `${printed} of ${targets.length}`);
  });
  source.close();
});

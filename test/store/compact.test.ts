import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import { writeSynthetic } from '../../bench/synthetic.ts';
import { openStore } from '../../src/store/open.ts';
import { oldStore } from '../support/old-store.ts';
import { temporaryFolder } from '../support/monitor.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeEach(async () => {
  folder = await temporaryFolder();
});
afterEach(() => folder.remove());

const TABLES = ['checks', 'readings', 'planned', 'labelled_checks', 'fingerprints', 'events', 'captures'];

function contents(path: string): Record<string, unknown[]> {
  const file = new Database(path, { readonly: true });
  const rows = Object.fromEntries(
    TABLES.map((name) => [name, file.prepare(`select * from ${name} order by 1, 2`).all()]),
  );
  file.close();
  return rows;
}

/** Every column filled and empty, superseded readings, plans in every state, and rows of other tables that refer to them. */
const OLD_ROWS = `
  insert into targets (id, platform, address, procedure, practice, host) values
    ('a', 'listing', 'https://a.example/', 'other', 0, 'a.example'), ('b', 'page', 'https://b.example/', 'service', 0, 'b.example');
  insert into checks (id, target_id, platform, host, mode, design, practice, vantage, started_at, observed_at, finished_at, loads,
      status, final_url, clock_offset_ms, withheld, error_code, fingerprint) values
    (7, 'a', 'listing', 'a.example', 'scheduled', 'uniform', 0, 'home', 1800000000000, 1800000003000, 1800000004000, 2, 200,
      'https://a.example/x', -12, null, null, 'abcdef'),
    (9, 'b', 'page', 'b.example', 'confirmation', 'opportunistic', 0, 'home', 1800000100000, null, 1800000100500, 0, null, null, null,
      'a telephone number', 'BROWSER_FAILED', null),
    (8, 'a', 'listing', 'a.example', 'control', 'burst', 0, 'office', 1800000050000, 1800000051000, 1800000052000, 1, 503, '', 0,
      null, null, null);
  insert into readings (id, check_id, reader_version, read_at, outcome, rule, message, facets_json, current) values
    (1, 7, 1, 1800000004000, 'unknown_page', 'no-rule', '', '{}', 0), (2, 9, 1, 1800000100500, 'monitor_error', 'BROWSER_FAILED', 'it
hung', '{}', 1), (3, 7, 2, 1800009999000, 'slots', 'list', 'been read again', '{"firstDate":"2027-02-01"}', 1),
    (4, 8, 1, 1800000052000, 'ambiguous', '{}', 'both', '{"links":[]}', 1);
  insert into planned (id, target_id, interval_start, interval_end, planned_at, design, mode, state, reason, begun_at, check_id) values
    (3, 'a', 1799999000000, 1800000800000, 1800000000000, 'uniform', 'scheduled', 'done', '', 1800000000010, 7),
    (4, 'b', 1799999000000, 1800000800000, 1800000090000, 'opportunistic', 'confirmation', 'skipped', 'overtaken', null, 9),
    (5, 'b', 1800000800000, 1800002600000, 1800000900000, 'uniform', 'scheduled', 'missed', 'the machine slept', null, null),
    (6, 'a', 1800000800000, 1800002600000, 1800000900000, 'uniform', 'scheduled', 'planned', '', null, null),
    (2, 'b', 1800002600000, 1800004400000, 1800002700000, 'uniform', 'scheduled', 'begun', '', 1800002700001, null);
  insert into labels (id, platform, page_group, outcome, labelled_by, labelled_at, note) values (1, 'page', 'x', 'slots', 'me', 1, '');
  insert into labelled_checks values (1, 7);
  insert into fingerprints values ('a.example', 'listing', 'slots', 'list', 'abcdef', 7, 1, 2);
  insert into events (kind, at, check_id, message) values ('moved', 1, 9, 'gone');
  insert into captures values (7, 0, '{}', null, null, null);
  create view mine as select target_id, count(*) as n from checks join readings on check_id = checks.id group by target_id;`;

describe('the compact form', () => {
  test('holds all that the old tables held, to the letter, and what refers to it refers to it still', async () => {
    const path = await oldStore(folder.path, '0003-alerts');
    const old = new Database(path);
    old.exec(OLD_ROWS);
    old.close();
    const before = contents(path);
    await (await openStore(folder.path)).end();
    assert.deepEqual(contents(path), before);
    const file = new Database(path);
    file.pragma('foreign_keys = on');
    assert.deepEqual(file.pragma('foreign_key_check'), []);
    assert.deepEqual(file.prepare('select * from mine order by 1').all(), [
      { target_id: 'a', n: 3 },
      { target_id: 'b', n: 1 },
    ]);
    assert.throws(() => file.exec('insert into labelled_checks values (1, 12345)'), /FOREIGN KEY/);
    assert.throws(() => file.exec('update stored_checks set started_at = 0'), /never edited/);
    assert.throws(() => file.exec("update readings set outcome = 'slots'"), /never edited/);
    file.close();
  });

  test('a database of an old form works on: plans begin and end, checks are recorded, days are counted', async () => {
    const path = await oldStore(folder.path, '0003-alerts');
    const old = new Database(path);
    old.exec(OLD_ROWS);
    old.close();
    const store = await openStore(folder.path);
    assert.deepEqual(
      (await store.due(1_900_000_000_000)).map(({ id }) => id),
      [6],
    );
    assert.equal(await store.closeBegun('the monitor ended'), 1);
    assert.equal((await store.checks({ limit: 9 })).length, 3);
    await store.end();
    const file = new Database(path, { readonly: true });
    assert.deepEqual(
      file
        .prepare(
          'select t.id, d.planned, d.slots, d.others, d.missed from daily d join targets t on t.no = d.target order by 1',
        )
        .all(),
      [
        { id: 'a', planned: 1, slots: 1, others: 1, missed: 0 },
        { id: 'b', planned: 2, slots: 0, others: 1, missed: 2 },
      ],
    );
    file.close();
  });

  test('a check takes less than 250 bytes, its plan, reading and roll-up with it', async () => {
    const path = await oldStore(folder.path, '0003-alerts');
    const checks = writeSynthetic(path, { targets: 20, days: 25, until: Date.UTC(2026, 10, 27), seed: 'size' });
    assert.ok(checks > 20_000);
    await (await openStore(folder.path)).end();
    const file = new Database(path, { readonly: true });
    const bytes =
      Number(file.pragma('page_count', { simple: true })) * Number(file.pragma('page_size', { simple: true }));
    assert.equal(file.prepare('select count(*) from checks').pluck().get(), checks);
    // The view for SQL, whose columns add up, beside a count of the plans.
    const differing = `select count(*) from v_daily v left join (
        select p.target_id, date((coalesce(c.observed_at, p.planned_at) + 3600000) / 1000, 'unixepoch') as day, count(*) as n
          from planned p left join checks c on c.id = p.check_id group by 1, 2) p using (target_id, day)
      where v.planned is not p.n or v.planned <> v.slots + v.no_slots + v.suspended + v.moved + v.operational + v.soft_blocked
        + v.fault + v.gate + v.unmeasured`;
    assert.equal(file.prepare(differing).pluck().get(), 0);
    assert.ok(Number(file.prepare('select count(*) from v_daily').pluck().get()) > 400);
    file.close();
    assert.ok(bytes / checks < 250, `${(bytes / checks).toFixed(1)} bytes a check`);
  });
});

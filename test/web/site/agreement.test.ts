/** One figure, wherever it is asked for: page, widget, API, CSV. The real service over a real database. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Hono } from 'hono';

import { sharesOf } from '../../../src/compose-open-data.ts';
import { LANGUAGES } from '../../../src/core/subscription.ts';
import { Answers } from '../../../src/stats/answers.ts';
import type {
  DepartmentFigures,
  NationalFigures,
  ServiceFigures,
  TargetFigures,
  TargetsFigures,
} from '../../../src/stats/figures.ts';
import { Metrics } from '../../../src/metrics/collect.ts';
import { openStore } from '../../../src/store/open.ts';
import { openTallySource } from '../../../src/store/tally-source.ts';
import { openDataRoutes } from '../../../src/web/open-data/routes.ts';
import { loadOutlines } from '../../../src/web/site/map/outlines.ts';
import { Pictures } from '../../../src/web/site/pictures/pictures.ts';
import { SITE_RULES, sitePages } from '../../../src/web/site/mount.ts';
import { SiteWriter } from '../../../src/web/site/writer.ts';
import { serveWeb } from '../../../src/web/server.ts';
import { FILLED_UNTIL, fillStore } from '../../support/filled-store.ts';
import { temporaryFolder } from '../../support/monitor.ts';
import { siteFacts } from '../../support/site-facts.ts';

const closing: (() => Promise<void> | void)[] = [];
const failures: string[] = [];
let url: string;
let metrics: Metrics;

before(async () => {
  const folder = await temporaryFolder();
  closing.push(() => folder.remove());
  await fillStore(folder.path, { targets: 20, days: 40 });
  const store = await openStore(folder.path);
  closing.push(() => store.end());
  const source = openTallySource(folder.path);
  closing.push(() => source.close());
  const now = (): number => FILLED_UNTIL;
  const figures = new Answers({ source, practice: false, now });
  const publisher = { name: 'Association', page: 'https://association.example/', practice: false };
  const targets = new Map((await store.knownTargets()).map((target) => [target.id, target]));
  const blobs = { get: () => Promise.reject(new Error('no picture is kept')) };
  const writer = new SiteWriter({
    facts: siteFacts({
      publisher,
      operator: { name: 'Association', contact: 'veille@association.example', website: null },
    }),
    figures,
    targets,
    store,
    pictures: new Pictures({ store, blobs, now }),
    outlines: loadOutlines(),
    now,
  });
  metrics = new Metrics({
    store,
    targets,
    intervals: new Map(),
    spacing: { targetSpacingMs: 180_000, hostSpacingMs: 20_000 },
    browser: { restarts: 0, residentBytes: () => Promise.resolve(0) },
    control: { last: null },
    stopFiles: () => [],
    troubles: () => [],
    shares: () => sharesOf(figures),
    build: { version: '0.1.0', mode: 'live', vantage: 'test' },
    now,
  });
  const onFailure = (reason: string): void => void failures.push(reason);
  const site = sitePages({ writer, now, onFailure, rules: SITE_RULES });
  const open = openDataRoutes({ figures, publisher, version: '0.1.0', dumps: join(folder.path, 'dumps'), onFailure });
  const web = await serveWeb(new Hono().route('/', open).route('/', site.app), { host: '127.0.0.1', port: 0 });
  closing.push(() => web.close());
  url = web.url;
});
after(async () => {
  for (const close of closing.toReversed()) await close();
});

async function text(path: string): Promise<string> {
  const answer = await fetch(new URL(path, url));
  assert.equal(answer.status, 200, path);
  return await answer.text();
}

async function api<T>(path: string): Promise<T> {
  return JSON.parse(await text(`api/v1/${path}`)) as T;
}

/** Every figure on a page, whole. */
async function figuresOn(path: string): Promise<ReadonlySet<string>> {
  return new Set([...(await text(path)).matchAll(/<data value="([^"]+)"/g)].map(([, value = '']) => value));
}

function sharesIn(measured: NationalFigures['measured']): string[] {
  const { share, coverage, faults, gates } = measured;
  const first = share.kind === 'insufficient' ? [] : [share.share];
  return [...first, coverage.share, faults.share, gates.share].filter((value) => value !== null).map(String);
}

describe('the figures of the public site', () => {
  test('are those of the API to the last digit, on every page and in every language', async () => {
    const national = await api<NationalFigures>('national');
    const department = await api<DepartmentFigures>('departments/93');
    const [first] = department.targets;
    assert.ok(first !== undefined && national.targets > 3);
    const target = await api<TargetFigures>(`targets/${first.target.id}`);
    const service = await api<ServiceFigures>('services/anef');
    assert.equal(service.uptime.kind, 'uptime');
    const expected = {
      '': sharesIn(national.measured).filter((value) => value !== String(national.measured.faults.share)),
      'department/93/': department.targets.flatMap(({ measured }) => sharesIn(measured)),
      [`target/${first.target.id}/`]: [
        ...sharesIn(target.measured),
        ...target.blindness.chances.map(({ chance }) => String(chance)),
      ],
      'service/anef/': [
        String(service.uptime.share),
        ...service.byStep.flatMap(({ measured }) => sharesIn(measured).slice(-3)),
      ],
    };
    for (const language of LANGUAGES) {
      for (const [path, values] of Object.entries(expected)) {
        assert.ok(values.length >= 3, path);
        const shown = await figuresOn(`${language}/${path}`);
        assert.deepEqual(failures, []);
        for (const value of values) assert.ok(shown.has(value), `${value} is not on ${language}/${path}`);
      }
    }
  });

  test('are those of the CSV, department by department', async () => {
    const lines = (await text('api/v1/tables/departments.csv')).trim().split(/\r?\n/);
    const [head = '', ...rows] = lines;
    const columns = head.split(',');
    const cell = (row: string, name: string): string => row.split(',')[columns.indexOf(name)] ?? '';
    const measured = rows.filter((row) => cell(row, 'share') !== '');
    assert.ok(measured.length >= 3);
    const home = await figuresOn('en/');
    for (const row of measured) {
      const shown = await figuresOn(`en/department/${cell(row, 'department')}/`);
      for (const name of ['share', 'coverage', 'fault_share', 'gate_share']) {
        const value = String(Number(cell(row, name)));
        assert.ok(shown.has(value), `${name} ${value} of ${row}`);
        if (name === 'share' || name === 'coverage') assert.ok(home.has(value), `${name} ${value} on home`);
      }
    }
  });

  test('are counted from what /metrics counts, target by target', async () => {
    const exposed = await metrics.expose();
    const counted = (target: string, result: string): number => {
      const line = `guetteur_target_planned_checks_total{target="${target}",result="${result}"} (\\d+)`;
      return Number(new RegExp(line).exec(exposed)?.[1] ?? 0);
    };
    const { targets } = await api<TargetsFigures>('targets');
    assert.ok(targets.length > 10);
    for (const { target, measured } of targets) {
      const { share, coverage, softBlocked } = measured;
      const hits = counted(target.id, 'slots');
      const checks = hits + counted(target.id, 'no_slots') + counted(target.id, 'suspended');
      assert.deepEqual([share.hits, share.checks + softBlocked], [hits, checks], target.id);
      const gates = counted(target.id, 'gate');
      assert.equal(measured.gates.count, gates, target.id);
      const ratio = new RegExp(`guetteur_target_share_ratio\\{target="${target.id}",window="90d"\\} (\\S+)`).exec(
        exposed,
      )?.[1];
      assert.equal(ratio, share.kind === 'insufficient' ? undefined : String(share.share), target.id);
      if (share.kind === 'insufficient') continue;
      const shown = await figuresOn(`fr/target/${target.id}/`);
      assert.ok(shown.has(String(hits / checks)), `${hits} of ${checks} is not on the page of ${target.id}`);
      assert.equal(coverage.share, coverage.count / coverage.of);
    }
  });
});

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';

import { dieWithParent } from '../support/namespace.ts';
import { runCli } from '../support/cli.ts';
import { advance, aheadMs, machineTime } from './clock.ts';
import { openMonitor, type Monitor } from './monitor.ts';
import type { Report } from './report.ts';
import { INTERVAL_MS, SCENES, type Scene } from './scenes.ts';
import { TARGETS } from './sites.ts';
import { Stage, writeConfig } from './stage.ts';

/** Plays the scenes within a namespace, and writes down what there was to see: `play.ts <folder>`. */

/** The ledger takes more than five minutes without a tick for sleep. */
const LONGEST_STEP_MS = 290_000;
/** How long a host that was just visited is waited for. */
const SHORT_STEP_MS = 20_000;
/** A name that changed is looked up again after a minute. */
const NAMES_KEPT_MS = 61_000;

const [folder = ''] = process.argv.slice(2);
const clockWas: Report['clockWas'] = [];

async function play(stage: Stage, monitor: Monitor): Promise<Report['scenes']> {
  const scenes: Report['scenes'] = [];
  const firstAt = Math.ceil(Date.now() / INTERVAL_MS) * INTERVAL_MS;
  for (const [at, scene] of SCENES.entries()) {
    const from = firstAt + at * INTERVAL_MS;
    const until = from + INTERVAL_MS;
    scenes.push({ name: scene.name, from, until });
    process.stdout.write(`scene ${at}: ${scene.name} (${Math.round(performance.now() / 1_000)} s)\n`);
    await setScene(stage, monitor, scene);
    await playUntil(stage, monitor, until);
  }
  return scenes;
}

async function setScene(stage: Stage, monitor: Monitor, scene: Scene): Promise<void> {
  for (const change of scene.changes) {
    if (!('browserTrusts' in change)) await stage.apply(change);
    else {
      process.env['HOME'] = join(folder, change.browserTrusts ? 'home' : 'home-without-trust');
      await monitor.closeBrowser();
    }
  }
  if (scene.changes.length === 0) return;
  await go(stage, NAMES_KEPT_MS);
  await monitor.askControls();
}

/** Until every check that is planned before `until` has ended. */
async function playUntil(stage: Stage, monitor: Monitor, until: number): Promise<void> {
  for (;;) {
    await monitor.tick(until);
    const now = Date.now();
    const open = monitor.openUntil(until);
    if (open.length === 0) break;
    const next = open.filter((at) => at > now && at <= now + LONGEST_STEP_MS).at(-1);
    const isLater = open.every((at) => at > now);
    const aim = next ?? (isLater ? now + LONGEST_STEP_MS : now + SHORT_STEP_MS);
    // What is due and waits for its host has its turn before the clock goes far.
    await go(stage, (open.some((at) => at <= now) ? Math.min(aim, now + SHORT_STEP_MS) : aim) - now + 1);
  }
  while (Date.now() < until) {
    await go(stage, Math.min(LONGEST_STEP_MS, until - Date.now()));
    await monitor.tick(until);
  }
}

async function go(stage: Stage, milliseconds: number): Promise<void> {
  advance(milliseconds);
  clockWas.push({ from: machineTime(), aheadMs: aheadMs() });
  await stage.setClock(aheadMs());
}

function rows<T>(query: string): T[] {
  const file = new Database(join(folder, 'data/live/guetteur.sqlite'), { readonly: true });
  try {
    return file.prepare<[], T>(query).all();
  } finally {
    file.close();
  }
}

function readings(): Report['checks'] {
  return rows(`select c.id, c.target_id as target, c.platform, c.host, c.mode, c.started_at as startedAt,
      c.observed_at as observedAt, c.finished_at as finishedAt, c.loads, c.status, r.outcome, r.rule, r.message,
      p.planned_at as plannedAt
    from checks c join readings r on r.check_id = c.id and r.current = 1 left join planned p on p.check_id = c.id
    order by c.id`);
}

async function figures(monitor: Monitor): Promise<Pick<Report, 'metrics' | 'stats' | 'api' | 'pages' | 'refused'>> {
  const refused: string[] = [];
  const text = async (path: string): Promise<string> => {
    const answer = await fetch(new URL(path, monitor.page));
    if (answer.status !== 200) refused.push(`${path}: HTTP ${answer.status}`);
    return await answer.text();
  };
  const ids = Object.keys(TARGETS).filter((id) => !id.startsWith('anef'));
  const clock = new URL('clock.ts', import.meta.url).pathname;
  const stats = async (...asked: readonly string[]): Promise<unknown> => {
    const env = { NODE_OPTIONS: `--import ${clock}`, REHEARSAL_AHEAD_MS: String(aheadMs()) };
    const { code, out, err } = await runCli(['stats', ...asked, '--json'], folder, env);
    if (code !== 0) refused.push(`stats ${asked.join(' ')}: ${err}`);
    return code === 0 ? JSON.parse(out) : null;
  };
  const paths = ['', 'status/', 'service/anef/', 'data/', ...ids.map((id) => `target/${id}/`)];
  const entry = async <T>(key: string, value: Promise<T>): Promise<[string, T]> => [key, await value];
  const pages = await Promise.all(
    ['fr', 'en', 'ar'].flatMap((language) =>
      paths.map((path) => entry(`${language}/${path}`, text(`${language}/${path}`))),
    ),
  );
  const api = await Promise.all(
    ['national', 'services/anef', ...ids.map((id) => `targets/${id}`)].map((path) =>
      entry(
        path,
        text(`api/v1/${path}`).then((body) => JSON.parse(body) as unknown),
      ),
    ),
  );
  const told = [['national'], ['service', 'anef'], ...ids.map((id) => ['target', id])];
  const answers: [string, unknown][] = [];
  for (const asked of told) answers.push([asked.join(' '), await stats(...asked)]);
  return {
    metrics: await text('metrics'),
    pages: Object.fromEntries([...pages, await entry('operator/', text('operator/'))]),
    api: Object.fromEntries(api),
    stats: Object.fromEntries(answers),
    refused,
  };
}

dieWithParent();
writeConfig(folder, Object.keys(TARGETS), {
  schedule: { intervalSeconds: INTERVAL_MS / 1_000, seed: 'rehearsal', concurrency: 8 },
});
const stage = await Stage.open(folder);
await go(stage, 0);
const monitor = await openMonitor(folder, INTERVAL_MS);
const scenes = await play(stage, monitor);
const shown = await figures(monitor);
await monitor.stop();
const report: Report = {
  scenes,
  clockWas,
  checks: readings(),
  plans: rows(
    `select target_id as target, mode, planned_at as plannedAt, state, reason from planned order by planned_at`,
  ),
  episodes: rows(
    'select target_id as target, kind, started_at as startedAt, last_at as lastAt, ended_at as endedAt, outcome from episodes',
  ),
  ...shown,
  ...(await stage.close()),
};
writeFileSync(join(folder, 'report.json'), JSON.stringify(report));

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { planAhead } from '../../src/schedule/planner.ts';
import { dieWithParent } from '../support/namespace.ts';
import type { Shown, StartReport } from './report.ts';
import { recorded, rows, shown } from './shown.ts';
import { RDV_SERVICE_PUBLIC, TARGETS } from './sites.ts';
import { Stage, writeConfig } from './stage.ts';

/** `guetteur start` itself within a namespace, by the machine's clock, and what there was to see of it: `watch.ts <folder> <ms>`. */

const PROGRAM = join(import.meta.dirname, '../../bin/guetteur.mjs');
const WATCHING_WITHIN_MS = 60_000;
/** The shortest that there may be. */
const INTERVAL_MS = 180_000;
const COMPARED = ['91-palaiseau-titre-2246', 'xx-rdv-service-public-recepisse-2458'] as const;
/** So long a check may take, and come after its instant; so long the pages, the API and the command line are asked. */
const LATE_BY_MS = 20_000;
const LOOKED_AT_FOR_MS = 30_000;
/** What a page or the API has answered is answered again for so long. */
const PAGES_KEPT_MS = 121_000;

const [folder = '', lasts = '0'] = process.argv.slice(2);

interface Running {
  readonly log: () => string;
  readonly page: string;
  stop(): Promise<number | null>;
}

async function start(): Promise<Running> {
  const command = ['--pdeathsig', 'TERM', process.execPath, PROGRAM, 'start'];
  const child = spawn('setpriv', command, {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let log = '';
  child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const exited = once(child, 'close') as Promise<[number | null]>;
  const limit = performance.now() + WATCHING_WITHIN_MS;
  let page: string | undefined;
  while (page === undefined) {
    if (child.exitCode !== null || performance.now() > limit) throw new Error(`it does not watch:\n${log}`);
    await sleep(100);
    page = /"page":"([^"]+)"/.exec(log)?.[1];
  }
  const stop = async (): Promise<number | null> => {
    child.kill('SIGTERM');
    return (await exited)[0];
  };
  return { log: () => log, page, stop };
}

/** Everything that is shown, from between two checks: what is shown one after another is of one state then. */
async function seen(monitor: Running): Promise<Shown> {
  for (;;) {
    const before = state();
    const figures = await shown({ folder, page: monitor.page, aheadMs: 0, ids: [...COMPARED] });
    const found = { ...recorded(folder), ...figures };
    if (before.begun === 0 && JSON.stringify(state()) === JSON.stringify(before)) return found;
    await sleep(PAGES_KEPT_MS);
  }
}

/** A seed by which no check is planned while everything is looked at. */
function quietSeed(from: number): string {
  const quiet = { from: from + Number(lasts) - LATE_BY_MS, until: from + Number(lasts) + LOOKED_AT_FOR_MS };
  for (let number = 1; ; number += 1) {
    const seed = `rehearsal-${number}`;
    const plans = Object.keys(TARGETS).flatMap((id) =>
      planAhead({ id, intervalMs: INTERVAL_MS, spacingMs: INTERVAL_MS }, seed, undefined, { from, until: quiet.until }),
    );
    if (plans.every(({ plannedAt }) => plannedAt < quiet.from || plannedAt > quiet.until)) return seed;
  }
}

function state(): { readonly begun: number; readonly checks: number } {
  const query = `select (select count(*) from checks) as checks,
    (select count(*) from planned where state = 'begun') as begun`;
  return rows<{ begun: number; checks: number }>(folder, query)[0] ?? { begun: 0, checks: 0 };
}

dieWithParent();
writeConfig(folder, Object.keys(TARGETS), {
  schedule: { intervalSeconds: INTERVAL_MS / 1_000, seed: quietSeed(Date.now()) },
});
const stage = await Stage.open(folder);
await stage.apply({ site: RDV_SERVICE_PUBLIC, plays: 'week-2026' });
const startedAt = performance.now();
const monitor = await start();
await sleep(Math.max(0, Number(lasts) - (performance.now() - startedAt)));
const found = await seen(monitor);
const code = await monitor.stop();
const report: StartReport = { ...found, code, log: monitor.log(), ...(await stage.close()) };
writeFileSync(join(folder, 'report.json'), JSON.stringify(report));

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { dieWithParent } from '../support/namespace.ts';
import { advance, aheadMs, machineTime } from './clock.ts';
import { openMonitor, type Monitor } from './monitor.ts';
import type { Report } from './report.ts';
import { recorded, shown } from './shown.ts';
import { BEGINS_AT, INTERVAL_MS, SCENES, type Scene } from './scenes.ts';
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
  for (const [at, scene] of SCENES.entries()) {
    const from = BEGINS_AT + at * INTERVAL_MS;
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

dieWithParent();
writeConfig(folder, Object.keys(TARGETS), {
  schedule: { intervalSeconds: INTERVAL_MS / 1_000, seed: 'rehearsal', concurrency: 8 },
});
const stage = await Stage.open(folder);
await go(stage, BEGINS_AT - Date.now());
const monitor = await openMonitor(folder, INTERVAL_MS);
const scenes = await play(stage, monitor);
const figures = await shown({
  folder,
  page: monitor.page,
  aheadMs: aheadMs(),
  ids: Object.keys(TARGETS).filter((id) => !id.startsWith('anef')),
});
await monitor.stop();
const report: Report = { scenes, clockWas, ...recorded(folder), ...figures, ...(await stage.close()) };
writeFileSync(join(folder, 'report.json'), JSON.stringify(report));

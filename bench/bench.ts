import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { chromium } from 'playwright';

import { browserExecutable } from '../src/config/environment.ts';
import { bareTarget, type Target } from '../src/core/target.ts';
import { Blobs } from '../src/evidence/blobs.ts';
import { loadProbes, loadReplicas } from '../src/plugins.ts';
import { openControl, openSite, type OpenSite } from '../src/practice/server/open.ts';
import { AddressBook } from '../src/run/addresses.ts';
import { BrowserProcess, LAUNCH_FLAGS } from '../src/run/browser/browser.ts';
import { processTree } from '../src/run/browser/processes.ts';
import { Control } from '../src/run/control.ts';
import { KillSwitch } from '../src/run/kill-switch.ts';
import { PRACTICE_RULES } from '../src/run/politeness.ts';
import { Robots } from '../src/run/robots.ts';
import { Runner } from '../src/run/runner.ts';
import type { Store } from '../src/store/contract.ts';
import { openStore } from '../src/store/open.ts';
import { readerCosts } from './readers.ts';

/**
 * What a full check costs beside bare Playwright, on the practice site, in one run. Bare: same browser and flags, a fresh
 * context, the same navigation, content and screenshot. Full: admission, visit, capture, scrub, reading, blobs, record.
 * Wall times are of this machine and this moment; only their ratios are worth quoting.
 */

const PLATFORM = 'rdv-prefecture';
const SCENARIO = 'nothing-published';
const PAIRS = 60;
const HOSTS = 4;
const EARLY = 50;
const LATE = 500;

interface Bench {
  readonly runner: Runner;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly probes: Awaited<ReturnType<typeof loadProbes>>;
  readonly browser: BrowserProcess;
  readonly targets: readonly Target[];
}

/** What could be freed is freed before memory is measured: kept is what counts. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc()');
}

const note = (text: string): void => void process.stderr.write(`bench: ${text}\n`);

async function fullCheck({ runner, store }: Bench, target: Target): Promise<number> {
  const began = performance.now();
  const result = await runner.check({ target, mode: 'scheduled', design: 'opportunistic' });
  if (result.kind !== 'checked' || result.check.reading.outcome !== 'no_slots')
    throw new Error('the bench page did not read as no_slots');
  await store.record(result.check, {});
  return performance.now() - began;
}

/** Pairs of one bare visit and one full check in alternating order, so that both meet the same moments of the machine. */
async function pairs(bench: Bench): Promise<{ bare: number[]; full: number[] }> {
  const isRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    executablePath: browserExecutable(),
    args: [...LAUNCH_FLAGS],
    chromiumSandbox: !isRoot,
  });
  const bareVisit = async (address: string): Promise<number> => {
    const began = performance.now();
    const context = await browser.newContext({
      viewport: { width: 1366, height: 900 },
      locale: 'fr-FR',
      timezoneId: 'Europe/Paris',
    });
    const page = await context.newPage();
    await page.goto(address);
    await page.content();
    await page.screenshot({ fullPage: true });
    await context.close();
    return performance.now() - began;
  };
  const [target] = bench.targets;
  if (target === undefined) throw new Error('no target');
  const bare: number[] = [];
  const full: number[] = [];
  await bareVisit(target.address);
  await fullCheck(bench, target);
  for (let at = 0; at < PAIRS; at += 1) {
    if (at % 2 === 0) bare.push(await bareVisit(target.address));
    full.push(await fullCheck(bench, target));
    if (at % 2 === 1) bare.push(await bareVisit(target.address));
  }
  await browser.close();
  return { bare, full };
}

/** Checks a minute over four hosts, `concurrency` at once; one check at a time a host holds all along. */
async function throughput(bench: Bench, concurrency: number, checks: number): Promise<number> {
  const began = performance.now();
  const lanes = bench.targets.slice(0, concurrency).map(async (_target, lane) => {
    for (let at = lane; at < checks; at += concurrency) {
      const target = bench.targets[at % bench.targets.length];
      if (target !== undefined) await fullCheck(bench, target);
    }
  });
  await Promise.all(lanes);
  return checks / ((performance.now() - began) / 60_000);
}

async function memoryGrowth(bench: Bench): Promise<{ early: number; late: number }> {
  let early = 0;
  const resident = async (): Promise<number> => {
    collectGarbage();
    return (await processTree(process.pid)).reduce((sum, info) => sum + info.residentBytes, 0);
  };
  for (let done = 0; done < LATE; done += HOSTS) {
    if (early === 0 && done >= EARLY) early = await resident();
    await Promise.all(bench.targets.map((target) => fullCheck(bench, target)));
  }
  return { early, late: await resident() };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

async function openBench(folder: string, sites: readonly OpenSite[], controlOrigin: string): Promise<Bench> {
  const store = await openStore(folder);
  const targets = sites.map((site, at) =>
    bareTarget({ id: `bench-${at}`, platform: PLATFORM, address: site.address, practice: true }),
  );
  await store.saveTargets(targets);
  const browser = new BrowserProcess({
    executable: browserExecutable(),
    userAgentSuffix: 'Guetteur/bench',
    folder: join(folder, 'browser'),
    recycleAfter: 100,
    maxResidentBytes: 1_500_000_000,
  });
  const blobs = new Blobs(join(folder, 'blobs'));
  const probes = await loadProbes();
  const runner = new Runner({
    probes,
    browser,
    control: new Control([controlOrigin], 'bench'),
    robots: new Robots(store, () => Promise.resolve('')),
    store,
    blobs,
    addresses: new AddressBook(),
    killSwitch: new KillSwitch(folder),
    rules: PRACTICE_RULES,
    vantage: 'bench',
    owner: 'bench',
  });
  return { runner, store, blobs, probes, browser, targets };
}

async function main(): Promise<void> {
  const replicas = await loadReplicas();
  const replica = replicas.get(PLATFORM);
  const scenario = replica?.scenarios.find((candidate) => candidate.name === SCENARIO);
  if (replica === undefined || scenario === undefined) throw new Error(`no scenario ${PLATFORM}/${SCENARIO}`);
  const folder = await mkdtemp(join(tmpdir(), 'guetteur-bench-'));
  const sites = await Promise.all(Array.from({ length: HOSTS }, () => openSite(replica, scenario)));
  const control = await openControl();
  const bench = await openBench(folder, sites, control.origin);
  note(`${PAIRS} pairs of bare visit and full check …`);
  const { bare, full } = await pairs(bench);
  note('throughput at concurrency 1 and 4 …');
  const [oneA, four, oneB] = [
    await throughput(bench, 1, 40),
    await throughput(bench, HOSTS, 80),
    await throughput(bench, 1, 40),
  ];
  note(`memory after ${EARLY} and ${LATE} checks …`);
  const { early, late } = await memoryGrowth(bench);
  note('readers …');
  const readMsPerCapture = await readerCosts({ ...bench, replicas });
  const measuredOn = {
    node: process.version,
    browser: await bench.browser.version(),
    cpus: cpus().length,
    memoryGigabytes: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    at: new Date().toISOString(),
  };
  await bench.browser.close();
  await bench.store.end();
  await Promise.all([control.close(), ...sites.map((site) => site.close())]);
  const leftovers = (await processTree(process.pid)).length - 1;
  await rm(folder, { recursive: true, force: true });
  const result = {
    bareWallMs: round(median(bare)),
    fullWallMs: round(median(full)),
    wallRatio: round(median(full) / median(bare)),
    throughputGain: round(four / ((oneA + oneB) / 2)),
    memoryGrowth: round(late / early),
    readMsPerCapture,
    leftovers,
    measuredOn,
  };
  const isJson = process.argv.includes('--json');
  process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, null, 2)}\n`);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

await main();

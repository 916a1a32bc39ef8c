import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { loadConfig, type Config } from './config/load.ts';
import { browserExecutable, useTemporaryFolder } from './config/environment.ts';
import type { Target } from './core/target.ts';
import { Blobs } from './evidence/blobs.ts';
import { loadProbes, loadReplicas } from './plugins.ts';
import { openPracticeWorld, type PracticeWorld } from './practice/server/world.ts';
import type { Probe } from './probe.ts';
import { AddressBook } from './run/addresses.ts';
import { BrowserProcess } from './run/browser/browser.ts';
import { ownFolder } from './run/browser/orphans.ts';
import { Control } from './run/control.ts';
import { KillSwitch } from './run/kill-switch.ts';
import { FLOORS, PRACTICE_RULES, withinFloors, type PolitenessRules } from './run/politeness.ts';
import { Robots, robotsFetcher } from './run/robots.ts';
import { Runner } from './run/runner.ts';
import type { Store } from './store/contract.ts';
import { openStore } from './store/open.ts';
import { machineClock } from './store/steady.ts';
import { HOMEPAGE, VERSION } from './version.ts';

/** Between two checks of a target, unless set. */
export const LIVE_INTERVAL_SECONDS = 1_800;

/** The parts of the monitor, built by hand from the configuration. Long-running and one-shot commands use the same ones. */
export interface Workbench {
  readonly config: Config;
  readonly probes: ReadonlyMap<string, Probe>;
  /** The watched targets by id: those of the configuration, or in practice the replicas. */
  readonly targets: ReadonlyMap<string, Target>;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly browser: BrowserProcess;
  readonly control: Control;
  readonly robots: Robots;
  readonly killSwitch: KillSwitch;
  readonly rules: PolitenessRules;
  /** Where the messages of practice mode arrive; null in live mode. */
  readonly mailbox: string | null;
  readonly runner: Runner;
  close(): Promise<void>;
}

export interface WorkbenchOptions {
  readonly configFile: string | undefined;
  /** Prefix of the lease owner: `monitor`, which has the lock of the data folder, or `once`. */
  readonly role: 'monitor' | 'once';
  /** Which of the practice targets are needed; a one-shot command opens one site, not all. */
  readonly practiceTargets: (id: string) => boolean;
  /** Told what takes long before the store is open. */
  readonly tell: (what: string) => void;
}

export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const probes = await loadProbes();
  const config = await loadConfig(options.configFile, probes);
  const isPractice = config.mode === 'practice';
  const executable = browserExecutable();
  // Closed from the last to the first; here, too, when the opening fails on the way: nothing may keep a failed process alive.
  await using opened = new AsyncDisposableStack();
  const store = await openStore(config.data, {
    tell: options.tell,
    holdsLock: options.role === 'monitor',
    clock: machineClock(),
  });
  opened.defer(() => store.end());
  const shown = { wanted: options.practiceTargets, seed: config.schedule.seed };
  const world = isPractice ? await openPracticeWorld(await loadReplicas(), shown) : null;
  opened.defer(() => world?.close());
  const folder = await ownFolder();
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  useTemporaryFolder(folder);
  const agent = userAgentSuffix(config);
  const browser = new BrowserProcess({
    executable,
    userAgentSuffix: agent,
    folder,
    recycleAfter: config.browser.recycleAfterChecks,
    maxResidentBytes: config.browser.maxMemoryMegabytes * 1_000_000,
  });
  opened.defer(() => browser.close());
  const control = new Control(world === null ? config.control.hosts : [world.controlOrigin], agent);
  const blobs = new Blobs(join(config.data, 'blobs'));
  const addresses = new AddressBook();
  const robots = new Robots(store, robotsFetcher(agent, addresses));
  const killSwitch = new KillSwitch(config.data);
  const rules = politenessRules(config);
  const runner = new Runner({
    probes,
    browser,
    control,
    robots,
    store,
    blobs,
    killSwitch,
    rules,
    addresses,
    vantage: config.vantage,
    owner: `${options.role}:${process.pid}`,
  });
  const targets = targetsOf(config, world);
  const closing = opened.move();
  const close = (): Promise<void> => closing.disposeAsync();
  const mailbox = world?.mailbox ?? null;
  return { config, probes, targets, store, blobs, browser, control, robots, killSwitch, rules, runner, mailbox, close };
}

/** What is held between checks, whatever was written. */
export function politenessRules({ mode, politeness }: Pick<Config, 'mode' | 'politeness'>): PolitenessRules {
  if (mode === 'practice') return PRACTICE_RULES;
  return withinFloors({
    targetSpacingMs: FLOORS.targetSpacingMs,
    hostSpacingMs: politeness.hostSpacingSeconds * 1_000,
    checksPerHostAndHour: politeness.checksPerHostAndHour,
  });
}

/** A practice instance without targets of its own watches the replicas. */
function targetsOf(config: Config, world: PracticeWorld | null): ReadonlyMap<string, Target> {
  const chosen = config.targets.length > 0 || world === null ? config.targets : world.targets;
  return new Map(chosen.map((target) => [target.id, target]));
}

/** Said in every request (conduct C5), behind the browser's own words: product, version, project, contact. */
export function userAgentSuffix({ operator }: Pick<Config, 'operator'>): string {
  const contact = operator === undefined ? 'practice' : operator.contact;
  return `Guetteur/${VERSION} (+${operator?.website ?? HOMEPAGE}; ${contact})`;
}

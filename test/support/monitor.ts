import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { bareTarget, type Target } from '../../src/core/target.ts';
import { Blobs } from '../../src/evidence/blobs.ts';
import { loadProbes } from '../../src/plugins.ts';
import { openControl } from '../../src/practice/server/open.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { BrowserProcess } from '../../src/run/browser/browser.ts';
import { Control } from '../../src/run/control.ts';
import { KillSwitch } from '../../src/run/kill-switch.ts';
import { PRACTICE_RULES } from '../../src/run/politeness.ts';
import { Robots } from '../../src/run/robots.ts';
import { Runner, type RunnerParts } from '../../src/run/runner.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'guetteur-test-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

export interface TestMonitor {
  readonly folder: string;
  readonly store: Store;
  readonly blobs: Blobs;
  readonly browser: BrowserProcess;
  readonly parts: RunnerParts;
  readonly runner: Runner;
  close(): Promise<void>;
}

/** The real parts on a folder of their own: real Chromium, real SQLite, a real control host on loopback. */
export async function openTestMonitor(change: Partial<RunnerParts> = {}): Promise<TestMonitor> {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  const control = await openControl();
  const browser = new BrowserProcess({
    executable: process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell',
    userAgentSuffix: 'Guetteur/test (+https://guetteur.example; contact@guetteur.example)',
    folder: join(folder.path, 'browser'),
    recycleAfter: 200,
    maxResidentBytes: 2_000_000_000,
  });
  const blobs = new Blobs(join(folder.path, 'blobs'));
  const parts: RunnerParts = {
    probes: await loadProbes(),
    browser,
    control: new Control([control.origin], 'test'),
    robots: new Robots(store, () => Promise.resolve('')),
    store,
    blobs,
    addresses: new AddressBook(),
    killSwitch: new KillSwitch(folder.path),
    rules: PRACTICE_RULES,
    vantage: 'test',
    owner: 'test-1',
    ...change,
  };
  const close = async (): Promise<void> => {
    await browser.close();
    await store.end();
    await control.close();
    await folder.remove();
  };
  return { folder: folder.path, store, blobs, browser, parts, runner: new Runner(parts), close };
}

export function practiceTarget(platform: string, address: string, params: Target['params'] = {}): Target {
  return { ...bareTarget({ id: 'test-target', platform, address, practice: true }), params };
}

import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mock } from 'node:test';
import { chromium, type Browser } from 'playwright';

import type { Check } from '../../src/core/check.ts';
import { bareTarget } from '../../src/core/target.ts';
import { readPage, z, type Probe, type Rule } from '../../src/probe.ts';
import { BrowserProcess } from '../../src/run/browser/browser.ts';
import { Runner, type RunnerParts, type RunResult } from '../../src/run/runner.ts';
import { openTestMonitor, temporaryFolder, type TestMonitor } from './monitor.ts';

export const EXECUTABLE = process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell';

const DEADLINES = { actionMs: 4_000, stepMs: 8_000, checkMs: 12_000 };

const OPEN: Rule = {
  name: 'open-page',
  outcome: 'operational',
  see: (page) => (page.says('Cette page est ouverte au public') ? { message: 'open' } : null),
};

/** A probe that opens one address and knows one page. */
function stubProbe(change: Partial<Probe> = {}): Probe {
  return {
    name: 'stub',
    version: 1,
    kind: 'service',
    hosts: [/^site\.example$/],
    recognises: ({ hostname }) => hostname === 'site.example',
    posts: [],
    forbidden: [],
    expectsCaptcha: false,
    contacts: [],
    params: z.strictObject({}),
    visit: async (visit, target) => {
      await visit.open('page', target.address);
    },
    read: (captures) => {
      const last = captures.at(-1);
      if (last === undefined) throw new Error('a visit without a capture cannot be read');
      return readPage(last, [OPEN]);
    },
    ...change,
  };
}

/** A visit that waits until the page itself says, by its title, that it has tried everything, or was itself replaced. */
export const untilTried: Pick<Probe, 'visit'> = {
  visit: async (visit, target) => {
    await visit.open('page', target.address, {
      until: (page) => page.titleWords === 'fini' || (page.capture.incidents.length > 0 && OPEN.see(page) === null),
      withinMs: 4_000,
    });
  },
};

export interface BenchOrder {
  readonly practice?: boolean;
  readonly parts?: Partial<RunnerParts>;
}

export interface Bench {
  readonly monitor: TestMonitor;
  /** Contexts that are open in any browser of this bench. */
  openContexts(): number;
  launches(): number;
  run(address: string, probe?: Partial<Probe>, order?: BenchOrder): Promise<RunResult>;
  /** As `run`, when the check must be made at once. */
  check(address: string, probe?: Partial<Probe>, order?: BenchOrder): Promise<Check>;
  close(): Promise<void>;
}

/**
 * A test monitor on stub probes. `hostRules` makes Chromium find names where the test has its servers; `flags` are further words of
 * its command line.
 */
export async function openBench(
  change: Partial<RunnerParts> = {},
  hostRules?: string,
  flags: readonly string[] = [],
): Promise<Bench> {
  const browsers: Browser[] = [];
  const launch = chromium.launch.bind(chromium);
  const launching = mock.method(chromium, 'launch', async (options: Parameters<typeof launch>[0]) => {
    const browser = await launch(options);
    browsers.push(browser);
    return browser;
  });
  const folder = await temporaryFolder();
  const browser = new BrowserProcess({
    executable: hostRules === undefined ? EXECUTABLE : await wrapped(folder.path, hostRules, flags),
    userAgentSuffix: 'Guetteur/test (+https://guetteur.example; contact@guetteur.example)',
    folder: join(folder.path, 'browser'),
    recycleAfter: 200,
    maxResidentBytes: 2_000_000_000,
  });
  const monitor = await openTestMonitor({ browser, deadlines: DEADLINES, ...change });
  const run: Bench['run'] = async (address, probe = {}, { practice = true, parts = {} } = {}) => {
    const target = bareTarget({ id: 'test-target', platform: 'stub', address, practice });
    await monitor.store.saveTargets([target]);
    const probes = new Map([['stub', stubProbe(probe)]]);
    const runner = new Runner({ ...monitor.parts, probes, ...parts });
    return await runner.check({ target, mode: 'scheduled', design: 'uniform' });
  };
  return {
    monitor,
    openContexts: () => browsers.reduce((sum, one) => sum + one.contexts().length, 0),
    launches: () => browsers.length,
    run,
    check: async (...order) => {
      const result = await run(...order);
      if (result.kind !== 'checked') throw new Error(`not checked: ${result.reason}`);
      return result.check;
    },
    close: async () => {
      await browser.close();
      await monitor.close();
      await folder.remove();
      launching.mock.restore();
    },
  };
}

/** The same browser behind a script that tells it where names lead: the monitor itself has no way to say so. */
async function wrapped(folder: string, hostRules: string, flags: readonly string[]): Promise<string> {
  const path = join(folder, 'browser.sh');
  const words = [`--host-resolver-rules="${hostRules}"`, ...flags].join(' ');
  await writeFile(path, `#!/bin/sh\nexec "${EXECUTABLE}" ${words} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

export function refusedRules(check: Check): string[] {
  return check.captures.flatMap(({ capture }) =>
    capture.incidents.flatMap(({ rule, method, url }) =>
      rule === undefined ? [] : [`${rule} ${method ?? ''} ${url.replace(/^[a-z]+:\/\/[^/]+/, '')}`],
    ),
  );
}

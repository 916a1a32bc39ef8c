import { bareTarget } from '../src/core/target.ts';
import type { Replica, Scenario } from '../src/core/replica.ts';
import type { Blobs } from '../src/evidence/blobs.ts';
import { capturesOf } from '../src/evidence/captures.ts';
import { openSite } from '../src/practice/server/open.ts';
import type { Probe } from '../src/probe.ts';
import { fingerprintOf } from '../src/read/fingerprint.ts';
import type { Runner } from '../src/run/runner.ts';
import type { Store } from '../src/store/contract.ts';

/** What reading costs, per capture: the platform's reader and the fingerprint, on stored pages, without a browser. */

const SCENARIOS = 8;
const ROUNDS = 25;

export interface ReaderParts {
  readonly probes: ReadonlyMap<string, Probe>;
  readonly replicas: ReadonlyMap<string, Replica>;
  readonly runner: Runner;
  readonly store: Store;
  readonly blobs: Blobs;
}

/** Milliseconds a capture: the median of each page, of which the dearest page of each platform. */
export async function readerCosts(parts: ReaderParts): Promise<Readonly<Record<string, number>>> {
  const costs: Record<string, number> = {};
  for (const [platform, replica] of parts.replicas) {
    let dearest = 0;
    for (const scenario of chosen(replica)) dearest = Math.max(dearest, await costOf(parts, replica, scenario));
    costs[platform] = Math.round(dearest * 100) / 100;
  }
  return costs;
}

/** Pages that are known at once; strange ones would be waited for. */
function chosen(replica: Replica): Scenario[] {
  return replica.scenarios
    .filter(
      ({ transport, expect }) => transport === undefined && !['unknown_page', 'error'].includes(expect(0).outcome),
    )
    .slice(0, SCENARIOS);
}

async function costOf(parts: ReaderParts, replica: Replica, scenario: Scenario): Promise<number> {
  const { platform } = replica;
  const probe = parts.probes.get(platform);
  if (probe === undefined) throw new Error(`no probe ${platform}`);
  const site = await openSite(replica, scenario);
  try {
    const known = bareTarget({ id: `bench-${platform}`, platform, address: site.address, practice: true });
    const target = { ...known, params: scenario.params ?? {} };
    await parts.store.saveTargets([target]);
    const result = await parts.runner.check({ target, mode: 'scheduled', design: 'opportunistic' });
    if (result.kind !== 'checked') throw new Error(`${platform} ${scenario.name} was not checked`);
    const captures = await capturesOf(result.check.captures, parts.blobs);
    const rounds = Array.from({ length: ROUNDS }, () => {
      const began = performance.now();
      probe.read(captures, target);
      for (const capture of captures.slice(-1)) fingerprintOf(capture);
      return (performance.now() - began) / Math.max(1, captures.length);
    });
    return rounds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? 0;
  } finally {
    await site.close();
  }
}

import { isDeepStrictEqual } from 'node:util';

import { asAppError } from './core/errors.ts';
import type { Outcome } from './core/outcome.ts';
import type { Reading } from './core/reading.ts';
import { bareTarget, type Target } from './core/target.ts';
import type { Blobs } from './evidence/blobs.ts';
import { capturesOf } from './evidence/captures.ts';
import type { Probe } from './probe.ts';
import { downgradeByClock } from './run/runner.ts';
import type { Store, StoredCheck } from './store/contract.ts';

export interface ReplayParts {
  readonly store: Pick<Store, 'replayable' | 'appendReading' | 'knownTargets' | 'refold'>;
  readonly probes: ReadonlyMap<string, Probe>;
  readonly blobs: Pick<Blobs, 'get'>;
  /** The configured targets; the others are read as they were when they were last watched. */
  readonly targets: readonly Target[];
  readonly now: number;
}

export interface ReplayResult {
  readonly read: number;
  readonly changes: readonly {
    readonly checkId: number;
    readonly target: string;
    readonly from: Outcome;
    readonly to: Outcome;
    readonly rule: string;
  }[];
  readonly unreadable: readonly { readonly checkId: number; readonly problem: string }[];
}

/** Outcomes that rest on more than the captures: a second look at the page cannot overturn them. */
const NOT_FROM_THE_PAGE: ReadonlySet<Outcome> = new Set([
  'network_down',
  'monitor_error',
  'skipped',
  'missed',
  'robots',
]);

/** Reads stored captures with the readers of today and appends the readings that differ. */
export async function replay(parts: ReplayParts, query: { since: number; platform?: string }): Promise<ReplayResult> {
  const changes: ReplayResult['changes'][number][] = [];
  const unreadable: ReplayResult['unreadable'][number][] = [];
  const known = [...(await parts.store.knownTargets()), ...parts.targets];
  const targets = new Map(known.map((target) => [target.id, target]));
  let read = 0;
  for await (const check of parts.store.replayable(query)) {
    const probe = parts.probes.get(check.platform);
    if (probe === undefined || NOT_FROM_THE_PAGE.has(check.outcome)) continue;
    try {
      const captures = await capturesOf(check.captures, parts.blobs);
      const reading = downgradeByClock(probe.read(captures, targetOf(check, targets)), check.clockOffsetMs);
      read += 1;
      if (isSame(reading, check)) continue;
      await parts.store.appendReading({ checkId: check.id, readerVersion: probe.version, reading, readAt: parts.now });
      changes.push({
        checkId: check.id,
        target: check.targetId,
        from: check.outcome,
        to: reading.outcome,
        rule: reading.rule,
      });
    } catch (error) {
      unreadable.push({ checkId: check.id, problem: asAppError(error, 'PROBE_FAILED').message });
    }
  }
  for (const target of new Set(changes.map((change) => change.target))) await parts.store.refold(target);
  return { read, changes, unreadable };
}

function isSame(reading: Reading, check: StoredCheck): boolean {
  const { outcome, rule, facets } = reading;
  // Facets as the store gives them back: what JSON leaves out is out on both sides.
  const stored: unknown = JSON.parse(JSON.stringify(facets));
  return outcome === check.outcome && rule === check.rule && isDeepStrictEqual(stored, check.facets);
}

/** Checks are written only for targets that were saved: the bare one is for a damaged store. */
function targetOf(check: StoredCheck, targets: ReadonlyMap<string, Target>): Target {
  const { targetId: id, platform, finalUrl, practice } = check;
  return targets.get(id) ?? bareTarget({ id, platform, address: finalUrl ?? 'http://127.0.0.1/', practice });
}

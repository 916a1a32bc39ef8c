import { statfs } from 'node:fs/promises';

import type { HostState } from '../core/host.ts';
import type { OutboxCount, PlannedCount, Store } from '../store/contract.ts';
import type { Health, OutboxRow } from './troubles.ts';

/** What a snapshot is made of. */
export interface HealthParts {
  readonly store: Pick<Store, 'lastFinishedAt' | 'due' | 'hosts' | 'plannedCountsBetween' | 'outboxCounts'>;
  readonly control: {
    readonly last: { readonly isUp: boolean } | null;
    isNetworkUp(): Promise<boolean>;
    clockOffsetMs(): Promise<number | null>;
  };
  readonly browser: { readonly restarts: number };
  /** The data folder, for the space left on its disk. */
  readonly folder: string;
}

const HOUR_MS = 3_600_000;

/** Takes snapshots; remembers the browser's restarts of the last hour, which counts them only in all. */
export class HealthReader {
  readonly #parts: HealthParts;
  #restarts: readonly { readonly at: number; readonly count: number }[] = [];

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** Throws what the store, or the disk, throws. */
  async read(at: number): Promise<Health> {
    const { store, folder } = this.#parts;
    const [lastFinishedAt, due, hosts, counts, outbox, disk, line] = await Promise.all([
      store.lastFinishedAt(),
      store.due(at),
      store.hosts(at),
      store.plannedCountsBetween(at - HOUR_MS, at),
      store.outboxCounts(),
      statfs(folder),
      this.#line(),
    ]);
    return {
      at,
      lastFinishedAt,
      oldestDueAt: due[0]?.plannedAt ?? null,
      lastHour: endsOf(counts),
      breakers: hosts.map(breakerOf),
      ...line,
      freeBytes: disk.bavail * disk.bsize,
      freeShare: disk.blocks === 0 ? 1 : disk.bavail / disk.blocks,
      browserRestartsInLastHour: this.#restartsSince(at),
      outbox: outbox.map(rowOf),
    };
  }

  /**
   * While all is well the control hosts are asked once in ten minutes, whether by us or by a check; while none answers, at every
   * snapshot: then nobody is bothered, and the end is seen soon.
   */
  async #line(): Promise<Pick<Health, 'isNetworkUp' | 'clockOffsetMs'>> {
    const { control } = this.#parts;
    const before = await control.clockOffsetMs();
    if (control.last?.isUp === true) return { isNetworkUp: true, clockOffsetMs: before };
    const isNetworkUp = await control.isNetworkUp();
    return { isNetworkUp, clockOffsetMs: await control.clockOffsetMs() };
  }

  #restartsSince(at: number): number {
    const count = this.#parts.browser.restarts;
    this.#restarts = [...this.#restarts.filter((sample) => at - sample.at < HOUR_MS), { at, count }];
    return count - (this.#restarts[0]?.count ?? count);
  }
}

function endsOf(counts: readonly PlannedCount[]): Health['lastHour'] {
  const countOf = (wanted: PlannedCount['state']): number =>
    counts.reduce((sum, { state, count }) => sum + (state === wanted ? count : 0), 0);
  const [foremost] = counts
    .filter(({ state }) => state === 'skipped' || state === 'missed')
    .toSorted((a, b) => b.count - a.count);
  return {
    done: countOf('done'),
    skipped: countOf('skipped'),
    missed: countOf('missed'),
    reason: foremost?.reason ?? '',
  };
}

function breakerOf({ host, breaker: { openUntil, reason } }: HostState): Health['breakers'][number] {
  return { host, openUntil, reason };
}

/** A message is made when it is due: one that was refused an hour ago and is tried again soon is an hour late. */
function rowOf({ channel, state, count, dueAt, oldestAt }: OutboxCount): OutboxRow {
  return { channel, state, count, dueAt: state === 'waiting' ? dueAt : oldestAt };
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { Admission, BreakerState } from '../core/host.ts';
import type { Store } from '../store/contract.ts';
import type { KillSwitch } from './kill-switch.ts';
import { admit, type PolitenessRules } from './politeness.ts';
import type { Refusal, RequestFilter } from './requests.ts';

export interface WalkHostsParts {
  readonly store: Pick<Store, 'lease' | 'release'>;
  readonly killSwitch: Pick<KillSwitch, 'stoppedBy'>;
  readonly rules: PolitenessRules;
  readonly owner: string;
  readonly targetId: string;
  /** The target's own host: its lease is there before the walk begins, and is not ended here. */
  readonly own: string;
  /** The end of all leases of the walk. */
  readonly until: number;
  readonly now: () => number;
  readonly pause?: (milliseconds: number) => Promise<unknown>;
}

/** Of the 45 s of a step: what is left must be enough for the page. */
const WAITS_AT_MOST_MS = 30_000;
const ASKED_AGAIN_AFTER_MS = 1_000;

/**
 * The hosts on which the main frame of one walk loads documents (conduct C6). Each is leased before its first document is asked for,
 * a redirect included, and stays so until the walk is over. Two walks never wait for each other: whoever holds a host waits for
 * the lease of none that comes before it in the alphabet.
 */
export class WalkHosts {
  readonly #parts: WalkHostsParts;
  readonly #pause: (milliseconds: number) => Promise<unknown>;
  /** Documents asked for, by host, redirects included. */
  readonly #loads = new Map<string, number>();
  readonly #held = new Set<string>();
  readonly #asking = new Map<string, Promise<Refusal | null>>();
  #refusal: Refusal | null = null;
  #waitedMs = 0;
  #last: string;
  #isOver = false;

  constructor(parts: WalkHostsParts) {
    this.#parts = parts;
    this.#pause = parts.pause ?? ((milliseconds) => sleep(milliseconds));
    this.#last = parts.own;
  }

  /** Why the walk was not let on to another host; null while it was. */
  get refusal(): Refusal | null {
    return this.#refusal;
  }

  /** How long the walk stood before hosts that were not free: time that its page did not have. */
  get waitedMs(): number {
    return this.#waitedMs;
  }

  /** The host that was last asked for a document. */
  get last(): string {
    return this.#last;
  }

  /** Those beside the target's own. */
  get others(): ReadonlyMap<string, number> {
    return new Map([...this.#loads].filter(([host]) => host !== this.#parts.own));
  }

  /** What passes `filter` passes here as well, when its host is this walk's. */
  filter(filter: RequestFilter): RequestFilter {
    return async (request) => {
      const refusal = await filter(request);
      if (refusal !== null || !request.isMainFrameDocument || !/^https?:/.test(request.url)) return refusal;
      const { host } = new URL(request.url);
      return await this.enter(host);
    };
  }

  /** Leases a host, unless it is this walk's already. Counts the document when it may be asked for. */
  async enter(host: string): Promise<Refusal | null> {
    const isOurs = host === this.#parts.own || this.#held.has(host);
    const refusal = isOurs ? null : await this.#enterOnce(host);
    if (refusal !== null) return refusal;
    this.#last = host;
    this.#loads.set(host, (this.#loads.get(host) ?? 0) + 1);
    return null;
  }

  /** Ends the leases that the walk came by. `breakers`: what those of its hosts have become, where they have changed. */
  async leave(breakers: ReadonlyMap<string, BreakerState> = new Map()): Promise<void> {
    this.#isOver = true;
    await Promise.all(this.#asking.values());
    const { store, owner, now } = this.#parts;
    for (const host of this.#held) await store.release(host, owner, now(), breakers.get(host) ?? null);
    this.#held.clear();
  }

  async #enterOnce(host: string): Promise<Refusal | null> {
    const asking = this.#asking.get(host) ?? this.#lease(host);
    this.#asking.set(host, asking);
    try {
      return await asking;
    } finally {
      this.#asking.delete(host);
    }
  }

  async #lease(host: string): Promise<Refusal | null> {
    if (this.#isOver) return this.#refuse(host, 'the visit is over');
    const stop = this.#parts.killSwitch.stoppedBy(host);
    if (stop !== null) return this.#refuse(host, `stopped by the file ${stop}`);
    const isInOrder = [this.#parts.own, ...this.#held].every((held) => held < host);
    const { now } = this.#parts;
    for (;;) {
      const admission = await this.#ask(host);
      if (admission.kind === 'go') {
        this.#held.add(host);
        return null;
      }
      if (admission.kind === 'skip') return this.#refuse(host, admission.reason);
      const leftMs = Math.min(WAITS_AT_MOST_MS - this.#waitedMs, this.#parts.until - now());
      // A lease ends before its time, the least distance does not.
      const mayComeSoon = admission.isLeased === true ? isInOrder : admission.until - now() <= leftMs;
      if (this.#isOver || leftMs <= 0 || !mayComeSoon) return this.#refuse(host, admission.reason);
      const pauseMs = Math.min(leftMs, Math.max(1, admission.until - now()), ASKED_AGAIN_AFTER_MS);
      await this.#pause(pauseMs);
      this.#waitedMs += pauseMs;
    }
  }

  #ask(host: string): Promise<Admission> {
    const { store, owner, rules, targetId, until } = this.#parts;
    const now = this.#parts.now();
    // The target's own spacing was asked for at the beginning: this visit is the one that has just begun.
    return store.lease({
      host,
      targetId,
      owner,
      now,
      until,
      isPassing: true,
      admitted: (state) => admit(rules, state, 0, now),
    });
  }

  #refuse(host: string, why: string): Refusal {
    this.#refusal = { kind: 'busy', why: `${host}, where the page leads: ${why}` };
    return this.#refusal;
  }
}

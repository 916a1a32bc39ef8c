import type { Context } from 'hono';

import { RateLimit, type Limit } from '../core/rate-limit.ts';
import { AnswerCache, type CacheRules, type Kept, type Written } from './answer-cache.ts';
import { clientIn } from './client.ts';

export interface AnswerRules extends CacheRules {
  /** How many computations one client, and all together, may cause. What is kept costs nothing and has no limit. */
  readonly perClient: Limit;
  readonly overall: Limit;
}

export type Answered =
  /** `kept` is null for what does not exist. */
  { readonly kind: 'answer'; readonly kept: Kept | null } | { readonly kind: 'wait'; readonly waitMs: number };

const STALE_MS = 10 * 60_000;

/** Answers kept for all readers, and how much one reader may have computed. */
export class AnswerDesk {
  readonly #cache: AnswerCache;
  readonly #perClient: RateLimit;
  readonly #overall: RateLimit;
  readonly #now: () => number;

  constructor(rules: AnswerRules, now: () => number) {
    this.#cache = new AnswerCache(rules, now);
    this.#perClient = new RateLimit(rules.perClient);
    this.#overall = new RateLimit(rules.overall);
    this.#now = now;
  }

  /** Throws what `compute` throws. */
  async ask(context: Context, key: string, compute: () => Promise<Written | null>): Promise<Answered> {
    const isFree = this.#cache.fresh(key) !== null || this.#cache.isUnderWay(key);
    const waitMs = isFree ? 0 : this.wait(context);
    if (waitMs === 0) return { kind: 'answer', kept: await this.#cache.get(key, compute, clientIn(context)) };
    // What was true some minutes ago says more than a refusal; what was true days ago is not what was asked.
    const old = this.#cache.stale(key, STALE_MS);
    return old === null ? { kind: 'wait', waitMs } : { kind: 'answer', kept: old };
  }

  /** Counts a computation; returns 0, or after how many milliseconds the client may cause one again. */
  wait(context: Context): number {
    const now = this.#now();
    return this.#perClient.take(clientIn(context), now) || this.#overall.take('', now);
  }
}

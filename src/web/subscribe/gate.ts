import type { Context } from 'hono';

import { RateLimit, type Limit } from '../../core/rate-limit.ts';
import { clientIn } from '../client.ts';

export interface GateLimits {
  /** Requests of one client: an office behind one address subscribes its volunteers in one meeting. */
  readonly perClient: Limit;
  /** All requests together: mail servers of small sites take some hundreds an hour, and alerts come first. */
  readonly overall: Limit;
}

/** How often strangers may ask us to write to somebody. */
export class Gate {
  readonly #perClient: RateLimit;
  readonly #overall: RateLimit;

  constructor({ perClient, overall }: GateLimits) {
    this.#perClient = new RateLimit(perClient);
    this.#overall = new RateLimit(overall);
  }

  /** Milliseconds until this client, and all together, may ask again; 0 for now. */
  wait(context: Context, now: number): number {
    return this.#perClient.take(clientIn(context), now) || this.#overall.take('', now);
  }
}

import type { Target } from '../core/target.ts';
import type { Pass } from '../run/assisted.ts';

/**
 * Reading a page again after a person passed its captcha. Off unless the operator turns it on, and bounded whatever they write:
 * whether one person's answer may carry further readings is a question for a lawyer.
 */

export interface AgainRules {
  readonly times: number;
  readonly everyMs: number;
}

/** No setting goes beyond these. */
const MOST_TIMES = 6;
const LEAST_EVERY_MS = 600_000;

interface Promised {
  readonly target: Target;
  readonly pass: Pass;
  left: number;
  nextAt: number;
}

export class Again {
  readonly #rules: AgainRules;
  readonly #read: (target: Target, pass: Pass) => Promise<boolean>;
  /** By target. In memory only: a restart forgets what a site would recognise. */
  readonly #promised = new Map<string, Promised>();
  #isReading = false;

  /** `read` says whether the page still shows its slots; when it does not, it is not asked again. */
  constructor(rules: AgainRules, read: (target: Target, pass: Pass) => Promise<boolean>) {
    this.#rules = { times: Math.min(rules.times, MOST_TIMES), everyMs: Math.max(rules.everyMs, LEAST_EVERY_MS) };
    this.#read = read;
  }

  begin(target: Target, pass: Pass, now: number): void {
    const { times, everyMs } = this.#rules;
    if (times > 0) this.#promised.set(target.id, { target, pass, left: times, nextAt: now + everyMs });
  }

  async tick(now: number): Promise<void> {
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      for (const [id, promised] of this.#promised) {
        if (now < promised.nextAt) continue;
        promised.left -= 1;
        promised.nextAt = now + this.#rules.everyMs;
        const isGood = await this.#read(promised.target, promised.pass);
        if (!isGood || promised.left <= 0) this.#promised.delete(id);
      }
    } finally {
      this.#isReading = false;
    }
  }

  stop(): void {
    this.#promised.clear();
  }
}

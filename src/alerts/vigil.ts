import type { Logger } from 'pino';

import { asAppError } from '../core/errors.ts';
import type { Store } from '../store/contract.ts';
import { CANARIES, canariesDue, canaryDay } from './canary.ts';
import { pingDeadMan } from './dead-man.ts';
import type { HealthReader } from './health.ts';
import { SelfWatch, type OpenTrouble } from './self-watch.ts';
import type { SelfWatchRules } from './troubles.ts';

export interface VigilParts {
  readonly store: Pick<Store, 'tell' | 'subscriptions' | 'notices'>;
  readonly health: Pick<HealthReader, 'read'>;
  /** Where the sign of life goes; null for nowhere. */
  readonly deadManUrl: string | null;
  /** What else has to be done now and then: deleting what nobody confirmed. */
  readonly tidy?: (now: number) => Promise<unknown>;
  readonly log: Logger;
  readonly rules?: SelfWatchRules;
  readonly now?: () => number;
}

const EVERY_MS = 60_000;
/** More troubles than a monitor can have at once, each told several times. */
const MOST_TOLD = 500;

/** Once a minute: how the monitor is, what its operator is told of it, the canary of the day, the sign of life. */
export class Vigil {
  readonly #parts: VigilParts;
  readonly #now: () => number;
  readonly #selfWatch: SelfWatch;
  readonly #startedAt: number;
  readonly #stop = new AbortController();
  #lookedAt = -Infinity;
  /** Undefined before the store was asked. */
  #lastCanary: string | null | undefined;
  #looking: Promise<void> = Promise.resolve();
  #isLooking = false;

  constructor(parts: VigilParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    const { store, rules } = parts;
    const tell: Store['tell'] = (notices, now) => store.tell(notices, now);
    this.#startedAt = this.#now();
    const toldBefore = (): ReturnType<Store['notices']> => store.notices({ keysFrom: 'operator/', limit: MOST_TOLD });
    this.#selfWatch = new SelfWatch({ tell, toldBefore, ...(rules === undefined ? {} : { rules }) });
  }

  /** Every trouble that lasts and was told. */
  get open(): readonly OpenTrouble[] {
    return this.#selfWatch.open;
  }

  /** Begins a look when a minute has passed and none is under way; does not wait for it. For every second. */
  tick(): void {
    const now = this.#now();
    // A clock that was set back must not keep it from looking.
    const isDue = now - this.#lookedAt >= EVERY_MS || now < this.#lookedAt;
    if (!isDue || this.#isLooking || this.#stop.signal.aborted) return;
    this.#lookedAt = now;
    this.#isLooking = true;
    this.#looking = this.#look(now).finally(() => {
      this.#isLooking = false;
    });
  }

  /** Waits for the look that is under way. */
  async settled(): Promise<void> {
    await this.#looking;
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.settled();
  }

  /** Never throws. A monitor that cannot tell how it is gives no sign of life: its failing store is found out by that. */
  async #look(now: number): Promise<void> {
    const isWell = await this.#tried('the monitor cannot look at itself', async () => {
      const told = await this.#selfWatch.tick(await this.#parts.health.read(now));
      for (const { event } of told) this.#parts.log.warn(`told the operator: ${event?.message ?? ''}`);
      return this.#selfWatch.isWell;
    });
    await this.#tried('the canary could not be written', () => this.#sendCanary(now));
    await this.#tried('requests that nobody confirmed could not be deleted', async () => this.#parts.tidy?.(now));
    const { deadManUrl: url, log } = this.#parts;
    if (isWell === true && url !== null) await pingDeadMan({ url, log, signal: this.#stop.signal });
  }

  async #sendCanary(now: number): Promise<void> {
    const { store } = this.#parts;
    this.#lastCanary ??= await this.#dayOfLastCanary();
    if (canaryDay(now) === this.#lastCanary) return;
    const past = { lastDay: this.#lastCanary, startedAt: this.#startedAt };
    const canaries = canariesDue(await store.subscriptions(), past, now);
    if (canaries.length === 0) return;
    await store.tell(canaries, now);
    this.#lastCanary = canaryDay(now);
  }

  async #dayOfLastCanary(): Promise<string | null> {
    const [last] = await this.#parts.store.notices({ keysFrom: CANARIES, limit: 1 });
    return last === undefined ? null : canaryDay(last.at);
  }

  async #tried<T>(what: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const { code, hint, message } = asAppError(error, 'INTERNAL');
      this.#parts.log.error({ code, hint }, `${what}: ${message}`);
      return undefined;
    }
  }
}

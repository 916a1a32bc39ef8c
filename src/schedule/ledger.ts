import type { PlannedCheck } from '../core/check.ts';
import type { Store } from '../store/contract.ts';
import { planAhead, type PlanTarget } from './planner.ts';

type LedgerStore = Pick<
  Store,
  'plan' | 'plannedUntil' | 'due' | 'close' | 'closeBegun' | 'closeDue' | 'closeUnwatched'
>;

/** Without a tick for this long, the machine slept or hung: what fell due meanwhile was missed, not late. */
const SLEPT_AFTER_MS = 5 * 60_000;
const PLAN_EVERY_MS = 30_000;

/** Keeps the ledger of planned checks: written ahead of time, each ended in exactly one way. */
export class Ledger {
  readonly #store: LedgerStore;
  readonly #targets: readonly PlanTarget[];
  readonly #seed: string;
  #plannedAt = -Infinity;
  #lastTickAt: number | null = null;

  constructor(store: LedgerStore, targets: readonly PlanTarget[], seed: string) {
    this.#store = store;
    this.#targets = targets;
    this.#seed = seed;
  }

  /**
   * At start: what an earlier run began and did not end, and all that fell due while nothing ran, is `missed`. Intervals of
   * which no plan was ever written are planned first, so that they are counted as gaps too. Returns how many were missed.
   */
  async accountForGap(now: number): Promise<number> {
    await this.#store.closeUnwatched(
      this.#targets.map((target) => target.id),
      'no longer watched',
    );
    await this.#planAhead(now);
    const begun = await this.#store.closeBegun('the monitor ended while the check was under way');
    return begun + (await this.#store.closeDue(now, 'the monitor was not running'));
  }

  /** Plans ahead where needed and returns the checks that are due, oldest first. */
  async tick(now: number): Promise<readonly PlannedCheck[]> {
    const slept = this.#lastTickAt !== null && now - this.#lastTickAt > SLEPT_AFTER_MS;
    this.#lastTickAt = now;
    if (slept || now - this.#plannedAt >= PLAN_EVERY_MS || now < this.#plannedAt) await this.#planAhead(now);
    if (slept) await this.#store.closeDue(now, 'the machine slept');
    return await this.#withoutOvertaken(await this.#store.due(now));
  }

  /**
   * One target is checked once at a time: of two due checks of it, the older one was overtaken by the newer. A scheduled
   * check goes before a confirmation: it confirms as well, and its instant is the one that counts.
   */
  async #withoutOvertaken(due: readonly PlannedCheck[]): Promise<readonly PlannedCheck[]> {
    const isScheduled = ({ mode }: PlannedCheck): number => Number(mode === 'scheduled');
    const byRank = due.toSorted((a, b) => isScheduled(a) - isScheduled(b));
    const foremost = new Map(byRank.map((planned) => [planned.targetId, planned.id]));
    const kept: PlannedCheck[] = [];
    for (const planned of due) {
      if (foremost.get(planned.targetId) === planned.id) kept.push(planned);
      else await this.#store.close(planned.id, 'skipped', 'overtaken by another check of the target');
    }
    return kept;
  }

  /** Every target has plans for the interval that runs and for the next one. */
  async #planAhead(now: number): Promise<void> {
    const known = await this.#store.plannedUntil();
    const plans = this.#targets.flatMap((target) =>
      planAhead(target, this.#seed, known.get(target.id), { from: now, until: now + target.intervalMs }),
    );
    if (plans.length > 0) await this.#store.plan(plans);
    this.#plannedAt = now;
  }
}

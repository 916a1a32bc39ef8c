import type { Logger } from 'pino';

import type { Check, PlannedCheck } from './core/check.ts';
import { asAppError } from './core/errors.ts';
import { EVENT_KINDS, type Event } from './core/event.ts';
import type { Decide } from './core/follow-up.ts';
import { groupOf } from './core/outcome.ts';
import { hostOf, type Target } from './core/target.ts';
import type { Checked, Runner } from './run/runner.ts';
import type { Ledger } from './schedule/ledger.ts';
import type { RecordEnds, Store } from './store/contract.ts';

/**
 * The program on one screen: a planned check is due → it is run → it is recorded, with the end of its plan, in one
 * transaction → whoever listens is woken. Start reading here.
 */

export interface WatchParts {
  readonly targets: ReadonlyMap<string, Target>;
  readonly ledger: Pick<Ledger, 'tick'>;
  readonly runner: Pick<Runner, 'check'>;
  readonly store: Pick<Store, 'begin' | 'record' | 'close'>;
  readonly log: Logger;
  /** Checks under way at once, over all hosts. */
  readonly concurrency: number;
  /** What follows from a check, see `decide/`. */
  readonly decide: Decide;
  /** `lateMs`: since its planned instant; null for a check that was not planned. */
  readonly onRecorded: (check: Check, lateMs: number | null) => void;
  readonly now?: () => number;
}

export class Watch {
  readonly #parts: WatchParts;
  readonly #now: () => number;
  readonly #running = new Map<string, Promise<void>>();
  /** Hosts that said when they are free again. */
  readonly #notBefore = new Map<string, number>();
  /** Planned checks that are begun. */
  readonly #begun = new Set<number>();
  /** Ends that could not be written, as on a full disk: written as soon as they can be. By planned check, the reason. */
  readonly #unwritten = new Map<number, string>();
  #isStopping = false;
  #isOver = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
  }

  /** Begins what is due and may begin. Never throws: what fails is logged, and tried again at the next tick. */
  async tick(): Promise<void> {
    try {
      await this.#writeEnds();
      for (const planned of await this.#parts.ledger.tick(this.#now())) {
        if (this.#isStopping || this.#running.size >= this.#parts.concurrency) return;
        this.#start(planned);
      }
    } catch (error) {
      this.#tell(error);
    }
  }

  #tell(error: unknown): void {
    const failure = asAppError(error, 'INTERNAL');
    this.#parts.log.error({ code: failure.code, hint: failure.hint }, failure.message);
  }

  /** Lets checks that are under way end, for at most `withinMs`; what is left then is `missed`. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, withinMs);
    });
    await Promise.race([Promise.all(this.#running.values()), late]);
    clearTimeout(timer);
    this.#isOver = true;
    for (const id of this.#begun) this.#unwritten.set(id, 'the monitor was stopped');
    // On a full disk they stay unwritten: the next start accounts for them as missed.
    await this.#writeEnds().catch((error: unknown) => this.#tell(error));
  }

  #start(planned: PlannedCheck): void {
    const target = this.#parts.targets.get(planned.targetId);
    if (target === undefined) return;
    const host = hostOf(target.address);
    if (this.#running.has(host) || (this.#notBefore.get(host) ?? 0) > this.#now()) return;
    const work = this.#run(planned, target, host)
      .catch((error: unknown) => this.#failed(planned, error))
      .finally(() => this.#running.delete(host));
    this.#running.set(host, work);
  }

  async #run(planned: PlannedCheck, target: Target, host: string): Promise<void> {
    const { runner, store } = this.#parts;
    const result = await runner.check({
      target,
      mode: planned.mode === 'scheduled' && target.control ? 'control' : planned.mode,
      design: planned.design,
      onAdmitted: async () => {
        this.#begun.add(planned.id);
        await store.begin(planned.id, this.#now());
      },
    });
    if (this.#isOver) return;
    if (result.kind === 'checked') for (const passed of Object.keys(result.check.passed ?? {})) this.free(passed);
    if (result.kind === 'wait') {
      this.#notBefore.set(host, result.until);
      return;
    }
    await this.keep(result, { plannedId: planned.id, plannedEnd: endOf(result.check) }, planned.plannedAt);
    this.#begun.delete(planned.id);
  }

  /** Records a check with what follows from it, whoever made it, and tells. Returns its id. */
  async keep(
    { check, breaker }: Pick<Checked, 'check' | 'breaker'>,
    ends: Omit<RecordEnds, 'decide' | 'breaker'>,
    plannedAt: number | null,
  ): Promise<number> {
    const { store, decide, onRecorded } = this.#parts;
    let events: readonly Event[] = [];
    const id = await store.record(check, {
      ...ends,
      decide: (before, recorded) => {
        const decision = decide(before, recorded);
        ({ events } = decision);
        return decision;
      },
      ...(breaker === null ? {} : { breaker }),
    });
    this.#log(id, check);
    for (const event of events) this.#logEvent(id, event);
    onRecorded(check, plannedAt === null ? null : check.startedAt - plannedAt);
    return id;
  }

  /** A host is free earlier than it had said. */
  free(host: string): void {
    this.#notBefore.delete(host);
  }

  #failed(planned: PlannedCheck, error: unknown): void {
    const failure = asAppError(error, 'INTERNAL');
    if (this.#begun.delete(planned.id)) this.#unwritten.set(planned.id, `not recorded: ${failure.code}`);
    this.#parts.log.error({ target: planned.targetId, code: failure.code, hint: failure.hint }, failure.message);
  }

  async #writeEnds(): Promise<void> {
    for (const [id, reason] of this.#unwritten) {
      await this.#parts.store.close(id, 'missed', reason);
      this.#unwritten.delete(id);
    }
  }

  /** What asks for a person stands out in the log. */
  #logEvent(id: number, { kind, targetId, host, message }: Event): void {
    const level = EVENT_KINDS[kind].asks ? 'warn' : 'info';
    this.#parts.log[level]({ check: id, event: kind, target: targetId, host }, message);
  }

  #log(id: number, check: Check): void {
    const { outcome, rule, message } = check.reading;
    this.#parts.log.info(
      {
        check: id,
        target: check.targetId,
        outcome,
        group: groupOf(outcome),
        rule,
        ...(check.status === null ? {} : { status: check.status }),
        durationMs: check.finishedAt - check.startedAt,
        ...(check.errorCode === null ? {} : { code: check.errorCode }),
      },
      message,
    );
  }
}

function endOf(check: Check): NonNullable<RecordEnds['plannedEnd']> {
  const { outcome, message } = check.reading;
  return outcome === 'skipped' ? { end: 'skipped', reason: message } : { end: 'done', reason: '' };
}

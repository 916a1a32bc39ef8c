import { LocalTime, PARIS, type LocalDay } from '../../core/local-time.ts';
import type { DumpResult } from './dump.ts';

/** When the clocks in Paris have changed, and before anybody works. */
const FROM_HOUR = 4;

export interface DailyDumpParts {
  readonly write: () => Promise<DumpResult>;
  readonly onWritten: (result: DumpResult) => void;
  readonly onFailure: (error: unknown) => void;
}

/** Writes the files once a day, and at the start. Ticks never throw and never wait; a day that failed is tried with the next. */
export class DailyDump {
  readonly #parts: DailyDumpParts;
  readonly #paris = new LocalTime(PARIS);
  #writtenOn: LocalDay | null = null;
  #work: Promise<void> | null = null;

  constructor(parts: DailyDumpParts) {
    this.#parts = parts;
  }

  tick(now: number): void {
    const day = this.#paris.dayOf(now);
    const isFirst = this.#writtenOn === null;
    if (this.#work !== null || this.#writtenOn === day || (!isFirst && this.#paris.hourOf(now) < FROM_HOUR)) return;
    this.#writtenOn = day;
    this.#work = this.#parts
      .write()
      .then(this.#parts.onWritten, this.#parts.onFailure)
      .finally(() => {
        this.#work = null;
      });
  }

  /** Waits for what is being written. */
  async stop(): Promise<void> {
    await this.#work;
  }
}

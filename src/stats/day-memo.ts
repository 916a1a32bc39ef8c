import { daysIn, plusDays, type LocalDay } from '../core/local-time.ts';
import type { DaySpan } from '../core/tally.ts';

/**
 * What was computed of single days, kept as long as nothing of them was written. Yesterday stays as it is; only today is computed
 * again when a check was recorded, and an old day when a reading of it was superseded.
 */
const MOST_KEPT = 60_000;

export interface DayQuestion<T> {
  readonly key: string;
  /** On how many days before and after it the value of a day depends. */
  readonly reach: number;
  readonly compute: (day: LocalDay) => T;
}

export class DayMemo<T> {
  readonly #kept = new Map<string, { readonly stamp: string; readonly value: T }>();

  /** One value a day, in order. `changes` counts how often each day was written; absent for never. */
  over(span: DaySpan, changes: ReadonlyMap<LocalDay, number>, { key, reach, compute }: DayQuestion<T>): T[] {
    return Array.from({ length: daysIn(span) }, (_, at) => {
      const day = plusDays(span.from, at);
      const stamp = Array.from(
        { length: 2 * reach + 1 },
        (_none, off) => changes.get(plusDays(day, off - reach)) ?? 0,
      ).join();
      const name = `${key} ${day}`;
      const known = this.#kept.get(name);
      if (known?.stamp === stamp) return known.value;
      const value = compute(day);
      this.#kept.delete(name);
      this.#kept.set(name, { stamp, value });
      this.#forget();
      return value;
    });
  }

  #forget(): void {
    if (this.#kept.size <= MOST_KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

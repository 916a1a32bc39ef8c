/**
 * When the next picture of a page may come, so that a telephone at 3G speed keeps up: pictures are taken from a bucket of bytes,
 * and while nobody acts there is one in two seconds at most, whatever blinks on the page. Pure: the clock is an argument.
 */

/** Bytes a second in the long run, and what may come in one go after a rest. */
const RATE = 30_000;
const BURST = 240_000;
const IDLE_AFTER_MS = 1_500;
const IDLE_GAP_MS = 2_000;

export class Pace {
  #left = BURST;
  #at: number;
  #actedAt: number;

  constructor(now: number) {
    this.#at = now;
    this.#actedAt = now;
  }

  /** The person did something, or the page went elsewhere: what follows is worth seeing at once. */
  acted(now: number): void {
    this.#actedAt = now;
  }

  /** Milliseconds to wait after a picture of so many bytes before the next may come. */
  waitAfter(bytes: number, now: number): number {
    this.#left = Math.min(BURST, this.#left + ((now - this.#at) * RATE) / 1_000) - bytes;
    this.#at = now;
    const owed = this.#left < 0 ? (-this.#left * 1_000) / RATE : 0;
    const rest = now - this.#actedAt > IDLE_AFTER_MS ? IDLE_GAP_MS : 0;
    return Math.max(owed, rest);
  }

  /** What is still owed, when the wait was cut short by an act. */
  owedMs(now: number): number {
    const left = this.#left + ((now - this.#at) * RATE) / 1_000;
    return left < 0 ? (-left * 1_000) / RATE : 0;
  }
}

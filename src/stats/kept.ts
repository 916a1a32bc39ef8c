/** Answers that are kept, so that a thousand readers cost one computation. */

interface Kept {
  readonly version: number;
  readonly at: number;
  readonly answer: unknown;
}

/** A page may be so old: within it, not even the version is asked for. */
const FRESH_MS = 60_000;
/** After it an answer is computed again though nothing was written: what lasts until now grows. */
const STALE_MS = 10 * 60_000;
const MOST_KEPT = 500;

export class KeptAnswers {
  readonly #kept = new Map<string, Kept>();
  readonly #version: () => number;
  readonly #now: () => number;

  constructor(version: () => number, now: () => number) {
    this.#version = version;
    this.#now = now;
  }

  /** The answer of a key, computed anew when the data have changed since. A failure is not kept. */
  get<T>(key: string, compute: () => T): T {
    const now = this.#now();
    const known = this.#kept.get(key);
    // Kept by this very method, under a key that names the question.
    if (known !== undefined && this.#holds(known, now)) return known.answer as T; // oxlint-disable-line typescript/no-unsafe-type-assertion
    const version = this.#version();
    const answer = compute();
    this.#kept.delete(key);
    this.#kept.set(key, { version, at: now, answer });
    this.#forget();
    return answer;
  }

  #holds({ at, version }: Kept, now: number): boolean {
    const age = now - at;
    // A clock that was set back makes nothing older than it is.
    if (age < 0) return false;
    return age < FRESH_MS || (age < STALE_MS && version === this.#version());
  }

  #forget(): void {
    if (this.#kept.size <= MOST_KEPT) return;
    const [oldest] = this.#kept.keys();
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}

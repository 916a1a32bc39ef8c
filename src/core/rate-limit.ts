/** How often something may be done, by whom: a bucket of `count` that fills again over `withinMs`. */
export interface Limit {
  readonly count: number;
  readonly withinMs: number;
}

/** A wave of strangers must not fill the memory: beyond this the longest unheard are forgotten. */
const MOST_KEPT = 10_000;

export class RateLimit {
  readonly #limit: Limit;
  readonly #most: number;
  /** In the order of the last request, the oldest first. */
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(limit: Limit, most = MOST_KEPT) {
    this.#limit = limit;
    this.#most = most;
  }

  /** 0, or after how many milliseconds there is one again; takes none. */
  wait(key: string, now: number): number {
    return this.#waitFor(this.#left(key, now));
  }

  /** Takes one; returns 0, or after how many milliseconds there is one again. */
  take(key: string, now: number): number {
    const left = this.#left(key, now);
    const isFree = left >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { left: isFree ? left - 1 : left, at: now });
    this.#forget();
    return this.#waitFor(left);
  }

  #left(key: string, now: number): number {
    const { count, withinMs } = this.#limit;
    const bucket = this.#buckets.get(key) ?? { left: count, at: now };
    return Math.min(count, bucket.left + (Math.max(0, now - bucket.at) * count) / withinMs);
  }

  #waitFor(left: number): number {
    const { count, withinMs } = this.#limit;
    return left >= 1 ? 0 : ((1 - left) * withinMs) / count;
  }

  get kept(): number {
    return this.#buckets.size;
  }

  #forget(): void {
    if (this.#buckets.size <= this.#most) return;
    const [oldest] = this.#buckets.keys();
    if (oldest !== undefined) this.#buckets.delete(oldest);
  }
}

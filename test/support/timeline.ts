/** Time that passes only when everybody waits for it: walks that take hours are played in moments, in the order of their instants. */
export class Timeline {
  now: number;
  #active = 0;
  #waiting: { readonly at: number; readonly go: () => void }[] = [];

  constructor(start: number) {
    this.now = start;
  }

  pause(milliseconds: number): Promise<void> {
    this.#active -= 1;
    return new Promise((resolve) => {
      this.#waiting.push({ at: this.now + milliseconds, go: resolve });
    });
  }

  /** Runs all to their ends. Throws when they are not there after `mostMs`. */
  async play(works: readonly (() => Promise<void>)[], mostMs: number): Promise<void> {
    const until = this.now + mostMs;
    const failed: unknown[] = [];
    let left = works.length;
    for (const work of works) {
      this.#active += 1;
      work()
        .catch((error: unknown) => failed.push(error))
        .finally(() => {
          this.#active -= 1;
          left -= 1;
        });
    }
    while (left > 0) {
      await new Promise(setImmediate);
      if (this.#active > 0) continue;
      this.#waiting.sort((one, other) => one.at - other.at);
      const next = this.#waiting.shift();
      if (next === undefined) continue;
      if (next.at > until) throw new Error(`${left} have not ended`);
      this.now = Math.max(this.now, next.at);
      this.#active += 1;
      next.go();
    }
    if (failed.length > 0) throw failed[0];
  }
}

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
    let isOver = false;
    const all = Promise.allSettled(works.map((work) => this.#begun(work))).then((ends) => {
      isOver = true;
      return ends;
    });
    for (;;) {
      await new Promise(setImmediate);
      if (isOver) break;
      if (this.#active === 0) this.#passUntil(until);
    }
    for (const end of await all) if (end.status === 'rejected') throw end.reason;
  }

  async #begun(work: () => Promise<void>): Promise<void> {
    this.#active += 1;
    try {
      await work();
    } finally {
      this.#active -= 1;
    }
  }

  #passUntil(until: number): void {
    this.#waiting.sort((one, other) => one.at - other.at);
    const next = this.#waiting.shift();
    if (next === undefined) return;
    if (next.at > until) throw new Error(`some have not ended at ${new Date(until).toISOString()}`);
    this.now = Math.max(this.now, next.at);
    this.#active += 1;
    next.go();
  }
}

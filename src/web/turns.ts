/**
 * One work at a time, so that checks get their turn in between; and who asks takes turns with everybody else who does. In the
 * order of asking, sixty questions of one reader, who does not even read, once kept all others waiting for 21 s.
 */
export class Turns {
  /** Works by who asked for them; whose turn is next stands first. */
  readonly #waiting = new Map<string, (() => Promise<void>)[]>();
  #isWorking = false;

  /** Resolves with what `work` gives, when it had its turn; throws what it throws. */
  take<T>(asker: string, work: () => Promise<T>): Promise<T> {
    const turn = Promise.withResolvers<T>();
    const run = async (): Promise<void> => await work().then(turn.resolve, turn.reject);
    this.#waiting.set(asker, [...(this.#waiting.get(asker) ?? []), run]);
    if (!this.#isWorking) void this.#work();
    return turn.promise;
  }

  async #work(): Promise<void> {
    this.#isWorking = true;
    for (let next = this.#next(); next !== null; next = this.#next()) await next();
    this.#isWorking = false;
  }

  #next(): (() => Promise<void>) | null {
    const [first] = this.#waiting;
    if (first === undefined) return null;
    const [asker, [run, ...later]] = first;
    this.#waiting.delete(asker);
    if (later.length > 0) this.#waiting.set(asker, later);
    return run ?? null;
  }
}

import type { Page } from '../read/page.ts';
import type { StepOptions, Visit } from '../probe.ts';

/** A visit as a probe gets it: what its contract says, and no way to what stands behind it, such as the hands of a person. */
export class OfferedVisit implements Visit {
  readonly #visit: Visit;

  constructor(visit: Visit) {
    this.#visit = visit;
  }

  open(step: string, address: string, options?: StepOptions): Promise<Page> {
    return this.#visit.open(step, address, options);
  }

  press(step: string, selector: string, options?: StepOptions): Promise<Page> {
    return this.#visit.press(step, selector, options);
  }

  choose(selector: string): Promise<void> {
    return this.#visit.choose(selector);
  }

  narrow(): Promise<void> {
    return this.#visit.narrow();
  }

  breathe(): Promise<void> {
    return this.#visit.breathe();
  }
}

import { betterOf, clockInterval, isSharp, leastOffsetMs, mayBeRight, middleOf, type ClockInterval } from './clock.ts';
import { askDate, type ControlAnswer } from './control-request.ts';

const CLOCK_TRUSTED_FOR_MS = 10 * 60_000;
/** A clock that was found wrong, or could not be compared, is looked at again soon: what is read meanwhile is lost. */
const CLOCK_DOUBTED_FOR_MS = 15_000;
const NETWORK_TRUSTED_FOR_MS = 5_000;
/** A host is asked again, at most so often, when its answer came late or finds our clock wrong. */
const ANSWERS_AT_MOST = 3;

export interface ControlReading {
  /** A control host was reached, be it that we did not trust its certificate. */
  readonly isUp: boolean;
  /** Where our clock minus the world's lies; null when no host told. */
  readonly clock: ClockInterval | null;
  /** The point of `clock` nearest to zero. */
  readonly clockOffsetMs: number | null;
  /** Node's name of the reason why no certificate of any control host was trusted; null when one was, or none was shown. */
  readonly distrust: string | null;
  readonly at: number;
}

/**
 * Our own connection and clock, told by hosts that have nothing to do with the watched ones. Any HTTP answer shows that the
 * network is up; the Date headers show the time.
 */
export class Control {
  /** What is asked: addresses of pages. */
  readonly hosts: readonly string[];
  readonly #userAgent: string;
  readonly #now: () => number;
  #last: ControlReading | null = null;
  #asking: Promise<ControlReading> | null = null;

  constructor(hosts: readonly string[], userAgent: string, now: () => number = Date.now) {
    this.hosts = hosts;
    this.#userAgent = userAgent;
    this.#now = now;
  }

  get last(): ControlReading | null {
    return this.#last;
  }

  async isNetworkUp(): Promise<boolean> {
    return (await this.#notOlderThan(() => NETWORK_TRUSTED_FOR_MS)).isUp;
  }

  /** Null when it is not known. */
  async clockOffsetMs(): Promise<number | null> {
    const reading = await this.#notOlderThan(({ clock }) =>
      clock !== null && mayBeRight(clock) ? CLOCK_TRUSTED_FOR_MS : CLOCK_DOUBTED_FOR_MS,
    );
    return reading.clockOffsetMs;
  }

  async #notOlderThan(limitMs: (last: ControlReading) => number): Promise<ControlReading> {
    const last = this.#last;
    // A clock that jumped backwards makes any earlier reading look young: such a reading is not used.
    if (last !== null && last.at <= this.#now() && this.#now() - last.at < limitMs(last)) return last;
    this.#asking ??= this.ask().finally(() => {
      this.#asking = null;
    });
    return await this.#asking;
  }

  async ask(): Promise<ControlReading> {
    const answers = await Promise.all(this.hosts.map((host) => this.#answerOf(host)));
    const clock = middleOf(answers.flatMap((answer) => (answer.kind === 'clock' ? [answer.clock] : [])));
    const distrusted = answers.find((answer) => answer.kind === 'distrusted');
    const hasAnswered = answers.some(({ kind }) => kind === 'clock' || kind === 'no-date');
    this.#last = {
      isUp: hasAnswered || distrusted !== undefined,
      clock,
      clockOffsetMs: clock === null ? null : leastOffsetMs(clock),
      distrust: hasAnswered ? null : (distrusted?.code ?? null),
      at: this.#now(),
    };
    return this.#last;
  }

  async #answerOf(host: string): Promise<HostAnswer> {
    let best: ClockInterval | null = null;
    for (let count = 0; count < ANSWERS_AT_MOST; count += 1) {
      const answer = await askDate(host, this.#userAgent, this.#now);
      const clock: ClockInterval | null = answer.kind === 'dated' ? clockInterval(answer) : null;
      if (clock !== null) best = best === null ? clock : betterOf(best, clock);
      if (answer.kind !== 'dated') return best === null ? answer : { kind: 'clock', clock: best };
      if (best !== null && isSharp(best) && mayBeRight(best)) break;
    }
    return best === null ? { kind: 'no-date' } : { kind: 'clock', clock: best };
  }
}

type HostAnswer = Exclude<ControlAnswer, { kind: 'dated' }> | { readonly kind: 'clock'; readonly clock: ClockInterval };

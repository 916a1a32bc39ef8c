import { request } from 'undici';

/** Offsets beyond this make a reading's time untrustworthy. */
export const MAX_CLOCK_OFFSET_MS = 2_000;

const ANSWER_WITHIN_MS = 5_000;
const CLOCK_TRUSTED_FOR_MS = 10 * 60_000;
const NETWORK_TRUSTED_FOR_MS = 5_000;

export interface ControlReading {
  readonly isUp: boolean;
  /** Our clock minus the world's, in milliseconds: median over the hosts that answered; null when none did. */
  readonly clockOffsetMs: number | null;
  readonly at: number;
}

/**
 * Our own connection and clock, told by hosts that have nothing to do with the watched ones. Any HTTP answer shows that the
 * network is up; the Date headers show the time, to half a second.
 */
export class Control {
  readonly #hosts: readonly string[];
  readonly #userAgent: string;
  readonly #now: () => number;
  #last: ControlReading | null = null;
  #asking: Promise<ControlReading> | null = null;

  constructor(hosts: readonly string[], userAgent: string, now: () => number = Date.now) {
    this.#hosts = hosts;
    this.#userAgent = userAgent;
    this.#now = now;
  }

  get last(): ControlReading | null {
    return this.#last;
  }

  async isNetworkUp(): Promise<boolean> {
    return (await this.#notOlderThan(NETWORK_TRUSTED_FOR_MS)).isUp;
  }

  async clockOffsetMs(): Promise<number | null> {
    return (await this.#notOlderThan(CLOCK_TRUSTED_FOR_MS)).clockOffsetMs;
  }

  async #notOlderThan(milliseconds: number): Promise<ControlReading> {
    const last = this.#last;
    // A clock that jumped backwards makes any earlier reading look young: such a reading is not used.
    if (last !== null && last.at <= this.#now() && this.#now() - last.at < milliseconds) return last;
    this.#asking ??= this.ask().finally(() => {
      this.#asking = null;
    });
    return await this.#asking;
  }

  async ask(): Promise<ControlReading> {
    const answers = await Promise.all(this.#hosts.map((host) => this.#offsetOf(host)));
    const offsets = answers.filter((answer) => typeof answer === 'number').toSorted((a, b) => a - b);
    const median = offsets[Math.floor(offsets.length / 2)] ?? null;
    this.#last = { isUp: answers.some((answer) => answer !== 'down'), clockOffsetMs: median, at: this.#now() };
    return this.#last;
  }

  async #offsetOf(url: string): Promise<number | 'down' | 'no-date'> {
    try {
      const sentAt = this.#now();
      const response = await request(url, {
        method: 'HEAD',
        headers: { 'user-agent': this.#userAgent },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      });
      const receivedAt = this.#now();
      await response.body.dump();
      const date = Date.parse(String(response.headers['date'] ?? ''));
      // The header is cut to whole seconds: half a second is its mean error.
      return Number.isNaN(date) ? 'no-date' : Math.round((sentAt + receivedAt) / 2 - (date + 500));
    } catch {
      return 'down';
    }
  }
}

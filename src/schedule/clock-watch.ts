/** Less is the usual correction by NTP. */
const NOTICEABLE_MS = 30_000;

/**
 * Tells when the clock on the wall and one that cannot be set have gone apart since the last look: somebody set the clock, or the
 * machine slept. Positive: the wall's went on.
 */
export class ClockWatch {
  #apartMs: number | null = null;

  /** By how much, in milliseconds; null for nothing that matters. */
  look(wallAt: number, steadyMs: number): number | null {
    const apartMs = wallAt - steadyMs;
    const change = this.#apartMs === null ? 0 : apartMs - this.#apartMs;
    if (this.#apartMs !== null && Math.abs(change) < NOTICEABLE_MS) return null;
    this.#apartMs = apartMs;
    return change === 0 ? null : Math.round(change);
  }
}

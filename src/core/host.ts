/** What is remembered of a watched host: it outlives any one process. Instants are epoch milliseconds, 0 for never. */

export interface HostState {
  readonly host: string;
  readonly lastLoadAt: number;
  readonly checksInLastHour: number;
  readonly leasedUntil: number;
  readonly breaker: BreakerState;
}

export interface BreakerState {
  /** Pauses taken in a row; the next one lasts 15 min × 2^level. */
  readonly level: number;
  readonly openUntil: number;
  readonly reason: string;
  /** 5xx answers in a row. */
  readonly faults: number;
}

export const CLOSED_BREAKER: BreakerState = { level: 0, openUntil: 0, reason: '', faults: 0 };

/** Whether a check may load its first page now. */
export type Admission =
  | { readonly kind: 'go' }
  /** `isLeased`: another check is on it, and may end long before. */
  | { readonly kind: 'wait'; readonly until: number; readonly reason: string; readonly isLeased?: true }
  | { readonly kind: 'skip'; readonly reason: string };

/** What is known of one origin's robots.txt. */
export interface RobotsRecord {
  readonly origin: string;
  /** The last file that could be read; '' when the site has none. Null when none was ever read. */
  readonly body: string | null;
  /** When it was last read; null when never. */
  readonly readAt: number | null;
  readonly triedAt: number;
  /** First of the failed attempts since the last success; null after a success. */
  readonly failingSince: number | null;
}

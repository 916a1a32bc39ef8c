import type { Check, Design, KeptCapture, Mode, PlannedCheck, PlannedEnd } from '../core/check.ts';
import type { Admission, BreakerState, HostState, RobotsRecord } from '../core/host.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Reading } from '../core/reading.ts';
import type { Target } from '../core/target.ts';

/**
 * What the rest of the monitor may count on:
 * - `record` writes the check, its captures' references, its reading, the breaker of its host and the end of its planned
 *   check in one transaction, flushed to disk: either all of it is there after a crash, or nothing.
 * - A check or a reading that was written is never changed. A better reading is appended and supersedes the earlier one.
 * - A planned check ends in exactly one state; closing it twice does nothing.
 * - Several processes may use one store: a host's lease is given to one of them at a time.
 *
 * Every method throws `STORE_FAILED` when the database cannot be used. Instants are epoch milliseconds UTC.
 */
export interface Store {
  saveTargets(targets: readonly Target[]): Promise<void>;
  /** Returns the id of the check. */
  record(check: Check, ends: RecordEnds): Promise<number>;

  /** Writes planned checks; those already planned for the same target and interval are left as they are. */
  plan(rows: readonly Omit<PlannedCheck, 'id'>[]): Promise<void>;
  /** The last interval planned of each target that has one, by target id. */
  plannedUntil(): Promise<ReadonlyMap<string, PlannedMark>>;
  /** Planned checks that are due and not begun, oldest first. */
  due(now: number): Promise<readonly PlannedCheck[]>;
  /** Marks a planned check as begun; false when it was begun or closed before. */
  begin(plannedId: number, now: number): Promise<boolean>;
  /** Closes a planned check that led to no check. Does nothing when it is closed already. */
  close(plannedId: number, end: PlannedEnd, reason: string): Promise<void>;
  /** Closes as `missed` what an earlier run had begun and not ended. Returns how many. */
  closeBegun(reason: string): Promise<number>;
  /** Closes as `missed` what fell due before an instant and was not begun. Returns how many. */
  closeDue(before: number, reason: string): Promise<number>;
  /** Closes as `skipped` what is planned for targets that are no longer watched. */
  closeUnwatched(watched: readonly string[], reason: string): Promise<void>;

  hostState(host: string, now: number): Promise<HostState>;
  hosts(now: number): Promise<readonly HostState[]>;
  /**
   * Gives the host to `owner` until `until` when nobody holds it and `admitted` says so, all in one write transaction: two
   * processes cannot both be admitted.
   */
  lease(request: LeaseRequest): Promise<Admission>;
  /** Ends a lease and notes when the host was last asked for a page. */
  release(host: string, owner: string, lastLoadAt: number): Promise<void>;
  /** Ends the leases of owners that are known to be gone. */
  releaseAll(ownerPrefix: string, now: number): Promise<void>;
  /** Closes a host's breaker by a person's word; false when it was not open. */
  closeBreaker(host: string, now: number): Promise<boolean>;

  robotsOf(origin: string): Promise<RobotsRecord | null>;
  saveRobots(record: RobotsRecord): Promise<void>;

  /** The current reading of each target's last visit, with since when the outcome has been the same. */
  statuses(): Promise<readonly TargetStatus[]>;
  checks(query: CheckQuery): Promise<readonly CheckRow[]>;
  /** Checks whose captures were kept, for replay, in order of time. */
  replayable(query: { since: number; platform?: string }): AsyncIterable<StoredCheck>;
  appendReading(row: NewReading): Promise<void>;
  plannedCounts(): Promise<readonly PlannedCount[]>;
  lastFinishedAt(): Promise<number | null>;
  sizeBytes(): Promise<number>;
  end(): Promise<void>;
}

export interface RecordEnds {
  readonly plannedId?: number;
  readonly plannedEnd?: { readonly end: PlannedEnd; readonly reason: string };
  readonly breaker?: BreakerState;
}

export interface NewReading {
  readonly checkId: number;
  readonly readerVersion: number;
  readonly reading: Reading;
  readonly readAt: number;
}

export interface PlannedMark {
  readonly intervalEnd: number;
  readonly plannedAt: number;
}

export interface LeaseRequest {
  readonly host: string;
  readonly targetId: string;
  readonly owner: string;
  readonly now: number;
  readonly until: number;
  /** `lastVisitAt`: when a visit of the target was last begun or ended; 0 for never. */
  readonly admitted: (state: HostState, lastVisitAt: number) => Admission;
}

export interface CheckQuery {
  readonly targetId?: string;
  readonly since?: number;
  readonly limit: number;
}

export interface CheckRow {
  readonly id: number;
  readonly targetId: string;
  readonly platform: string;
  readonly mode: Mode;
  readonly design: Design;
  readonly practice: boolean;
  readonly startedAt: number;
  readonly observedAt: number | null;
  readonly finishedAt: number;
  readonly status: number | null;
  readonly finalUrl: string | null;
  readonly outcome: Outcome;
  readonly rule: string;
  readonly message: string;
  readonly facets: Reading['facets'];
  readonly readerVersion: number;
}

export interface TargetStatus extends CheckRow {
  /** Start of the run of checks with this same outcome. */
  readonly sinceAt: number;
  /** Last check that ended in an outcome of the group `observed`; null when none did. */
  readonly lastObservedAt: number | null;
}

export interface StoredCheck extends CheckRow {
  readonly readingId: number;
  readonly clockOffsetMs: number | null;
  readonly captures: readonly KeptCapture[];
}

export interface PlannedCount {
  readonly state: 'planned' | 'begun' | PlannedEnd;
  readonly reason: string;
  readonly count: number;
}

import type { Capture } from './capture.ts';
import type { ErrorCode } from './errors.ts';
import type { Reading } from './reading.ts';

export type Mode = 'scheduled' | 'confirmation' | 'assisted' | 'reported' | 'control';
export type Design = 'uniform' | 'burst' | 'opportunistic';

/** SHA-256 of the uncompressed content, in hex. */
export type Hash = string;

/** The proof kept of one capture. */
export interface Evidence {
  readonly html: Hash;
  readonly text: Hash;
  readonly screenshot: Hash | null;
}

/** A capture as the store keeps it: its page is in the blobs, `evidence` says where. Null when it was not kept. */
export interface KeptCapture {
  readonly capture: Omit<Capture, 'html' | 'text'>;
  readonly evidence: Evidence | null;
}

/** One finished check, whatever became of it. Instants are epoch milliseconds UTC. */
export interface Check {
  readonly targetId: string;
  readonly platform: string;
  readonly host: string;
  readonly mode: Mode;
  readonly design: Design;
  readonly practice: boolean;
  /** Where from: the name of this instance. */
  readonly vantage: string;
  readonly readerVersion: number;
  readonly reading: Reading;
  readonly startedAt: number;
  /** When the page that was classified was captured; null when no page was. */
  readonly observedAt: number | null;
  readonly finishedAt: number;
  /** Pages asked for, over all hosts of the walk. */
  readonly loads: number;
  /** Documents asked of hosts beside the target's own, where the walk led there; counted by host, not stored. */
  readonly passed?: Readonly<Record<string, number>>;
  readonly status: number | null;
  readonly finalUrl: string | null;
  /** Our clock minus the world's: the point nearest to zero of the interval in which it lies; null when unknown. */
  readonly clockOffsetMs: number | null;
  readonly captures: readonly KeptCapture[];
  /** Why the proof was not kept although the page was read (personal data on it); null when it was. */
  readonly withheld: string | null;
  /** Structure of the last page, see `read/fingerprint.ts`; null when there was none. */
  readonly fingerprint: string | null;
  /** Code of the `AppError` behind a `monitor_error`. */
  readonly errorCode: ErrorCode | null;
}

export interface PlannedCheck {
  readonly id: number;
  readonly targetId: string;
  readonly plannedAt: number;
  readonly intervalStart: number;
  readonly intervalEnd: number;
  readonly design: Design;
  readonly mode: Extract<Mode, 'scheduled' | 'confirmation'>;
}

/** How a planned check ended. Every planned check ends in exactly one of these. */
export type PlannedEnd = 'done' | 'skipped' | 'missed';

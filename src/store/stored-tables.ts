import type { Generated } from 'kysely';

/** The tables that grow with every check, in their compact form; the views `checks`, `readings` and `planned` read them. */

export interface TextsTable {
  id: Generated<number>;
  words: string;
}

/** Columns without a unit in the name are numbers of `texts`; `target` is `targets.no`. */
export interface StoredChecksTable {
  id: Generated<number>;
  target: number;
  platform: number;
  host: number;
  mode: number;
  design: number;
  practice: number;
  vantage: number;
  started_at: number;
  /** Milliseconds from `started_at`. */
  observed_after: number | null;
  finished_after: number;
  loads: number;
  status: number | null;
  final_url: number | null;
  clock_offset_ms: number | null;
  withheld: number | null;
  error_code: number | null;
  fingerprint: number | null;
}

export interface StoredReadingsTable {
  id: Generated<number>;
  check_id: number;
  reader_version: number;
  /** Null: when its check ended. */
  read_at: number | null;
  outcome: string;
  rule: number;
  message: number;
  /** Null: none. */
  facets: number | null;
  current: number;
}

export interface StoredPlansTable {
  id: Generated<number>;
  target: number;
  interval_start: number;
  interval_length: number;
  planned_at: number;
  design: number;
  mode: number;
  state: string;
  /** Null: none was given. */
  reason: number | null;
  /** Milliseconds from `planned_at`. */
  begun_after: number | null;
  check_id: number | null;
}

/** The other columns are the outcomes, see `daily.ts`. */
export interface DailyTable {
  target: number;
  day: number;
  planned: number;
}

export interface DailyChangesTable {
  day: number;
  changes: number;
}

/** Unrecognised pages of one structure on one platform; also one that is empty now. */
export interface PageGroupsTable {
  id: Generated<number>;
  platform: string;
  name: string;
}

/** Kept by triggers: checks whose current reading found no rule, or too many. */
export interface UnrecognisedTable {
  page_group: number;
  check_id: number;
}

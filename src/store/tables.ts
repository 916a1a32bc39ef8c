import type { Generated, Kysely, Transaction } from 'kysely';

/** The tables as SQLite holds them. Instants are epoch milliseconds UTC; `*_json` columns hold JSON text. */
export interface Tables {
  targets: TargetsTable;
  planned: PlannedTable;
  checks: ChecksTable;
  readings: ReadingsTable;
  captures: CapturesTable;
  hosts: HostsTable;
  robots: RobotsTable;
  fingerprints: FingerprintsTable;
  events: EventsTable;
  soft_blocks: SoftBlocksTable;
  labels: LabelsTable;
  labelled_checks: LabelledChecksTable;
}

export type Connection = Kysely<Tables> | Transaction<Tables>;

interface TargetsTable {
  id: string;
  platform: string;
  address: string;
  department: string | null;
  prefecture: string | null;
  procedure: string;
  label: string | null;
  practice: number;
  last_visit_at: number;
  host: string;
  control: number;
  params_json: string;
}

interface PlannedTable {
  id: Generated<number>;
  target_id: string;
  interval_start: number;
  interval_end: number;
  planned_at: number;
  design: string;
  mode: string;
  /** planned · begun · done · skipped · missed */
  state: string;
  reason: string;
  begun_at: number | null;
  check_id: number | null;
}

interface ChecksTable {
  id: Generated<number>;
  target_id: string;
  platform: string;
  host: string;
  mode: string;
  design: string;
  practice: number;
  vantage: string;
  started_at: number;
  observed_at: number | null;
  finished_at: number;
  loads: number;
  status: number | null;
  final_url: string | null;
  clock_offset_ms: number | null;
  withheld: string | null;
  error_code: string | null;
  fingerprint: string | null;
}

interface ReadingsTable {
  id: Generated<number>;
  check_id: number;
  reader_version: number;
  read_at: number;
  outcome: string;
  rule: string;
  message: string;
  facets_json: string;
  /** 1 for the reading that stands; the earlier ones it superseded keep 0. */
  current: number;
}

interface CapturesTable {
  check_id: number;
  seq: number;
  meta_json: string;
  html: Buffer | null;
  text: Buffer | null;
  screenshot: Buffer | null;
}

interface HostsTable {
  host: string;
  last_load_at: number;
  lease_owner: string | null;
  leased_until: number;
  breaker_level: number;
  breaker_until: number;
  breaker_reason: string;
  faults: number;
}

interface RobotsTable {
  origin: string;
  body: string | null;
  read_at: number | null;
  tried_at: number;
  failing_since: number | null;
}

interface FingerprintsTable {
  host: string;
  platform: string;
  outcome: string;
  rule: string;
  fingerprint: string;
  first_check_id: number;
  first_at: number;
  last_at: number;
}

interface EventsTable {
  id: Generated<number>;
  kind: string;
  at: number;
  platform: string | null;
  host: string | null;
  target_id: string | null;
  check_id: number | null;
  message: string;
  /** When and by whom it was said to be seen; null while it is open. */
  seen_at: number | null;
  seen_by: string | null;
}

interface SoftBlocksTable {
  id: Generated<number>;
  host: string;
  from_at: number;
  to_at: number | null;
  reason: string;
  marked_at: number;
  marked_by: string;
  lifted_at: number | null;
  lifted_by: string | null;
  lifted_why: string | null;
}

interface LabelsTable {
  id: Generated<number>;
  platform: string;
  page_group: string;
  outcome: string;
  labelled_by: string;
  labelled_at: number;
  note: string;
  mode: Generated<string>;
}

interface LabelledChecksTable {
  label_id: number;
  check_id: number;
}

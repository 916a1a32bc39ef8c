import type { Generated, Kysely, Transaction } from 'kysely';

import type {
  DailyChangesTable,
  DailyTable,
  PageGroupsTable,
  StoredChecksTable,
  StoredPlansTable,
  StoredReadingsTable,
  TextsTable,
  UnrecognisedTable,
} from './stored-tables.ts';

/** The tables as SQLite holds them. Instants are epoch milliseconds UTC; `*_json` columns hold JSON text. */
export interface Tables {
  targets: TargetsTable;
  texts: TextsTable;
  /** Views, to be read from: the columns of the three tables after them in whole words and instants. */
  planned: PlannedTable;
  checks: ChecksTable;
  readings: ReadingsTable;
  daily: DailyTable;
  daily_changes: DailyChangesTable;
  stored_plans: StoredPlansTable;
  stored_checks: StoredChecksTable;
  stored_readings: StoredReadingsTable;
  page_groups: PageGroupsTable;
  unrecognised: UnrecognisedTable;
  captures: CapturesTable;
  hosts: HostsTable;
  passing_visits: PassingVisitsTable;
  robots: RobotsTable;
  fingerprints: FingerprintsTable;
  structures: StructuresTable;
  events: EventsTable;
  soft_blocks: SoftBlocksTable;
  labels: LabelsTable;
  labelled_checks: LabelledChecksTable;
  episodes: EpisodesTable;
  episode_states: EpisodeStatesTable;
  subscriptions: SubscriptionsTable;
  notices: NoticesTable;
  messages: MessagesTable;
  deliveries: DeliveriesTable;
  delivery_counts: DeliveryCountsTable;
  standings: StandingsTable;
  planned_counts: PlannedCountsTable;
  planned_ends: PlannedEndsTable;
  certificates: CertificatesTable;
  invitations: InvitationsTable;
  helps: HelpsTable;
}

export type Connection = Kysely<Tables> | Transaction<Tables>;

interface TargetsTable {
  id: string;
  /** By which checks and plans refer to it; a trigger gives it. */
  no: Generated<number>;
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

/** Visits of targets of other hosts that came by: those of the last hour at least. */
interface PassingVisitsTable {
  id: Generated<number>;
  host: string;
  at: number;
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
  /** JSON of `steady.ts`. */
  steady: Generated<string>;
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

/** What the pages of a target looked like at each step of its walk. */
interface StructuresTable {
  /** `targets.no` */
  target: number;
  /** Of the last capture; empty where there was none. */
  step: string;
  outcome: string;
  rule: string;
  fingerprint: string;
  first_at: number;
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

interface EpisodesTable {
  target_id: string;
  kind: string;
  started_at: number;
  after_at: number | null;
  confirmed_at: number | null;
  last_at: number;
  ended_at: number | null;
  lost_at: number | null;
  first_date: string | null;
  outcome: string;
  betterings: number;
}

interface EpisodeStatesTable {
  target_id: string;
  state_json: string;
}

interface SubscriptionsTable {
  id: Generated<number>;
  channel: string;
  /** The recipient, encrypted; the store cannot read it. */
  to_sealed: Buffer;
  to_hash: Buffer;
  kinds_json: string;
  departments_json: string;
  procedures_json: string;
  platforms_json: string;
  language: string;
  time_zone: string;
  quiet_from: string | null;
  quiet_to: string | null;
  digest_at: string | null;
  source: string;
  state: string;
  created_at: number;
  confirmed_at: number | null;
}

interface NoticesTable {
  id: Generated<number>;
  key: string;
  kind: string;
  at: number;
  target_id: string | null;
  /** Start of the opening or outage it tells of. */
  started_at: number | null;
  facts_json: string;
  created_at: number;
}

interface MessagesTable {
  id: Generated<number>;
  key: string;
  subscription_id: number;
  channel: string;
  /** ready · claimed · sent · dead */
  state: string;
  attempts: Generated<number>;
  next_at: number;
  lease_owner: string | null;
  leased_until: Generated<number>;
  last_error: Generated<string>;
  created_at: number;
  ended_at: number | null;
}

interface DeliveriesTable {
  notice_id: number;
  subscription_id: number;
  /** waiting · bound to a message · sent · dead · expired */
  state: string;
  due_at: number;
  message_id: number | null;
}

interface DeliveryCountsTable {
  channel: string;
  kind: string;
  result: string;
  count: number;
}

interface StandingsTable {
  target_id: string;
  check_id: number;
  started_at: number;
  outcome: string;
  since_at: number;
  last_observed_at: number | null;
  last_slots_at: number | null;
  last_measured_at: number | null;
  drought_from_at: number | null;
  drought_last_at: number | null;
  drought_checks: number | null;
  drought_longest_gap_ms: number | null;
}

/** Filled by a trigger on `planned`, as is the next. */
interface PlannedCountsTable {
  state: string;
  reason: string;
  count: number;
}

interface PlannedEndsTable {
  target_id: string;
  /** Of the check as it was read first; `skipped` or `missed` where there was none. */
  outcome: string;
  count: number;
}

interface CertificatesTable {
  host: string;
  valid_until: number;
  seen_at: number;
}

interface InvitationsTable {
  id: Generated<number>;
  name: string;
  /** SHA-256 of the secret in the link. */
  token_hash: Buffer;
  language: string;
  departments_json: string;
  targets_json: string;
  created_at: number;
  expires_at: number;
  revoked_at: number | null;
  last_used_at: number | null;
}

/** A person's part in a check. */
interface HelpsTable {
  check_id: number;
  /** reading · again · report · spot */
  kind: string;
  invitation_id: number | null;
  planned_at: number | null;
  paired_check_id: number | null;
  picture: Buffer | null;
}

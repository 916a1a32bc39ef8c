/** Every metric: its name, type, help and labels. Nowhere else; the table in the README is held against this one by a test. */

export interface MetricEntry {
  readonly name: `guetteur_${string}`;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

const metric = (
  name: MetricEntry['name'],
  type: MetricEntry['type'],
  help: string,
  ...labels: string[]
): MetricEntry => ({
  name,
  type,
  help,
  labels,
});

export const METRICS = {
  checks: metric(
    'guetteur_checks_total',
    'counter',
    'Checks ended since the start, by outcome',
    'platform',
    'outcome',
    'group',
    'mode',
  ),
  checkDuration: metric(
    'guetteur_check_duration_seconds',
    'histogram',
    'Wall time of one check that made a visit',
    'platform',
  ),
  stepDuration: metric(
    'guetteur_step_duration_seconds',
    'histogram',
    'Wall time of one step of a visit, to its capture',
    'platform',
    'step',
  ),
  outcome: metric(
    'guetteur_target_outcome',
    'gauge',
    '1 for the outcome of the last visit to the target',
    'target',
    'platform',
    'department',
    'procedure',
    'outcome',
    'group',
  ),
  firstSlot: metric(
    'guetteur_target_first_slot_timestamp_seconds',
    'gauge',
    'Midnight UTC of the first date offered at the last visit that saw slots; absent otherwise',
    'target',
  ),
  lastCheck: metric(
    'guetteur_target_last_check_timestamp_seconds',
    'gauge',
    'End of the last visit to the target',
    'target',
  ),
  lastObserved: metric(
    'guetteur_target_last_observed_timestamp_seconds',
    'gauge',
    'Capture of the last visit that ended in an observed outcome',
    'target',
  ),
  planned: metric(
    'guetteur_planned_checks',
    'gauge',
    'Planned checks in the ledger by state: planned, begun, done, skipped, missed; with the reason',
    'state',
    'reason',
  ),
  lateness: metric(
    'guetteur_check_lateness_seconds',
    'histogram',
    'From the planned instant to the start of the check',
  ),
  breakerOpen: metric('guetteur_breaker_open', 'gauge', '1 while the breaker of the host is open', 'host'),
  breakerUntil: metric(
    'guetteur_breaker_open_until_timestamp_seconds',
    'gauge',
    'End of the pause of the host; absent when its breaker is closed',
    'host',
  ),
  reviewGroups: metric(
    'guetteur_review_groups',
    'gauge',
    'Groups of pages that no reader knew, one a structure',
    'platform',
  ),
  events: metric('guetteur_events', 'gauge', 'Events in the store, by kind', 'kind'),
  softBlock: metric('guetteur_soft_block', 'gauge', '1 while a "no" of the host is not believed', 'host'),
  openings: metric(
    'guetteur_openings',
    'gauge',
    'Openings of slots that last, by department',
    'department',
    'procedure',
  ),
  outages: metric('guetteur_outages', 'gauge', 'Outages that last', 'target', 'platform'),
  outbox: metric(
    'guetteur_outbox_messages',
    'gauge',
    'Messages by state: waiting, ready, claimed, sent, dead',
    'channel',
    'state',
  ),
  outboxAge: metric(
    'guetteur_outbox_oldest_timestamp_seconds',
    'gauge',
    'When the oldest notice or message of the state was written; sent ones apart',
    'channel',
    'state',
  ),
  notices: metric(
    'guetteur_notices_total',
    'counter',
    'Notices to recipients that ended, by result: sent, dead, expired; over all runs',
    'channel',
    'kind',
    'result',
  ),
  alertDelay: metric(
    'guetteur_alert_delay_seconds',
    'histogram',
    'From the observation to the acceptance by the service, of messages without quiet hours or digest',
    'channel',
  ),
  canaryDelay: metric(
    'guetteur_canary_delay_seconds',
    'histogram',
    'From the canary of the day to its acceptance by the service (S14)',
    'channel',
  ),
  trouble: metric(
    'guetteur_trouble',
    'gauge',
    '1 while the monitor has a trouble that its operator was told of',
    'kind',
    'subject',
  ),
  subscriptions: metric('guetteur_subscriptions', 'gauge', 'Subscriptions', 'channel', 'source', 'state'),
  browserRestarts: metric(
    'guetteur_browser_restarts_total',
    'counter',
    'Browser processes started after the first one',
  ),
  browserMemory: metric('guetteur_browser_resident_memory_bytes', 'gauge', 'Resident memory of all browser processes'),
  storeSize: metric('guetteur_store_size_bytes', 'gauge', 'Size of the database with its log; proofs apart'),
  clockOffset: metric(
    'guetteur_clock_offset_seconds',
    'gauge',
    'Our clock minus that of the control hosts; absent when unknown',
  ),
  networkUp: metric('guetteur_network_up', 'gauge', '1 when a control host answered at the last control request'),
  targets: metric('guetteur_targets', 'gauge', 'Targets watched'),
  build: metric('guetteur_build_info', 'gauge', '1; the versions in its labels', 'version', 'node', 'mode', 'vantage'),
} as const satisfies Record<string, MetricEntry>;

/** Seconds. A polite visit lasts between a fraction of a second and the check's deadline. */
export const DURATION_BUCKETS = [0.25, 0.5, 1, 2, 5, 10, 20, 45, 120];
export const DELAY_BUCKETS = [0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1_800];
export const LATENESS_BUCKETS = [1, 5, 20, 60, 180, 600, 1_800, 3_600];

/** Every metric: its name, type, unit, help and labels. Nowhere else; README, dashboards and rules are held against it by tests. */

export interface MetricEntry {
  readonly name: `guetteur_${string}`;
  readonly unit: 'seconds' | 'seconds since 1970' | 'bytes' | 'ratio' | 'count';
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
  unit: unitOf(name),
  type,
  help,
  labels,
});

/** A name ends in its unit, as Prometheus asks. */
function unitOf(name: MetricEntry['name']): MetricEntry['unit'] {
  if (name.endsWith('_timestamp_seconds')) return 'seconds since 1970';
  if (name.endsWith('_seconds')) return 'seconds';
  if (name.endsWith('_ratio')) return 'ratio';
  return name.endsWith('_bytes') ? 'bytes' : 'count';
}

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
  outcomeCode: metric(
    'guetteur_target_outcome_code',
    'gauge',
    'The same as one number, for timelines: the place of the outcome in the list of outcomes, from 1',
    'target',
  ),
  info: metric(
    'guetteur_target_info',
    'gauge',
    '1; what is watched, in its labels',
    'target',
    'platform',
    'department',
    'prefecture',
    'procedure',
    'label',
    'host',
    'address',
  ),
  interval: metric(
    'guetteur_target_interval_seconds',
    'gauge',
    'Length of the intervals in each of which the target is checked once',
    'target',
  ),
  plannedEnds: metric(
    'guetteur_target_planned_checks_total',
    'counter',
    'Uniform plans that ended, over all runs: an outcome that was observed, or fault, gate, unmeasured; as read at first',
    'target',
    'result',
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
  lastSlots: metric(
    'guetteur_target_last_slots_timestamp_seconds',
    'gauge',
    'Capture of the last visit that saw slots; absent when none did',
    'target',
  ),
  droughtStart: metric(
    'guetteur_target_drought_start_timestamp_seconds',
    'gauge',
    'First of the observed checks in a row without slots (S6); absent while slots are seen',
    'target',
  ),
  droughtChecks: metric(
    'guetteur_target_drought_checks',
    'gauge',
    'Observed checks in a row without slots (S6); absent while slots are seen',
    'target',
  ),
  droughtGap: metric(
    'guetteur_target_drought_longest_gap_seconds',
    'gauge',
    'Longest time between two checks of the drought (S6)',
    'target',
  ),
  openingStart: metric(
    'guetteur_target_opening_start_timestamp_seconds',
    'gauge',
    'First sight of the slots that are offered; absent when none are',
    'target',
  ),
  outageStart: metric(
    'guetteur_target_outage_start_timestamp_seconds',
    'gauge',
    'First sight of the outage that lasts, with what was seen first; absent when there is none',
    'target',
    'outcome',
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
  pageLoads: metric('guetteur_page_loads_total', 'counter', 'Pages asked of the host since the start', 'host'),
  hostChecks: metric('guetteur_host_checks_in_last_hour', 'gauge', 'Checks of the host in the last hour', 'host'),
  spacing: metric(
    'guetteur_host_spacing_seconds',
    'histogram',
    'From the end of a visit to the start of the next one on the same host',
  ),
  shortestSpacing: metric(
    'guetteur_host_shortest_spacing_seconds',
    'gauge',
    'Shortest time between two visits of the host since the start; absent before the second',
    'host',
  ),
  spacingRule: metric(
    'guetteur_politeness_spacing_seconds',
    'gauge',
    'Least time that is kept between two visits of a host, or of a target; 0 in practice mode',
    'between',
  ),
  robotsRead: metric(
    'guetteur_robots_read_timestamp_seconds',
    'gauge',
    'When robots.txt of the host was last read; absent when it never was',
    'host',
  ),
  robotsFailing: metric(
    'guetteur_robots_failing_since_timestamp_seconds',
    'gauge',
    'Since when robots.txt of the host cannot be read; absent when it can',
    'host',
  ),
  certificate: metric(
    'guetteur_certificate_expiry_timestamp_seconds',
    'gauge',
    'Until when the certificate that a host showed last is valid',
    'host',
  ),
  stopFile: metric('guetteur_stop_file', 'gauge', '1 while a stop file stands: no visit is made', 'file'),
  reviewGroups: metric(
    'guetteur_review_groups',
    'gauge',
    'Groups of pages that no reader knew, one a structure',
    'platform',
  ),
  events: metric('guetteur_events', 'gauge', 'Events in the store, by kind', 'kind'),
  softBlock: metric('guetteur_soft_block', 'gauge', '1 while a "no" of the host is not believed', 'host'),
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
  outboxDue: metric(
    'guetteur_outbox_due_timestamp_seconds',
    'gauge',
    'When the oldest notice or message of the state should have left, or is tried again; sent ones apart',
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
  parisClock: metric(
    'guetteur_paris_clock',
    'gauge',
    '1; the weekday (1 for Monday) and the hour in Paris, which Prometheus cannot tell',
    'weekday',
    'hour',
  ),
  share: metric(
    'guetteur_target_share_ratio',
    'gauge',
    'Share of uniform checks with slots (S1), as on the pages; absent where too little was seen to print one',
    'target',
    'window',
  ),
  shareHits: metric(
    'guetteur_target_share_hits',
    'gauge',
    'Uniform checks with slots: the numerator',
    'target',
    'window',
  ),
  shareChecks: metric(
    'guetteur_target_share_checks',
    'gauge',
    'Uniform checks that saw slots, none, or a closed booking: the denominator',
    'target',
    'window',
  ),
  targets: metric('guetteur_targets', 'gauge', 'Targets watched'),
  build: metric('guetteur_build_info', 'gauge', '1; the versions in its labels', 'version', 'node', 'mode', 'vantage'),
} as const satisfies Record<string, MetricEntry>;

/** Seconds. A polite visit lasts between a fraction of a second and the check's deadline. */
export const DURATION_BUCKETS = [0.25, 0.5, 1, 2, 5, 10, 20, 45, 120];
export const DELAY_BUCKETS = [0.5, 1, 2, 3, 5, 10, 30, 60, 300, 1_800];
export const LATENESS_BUCKETS = [1, 5, 20, 60, 180, 600, 1_800, 3_600];
export const SPACING_BUCKETS = [1, 5, 20, 60, 180, 600, 1_800, 3_600];

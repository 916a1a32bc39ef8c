import { Counter, Gauge, Histogram, Registry } from 'prom-client';

import type { Check } from '../core/check.ts';
import { groupOf } from '../core/outcome.ts';
import type { Target } from '../core/target.ts';
import type { ClaimedMessage, Store } from '../store/contract.ts';
import { DELAY_BUCKETS, DURATION_BUCKETS, LATENESS_BUCKETS, METRICS, type MetricEntry } from './catalogue.ts';

export interface MetricsParts {
  readonly store: Pick<
    Store,
    | 'statuses'
    | 'plannedCounts'
    | 'hosts'
    | 'sizeBytes'
    | 'unrecognised'
    | 'eventCounts'
    | 'softBlocks'
    | 'lasting'
    | 'outboxCounts'
    | 'deliveryCounts'
    | 'subscriptions'
  >;
  readonly targets: ReadonlyMap<string, Target>;
  readonly browser: { readonly restarts: number; residentBytes(): Promise<number> };
  readonly control: { readonly last: { readonly isUp: boolean; readonly clockOffsetMs: number | null } | null };
  /** Troubles of the monitor itself that last. */
  readonly troubles: () => readonly { readonly kind: string; readonly subject: string }[];
  readonly build: { readonly version: string; readonly mode: string; readonly vantage: string };
  readonly now?: () => number;
}

/** What happened is counted as it happens; what stands is read from the store at each scrape. */
export class Metrics {
  readonly #parts: MetricsParts;
  readonly #registry = new Registry();
  readonly #checks: Counter;
  readonly #checkDuration: Histogram;
  readonly #stepDuration: Histogram;
  readonly #lateness: Histogram;
  readonly #restarts: Counter;
  readonly #alertDelay: Histogram;
  readonly #canaryDelay: Histogram;
  #restartsSeen = 0;

  constructor(parts: MetricsParts) {
    this.#parts = parts;
    const registers = [this.#registry];
    this.#checks = new Counter({ ...definition(METRICS.checks), registers });
    this.#checkDuration = new Histogram({ ...definition(METRICS.checkDuration), buckets: DURATION_BUCKETS, registers });
    this.#stepDuration = new Histogram({ ...definition(METRICS.stepDuration), buckets: DURATION_BUCKETS, registers });
    this.#lateness = new Histogram({ ...definition(METRICS.lateness), buckets: LATENESS_BUCKETS, registers });
    this.#alertDelay = new Histogram({ ...definition(METRICS.alertDelay), buckets: DELAY_BUCKETS, registers });
    this.#canaryDelay = new Histogram({ ...definition(METRICS.canaryDelay), buckets: DELAY_BUCKETS, registers });
    this.#restarts = new Counter({ ...definition(METRICS.browserRestarts), registers });
  }

  readonly contentType = this.#registry.contentType;

  /** Counts a check that was recorded. `lateMs` counts from its planned instant; null where there was none. */
  count(check: Check, lateMs: number | null): void {
    const { platform, mode } = check;
    const { outcome } = check.reading;
    this.#checks.inc({ platform, outcome, group: groupOf(outcome), mode });
    if (lateMs !== null) this.#lateness.observe(Math.max(0, lateMs) / 1_000);
    // How long a person took says nothing of the site.
    if (check.loads === 0 || mode === 'assisted') return;
    this.#checkDuration.observe({ platform }, (check.finishedAt - check.startedAt) / 1_000);
    for (const { capture } of check.captures) {
      this.#stepDuration.observe({ platform, step: stepLabel(capture.step) }, capture.durationMs / 1_000);
    }
  }

  /** Counts a message that a service accepted. One that was held back on purpose tells nothing of our delay. */
  countMessage({ channel, subscription, notices }: ClaimedMessage, acceptedAt: number): void {
    if (subscription.quiet !== null || subscription.digestAt !== null) return;
    for (const { kind, at } of notices) {
      const delays = kind === 'canary' ? this.#canaryDelay : this.#alertDelay;
      delays.observe({ channel }, Math.max(0, acceptedAt - at) / 1_000);
    }
  }

  /** The exposition of all metrics, in Prometheus' text format. */
  async expose(): Promise<string> {
    const { restarts } = this.#parts.browser;
    this.#restarts.inc(restarts - this.#restartsSeen);
    this.#restartsSeen = restarts;
    const standing = new Registry();
    await Promise.all([
      this.#addTargets(standing),
      this.#addHosts(standing),
      this.#addReview(standing),
      this.#addAlerts(standing),
      this.#addMonitor(standing),
    ]);
    return await Registry.merge([this.#registry, standing]).metrics();
  }

  async #addTargets(registry: Registry): Promise<void> {
    const gauges = {
      outcome: gauge(registry, METRICS.outcome),
      firstSlot: gauge(registry, METRICS.firstSlot),
      lastCheck: gauge(registry, METRICS.lastCheck),
      lastObserved: gauge(registry, METRICS.lastObserved),
    };
    for (const status of await this.#parts.store.statuses()) {
      const target = this.#parts.targets.get(status.targetId);
      if (target === undefined) continue;
      const { outcome, facets } = status;
      const names = {
        target: target.id,
        platform: target.platform,
        department: target.department ?? '',
        procedure: target.procedure,
      };
      gauges.outcome.set({ ...names, outcome, group: groupOf(outcome) }, 1);
      gauges.lastCheck.set({ target: target.id }, status.finishedAt / 1_000);
      if (status.lastObservedAt !== null) gauges.lastObserved.set({ target: target.id }, status.lastObservedAt / 1_000);
      if (outcome === 'slots' && facets.firstDate !== undefined) {
        gauges.firstSlot.set({ target: target.id }, Date.parse(facets.firstDate) / 1_000);
      }
    }
  }

  async #addHosts(registry: Registry): Promise<void> {
    const now = (this.#parts.now ?? Date.now)();
    const open = gauge(registry, METRICS.breakerOpen);
    const until = gauge(registry, METRICS.breakerUntil);
    for (const { host, breaker } of await this.#parts.store.hosts(now)) {
      const isOpen = breaker.openUntil > now;
      open.set({ host }, isOpen ? 1 : 0);
      if (isOpen) until.set({ host }, breaker.openUntil / 1_000);
    }
  }

  async #addReview(registry: Registry): Promise<void> {
    const { store } = this.#parts;
    const [groups, events, blocks] = await Promise.all([store.unrecognised(), store.eventCounts(), store.softBlocks()]);
    const waiting = gauge(registry, METRICS.reviewGroups);
    for (const { platform } of groups) waiting.inc({ platform });
    const happened = gauge(registry, METRICS.events);
    for (const [kind, count] of events) happened.set({ kind }, count);
    const blocked = gauge(registry, METRICS.softBlock);
    for (const { host, toAt, lifted } of blocks) if (toAt === null && lifted === null) blocked.set({ host }, 1);
  }

  async #addAlerts(registry: Registry): Promise<void> {
    const { store, targets } = this.#parts;
    const [lasting, counts, deliveries, subscriptions] = await Promise.all([
      store.lasting(),
      store.outboxCounts(),
      store.deliveryCounts(),
      store.subscriptions(),
    ]);
    const openings = gauge(registry, METRICS.openings);
    const outages = gauge(registry, METRICS.outages);
    for (const { kind, targetId } of lasting) {
      const target = targets.get(targetId);
      if (target === undefined) continue;
      const { id, platform, department, procedure } = target;
      if (kind === 'opening') openings.inc({ department: department ?? '', procedure });
      else outages.set({ target: id, platform }, 1);
    }
    const outbox = gauge(registry, METRICS.outbox);
    const oldest = gauge(registry, METRICS.outboxAge);
    for (const { channel, state, count, oldestAt } of counts) {
      outbox.set({ channel, state }, count);
      if (state !== 'sent') oldest.set({ channel, state }, oldestAt / 1_000);
    }
    const notices = new Counter({ ...definition(METRICS.notices), registers: [registry] });
    for (const { channel, kind, result, count } of deliveries) notices.inc({ channel, kind, result }, count);
    const trouble = gauge(registry, METRICS.trouble);
    for (const { kind, subject } of this.#parts.troubles()) trouble.set({ kind, subject }, 1);
    const known = gauge(registry, METRICS.subscriptions);
    for (const { channel, source, state } of subscriptions) known.inc({ channel, source, state });
  }

  async #addMonitor(registry: Registry): Promise<void> {
    const { store, browser, control, targets, build } = this.#parts;
    const planned = gauge(registry, METRICS.planned);
    for (const { state, reason, count } of await store.plannedCounts()) planned.set({ state, reason }, count);
    gauge(registry, METRICS.browserMemory).set(await browser.residentBytes());
    gauge(registry, METRICS.storeSize).set(await store.sizeBytes());
    gauge(registry, METRICS.targets).set(targets.size);
    gauge(registry, METRICS.build).set({ ...build, node: process.versions.node }, 1);
    const { last } = control;
    const offset = gauge(registry, METRICS.clockOffset);
    const network = gauge(registry, METRICS.networkUp);
    offset.remove();
    network.remove();
    if (last !== null) network.set(last.isUp ? 1 : 0);
    if (last !== null && last.clockOffsetMs !== null) offset.set(last.clockOffsetMs / 1_000);
  }
}

function gauge(registry: Registry, entry: MetricEntry): Gauge {
  return new Gauge({ ...definition(entry), registers: [registry] });
}

function definition({ name, help, labels }: MetricEntry): { name: string; help: string; labelNames: string[] } {
  return { name, help, labelNames: [...labels] };
}

/** Counters have numbers in their names: their steps are one series, not hundreds. */
function stepLabel(step: string): string {
  return step.replace(/\d+/g, 'N');
}

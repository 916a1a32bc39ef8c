import { Counter, Histogram, Registry, type Gauge } from 'prom-client';

import type { Check } from '../core/check.ts';
import { groupOf } from '../core/outcome.ts';
import type { ClaimedMessage, Store } from '../store/contract.ts';
import { DELAY_BUCKETS, DURATION_BUCKETS, LATENESS_BUCKETS, METRICS, SPACING_BUCKETS } from './catalogue.ts';
import { addShares, type Shares } from './shares.ts';
import * as gauges from './gauges.ts';
import { definition, gauge, type GaugeStore, type Targets } from './gauges.ts';

export interface MetricsParts {
  readonly store: GaugeStore & Pick<Store, 'sizeBytes'>;
  readonly targets: Targets;
  /** Length of each target's intervals in milliseconds. */
  readonly intervals: ReadonlyMap<string, number>;
  /** Least time that is kept between two visits. */
  readonly spacing: { readonly targetSpacingMs: number; readonly hostSpacingMs: number };
  readonly browser: { readonly restarts: number; residentBytes(): Promise<number> };
  readonly control: { readonly last: { readonly isUp: boolean; readonly clockOffsetMs: number | null } | null };
  /** Stop files that stand. */
  readonly stopFiles: () => readonly string[];
  /** Troubles of the monitor itself that last. */
  readonly troubles: () => readonly { readonly kind: string; readonly subject: string }[];
  /** Availability by target, as the pages say it. */
  readonly shares?: () => Promise<Shares>;
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
  readonly #pageLoads: Counter;
  readonly #spacing: Histogram;
  readonly #shortestSpacing: Gauge;
  readonly #visits = new Map<string, { endedAt: number; shortestMs: number }>();
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
    this.#pageLoads = new Counter({ ...definition(METRICS.pageLoads), registers });
    this.#spacing = new Histogram({ ...definition(METRICS.spacing), buckets: SPACING_BUCKETS, registers });
    this.#shortestSpacing = gauge(this.#registry, METRICS.shortestSpacing);
  }

  readonly contentType = this.#registry.contentType;

  /** Counts a check that was recorded. `lateMs` counts from its planned instant; null where there was none. */
  count(check: Check, lateMs: number | null): void {
    const { platform, mode, host } = check;
    const { outcome } = check.reading;
    this.#checks.inc({ platform, outcome, group: groupOf(outcome), mode });
    if (lateMs !== null) this.#lateness.observe(Math.max(0, lateMs) / 1_000);
    if (check.loads === 0) return;
    const passed = Object.entries(check.passed ?? {});
    const elsewhere = passed.reduce((sum, [, loads]) => sum + loads, 0);
    this.#pageLoads.inc({ host }, Math.max(1, check.loads - elsewhere));
    for (const [other, loads] of passed) this.#pageLoads.inc({ host: other }, loads);
    this.#countSpacing(check);
    // How long a person took says nothing of the site.
    if (mode === 'assisted') return;
    this.#checkDuration.observe({ platform }, (check.finishedAt - check.startedAt) / 1_000);
    for (const { capture } of check.captures) {
      this.#stepDuration.observe({ platform, step: stepLabel(capture.step) }, capture.durationMs / 1_000);
    }
  }

  #countSpacing({ host, startedAt, finishedAt }: Check): void {
    const last = this.#visits.get(host);
    const gapMs = last === undefined ? Infinity : startedAt - last.endedAt;
    // A host has one visit at a time: a clock that was set back made this one begin before the last had ended.
    const isKnown = gapMs >= 0 && gapMs < Infinity;
    const shortestMs = Math.min(isKnown ? gapMs : Infinity, last?.shortestMs ?? Infinity);
    this.#visits.set(host, { endedAt: finishedAt, shortestMs });
    if (!isKnown) return;
    this.#spacing.observe(gapMs / 1_000);
    this.#shortestSpacing.set({ host }, shortestMs / 1_000);
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
    const { store, targets, intervals } = this.#parts;
    const now = (this.#parts.now ?? Date.now)();
    const registry = new Registry();
    gauges.addInfo(registry, targets, intervals);
    await Promise.all([
      gauges.addStatuses(registry, store, targets),
      gauges.addPlannedEnds(registry, store, targets),
      gauges.addEpisodes(registry, store, { targets, now }),
      gauges.addHosts(registry, store, now),
      gauges.addReview(registry, store),
      gauges.addMessages(registry, store),
      gauges.addPlans(registry, store),
      this.#addMonitor(registry, now),
    ]);
    if (this.#parts.shares !== undefined) addShares(registry, await this.#parts.shares());
    const [happened, stands] = await Promise.all([this.#registry.metrics(), registry.metrics()]);
    return `${happened}\n${stands}`;
  }

  async #addMonitor(registry: Registry, now: number): Promise<void> {
    const { store, browser, control, targets, build, spacing } = this.#parts;
    gauge(registry, METRICS.browserMemory).set(await browser.residentBytes());
    gauge(registry, METRICS.storeSize).set(await store.sizeBytes());
    gauge(registry, METRICS.targets).set(targets.size);
    gauge(registry, METRICS.build).set({ ...build, node: process.versions.node }, 1);
    gauge(registry, METRICS.parisClock).set(parisClock(now), 1);
    const rule = gauge(registry, METRICS.spacingRule);
    rule.set({ between: 'host' }, spacing.hostSpacingMs / 1_000);
    rule.set({ between: 'target' }, spacing.targetSpacingMs / 1_000);
    const stop = gauge(registry, METRICS.stopFile);
    for (const file of this.#parts.stopFiles()) stop.set({ file }, 1);
    const trouble = gauge(registry, METRICS.trouble);
    for (const { kind, subject } of this.#parts.troubles()) trouble.set({ kind, subject }, 1);
    const { last } = control;
    const offset = gauge(registry, METRICS.clockOffset);
    const network = gauge(registry, METRICS.networkUp);
    offset.remove();
    network.remove();
    if (last !== null) network.set(last.isUp ? 1 : 0);
    if (last !== null && last.clockOffsetMs !== null) offset.set(last.clockOffsetMs / 1_000);
  }
}

/** Counters have numbers in their names: their steps are one series, not hundreds. */
function stepLabel(step: string): string {
  return step.replace(/\d+/g, 'N');
}

const clock = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Paris',
  weekday: 'short',
  hour: '2-digit',
  hourCycle: 'h23',
});
const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

function parisClock(now: number): { weekday: string; hour: string } {
  const parts = new Map(clock.formatToParts(now).map(({ type, value }) => [type, value]));
  return { weekday: String(WEEKDAYS.indexOf(parts.get('weekday') ?? '') + 1), hour: parts.get('hour') ?? '' };
}

import { Counter, Gauge, type Registry } from 'prom-client';

import { groupOf, OUTCOMES, type Outcome } from '../core/outcome.ts';
import { hostOf, type Target } from '../core/target.ts';
import type { Store } from '../store/contract.ts';
import { METRICS, type MetricEntry } from './catalogue.ts';

/** What stands in the store, as gauges of one scrape: targets, hosts, what waits for a person, messages. */

export type GaugeStore = Pick<
  Store,
  | 'statuses'
  | 'plannedCounts'
  | 'plannedEnds'
  | 'hosts'
  | 'robots'
  | 'certificates'
  | 'unrecognisedGroups'
  | 'eventCounts'
  | 'softBlocks'
  | 'lasting'
  | 'outboxCounts'
  | 'deliveryCounts'
  | 'subscriptionCounts'
>;

export type Targets = ReadonlyMap<string, Target>;

/** How a planned check can have ended for the shares: what was observed, or why nothing was. */
const RESULTS: readonly string[] = [...new Set(OUTCOMES.map(resultOf))];

function resultOf(outcome: Outcome): string {
  const group = groupOf(outcome);
  return group === 'observed' ? outcome : group;
}

export function addInfo(registry: Registry, targets: Targets, intervals: ReadonlyMap<string, number>): void {
  const info = gauge(registry, METRICS.info);
  const interval = gauge(registry, METRICS.interval);
  for (const target of targets.values()) {
    const { id, platform, department, prefecture, procedure, label, address } = target;
    const place = { department: department ?? '', prefecture: prefecture ?? '', procedure, label: label ?? '' };
    info.set({ target: id, platform, ...place, host: hostOf(address), address }, 1);
    const intervalMs = intervals.get(id);
    if (intervalMs !== undefined) interval.set({ target: id }, intervalMs / 1_000);
  }
}

export async function addStatuses(registry: Registry, store: GaugeStore, targets: Targets): Promise<void> {
  const gauges = {
    outcome: gauge(registry, METRICS.outcome),
    code: gauge(registry, METRICS.outcomeCode),
    firstSlot: gauge(registry, METRICS.firstSlot),
    lastCheck: gauge(registry, METRICS.lastCheck),
    lastObserved: gauge(registry, METRICS.lastObserved),
    lastSlots: gauge(registry, METRICS.lastSlots),
    droughtStart: gauge(registry, METRICS.droughtStart),
    droughtChecks: gauge(registry, METRICS.droughtChecks),
    droughtGap: gauge(registry, METRICS.droughtGap),
  };
  for (const status of await store.statuses()) {
    const found = targets.get(status.targetId);
    if (found === undefined) continue;
    const { outcome, facets, lastObservedAt, lastSlotsAt, drought } = status;
    const { platform, department, procedure } = found;
    const target = { target: found.id };
    const names = { ...target, platform, department: department ?? '', procedure };
    gauges.outcome.set({ ...names, outcome, group: groupOf(outcome) }, 1);
    gauges.code.set(target, OUTCOMES.indexOf(outcome) + 1);
    gauges.lastCheck.set(target, status.finishedAt / 1_000);
    if (lastObservedAt !== null) gauges.lastObserved.set(target, lastObservedAt / 1_000);
    if (lastSlotsAt !== null) gauges.lastSlots.set(target, lastSlotsAt / 1_000);
    if (drought !== null) {
      gauges.droughtStart.set(target, drought.fromAt / 1_000);
      gauges.droughtChecks.set(target, drought.checks);
      gauges.droughtGap.set(target, drought.longestGapMs / 1_000);
    }
    if (outcome === 'slots' && facets.firstDate !== undefined)
      gauges.firstSlot.set(target, Date.parse(facets.firstDate) / 1_000);
  }
}

/** Every result of every target, the zeros too: what appears with its first count would not be seen to grow. */
export async function addPlannedEnds(registry: Registry, store: GaugeStore, targets: Targets): Promise<void> {
  const ends = new Map([...targets.keys()].map((id) => [id, new Map(RESULTS.map((result) => [result, 0]))]));
  for (const { targetId, outcome, count } of await store.plannedEnds()) {
    const counts = ends.get(targetId);
    const result = resultOf(outcome);
    counts?.set(result, (counts.get(result) ?? 0) + count);
  }
  const total = counter(registry, METRICS.plannedEnds);
  for (const [target, counts] of ends) for (const [result, count] of counts) total.inc({ target, result }, count);
}

/** What was not seen for too long is not said to last, and a control's slots are no news. */
export async function addEpisodes(
  registry: Registry,
  store: GaugeStore,
  { targets, now }: { readonly targets: Targets; readonly now: number },
): Promise<void> {
  const openings = gauge(registry, METRICS.openingStart);
  const outages = gauge(registry, METRICS.outageStart);
  for (const { kind, targetId: target, startedAt, outcome, believedUntil } of await store.lasting()) {
    if (targets.get(target)?.control !== false || now > believedUntil) continue;
    if (kind === 'opening') openings.set({ target }, startedAt / 1_000);
    else outages.set({ target, outcome }, startedAt / 1_000);
  }
}

export async function addHosts(registry: Registry, store: GaugeStore, now: number): Promise<void> {
  const [hosts, robots, certificates] = await Promise.all([store.hosts(now), store.robots(), store.certificates()]);
  const open = gauge(registry, METRICS.breakerOpen);
  const until = gauge(registry, METRICS.breakerUntil);
  const checks = gauge(registry, METRICS.hostChecks);
  for (const { host, breaker, checksInLastHour } of hosts) {
    const isOpen = breaker.openUntil > now;
    open.set({ host }, isOpen ? 1 : 0);
    if (isOpen) until.set({ host }, breaker.openUntil / 1_000);
    checks.set({ host }, checksInLastHour);
  }
  const read = gauge(registry, METRICS.robotsRead);
  const failing = gauge(registry, METRICS.robotsFailing);
  for (const { origin, readAt, failingSince } of robots) {
    const { host } = new URL(origin);
    if (readAt !== null) read.set({ host }, readAt / 1_000);
    if (failingSince !== null) failing.set({ host }, failingSince / 1_000);
  }
  const expiry = gauge(registry, METRICS.certificate);
  for (const { host, validUntil } of certificates) expiry.set({ host }, validUntil / 1_000);
}

export async function addReview(registry: Registry, store: GaugeStore): Promise<void> {
  const [groups, events, blocks] = await Promise.all([
    store.unrecognisedGroups(),
    store.eventCounts(),
    store.softBlocks(),
  ]);
  const waiting = gauge(registry, METRICS.reviewGroups);
  for (const [platform, count] of groups) waiting.set({ platform }, count);
  const happened = gauge(registry, METRICS.events);
  for (const [kind, count] of events) happened.set({ kind }, count);
  const blocked = gauge(registry, METRICS.softBlock);
  for (const { host, toAt, lifted } of blocks) if (toAt === null && lifted === null) blocked.set({ host }, 1);
}

export async function addMessages(registry: Registry, store: GaugeStore): Promise<void> {
  const [counts, deliveries, subscriptions] = await Promise.all([
    store.outboxCounts(),
    store.deliveryCounts(),
    store.subscriptionCounts(),
  ]);
  const outbox = gauge(registry, METRICS.outbox);
  const oldest = gauge(registry, METRICS.outboxAge);
  const due = gauge(registry, METRICS.outboxDue);
  for (const { channel, state, count, oldestAt, dueAt } of counts) {
    outbox.set({ channel, state }, count);
    if (state === 'sent') continue;
    oldest.set({ channel, state }, oldestAt / 1_000);
    due.set({ channel, state }, dueAt / 1_000);
  }
  const notices = counter(registry, METRICS.notices);
  for (const { channel, kind, result, count } of deliveries) notices.inc({ channel, kind, result }, count);
  const known = gauge(registry, METRICS.subscriptions);
  for (const { channel, source, state, count } of subscriptions) known.set({ channel, source, state }, count);
}

export async function addPlans(registry: Registry, store: GaugeStore): Promise<void> {
  const planned = gauge(registry, METRICS.planned);
  for (const { state, reason, count } of await store.plannedCounts()) planned.set({ state, reason }, count);
}

export function gauge(registry: Registry, entry: MetricEntry): Gauge {
  return new Gauge({ ...definition(entry), registers: [registry] });
}

function counter(registry: Registry, entry: MetricEntry): Counter {
  return new Counter({ ...definition(entry), registers: [registry] });
}

export function definition({ name, help, labels }: MetricEntry): { name: string; help: string; labelNames: string[] } {
  return { name, help, labelNames: [...labels] };
}

import { join } from 'node:path';
import Database from 'better-sqlite3';

import { troubleFacts } from '../../src/alerts/self-watch.ts';
import { Watch } from '../../src/check.ts';
import { openWorkbench } from '../../src/compose.ts';
import { openMonitorAlerts } from '../../src/compose-alerts.ts';
import { openOpenData } from '../../src/compose-open-data.ts';
import { openMonitorSite } from '../../src/compose-site.ts';
import { followUps } from '../../src/decide/follow.ts';
import { createLog, failureFacts } from '../../src/log.ts';
import { Metrics } from '../../src/metrics/collect.ts';
import { expectedGates } from '../../src/plugins.ts';
import { Ledger } from '../../src/schedule/ledger.ts';
import { serveWeb, webApp } from '../../src/web/server.ts';

/** The monitor in live mode as `guetteur start` builds it, with a clock that is set ahead between its checks. */
export interface Monitor {
  readonly page: string;
  /** Checks that are planned before an instant and not ended, by when they are planned. */
  openUntil(before: number): readonly number[];
  /** One tick of everything, and the end of all that it began. What is planned for `until` or later is not due yet. */
  tick(until: number): Promise<void>;
  /** Asks the control hosts now, whose last word else holds for ten minutes. */
  askControls(): Promise<void>;
  /** The next check gets a new browser, with the environment as it is then. */
  closeBrowser(): Promise<void>;
  stop(): Promise<void>;
}

const SETTLES_MS = 15;

export async function openMonitor(folder: string, intervalMs: number): Promise<Monitor> {
  const log = createLog('info');
  const bench = await openWorkbench({
    configFile: join(folder, 'guetteur.yaml'),
    role: 'monitor',
    practiceTargets: () => true,
    tell: (what) => log.info(what),
  });
  const { store, targets, config, rules, blobs, browser, control, killSwitch, probes } = bench;
  await store.saveTargets([...targets.values()]);
  const plans = [...targets.keys()].map((id) => ({ id, intervalMs, spacingMs: rules.targetSpacingMs }));
  let letUntil = Infinity;
  const ledgerStore: ConstructorParameters<typeof Ledger>[0] = {
    plan: (...given) => store.plan(...given),
    plannedUntil: () => store.plannedUntil(),
    due: (now) => store.due(Math.min(now, letUntil - 1)),
    close: (...given) => store.close(...given),
    closeBegun: (...given) => store.closeBegun(...given),
    closeDue: (...given) => store.closeDue(...given),
    closeUnwatched: (...given) => store.closeUnwatched(...given),
  };
  const ledger = new Ledger(ledgerStore, plans, config.schedule.seed);
  await ledger.accountForGap(Date.now());
  const alerts = await openMonitorAlerts(bench, log, (message, at) => metrics.countMessage(message, at));
  const openData = await openOpenData(config, log);
  const metrics = new Metrics({
    store,
    targets,
    intervals: new Map(plans.map(({ id }) => [id, intervalMs])),
    spacing: rules,
    browser,
    control,
    stopFiles: () => killSwitch.all(),
    troubles: () => troubleFacts(alerts.vigil.open),
    shares: () => openData.shares(),
    build: { version: 'rehearsal', mode: config.mode, vantage: config.vantage },
  });
  const site = openMonitorSite(bench, openData.figures, log);
  const busy = new Busy();
  const watching = new Watch({
    targets,
    ledger,
    runner: { check: (order) => busy.with(bench.runner.check(order)) },
    store: {
      begin: (...given) => busy.with(store.begin(...given)),
      record: (...given) => busy.with(store.record(...given)),
      close: (...given) => busy.with(store.close(...given)),
    },
    log,
    concurrency: config.schedule.concurrency,
    decide: followUps({
      spacingMs: rules.targetSpacingMs,
      targets,
      isService: (platform) => probes.get(platform)?.kind === 'service',
      gatesOf: expectedGates(probes),
      episodes: config.alerts.outages,
    }),
    onRecorded: (check, lateMs) => metrics.count(check, lateMs),
  });
  const app = webApp({
    store,
    blobs,
    targets,
    metrics,
    publicPages: [openData.routes, site.app, alerts.publicPages],
    notFound: site.notFound,
    hook: alerts.hook,
    practice: false,
    readyWithinMs: config.http.readyWithinSeconds * 1_000,
    metricsToken: undefined,
    access: { token: undefined, listensOn: config.http.host, hosts: [], publicUrl: null },
    onFailure: (failure) => log.error(failureFacts(failure), 'a page failed'),
  });
  const web = await serveWeb(app, config.http);
  const file = new Database(join(config.data, 'guetteur.sqlite'), { readonly: true });
  const open = file.prepare<[number], { planned_at: number }>(
    "select planned_at from planned where state in ('planned', 'begun') and planned_at < ? order by planned_at",
  );
  return {
    page: web.url,
    openUntil: (before) => open.all(before).map((row) => row.planned_at),
    tick: async (until) => {
      letUntil = until;
      await watching.tick();
      await busy.over();
      alerts.vigil.tick();
      await alerts.vigil.settled();
      await alerts.outbox.tick();
      await alerts.outbox.settled();
    },
    askControls: async () => void (await control.ask()),
    closeBrowser: () => browser.close(),
    stop: async () => {
      await Promise.all([watching.stop(6_000), alerts.outbox.stop(6_000), alerts.vigil.stop()]);
      file.close();
      await web.close();
      await openData.close();
      await bench.close();
    },
  };
}

/** Counts what is under way. */
class Busy {
  #count = 0;

  async with<T>(work: Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await work;
    } finally {
      this.#count -= 1;
    }
  }

  /** Nothing is under way, and what has just ended has begun nothing further. */
  async over(): Promise<void> {
    do {
      await new Promise((resolve) => {
        setTimeout(resolve, SETTLES_MS);
      });
    } while (this.#count > 0);
  }
}

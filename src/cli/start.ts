import type { Logger } from 'pino';

import { troubleFacts } from '../alerts/self-watch.ts';
import { Watch } from '../check.ts';
import type { CliCommand, Io } from '../commands.ts';
import { LIVE_INTERVAL_SECONDS, openWorkbench, type Workbench } from '../compose.ts';
import { openMonitorAlerts, operatorDoubt } from '../compose-alerts.ts';
import { openMonitorAssist, practiceLink } from '../compose-assist.ts';
import { openOpenData, type OpenData } from '../compose-open-data.ts';
import { openMonitorSite } from '../compose-site.ts';
import { openTicks } from '../compose-ticks.ts';
import { operatorAccess } from '../compose-web.ts';
import { loadConfig } from '../config/load.ts';
import { assertOpenFiles, secret } from '../config/environment.ts';
import { hostOf } from '../core/target.ts';
import { followUps } from '../decide/follow.ts';
import { createLog, failureFacts } from '../log.ts';
import { Metrics, type MetricsParts } from '../metrics/collect.ts';
import { expectedGates, loadProbes } from '../plugins.ts';
import { killOrphans } from '../run/browser/orphans.ts';
import { bySchedule, EVERY_MINUTE } from '../schedule/engines/cron.ts';
import { Ledger } from '../schedule/ledger.ts';
import { hostLoads, type PlanTarget } from '../schedule/planner.ts';
import { lockFolder } from '../store/folder-lock.ts';
import { VERSION } from '../version.ts';
import { TrustedProxies } from '../web/client.ts';
import { serveWeb, webApp, type WebParts } from '../web/server.ts';

/** Checks under way at Ctrl-C may end in this time; the whole stop takes less than 10 s. */
const STOP_WITHIN_MS = 6_000;
/** Windows that people have open are closed first; what they saw is recorded. */
const PEOPLE_LEAVE_WITHIN_MS = 2_000;
const PRACTICE_INTERVAL_SECONDS = 60;

export const command: CliCommand = {
  name: 'start',
  add: (program, io) => {
    program
      .command('start')
      .description('start the monitor; without a guetteur.yaml, in practice mode against the built-in replica sites')
      .action(async () => start(program.opts<{ config?: string }>().config, io));
  },
};

async function start(configFile: string | undefined, io: Io): Promise<void> {
  const config = await loadConfig(configFile, await loadProbes());
  // From here on a signal waits for an orderly end. A log that nobody reads any more, as after `| head`, is one.
  const gone = new AbortController();
  const stop = AbortSignal.any([io.stop, gone.signal]);
  const log = createLog(config.log.level, () => gone.abort());
  assertOpenFiles();
  const doubt = operatorDoubt(config);
  log.info({ version: VERSION, mode: config.mode, data: config.data }, 'starting');
  if (doubt !== null) log.warn(doubt);
  const unlock = lockFolder(config.data);
  try {
    const orphans = await killOrphans();
    if (orphans > 0) log.warn({ orphans }, 'browsers left by an earlier run were killed');
    const bench = await openWorkbench({
      configFile,
      role: 'monitor',
      practiceTargets: () => true,
      tell: (what) => log.info(what),
    });
    try {
      // Told to stop on the way: there is nothing to end yet.
      if (!stop.aborted) await watch(bench, log, stop);
    } finally {
      await bench.close();
    }
    log.info('stopped');
  } finally {
    unlock();
  }
}

async function watch(bench: Workbench, log: Logger, stop: AbortSignal): Promise<void> {
  // Closed from the last to the first, also when the start fails on the way: nothing may keep a failed process alive.
  await using opened = new AsyncDisposableStack();
  const { store, targets, config } = bench;
  await store.saveTargets([...targets.values()]);
  await store.releaseAll('monitor:', Date.now());
  await bench.blobs.clear();
  const plans = planTargets(bench, log);
  const ledger = new Ledger(store, plans, config.schedule.seed);
  const missed = await ledger.accountForGap(Date.now());
  if (missed > 0) log.warn({ missed }, 'planned checks were missed while the monitor was not running');
  const alerts = await openMonitorAlerts(bench, log, (message, at) => metrics.countMessage(message, at));
  const openData = await openOpenData(config, log);
  opened.defer(() => openData.close());
  const metrics = metricsOf(bench, { plans, openData, troubles: () => troubleFacts(alerts.vigil.open) });
  const site = openMonitorSite(bench, openData.figures, log);
  const watching = new Watch({
    targets,
    ledger,
    runner: bench.runner,
    store,
    log,
    concurrency: config.schedule.concurrency,
    decide: followUps({
      spacingMs: bench.rules.targetSpacingMs,
      targets,
      isService: (platform) => bench.probes.get(platform)?.kind === 'service',
      gatesOf: expectedGates(bench.probes),
      episodes: config.alerts.outages,
    }),
    onRecorded: (check, lateMs) => metrics.count(check, lateMs),
  });
  const assist = openMonitorAssist(bench, watching, log);
  const publicPages = [assist.pages, openData.routes, site.app, alerts.publicPages];
  const app = webOf(bench, metrics, { publicPages, notFound: site.notFound, hook: alerts.hook, log });
  const proxies = new TrustedProxies(config.http.trustedProxies);
  const web = await serveWeb(app, { ...config.http, sockets: assist.sockets, proxies });
  opened.defer(() => web.close());
  const link = await practiceLink(bench, config.http.publicUrl ?? web.url);
  const talking = alerts.telegram?.run(stop);
  opened.defer(async () => {
    await assist.desk.stop(PEOPLE_LEAVE_WITHIN_MS);
    await Promise.all([
      watching.stop(STOP_WITHIN_MS),
      alerts.outbox.stop(STOP_WITHIN_MS),
      alerts.vigil.stop(),
      talking,
    ]);
  });
  const ticks = await openTicks(async () => {
    alerts.vigil.tick();
    await Promise.all([watching.tick(), alerts.outbox.tick(), assist.desk.tick()]);
  }, log);
  opened.defer(() => ticks.stop());
  opened.defer(bySchedule(EVERY_MINUTE, log, () => Promise.resolve(openData.tick(Date.now()))));
  const places = { page: web.url, metrics: `${web.url}metrics`, mailbox: bench.mailbox };
  log.info({ targets: targets.size, ...places, ...(link === null ? {} : { assist: link }) }, 'watching');
  await aborted(stop);
  log.info('stopping: checks under way may end');
}

function webOf(
  { store, blobs, targets, config }: Workbench,
  metrics: Metrics,
  { log, ...pages }: Pick<WebParts, 'publicPages' | 'notFound' | 'hook'> & { readonly log: Logger },
): ReturnType<typeof webApp> {
  return webApp({
    store,
    blobs,
    targets,
    metrics,
    ...pages,
    access: operatorAccess(config, log),
    onFailure: (error) => log.error(failureFacts(error), 'an answer failed'),
    practice: config.mode === 'practice',
    readyWithinMs: config.http.readyWithinSeconds * 1_000,
    metricsToken: secret('GUETTEUR_METRICS_TOKEN'),
  });
}

function metricsOf(
  { store, targets, rules, browser, control, killSwitch, config }: Workbench,
  parts: {
    readonly plans: readonly PlanTarget[];
    readonly openData: OpenData;
    readonly troubles: MetricsParts['troubles'];
  },
): Metrics {
  return new Metrics({
    store,
    targets,
    intervals: new Map(parts.plans.map(({ id, intervalMs }) => [id, intervalMs])),
    spacing: rules,
    browser,
    control,
    stopFiles: () => killSwitch.all(),
    troubles: parts.troubles,
    shares: () => parts.openData.shares(),
    build: { version: VERSION, mode: config.mode, vantage: config.vantage },
  });
}

/** The interval of each target. A host whose floors leave no room for the wished interval gets a longer one, and says so. */
function planTargets({ targets, config, rules }: Workbench, log: Logger): PlanTarget[] {
  const isPractice = config.mode === 'practice';
  const wishedSeconds =
    config.schedule.intervalSeconds ?? (isPractice ? PRACTICE_INTERVAL_SECONDS : LIVE_INTERVAL_SECONDS);
  const perHost = new Map<string, number>();
  for (const target of targets.values()) {
    const host = hostOf(target.address);
    perHost.set(host, (perHost.get(host) ?? 0) + 1);
  }
  const intervals = new Map<string, number>();
  for (const load of hostLoads(perHost, wishedSeconds * 1_000, rules)) {
    intervals.set(load.host, load.intervalMs);
    if (load.intervalMs > wishedSeconds * 1_000) {
      const { host, targets: count } = load;
      log.warn(
        { host, targets: count, intervalSeconds: load.intervalMs / 1_000 },
        `the floors of this host need ${hours(load.neededMs)} a round: its interval is stretched`,
      );
    }
  }
  return [...targets.values()].map((target) => ({
    id: target.id,
    intervalMs: intervals.get(hostOf(target.address)) ?? wishedSeconds * 1_000,
    spacingMs: rules.targetSpacingMs,
  }));
}

function hours(milliseconds: number): string {
  const minutes = Math.ceil(milliseconds / 60_000);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')}`;
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

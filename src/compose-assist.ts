import type { Logger } from 'pino';

import { AssistDesk } from './assist/desk.ts';
import { inviteGuest } from './assist/invitations.ts';
import type { Watch } from './check.ts';
import type { Workbench } from './compose.ts';
import type { Config } from './config/load.ts';
import { failureFacts } from './log.ts';
import { drawnAnew } from './run/browser/picture.ts';
import { assistPages, assistSockets } from './web/assist/routes.ts';

/** A lost connection may come back within this: a telephone that changes from one mast to the next. */
const LOST_AFTER_MS = 20_000;

/** What people help with, built by hand from the configuration. */
export interface MonitorAssist {
  readonly desk: AssistDesk;
  readonly pages: ReturnType<typeof assistPages>;
  readonly sockets: ReturnType<typeof assistSockets>;
}

export function openMonitorAssist(bench: Workbench, watching: Watch, log: Logger): MonitorAssist {
  const { config, store, targets, blobs, browser, runner, probes, rules } = bench;
  const desk = new AssistDesk({
    runner,
    store,
    targets,
    isAssisted: (platform) => probes.get(platform)?.assisted !== undefined,
    keep: ({ check, breaker, help }) => watching.keep({ check, breaker }, { help }, null),
    onFree: (host) => watching.free(host),
    rules: {
      instants: instantRules(config),
      windows: config.assist.windows,
      sessionMs: config.assist.personSeconds * 1_000,
      waitMs: config.assist.waitSeconds * 1_000,
      lostAfterMs: LOST_AFTER_MS,
      spacingMs: rules.targetSpacingMs,
      again: { times: config.assist.reread.times, everyMs: config.assist.reread.everyMinutes * 60_000 },
      spotCheckOneIn: config.assist.spotCheckOneIn,
    },
    log,
  });
  const pages = assistPages({
    desk,
    store,
    blobs,
    targets,
    drawAnew: (bytes) => drawnAnew(browser, bytes),
    vantage: config.vantage,
    page: config.http.publicUrl ?? null,
    practice: config.mode === 'practice',
    onFailure: (reason, error) => log.warn(failureFacts(error), `assist pages: ${reason}`),
  });
  return { desk, pages, sockets: assistSockets() };
}

export function instantRules({ schedule, assist }: Pick<Config, 'schedule' | 'assist'>) {
  return {
    seed: schedule.seed,
    intervalMs: assist.intervalHours * 3_600_000,
    windowMs: assist.windowMinutes * 60_000,
  };
}

const PRACTICE_DAYS = 1;

/** In practice everybody is invited: the link stands in the log, and lasts a day. */
export async function practiceLink({ config, store }: Workbench, page: string): Promise<string | null> {
  if (config.mode !== 'practice') return null;
  const guest = { name: 'Camille', language: 'fr', departments: [], targets: [], days: PRACTICE_DAYS } as const;
  return (await inviteGuest(store, guest, { page, now: Date.now() })).link;
}

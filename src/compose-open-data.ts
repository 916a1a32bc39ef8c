import { join } from 'node:path';
import type { Hono } from 'hono';
import type { Logger } from 'pino';

import type { Config } from './config/load.ts';
import { asAppError } from './core/errors.ts';
import { openFigures, type FiguresThread } from './figures-thread.ts';
import { failureFacts } from './log.ts';
import type { Shares } from './metrics/shares.ts';
import type { Figures } from './stats/figures.ts';
import { VERSION } from './version.ts';
import { DailyDump } from './web/open-data/daily-dump.ts';
import { replaceDump } from './web/open-data/dump.ts';
import type { Publisher } from './web/open-data/licence.ts';
import { openDataRoutes } from './web/open-data/routes.ts';

/** The figures in their thread, and what the public may take of them. */
export interface OpenData {
  readonly figures: FiguresThread;
  readonly routes: Hono;
  /** For the metrics; none while they cannot be computed, which is logged. */
  shares(): Promise<Shares>;
  tick(now: number): void;
  close(): Promise<void>;
}

/** The store has to be open: it makes and changes the database. */
export async function openOpenData(config: Config, log: Logger): Promise<OpenData> {
  const figures = await openFigures({ folder: config.data, practice: config.mode === 'practice' });
  const publisher = publisherOf(config);
  const dumps = join(config.data, 'open-data');
  const routes = openDataRoutes({
    figures,
    publisher,
    version: VERSION,
    dumps,
    onFailure: (name, error) => log.error({ failure: name, ...failureFacts(error) }, 'a question for open data failed'),
  });
  const daily = new DailyDump({
    write: () => replaceDump(dumps, figures, publisher),
    onWritten: ({ until, files }) => log.info({ until, files }, 'open data written'),
    onFailure: (error) => {
      const { code, hint, message } = asAppError(error, 'STORE_FAILED');
      log.error({ code, hint }, `open data could not be written: ${message}`);
    },
  });
  const close = async (): Promise<void> => {
    await daily.stop();
    await figures.close();
  };
  const shares = (): Promise<Shares> =>
    sharesOf(figures).catch((error: unknown) => {
      log.error({ code: asAppError(error, 'STORE_FAILED').code }, 'the shares of the metrics could not be computed');
      return { window: WINDOW, targets: [] };
    });
  return { figures, routes, shares, tick: (now) => daily.tick(now), close };
}

const WINDOW_DAYS = 90;
const WINDOW = `${WINDOW_DAYS}d`;

export async function sharesOf(figures: Pick<Figures, 'targets' | 'lastDays'>): Promise<Shares> {
  const { targets } = await figures.targets(figures.lastDays(WINDOW_DAYS));
  return {
    window: WINDOW,
    targets: targets.map(({ target, measured: { share } }) => ({
      targetId: target.id,
      share: share.kind === 'insufficient' ? null : share.share,
      hits: share.hits,
      checks: share.checks,
    })),
  };
}

export function publisherOf({ operator, mode, http }: Config): Publisher {
  return {
    name: operator?.name ?? 'Guetteur',
    page: http.publicUrl ?? `http://${http.host}:${http.port}/`,
    practice: mode === 'practice',
  };
}

import { join } from 'node:path';

import { Answers } from '../../src/stats/answers.ts';
import type { Figures } from '../../src/stats/figures.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import type { Publisher } from '../../src/web/open-data/licence.ts';
import { openDataRoutes, type OpenDataParts } from '../../src/web/open-data/routes.ts';
import { serveWeb } from '../../src/web/server.ts';
import { FILLED_UNTIL, fillStore } from './filled-store.ts';
import { temporaryFolder } from './monitor.ts';

/** The open data over some months of checks that never were, on loopback. */
export interface FilledData {
  readonly figures: Figures;
  readonly source: ReturnType<typeof openTallySource>;
  /** Names of what failed on our side. */
  readonly failures: string[];
  /** Serves the data and returns the address of `/api/v1`. */
  open(change?: Partial<OpenDataParts>): Promise<string>;
  close(): Promise<void>;
}

export const FILLED_PUBLISHER: Publisher = {
  name: 'Association',
  page: 'https://association.example/',
  practice: false,
};
export const FILLED_PERIOD = { from: '2026-10-01', to: '2026-11-26' };
export const FILLED_RANGE = 'from=2026-10-01&to=2026-11-26';
export const PLENTY = { count: 100_000, withinMs: 60_000 };

export async function openFilledData(): Promise<FilledData> {
  const folder = await temporaryFolder();
  await fillStore(folder.path);
  const source = openTallySource(folder.path);
  const figures = new Answers({ source, practice: false, now: () => FILLED_UNTIL });
  const failures: string[] = [];
  const sites: { close(): Promise<void> }[] = [];
  const open: FilledData['open'] = async (change = {}) => {
    const app = openDataRoutes({
      figures,
      publisher: FILLED_PUBLISHER,
      version: '0.0.0',
      dumps: join(folder.path, 'open-data'),
      onFailure: (name) => failures.push(name),
      ...change,
    });
    const site = await serveWeb(app, { host: '127.0.0.1', port: 0 });
    sites.push(site);
    return `${site.url}api/v1`;
  };
  const close = async (): Promise<void> => {
    for (const site of sites) await site.close();
    source.close();
    await folder.remove();
  };
  return { figures, source, failures, open, close };
}

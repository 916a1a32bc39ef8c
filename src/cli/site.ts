import { join, resolve } from 'node:path';

import type { CliCommand, Io } from '../commands.ts';
import { siteWriter } from '../compose-site.ts';
import { atDesk } from '../desk.ts';
import { Blobs } from '../evidence/blobs.ts';
import { openFigures } from '../figures-thread.ts';
import { write } from '../web/open-data/formats.ts';
import { buildSite, type SiteFile } from '../web/site/build.ts';
import { DOWNLOADS, downloadPath } from '../web/site/pages/data.ts';
import { DAYS_SHOWN } from '../web/site/writer.ts';
import type { Figures } from '../stats/figures.ts';

export const command: CliCommand = {
  name: 'site',
  add: (program, io) => {
    program
      .command('site')
      .description('the public site')
      .command('build <folder>')
      .description('write the whole public site as files, for any host of files; replaces the folder as a whole')
      .option('--json', 'answer as JSON')
      .action(async (folder: string, options: { json?: boolean }) =>
        build(
          program.opts<{ config?: string }>().config,
          { folder: resolve(folder), isJson: options.json === true },
          io,
        ),
      );
  },
};

async function build(
  configFile: string | undefined,
  { folder, isJson }: { readonly folder: string; readonly isJson: boolean },
  io: Io,
): Promise<void> {
  await atDesk(configFile, io, async ({ config, store }) => {
    const blobs = new Blobs(join(config.data, 'blobs'));
    // The watched targets, or in practice those that the monitor last watched.
    const known = config.targets.length > 0 ? config.targets : await store.knownTargets();
    const targets = new Map(known.map((target) => [target.id, target]));
    const figures = await openFigures({ folder: config.data, practice: config.mode === 'practice' });
    try {
      const writer = siteWriter({ config, targets, store, blobs }, figures, { isStatic: true });
      const files = await buildSite(folder, { writer, files: downloads(figures), stop: io.stop });
      io.answer(isJson ? JSON.stringify({ folder, files }) : `${files} files in ${folder}`);
    } finally {
      await figures.close();
    }
  });
}

function downloads(figures: Figures): SiteFile[] {
  return DOWNLOADS.flatMap((table) =>
    (['csv', 'json', 'parquet'] as const).map((format) => ({
      path: downloadPath(table, format),
      body: async () => {
        const period = figures.lastDays(DAYS_SHOWN);
        const answer = await table.rows(figures, { period, target: null, department: null });
        return answer === null ? '' : await write(table, answer, format);
      },
    })),
  );
}

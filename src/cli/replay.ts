import { replay } from '../replay.ts';
import { Blobs } from '../evidence/blobs.ts';
import { instantOf, table, type CliCommand, type Io } from '../commands.ts';
import { loadConfig } from '../config/load.ts';
import { AppError } from '../core/errors.ts';
import { loadProbes } from '../plugins.ts';
import { openStore } from '../store/open.ts';
import { join } from 'node:path';

interface Options {
  readonly since?: string;
  readonly platform?: string;
  readonly json?: boolean;
}

export const command: CliCommand = {
  name: 'replay',
  add: (program, io) => {
    program
      .command('replay')
      .description(
        'read stored captures again with the readers of today; a reading that changed is appended, none is edited',
      )
      .option('--since <date>', 'only checks from this day or instant on (2026-11-01, or ISO 8601)')
      .option('--platform <name>', 'only checks of this platform')
      .option('--json', 'answer with one JSON object')
      .action((options: Options) => run(options, program.opts<{ config?: string }>().config, io));
  },
};

async function run(options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const since = options.since === undefined ? 0 : instantOf('--since', options.since);
  const probes = await loadProbes();
  if (options.platform !== undefined && !probes.has(options.platform)) {
    throw new AppError('TARGET_UNKNOWN', `no probe is named "${options.platform}"`);
  }
  const config = await loadConfig(configFile, probes);
  const store = await openStore(config.data, { tell: io.note });
  try {
    const query = { since, ...(options.platform === undefined ? {} : { platform: options.platform }) };
    const result = await replay(
      { store, probes, blobs: new Blobs(join(config.data, 'blobs')), targets: config.targets, now: Date.now() },
      query,
    );
    if (options.json === true) {
      io.answer(JSON.stringify(result));
      return;
    }
    for (const { checkId, problem } of result.unreadable)
      io.note(`check ${checkId} could not be read again: ${problem}`);
    const rows = result.changes.map((change) => [
      String(change.checkId),
      change.target,
      change.from,
      '→',
      change.to,
      change.rule,
    ]);
    if (rows.length > 0) io.answer(table(rows));
    io.answer(`${result.read} checks read again, ${result.changes.length} readings changed`);
  } finally {
    await store.end();
  }
}

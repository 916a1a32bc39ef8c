import { instantOf, iso, table, type CliCommand, type Io } from '../commands.ts';
import { AppError } from '../core/errors.ts';
import { atDesk } from '../desk.ts';
import { groupOf } from '../core/outcome.ts';
import type { CheckRow } from '../store/contract.ts';

interface Options {
  readonly target?: string;
  readonly since?: string;
  readonly limit: string;
  readonly json?: boolean;
}

export const command: CliCommand = {
  name: 'checks',
  add: (program, io) => {
    program
      .command('checks')
      .description('list recorded checks, the newest first')
      .option('--target <id>', 'only checks of this target')
      .option('--since <date>', 'only checks from this day or instant on (2026-11-01, or ISO 8601)')
      .option('--limit <n>', 'at most so many', '50')
      .option('--json', 'answer with one JSON array')
      .action((options: Options) => list(options, program.opts<{ config?: string }>().config, io));
  },
};

async function list(options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const since = options.since === undefined ? undefined : instantOf('--since', options.since);
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1)
    throw new AppError('USAGE', `--limit: "${options.limit}" is not a number of checks`);
  await atDesk(configFile, io, async ({ store }) => {
    const rows = await store.checks({
      limit,
      ...(options.target === undefined ? {} : { targetId: options.target }),
      ...(since === undefined ? {} : { since }),
    });
    if (options.json === true) io.answer(JSON.stringify(rows.map(jsonOf)));
    else if (rows.length === 0) io.note('no check is recorded yet');
    else io.answer(table([['STARTED', 'TARGET', 'OUTCOME', 'RULE', 'MESSAGE'], ...rows.map(cells)]));
  });
}

function jsonOf(row: CheckRow): object {
  const { startedAt, observedAt, finishedAt, ...rest } = row;
  return {
    ...rest,
    group: groupOf(row.outcome),
    startedAt: iso(startedAt),
    observedAt: iso(observedAt),
    finishedAt: iso(finishedAt),
  };
}

function cells(row: CheckRow): string[] {
  return [iso(row.startedAt) ?? '', row.targetId, row.outcome, row.rule, row.message.slice(0, 80)];
}

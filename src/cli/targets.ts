import { table, type CliCommand, type Io } from '../commands.ts';
import { readCatalogue } from '../config/catalogue.ts';
import { loadConfig } from '../config/load.ts';
import { loadProbes, loadReplicas } from '../plugins.ts';
import { practiceTargetId } from '../practice/server/world.ts';

interface Options {
  readonly department?: string;
  readonly platform?: string;
  readonly procedure?: string;
  readonly status?: string;
  readonly all?: boolean;
  readonly json?: boolean;
}

interface Row {
  readonly id: string;
  readonly platform: string;
  readonly department: string | null;
  readonly prefecture: string | null;
  readonly procedure: string;
  readonly label: string | null;
  readonly address: string | null;
  /** Of a catalogue entry; `configured` and `practice` for the others. */
  readonly status: string;
  readonly year: number | null;
  readonly source: string | null;
}

export const command: CliCommand = {
  name: 'targets',
  add: (program, io) => {
    program
      .command('targets')
      .description(
        'list the targets: those of the configuration, the practice sites, and the live ones of the catalogue',
      )
      .option('--department <code>', 'only this department')
      .option('--platform <name>', 'only this platform')
      .option('--procedure <name>', 'only this procedure')
      .option('--status <status>', 'only catalogue entries of this status: live, stale, retired, unverified')
      .option('--all', 'stale, retired and unverified entries too')
      .option('--json', 'answer with one JSON array')
      .action((options: Options) => list(options, program.opts<{ config?: string }>().config, io));
  },
};

async function list(options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const config = await loadConfig(configFile, await loadProbes());
  const configured = config.targets.map((target): Row => ({
    ...rowOf(target),
    status: 'configured',
    year: null,
    source: null,
  }));
  const isListed = (status: string): boolean =>
    options.status === undefined ? options.all === true || status === 'live' : status === options.status;
  const catalogue = (await readCatalogue())
    .filter((entry) => isListed(entry.status))
    .map((entry): Row => ({ ...rowOf(entry), status: entry.status, year: entry.year, source: entry.source }));
  const rows = [...configured, ...(config.mode === 'practice' ? await practiceRows() : []), ...catalogue].filter(
    (row) =>
      (options.department === undefined || row.department === options.department) &&
      (options.platform === undefined || row.platform === options.platform) &&
      (options.procedure === undefined || row.procedure === options.procedure),
  );
  if (options.json === true) io.answer(JSON.stringify(rows));
  else if (rows.length === 0) io.note('no target of that kind is known');
  else io.answer(table([['ID', 'DEP', 'PLATFORM', 'PROCEDURE', 'STATUS', 'LABEL'], ...rows.map(cells)]));
}

function rowOf(entry: Omit<Row, 'status' | 'year' | 'source'>): Omit<Row, 'status' | 'year' | 'source'> {
  const { id, platform, department, prefecture, procedure, label, address } = entry;
  return { id, platform, department, prefecture, procedure, label, address };
}

async function practiceRows(): Promise<Row[]> {
  return [...(await loadReplicas()).values()].flatMap((replica) =>
    replica.scenarios.flatMap((scenario): Row[] => {
      if (scenario.shown === undefined) return [];
      const { department = null, prefecture = null, procedure = 'other', label = scenario.name } = scenario.shown;
      const row = {
        id: practiceTargetId(replica, scenario),
        platform: replica.platform,
        department,
        prefecture,
        procedure,
        label,
      };
      return [{ ...row, address: null, status: 'practice', year: null, source: null }];
    }),
  );
}

function cells(row: Row): string[] {
  return [
    row.id,
    row.department ?? '-',
    row.platform,
    row.procedure,
    row.status,
    [row.prefecture, row.label].filter(Boolean).join(' · '),
  ];
}

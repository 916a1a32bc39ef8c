import type { Command } from 'commander';

import { table, type CliCommand, type Io } from '../commands.ts';
import { addTarget } from '../config/add-target.ts';
import { readCatalogue } from '../config/catalogue.ts';
import { entryLines } from '../config/insert-target.ts';
import { loadConfig } from '../config/load.ts';
import type { TargetWishes } from '../config/new-target.ts';
import { loadProbes, loadReplicas } from '../plugins.ts';
import { practiceTargets } from '../practice/server/world.ts';

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
  readonly control: boolean;
  readonly address: string | null;
  /** Of a catalogue entry; `configured` and `practice` for the others. */
  readonly status: string;
  readonly year: number | null;
  readonly source: string | null;
}

export const command: CliCommand = {
  name: 'targets',
  add: (program, io) => {
    const targets = program
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
      .action((options: Options) => list(options, configOf(program), io));
    defineAdd(targets, io);
  },
};

const configOf = (program: Command): string | undefined => program.opts<{ config?: string }>().config;

async function list(options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const config = await loadConfig(configFile, await loadProbes());
  const configured = config.targets.map((target): Row => ({
    ...rowOf(target),
    status: 'configured',
    year: null,
    source: null,
  }));
  const catalogue = (await readCatalogue()).map((entry): Row => ({
    ...rowOf(entry),
    status: entry.status,
    year: entry.year,
    source: entry.source,
  }));
  const known = [...configured, ...(config.mode === 'practice' ? await practiceRows() : []), ...catalogue].filter(
    (row) =>
      (options.department === undefined || row.department === options.department) &&
      (options.platform === undefined || row.platform === options.platform) &&
      (options.procedure === undefined || row.procedure === options.procedure),
  );
  const rows = known.filter((row) => row.year === null || isListed(row.status, options));
  if (options.json === true) io.answer(JSON.stringify(rows));
  else if (rows.length === 0) io.note('no target of that kind is known');
  else io.answer(table([['ID', 'DEP', 'PLATFORM', 'PROCEDURE', 'STATUS', 'CONTROL', 'LABEL'], ...rows.map(cells)]));
  const hidden = known.length - rows.length;
  if (hidden > 0 && options.status === undefined && options.json !== true)
    io.note(`${hidden} more are stale, retired or unverified: see them with --all`);
}

function isListed(status: string, options: Options): boolean {
  return options.status === undefined ? options.all === true || status === 'live' : status === options.status;
}

function rowOf(entry: Omit<Row, 'status' | 'year' | 'source'>): Omit<Row, 'status' | 'year' | 'source'> {
  const { id, platform, department, prefecture, procedure, label, control, address } = entry;
  return { id, platform, department, prefecture, procedure, label, control, address };
}

async function practiceRows(): Promise<Row[]> {
  return practiceTargets(await loadReplicas()).map((target) => ({
    ...rowOf(target),
    // Its port is known when it is opened.
    address: null,
    status: 'practice',
    year: null,
    source: null,
  }));
}

function cells(row: Row): string[] {
  return [
    row.id,
    row.department ?? '-',
    row.platform,
    row.procedure,
    row.status,
    row.control ? 'yes' : '-',
    [row.prefecture, row.label].filter(Boolean).join(' · '),
  ];
}

type AddOptions = TargetWishes & { readonly config?: string; readonly dryRun?: boolean; readonly json?: boolean };

function defineAdd(targets: Command, io: Io): void {
  targets
    .command('add')
    .description(
      'add a page to targets.inline of guetteur.yaml, whose comments and layout stay; checked before it is written',
    )
    .argument('<address>', 'the public page where a visit begins')
    .option('--id <id>', 'stable name; by default department, place and the number of the page')
    .option('--department <code>', "department; by default that of the prefecture's own site")
    .option('--prefecture <name>', 'prefecture or sub-prefecture, as the public knows it')
    .option('--procedure <name>', 'what is asked for there, in one of the known words')
    .option('--label <words>', 'what is asked for there, in the words of the page')
    .option('--control', 'known always to have slots')
    .option('--platform <name>', 'needed when no platform, or more than one, recognises the address')
    .option('--params <json>', "the platform's own parameters")
    .option('--dry-run', 'check everything, show the entry, write nothing')
    .option('--json', 'answer with one JSON object')
    // Options that `targets` has too arrive there, wherever they stand.
    .action((address: string, _own: unknown, self: Command) => add(address, self.optsWithGlobals(), io));
}

async function add(address: string, options: AddOptions, io: Io): Promise<void> {
  const dryRun = options.dryRun === true;
  const surroundings = { configFile: options.config, probes: await loadProbes(), dryRun };
  const { path, entry, notes } = await addTarget(address, options, surroundings);
  if (options.json === true) {
    io.answer(JSON.stringify({ ok: true, written: !dryRun, path, target: entry, notes }));
    return;
  }
  io.answer(entryLines(entry).trimEnd());
  for (const note of notes) io.note(note);
  io.note(dryRun ? `nothing was written to ${path}` : `added to ${path}: a monitor reads it when it starts`);
}

import type { Command } from 'commander';

import { table, type CliCommand, type Io } from '../commands.ts';
import { DEPARTMENT_CODES } from '../core/department-names.ts';
import { AppError } from '../core/errors.ts';
import type { LocalDay } from '../core/local-time.ts';
import { atDesk, type Desk } from '../desk.ts';
import { Answers } from '../stats/answers.ts';
import type { Measured, Period, Provenance, TargetSummary } from '../stats/figures.ts';
import type { Proportion, Share } from '../stats/results.ts';
import { openTallySource } from '../store/tally-source.ts';

const USUAL_DAYS = 90;

interface Options {
  readonly from?: string;
  readonly to?: string;
  readonly json?: boolean;
}

export const command: CliCommand = {
  name: 'stats',
  add: (program, io) => {
    const group = program
      .command('stats')
      .description('the figures: availability with its interval, coverage, faults, gates (see docs/statistics.md)');
    const asked = (name: string): Command =>
      group
        .command(name)
        .option('--from <day>', 'first local day, as 2026-11-01; 90 days ago unless given')
        .option('--to <day>', 'last local day, included; today unless given')
        .option('--json', 'answer with one JSON object');
    const withFigures = (work: (answers: Answers) => Promise<void>): Promise<void> =>
      atDesk(program.opts<{ config?: string }>().config, io, (desk) => ask(desk, work));
    asked('national')
      .description('all targets with slots together, and the services')
      .action((options: Options) => withFigures((answers) => national(answers, options, io)));
    asked('department')
      .description('one department and its targets')
      .argument('<code>', 'its code: 01 to 95, 2A, 2B, 971 to 989')
      .action((code: string, options: Options) => withFigures((answers) => department(answers, code, options, io)));
    asked('target')
      .description('one target: attempts, drought, lead time, releases')
      .argument('<id>', 'its id, as `guetteur targets` lists it')
      .action((id: string, options: Options) => withFigures((answers) => target(answers, id, options, io)));
    asked('service')
      .description('a service without slots, as anef: uptime and outages by step')
      .argument('<platform>', 'its platform')
      .action((name: string, options: Options) => withFigures((answers) => service(answers, name, options, io)));
    group
      .command('rebuild')
      .description('count every day again from its checks; changes nothing where the counts are right')
      .option('--json', 'answer with one JSON object')
      .action((options: Options) =>
        atDesk(program.opts<{ config?: string }>().config, io, (desk) => rebuild(desk, options, io)),
      );
  },
};

async function ask({ config }: Desk, work: (answers: Answers) => Promise<void>): Promise<void> {
  const source = openTallySource(config.data);
  try {
    await work(new Answers({ source, practice: config.mode === 'practice', now: Date.now }));
  } finally {
    source.close();
  }
}

async function national(answers: Answers, options: Options, io: Io): Promise<void> {
  const found = await answers.national(periodOf(answers, options));
  if (options.json === true) return io.answer(JSON.stringify(found));
  head(found.provenance, io);
  io.answer(
    `${found.targets} targets, ${found.departmentsMeasured} departments with a share\n${words(found.measured)}`,
  );
  const rows = found.map
    .filter(({ targets }) => targets > 0)
    .map(({ department: code, measured }) => [code, ...cells(measured)]);
  if (rows.length > 0) io.answer(`\n${table([['DEPARTMENT', ...HEAD], ...rows])}`);
}

async function department(answers: Answers, code: string, options: Options, io: Io): Promise<void> {
  const found = await answers.department(code, periodOf(answers, options));
  if (found === null)
    throw new AppError('USAGE', `"${code}" is no department`, {
      hint: `write one of ${DEPARTMENT_CODES.slice(0, 5).join(', ')} …`,
    });
  if (options.json === true) return io.answer(JSON.stringify(found));
  head(found.provenance, io);
  io.answer(words(found.measured));
  const rows = found.targets.map((summary: TargetSummary) => [
    summary.target.id,
    ...cells(summary.measured),
    summary.lastSlotsDay ?? '-',
  ]);
  if (rows.length > 0) io.answer(`\n${table([['TARGET', ...HEAD, 'LAST SLOTS'], ...rows])}`);
}

async function target(answers: Answers, id: string, options: Options, io: Io): Promise<void> {
  const found = await answers.target(id, periodOf(answers, options));
  if (found === null) throw new AppError('TARGET_UNKNOWN', `no target "${id}" was ever watched`);
  if (options.json === true) return io.answer(JSON.stringify(found));
  head(found.provenance, io);
  io.answer(words(found.measured));
  const { attempts, drought, leadTime } = found;
  io.answer(`attempts: ${attempts.checks} on ${attempts.days} days in ${attempts.weeks} weeks`);
  const { longest } = drought;
  if (longest !== null) {
    const gap = `longest time without a check: ${hours(longest.longestGapMs)}`;
    io.answer(
      `no slot was seen in ${longest.checks} checks between ${longest.firstDay} and ${longest.lastDay} (${gap})`,
    );
  }
  if (leadTime.kind === 'lead_time') io.answer(`first date offered: ${leadTime.medianDays} days ahead (median)`);
}

async function service(answers: Answers, name: string, options: Options, io: Io): Promise<void> {
  const found = await answers.service(name, periodOf(answers, options));
  if (found === null)
    throw new AppError(
      'TARGET_UNKNOWN',
      `no service "${name}" is watched; known: ${answers.services().join(', ') || 'none'}`,
    );
  if (options.json === true) return io.answer(JSON.stringify(found));
  head(found.provenance, io);
  const rows = found.byStep.map(({ target: { id }, uptime, outages }) => [
    id,
    uptime.kind === 'uptime' ? percent(uptime.share) : 'insufficient data',
    String(outages.length),
  ]);
  io.answer(table([['STEP', 'UP', 'OUTAGES'], ...rows]));
}

/** Target by target: a running monitor goes on recording between two of them. */
async function rebuild({ store }: Desk, options: Options, io: Io): Promise<void> {
  const targets = await store.knownTargets();
  let days = 0;
  for (const { id } of targets) days += await store.rebuildDays(id);
  if (options.json === true) io.answer(JSON.stringify({ targets: targets.length, days }));
  else io.answer(`${days} days of ${targets.length} targets were counted again`);
}

function periodOf(answers: Answers, { from, to }: Options): Period {
  const usual = answers.lastDays(USUAL_DAYS);
  const period = { from: dayOf('--from', from ?? usual.from), to: dayOf('--to', to ?? usual.to) };
  if (period.from > period.to) throw new AppError('USAGE', `--from (${period.from}) lies after --to (${period.to})`);
  return period;
}

function dayOf(option: string, typed: string): LocalDay {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? Date.parse(`${typed}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(at) || !new Date(at).toISOString().startsWith(typed))
    throw new AppError('USAGE', `${option}: "${typed}" is no day; write it as 2026-11-01`);
  return typed;
}

function head({ period, checks, practice }: Provenance, io: Io): void {
  io.note(`${practice ? 'PRACTICE DATA. ' : ''}${period.from} to ${period.to}, ${checks} checks`);
}

const HEAD = ['SHARE', 'INTERVAL', 'CHECKS', 'COVERAGE', 'FAULTS', 'GATES'];

function cells({ share, coverage, faults, gates }: Measured): string[] {
  const [value, interval] = shareWords(share);
  return [value, interval, String(share.checks), part(coverage), part(faults), part(gates)];
}

function words(measured: Measured): string {
  const [value, interval] = shareWords(measured.share);
  const beside = `coverage ${part(measured.coverage)}, faults ${part(measured.faults)}, gates ${part(measured.gates)}`;
  return `share of checks at random times with at least one slot: ${value} (${interval}); ${beside}`;
}

function shareWords(share: Share): [value: string, interval: string] {
  switch (share.kind) {
    case 'share':
      return [percent(share.share), `${percent(share.low)} to ${percent(share.high)}`];
    case 'no_hits':
      return ['none seen', `at most ${percent(share.perCheckHigh)} by checks, ${percent(share.perDayHigh)} by days`];
    case 'all_hits':
      return ['always', `at least ${percent(share.perCheckLow)} by checks, ${percent(share.perDayLow)} by days`];
    case 'insufficient':
      return [
        'insufficient data',
        share.missing.map(({ what, have, need }) => `${what} ${round(have)} of ${need}`).join(', '),
      ];
    default:
      return share satisfies never;
  }
}

function part({ share }: Proportion): string {
  return share === null ? '-' : percent(share);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.01 ? 2 : 1)} %`;
}

function round(value: number): number {
  return Math.round(100 * value) / 100;
}

function hours(milliseconds: number): string {
  return `${(milliseconds / 3_600_000).toFixed(1)} h`;
}

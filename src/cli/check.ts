import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

import { answerOf, describe } from '../check-answer.ts';
import type { CliCommand, Io } from '../commands.ts';
import { openWorkbench, type Workbench } from '../compose.ts';
import { entryOf, readCatalogue } from '../config/catalogue.ts';
import { assertVisitable } from '../config/load.ts';
import type { Check } from '../core/check.ts';
import { AppError } from '../core/errors.ts';
import { followUps } from '../decide/follow.ts';
import { targetEntry, type Target } from '../core/target.ts';
import { expectedGates } from '../plugins.ts';
import type { RunResult } from '../run/runner.ts';

/** A host that is not free for longer than this is not waited for: the check ends as `skipped`. */
const WAIT_AT_MOST_MS = 45_000;

interface Options {
  readonly platform?: string;
  readonly url?: string;
  readonly params?: string;
  readonly json?: boolean;
}

export const command: CliCommand = {
  name: 'check',
  add: (program, io) => {
    program
      .command('check')
      .description('make one check now and record it: of a known target, or of an address read as a platform')
      .argument('[target-id]', 'a target of the configuration, the catalogue or the practice sites')
      .option('--platform <name>', 'with --url: which probe reads the address')
      .option('--url <address>', 'with --platform: where the visit begins')
      .option('--params <json>', "with --url: the probe's parameters, as JSON")
      .option('--json', 'answer with one JSON object')
      .addHelpText(
        'after',
        '\nExit code 0 when a reading was made, whatever it says; 1 when we failed; 2 for a wrong call or configuration.',
      )
      .action((id: string | undefined, options: Options) =>
        check(id, options, program.opts<{ config?: string }>().config, io),
      );
  },
};

async function check(id: string | undefined, options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const isAddress = options.platform !== undefined && options.url !== undefined;
  if ((id === undefined) !== isAddress) throw new AppError('USAGE', 'name either a target, or --platform and --url');
  const bench = await openWorkbench({
    configFile,
    role: 'once',
    practiceTargets: (candidate) => candidate === id,
    tell: io.note,
  });
  try {
    const target = isAddress ? targetAt(options, bench) : await targetNamed(id ?? '', bench);
    assertVisitable(target, bench.probes);
    const done = await checkAndRecord(bench, target, io);
    io.answer(options.json === true ? JSON.stringify(answerOf(done)) : describe(done));
    if (done.reading.outcome === 'monitor_error') {
      throw new AppError(done.errorCode ?? 'INTERNAL', done.reading.message);
    }
  } finally {
    await bench.close();
  }
}

async function checkAndRecord(bench: Workbench, target: Target, io: Io): Promise<Check> {
  await bench.store.saveTargets([target]);
  const order = { target, mode: 'scheduled', design: 'opportunistic' } as const;
  let result: RunResult = await bench.runner.check(order);
  const waitUntil = Date.now() + WAIT_AT_MOST_MS;
  while (result.kind === 'wait') {
    if (result.until > waitUntil || io.stop.aborted) {
      result = bench.runner.skipped(order, `${result.reason}: free at ${new Date(result.until).toISOString()}`);
      break;
    }
    io.note(`waiting: ${result.reason}`);
    await sleep(Math.min(2_000, Math.max(50, result.until - Date.now())));
    result = await bench.runner.check(order);
  }
  const { check: checked, breaker } = result;
  const { targets, probes, config } = bench;
  const isService = (platform: string): boolean => probes.get(platform)?.kind === 'service';
  const decide = followUps({ targets, isService, gatesOf: expectedGates(probes), episodes: config.alerts.outages });
  await bench.store.record(checked, { decide, ...(breaker === null ? {} : { breaker }) });
  return result.check;
}

function targetAt({ platform = '', url = '', params }: Options, { config }: Workbench): Target {
  if (!URL.canParse(url)) throw new AppError('USAGE', `--url: "${url}" is not an address`);
  const id = `adhoc-${platform}-${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
  const entry = targetEntry.safeParse({ id, platform, address: url, params: parsedParams(params) });
  if (!entry.success)
    throw new AppError(
      'USAGE',
      entry.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  return { ...entry.data, practice: config.mode === 'practice' };
}

function parsedParams(text: string | undefined): unknown {
  try {
    return text === undefined ? {} : JSON.parse(text);
  } catch (error) {
    throw new AppError('USAGE', '--params is not JSON', { cause: error });
  }
}

async function targetNamed(id: string, { targets, config }: Workbench): Promise<Target> {
  const known = targets.get(id);
  if (known !== undefined) return known;
  const entry = (await readCatalogue()).find((candidate) => candidate.id === id);
  if (entry === undefined) throw new AppError('TARGET_UNKNOWN', `no target is named "${id}"`);
  return { ...entryOf(entry), practice: config.mode === 'practice' };
}

import { readFile } from 'node:fs/promises';

import { answerOf, describe } from '../check-answer.ts';
import type { CliCommand, Io } from '../commands.ts';
import { openWorkbench } from '../compose.ts';
import { AppError } from '../core/errors.ts';
import { isLoopbackHost } from '../core/networks.ts';
import { bareTarget, type Target } from '../core/target.ts';

interface Options {
  readonly platform: string;
  readonly url: string;
  readonly status: string;
  readonly json?: boolean;
}

export const command: CliCommand = {
  name: 'read',
  add: (program, io) => {
    program
      .command('read')
      .description(
        'read a saved page in the browser as if the address had answered it; asks nothing of the network, records nothing',
      )
      .argument('<file>', 'the saved HTML')
      .requiredOption('--platform <name>', 'which probe reads it')
      .requiredOption('--url <address>', 'the address the page was at')
      .option('--status <code>', 'the HTTP status it came with', '200')
      .option('--json', 'answer with one JSON object')
      .action((file: string, options: Options) => read(file, options, program.opts<{ config?: string }>().config, io));
  },
};

async function read(file: string, options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const status = Number(options.status);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    throw new AppError('USAGE', `--status: "${options.status}" is not an HTTP status`);
  if (!URL.canParse(options.url)) throw new AppError('USAGE', `--url: "${options.url}" is not an address`);
  if (!/^https?:/.test(options.url))
    throw new AppError('USAGE', `--url: "${options.url}" is not an http or https address`);
  const html = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new AppError('USAGE', `${file} cannot be read`, { cause: error });
  });
  const bench = await openWorkbench({ configFile, role: 'once', practiceTargets: () => false });
  try {
    const check = await bench.runner.read(targetOf(options), { url: options.url, status, html });
    io.answer(options.json === true ? JSON.stringify(answerOf(check)) : describe(check));
  } finally {
    await bench.close();
  }
}

function targetOf({ platform, url }: Options): Target {
  return bareTarget({ id: 'file', platform, address: url, practice: isLoopbackHost(new URL(url).hostname) });
}

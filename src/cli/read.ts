import { readFile, stat } from 'node:fs/promises';

import { answerOf, describe } from '../check-answer.ts';
import type { CliCommand, Io } from '../commands.ts';
import { openWorkbench } from '../compose.ts';
import { AppError } from '../core/errors.ts';
import { isLoopbackHost } from '../core/networks.ts';
import { groupOf } from '../core/outcome.ts';
import { bareTarget } from '../core/target.ts';
import { readFixture } from '../evidence/fixture.ts';
import { loadProbes } from '../plugins.ts';

interface Options {
  readonly platform?: string;
  readonly url?: string;
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
      .argument('<file>', 'the saved HTML, its visible text as .txt, or the folder of a fixture')
      .option('--platform <name>', 'which probe reads it; a fixture knows it')
      .option('--url <address>', 'the address the page was at; a fixture knows it')
      .option('--status <code>', 'the HTTP status it came with', '200')
      .option('--json', 'answer with one JSON object')
      .action((file: string, options: Options) => read(file, options, program.opts<{ config?: string }>().config, io));
  },
};

async function read(path: string, options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const info = await stat(path).catch((error: unknown) => {
    throw new AppError('USAGE', `${path} cannot be read`, { cause: error });
  });
  if (info.isDirectory()) await readVisit(path, options, io);
  else await readFileAs(path, pageOf(options), { options, configFile, io });
}

/** A stored visit, read as replay reads it: without a browser. */
async function readVisit(folder: string, { json }: Options, io: Io): Promise<void> {
  const { platform, address, params, captures, outcome: said, by } = await readFixture(folder);
  const probe = (await loadProbes()).get(platform);
  if (probe === undefined) throw new AppError('TARGET_UNKNOWN', `no probe is named "${platform}"`);
  const practice = isLoopbackHost(new URL(address).hostname);
  const reading = probe.read(captures, { ...bareTarget({ id: 'file', platform, address, practice }), params });
  const { outcome, rule, message } = reading;
  if (json === true) io.answer(JSON.stringify({ ...reading, group: groupOf(outcome), platform, said, by }));
  else io.answer(`${outcome} (${groupOf(outcome)}): ${message}\n  rule ${rule}\n  ${said}, said ${by}`);
}

interface Saved {
  readonly platform: string;
  readonly url: string;
  readonly status: number;
}

async function readFileAs(
  file: string,
  { platform, url, status }: Saved,
  { options, configFile, io }: { options: Options; configFile: string | undefined; io: Io },
): Promise<void> {
  const html = htmlOf(file, await readFile(file));
  const target = bareTarget({ id: 'file', platform, address: url, practice: isLoopbackHost(new URL(url).hostname) });
  const bench = await openWorkbench({ configFile, role: 'once', practiceTargets: () => false, tell: io.note });
  try {
    const check = await bench.runner.read(target, { url, status, html });
    io.answer(options.json === true ? JSON.stringify(answerOf(check)) : describe(check));
  } finally {
    await bench.close();
  }
}

function pageOf({ platform, url, status: said }: Options): Saved {
  const status = Number(said);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    throw new AppError('USAGE', `--status: "${said}" is not an HTTP status`);
  if (platform === undefined || url === undefined)
    throw new AppError('USAGE', 'a saved page needs --platform and --url');
  if (!URL.canParse(url)) throw new AppError('USAGE', `--url: "${url}" is not an address`);
  if (!/^https?:/.test(url)) throw new AppError('USAGE', `--url: "${url}" is not an http or https address`);
  return { platform, url, status };
}

/** Words saved without their page stand in one that has nothing else. */
function htmlOf(file: string, content: Buffer): string {
  const text = content.toString('utf8');
  if (content.includes(0)) throw new AppError('USAGE', `${file} is neither HTML nor text`);
  if (!file.endsWith('.txt')) return text;
  const escaped = text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
  return `<!doctype html><meta charset="utf-8"><title></title><body><pre>${escaped}</pre>`;
}

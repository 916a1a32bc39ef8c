import { Command, CommanderError } from 'commander';

import { loadCommands, type Io } from './commands.ts';
import { asAppError } from './core/errors.ts';
import { VERSION } from './version.ts';

/** Starts the command that was asked for, and owns what belongs to the process: signals, exit code, the last word on errors. */

async function main(): Promise<void> {
  const io: Io = {
    answer: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    stop: stopSignal(),
  };
  const program = new Command('guetteur')
    .description("Watches the public doors to residence permits in France: ANEF and the prefectures' appointment pages")
    .version(VERSION)
    .option('-c, --config <file>', 'configuration (default: guetteur.yaml here; without one, practice mode)')
    .showHelpAfterError('(see --help)')
    .exitOverride();
  for (const command of (await loadCommands()).values()) command.add(program, io);
  for (const command of [program, ...program.commands.flatMap((sub) => [sub, ...sub.commands])]) command.exitOverride();
  if (process.argv.length <= 2) program.help();
  await program.parseAsync();
}

function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  // The launcher was killed: nobody is left to stop this process.
  process.on('disconnect', () => stop.abort());
  process.channel?.unref();
  return stop.signal;
}

try {
  await main();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what was wrong with the call; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  const failure = asAppError(error, 'INTERNAL');
  process.stderr.write(`${failure.code}: ${failure.message}\n→ ${failure.hint}\n`);
  if (failure.code === 'INTERNAL' && failure.cause instanceof Error)
    process.stderr.write(`${failure.cause.stack ?? ''}\n`);
  return failure.exitCode;
}

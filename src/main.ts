import { Command, CommanderError } from 'commander';

import { loadCommands, type Io } from './commands.ts';
import { asAppError } from './core/errors.ts';
import { VERSION } from './version.ts';

/** Starts the command that was asked for, and owns what belongs to the process: signals, exit code, the last word on errors. */

/** A stop takes the monitor less than 10 s, and some more on a busy machine. What hangs is cut: nothing may be deaf to a signal. */
const STOPS_WITHIN_MS = 30_000;
/** Whatever a command left open, as one that failed on the way may, would keep the process alive for ever. */
const ENDS_WITHIN_MS = 5_000;

async function main(): Promise<void> {
  const stop = listenForStop();
  const io: Io = {
    answer: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    get stop() {
      return stop.heeded();
    },
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

/** A signal ends a command at once, as it would any program, unless the command asked to be told and ends by itself. */
function listenForStop(): { heeded(): AbortSignal } {
  const stop = new AbortController();
  let isHeeded = false;
  const end = (leave: () => void): void => {
    stop.abort();
    if (!isHeeded) leave();
    else endLater(STOPS_WITHIN_MS, 'it was told to stop and did not end in time: it is cut');
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(() => dieOf(signal)));
  // The launcher was killed: nobody is left to stop this process.
  process.on('disconnect', () => end(() => process.exit(1)));
  process.channel?.unref();
  const heeded = (): AbortSignal => {
    isHeeded = true;
    return stop.signal;
  };
  return { heeded };
}

/** By the signal itself: an orderly exit would wait for a read that is stuck, as one of a pipe that nobody writes to. */
function dieOf(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Does not keep the process alive by itself: what ends in time ends with its own code. */
function endLater(withinMs: number, why: string): void {
  const cut = (): void => {
    process.stderr.write(`guetteur: ${why}\n`);
    process.exit(process.exitCode ?? 1);
  };
  setTimeout(cut, withinMs).unref();
}

/** `| head` has read enough, and that is no failure. An answer that could not be written whole is one. */
function watchOutputs(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    process.exit(error.code === 'EPIPE' ? 0 : exitCodeOf(error));
  });
  // Nothing is left to say it to.
  process.stderr.on('error', () => undefined);
}

watchOutputs();
try {
  await main();
  // What is cut afterwards, because something stayed open, has done its work all the same.
  process.exitCode ??= 0;
} catch (error) {
  process.exitCode = exitCodeOf(error);
} finally {
  endLater(ENDS_WITHIN_MS, 'what was open did not close in time: it is cut');
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

// Starting programs, and what happens to them when we are told to stop.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** A failure the reader can act on: shown as one line, without a stack. */
export class LauncherError extends Error {
  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const REPEAT_MS = 1000;

let running = null;
let stoppedBy = null;

export function say(message) {
  process.stderr.write(`guetteur: ${message}\n`);
}

/**
 * Passes signals on to whatever runs. Ctrl-C reaches us up to three times for one key press (the terminal, npm, the
 * shell that npm starts), and a second SIGINT means "now" to many programs: repeats within a second are dropped.
 */
export function forwardSignals() {
  const lastAt = new Map();
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      const now = performance.now();
      if (now - (lastAt.get(signal) ?? -Infinity) < REPEAT_MS) return;
      lastAt.set(signal, now);
      stoppedBy = signal;
      running?.kill(signal);
    });
  }
}

export function throwIfStopped() {
  if (stoppedBy !== null) throw new LauncherError(`stopped by ${stoppedBy}`, 128 + constants.signals[stoppedBy]);
}

/** Resolves to `{ code, signal }` when the program ends; `signal` is null unless it was killed. */
export async function run(file, args, options) {
  throwIfStopped();
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, options);
    running = child;
    options.onStart?.(child);
    child.once('error', (error) => {
      running = null;
      reject(error);
    });
    child.once('exit', (code, signal) => {
      running = null;
      resolve({ code: code ?? 1, signal });
    });
  });
}

/** Runs an installer with both of its outputs on our standard error. Returns whether it succeeded. */
export async function runInstaller(file, args, options = {}) {
  const { code, signal } = await run(file, args, { stdio: ['ignore', 2, 2], ...options });
  throwIfStopped(); // An installer that was told to stop must not be followed by the next one.
  return code === 0 && signal === null;
}

/** npm is a .cmd file on Windows, which Node starts only through a shell. */
export async function runNpm(args, options) {
  try {
    return await runInstaller('npm', args, { ...options, shell: process.platform === 'win32' });
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    throw new LauncherError('npm was not found on PATH; install Node.js with npm, then try again');
  }
}

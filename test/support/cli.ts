import { spawn } from 'node:child_process';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;

export interface CliAnswer {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs the real command line in a folder of its own, without the surroundings' own settings; with `largestKib`, where no file may
 * grow beyond that, as on a disk that fills up.
 */
export function runCli(
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
  largestKib: number | null = null,
): Promise<CliAnswer> {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', MAIN, ...args];
  // POSIX counts in blocks of 512 bytes.
  const limited =
    largestKib === null ? command : ['sh', '-c', `ulimit -f ${2 * largestKib}; exec "$0" "$@"`, ...command];
  const [program = '', ...rest] = limited;
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, {
      cwd,
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: 120_000,
    });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk: Buffer) => (out += String(chunk)));
    child.stderr.on('data', (chunk: Buffer) => (err += String(chunk)));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, out, err }));
  });
}

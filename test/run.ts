/**
 * The whole check: `npm test`. Types, lint, format and dead code first, then the tests, whose closing lines come last.
 * Every part runs even when another failed. `npm test -- test/core` runs only the tests found there.
 */
import { spawn, type StdioOptions } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { styleText } from 'node:util';

const ROOT = path.resolve(import.meta.dirname, '..');
const EVERY_TEST = 'test/**/*.test.ts';

interface Part {
  readonly name: string;
  readonly args: readonly string[];
}

/** The scripts are named by their file and started with this very Node: what `node` is on PATH does not matter. */
const PARTS: readonly Part[] = [
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'format', args: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'] },
  { name: 'dead code', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
];

/** Programs that some tests need; without them those tests are skipped, which must not look like a pass. */
const OPTIONAL_PROGRAMS = [
  { names: ['promtool'], for: 'rules, their unit tests, and the format of metrics', install: 'prometheus' },
  { names: ['prometheus'], for: 'the monitor under a real Prometheus', install: 'prometheus' },
  { names: ['amtool'], for: "Alertmanager's configuration", install: 'prometheus-alertmanager' },
  {
    names: ['prometheus-alertmanager', 'alertmanager'],
    for: 'alerts through a real Alertmanager',
    install: 'prometheus-alertmanager',
  },
  { names: ['ip'], for: 'the live rehearsal in a network of its own', install: 'iproute2' },
  {
    names: ['certutil'],
    for: "the live rehearsal with a browser that trusts the test's own authority",
    install: 'libnss3-tools',
  },
  { names: ['openssl'], for: 'certificates of tests', install: 'openssl' },
];

async function main(argv: readonly string[], stop: AbortSignal): Promise<number> {
  if (argv.length > 0) return (await runTests(argv.map(toPattern), stop)) ? 0 : 1;
  const failed: string[] = [];
  for (const part of PARTS) {
    if (!(await runPart(part, stop))) failed.push(part.name);
  }
  for (const program of OPTIONAL_PROGRAMS) warnIfMissing(program);
  const isGreen = await runTests([EVERY_TEST], stop);
  // On standard error: the runner's closing lines stay the last of standard output.
  if (failed.length > 0) process.stderr.write(`FAILED before the tests: ${failed.join(', ')}\n`);
  return isGreen && failed.length === 0 ? 0 : 1;
}

async function runPart({ name, args }: Part, stop: AbortSignal): Promise<boolean> {
  const startedAt = performance.now();
  const { code, output } = await run(args, { stop, stdio: ['ignore', 'pipe', 'pipe'] });
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  if (code === 0) say('green', `ok      ${name} (${seconds} s)`);
  else say('red', `FAILED  ${name} (${seconds} s)\n${output}`);
  return code === 0;
}

async function runTests(patterns: readonly string[], stop: AbortSignal): Promise<boolean> {
  const files = fs.globSync(patterns, { cwd: ROOT });
  if (files.length === 0) {
    // The runner itself would pass with nothing run.
    say('red', `FAILED  no test file matches ${patterns.join(' ')}`);
    return false;
  }
  const args = ['--test', '--test-reporter=spec', '--test-concurrency=2', ...files.toSorted()];
  const { code } = await run(['--disable-warning=ExperimentalWarning', ...args], { stop, stdio: 'inherit' });
  return code === 0;
}

/** A folder stands for all tests in it. */
function toPattern(argument: string): string {
  const isFolder = fs.statSync(path.join(ROOT, argument), { throwIfNoEntry: false })?.isDirectory() ?? false;
  return isFolder ? path.posix.join(argument, '**/*.test.ts') : argument;
}

interface RunOptions {
  readonly stop: AbortSignal;
  readonly stdio: StdioOptions;
}

function run(args: readonly string[], { stop, stdio }: RunOptions): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: ROOT, stdio, signal: stop });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (output += String(chunk)));
    child.once('error', (error) => resolve({ code: 1, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

function warnIfMissing(program: (typeof OPTIONAL_PROGRAMS)[number]): void {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const places = folders.flatMap((folder) => program.names.map((name) => path.join(folder, name)));
  if (places.some((place) => fs.existsSync(place))) return;
  say('yellow', `NOT CHECKED: ${program.for} (${program.names[0]} is missing: apt-get install ${program.install})`);
}

function say(colour: 'green' | 'red' | 'yellow', text: string): void {
  process.stdout.write(`${styleText(colour, text)}\n`);
}

/** Ends what runs when this process is told to stop, or when the launcher that started it was killed. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.once(event, () => controller.abort());
  // A listener for 'disconnect' would keep this process alive by itself.
  process.channel?.unref();
  return controller.signal;
}

process.exitCode = await main(process.argv.slice(2), stopSignal());

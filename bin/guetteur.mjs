#!/usr/bin/env node
// The launcher: the right Node, the installed packages, a browser; then `src/main.ts` under that Node.
//
// Plain JavaScript that Node 18 can parse, because it is what runs on a machine where nothing is ready yet: `npm start`
// and `npm test` each have to work alone in a fresh clone. Every step is skipped when its result is already there, and
// is made again from nothing when it was cut short. Standard output belongs to the command, so this speaks on standard error.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBrowser, findBrowser } from './lib/browser.mjs';
import { withInstallLock } from './lib/lock.mjs';
import { arePackagesReady, installPackages } from './lib/packages.mjs';
import { forwardSignals, LauncherError, run } from './lib/run.mjs';
import { findNode, installNode } from './lib/toolchain.mjs';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** Commands that visit pages; everything else starts without a browser. `doctor` only reports what it finds. */
const VISITING = new Set(['start', 'check', 'read']);

/** Options of the program itself that are followed by a value, which is no command. `main.ts` defines them. */
const TAKE_A_VALUE = new Set(['-c', '--config']);

async function main(argv) {
  const { file, rest, browserNeed } = plan(argv);
  if (findNode(root) === null || !arePackagesReady(root)) await withInstallLock(root, install);
  const node = findNode(root);

  const environment = withNodeFirst(node, process.env);
  const browser = await browserFor(browserNeed, node);
  if (browser !== null) environment.GUETTEUR_BROWSER = browser;
  // Compiled code, kept from one start to the next: a third of the time to the first line.
  environment.NODE_COMPILE_CACHE ??= path.join(root, '.toolchain', 'compile-cache');

  // The ipc channel carries no messages: it closes when this process dies, also by `kill -9`, and the child listens
  // for that. Without it a killed launcher would leave a monitor running that nobody sees.
  return run(node, ['--disable-warning=ExperimentalWarning', file, ...rest], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: environment,
  });
}

/** What to start. A script of the repository is named from its root; a command keeps the caller's folder and files. */
function plan(argv) {
  if (argv[0] === '--script') {
    if (argv[1] === undefined) throw new LauncherError('--script needs a file', 2);
    return { file: path.resolve(root, argv[1]), rest: argv.slice(2), browserNeed: 'install' };
  }
  return { file: path.join(root, 'src', 'main.ts'), rest: argv, browserNeed: needOf(argv) };
}

function needOf(argv) {
  if (argv.includes('--help') || argv.includes('-h')) return 'none';
  const command = argv.find((argument, at) => !argument.startsWith('-') && !TAKE_A_VALUE.has(argv[at - 1]));
  if (command === 'doctor') return 'find';
  return VISITING.has(command) ? 'install' : 'none';
}

/** Looked at again under the lock: another launcher may have done the work while this one waited. */
async function install(hold) {
  if (findNode(root) === null) await installNode(root, hold);
  const node = findNode(root);
  if (!arePackagesReady(root)) await installPackages(root, withNodeFirst(node, process.env), hold);
}

async function browserFor(need, node) {
  if (need === 'none') return null;
  const found = findBrowser(root);
  if (found !== null || need === 'find') return found;
  return withInstallLock(root, (hold) => ensureBrowser(root, node, hold));
}

/** `#!/usr/bin/env node` scripts (npm, tools) must meet the same Node as we start. */
function withNodeFirst(node, environment) {
  const name = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folder = path.dirname(node);
  const folders = (environment[name] ?? '').split(path.delimiter);
  if (folders[0] === folder) return { ...environment };
  return { ...environment, [name]: [folder, ...folders].join(path.delimiter) };
}

forwardSignals();
try {
  const { code, signal } = await main(process.argv.slice(2));
  if (signal === null) process.exit(code);
  // Die of the same signal, so that a shell loop or a service manager sees what really happened (128 + n).
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
} catch (error) {
  if (!(error instanceof LauncherError)) throw error;
  process.stderr.write(`guetteur: ${error.message}\n`);
  process.exitCode = error.exitCode;
}

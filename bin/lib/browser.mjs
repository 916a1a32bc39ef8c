// A browser: what was named, else the fastest one that is there, else one is installed.
//
// Headless shells come first: the same visit takes them a third of the CPU of a full Chromium (0.34 s against 0.89 s).
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { LauncherError, runInstaller, say } from './run.mjs';

const DEBIAN_PACKAGE = 'chromium-headless-shell';
const DOWNLOAD_LIMIT_MS = 3 * 60_000;
const NAMES = [DEBIAN_PACKAGE, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const MAC_APPLICATIONS = ['Google Chrome', 'Chromium'];

/** The path of a browser, or null. Throws when GUETTEUR_BROWSER names something that cannot be run. */
export function findBrowser(root) {
  const named = process.env.GUETTEUR_BROWSER;
  if (named) {
    if (isProgram(named)) return path.resolve(named);
    throw new LauncherError(`GUETTEUR_BROWSER is ${named}, and that is not a program that can be run`, 2);
  }
  return [...playwrightShells(root), ...onPath(), ...macApplications()].find(isProgram) ?? null;
}

/** Finds a browser or installs one; needs the lock. Throws with the command to type when nothing worked. */
export async function ensureBrowser(root, node, hold) {
  return (
    findBrowser(root) ??
    (await downloadShell(root, node, hold)) ??
    (await installPackage(hold)) ??
    fail(
      'no browser was found, and none could be installed. Install one, as root: ' +
        `apt-get install ${DEBIAN_PACKAGE} — or name yours: GUETTEUR_BROWSER=/path/to/chromium`,
    )
  );
}

async function downloadShell(root, node, hold) {
  const cli = path.join(root, 'node_modules', 'playwright', 'cli.js');
  if (!fs.existsSync(cli)) return null;
  say('no browser found; downloading a headless one (about 100 MB) …');
  // Playwright tries five times. On a line that swallows packets its own 30 s each would be minutes of silence.
  const environment = { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '8000', ...process.env };
  const isDone = await runInstaller(node, [cli, 'install', 'chromium', '--only-shell'], {
    // Without internet it prints the same stack five times; one line from us says as much.
    stdio: 'ignore',
    env: environment,
    timeout: DOWNLOAD_LIMIT_MS,
    onStart: hold,
  });
  const shell = isDone ? playwrightShells(root).find(isProgram) : undefined;
  if (shell === undefined) {
    say("Playwright's browser could not be downloaded");
    return null;
  }
  if (spawnSync(shell, ['--version'], { stdio: 'ignore', timeout: 20_000 }).status === 0) return shell;
  // Left in place it would be found first, and fail, for ever.
  fs.rmSync(path.dirname(path.dirname(shell)), { recursive: true });
  say("Playwright's browser does not run on this machine (system libraries are missing); removed it");
  return null;
}

async function installPackage(hold) {
  const isDebianRoot = process.getuid?.() === 0 && programOnPath('apt-get') !== null;
  if (!isDebianRoot) return null;
  say(`installing the package ${DEBIAN_PACKAGE} …`);
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, onStart: hold };
  // A failed update is not the end: the lists that are there may do.
  await runInstaller('apt-get', ['update', '-q'], options);
  const install = ['install', '-q', '-y', '--no-install-recommends', DEBIAN_PACKAGE];
  return (await runInstaller('apt-get', install, options)) ? programOnPath(DEBIAN_PACKAGE) : null;
}

/** Playwright's own downloads: first the revision that the installed Playwright was made for, then the newest. */
function playwrightShells(root) {
  const core = path.join(root, 'node_modules', 'playwright-core');
  const registry = playwrightRegistry(core);
  const prefix = 'chromium_headless_shell-';
  const folders = list(registry)
    // The marker is written when the archive is completely unpacked (playwright-core 1.65).
    .filter((name) => name.startsWith(prefix) && fs.existsSync(path.join(registry, name, 'INSTALLATION_COMPLETE')))
    .sort((a, b) => Number(b.slice(prefix.length)) - Number(a.slice(prefix.length)));
  const wanted = prefix + wantedRevision(core);
  if (folders.includes(wanted)) folders.unshift(wanted);
  return folders.flatMap((folder) =>
    list(path.join(registry, folder)).flatMap((system) =>
      ['chrome-headless-shell', 'headless_shell', 'chrome-headless-shell.exe'].map((name) =>
        path.join(registry, folder, system, name),
      ),
    ),
  );
}

function playwrightRegistry(core) {
  const named = process.env.PLAYWRIGHT_BROWSERS_PATH;
  if (named === '0') return path.join(core, '.local-browsers');
  if (named) return path.resolve(process.env.INIT_CWD ?? process.cwd(), named);
  const home = os.homedir();
  const caches = {
    darwin: path.join(home, 'Library', 'Caches'),
    win32: process.env.LOCALAPPDATA ?? path.join(home, 'AppData', 'Local'),
  };
  return path.join(
    caches[process.platform] ?? process.env.XDG_CACHE_HOME ?? path.join(home, '.cache'),
    'ms-playwright',
  );
}

function wantedRevision(core) {
  try {
    const { browsers } = JSON.parse(fs.readFileSync(path.join(core, 'browsers.json'), 'utf8'));
    return browsers.find(({ name }) => name === 'chromium-headless-shell')?.revision ?? '';
  } catch {
    return ''; // Without Playwright's own list any revision is as good as another.
  }
}

function onPath() {
  return NAMES.map(programOnPath).filter((program) => program !== null);
}

/** /usr/bin is looked at as well: services often start with a PATH of their own. */
function programOnPath(name) {
  const folders = [...(process.env.PATH ?? '').split(path.delimiter).filter(Boolean), '/usr/bin'];
  return folders.map((folder) => path.join(folder, name)).find(isProgram) ?? null;
}

function macApplications() {
  if (process.platform !== 'darwin') return [];
  return MAC_APPLICATIONS.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
}

function isProgram(file) {
  try {
    fs.accessSync(file, fs.constants.X_OK);
    return fs.statSync(file).isFile();
  } catch {
    return false;
  }
}

function list(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function fail(message) {
  throw new LauncherError(message);
}

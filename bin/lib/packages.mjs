// The packages of package-lock.json, installed when they are not, or not those.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { LauncherError, runNpm, say } from './run.mjs';

/** Whether node_modules was completely installed from the present lock file. */
export function arePackagesReady(root) {
  const stamp = readOrNull(stampFile(root))?.trim();
  // A complete installation also serves production: otherwise `npm test` and a production start would undo each other.
  return stamp === expectedStamp(root, kind()) || stamp === expectedStamp(root, 'all');
}

/** `npm ci`, then the stamp. Cut short at any moment, it leaves no stamp, and the next run starts again. */
export async function installPackages(root, environment, hold) {
  // `npm ci` empties the folder first: behind a link that would be somebody else's.
  if (fs.lstatSync(path.join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new LauncherError(`node_modules in ${root} is a link; remove it, and the packages are installed here`);
  }
  const stamp = expectedStamp(root, kind());
  fs.rmSync(stampFile(root), { force: true });
  say('installing packages (first run, or the lock file changed; about a minute) …');
  // Not `silent` as the repository's .npmrc has it: a failed installation must say why.
  const args = ['ci', '--loglevel=error', '--no-audit', '--no-fund'];
  if (kind() === 'production') args.push('--omit=dev');
  const isDone = await runNpm(args, { cwd: root, env: environment, onStart: hold });
  if (!isDone) throw new LauncherError('`npm ci` failed (see above); nothing was started');
  fs.mkdirSync(path.join(root, 'node_modules'), { recursive: true });
  fs.writeFileSync(stampFile(root), `${stamp}\n`);
}

function kind() {
  return process.env.NODE_ENV === 'production' ? 'production' : 'all';
}

/** The system is part of it: native packages copied from another machine do not load. */
function expectedStamp(root, installed) {
  const lock = readOrNull(path.join(root, 'package-lock.json'));
  if (lock === null) {
    throw new LauncherError(`package-lock.json is missing in ${root}; get it back (git checkout package-lock.json)`);
  }
  return `${createHash('sha256').update(lock).digest('hex')} ${installed} ${process.platform}-${process.arch}`;
}

function stampFile(root) {
  return path.join(root, 'node_modules', '.guetteur-ready');
}

function readOrNull(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

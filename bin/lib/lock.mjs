// One installation at a time in one checkout: `npm start` and `npm test` are often begun together.
//
// The lock is the folder .toolchain/lock, with one file for each process at work, named by its pid: the
// launcher, and the installer it started. The installer counts because it outlives a launcher killed with -9, and a
// second `npm ci` over a running one ruins both.
import fs from 'node:fs';
import path from 'node:path';
import { LauncherError, say, throwIfStopped } from './run.mjs';

const POLL_MS = 200;
const LIMIT_MS = 15 * 60_000;

/**
 * Runs `work` while holding the lock; waits for another holder, and takes over from dead ones. `work` is given a function
 * to call with each installer it starts: as long as that one lives, the lock is not free.
 */
export async function withInstallLock(root, work) {
  const lock = path.join(root, '.toolchain', 'lock');
  await acquire(lock);
  try {
    return await work((child) => countAsHolder(lock, child));
  } finally {
    fs.rmSync(lock, { recursive: true, force: true });
  }
}

function countAsHolder(lock, child) {
  if (child.pid === undefined) return; // It did not start.
  const file = path.join(lock, String(child.pid));
  fs.writeFileSync(file, birthOf(child.pid));
  child.once('exit', () => fs.rmSync(file, { force: true }));
}

async function acquire(lock) {
  // Made aside and renamed, so that a lock never exists without its pid: a rename onto a folder with content fails.
  const mine = `${lock}-${process.pid}`;
  fs.rmSync(mine, { recursive: true, force: true });
  fs.mkdirSync(mine, { recursive: true });
  fs.writeFileSync(path.join(mine, String(process.pid)), birthOf(process.pid));
  const startedAt = performance.now();
  let hasSpoken = false;
  try {
    while (!tryRename(mine, lock)) {
      const holder = livingHolder(lock);
      if (holder !== null && !hasSpoken) {
        say(`another guetteur (process ${holder}) is installing; waiting for it …`);
        hasSpoken = true;
      }
      if (performance.now() - startedAt > LIMIT_MS) {
        throw new LauncherError(`process ${holder ?? '?'} still holds ${lock}; stop it, or remove that folder`);
      }
      if (holder !== null) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      throwIfStopped();
    }
  } finally {
    fs.rmSync(mine, { recursive: true, force: true }); // Already renamed away when all went well.
  }
}

function tryRename(from, to) {
  try {
    fs.renameSync(from, to);
    return true;
  } catch (error) {
    if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code)) return false;
    throw error;
  }
}

/** The pid that holds the lock, or null after the traces of dead ones were removed. */
function livingHolder(lock) {
  for (const name of list(lock)) {
    const file = path.join(lock, name);
    if (isAlive(Number(name), read(file))) return Number(name);
    // Removed by the dead one's own name: if another launcher took over meanwhile, its file has another name.
    fs.rmSync(file, { force: true });
  }
  try {
    fs.rmdirSync(lock); // Refused when it is not empty any more; POSIX would do without, Windows would not.
  } catch {
    // Somebody else was faster: the next attempt to rename finds out.
  }
  return null;
}

function isAlive(pid, birth) {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (error.code !== 'EPERM') return false;
  }
  return birth === birthOf(pid);
}

/**
 * When a process began, in ticks since the machine started; '' where /proc does not exist. Pids come again: after a
 * power cut or in a container the same number soon belongs to another program, which must not hold our lock for ever.
 * A zombie has ended: in a container whose first process does not collect them it would look alive for ever as well.
 */
function birthOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' ? 'ended' : (fields[18] ?? '');
}

function list(folder) {
  try {
    return fs.readdirSync(folder);
  } catch {
    return [];
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

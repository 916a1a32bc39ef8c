import { spawn, spawnSync, type ChildProcess } from 'node:child_process';

/** Why no small disk can be had here; null where one can. */
export function whyNoSmallDisk(): string | null {
  const tried = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=1m none /mnt']);
  return tried.status === 0
    ? null
    : 'NOT CHECKED: this machine lets us mount no small disk (unshare -rm, mount -t tmpfs)';
}

/** A process that sees a folder as a disk of its own, of so many kilobytes. Others see it as `/proc/<pid>/root/…`. */
export function onSmallDisk(
  { folder, kib, cwd }: { readonly folder: string; readonly kib: number; readonly cwd: string },
  command: readonly string[],
): ChildProcess {
  const line = `mount -t tmpfs -o size=${kib}k none "$1" && shift && exec "$@"`;
  return spawn('unshare', ['-rm', 'sh', '-c', line, 'sh', folder, ...command], {
    cwd,
    env: { ...process.env, GUETTEUR_BROWSER: process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { groupOf, isAlive, killGroup, startOf } from './processes.ts';

const PREFIX = 'guetteur-';

/**
 * A folder of this process for the browser's profile and for notes of which browsers it started. Named after the process and
 * its start, so that a later process can tell whether the owner is gone. Outside the data folder: sockets need short paths.
 */
export async function ownFolder(): Promise<string> {
  const folder = join(tmpdir(), `${PREFIX}${process.pid}-${(await startOf(process.pid)) ?? '0'}`);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Kills the browsers that processes which are gone have left behind, and removes their folders. Returns how many. */
export async function killOrphans(): Promise<number> {
  let killed = 0;
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    const [, owner, started] = new RegExp(`^${PREFIX}(\\d+)-(\\d+)$`).exec(name) ?? [];
    if (owner === undefined || started === undefined || (await isAlive(Number(owner), started))) continue;
    const folder = join(tmpdir(), name);
    for (const note of await readdir(folder).catch(() => [])) killed += Number(await killNoted(note));
    await rm(folder, { recursive: true, force: true });
  }
  return killed;
}

async function killNoted(note: string): Promise<boolean> {
  const [, pid, started] = /^browser-(\d+)-(\d+)$/.exec(note) ?? [];
  if (pid === undefined || started === undefined || !(await isAlive(Number(pid), started))) return false;
  // A pid may have been given to another program since: only a browser driven over its debugging pipe is ours.
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  if (!command.includes('--remote-debugging')) return false;
  killGroup(Number(pid), await groupOf(Number(pid)));
  return true;
}

import { readdir, readFile } from 'node:fs/promises';

/**
 * Processes as Linux shows them in /proc. Elsewhere nothing is found: the browser is still closed by Playwright, only
 * measuring its memory and finding orphans of a killed monitor need this.
 */

export interface ProcessInfo {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly residentBytes: number;
  /** Start time in clock ticks since boot: tells a process from a later one with the same pid. */
  readonly startedTicks: string;
}

const PAGE_BYTES = 4_096;

async function processInfo(pid: number): Promise<ProcessInfo | null> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; the fields after it may not. See proc_pid_stat(5).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return null;
    return {
      pid,
      parent: Number(fields[1]),
      group: Number(fields[2]),
      residentBytes: Number(fields[21]) * PAGE_BYTES,
      startedTicks: fields[19] ?? '',
    };
  } catch {
    return null;
  }
}

/** A process and all its descendants; empty when it is gone. */
export async function processTree(root: number): Promise<ProcessInfo[]> {
  const names = await readdir('/proc').catch(() => []);
  const found = await Promise.all(names.filter((name) => /^\d+$/.test(name)).map((name) => processInfo(Number(name))));
  const all = found.filter((info) => info !== null);
  const tree = all.filter((info) => info.pid === root);
  for (const info of tree) tree.push(...all.filter((child) => child.parent === info.pid && child.pid !== root));
  return tree;
}

/**
 * The process group to kill with a process: Playwright starts each browser in a group of its own, which Debian's shell script
 * leads. The process's own pid where it shares our group.
 */
export async function groupOf(pid: number): Promise<number> {
  const [info, own] = await Promise.all([processInfo(pid), processInfo(process.pid)]);
  return info === null || info.group === own?.group ? pid : info.group;
}

export async function startOf(pid: number): Promise<string | null> {
  return (await processInfo(pid))?.startedTicks ?? null;
}

/** Whether the very process that started then still runs. Where starts cannot be told, whether one of that pid runs. */
export async function isAlive(pid: number, startedTicks: string): Promise<boolean> {
  if (startedTicks !== '0') return (await startOf(pid)) === startedTicks;
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Kills a process with the whole of its group, at once. */
export function killGroup(pid: number, group: number): void {
  for (const id of group === pid ? [-pid, pid] : [-group, pid]) {
    try {
      process.kill(id, 'SIGKILL');
    } catch {
      // Gone already, or no group of that number: what is wanted either way.
    }
  }
}

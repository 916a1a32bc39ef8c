import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Namespaces of Linux: a process, and what it starts, in a network of its own in which public names and addresses are ours, and
 * out of which no packet comes.
 */

/** What a namespace with names, certificates and a listener of packets is made with, and the Debian package that has it. */
const PROGRAMS = [
  ['unshare', 'util-linux'],
  ['setpriv', 'util-linux'],
  ['mount', 'mount'],
  ['ip', 'iproute2'],
  ['openssl', 'openssl'],
  ['certutil', 'libnss3-tools'],
  ['perl', 'perl-base'],
] as const;

/**
 * Why there can be no rehearsal here; false when there can be one. It is never left out in CI, where a machine that lacks
 * something fails instead.
 */
export function whyNoNamespace(): string | false {
  if (process.env['CI'] === 'true') return false;
  const missing = whatIsMissing();
  if (missing === null) return false;
  process.stderr.write(`NOT CHECKED: the live rehearsal (${missing})\n`);
  return missing;
}

function whatIsMissing(): string | null {
  if (process.platform !== 'linux') return 'it needs Linux';
  const lacking = PROGRAMS.filter(([name]) => spawnSync(name, ['--version'], { stdio: 'ignore' }).error !== undefined);
  const packages = [...new Set(lacking.map(([, name]) => name))];
  if (packages.length > 0) return `apt-get install ${packages.join(' ')}`;
  const tried = spawnSync('unshare', ['-rnm', 'true'], { encoding: 'utf8' });
  return tried.status === 0 ? null : `no namespaces for this user: ${tried.stderr.trim()}`;
}

export interface InNamespace {
  readonly code: number | null;
  readonly said: string;
}

/** Runs a script of Node in user, network and mount namespaces of its own, where it is root. It dies with this process. */
export async function runInNamespace(
  script: string,
  args: readonly string[],
  { env, nodeArgs = [] }: { readonly env: NodeJS.ProcessEnv; readonly nodeArgs?: readonly string[] },
): Promise<InNamespace> {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...nodeArgs, script, ...args];
  const child = spawn('unshare', ['-rnm', ...node], { env, stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said };
}

/** A process without its parent has nobody to report to. For scripts that `runInNamespace` runs, and what they fork. */
export function dieWithParent(): void {
  process.on('disconnect', () => process.exit(1));
  process.channel?.unref();
}

export function ip(...args: readonly string[]): void {
  execFileSync('ip', args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** A device that speaks of itself in no protocol but IPv4; where it cannot be told so, it has no other. */
export function onlyIpv4(device: string): void {
  try {
    writeFileSync(`/proc/sys/net/ipv6/conf/${device}/disable_ipv6`, '1');
  } catch {
    // As said above.
  }
}

/** The names of this mount namespace: what /etc/hosts says, and nobody else is asked. */
export class Names {
  readonly #path: string;
  readonly #known = new Map<string, string>();

  constructor(folder: string) {
    this.#path = join(folder, 'hosts');
    const order = join(folder, 'nsswitch.conf');
    writeFileSync(order, 'passwd: files\ngroup: files\nhosts: files\n');
    // Who asks a name server all the same is told at once that there is none.
    const servers = join(folder, 'resolv.conf');
    writeFileSync(servers, 'nameserver 127.0.0.1\n');
    this.#write();
    for (const [ours, theirs] of [
      [this.#path, '/etc/hosts'],
      [order, '/etc/nsswitch.conf'],
      [servers, '/etc/resolv.conf'],
    ] as const)
      execFileSync('mount', ['--bind', ours, theirs]);
  }

  /** Null: there is no such name. */
  set(name: string, address: string | null): void {
    if (address === null) this.#known.delete(name);
    else this.#known.set(name, address);
    this.#write();
  }

  /** In place: what is bound is the file, not its path. */
  #write(): void {
    const lines = [...this.#known].map(([name, address]) => `${address} ${name}\n`);
    writeFileSync(this.#path, `127.0.0.1 localhost\n${lines.join('')}`);
  }
}

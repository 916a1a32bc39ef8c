import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/** What went over a cable. */
export interface Packet {
  /** Of the machine's own clock, epoch milliseconds. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'other';
  readonly fromPort: number;
  readonly toPort: number;
  /** The first packet of a connection. */
  readonly isOpening: boolean;
  /** Bytes of content; 0 for what only keeps the line. */
  readonly content: number;
}

const ETHERNET = 14;
const PROTOCOLS: Readonly<Record<number, Packet['protocol']>> = { 1: 'icmp', 6: 'tcp', 17: 'udp' };
/** What is still on its way to the listener is there well before this. */
const LATE_BY_MS = 200;

/**
 * Node has no packet sockets, and tcpdump gives its rights up in a way that a user namespace does not allow: Perl, which every
 * Debian has, opens one (packet(7)) on the device of that number. A line for each packet: the kernel's time and the first bytes.
 */
const LISTENER = String.raw`
use strict; $| = 1;
my $every = unpack('S', pack('n', 3));
socket(my $line, 17, 3, $every) or die "socket: $!";
bind($line, pack('S n l S C C a8', 17, 3, $ARGV[0], 0, 0, 0, '')) or die "bind: $!";
print "listening\n";
while (defined recv($line, my $frame, 65536, 0)) {
  my $time = pack('l!l!', 0, 0);
  ioctl($line, 0x8906, $time) or die "ioctl: $!";
  my ($seconds, $micros) = unpack('l!l!', $time);
  printf "%d%03d %s\n", $seconds, $micros / 1000, unpack('H*', substr($frame, 0, 80));
}`;

/** Listens from `start` to `stop`. Nothing of what is said is kept but the heads of packets. */
export class PacketListener {
  readonly #process: ChildProcess;
  #said = '';

  private constructor(child: ChildProcess) {
    this.#process = child;
    child.stdout?.on('data', (chunk: Buffer) => (this.#said += chunk.toString()));
  }

  static async start(device: string): Promise<PacketListener> {
    const [number = ''] = execFileSync('ip', ['-o', 'link', 'show', device], { encoding: 'utf8' }).split(':');
    const perl = ['perl', '-e', LISTENER, number];
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...perl], { stdio: ['ignore', 'pipe', 'inherit'] });
    const listener = new PacketListener(child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error('the listener of packets has ended')));
    while (!listener.#said.startsWith('listening')) await Promise.race([once(child.stdout, 'data'), ended]);
    ended.catch(() => undefined);
    return listener;
  }

  async stop(): Promise<readonly Packet[]> {
    await sleep(LATE_BY_MS);
    const closed = once(this.#process, 'close');
    this.#process.kill('SIGKILL');
    await closed;
    const lines = this.#said.split('\n').slice(1, -1);
    return lines.flatMap((line) => {
      const [at = '', frame = ''] = line.split(' ');
      return packetOf(Buffer.from(frame, 'hex'), Number(at)) ?? [];
    });
  }
}

/** Null for what only finds neighbours (ARP): it names addresses, and goes no further than the cable. */
function packetOf(frame: Buffer, at: number): Packet | null {
  const kind = frame.readUInt16BE(12);
  if (kind === 0x0806) return null;
  const nothing = { at, protocol: 'other', fromPort: 0, toPort: 0, isOpening: false, content: 0 } as const;
  if (kind !== 0x0800) return { ...nothing, from: `kind ${kind}`, to: frame.subarray(0, 6).toString('hex') };
  const length = (frame.readUInt8(ETHERNET) & 0x0f) * 4;
  const address = (offset: number): string => [...frame.subarray(ETHERNET + offset, ETHERNET + offset + 4)].join('.');
  const protocol = PROTOCOLS[frame.readUInt8(ETHERNET + 9)] ?? 'other';
  const base = { ...nothing, from: address(12), to: address(16), protocol };
  const head = ETHERNET + length;
  if (protocol !== 'tcp' && protocol !== 'udp') return base;
  const ports = { fromPort: frame.readUInt16BE(head), toPort: frame.readUInt16BE(head + 2) };
  if (protocol === 'udp') return { ...base, ...ports };
  const flags = frame.readUInt8(head + 13);
  const content = frame.readUInt16BE(ETHERNET + 2) - length - (frame.readUInt8(head + 12) >> 4) * 4;
  return { ...base, ...ports, isOpening: (flags & 0x12) === 0x02, content };
}

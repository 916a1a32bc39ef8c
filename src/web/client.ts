import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { Context } from 'hono';

import { plainIp } from '../core/networks.ts';

/** Who asks: the address behind the proxies that the operator trusts, and what of it counts as one client. */

/** One client: an IPv4 address, or the /64 of an IPv6 one, since every connection at home has a whole /64 to draw from. */
export function clientOf(address: string): string {
  const plain = plainIp(address);
  if (!isIPv6(plain)) return plain;
  const [head = '', tail] = (plain.split('%')[0] ?? '').split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: missing }, () => '0'), ...after];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':')}::/64`;
}

/** Proxies whose word is taken for who asks: addresses and networks (`10.0.0.0/8`). */
export class TrustedProxies {
  readonly #list = new BlockList();

  constructor(written: readonly string[]) {
    for (const one of written) {
      const [address = '', prefix] = one.split('/');
      const family = isIPv6(address) ? 'ipv6' : 'ipv4';
      if (prefix === undefined) this.#list.addAddress(address, family);
      else this.#list.addSubnet(address, Number(prefix), family);
    }
  }

  has(address: string): boolean {
    const plain = plainIp(address);
    return isIP(plain) !== 0 && this.#list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
  }

  /**
   * The client's address. `X-Forwarded-For` grows at its right end: each trusted proxy writes down who asked it, so the rightmost
   * address that is no proxy of ours is the client's. What stands left of it was written by the client, and may be anything.
   */
  addressOf(peer: string, forwardedFor: string | undefined): string {
    let found = peer;
    for (const hop of (forwardedFor ?? '').split(',').toReversed()) {
      if (!this.has(found)) return found;
      const address = hopAddress(hop);
      if (address === null) return found;
      found = address;
    }
    return found;
  }
}

/** `203.0.113.7`, `203.0.113.7:5000`, `2001:db8::1`, `[2001:db8::1]:5000`; null for anything else, as `unknown`. */
function hopAddress(hop: string): string | null {
  const word = hop.trim();
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(word)?.[1] ?? /^([\d.]+):\d+$/.exec(word)?.[1] ?? word;
  return isIP(bare) === 0 ? null : plainIp(bare);
}

/** What the server knows of a request beside what is in it. */
export interface Served {
  readonly incoming: IncomingMessage;
  readonly proxies: TrustedProxies;
}

/** The client of a request; '' for one that came through no server, as in a test that hands it over. */
export function clientIn(context: Context): string {
  const served = servedIn(context);
  if (served === null) return '';
  const forwarded = served.incoming.headers['x-forwarded-for'];
  const written = Array.isArray(forwarded) ? forwarded.join() : forwarded;
  return clientOf(served.proxies.addressOf(served.incoming.socket.remoteAddress ?? '', written));
}

/** Put there by `serveWeb`; null for a request that came through no server. */
function servedIn(context: Context): Served | null {
  // Hono types what a server hands over as `any`; `serveWeb` is the only one here.
  const given: unknown = context.env;
  return isServed(given) ? given : null;
}

function isServed(given: unknown): given is Served {
  return typeof given === 'object' && given !== null && 'incoming' in given && 'proxies' in given;
}

import { lookup } from 'node:dns/promises';

import { ipOf, isLoopbackHost, isPrivateIp } from '../core/networks.ts';

export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** As this machine resolves names for everybody. */
export const resolveName: Resolve = async (hostname) => {
  const found = await lookup(hostname, { all: true, order: 'verbatim' });
  return found.map((entry) => entry.address);
};

/** Tells public hosts from private ones by address and by name; names are resolved once a minute at most. */
export class AddressBook {
  readonly #resolve: Resolve;
  readonly #now: () => number;
  readonly #known = new Map<string, { until: number; isPrivate: Promise<boolean> }>();

  constructor(resolve: Resolve = resolveName, now: () => number = Date.now) {
    this.#resolve = resolve;
    this.#now = now;
  }

  /** A name that does not resolve is not private: the browser will say for itself that there is no such host. */
  isPrivate(hostname: string): Promise<boolean> {
    const ip = ipOf(hostname);
    if (ip !== null) return Promise.resolve(isPrivateIp(ip));
    if (isLoopbackHost(hostname)) return Promise.resolve(true);
    const known = this.#known.get(hostname);
    if (known !== undefined && known.until > this.#now()) return known.isPrivate;
    const isPrivate = this.#resolve(hostname).then(
      (addresses) => addresses.some(isPrivateIp),
      () => false,
    );
    this.#known.set(hostname, { until: this.#now() + 60_000, isPrivate });
    return isPrivate;
  }
}

import { BlockList, isIP } from 'node:net';

/** Networks that a public page has no business asking a browser for (IANA special-purpose registries, RFC 6890). */
const PRIVATE_NETWORKS: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 128, 'ipv6'],
  ['::1', 128, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['64:ff9b:1::', 48, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];

const privateNetworks = new BlockList();
for (const [network, prefix, family] of PRIVATE_NETWORKS) privateNetworks.addSubnet(network, prefix, family);

const loopbackNetworks = new BlockList();
loopbackNetworks.addSubnet('127.0.0.0', 8, 'ipv4');
loopbackNetworks.addAddress('::1', 'ipv6');

/** Bare IP of a URL's host name (`[::1]` to `::1`), or null for a name. */
export function ipOf(hostname: string): string | null {
  const bare = hostname.replace(/^\[|\]$/g, '');
  return isIP(bare) === 0 ? null : bare;
}

function isWithin(list: BlockList, ip: string): boolean {
  return list.check(ip, isIP(ip) === 6 ? 'ipv6' : 'ipv4');
}

/** Whether a host name is loopback by what it is, without asking any name server. */
export function isLoopbackHost(hostname: string): boolean {
  const ip = ipOf(hostname);
  if (ip !== null) return isWithin(loopbackNetworks, ip);
  const name = hostname.replace(/\.$/, '');
  return name === 'localhost' || name.endsWith('.localhost');
}

/** Whether an IP address lies in a loopback, private, link-local or otherwise special network. */
export function isPrivateIp(ip: string): boolean {
  return isWithin(privateNetworks, ip);
}

/** The agents' back office and the test environments behind ANEF (fact sheet of November 2026, section 1): never visited. */
export function isOutOfBounds(hostname: string): boolean {
  return (
    hostname.startsWith('siaef.') ||
    /(?:^|[.-])(?:qualif|qualification|preprod|recette|integration)(?:[.-]|\d)/.test(hostname)
  );
}

/** Whether an entry of the configuration is an address or a network. */
export function isAddressOrNetwork(written: string): boolean {
  const [address = '', prefix, ...more] = written.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 6 ? 128 : 32);
}

/** An IPv4 address as a socket for both families writes it. */
export function plainIp(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

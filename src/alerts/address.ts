import { isLoopbackHost } from '../core/networks.ts';
import { webAddress } from './http.ts';

/** An address to which secrets may go: https, or http that does not leave the machine. */
export const secretAddress = webAddress.refine(isSealed, { error: 'write an address that begins with https://' });

function isSealed(address: string): boolean {
  const url = URL.parse(address);
  return url !== null && (url.protocol === 'https:' || isLoopbackHost(url.hostname));
}

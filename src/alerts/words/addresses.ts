/** Links of a message: the official public start page, or less of it; never anything deeper (rule C12). */

/** The address as it is written, or as URLs are written where it could not stand in a line; null where it is no web address. */
export function officialAddress(address: string): string | null {
  const url = URL.parse(address);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  return /[\s\p{C}\p{Z}]/u.test(address) ? url.href : address;
}

/** What may stand for an address that is too long for a message: itself, then its origin, then nothing. */
export function shorterAddresses(address: string | null): readonly (string | null)[] {
  if (address === null) return [null];
  return [address, URL.parse(address)?.origin ?? null, null];
}

/**
 * Whether a form was posted from our own page. There is no session to abuse; but a stranger's page could make its visitors ask for
 * alerts in other people's names, each from an address of their own, past every limit.
 *
 * `Sec-Fetch-Site` says it (Fetch Metadata Request Headers, W3C); browsers older than 2023 say `Origin` only, and programs
 * that are no browser neither.
 */
export function isOwnForm(headers: Headers, page: string | null): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = headers.get('origin');
  if (origin === null) return true;
  const own = [headers.get('host'), page === null ? null : new URL(page).host];
  return own.includes(URL.parse(origin)?.host ?? '');
}

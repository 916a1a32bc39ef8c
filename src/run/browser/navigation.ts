import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'playwright';

import type { Redirect } from '../../core/capture.ts';

const KEPT_HEADERS = [
  'date',
  'retry-after',
  'content-type',
  'server',
  // What a firewall says of its own answer.
  'cf-mitigated',
  'x-amzn-waf-action',
  'x-datadome',
  'x-sucuri-block',
  'x-rate-limit-limit',
  'x-rate-limit-remaining',
  'x-rate-limit-reset',
];
const HEADERS_WITHIN_MS = 1_000;

/** What happened to the main document of a visit. */
export interface Navigation {
  readonly status: number | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly redirects: readonly Redirect[];
  /** Until when the certificate of the answer is valid, epoch milliseconds; absent without TLS. */
  readonly certificateUntil?: number;
}

/** What the last answer to the main document says; nothing when there was none. */
export async function navigationOf(response: Response | null): Promise<Navigation> {
  if (response === null) return { status: null, headers: {}, redirects: [] };
  const all = new Map(Object.entries(await headersOf(response)));
  const headers = Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => (all.has(name) ? [[name, all.get(name) ?? '']] : [])),
  );
  const [redirects, certificate] = await Promise.all([redirectsBefore(response), certificateOf(response)]);
  return { status: response.status(), headers, redirects, ...certificate };
}

async function certificateOf(response: Response): Promise<Pick<Navigation, 'certificateUntil'>> {
  const details = await Promise.race([response.securityDetails(), sleep(HEADERS_WITHIN_MS, null)]).catch(() => null);
  const validTo = details?.validTo ?? 0;
  return validTo > 0 ? { certificateUntil: validTo * 1_000 } : {};
}

/** The answer's headers; none when the browser does not hand them over, which a dying renderer can cause. */
function headersOf(response: Response): Promise<Record<string, string>> {
  return Promise.race([response.allHeaders(), sleep<Record<string, string>>(HEADERS_WITHIN_MS, {})]).catch(() => ({}));
}

/** The redirects that led to a response, first to last; at most as many as the browser itself follows. */
async function redirectsBefore(response: Response): Promise<Redirect[]> {
  const hops: Redirect[] = [];
  for (let request = response.request().redirectedFrom(); request !== null; request = request.redirectedFrom()) {
    const answer = await request.response().catch(() => null);
    hops.unshift({ url: request.url(), status: answer?.status() ?? 0 });
  }
  return hops;
}

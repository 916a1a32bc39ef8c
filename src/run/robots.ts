import robotsParser from 'robots-parser';
import { request } from 'undici';

import type { RobotsRecord } from '../core/host.ts';
import type { AddressBook } from './addresses.ts';

/** The package's types describe an ES module; what Node imports is the function itself. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

const ROBOTS_TOKEN = 'Guetteur';

const DAY_MS = 86_400_000;
const READ_EVERY_MS = DAY_MS;
const RETRY_EVERY_MS = 60 * 60_000;
/** A file that could not be read is replaced by the last known one for this long. */
const TRUSTED_WITHOUT_READING_MS = 7 * DAY_MS;
const MAX_ROBOTS_BYTES = 500_000;
const MAX_REDIRECTS = 5;

export interface RobotsMemory {
  robotsOf(origin: string): Promise<RobotsRecord | null>;
  saveRobots(record: RobotsRecord): Promise<void>;
}

export type RobotsAnswer = 'allowed' | 'disallowed' | 'unreadable';

/** Fetches robots.txt: its text, '' when the site says it has none (4xx), null when it cannot be read. */
export type FetchRobots = (url: string) => Promise<string | null>;

/** Reads each origin's robots.txt daily and obeys it (conduct C7). */
export class Robots {
  readonly #memory: RobotsMemory;
  readonly #fetch: FetchRobots;
  readonly #now: () => number;

  constructor(memory: RobotsMemory, fetch: FetchRobots, now: () => number = Date.now) {
    this.#memory = memory;
    this.#fetch = fetch;
    this.#now = now;
  }

  async ask(address: string): Promise<RobotsAnswer> {
    const { origin } = new URL(address);
    const record = await this.#fresh(origin);
    const unknownSince = record.failingSince ?? record.triedAt;
    const trustedFrom = record.readAt ?? unknownSince;
    if (record.failingSince !== null && this.#now() - trustedFrom > TRUSTED_WITHOUT_READING_MS) return 'unreadable';
    if (record.body === null) return 'allowed';
    const isAllowed = parseRobots(`${origin}/robots.txt`, record.body).isAllowed(address, ROBOTS_TOKEN);
    return isAllowed === false ? 'disallowed' : 'allowed';
  }

  async #fresh(origin: string): Promise<RobotsRecord> {
    const known = await this.#memory.robotsOf(origin);
    const now = this.#now();
    const dueAfter = known?.failingSince === null ? READ_EVERY_MS : RETRY_EVERY_MS;
    if (known !== null && now - known.triedAt < dueAfter) return known;
    const body = await this.#fetch(`${origin}/robots.txt`);
    const record: RobotsRecord =
      body === null
        ? {
            origin,
            body: known?.body ?? null,
            readAt: known?.readAt ?? null,
            triedAt: now,
            failingSince: known?.failingSince ?? now,
          }
        : { origin, body, readAt: now, triedAt: now, failingSince: null };
    await this.#memory.saveRobots(record);
    return record;
  }
}

/** The real fetch: five redirects at most, half a megabyte, and never an address of this machine or its network. */
export function robotsFetcher(userAgent: string, addresses: Pick<AddressBook, 'isPrivate'>): FetchRobots {
  return async (url) => {
    try {
      for (let hop = 0, at = url; hop <= MAX_REDIRECTS; hop += 1) {
        if (await addresses.isPrivate(new URL(at).hostname)) return null;
        const response = await request(at, {
          headers: { 'user-agent': userAgent, accept: 'text/plain' },
          signal: AbortSignal.timeout(15_000),
        });
        const { statusCode, headers } = response;
        if (statusCode === 200) return (await response.body.text()).slice(0, MAX_ROBOTS_BYTES);
        await response.body.dump();
        const isRedirect = statusCode >= 300 && statusCode < 400 && typeof headers['location'] === 'string';
        // RFC 9309: a file that is not there forbids nothing, a server in trouble says nothing.
        if (!isRedirect) return statusCode >= 400 && statusCode < 500 && statusCode !== 429 ? '' : null;
        at = new URL(String(headers['location']), at).href;
      }
      return null;
    } catch {
      return null;
    }
  };
}

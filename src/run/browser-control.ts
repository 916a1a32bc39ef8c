import { isLoopbackHost } from '../core/networks.ts';
import type { BrowserProcess } from './browser/browser.ts';
import type { Tab } from './browser/tab.ts';
import { failureNamed } from './failures.ts';
import type { RequestFilter } from './requests.ts';

/** What the browser itself, not Node, met at the control hosts. */
export type BrowserLine =
  | { readonly kind: 'opens'; readonly address: string }
  /** `error`: Chromium's name of it. */
  | { readonly kind: 'distrusts' | 'down'; readonly address: string; readonly error: string }
  /** There is no host that could be asked. */
  | { readonly kind: 'unasked' };

export interface ControlWish {
  /** Practice asks nobody but this machine. */
  readonly practice: boolean;
  /** Only a host with a certificate tells whether the browser trusts any. */
  readonly needsCertificate: boolean;
}

const OPENS_WITHIN_MS = 5_000;
const GRACE_MS = 10_000;
const TRUSTED_FOR_MS = 5_000;

/** Errors that come after an answer: a redirect that is not followed, nothing to show, a download. */
const ANSWERED: ReadonlySet<string> = new Set([
  'ERR_BLOCKED_BY_CLIENT',
  'ERR_ABORTED',
  'ERR_HTTP_RESPONSE_CODE_FAILURE',
  'ERR_TOO_MANY_REDIRECTS',
]);

interface Known {
  readonly at: number;
  readonly line: Promise<BrowserLine>;
}

/** Opens control hosts in the browser that makes the checks, each as one plain GET of one document in a fresh context. */
export class BrowserControl {
  readonly #browser: Pick<BrowserProcess, 'withTab'>;
  readonly #hosts: readonly string[];
  readonly #now: () => number;
  readonly #known = new Map<string, Known>();

  constructor(browser: Pick<BrowserProcess, 'withTab'>, hosts: readonly string[], now: () => number = Date.now) {
    this.#browser = browser;
    this.#hosts = hosts;
    this.#now = now;
  }

  /** Throws `AppError` when the browser fails. */
  async ask({ practice, needsCertificate }: ControlWish): Promise<BrowserLine> {
    const allowed = this.#hosts.filter((address) => !practice || isLoopbackHost(new URL(address).hostname));
    const wished = allowed.filter((address) => !needsCertificate || address.startsWith('https:'));
    const asked = wished.length > 0 ? wished : allowed;
    if (asked.length === 0) return { kind: 'unasked' };
    const key = asked.join(' ');
    const known = this.#known.get(key);
    if (known !== undefined && known.at <= this.#now() && this.#now() - known.at < TRUSTED_FOR_MS)
      return await known.line;
    const line = this.#open(asked);
    line.catch(() => this.#known.delete(key));
    this.#known.set(key, { at: this.#now(), line });
    return await line;
  }

  /** One after the other until one opens. A certificate that was refused shows that the line is up. */
  async #open(addresses: readonly string[]): Promise<BrowserLine> {
    const hosts = new Set(addresses.map((address) => new URL(address).host));
    const withinMs = addresses.length * OPENS_WITHIN_MS + GRACE_MS;
    return await this.#browser.withTab({ filter: onlyDocumentsOf(hosts), withinMs }, async (tab) => {
      const met: Exclude<BrowserLine, { kind: 'unasked' }>[] = [];
      for (const address of addresses) {
        const line = await openedIn(tab, address);
        if (line.kind === 'opens') return line;
        met.push(line);
      }
      return met.find(({ kind }) => kind === 'distrusts') ?? met[0] ?? { kind: 'unasked' };
    });
  }
}

async function openedIn(tab: Tab, address: string): Promise<Exclude<BrowserLine, { kind: 'unasked' }>> {
  tab.begin(true);
  try {
    await tab.goto(address, OPENS_WITHIN_MS);
    return { kind: 'opens', address };
  } catch (error) {
    if (tab.isClosed) throw error;
    const message = error instanceof Error ? error.message : '';
    const name = /net::(ERR_\w+)/.exec(message)?.[1];
    if (name === undefined) return { kind: 'down', address, error: 'no answer in time' };
    if (ANSWERED.has(name)) return { kind: 'opens', address };
    return { kind: failureNamed(name, []).kind === 'tls' ? 'distrusts' : 'down', address, error: name };
  }
}

function onlyDocumentsOf(hosts: ReadonlySet<string>): RequestFilter {
  return ({ method, url, isMainFrameDocument }) => {
    const isWanted = method === 'GET' && isMainFrameDocument && URL.canParse(url) && hosts.has(new URL(url).host);
    return Promise.resolve(isWanted ? null : { kind: 'host', why: 'of a control host one document is asked for' });
  };
}

import type { Capture } from '../core/capture.ts';
import { asAppError, type ErrorCode } from '../core/errors.ts';
import { groupOf } from '../core/outcome.ts';
import type { Reading } from '../core/reading.ts';
import type { BrowserControl, BrowserLine } from './browser-control.ts';
import type { Control } from './control.ts';

/** A reading, and the code of the failure of ours that it turned out to be. */
export interface Judged {
  readonly reading: Reading;
  readonly errorCode: ErrorCode | null;
}

const REMEMBERED_FOR_MS = 60 * 60_000;

/**
 * Tells our own fault from the site's. A fault counts only when our line is up, and one of the line only when the browser that met it
 * opens a control host: Node and the browser may differ in what they trust and in how they reach the world.
 */
export class OwnFault {
  readonly #control: Pick<Control, 'isNetworkUp'>;
  readonly #browserControl: Pick<BrowserControl, 'ask'>;
  readonly #now: () => number;
  /** Certificate errors of the watched sites: when each site last showed which. */
  readonly #distrusted = new Map<string, { readonly error: string; readonly at: number }>();

  constructor(
    control: Pick<Control, 'isNetworkUp'>,
    browserControl: Pick<BrowserControl, 'ask'>,
    now: () => number = Date.now,
  ) {
    this.#control = control;
    this.#browserControl = browserControl;
    this.#now = now;
  }

  /** `host`: the one that was asked last. */
  async judge(
    reading: Reading,
    last: Capture | undefined,
    world: { practice: boolean; host: string },
  ): Promise<Judged> {
    const site = siteOf(world.host);
    const error = last?.failure?.kind === 'tls' ? last.failure.message : null;
    if (error === null) this.#distrusted.delete(site);
    else this.#distrusted.set(site, { error, at: this.#now() });
    if (groupOf(reading.outcome) !== 'fault') return theirs(reading);
    if (!(await this.#control.isNetworkUp())) return down(reading, 'control-host', 'our own connection is down');
    if (!isOfTheLine(reading, last)) return theirs(reading);
    try {
      const wish = { practice: world.practice, needsCertificate: error !== null };
      return this.#judgeLine(reading, await this.#browserControl.ask(wish), { site, error });
    } catch (failure) {
      const { code, message } = asAppError(failure, 'BROWSER_FAILED');
      return ours(reading, code, `no control host could be tried: ${message}`);
    }
  }

  #judgeLine(reading: Reading, line: BrowserLine, { site, error }: { site: string; error: string | null }): Judged {
    if (line.kind === 'down')
      return down(reading, 'browser-control', `the browser reaches no control host: ${line.error}`);
    if (line.kind === 'distrusts')
      return ours(reading, 'BROWSER_DISTRUST', `the browser refuses ${line.address} too: ${line.error}`);
    const other = error === null ? undefined : this.#otherWith(error, site);
    if (other === undefined) return theirs(reading);
    return ours(reading, 'BROWSER_DISTRUST', `the browser refuses the certificate of ${other} in the same way`);
  }

  /** Another site, of another owner of a name, whose certificate the browser refused of late for the same reason. */
  #otherWith(error: string, site: string): string | undefined {
    const since = this.#now() - REMEMBERED_FOR_MS;
    return [...this.#distrusted].find(
      ([other, shown]) => other !== site && shown.error === error && shown.at > since,
    )?.[0];
  }
}

/** Whether the line itself, or a part of the page that the line did not bring, can be behind a fault. */
function isOfTheLine({ outcome }: Reading, last: Capture | undefined): boolean {
  if (outcome === 'unreachable' || outcome === 'timeout') return true;
  return last?.failedRequests.some(({ reason }) => reason.startsWith('net::')) === true;
}

/**
 * The part of a host's name that one owner has: certificates are often shared below it, and end together. An office of the State
 * has a name below gouv.fr (Public Suffix List).
 */
function siteOf(host: string): string {
  const { hostname } = new URL(`https://${host}/`);
  if (/^[\d.]+$|^\[/.test(hostname)) return host;
  return hostname
    .split('.')
    .slice(hostname.endsWith('.gouv.fr') ? -3 : -2)
    .join('.');
}

function theirs(reading: Reading): Judged {
  return { reading, errorCode: null };
}

function down(reading: Reading, rule: string, why: string): Judged {
  const message = `${why} (${reading.message})`;
  return { reading: { ...reading, outcome: 'network_down', rule, message }, errorCode: null };
}

function ours(reading: Reading, code: ErrorCode, why: string): Judged {
  const message = `${why} (${reading.message})`;
  return { reading: { ...reading, outcome: 'monitor_error', rule: code, message }, errorCode: code };
}

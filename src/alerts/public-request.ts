import { lookup, type LookupAddress } from 'node:dns';
import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';

import { ipOf, isLoopbackHost, isPrivateIp } from '../core/networks.ts';
import { OWN_AGENT } from '../version.ts';
import { DeliveryError } from './channel.ts';
import { retryAfter, type Answer } from './http.ts';

/** All addresses of a name. */
export type Resolve = (hostname: string, done: (error: Error | null, found?: readonly LookupAddress[]) => void) => void;

/** A request to an address that a stranger gave. */
export interface PublicSending {
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer;
  /** For practice and tests: this machine may be asked too, but no other private address. */
  readonly allowLoopback: boolean;
  /** The system's own when not given. */
  readonly resolve?: Resolve;
}

const ANSWER_WITHIN_MS = 15_000;

class PrivateAddressError extends Error {}

const resolveName: Resolve = (hostname, done) => lookup(hostname, { all: true }, done);

/**
 * Posts, follows no redirect, and reads no more of the answer than its head. Throws `DeliveryError`: final for an address that is
 * private by itself; not final for a name that leads to one now, and for what the line does. Every connection asks the name
 * anew and goes to the very address that was looked at: a check before the request could be answered otherwise a moment later.
 */
export async function postPublic(address: string, sending: PublicSending, signal: AbortSignal): Promise<Answer> {
  const { hostname, protocol } = new URL(address);
  const isAllowed = (host: string): boolean => sending.allowLoopback && isLoopbackHost(host);
  const ip = ipOf(hostname);
  if (!isAllowed(hostname) && ((ip !== null && isPrivateIp(ip)) || isLoopbackHost(hostname))) {
    throw new DeliveryError('a private address is refused', { isFinal: true });
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  const open = protocol === 'https:' ? requestHttps : requestHttp;
  return await new Promise<Answer>((resolve, reject) => {
    const answered = (answer: IncomingMessage): void => {
      answer.destroy();
      const { statusCode = 0, headers: heads } = answer;
      resolve({ status: statusCode, text: '', retryAfterMs: retryAfter(heads['retry-after'] ?? null, Date.now()) });
    };
    const { headers, body, resolve: resolveWith = resolveName } = sending;
    const lookupWith = lookupExcept(isAllowed, resolveWith);
    const said = { 'user-agent': OWN_AGENT, ...headers };
    const options = { method: 'POST', headers: said, agent: false, lookup: lookupWith, signal: limit };
    open(address, options, answered)
      // More than once: a service that refuses before it has read all breaks the line.
      .on('error', (error) => reject(refusalOf(error)))
      .end(body);
  });
}

function lookupExcept(isAllowed: (host: string) => boolean, resolve: Resolve): LookupFunction {
  return (hostname, options, done) => {
    resolve(hostname, (error, found = []) => {
      const [first] = found;
      if (error !== null || first === undefined) return done(error ?? new Error('no address'), '');
      const isRefused = found.some(({ address }) => isPrivateIp(address) && !isAllowed(address));
      if (isRefused) return done(new PrivateAddressError(), '');
      return options.all === true ? done(null, [...found]) : done(null, first.address, first.family);
    });
  };
}

/** The line's own word, never the address: whoever knows an endpoint may send to it. */
function refusalOf(error: Error): DeliveryError {
  const word = 'code' in error ? String(error.code) : error.name;
  const reason = error instanceof PrivateAddressError ? 'the name leads to a private address' : word;
  return new DeliveryError(reason, { isFinal: false });
}

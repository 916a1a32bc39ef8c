import { z } from 'zod';

import { OWN_AGENT } from '../version.ts';
import { DeliveryError } from './channel.ts';

/** What the channels that speak HTTP share: one request, and its answer turned into acceptance or a typed refusal. */
export interface Sending {
  readonly method?: 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** How long the whole answer may take; 15 s when not given. */
  readonly answerWithinMs?: number;
}

/** What a service answered, whatever it was. */
export interface Answer {
  readonly status: number;
  /** The beginning of the body, at most 64 KiB of it. */
  readonly text: string;
  /** From the header `Retry-After`; null when it was not sent. */
  readonly retryAfterMs: number | null;
}

const ANSWER_WITHIN_MS = 15_000;
/** No service answers with more than a few lines: whoever sends a film is not read to its end. */
const MOST_CHARACTERS = 65_536;
/** 429 and 5xx pass; 408 and 425 ask for another try themselves (RFC 9110, RFC 8470). */
const PASSING = new Set([408, 425, 429]);
/** A service that asks for a month has lost its clock: a day later, a try costs nothing. */
const LONGEST_RETRY_AFTER_MS = 86_400_000;

/** A web address without user and password: `fetch` refuses those, and they would stand in every log. */
export const webAddress = z
  .url({ protocol: /^https?$/, error: 'write an address that begins with http:// or https://' })
  .refine((address) => URL.canParse(address) && new URL(address).username === '' && new URL(address).password === '', {
    error: 'write the address without a user and a password in it',
  });

/** A token as it stands in a header: a line break or an accent in it is a mistake of copying. */
export const headerToken = z.string().regex(/^[\x21-\x7e]+$/, {
  error: 'write the token as the service gave it: one word, without spaces, accents or line breaks',
});

/**
 * Sends and returns the answer's text when the service accepted (2xx). Throws `DeliveryError`: final for other answers of 4xx
 * and for redirects, which no service documents; not final for 429, 5xx, time-outs and what the line does.
 */
export async function send(address: string, sending: Sending, signal: AbortSignal): Promise<string> {
  const answer = await ask(address, sending, signal);
  if (isAccepted(answer)) return answer.text;
  throw refusalOf(answer);
}

/** Sends and returns whatever is answered, for services that say in the body what a refusal means. */
export async function ask(address: string, sending: Sending, signal: AbortSignal): Promise<Answer> {
  const { answerWithinMs = ANSWER_WITHIN_MS } = sending;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
  const request = requestOf(address, sending, limit);
  try {
    const answer = await fetch(request);
    const text = await textOf(answer);
    return { status: answer.status, text, retryAfterMs: retryAfter(answer.headers.get('retry-after'), Date.now()) };
  } catch (error) {
    throw new DeliveryError(reasonOf(error), { isFinal: false });
  }
}

export function isAccepted({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** A refusal in our words: `meaning` is what the service documents for it. Never the service's own words, which may hold an address. */
export function refusalOf({ status, retryAfterMs }: Answer, meaning?: string): DeliveryError {
  const isFinal = status < 500 && !PASSING.has(status);
  const words = meaning === undefined ? `HTTP ${status}` : `HTTP ${status}: ${meaning}`;
  return new DeliveryError(words, { isFinal, retryAfterMs });
}

/** What a text says in JSON; undefined when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Seconds to the whole milliseconds of a `DeliveryError`, within reason; services name fractions of a second too. */
export function pauseOf(seconds: number): number {
  return Math.min(Math.max(0, Math.ceil(seconds * 1_000)), LONGEST_RETRY_AFTER_MS);
}

/** An address or a header that cannot be sent at all: the next try would end the same way. */
function requestOf(address: string, { method = 'POST', headers = {}, body }: Sending, signal: AbortSignal): Request {
  try {
    const said = new Headers(headers);
    // An operator whose gateway wants another one has written it.
    if (!said.has('user-agent')) said.set('user-agent', OWN_AGENT);
    return new Request(address, { method, headers: said, body, signal, redirect: 'manual' });
  } catch {
    throw new DeliveryError('the request cannot be written: check the address and the token', { isFinal: true });
  }
}

/** What came before the line broke is enough: the status has already said whether the message was accepted. */
async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= MOST_CHARACTERS) break;
    }
  } catch {
    return text;
  }
  return text;
}

/**
 * The line's own word (`ECONNREFUSED`, `TimeoutError`). Neither the address nor the error as a cause: tokens stand in addresses,
 * and addresses in the errors of `fetch`.
 */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not sent';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) to milliseconds from now; null when it is neither. */
export function retryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - now) / 1_000;
  return Number.isNaN(seconds) ? null : pauseOf(seconds);
}

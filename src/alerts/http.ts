import { DeliveryError } from './channel.ts';

/** What the channels that speak HTTP share: one request, and its answer turned into acceptance or a typed refusal. */
export interface Sending {
  readonly method?: 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

const ANSWER_WITHIN_MS = 15_000;
/** 429 and 5xx pass; 408 and 425 ask for another try themselves (RFC 9110, RFC 8470). */
const PASSING = new Set([408, 425, 429]);

/**
 * Sends and returns the answer's text when the service accepted (2xx). Throws `DeliveryError`: final for other answers of 4xx
 * and for redirects, which no service documents; not final for 429, 5xx, time-outs and what the line does.
 */
export async function send(address: string, sending: Sending, signal: AbortSignal): Promise<string> {
  const { method = 'POST', headers = {}, body } = sending;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]);
  let answer: Response;
  try {
    answer = await fetch(address, { method, headers: { ...headers }, body, signal: limit, redirect: 'manual' });
  } catch (error) {
    throw new DeliveryError(reasonOf(error), { isFinal: false, cause: error });
  }
  const text = await answer.text().catch(() => '');
  if (answer.ok) return text;
  const isFinal = answer.status < 500 && !PASSING.has(answer.status);
  const retryAfterMs = retryAfter(answer.headers.get('retry-after'), Date.now());
  throw new DeliveryError(`HTTP ${answer.status}`, { isFinal, retryAfterMs });
}

/** The line's own word (`ECONNREFUSED`, `TimeoutError`), never the address: tokens stand in addresses. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not sent';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

/** Seconds or an HTTP date (RFC 9110, 10.2.3) to milliseconds from now; null when it is neither. */
function retryAfter(value: string | null, now: number): number | null {
  if (value === null) return null;
  const asked = /^\d+$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isNaN(asked) ? null : Math.max(0, asked);
}

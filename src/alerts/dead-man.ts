import type { Logger } from 'pino';

import { OWN_AGENT } from '../version.ts';

export interface DeadManParts {
  /** Who asks it knows that the monitor lives. It often holds a token: it is not logged. */
  readonly url: string;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** How long the answer may take. */
  readonly answerWithinMs?: number;
}

const ANSWER_WITHIN_MS = 10_000;

/**
 * A sign of life for a service that calls the operator when it gets none. Returns whether it arrived. Never throws: what fails is
 * logged, and the next minute brings the next one.
 */
export async function pingDeadMan({ url, log, signal, answerWithinMs }: DeadManParts): Promise<boolean> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs ?? ANSWER_WITHIN_MS)]);
  try {
    const answer = await fetch(url, { signal: limit, redirect: 'manual', headers: { 'user-agent': OWN_AGENT } });
    await answer.body?.cancel();
    if (answer.ok) return true;
    log.warn({ status: answer.status }, 'the sign of life was not accepted');
  } catch (error) {
    if (!signal.aborted) log.warn({ reason: reasonOf(error) }, 'the sign of life did not arrive');
  }
  return false;
}

/** The line's own word, never the address. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not sent';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.name;
}

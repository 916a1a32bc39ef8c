import pino from 'pino';

import { AppError } from './core/errors.ts';

/** One JSON object a line on standard output. */
export function createLog(level: string): pino.Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination({ dest: 1, sync: true }),
  );
}

/** What of a failure stands in a line of the log. */
export interface FailureFacts {
  readonly error: string;
  readonly code?: string;
  /** Of our own errors only: the words of others may hold what a stranger has typed. */
  readonly message?: string;
  readonly stack: string;
  readonly cause?: FailureFacts;
}

/** Name, code and stack of whatever was thrown, down to its first cause. */
export function failureFacts(thrown: unknown, depth = 0): FailureFacts {
  if (!(thrown instanceof Error)) return { error: typeof thrown, stack: '' };
  const { stack = '', message } = thrown;
  const beyond = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = beyond.split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in thrown ? { code: String(thrown.code) } : {};
  const cause = thrown.cause instanceof Error && depth < MOST_CAUSES ? failureFacts(thrown.cause, depth + 1) : null;
  return {
    error: thrown.name,
    ...code,
    ...(thrown instanceof AppError ? { message: thrown.message } : {}),
    stack: frames.map((line) => line.trim()).join('\n'),
    ...(cause === null ? {} : { cause }),
  };
}

const MOST_CAUSES = 3;

import { schedule, type Logger as CronLogger } from 'node-cron';
import type { Logger } from 'pino';

import { failureFacts } from '../../log.ts';

/**
 * Calls `tick` every second until stopped. Never twice at once: a tick that is still running lets the next one pass. The
 * expression runs in UTC, because local ones skip and repeat hours when the clocks change. What the engine has to say goes into
 * the log: by itself it writes on standard output, between our lines.
 */
export function everySecond(log: Logger, tick: () => Promise<void>): () => Promise<void> {
  const options = { noOverlap: true, timezone: 'UTC', name: 'checks', logger: cronLogger(log) };
  const task = schedule('* * * * * *', tick, options);
  return async () => {
    await task.destroy();
  };
}

/** Lines of ours for the engine's words; `error` is called with a text, with an error, or with both. */
export function cronLogger(log: Logger): CronLogger {
  const say = (level: 'debug' | 'info' | 'warn' | 'error', message: string | Error, error?: Error): void => {
    const thrown = message instanceof Error ? message : error;
    const text = message instanceof Error ? message.message : message;
    log[level](thrown === undefined ? {} : failureFacts(thrown), `clock: ${text}`);
  };
  return {
    debug: (message, error) => say('debug', message, error),
    info: (message) => say('info', message),
    warn: (message) => say('warn', message),
    error: (message, error) => say('error', message, error),
  };
}

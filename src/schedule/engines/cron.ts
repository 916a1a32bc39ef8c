import { schedule, type Logger as CronLogger } from 'node-cron';
import type { Logger } from 'pino';

import { failureFacts } from '../../log.ts';

/** In UTC: local expressions skip and repeat hours when the clocks change. */
export const EVERY_MINUTE = '0 * * * * *';

/**
 * Calls `work` at the instants of a cron expression until stopped, never twice at once. For duties of the calendar: where the
 * clock on the wall is set back this engine waits until it has caught up, so what must go on is ticked by `steady.ts`. What the
 * engine has to say goes into the log: by itself it writes on standard output, between our lines.
 */
export function bySchedule(expression: string, log: Logger, work: () => Promise<void>): () => Promise<void> {
  const task = schedule(expression, work, { noOverlap: true, timezone: 'UTC', name: 'duty', logger: cronLogger(log) });
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

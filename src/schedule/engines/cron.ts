import { schedule } from 'node-cron';

/**
 * Calls `tick` every second until stopped. Never twice at once: a tick that is still running lets the next one pass. The
 * expression runs in UTC, because local ones skip and repeat hours when the clocks change.
 */
export function everySecond(tick: () => Promise<void>): () => Promise<void> {
  const task = schedule('* * * * * *', tick, { noOverlap: true, timezone: 'UTC', name: 'checks' });
  return async () => {
    await task.destroy();
  };
}

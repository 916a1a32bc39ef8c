import type { Logger } from 'pino';

import { takeManagerSocket } from './config/environment.ts';
import { asAppError } from './core/errors.ts';
import { ClockWatch } from './schedule/clock-watch.ts';
import { everySecond } from './schedule/engines/steady.ts';
import { ServiceManager } from './service-manager.ts';
import { openWatchdog } from './watchdog.ts';

/** The monitor's seconds, and whoever must hear that they go on: the watchdog thread, and systemd where it started us. */
export interface Ticks {
  stop(): Promise<void>;
}

export async function openTicks(tick: () => Promise<void>, log: Logger): Promise<Ticks> {
  const fail = (what: string) => (error: unknown) => {
    const { code, hint, message } = asAppError(error, 'INTERNAL');
    log.error({ code, hint }, `${what}: ${message}`);
  };
  const watchdog = openWatchdog(fail('no watchdog looks after the loop'));
  const manager = new ServiceManager(takeManagerSocket(), fail('systemd could not be told'));
  const clock = new ClockWatch();
  const stopTicks = everySecond(async () => {
    const setByMs = clock.look(Date.now(), performance.now());
    if (setByMs !== null) log.warn({ seconds: Math.round(setByMs / 1_000) }, 'the clock was set, or the machine slept');
    try {
      await tick();
    } finally {
      watchdog.ticked();
    }
    manager.alive();
  }, fail('a tick failed'));
  await manager.ready();
  return {
    stop: async () => {
      await manager.stopping();
      await stopTicks();
      await watchdog.close();
    },
  };
}

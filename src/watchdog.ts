import { Worker } from 'node:worker_threads';

/** What the thread is started with. The cell is counted up while all is well. */
export interface WatchdogData {
  readonly beats: SharedArrayBuffer;
  readonly limitMs: number;
  readonly lookEveryMs: number;
}

export interface WatchdogLimits {
  /** How long the main thread may not come to its timers. */
  readonly loopMs: number;
  /** How long no tick may end. Longer: a tick waits for the store. */
  readonly tickMs: number;
  readonly lookEveryMs: number;
}

const LIMITS: WatchdogLimits = { loopMs: 60_000, tickMs: 10 * 60_000, lookEveryMs: 1_000 };

export interface Watchdog {
  /** A tick has ended. */
  ticked(): void;
  close(): Promise<void>;
}

/**
 * Ends this process by SIGKILL, with one line on standard error, when its own loop hangs or its ticks end no more: whoever watches over
 * it (systemd, compose) starts it again. A health check from outside only marks a container as unhealthy, and compose restarts none for
 * that; a second program that restarts containers would need Docker's socket, which is the whole machine.
 */
export function openWatchdog(onFailure: (error: unknown) => void, limits: WatchdogLimits = LIMITS): Watchdog {
  const beats = new SharedArrayBuffer(4);
  const cell = new Int32Array(beats);
  const data: WatchdogData = { beats, limitMs: limits.loopMs, lookEveryMs: limits.lookEveryMs };
  // The flags of the process may be about its own entry.
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const worker = new Worker(new URL('./watchdog-worker.ts', import.meta.url), { workerData: data, execArgv });
  worker.on('error', onFailure);
  worker.unref();
  let tickedAt = performance.now();
  const beat = setInterval(() => {
    if (performance.now() - tickedAt < limits.tickMs) Atomics.add(cell, 0, 1);
  }, limits.lookEveryMs);
  beat.unref();
  return {
    ticked: () => {
      tickedAt = performance.now();
    },
    close: async () => {
      await worker.terminate();
      clearInterval(beat);
    },
  };
}

import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

import type { WatchdogData } from './watchdog.ts';

/** A thread of its own, which still runs where the main one hangs. It ends the process by a signal: an exit would be that of this thread alone. */

// What `watchdog.ts` starts this thread with.
const { beats, limitMs, lookEveryMs } = workerData as WatchdogData; // oxlint-disable-line typescript/no-unsafe-type-assertion
const cell = new Int32Array(beats);
let seen = Atomics.load(cell, 0);
let silentMs = 0;

// Counted in looks, not by a clock: of a machine that slept, or a process that was stopped, both threads have missed the same time.
setInterval(() => {
  const now = Atomics.load(cell, 0);
  silentMs = now === seen ? silentMs + lookEveryMs : 0;
  seen = now;
  if (silentMs < limitMs) return;
  try {
    writeSync(2, `guetteur: hung for ${Math.round(limitMs / 1_000)} s: the process ends itself, to be started again\n`);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, lookEveryMs);

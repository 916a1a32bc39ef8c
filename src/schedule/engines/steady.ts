const SECOND_MS = 1_000;

/**
 * Calls `tick` every second until stopped, and never twice at once: the next second begins when a tick has ended. Counted from tick
 * to tick and not by the clock on the wall: a scheduler that waits for an instant falls silent for an hour where that clock is set
 * back by one (node-cron 4 does), with checks and alerts. `onFailure` is told what a tick throws; the next one comes all the same.
 * What is returned waits for the tick under way.
 */
export function everySecond(tick: () => Promise<void>, onFailure: (error: unknown) => void): () => Promise<void> {
  let isStopped = false;
  let work: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout;
  const arm = (): void => {
    timer = setTimeout(() => void (work = run()), SECOND_MS);
  };
  const run = async (): Promise<void> => {
    try {
      await tick();
    } catch (error) {
      onFailure(error);
    }
    if (!isStopped) arm();
  };
  arm();
  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await work;
  };
}

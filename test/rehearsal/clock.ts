import { getEnvironmentData, isMainThread, setEnvironmentData } from 'node:worker_threads';

/**
 * The clock of a rehearsal, loaded before the program (`node --import`): it runs as the machine's own does, and can be set
 * ahead. Everything that asks the time has it, in the thread of the figures too. `REHEARSAL_AHEAD_MS`: where it begins.
 */

const KEY = 'rehearsal-clock';
const shared = isMainThread ? new SharedArrayBuffer(8) : (getEnvironmentData(KEY) as unknown as SharedArrayBuffer);
const ahead = new Float64Array(shared);
if (isMainThread) {
  ahead[0] = Number(process.env['REHEARSAL_AHEAD_MS'] ?? 0);
  setEnvironmentData(KEY, shared);
}

const MachineDate = Date;
const machineNow = Date.now.bind(Date);
const now = (): number => machineNow() + aheadMs();

globalThis.Date = new Proxy(MachineDate, {
  construct: (date, args: [], newTarget) =>
    Reflect.construct(date, args.length === 0 ? [now()] : args, newTarget) as object,
  apply: () => new MachineDate(now()).toString(),
  get: (date, name, receiver) => (name === 'now' ? now : (Reflect.get(date, name, receiver) as unknown)),
});

const machineHr = process.hrtime.bigint.bind(process.hrtime);
/** The clock that nobody can set has run as far: what the play skips has passed for it too. */
process.hrtime.bigint = () => machineHr() + BigInt(Math.round(aheadMs())) * 1_000_000n;

/** How far this clock is ahead of the machine's. */
export function aheadMs(): number {
  return ahead[0] ?? 0;
}

/** Only while nothing is under way that measures by the clock. */
export function advance(milliseconds: number): void {
  ahead[0] = aheadMs() + milliseconds;
}

/** The machine's own time, as packets and the logs of other processes have it. */
export const machineTime = machineNow;

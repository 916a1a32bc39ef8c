import { readFileSync } from 'node:fs';
import { z } from 'zod';

import type { HostState } from '../core/host.ts';

/**
 * The floors of conduct C6 by a clock that cannot be set. Where the clock on the wall is set an hour on, the last visit looks an hour
 * old, a lease looks run out and the budget of the hour looks unused; set back, all of it lies ahead, and waiting is the safe side.
 * So each visit of the last hour is remembered by the machine's own clock as well, in the store: for the next process, too.
 */

export interface SteadyClock {
  /** Of this start of the machine; its clock begins anew with each. '' where the system names none. */
  readonly boot: string;
  /** Milliseconds, the same for all processes of the machine. */
  readonly now: () => number;
}

export function machineClock(): SteadyClock {
  return { boot: bootId(), now: () => Math.floor(Number(process.hrtime.bigint() / 1_000_000n)) };
}

function bootId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
  } catch {
    return ''; // No Linux: a clock that runs behind its own marks tells of a new start.
  }
}

const HOUR_MS = 3_600_000;

const memoryShape = z.object({
  boot: z.string(),
  visits: z.array(z.object({ target: z.string(), wallAt: z.number(), begunAt: z.number(), endedAt: z.number() })),
});
type Memory = z.output<typeof memoryShape>;

/** The visits of the last hour. Those before the machine's last start are as old as that start, at least. */
export function rememberedVisits(text: string, clock: SteadyClock | null): Memory {
  if (clock === null) return { boot: '', visits: [] };
  const { boot, now } = clock;
  const memory = text === '' ? { boot, visits: [] } : memoryShape.parse(JSON.parse(text));
  const isSame = memory.boot === boot && memory.visits.every(({ endedAt }) => endedAt <= now());
  const visits = isSame ? memory.visits : memory.visits.map((visit) => ({ ...visit, begunAt: 0, endedAt: 0 }));
  return { boot, visits: visits.filter(({ endedAt }) => now() - endedAt < HOUR_MS) };
}

export function begun(memory: Memory, target: string, at: { wall: number; steady: number }): string {
  const visit = { target, wallAt: at.wall, begunAt: at.steady, endedAt: at.steady };
  return JSON.stringify({ ...memory, visits: [...memory.visits, visit] });
}

export function ended(memory: Memory, steadyAt: number): string {
  const visits = memory.visits.map((visit, at) =>
    at === memory.visits.length - 1 ? { ...visit, endedAt: steadyAt } : visit,
  );
  return JSON.stringify({ ...memory, visits });
}

/** The wall's instant from which the checks of the last hour are counted: earlier than an hour ago, where it was set on meanwhile. */
export function hourBegan(memory: Memory, wall: number): number {
  return Math.min(wall - HOUR_MS, ...memory.visits.map(({ wallAt }) => wallAt - 1));
}

/** The state with the later of both clocks' words for each instant. `leaseMs`: for how long the lease was given. */
export function byBothClocks(
  state: HostState,
  memory: Memory,
  { wall, steady, leaseMs }: { readonly wall: number; readonly steady: number; readonly leaseMs: number },
): HostState {
  const last = memory.visits.at(-1);
  if (last === undefined) return state;
  const lastLoadAt = Math.max(state.lastLoadAt, wall - (steady - last.endedAt));
  const leasedUntil = leaseMs === 0 ? state.leasedUntil : wall + (last.begunAt + leaseMs - steady);
  return { ...state, lastLoadAt, leasedUntil: Math.max(state.leasedUntil, leasedUntil) };
}

/** When a target was last visited, as an instant of the wall's present; 0 for not within the hour. */
export function visitedAt(memory: Memory, target: string, now: { wall: number; steady: number }): number {
  const visit = memory.visits.findLast((one) => one.target === target);
  return visit === undefined ? 0 : now.wall - (now.steady - visit.begunAt);
}

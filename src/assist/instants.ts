import { drawn } from '../core/drawn.ts';

/**
 * The random instants at which a target is best read by a person: one in each interval, drawn uniformly and known beforehand to
 * nobody. Only the first reading within the window after such an instant is `uniform` (statistics S1): a person who comes when it
 * suits them comes when others come too. Pure; nothing is stored: what was drawn can be drawn again.
 */

export interface InstantRules {
  readonly seed: string;
  readonly intervalMs: number;
  /** How long after the instant a reading still answers it. */
  readonly windowMs: number;
}

export interface InstantWindow {
  readonly plannedAt: number;
  readonly until: number;
}

function windowOf({ seed, intervalMs, windowMs }: InstantRules, targetId: string, index: number): InstantWindow {
  const plannedAt = Math.floor((index + drawn(seed, 'assist', targetId, intervalMs, index)) * intervalMs);
  return { plannedAt, until: plannedAt + windowMs };
}

/** The window in which an instant lies and that nobody has answered; the earliest where two overlap; null for none. */
export function openWindow(
  rules: InstantRules,
  targetId: string,
  at: number,
  answeredAt: readonly number[],
): InstantWindow | null {
  const last = Math.floor(at / rules.intervalMs);
  const first = last - Math.ceil(rules.windowMs / rules.intervalMs);
  for (let index = first; index <= last; index += 1) {
    const window = windowOf(rules, targetId, index);
    if (window.plannedAt <= at && at < window.until && !answeredAt.includes(window.plannedAt)) return window;
  }
  return null;
}

/** What is wrong with the monitor itself: facts, no words. Each reader's language tells them, see `alerts/words/`. */

export type Incident =
  /** No check has ended for so long although some are due. */
  | { readonly kind: 'stalled'; readonly minutes: number }
  /** `reason`: what most checks that were not made had in common; null for what no word is known for. */
  | {
      readonly kind: 'coverage';
      readonly done: number;
      readonly planned: number;
      readonly reason: PauseReason | null;
    }
  | { readonly kind: 'network' }
  /** Our clock minus the world's; null when it cannot be compared. */
  | { readonly kind: 'clock'; readonly offsetMs: number | null }
  | { readonly kind: 'disk'; readonly freeMegabytes: number; readonly freePercent: number }
  /** A host is paused. `until`: epoch milliseconds UTC. */
  | { readonly kind: 'breaker'; readonly host: string; readonly reason: PauseReason | null; readonly until: number }
  | { readonly kind: 'browser'; readonly restarts: number }
  | { readonly kind: 'late'; readonly channel: string; readonly minutes: number }
  | { readonly kind: 'dead_letters'; readonly channel: string; readonly count: number };

/** `later`: the site asked to come back later. `budget`: no breaker, the ceiling of checks of a host. */
export const PAUSE_REASONS = ['slow_down', 'denied', 'captcha', 'faults', 'later', 'budget'] as const;
export type PauseReason = (typeof PAUSE_REASONS)[number];

/** An incident as it was told. `since`: its first sight; `times`: how often it was told. */
export interface ToldIncident {
  readonly incident: Incident;
  readonly stage: 'begun' | 'still' | 'over';
  readonly since: number;
  readonly times: number;
}

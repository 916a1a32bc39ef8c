import type { Notice, NoticeKind } from './notice.ts';

export const LANGUAGES = ['fr', 'en', 'ar'] as const;
export type Language = (typeof LANGUAGES)[number];

/** What somebody is told, where and when; who it is stays sealed in the store. An empty list selects everything. */
export interface Subscription {
  readonly id: number;
  /** Name of the channel: a file of `alerts/channels/`. */
  readonly channel: string;
  readonly kinds: readonly NoticeKind[];
  readonly departments: readonly string[];
  readonly procedures: readonly string[];
  readonly platforms: readonly string[];
  readonly language: Language;
  /** IANA name; quiet hours and digests are of this clock. */
  readonly timeZone: string;
  /** `HH:MM` to `HH:MM`, over midnight where `from` is later; null for none. They delay a message, never a check. */
  readonly quiet: { readonly from: string; readonly to: string } | null;
  /** `HH:MM` of the one daily message; null for at once. */
  readonly digestAt: string | null;
}

/** Whether a subscription asked for a notice. Notices without a place go by their kind alone. */
export function wants(subscription: Subscription, { kind, place }: Pick<Notice, 'kind' | 'place'>): boolean {
  const { kinds, departments, procedures, platforms } = subscription;
  if (!kinds.includes(kind)) return false;
  if (place === null) return true;
  const isSelected = (wanted: readonly string[], found: string | null): boolean =>
    wanted.length === 0 || (found !== null && wanted.includes(found));
  // A national service fails in every department; a procedure whose department nobody knows opens in none of them.
  const isNational = place.department === null && (kind === 'outage' || kind === 'recovered');
  return (
    (isNational || isSelected(departments, place.department)) &&
    isSelected(procedures, place.procedure) &&
    isSelected(platforms, place.platform)
  );
}

/** When a message for a subscription may leave at the earliest, not before `now`. Epoch milliseconds. */
export function leavesAt(subscription: Subscription, now: number): number {
  const { digestAt, quiet, timeZone } = subscription;
  if (digestAt !== null) return nextClock(now, digestAt, timeZone);
  if (quiet === null || !isWithin(clockOf(timeZone)(now), quiet)) return now;
  return nextClock(now, quiet.to, timeZone);
}

function isWithin(clock: string, { from, to }: { from: string; to: string }): boolean {
  return from <= to ? clock >= from && clock < to : clock >= from || clock < to;
}

function clockOf(timeZone: string): (at: number) => string {
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  return (at) => clock.format(at);
}

const MINUTE_MS = 60_000;
/** Longer than a day: of a day with 25 hours too. */
const SEARCHED_MINUTES = 26 * 60;

/** The next instant, `now` included, at which clocks there pass `clock`; found by looking, so that changes of hour are right. */
function nextClock(now: number, clock: string, timeZone: string): number {
  const start = Math.ceil(now / MINUTE_MS) * MINUTE_MS;
  const clockAt = clockOf(timeZone);
  let before = clockAt(start - MINUTE_MS);
  for (let minute = 0; minute < SEARCHED_MINUTES; minute += 1) {
    const at = start + minute * MINUTE_MS;
    const shown = clockAt(at);
    // A clock set forward may jump over the wanted time: the first minute after the jump is the one.
    const isPassed = shown === clock || (before < clock && clock < shown);
    if (isPassed) return at;
    before = shown;
  }
  return now;
}

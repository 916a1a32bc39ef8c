import type { HelpFacts, Invitation } from '../core/invitation.ts';
import type { Target } from '../core/target.ts';
import { openWindow, type InstantRules } from './instants.ts';

/** Which targets a person is asked to read, and in which order. Pure: what is known is given. */

/** Why a target is worth reading now; the words are the page's. */
export type Reason = 'window' | 'never' | 'old' | 'waiting' | 'weeks' | 'days' | 'hours';

export interface QueueEntry {
  readonly target: Target;
  readonly facts: HelpFacts;
  /** People who asked to be told of slots there. */
  readonly subscribers: number;
  /** Somebody has it open now. */
  readonly isTaken: boolean;
  /** Somebody has a window open on its host, or the host is paused until then. */
  readonly hostFreeAt: number;
}

export interface QueueRules {
  readonly instants: InstantRules;
  /** Least time between two visits of a target (conduct C6). */
  readonly spacingMs: number;
}

export interface Offer {
  readonly target: Target;
  readonly reasons: readonly Reason[];
  /** When the slots themselves were last seen; null for never in the time that is looked at. */
  readonly lastSeenAt: number | null;
  /** Until when a reading counts as made at a random instant; null when no such window is open. */
  readonly windowUntil: number | null;
  /** When the host may be asked for it; not later than now: at once. */
  readonly freeAt: number;
  readonly isTaken: boolean;
}

const DAY_MS = 86_400_000;
const OLD_AFTER_MS = 3 * DAY_MS;
/** What courts found enough: attempts in more than one week (Conseil d'État, 2020), and where they granted it, on ten days and at several hours. */
const WEEKS_WANTED = 2;
const DAYS_WANTED = 10;
const HOURS_WANTED = 4;
/** A target that is open at somebody's comes after all that are not. */
const TAKEN = -1_000;
/** One that must wait comes after those that need not, unless it is worth much more. */
const PER_MINUTE_OF_WAIT = -8;

/** Best first. */
export function offersOf(entries: readonly QueueEntry[], rules: QueueRules, now: number): Offer[] {
  return entries
    .map((entry) => ({ offer: offerOf(entry, rules, now), worth: worthOf(entry, rules, now) }))
    .toSorted((a, b) => b.worth - a.worth || a.offer.target.id.localeCompare(b.offer.target.id))
    .map(({ offer }) => offer);
}

function offerOf(
  { target, facts, isTaken, hostFreeAt, subscribers }: QueueEntry,
  rules: QueueRules,
  now: number,
): Offer {
  const window = openWindow(rules.instants, target.id, now, facts.answeredAt);
  const lastSeenAt = facts.seenAt.at(-1) ?? null;
  const reasons: readonly (Reason | null)[] = [
    window === null ? null : 'window',
    lastSeenAt === null ? 'never' : now - lastSeenAt > OLD_AFTER_MS ? 'old' : null,
    subscribers > 0 ? 'waiting' : null,
    lastSeenAt !== null && weeksOf(facts.seenAt).size < WEEKS_WANTED ? 'weeks' : null,
    lastSeenAt !== null && isNew(parisDay, DAYS_WANTED, facts.seenAt, now) ? 'days' : null,
    lastSeenAt !== null && isNew(parisHour, HOURS_WANTED, facts.seenAt, now) ? 'hours' : null,
  ];
  return {
    target,
    reasons: reasons.filter((reason): reason is Reason => reason !== null),
    lastSeenAt,
    windowUntil: window?.until ?? null,
    freeAt: Math.max(facts.lastVisitAt + rules.spacingMs, hostFreeAt),
    isTaken,
  };
}

/** The oldest reading first, then where people wait and what a court would ask for; a random instant that is open before all. */
function worthOf(entry: QueueEntry, rules: QueueRules, now: number): number {
  const { facts, subscribers, isTaken } = entry;
  const { windowUntil, lastSeenAt, freeAt, reasons } = offerOf(entry, rules, now);
  const ageDays = lastSeenAt === null ? 30 : Math.min(30, (now - lastSeenAt) / DAY_MS);
  const waitMinutes = Math.max(0, freeAt - now) / 60_000;
  return (
    (windowUntil === null ? 0 : 100) +
    2 * ageDays +
    8 * Math.log2(1 + subscribers) +
    (weeksOf(facts.seenAt).size < WEEKS_WANTED ? 20 : 0) +
    (reasons.includes('days') ? 5 : 0) +
    (reasons.includes('hours') ? 10 : 0) +
    Math.max(-90, PER_MINUTE_OF_WAIT * waitMinutes) +
    (isTaken ? TAKEN : 0)
  );
}

/**
 * Several people at once see different targets first: what is offered is dealt out like cards. `place` is the person's among
 * those who help now, from 0; nobody loses a target from their list.
 */
export function shareOf(offers: readonly Offer[], place: number, people: number): Offer[] {
  const isOwn = (at: number): boolean => at % Math.max(1, people) === place;
  return [...offers.filter((_offer, at) => isOwn(at)), ...offers.filter((_offer, at) => !isOwn(at))];
}

/** Whether an invitation reaches a target. */
export function reaches(invitation: Pick<Invitation, 'departments' | 'targets'>, target: Target): boolean {
  const { departments, targets } = invitation;
  if (departments.length === 0 && targets.length === 0) return true;
  return targets.includes(target.id) || (target.department !== null && departments.includes(target.department));
}

/** Days of the ISO week are counted in Paris: a Monday is a Monday there. */
function weeksOf(instants: readonly number[]): ReadonlySet<string> {
  return new Set(instants.map(weekOf));
}

const parisDay = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Paris', dateStyle: 'short' });
const parisHour = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', hour: '2-digit' });

/** The Monday of its week, which names the week. */
function weekOf(instant: number): string {
  const day = new Date(`${parisDay.format(instant)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() - ((day.getUTCDay() + 6) % 7));
  return day.toISOString().slice(0, 10);
}

/** Captures on one day, or at one hour of the day, say little: another one is worth more, until there are several. */
function isNew(name: Intl.DateTimeFormat, wanted: number, instants: readonly number[], now: number): boolean {
  const known = new Set(instants.map((instant) => name.format(instant)));
  return known.size < wanted && !known.has(name.format(now));
}

import type { Incident, PauseReason } from '../core/incident.ts';

/** What is wrong with the monitor itself, by a snapshot of its health. Pure; instants are epoch milliseconds UTC. */

export interface Health {
  readonly at: number;
  /** End of the last check; null before the first. */
  readonly lastFinishedAt: number | null;
  /** Planned instant of the oldest check that is due and not begun; null when none is. */
  readonly oldestDueAt: number | null;
  /** How the planned checks of the last hour ended; `reason`: the most frequent one of those that were not made. */
  readonly lastHour: {
    readonly done: number;
    readonly skipped: number;
    readonly missed: number;
    readonly reason: string;
  };
  readonly breakers: readonly { readonly host: string; readonly openUntil: number; readonly reason: string }[];
  readonly isNetworkUp: boolean;
  /** Our clock minus the world's, at the least; null when unknown. */
  readonly clockOffsetMs: number | null;
  readonly freeBytes: number;
  /** Free share of the disk, 0 to 1. */
  readonly freeShare: number;
  readonly browserRestartsInLastHour: number;
  /** What waits and what was given up. `dueAt`: when the oldest of the row should have left. */
  readonly outbox: readonly OutboxRow[];
}

export interface OutboxRow {
  readonly channel: string;
  readonly state: 'waiting' | 'ready' | 'claimed' | 'sent' | 'dead';
  readonly count: number;
  readonly dueAt: number;
}

export interface SelfWatchRules {
  readonly stalledAfterMs: number;
  /** Least share of planned checks that were made, and of how many at least it is taken. */
  readonly leastCoverage: number;
  readonly fewestPlanned: number;
  readonly mostClockOffsetMs: number;
  readonly leastFreeBytes: number;
  readonly leastFreeShare: number;
  /** Restarts by plan count too: choose it above those. */
  readonly mostBrowserRestarts: number;
  readonly lateAfterMs: number;
}

const SELF_WATCH_RULES: SelfWatchRules = {
  stalledAfterMs: 15 * 60_000,
  leastCoverage: 0.5,
  fewestPlanned: 2,
  mostClockOffsetMs: 2_000,
  leastFreeBytes: 500_000_000,
  leastFreeShare: 0.02,
  mostBrowserRestarts: 20,
  lateAfterMs: 10 * 60_000,
};

export type TroubleKind = Incident['kind'];

export interface Trouble {
  readonly kind: TroubleKind;
  /** The host or channel it is about; null for the whole monitor. */
  readonly subject: string | null;
  /** What is wrong, as facts: each reader is told them in their language. */
  readonly incident: Incident;
  /** The same in English, for logs and programs. */
  readonly message: string;
  /** What is said when it is over. */
  readonly over: string;
  /** The monitor cannot do its work, or cannot say so: whoever waits for a sign of life must get none. */
  readonly isBlind: boolean;
}

export function troublesOf(health: Health, rules: SelfWatchRules = SELF_WATCH_RULES): Trouble[] {
  return [
    ...stalled(health, rules),
    ...coverage(health, rules),
    ...line(health, rules),
    ...disk(health, rules),
    ...breakers(health),
    ...browser(health, rules),
    ...late(health, rules),
    ...deadLetters(health),
  ];
}

function stalled({ at, lastFinishedAt, oldestDueAt }: Health, { stalledAfterMs }: SelfWatchRules): Trouble[] {
  if (oldestDueAt === null) return [];
  const forMs = at - Math.max(oldestDueAt, lastFinishedAt ?? 0);
  if (forMs < stalledAfterMs) return [];
  const message = `no check has ended for ${minutes(stalledAfterMs)} although some are due`;
  const incident = { kind: 'stalled', minutes: wholeMinutes(stalledAfterMs) } as const;
  return [{ kind: 'stalled', subject: null, incident, message, over: 'checks end again', isBlind: true }];
}

function coverage({ lastHour }: Health, rules: SelfWatchRules): Trouble[] {
  const { done, skipped, missed, reason } = lastHour;
  const planned = done + skipped + missed;
  if (planned < rules.fewestPlanned || done / planned >= rules.leastCoverage) return [];
  const message = `only ${done} of ${planned} checks were made in an hour${reason === '' ? '' : `; most often: ${reason}`}`;
  const incident = { kind: 'coverage', done, planned, reason: pauseReason(reason) } as const;
  const over = 'enough of the planned checks are made';
  return [{ kind: 'coverage', subject: null, incident, message, over, isBlind: true }];
}

/** A clock is compared over the network: without one, that it is unknown is no news. */
function line({ isNetworkUp, clockOffsetMs }: Health, { mostClockOffsetMs }: SelfWatchRules): Trouble[] {
  if (!isNetworkUp) {
    const over = 'a control host answers again';
    const [message, incident] = ['no control host answers', { kind: 'network' } as const];
    return [{ kind: 'network', subject: null, incident, message, over, isBlind: true }];
  }
  if (clockOffsetMs !== null && Math.abs(clockOffsetMs) <= mostClockOffsetMs) return [];
  const message =
    clockOffsetMs === null
      ? 'the clock cannot be compared: readings are not trusted'
      : `the clock is ${Math.round(Math.abs(clockOffsetMs) / 1_000)} s ${clockOffsetMs > 0 ? 'fast' : 'slow'}: readings are not trusted`;
  const incident = { kind: 'clock', offsetMs: clockOffsetMs } as const;
  return [{ kind: 'clock', subject: null, incident, message, over: 'the clock is right', isBlind: true }];
}

function disk({ freeBytes, freeShare }: Health, { leastFreeBytes, leastFreeShare }: SelfWatchRules): Trouble[] {
  if (freeBytes >= leastFreeBytes && freeShare >= leastFreeShare) return [];
  const [freeMegabytes, freePercent] = [Math.floor(freeBytes / 1e6), Math.floor(freeShare * 100)];
  const incident = { kind: 'disk', freeMegabytes, freePercent } as const;
  const left = `${freeMegabytes} MB, ${freePercent} %`;
  const message = `the disk of the data folder is nearly full: ${left} left`;
  return [{ kind: 'disk', subject: null, incident, message, over: 'the disk has room', isBlind: true }];
}

function breakers({ at, breakers: known }: Health): Trouble[] {
  return known
    .filter(({ openUntil }) => openUntil > at)
    .map(({ host, openUntil, reason }) => ({
      kind: 'breaker',
      subject: host,
      incident: { kind: 'breaker', host, reason: pauseReason(reason), until: openUntil },
      message: `${host} is paused: ${reason}; until ${new Date(openUntil).toISOString()}`,
      over: `${host} is visited again`,
      isBlind: false,
    }));
}

function browser({ browserRestartsInLastHour: count }: Health, rules: SelfWatchRules): Trouble[] {
  if (count <= rules.mostBrowserRestarts) return [];
  const message = `the browser was restarted ${count} times in an hour`;
  const incident = { kind: 'browser', restarts: count } as const;
  return [{ kind: 'browser', subject: null, incident, message, over: 'the browser holds', isBlind: false }];
}

/** Where no channel sends any more, nobody can be told of it: the sign of life is all that is left. */
function late({ at, outbox }: Health, { lateAfterMs }: SelfWatchRules): Trouble[] {
  const unsent = new Set(['waiting', 'ready', 'claimed']);
  const isLate = ({ state, dueAt }: OutboxRow): boolean => unsent.has(state) && at - dueAt > lateAfterMs;
  const channels = new Set(outbox.filter(isLate).map(({ channel }) => channel));
  const isMute = outbox.every(({ channel }) => channels.has(channel));
  return [...channels].map((channel) => ({
    kind: 'late',
    subject: channel,
    incident: { kind: 'late', channel, minutes: wholeMinutes(lateAfterMs) },
    message: `messages by ${channel} are over ${minutes(lateAfterMs)} late: \`guetteur outbox\``,
    over: `messages by ${channel} leave again`,
    isBlind: isMute,
  }));
}

function deadLetters({ outbox }: Health): Trouble[] {
  return outbox
    .filter(({ state, count }) => state === 'dead' && count > 0)
    .map(({ channel, count }) => ({
      kind: 'dead_letters',
      subject: channel,
      incident: { kind: 'dead_letters', channel, count },
      message: `messages by ${channel} were given up: ${count}; see \`guetteur outbox\``,
      over: `no given-up message by ${channel} is left`,
      isBlind: false,
    }));
}

function minutes(milliseconds: number): string {
  return `${wholeMinutes(milliseconds)} min`;
}

function wholeMinutes(milliseconds: number): number {
  return Math.round(milliseconds / 60_000);
}

/** As `run/politeness.ts` writes them down: a closed list, stored with the host. */
const REASONS: readonly (readonly [RegExp, PauseReason])[] = [
  [/^asked to slow down$/, 'slow_down'],
  [/^access denied$/, 'denied'],
  [/^a new captcha$/, 'captcha'],
  [/^\d+ server errors in a row$/, 'faults'],
  [/^asked to come back later$/, 'later'],
  [/^budget of the host$/, 'budget'],
];

/** Null for one that was written by an older version, or by something else. */
function pauseReason(stored: string): PauseReason | null {
  const words = stored.replace(/^breaker: /, '');
  return REASONS.find(([pattern]) => pattern.test(words))?.[1] ?? null;
}

import type { ToldIncident } from '../core/incident.ts';
import type { Notice } from '../core/notice.ts';
import { troublesOf, type Health, type SelfWatchRules, type Trouble, type TroubleKind } from './troubles.ts';

/** The monitor watches itself: its troubles over time, and what its operator is told of them. */

/** A trouble that lasts. */
export interface OpenTrouble {
  readonly trouble: Trouble;
  readonly since: number;
  /** Snapshots in a row that showed it, or, when it was told, that did not. */
  readonly seen: number;
  readonly clear: number;
  /** How often it was told, and when last. */
  readonly told: number;
  readonly toldAt: number;
}

export interface SelfWatchParts {
  /** Writes notices so that they outlive a crash: `Store.tell`. */
  readonly tell: (notices: readonly Notice[], now: number) => Promise<unknown>;
  /** What earlier runs told, the newest first: a restart is no news. Nothing when not given. */
  readonly toldBefore?: () => Promise<readonly Notice[]>;
  readonly rules?: SelfWatchRules;
}

const TICKS_TO_TELL = 2;
const TICKS_TO_END = 2;
const TOLD_AGAIN_AFTER_MS = 24 * 3_600_000;

/** Remembers which troubles last, so that each is told once, again each day, and once more when it is over. */
export class SelfWatch {
  readonly #parts: SelfWatchParts;
  /** Null before the first snapshot: what an earlier run left open is not known yet. */
  #lasting: readonly OpenTrouble[] | null = null;
  #isWell = false;

  constructor(parts: SelfWatchParts) {
    this.#parts = parts;
  }

  /** Every trouble that lasts and was told. */
  get open(): readonly OpenTrouble[] {
    return (this.#lasting ?? []).filter(({ told }) => told > 0);
  }

  /** Whether the last snapshot showed nothing of the blind kind; false before the first. */
  get isWell(): boolean {
    return this.#isWell;
  }

  /**
   * Takes a snapshot, writes what is to be told, and returns it. When it cannot be written, it throws what `tell` threw, and the
   * next tick tells it.
   */
  async tick(health: Health): Promise<readonly Notice[]> {
    const troubles = troublesOf(health, this.#parts.rules);
    this.#isWell = troubles.every(({ isBlind }) => !isBlind);
    const before = this.#lasting ?? openOf((await this.#parts.toldBefore?.()) ?? []);
    const { open, notices } = follow(before, troubles, health.at);
    if (notices.length > 0) await this.#parts.tell(notices, health.at);
    this.#lasting = open;
    return notices;
  }
}

/** What was told last of each trouble, where that was not its end. Of notices, the newest first. */
function openOf(told: readonly Notice[]): OpenTrouble[] {
  const last = new Map<string, OpenTrouble | null>();
  for (const { at, event } of told) {
    if (event?.told === undefined) continue;
    const { incident, stage, since, times } = event.told;
    const trouble = { ...restored(incident), incident };
    const id = idOf(trouble);
    if (last.has(id)) continue;
    const open = { trouble, since, seen: TICKS_TO_TELL, clear: 0, told: times, toldAt: at };
    last.set(id, stage === 'over' ? null : open);
  }
  return [...last.values()].filter((open) => open !== null);
}

/** What a trouble is known by; its words are those of the next snapshot that shows it, or of its end. */
function restored(incident: ToldIncident['incident']): Omit<Trouble, 'incident'> {
  const { kind } = incident;
  const subject = 'host' in incident ? incident.host : 'channel' in incident ? incident.channel : null;
  const named = subject === null ? kind : `${kind} ${subject}`;
  return { kind, subject, message: named, over: `${named}: it has ended`, isBlind: false };
}

/** One snapshot folded into what lasts. Pure. */
function follow(
  before: readonly OpenTrouble[],
  troubles: readonly Trouble[],
  now: number,
): { readonly open: readonly OpenTrouble[]; readonly notices: readonly Notice[] } {
  const current = new Map(troubles.map((trouble) => [idOf(trouble), trouble]));
  const known = new Set(before.map(({ trouble }) => idOf(trouble)));
  const begun = [...current].filter(([id]) => !known.has(id)).map(([, trouble]) => beginning(trouble, now));
  const steps = [
    ...before.map((one) => stepOf(one, current.get(idOf(one.trouble)), now)),
    ...begun.map((one) => ({ open: one, notice: null })),
  ];
  return {
    open: steps.flatMap(({ open }) => open ?? []),
    notices: steps.flatMap(({ notice }) => notice ?? []),
  };
}

interface Step {
  readonly open: OpenTrouble | null;
  readonly notice: Notice | null;
}

function beginning(trouble: Trouble, now: number): OpenTrouble {
  return { trouble, since: now, seen: 1, clear: 0, told: 0, toldAt: 0 };
}

function stepOf(one: OpenTrouble, trouble: Trouble | undefined, now: number): Step {
  if (trouble === undefined) return clearing(one, now);
  const lasting = { ...one, trouble, seen: one.seen + 1, clear: 0 };
  const isDue = one.told === 0 ? lasting.seen >= TICKS_TO_TELL : now - one.toldAt >= TOLD_AGAIN_AFTER_MS;
  if (!isDue) return { open: lasting, notice: null };
  const told = one.told + 1;
  const key = told === 1 ? keyOf(one) : `${keyOf(one)}/${told}`;
  const message = told === 1 ? trouble.message : `still: ${trouble.message}`;
  const facts = { incident: trouble.incident, since: one.since, times: told } as const;
  const notice = noticeOf(key, message, { ...facts, stage: told === 1 ? 'begun' : 'still' }, now);
  return { open: { ...lasting, told, toldAt: now }, notice };
}

/** What was never told ends in silence; what comes and goes within a minute is one trouble, not many. */
function clearing(one: OpenTrouble, now: number): Step {
  if (one.told === 0) return { open: null, notice: null };
  const clear = one.clear + 1;
  if (clear < TICKS_TO_END) return { open: { ...one, clear }, notice: null };
  const { trouble, since, told } = one;
  const facts = { incident: trouble.incident, since, times: told, stage: 'over' } as const;
  return { open: null, notice: noticeOf(`${keyOf(one)}/over`, `over: ${trouble.over}`, facts, now) };
}

function idOf({ kind, subject }: Trouble): string {
  return subject === null ? kind : `${kind}/${subject}`;
}

function keyOf({ trouble, since }: OpenTrouble): string {
  return `operator/${idOf(trouble)}/${since}`;
}

function noticeOf(key: string, message: string, told: ToldIncident, at: number): Notice {
  return { kind: 'operator', key, at, place: null, episode: null, event: { kind: null, message, told } };
}

/** For a gauge: 1 for each trouble that lasts and was told. */
export function troubleFacts(open: readonly OpenTrouble[]): { kind: TroubleKind; subject: string; since: number }[] {
  return open.map(({ trouble, since }) => ({ kind: trouble.kind, subject: trouble.subject ?? '', since }));
}

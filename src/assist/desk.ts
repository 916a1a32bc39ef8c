import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';

import type { Check } from '../core/check.ts';
import { asAppError } from '../core/errors.ts';
import type { BreakerState } from '../core/host.ts';
import type { Help, Invitation } from '../core/invitation.ts';
import { groupOf } from '../core/outcome.ts';
import { wants } from '../core/subscription.ts';
import { hostOf, type Target } from '../core/target.ts';
import type { AssistedEnd, Pass } from '../run/assisted.ts';
import type { Checked, CheckOrder, Runner, RunResult } from '../run/runner.ts';
import type { SpotCandidate, Store } from '../store/contract.ts';
import { Again, type AgainRules } from './again.ts';
import { openWindow, type InstantRules } from './instants.ts';
import { isValid } from './invitations.ts';
import { offersOf, reaches, shareOf, type Offer } from './queue.ts';
import { remindersDue } from './reminders.ts';
import { Session, type OverReason } from './session.ts';
import { SPOT_WITHIN_MS, spotsOf } from './spot-checks.ts';

/** Who helps with what at this moment: hands targets out, opens sessions, runs them through to a recorded reading, ends them. */

export interface DeskRules {
  readonly instants: InstantRules;
  /** Windows open at once, over all people. */
  readonly windows: number;
  /** How long a page is in one person's hands. */
  readonly sessionMs: number;
  /** How long a person waits for a host at most. */
  readonly waitMs: number;
  /** A lost connection may come back within this. */
  readonly lostAfterMs: number;
  readonly spacingMs: number;
  readonly again: AgainRules;
  /** One in so many automatic "no"s is shown for a look; 0 for none. */
  readonly spotCheckOneIn: number;
}

export interface Spot extends SpotCandidate {
  readonly target: Target;
}

export interface DeskParts {
  readonly runner: Pick<Runner, 'check'>;
  readonly store: Pick<
    Store,
    'helpFacts' | 'spotCandidates' | 'subscriptions' | 'hostState' | 'due' | 'invitations' | 'tell'
  >;
  readonly targets: ReadonlyMap<string, Target>;
  /** Whether a person can help with a platform's pages. */
  readonly isAssisted: (platform: string) => boolean;
  /** Records a check as any other is recorded, with the person's part in it. */
  readonly keep: (checked: KeptHelp) => Promise<number>;
  /** The host is free again, earlier than its lease said. */
  readonly onFree: (host: string) => void;
  readonly rules: DeskRules;
  readonly log: Logger;
  readonly now?: () => number;
}

export interface KeptHelp {
  readonly check: Check;
  readonly breaker: BreakerState | null;
  readonly help: Help;
}

/** Why a session did not begin. `busy`: all windows are open; `taken`: the person has one open already. */
export type BeginRefusal = 'unknown' | 'busy' | 'taken';

const LOOKED_BACK_MS = 35 * 86_400_000;
const RETRY_MS = 1_000;
/** A scheduled check that has waited this long for its host goes before the next person. */
const SCHEDULED_FIRST_AFTER_MS = 30_000;
/** Who looks at the list is about to take something from it. */
const HELPS_FOR_MS = 120_000;
const REMEMBERED_MS = 15 * 60_000;
const REMINDED_EVERY_MS = 60_000;

export class AssistDesk {
  readonly #parts: DeskParts;
  readonly #now: () => number;
  readonly #again: Again;
  /** Sessions by id, also those that ended a moment ago: their pages are still open somewhere. */
  readonly #sessions = new Map<string, { readonly session: Session; endedAt: number | null }>();
  readonly #running = new Set<Promise<void>>();
  /** When each invitation last looked at the list. */
  readonly #looked = new Map<number, number>();
  #isStopping = false;
  #remindedAt = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#again = new Again(parts.rules.again, (target, pass) => this.#readAgain(target, pass));
  }

  /** Sessions that are not over. */
  get open(): number {
    return this.#alive().length;
  }

  /** What a person is offered, best first. From then on, for a while, they count among those who help. */
  async offers(invitation: Invitation): Promise<Offer[]> {
    const { store, targets, isAssisted, rules } = this.#parts;
    const now = this.#now();
    const [facts, subscriptions] = await Promise.all([store.helpFacts(now - LOOKED_BACK_MS), store.subscriptions()]);
    const known = new Map(facts.map((fact) => [fact.targetId, fact]));
    const mine = [...targets.values()].filter((target) => isAssisted(target.platform) && reaches(invitation, target));
    const entries = await Promise.all(
      mine.flatMap((target) => {
        const found = known.get(target.id);
        if (found === undefined || found.lastAutomatic !== 'captcha') return [];
        const subscribers = subscriptions.filter(
          (one) => one.state === 'active' && wants(one, { kind: 'slots', place: target }),
        ).length;
        return [this.#entry(target, { facts: found, subscribers })];
      }),
    );
    const offers = offersOf(entries, { instants: rules.instants, spacingMs: rules.spacingMs }, now);
    this.#looked.set(invitation.id, now);
    const helping = this.#helping(now);
    return shareOf(offers, helping.indexOf(invitation.id), helping.length);
  }

  /** Automatic "no"s that this person may look at with their own browser. */
  async spots(invitation: Invitation): Promise<readonly Spot[]> {
    const { store, targets, rules } = this.#parts;
    const candidates = await store.spotCandidates(this.#now() - SPOT_WITHIN_MS);
    return spotsOf(candidates, { seed: rules.instants.seed, oneIn: rules.spotCheckOneIn }).flatMap((found) => {
      const target = targets.get(found.targetId);
      return target !== undefined && reaches(invitation, target) ? [{ ...found, target }] : [];
    });
  }

  begin(invitation: Invitation, targetId: string): Session | BeginRefusal {
    const { targets, isAssisted, rules } = this.#parts;
    const target = targets.get(targetId);
    if (target === undefined || !isAssisted(target.platform) || !reaches(invitation, target)) return 'unknown';
    if (this.#alive().some((session) => session.invitation.id === invitation.id)) return 'taken';
    if (this.#isStopping || this.open >= rules.windows) return 'busy';
    const session = new Session({ invitation, target }, { now: this.#now(), lostAfterMs: rules.lostAfterMs });
    this.#sessions.set(session.id, { session, endedAt: null });
    const work = this.#run(session)
      .catch((error: unknown) => this.#failed(session, error))
      .finally(() => this.#running.delete(work));
    this.#running.add(work);
    return session;
  }

  /** A person's own session; null when it is not theirs, or there is none. */
  session(id: string, invitationId: number): Session | null {
    const found = this.#sessions.get(id)?.session;
    return found?.invitation.id === invitationId ? found : null;
  }

  /** The session that a person has under way. */
  sessionOf(invitationId: number): Session | null {
    return this.#alive().find(({ invitation }) => invitation.id === invitationId) ?? null;
  }

  /** Once a second: forgets what ended, ends what was revoked, reads again what may be read again, nudges. */
  async tick(): Promise<void> {
    const now = this.#now();
    for (const [id, { endedAt }] of this.#sessions) {
      if (endedAt !== null && now - endedAt > REMEMBERED_MS) this.#sessions.delete(id);
    }
    if (this.#alive().length > 0) await this.#endRevoked(now);
    await this.#again.tick(now);
    if (now - this.#remindedAt >= REMINDED_EVERY_MS) await this.#remind(now);
  }

  /** Those who asked for it hear that a random instant has come; once, whatever becomes of it. */
  async #remind(now: number): Promise<void> {
    this.#remindedAt = now;
    const { store, targets, isAssisted, rules } = this.#parts;
    const isAsked = (await store.subscriptions()).some(
      ({ state, kinds }) => state === 'active' && kinds.includes('due'),
    );
    if (!isAsked) return;
    const mine = new Map([...targets].filter(([, target]) => isAssisted(target.platform)));
    const facts = await store.helpFacts(now - LOOKED_BACK_MS);
    await store.tell(remindersDue(facts, mine, { instants: rules.instants, now }), now);
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#running);
  }

  /** Ends every session; what is under way may be recorded. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    this.#again.stop();
    for (const session of this.#alive()) session.leave();
    const late = new AbortController();
    await Promise.race([
      Promise.all(this.#running),
      sleep(withinMs, undefined, { signal: late.signal }).catch(() => undefined),
    ]);
    late.abort();
  }

  #alive(): Session[] {
    return [...this.#sessions.values()].map(({ session }) => session).filter((session) => !session.isOver);
  }

  /** Those who help now, in the order of their invitations: who has a window open, and who looked at the list a moment ago. */
  #helping(now: number): number[] {
    for (const [id, at] of this.#looked) if (now - at > HELPS_FOR_MS) this.#looked.delete(id);
    const open = this.#alive().map(({ invitation }) => invitation.id);
    return [...new Set([...this.#looked.keys(), ...open])].toSorted((a, b) => a - b);
  }

  async #entry(target: Target, known: { facts: Parameters<typeof offersOf>[0][number]['facts']; subscribers: number }) {
    const state = await this.#parts.store.hostState(hostOf(target.address), this.#now());
    const isTaken = this.#alive().some((session) => session.target.id === target.id);
    return { target, ...known, isTaken, hostFreeAt: Math.max(state.breaker.openUntil, state.leasedUntil) };
  }

  async #endRevoked(now: number): Promise<void> {
    const invitations = new Map((await this.#parts.store.invitations()).map((one) => [one.id, one]));
    for (const session of this.#alive()) {
      const invitation = invitations.get(session.invitation.id);
      if (invitation === undefined || !isValid(invitation, now)) session.leave();
    }
  }

  async #run(session: Session): Promise<void> {
    const size = await Promise.race([session.began, session.left.then(() => null)]);
    const result = size === null ? null : await this.#visited(session, size);
    if (result === null) {
      this.#end(session, { kind: 'over', why: session.isLeft ? 'left' : 'busy' });
      return;
    }
    const { check, end } = result;
    const { outcome, facets } = check.reading;
    const design = await this.#designOf(check);
    const checkId = await this.#parts.keep({
      check: { ...check, design: design.design },
      breaker: result.breaker,
      help: {
        kind: 'reading',
        invitationId: session.invitation.id,
        plannedAt: design.plannedAt,
        pairedCheckId: null,
        picture: null,
      },
    });
    const isRead = outcome !== 'captcha' && outcome !== 'skipped' && outcome !== 'monitor_error';
    this.#parts.log.info({ check: checkId, invitation: session.invitation.id, isRead }, 'a person helped');
    if (isRead && end !== null && end.pass !== null) this.#again.begin(session.target, end.pass, this.#now());
    if (isRead) {
      const isUniform = design.design === 'uniform';
      this.#end(session, { kind: 'done', outcome, firstDate: facets.firstDate ?? null, isUniform });
      return;
    }
    this.#end(session, { kind: 'over', why: whyOver(outcome, end) });
  }

  /** Waits its turn for the host, then makes the visit. Null when the person left, or waited too long. */
  async #visited(session: Session, size: 'narrow' | 'wide'): Promise<(Checked & { end: AssistedEnd | null }) | null> {
    const { runner, rules, onFree } = this.#parts;
    const { target } = session;
    const host = hostOf(target.address);
    let end: AssistedEnd | null = null;
    const order: CheckOrder = {
      target,
      mode: 'assisted',
      design: 'opportunistic',
      onAdmitted: () => {
        session.become({ kind: 'coming' });
        return Promise.resolve();
      },
      assisted: {
        limitMs: rules.sessionMs,
        size,
        meet: async (window, over) => {
          over.addEventListener('abort', () => session.takenBack(), { once: true });
          await session.open(window, this.#now() + rules.sessionMs);
          await session.left;
        },
        onEnd: (found) => {
          end = found;
        },
      },
    };
    const result = await this.#whenFree(session, host, () => runner.check(order));
    if (result === null) return null;
    onFree(host);
    return { ...result, end };
  }

  /** First come, first served on each host, by when their browsers were there; a scheduled check that waits for long goes before the next person. */
  async #whenFree(session: Session, host: string, visit: () => Promise<RunResult>): Promise<Checked | null> {
    const until = this.#now() + this.#parts.rules.waitMs;
    while (!session.isLeft && this.#now() < until) {
      if (this.#isFirst(session, host) && !(await this.#isScheduledFirst(host))) {
        const result = await visit();
        if (result.kind === 'checked') return result;
        session.become({ kind: 'waiting', until: result.until });
      }
      await Promise.race([sleep(RETRY_MS), session.left]);
    }
    return null;
  }

  #isFirst(session: Session, host: string): boolean {
    const line = this.#alive().filter((other) => other.isThere && hostOf(other.target.address) === host);
    return line[0] === session;
  }

  async #isScheduledFirst(host: string): Promise<boolean> {
    const now = this.#now();
    const due = await this.#parts.store.due(now);
    return due.some(({ targetId, plannedAt }) => {
      const target = this.#parts.targets.get(targetId);
      return target !== undefined && hostOf(target.address) === host && now - plannedAt > SCHEDULED_FIRST_AFTER_MS;
    });
  }

  /** `uniform` only for what was seen within the window of a random instant that nobody had answered. */
  async #designOf({ targetId, reading, observedAt }: Check): Promise<Pick<Check, 'design'> & Pick<Help, 'plannedAt'>> {
    const none = { design: 'opportunistic', plannedAt: null } as const;
    if (observedAt === null || groupOf(reading.outcome) !== 'observed') return none;
    const facts = await this.#parts.store.helpFacts(observedAt - LOOKED_BACK_MS);
    const answered = facts.find((fact) => fact.targetId === targetId)?.answeredAt ?? [];
    const window = openWindow(this.#parts.rules.instants, targetId, observedAt, answered);
    return window === null ? none : { design: 'uniform', plannedAt: window.plannedAt };
  }

  /** Off unless the operator allows it: the page behind a captcha that a person passed, once more. Null ends it. */
  async #readAgain(target: Target, pass: Pass): Promise<boolean> {
    const { runner, keep, onFree } = this.#parts;
    const result = await runner.check({ target, mode: 'assisted', design: 'opportunistic', pass });
    if (result.kind === 'wait') return true;
    onFree(hostOf(target.address));
    const help = { kind: 'again', invitationId: null, plannedAt: null, pairedCheckId: null, picture: null } as const;
    await keep({ check: result.check, breaker: result.breaker, help });
    return groupOf(result.check.reading.outcome) === 'observed';
  }

  #end(session: Session, state: Parameters<Session['become']>[0]): void {
    session.become(state);
    const found = this.#sessions.get(session.id);
    if (found !== undefined) found.endedAt = this.#now();
  }

  #failed(session: Session, error: unknown): void {
    const failure = asAppError(error, 'INTERNAL');
    this.#parts.log.error({ target: session.target.id, code: failure.code, hint: failure.hint }, failure.message);
    this.#end(session, { kind: 'over', why: 'failed' });
  }
}

function whyOver(outcome: Check['reading']['outcome'], end: AssistedEnd | null): OverReason {
  if (outcome === 'skipped') return 'stopped';
  if (outcome === 'monitor_error' || end === null || end.how === 'reached') return 'failed';
  return end.how;
}

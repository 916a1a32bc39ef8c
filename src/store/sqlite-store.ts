import { stat } from 'node:fs/promises';
import { sql, type Kysely } from 'kysely';

import type { Check, PlannedCheck, PlannedEnd } from '../core/check.ts';
import { asAppError } from '../core/errors.ts';
import type { EventKind, SoftBlock } from '../core/event.ts';
import type { HelpFacts, Invitation } from '../core/invitation.ts';
import type { Admission, BreakerState, HostState, RobotsRecord } from '../core/host.ts';
import type { Notice } from '../core/notice.ts';
import type { Target } from '../core/target.ts';
import * as assisted from './assisted.ts';
import * as checks from './checks.ts';
import type {
  Certificate,
  Agreement,
  CheckQuery,
  CheckRow,
  ClaimedMessage,
  ClaimRequest,
  DeliveryCount,
  EventQuery,
  HelpedCheck,
  LeaseRequest,
  NewInvitation,
  NewLabel,
  NewReading,
  NewSubscription,
  OutboxCount,
  PageGroup,
  PlannedCount,
  PlannedEndCount,
  PlannedMark,
  RecordEnds,
  SpotCandidate,
  Store,
  StoredCheck,
  StoredEpisode,
  StoredEvent,
  StoredMessage,
  StoredSoftBlock,
  StoredSubscription,
  SubscriptionCount,
  TargetStatus,
} from './contract.ts';
import * as daily from './daily.ts';
import * as episodes from './episodes.ts';
import * as hosts from './hosts.ts';
import * as looks from './looks.ts';
import * as outbox from './outbox.ts';
import * as planned from './planned.ts';
import * as review from './review.ts';
import * as standings from './standings.ts';
import * as stored from './stored-checks.ts';
import type { SteadyClock } from './steady.ts';
import * as subscriptions from './subscriptions.ts';
import type { Connection, Tables } from './tables.ts';

/** The store on SQLite: which query runs in a read, which in a write transaction. */
export class SqliteStore implements Store {
  readonly #db: Kysely<Tables>;
  readonly #path: string;
  readonly #clock: SteadyClock | null;

  constructor(db: Kysely<Tables>, path: string, clock: SteadyClock | null = null) {
    this.#db = db;
    this.#path = path;
    this.#clock = clock;
  }

  saveTargets(targets: readonly Target[]): Promise<void> {
    return this.#write((db) => checks.saveTargets(db, targets));
  }

  knownTargets(): Promise<readonly Target[]> {
    return this.#read((db) => checks.knownTargets(db));
  }

  record(check: Check, ends: RecordEnds): Promise<number> {
    return this.#write((db) => checks.record(db, check, ends));
  }

  plan(rows: readonly Omit<PlannedCheck, 'id'>[]): Promise<void> {
    return this.#write((db) => planned.plan(db, rows));
  }

  plannedUntil(): Promise<ReadonlyMap<string, PlannedMark>> {
    return this.#read((db) => planned.plannedUntil(db));
  }

  due(now: number): Promise<readonly PlannedCheck[]> {
    return this.#read((db) => planned.due(db, now));
  }

  begin(plannedId: number, now: number): Promise<boolean> {
    return this.#write((db) => planned.begin(db, plannedId, now));
  }

  close(plannedId: number, end: PlannedEnd, reason: string): Promise<void> {
    return this.#write((db) => planned.closePlanned(db, plannedId, { state: end, reason }));
  }

  closeBegun(reason: string): Promise<number> {
    return this.#write((db) => planned.closeBegun(db, reason));
  }

  closeDue(before: number, reason: string): Promise<number> {
    return this.#write((db) => planned.closeDue(db, before, reason));
  }

  closeUnwatched(watched: readonly string[], reason: string): Promise<void> {
    return this.#write((db) => planned.closeUnwatched(db, watched, reason));
  }

  hostState(host: string, now: number): Promise<HostState> {
    return this.#read((db) => hosts.hostState(db, host, now));
  }

  hosts(now: number): Promise<readonly HostState[]> {
    return this.#read((db) => hosts.hosts(db, now));
  }

  lease(request: LeaseRequest): Promise<Admission> {
    return this.#write((db) => hosts.lease(db, request, this.#clock));
  }

  release(host: string, owner: string, lastLoadAt: number, breaker: BreakerState | null = null): Promise<void> {
    return this.#write(async (db) => {
      if (breaker !== null) await hosts.saveBreaker(db, host, breaker);
      await hosts.release(db, { host, owner }, lastLoadAt, this.#clock);
    });
  }

  releaseAll(ownerPrefix: string, now: number): Promise<void> {
    return this.#write((db) => hosts.release(db, { ownerPrefix }, now, this.#clock));
  }

  closeBreaker(host: string, now: number): Promise<boolean> {
    return this.#write((db) => hosts.closeBreaker(db, host, now));
  }

  robotsOf(origin: string): Promise<RobotsRecord | null> {
    return this.#read((db) => hosts.robotsOf(db, origin));
  }

  robots(): Promise<readonly RobotsRecord[]> {
    return this.#read((db) => hosts.robots(db));
  }

  saveRobots(record: RobotsRecord): Promise<void> {
    return this.#write((db) => hosts.saveRobots(db, record));
  }

  statuses(): Promise<readonly TargetStatus[]> {
    return this.#read((db) => standings.statuses(db));
  }

  checks(query: CheckQuery): Promise<readonly CheckRow[]> {
    return this.#read((db) => checks.checks(db, query));
  }

  appendReading(row: NewReading): Promise<void> {
    return this.#write((db) => checks.appendReading(db, row));
  }

  plannedCounts(): Promise<readonly PlannedCount[]> {
    return this.#read((db) => planned.plannedCounts(db));
  }

  plannedCountsBetween(since: number, until: number): Promise<readonly PlannedCount[]> {
    return this.#read((db) => planned.plannedCountsBetween(db, since, until));
  }

  plannedEnds(): Promise<readonly PlannedEndCount[]> {
    return this.#read((db) => planned.plannedEnds(db));
  }

  certificates(): Promise<readonly Certificate[]> {
    return this.#read((db) => hosts.certificates(db));
  }

  invite(wanted: NewInvitation): Promise<number> {
    return this.#write((db) => assisted.invite(db, wanted));
  }

  invitations(): Promise<readonly Invitation[]> {
    return this.#read((db) => assisted.invitations(db));
  }

  invitationOf(tokenHash: Buffer): Promise<Invitation | null> {
    return this.#read((db) => assisted.invitationOf(db, tokenHash));
  }

  revokeInvitation(id: number, now: number): Promise<boolean> {
    return this.#write((db) => assisted.revokeInvitation(db, id, now));
  }

  usedInvitation(id: number, now: number): Promise<void> {
    return this.#write((db) => assisted.usedInvitation(db, id, now));
  }

  helpFacts(since: number): Promise<readonly HelpFacts[]> {
    return this.#read((db) => assisted.helpFacts(db, since));
  }

  spotCandidates(since: number): Promise<readonly SpotCandidate[]> {
    return this.#read((db) => assisted.spotCandidates(db, since));
  }

  helpedChecks({ limit }: { limit: number }): Promise<readonly HelpedCheck[]> {
    return this.#read((db) => assisted.helpedChecks(db, limit));
  }

  agreements(): Promise<readonly Agreement[]> {
    return this.#read((db) => looks.agreements(db));
  }

  lastFinishedAt(): Promise<number | null> {
    return this.#read((db) => checks.lastFinishedAt(db));
  }

  storedCheck(id: number): Promise<StoredCheck | null> {
    return this.#read((db) => stored.storedCheck(db, id));
  }

  unrecognised(): Promise<readonly PageGroup[]> {
    return this.#read((db) => review.unrecognised(db));
  }

  unrecognisedGroups(): Promise<ReadonlyMap<string, number>> {
    return this.#read((db) => review.unrecognisedGroups(db));
  }

  label(label: NewLabel): Promise<number> {
    return this.#write((db) => review.label(db, label));
  }

  events(query: EventQuery): Promise<readonly StoredEvent[]> {
    return this.#read((db) => review.events(db, query));
  }

  eventCounts(): Promise<ReadonlyMap<EventKind, number>> {
    return this.#read((db) => review.eventCounts(db));
  }

  seen(eventId: number, by: string, now: number): Promise<boolean> {
    return this.#write((db) => review.seen(db, eventId, by, now));
  }

  softBlocks(): Promise<readonly StoredSoftBlock[]> {
    return this.#read((db) => review.softBlocks(db));
  }

  markSoftBlock(block: SoftBlock, now: number): Promise<number> {
    return this.#write((db) => review.markSoftBlock(db, block, now));
  }

  liftSoftBlock(id: number, lift: { by: string; why: string; now: number }): Promise<boolean> {
    return this.#write((db) => review.liftSoftBlock(db, id, lift));
  }

  episodes(query: { targetId?: string; limit: number }): Promise<readonly StoredEpisode[]> {
    return this.#read((db) => episodes.episodes(db, query));
  }

  lasting(): Promise<readonly StoredEpisode[]> {
    return this.#read((db) => episodes.lasting(db));
  }

  refold(targetId: string): Promise<void> {
    return this.#write(async (db) => {
      await episodes.rebuild(db, targetId);
      await standings.rebuild(db, targetId);
    });
  }

  rebuildDays(targetId: string): Promise<number> {
    return this.#write((db) => daily.rebuildTarget(db, targetId));
  }

  notices(query: { keysFrom: string; limit: number }): Promise<readonly Notice[]> {
    return this.#read((db) => outbox.noticesFrom(db, query));
  }

  tell(notices: readonly Notice[], now: number): Promise<number> {
    return this.#write((db) => outbox.saveNotices(db, notices, now));
  }

  claim(request: ClaimRequest): Promise<readonly ClaimedMessage[]> {
    return this.#write((db) => outbox.claim(db, request));
  }

  endMessage(
    id: number,
    { result, now, error }: { result: 'sent' | 'dead'; now: number; error?: string },
  ): Promise<void> {
    return this.#write((db) => outbox.end(db, id, { result, now, error: error ?? '' }));
  }

  postponeMessage(id: number, nextAt: number, error: string): Promise<void> {
    return this.#write((db) => outbox.postpone(db, id, nextAt, error));
  }

  messages(query: { limit: number }): Promise<readonly StoredMessage[]> {
    return this.#read((db) => outbox.messages(db, query));
  }

  reviveMessages(id: number | null, now: number): Promise<number> {
    return this.#write((db) => outbox.revive(db, id, now));
  }

  outboxCounts(): Promise<readonly OutboxCount[]> {
    return this.#read((db) => outbox.outboxCounts(db));
  }

  deliveryCounts(): Promise<readonly DeliveryCount[]> {
    return this.#read((db) => outbox.deliveryCounts(db));
  }

  subscriptionCounts(): Promise<readonly SubscriptionCount[]> {
    return this.#read((db) => subscriptions.subscriptionCounts(db));
  }

  subscriptions(): Promise<readonly StoredSubscription[]> {
    return this.#read((db) => subscriptions.subscriptions(db));
  }

  configureSubscriptions(wanted: readonly NewSubscription[]): Promise<void> {
    return this.#write((db) => subscriptions.configure(db, wanted));
  }

  subscribe(wanted: NewSubscription): Promise<number> {
    return this.#write((db) => subscriptions.subscribe(db, wanted));
  }

  async subscription(id: number): Promise<StoredSubscription | null> {
    const found = await this.#read((db) => subscriptions.subscriptionsById(db, new Set([id])));
    return found.get(id) ?? null;
  }

  activate(id: number, now: number): Promise<boolean> {
    return this.#write((db) => subscriptions.activate(db, id, now));
  }

  unsubscribe(id: number): Promise<boolean> {
    return this.#write((db) => subscriptions.unsubscribe(db, id));
  }

  dropPending(before: number): Promise<number> {
    return this.#write((db) => subscriptions.dropPending(db, before));
  }

  async *replayable(query: { since: number; platform?: string }): AsyncIterable<StoredCheck> {
    let after = 0;
    for (;;) {
      const last = after;
      const page = await this.#read((db) => stored.replayablePage(db, { ...query, after: last }));
      yield* page;
      after = page.at(-1)?.id ?? after;
      if (page.length < stored.PAGE) return;
    }
  }

  async sizeBytes(): Promise<number> {
    const sizes = await Promise.all([this.#path, `${this.#path}-wal`].map((path) => stat(path).catch(() => null)));
    return sizes.reduce((sum, info) => sum + (info?.size ?? 0), 0);
  }

  async end(): Promise<void> {
    await this.#db.destroy();
  }

  async #read<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this.#db);
    } catch (error) {
      throw asAppError(error, 'STORE_FAILED');
    }
  }

  /** A write takes the database's write lock at once: a transaction that reads first and writes later could be refused. */
  async #write<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    try {
      return await this.#db.connection().execute(async (db) => {
        await sql`begin immediate`.execute(db);
        try {
          const result = await work(db);
          await sql`commit`.execute(db);
          return result;
        } catch (error) {
          await sql`rollback`.execute(db).catch(() => undefined);
          throw error;
        }
      });
    } catch (error) {
      throw asAppError(error, 'STORE_FAILED');
    }
  }
}

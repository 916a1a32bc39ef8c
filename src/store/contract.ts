import type { Check, Design, Hash, KeptCapture, Mode, PlannedCheck, PlannedEnd } from '../core/check.ts';
import type { Episode } from '../core/episode.ts';
import type { Event, EventKind, SoftBlock } from '../core/event.ts';
import type { Decide } from '../core/follow-up.ts';
import type { Help, HelpFacts, HelpKind, Invitation } from '../core/invitation.ts';
import type { Admission, BreakerState, HostState, RobotsRecord } from '../core/host.ts';
import type { Notice } from '../core/notice.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Reading } from '../core/reading.ts';
import type { Standing } from '../core/standing.ts';
import type { Subscription } from '../core/subscription.ts';
import type { Target } from '../core/target.ts';

/**
 * What the rest of the monitor may count on:
 * - `record` writes the check, its captures' references, its reading, the breaker of its host and the end of its planned
 *   check in one transaction, flushed to disk: either all of it is there after a crash, or nothing.
 * - A check or a reading that was written is never changed. A better reading is appended and supersedes the earlier one.
 * - A planned check ends in exactly one state; closing it twice does nothing.
 * - Several processes may use one store: a host's lease is given to one of them at a time.
 *
 * Every method throws `STORE_FAILED` when the database cannot be used. Instants are epoch milliseconds UTC.
 */
export interface Store {
  saveTargets(targets: readonly Target[]): Promise<void>;
  /** Every target that was ever saved, as it was saved last; its contacts are not kept. */
  knownTargets(): Promise<readonly Target[]>;
  /** Returns the id of the check. */
  record(check: Check, ends: RecordEnds): Promise<number>;

  /** Writes planned checks; those already planned for the same target and interval are left as they are. */
  plan(rows: readonly Omit<PlannedCheck, 'id'>[]): Promise<void>;
  /** The last interval planned of each target that has one, by target id. */
  plannedUntil(): Promise<ReadonlyMap<string, PlannedMark>>;
  /** Planned checks that are due and not begun, oldest first. */
  due(now: number): Promise<readonly PlannedCheck[]>;
  /** Marks a planned check as begun; false when it was begun or closed before. */
  begin(plannedId: number, now: number): Promise<boolean>;
  /** Closes a planned check that led to no check. Does nothing when it is closed already. */
  close(plannedId: number, end: PlannedEnd, reason: string): Promise<void>;
  /** Closes as `missed` what an earlier run had begun and not ended. Returns how many. */
  closeBegun(reason: string): Promise<number>;
  /** Closes as `missed` what fell due before an instant and was not begun. Returns how many. */
  closeDue(before: number, reason: string): Promise<number>;
  /** Closes as `skipped` what is planned for targets that are no longer watched. */
  closeUnwatched(watched: readonly string[], reason: string): Promise<void>;

  hostState(host: string, now: number): Promise<HostState>;
  hosts(now: number): Promise<readonly HostState[]>;
  /**
   * Gives the host to `owner` until `until` when nobody holds it and `admitted` says so, all in one write transaction: two
   * processes cannot both be admitted.
   */
  lease(request: LeaseRequest): Promise<Admission>;
  /** Ends a lease, and notes when the host was last asked for a page and, where it has changed, what its breaker is now. */
  release(host: string, owner: string, lastLoadAt: number, breaker?: BreakerState | null): Promise<void>;
  /** Ends the leases of owners that are known to be gone. */
  releaseAll(ownerPrefix: string, now: number): Promise<void>;
  /** Closes a host's breaker by a person's word; false when it was not open. */
  closeBreaker(host: string, now: number): Promise<boolean>;

  robotsOf(origin: string): Promise<RobotsRecord | null>;
  robots(): Promise<readonly RobotsRecord[]>;
  saveRobots(record: RobotsRecord): Promise<void>;

  /** The current reading of each target's last visit, with since when the outcome has been the same. */
  statuses(): Promise<readonly TargetStatus[]>;
  checks(query: CheckQuery): Promise<readonly CheckRow[]>;
  /** Checks whose captures were kept, for replay, in order of time. */
  replayable(query: { since: number; platform?: string }): AsyncIterable<StoredCheck>;
  appendReading(row: NewReading): Promise<void>;
  /** One check as replay sees it; null when there is none of that id. */
  storedCheck(id: number): Promise<StoredCheck | null>;
  /** Planned checks by state and reason, since the first day. */
  plannedCounts(): Promise<readonly PlannedCount[]>;
  /** How the uniform plans of each target ended, since the first day. These counts never fall. */
  plannedEnds(): Promise<readonly PlannedEndCount[]>;
  /** Until when the certificates of visited hosts are valid, as they were shown last. */
  certificates(): Promise<readonly Certificate[]>;
  /** The same, of those whose instant lies in `(since, until]`. */
  plannedCountsBetween(since: number, until: number): Promise<readonly PlannedCount[]>;

  /** Pages whose current reading is `unknown_page` or `ambiguous`, one group a structure, the most recent first. */
  unrecognised(): Promise<readonly PageGroup[]>;
  /** How many such groups there are now, by platform. */
  unrecognisedGroups(): Promise<ReadonlyMap<string, number>>;
  /** Notes what a person says a group is, for the checks in it now. Readings stay as they are. Returns how many checks. */
  label(label: NewLabel): Promise<number>;
  events(query: EventQuery): Promise<readonly StoredEvent[]>;
  eventCounts(): Promise<ReadonlyMap<EventKind, number>>;
  /** A person has seen an event; false when there is none of that id or it was seen before. */
  seen(eventId: number, by: string, now: number): Promise<boolean>;
  softBlocks(): Promise<readonly StoredSoftBlock[]>;
  /** Marks a window by a person's word. */
  markSoftBlock(block: SoftBlock, now: number): Promise<number>;
  /** Takes a mark off; false when there is none of that id or it was lifted before. */
  liftSoftBlock(
    id: number,
    lift: { readonly by: string; readonly why: string; readonly now: number },
  ): Promise<boolean>;

  /** Notices that were written, the newest first; `keysFrom`: those whose keys begin with it. */
  notices(query: { keysFrom: string; limit: number }): Promise<readonly Notice[]>;
  /** Openings and outages, the newest first. */
  episodes(query: { targetId?: string; limit: number }): Promise<readonly StoredEpisode[]>;
  /** Openings and outages that have no end yet. Whether they still last now is for the reader to say: see `believedUntil`. */
  lasting(): Promise<readonly StoredEpisode[]>;
  /** Folds all checks of a target again, after readings were superseded: episodes and standing. Nobody is told. */
  refold(targetId: string): Promise<void>;

  /** Counts all days of a target again from its checks. Returns how many days there are. */
  rebuildDays(targetId: string): Promise<number>;

  /** Writes notices that come from no check; those of a known key are left out. Returns how many deliveries wait for them. */
  tell(notices: readonly Notice[], now: number): Promise<number>;
  claim(request: ClaimRequest): Promise<readonly ClaimedMessage[]>;
  /** Ends a claimed message; does nothing to one whose claim was lost. */
  endMessage(
    id: number,
    end: { readonly result: 'sent' | 'dead'; readonly now: number; readonly error?: string },
  ): Promise<void>;
  postponeMessage(id: number, nextAt: number, error: string): Promise<void>;
  /** What is under way or given up first, then the newest. */
  messages(query: { limit: number }): Promise<readonly StoredMessage[]>;
  /** Puts one dead message, or all, back into the outbox. Returns how many. */
  reviveMessages(id: number | null, now: number): Promise<number>;
  outboxCounts(): Promise<readonly OutboxCount[]>;
  deliveryCounts(): Promise<readonly DeliveryCount[]>;

  subscriptions(): Promise<readonly StoredSubscription[]>;
  /** Subscriptions by channel, source and state. */
  subscriptionCounts(): Promise<readonly SubscriptionCount[]>;
  /** The configured subscriptions become these and no others; those that people made themselves stay. */
  configureSubscriptions(wanted: readonly NewSubscription[]): Promise<void>;
  subscribe(wanted: NewSubscription): Promise<number>;
  subscription(id: number): Promise<StoredSubscription | null>;
  activate(id: number, now: number): Promise<boolean>;
  /** Deletes a subscription with all that waited for it; false when there is none. */
  unsubscribe(id: number): Promise<boolean>;
  dropPending(before: number): Promise<number>;

  /** Returns the id of the invitation. */
  invite(wanted: NewInvitation): Promise<number>;
  invitations(): Promise<readonly Invitation[]>;
  /** By the hash of the secret in its link; also one that has ended or was revoked. */
  invitationOf(tokenHash: Buffer): Promise<Invitation | null>;
  /** False when there is none of that id or it was revoked before. */
  revokeInvitation(id: number, now: number): Promise<boolean>;
  usedInvitation(id: number, now: number): Promise<void>;
  helpFacts(since: number): Promise<readonly HelpFacts[]>;
  /** Automatic "no"s since an instant that nobody has looked at themselves, oldest first. */
  spotCandidates(since: number): Promise<readonly SpotCandidate[]>;
  /** Checks in which a person had a part, the newest first. */
  helpedChecks(query: { limit: number }): Promise<readonly HelpedCheck[]>;
  /** Every word of a person on slots beside the reading it is compared with (S13, see `core/agreement.ts`), in order of time. */
  agreements(): Promise<readonly Agreement[]>;

  lastFinishedAt(): Promise<number | null>;
  sizeBytes(): Promise<number>;
  end(): Promise<void>;
}

export interface RecordEnds {
  readonly plannedId?: number;
  readonly plannedEnd?: { readonly end: PlannedEnd; readonly reason: string };
  readonly breaker?: BreakerState;
  /** What follows from the check is decided on what was known before it, and written with it. */
  readonly decide?: Decide;
  /** A person's part in it. */
  readonly help?: Help;
}

export interface NewInvitation extends Omit<Invitation, 'id' | 'revokedAt' | 'lastUsedAt'> {
  readonly tokenHash: Buffer;
}

export interface SpotCandidate {
  readonly checkId: number;
  readonly targetId: string;
  readonly observedAt: number;
}

export interface HelpedCheck extends CheckRow {
  readonly kind: HelpKind;
  /** What the operator calls the person; null for nobody's, as of a page read again. */
  readonly helper: string | null;
  readonly plannedAt: number | null;
  readonly pairedCheckId: number | null;
  readonly picture: Hash | null;
}

export interface Agreement {
  readonly checkId: number;
  readonly targetId: string;
  readonly at: number;
  readonly said: Outcome;
  readonly automaticId: number;
  readonly automaticAt: number;
  readonly automatic: Outcome;
  readonly isAgreed: boolean;
}

export interface NewReading {
  readonly checkId: number;
  readonly readerVersion: number;
  readonly reading: Reading;
  readonly readAt: number;
}

export interface PlannedMark {
  readonly intervalEnd: number;
  readonly plannedAt: number;
}

export interface LeaseRequest {
  readonly host: string;
  readonly targetId: string;
  readonly owner: string;
  readonly now: number;
  readonly until: number;
  /** `lastVisitAt`: when a visit of the target was last begun or ended; 0 for never. */
  readonly admitted: (state: HostState, lastVisitAt: number) => Admission;
  /** The host is not the target's own: its walk has led there. It counts in that host's budget from here. */
  readonly isPassing?: boolean;
}

export interface CheckQuery {
  readonly targetId?: string;
  readonly since?: number;
  readonly limit: number;
}

export interface CheckRow {
  readonly id: number;
  readonly targetId: string;
  readonly platform: string;
  readonly mode: Mode;
  readonly design: Design;
  readonly practice: boolean;
  readonly startedAt: number;
  readonly observedAt: number | null;
  readonly finishedAt: number;
  readonly status: number | null;
  readonly finalUrl: string | null;
  readonly outcome: Outcome;
  readonly rule: string;
  readonly message: string;
  readonly facets: Reading['facets'];
  readonly readerVersion: number;
  readonly fingerprint: string | null;
}

/** The last visit with how the target stands after it. */
export interface TargetStatus
  extends CheckRow, Pick<Standing, 'sinceAt' | 'lastObservedAt' | 'lastSlotsAt' | 'lastMeasuredAt' | 'drought'> {
  readonly intervalMs: number;
}

export interface StoredCheck extends CheckRow {
  readonly readingId: number;
  readonly clockOffsetMs: number | null;
  readonly captures: readonly KeptCapture[];
}

export interface PlannedCount {
  readonly state: 'planned' | 'begun' | PlannedEnd;
  readonly reason: string;
  readonly count: number;
}

export interface PlannedEndCount {
  readonly targetId: string;
  /** As the check was read first; `skipped` or `missed` where there was no check. */
  readonly outcome: Outcome;
  readonly count: number;
}

export interface Certificate {
  readonly host: string;
  readonly validUntil: number;
}

/** Unrecognised pages of one structure on one platform. */
export interface PageGroup {
  /** Name of the group on its platform: the pages' fingerprint, or the rule that gave up where there was no page. */
  readonly name: string;
  readonly platform: string;
  readonly checks: number;
  readonly targets: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The newest check in it. */
  readonly sample: CheckRow;
  /** What a person last said it is; null when nobody did. */
  readonly label: Label | null;
}

export interface Label {
  readonly outcome: Outcome;
  readonly by: string;
  readonly at: number;
  readonly note: string;
  /** Always `reported`: a person's own reading. */
  readonly mode: Mode;
}

export interface NewLabel extends Omit<Label, 'mode'> {
  readonly platform: string;
  readonly group: string;
}

export interface EventQuery {
  readonly kind?: EventKind;
  /** Only those that ask for a person and were not seen yet. */
  readonly isOpen?: boolean;
  readonly limit: number;
}

export interface StoredEvent extends Event {
  readonly id: number;
  readonly checkId: number | null;
  readonly seenAt: number | null;
  readonly seenBy: string | null;
}

export interface StoredSoftBlock extends SoftBlock {
  readonly id: number;
  readonly markedAt: number;
  /** When and by whom the mark was taken off, and why; null while it stands. */
  readonly lifted: { readonly at: number; readonly by: string; readonly why: string } | null;
}

export interface StoredEpisode extends Episode {
  readonly targetId: string;
  /** Without another sighting nobody can say after this that it lasts; means nothing of one that has ended. */
  readonly believedUntil: number;
}

export interface ClaimRequest {
  readonly now: number;
  readonly owner: string;
  readonly leaseMs: number;
  /** How many messages each channel may send now. */
  readonly allowances: ReadonlyMap<string, number>;
}

export interface StoredMessage {
  readonly id: number;
  /** The same at every attempt; made of the recipient and of what is told. */
  readonly key: string;
  readonly subscriptionId: number;
  readonly channel: string;
  readonly state: 'ready' | 'claimed' | 'sent' | 'dead';
  readonly attempts: number;
  readonly nextAt: number;
  readonly lastError: string;
  readonly createdAt: number;
  readonly endedAt: number | null;
}

export interface ClaimedMessage extends StoredMessage {
  readonly subscription: StoredSubscription;
  readonly notices: readonly Notice[];
}

export interface SubscriptionCount {
  readonly channel: string;
  readonly source: string;
  readonly state: string;
  readonly count: number;
}

export interface OutboxCount {
  readonly channel: string;
  readonly state: 'waiting' | StoredMessage['state'];
  readonly count: number;
  readonly oldestAt: number;
  /** When the oldest of them should have left, or is tried again. */
  readonly dueAt: number;
}

export interface DeliveryCount {
  readonly channel: string;
  readonly kind: string;
  readonly result: string;
  readonly count: number;
}

export interface NewSubscription extends Omit<Subscription, 'id'> {
  /** The recipient, encrypted, and a keyed hash of it by which the same recipient is found again. */
  readonly sealedTo: Buffer;
  readonly toHash: Buffer;
  readonly source: 'config' | 'self';
  readonly state: 'pending' | 'active';
  readonly createdAt: number;
}

export interface StoredSubscription extends NewSubscription {
  readonly id: number;
  readonly confirmedAt: number | null;
}

import type { Logger } from 'pino';

import { drawn } from '../core/drawn.ts';
import { asAppError } from '../core/errors.ts';
import type { ClaimedMessage, Store } from '../store/contract.ts';
import { DeliveryError, type Channel, type Message } from './channel.ts';

/**
 * Sends what the store's outbox holds: claim, send, mark. At least once: a crash between sending and marking repeats the one
 * message in flight, with the same key. What a service refuses for now is tried again, later and later; what it refuses for
 * good, or for too long, stays as a dead letter.
 */

export interface OpenChannel {
  readonly channel: Channel;
  /** The operator's part, as the channel's own schema gave it back. */
  readonly settings: unknown;
}

export interface OutboxParts {
  readonly store: Pick<Store, 'claim' | 'endMessage' | 'postponeMessage'>;
  readonly channels: ReadonlyMap<string, OpenChannel>;
  /** Makes the recipient readable again. */
  readonly open: (sealedTo: Buffer) => unknown;
  readonly word: (message: ClaimedMessage) => Message;
  readonly log: Logger;
  /** Unique to this process. */
  readonly owner: string;
  readonly onAccepted?: (message: ClaimedMessage, at: number) => void;
  readonly now?: () => number;
}

/** Longer than a delivery may take: a claim that is still held is still worked on. */
const LEASE_MS = 90_000;
const DELIVERED_WITHIN_MS = 30_000;
const AT_ONCE = 10;
const MOST_ATTEMPTS = 14;
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 3_600_000;

export class Outbox {
  readonly #parts: OutboxParts;
  readonly #now: () => number;
  readonly #allowances: Map<string, Allowance>;
  readonly #sending = new Set<Promise<void>>();
  readonly #stop = new AbortController();

  constructor(parts: OutboxParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#allowances = new Map(
      [...parts.channels].map(([name, { channel }]) => [name, new Allowance(channel.perMinute, this.#now())]),
    );
  }

  /** Begins to send what may be sent. Never throws: what fails is logged, and tried again at the next tick. */
  async tick(): Promise<void> {
    if (this.#stop.signal.aborted) return;
    const now = this.#now();
    const allowances = new Map([...this.#allowances].map(([name, allowance]) => [name, allowance.at(now)]));
    if ([...allowances.values()].every((count) => count < 1)) return;
    try {
      const { store, owner } = this.#parts;
      for (const message of await store.claim({ now, owner, leaseMs: LEASE_MS, allowances })) this.#begin(message, now);
    } catch (error) {
      this.#logFailure(asAppError(error, 'INTERNAL').code, error);
    }
  }

  /** Waits until nothing is under way. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  /** Begins nothing more; what is under way may end for `withinMs`. What is cut is sent again after its lease. */
  async stop(withinMs: number): Promise<void> {
    const timer = setTimeout(() => this.#stop.abort(), withinMs);
    await this.settled();
    clearTimeout(timer);
    this.#stop.abort();
  }

  #begin(message: ClaimedMessage, now: number): void {
    const allowance = this.#allowances.get(message.channel);
    allowance?.take(now);
    const work = this.#send(message)
      .catch((error: unknown) => this.#logFailure('STORE_FAILED', error))
      .finally(() => {
        allowance?.giveBack();
        this.#sending.delete(work);
      });
    this.#sending.add(work);
  }

  async #send(message: ClaimedMessage): Promise<void> {
    const { store, log, onAccepted } = this.#parts;
    const said = { channel: message.channel, message: message.id, attempt: message.attempts };
    try {
      await this.#deliver(message);
    } catch (error) {
      const refusal = asDeliveryError(error);
      if (refusal.isFinal || message.attempts >= MOST_ATTEMPTS) {
        await store.endMessage(message.id, { result: 'dead', now: this.#now(), error: refusal.message });
        log.error(said, `given up: ${refusal.message}`);
        return;
      }
      const waitMs = Math.max(retryMs(message), refusal.retryAfterMs ?? 0);
      await store.postponeMessage(message.id, this.#now() + waitMs, refusal.message);
      log.warn({ ...said, retryInMs: waitMs }, `not accepted yet: ${refusal.message}`);
      return;
    }
    const now = this.#now();
    await store.endMessage(message.id, { result: 'sent', now });
    onAccepted?.(message, now);
    log.info({ ...said, notices: message.notices.length }, 'accepted');
  }

  async #deliver(message: ClaimedMessage): Promise<void> {
    const open = this.#parts.channels.get(message.channel);
    if (open === undefined) throw new DeliveryError('this channel is not configured', { isFinal: false });
    const { channel, settings } = open;
    const to = channel.to.safeParse(this.#parts.open(message.subscription.sealedTo));
    if (!to.success) throw new DeliveryError('the recipient does not suit the channel', { isFinal: true });
    const signal = AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DELIVERED_WITHIN_MS)]);
    await channel.deliver(this.#parts.word(message), to.data, settings, signal);
  }

  #logFailure(code: string, error: unknown): void {
    this.#parts.log.error({ code }, `outbox: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** What is no `DeliveryError` is a fault of ours, in a channel or in its words: trying again may help after a restart. */
function asDeliveryError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const name = error instanceof Error ? error.name : 'error';
  return new DeliveryError(`the channel failed (${name})`, { isFinal: false, cause: error });
}

/** Doubles from 10 s to an hour, moved by up to a half either way, so that many do not come back at one moment. Whole milliseconds. */
function retryMs({ key, attempts }: ClaimedMessage): number {
  const doubled = Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), LONGEST_RETRY_MS);
  return Math.round(doubled * (0.5 + drawn(key, attempts)));
}

/** How many messages a channel may send now: its rate, with a tenth of a minute in one go, and a few at once. */
class Allowance {
  readonly #perMs: number;
  readonly #most: number;
  #left: number;
  #at: number;
  #underWay = 0;

  constructor(perMinute: number, now: number) {
    this.#perMs = perMinute / 60_000;
    this.#most = Math.max(1, perMinute / 10);
    this.#left = this.#most;
    this.#at = now;
  }

  at(now: number): number {
    this.#left = Math.min(this.#most, this.#left + Math.max(0, now - this.#at) * this.#perMs);
    this.#at = now;
    return Math.max(0, Math.min(Math.floor(this.#left), AT_ONCE - this.#underWay));
  }

  take(now: number): void {
    this.at(now);
    this.#left -= 1;
    this.#underWay += 1;
  }

  giveBack(): void {
    this.#underWay -= 1;
  }
}

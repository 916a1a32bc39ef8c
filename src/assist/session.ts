import { randomBytes } from 'node:crypto';

import type { Invitation } from '../core/invitation.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Target } from '../core/target.ts';
import type { AssistedWindow, PersonInput, PersonRefusal, Viewer, WindowSize } from '../run/assisted.ts';

/** How far a person's session is. Instants are epoch milliseconds. */
export type SessionState =
  /** `until`: when the host is free, as far as is known. */
  | { readonly kind: 'waiting'; readonly until: number | null }
  | { readonly kind: 'coming' }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'reading' }
  | { readonly kind: 'done'; readonly outcome: Outcome; readonly firstDate: string | null; readonly isUniform: boolean }
  | { readonly kind: 'over'; readonly why: OverReason };

/** `left`: the person; `late`: their time; `busy`: the host is not free soon; `stopped`: by the operator; `failed`: ours. */
export type OverReason = 'left' | 'late' | 'busy' | 'stopped' | 'failed';

/** The person's browser, at the other end of a socket. */
export interface Peer extends Viewer {
  state(state: SessionState): void;
  /** Size of the pictures to come. */
  window(size: { readonly width: number; readonly height: number }): void;
  /** Nothing more is said. `elsewhere`: the person goes on in another window of their own. */
  close(why: 'over' | 'elsewhere'): void;
}

/** A person has one window open, and one more while the line between them is lost and found. */
const MOST_PEERS = 4;

/**
 * One person, one target, one reading. It begins to ask the site for something when the person is there, waits a little when
 * their connection is lost, and never lives longer than its time.
 */
export class Session {
  readonly id = randomBytes(18).toString('base64url');
  readonly invitation: Invitation;
  readonly target: Target;
  readonly createdAt: number;
  readonly #lostAfterMs: number;
  readonly #began = Promise.withResolvers<WindowSize>();
  readonly #left = Promise.withResolvers<void>();
  #state: SessionState = { kind: 'waiting', until: null };
  #peer: Peer | null = null;
  readonly #joined = new Set<Peer>();
  #window: AssistedWindow | null = null;
  #lost: NodeJS.Timeout;
  #isLeft = false;
  #isThere = false;

  constructor(
    { invitation, target }: { readonly invitation: Invitation; readonly target: Target },
    { now, lostAfterMs }: { readonly now: number; readonly lostAfterMs: number },
  ) {
    this.invitation = invitation;
    this.target = target;
    this.createdAt = now;
    this.#lostAfterMs = lostAfterMs;
    this.#lost = setTimeout(() => this.leave(), lostAfterMs);
  }

  get state(): SessionState {
    return this.#state;
  }

  get isOver(): boolean {
    return this.#state.kind === 'done' || this.#state.kind === 'over';
  }

  get isLeft(): boolean {
    return this.#isLeft;
  }

  /** Whether the person's browser has said hello: until then they hold nobody up. */
  get isThere(): boolean {
    return this.#isThere;
  }

  /** Settles when the person's browser first said hello, with the size that suits it. */
  get began(): Promise<WindowSize> {
    return this.#began.promise;
  }

  /** Settles when the person has gone. */
  get left(): Promise<void> {
    return this.#left.promise;
  }

  /** A socket was opened; false when there are too many of them. */
  join(peer: Peer): boolean {
    if (this.#joined.size >= MOST_PEERS) return false;
    this.#joined.add(peer);
    return true;
  }

  /** A browser connects, or connects again: the one before is shown nothing more. */
  async attach(peer: Peer, size: WindowSize): Promise<void> {
    if (this.#peer === peer) return;
    clearTimeout(this.#lost);
    const before = this.#peer;
    this.#peer = peer;
    before?.close('elsewhere');
    peer.state(this.#state);
    if (this.isOver) peer.close('over');
    this.#isThere = true;
    this.#began.resolve(size);
    if (this.#window === null) return;
    peer.window(this.#window);
    await this.#window.show(peer);
  }

  detach(peer: Peer): void {
    this.#joined.delete(peer);
    if (this.#peer !== peer) return;
    this.#peer = null;
    void this.#window?.show(null).catch(() => undefined);
    if (!this.isOver) this.#lost = setTimeout(() => this.leave(), this.#lostAfterMs);
  }

  leave(): void {
    if (this.#isLeft || this.isOver) return;
    this.#isLeft = true;
    this.#left.resolve();
  }

  async act(peer: Peer, input: PersonInput): Promise<void> {
    if (this.#peer !== peer) return;
    if (this.#window === null) this.#refuse('ended');
    else await this.#window.act(input);
  }

  seen(peer: Peer): void {
    if (this.#peer === peer) this.#window?.seen();
  }

  /** The page is the person's, until it is taken back. */
  async open(window: AssistedWindow, until: number): Promise<void> {
    this.#window = window;
    this.become({ kind: 'open', until });
    if (this.#peer === null) return;
    this.#peer.window(window);
    await window.show(this.#peer);
  }

  takenBack(): void {
    this.#window = null;
    if (!this.isOver) this.become({ kind: 'reading' });
  }

  become(state: SessionState): void {
    this.#state = state;
    this.#peer?.state(state);
    if (!this.isOver) return;
    clearTimeout(this.#lost);
    for (const peer of this.#joined) peer.close('over');
  }

  #refuse(refusal: PersonRefusal): void {
    this.#peer?.refused(refusal);
  }
}

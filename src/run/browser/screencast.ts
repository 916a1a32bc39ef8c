import type { CDPSession } from 'playwright';

import { Pace } from './pace.ts';

const QUALITY = 45;
/** A viewer that does not say it has seen a picture for this long is taken to have lost it. */
const SEEN_WITHIN_MS = 4_000;

/**
 * The page as JPEG pictures, by the protocol's screencast: Chromium makes one when the page changed and the last one was
 * acknowledged. It is acknowledged when the viewer has drawn it and the pace allows another.
 */
export class Screencast {
  readonly #cdp: CDPSession;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #onPicture: (jpeg: Uint8Array) => void;
  readonly #pace = new Pace(Date.now());
  #isOn = false;
  /** Pictures that Chromium counts as under way: two at most, each acknowledged once. */
  #underWay = 0;
  /** The picture that waits for its acknowledgement. */
  #pending: { readonly sessionId: number; isSeen: boolean; timer: NodeJS.Timeout; readyAt: number } | null = null;

  constructor(
    cdp: CDPSession,
    size: { readonly width: number; readonly height: number },
    onPicture: (jpeg: Uint8Array) => void,
  ) {
    this.#cdp = cdp;
    this.#size = size;
    this.#onPicture = onPicture;
    cdp.on('Page.screencastFrame', ({ data, sessionId }) => this.#take(Buffer.from(data, 'base64'), sessionId));
  }

  async start(): Promise<void> {
    if (this.#isOn) await this.stop();
    this.#isOn = true;
    this.#underWay = 0;
    this.#pace.acted(Date.now());
    const { width, height } = this.#size;
    await this.#cdp.send('Page.startScreencast', {
      format: 'jpeg',
      quality: QUALITY,
      maxWidth: width,
      maxHeight: height,
      everyNthFrame: 1,
    });
  }

  async stop(): Promise<void> {
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#forget();
    await this.#cdp.send('Page.stopScreencast').catch(() => undefined);
  }

  /** The viewer has drawn the last picture. */
  seen(): void {
    if (this.#pending === null) return;
    this.#pending.isSeen = true;
    this.#acknowledgeWhenDue();
  }

  /** Something happened that the person wants to see. */
  acted(): void {
    this.#pace.acted(Date.now());
    if (this.#pending === null) return;
    this.#pending.readyAt = Date.now() + this.#pace.owedMs(Date.now());
    this.#acknowledgeWhenDue();
  }

  #take(jpeg: Uint8Array, sessionId: number): void {
    if (!this.#isOn) return;
    this.#forget();
    this.#underWay += 1;
    const now = Date.now();
    const timer = setTimeout(() => this.seen(), SEEN_WITHIN_MS);
    this.#pending = { sessionId, isSeen: false, timer, readyAt: now + this.#pace.waitAfter(jpeg.length, now) };
    this.#onPicture(jpeg);
  }

  #acknowledgeWhenDue(): void {
    const pending = this.#pending;
    if (pending?.isSeen !== true) return;
    clearTimeout(pending.timer);
    const wait = pending.readyAt - Date.now();
    if (wait > 0) {
      pending.timer = setTimeout(() => this.#acknowledgeWhenDue(), wait);
      return;
    }
    this.#pending = null;
    const acknowledged = this.#underWay;
    this.#underWay = 0;
    for (let at = 0; at < acknowledged; at += 1) {
      // The page or the browser may go away meanwhile.
      void this.#cdp.send('Page.screencastFrameAck', { sessionId: pending.sessionId }).catch(() => undefined);
    }
  }

  #forget(): void {
    if (this.#pending !== null) clearTimeout(this.#pending.timer);
    this.#pending = null;
  }
}

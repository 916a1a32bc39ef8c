import type { CDPSession } from 'playwright';

import { Pace } from './pace.ts';

const QUALITY = 45;
/** A viewer that does not say it has seen a picture for this long is taken to have lost it. A slow line takes seconds for a large one. */
const SEEN_WITHIN_MS = 10_000;
/** Chromium makes so many pictures without hearing of one; what changes after them it does not show, and never comes back to. */
const FULL_AT = 2;
/** When it was full, so long a page may take to show that it still changes before it is photographed as it rests. */
const RESTS_AFTER_MS = 60;

/**
 * The page as JPEG pictures, by the protocol's screencast: Chromium makes one when the page changed and those before were
 * acknowledged. One at a time is on its way to the viewer; what changed meanwhile comes as one picture, the newest, so that a slow
 * line never shows the past. They are acknowledged when the viewer has drawn the last one and the pace allows another.
 */
export class Screencast {
  readonly #cdp: CDPSession;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #onPicture: (jpeg: Uint8Array) => void;
  readonly #pace = new Pace(Date.now());
  #isOn = false;
  #sessionId = 0;
  /** Pictures that Chromium has not heard of. */
  #unheard = 0;
  /** The newest picture that the viewer has not been sent. */
  #held: Uint8Array | null = null;
  /** Runs while a picture is on its way to the viewer. */
  #onWay: NodeJS.Timeout | null = null;
  /** Runs until the next picture may go. */
  #waits: NodeJS.Timeout | null = null;
  #readyAt = 0;

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
    this.#unheard = 0;
    this.#readyAt = 0;
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
    this.#arrived();
    this.#waitNoMore();
    this.#held = null;
    await this.#cdp.send('Page.stopScreencast').catch(() => undefined);
  }

  /** The viewer has drawn the last picture. */
  seen(): void {
    if (this.#onWay === null) return;
    this.#arrived();
    this.#goOn();
  }

  /** Something happened that the person wants to see. */
  acted(): void {
    const now = Date.now();
    this.#pace.acted(now);
    if (this.#readyAt <= now) return;
    this.#readyAt = now + this.#pace.owedMs(now);
    this.#goOn();
  }

  #take(jpeg: Uint8Array, sessionId: number): void {
    if (!this.#isOn) return;
    this.#sessionId = sessionId;
    this.#unheard += 1;
    this.#held = jpeg;
    if (this.#onWay === null && Date.now() >= this.#readyAt) this.#send(jpeg);
  }

  /** The viewer may have another picture, when there is one and the pace allows it. */
  #goOn(): void {
    if (!this.#isOn || this.#onWay !== null) return;
    this.#waitNoMore();
    const wait = this.#readyAt - Date.now();
    if (wait > 0) {
      this.#waits = setTimeout(() => this.#goOn(), wait);
      return;
    }
    const held = this.#held;
    const wasFull = this.#unheard >= FULL_AT;
    this.#acknowledge();
    if (wasFull) this.#waits = setTimeout(() => void this.#photograph(), RESTS_AFTER_MS);
    else if (held !== null) this.#send(held);
  }

  #send(jpeg: Uint8Array): void {
    this.#waitNoMore();
    this.#held = null;
    const now = Date.now();
    this.#readyAt = now + this.#pace.waitAfter(jpeg.length, now);
    this.#onWay = setTimeout(() => this.seen(), SEEN_WITHIN_MS);
    this.#onPicture(jpeg);
  }

  async #photograph(): Promise<void> {
    const shot = await this.#cdp
      .send('Page.captureScreenshot', { format: 'jpeg', quality: QUALITY, optimizeForSpeed: true })
      .catch(() => null);
    // A picture that came meanwhile is as new.
    if (shot !== null && this.#isOn && this.#onWay === null) this.#send(Buffer.from(shot.data, 'base64'));
  }

  #acknowledge(): void {
    const count = this.#unheard;
    this.#unheard = 0;
    for (let at = 0; at < count; at += 1) {
      // The page or the browser may go away meanwhile.
      void this.#cdp.send('Page.screencastFrameAck', { sessionId: this.#sessionId }).catch(() => undefined);
    }
  }

  #arrived(): void {
    if (this.#onWay !== null) clearTimeout(this.#onWay);
    this.#onWay = null;
  }

  #waitNoMore(): void {
    if (this.#waits !== null) clearTimeout(this.#waits);
    this.#waits = null;
  }
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession, Frame, Page as BrowserPage, Response } from 'playwright';
import { z } from 'zod';

import type { Incident } from '../../core/capture.ts';
import type { AssistedSteps } from '../../probe.ts';
import {
  WINDOW_SIZES,
  type AssistedWindow,
  type PersonInput,
  type PersonKey,
  type PersonRefusal,
  type Viewer,
  type WindowSize,
} from '../assisted.ts';
import { plainPath } from '../requests.ts';
import { enterField, isFieldActive, pressPart, readCaptcha, whatStandsAt } from './person-in-page.ts';
import { SoundRelay } from './person-sound.ts';
import { Screencast } from './screencast.ts';

const LOOKED_AT_EVERY_MS = 400;
const ACT_WITHIN_MS = 3_000;
const ANSWERS_WITHIN_MS = 4_000;
/** More than the longest code has letters. */
const MOST_WAITING = 40;
/** A form is sent by a press of a person when it is sent within this time of it. */
const ACT_COUNTS_FOR_MS = 10_000;
/** A button that waits for its field comes to life when the page's script has seen the words. */
const COMES_TO_LIFE_WITHIN_MS = 600;
const LOOKED_AT_BUTTON_EVERY_MS = 50;
/** A page of these sizes shows a captcha; a picture that is no captcha's is not photographed for one. */
const MOST_BOX = 800;

const KEY_CODES: Readonly<Record<PersonKey, number>> = {
  Backspace: 8,
  Delete: 46,
  ArrowLeft: 37,
  ArrowRight: 39,
  Enter: 13,
};

const standing = z.object({ address: z.string(), kind: z.enum(['nothing', 'file', 'frame', 'field', 'other']) });
const fielded = z.object({ address: z.string(), isField: z.boolean() });
const pressed = z.object({ address: z.string(), pressed: z.enum(['yes', 'dead', 'missing']) });
const box = z.object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });
const captcha = z
  .object({
    key: z.string(),
    image: z.string().nullable(),
    box: box.nullable(),
    hasSound: z.boolean(),
    hasRenew: z.boolean(),
    wrong: z.string(),
  })
  .nullable();

export interface PersonWindowParts {
  readonly page: BrowserPage;
  readonly cdp: CDPSession;
  readonly steps: AssistedSteps;
  readonly size: WindowSize;
  /** Runs a function of `person-in-page.ts` where nothing that the page has put in the browser's place reaches. */
  readonly inPage: (source: string, argument: unknown) => Promise<unknown>;
}

/** One tab in a person's hands: what they see, and the few things that they can do. Every act is checked against where the page stands. */
export class PersonWindow implements AssistedWindow {
  readonly width: number;
  readonly height: number;
  readonly #parts: PersonWindowParts;
  readonly #screencast: Screencast;
  readonly #sound: SoundRelay;
  readonly #reached = Promise.withResolvers<void>();
  #viewer: Viewer | null = null;
  #isOver = false;
  #knownImage = '';
  #lastCaptcha = '';
  #watch: NodeJS.Timeout | null = null;
  #actedAt = -Infinity;
  #acting: Promise<void> = Promise.resolve();
  #waiting = 0;
  #showing: Promise<void> = Promise.resolve();

  constructor(parts: PersonWindowParts) {
    this.#parts = parts;
    const size = WINDOW_SIZES[parts.size];
    this.width = size.width;
    this.height = size.height;
    this.#screencast = new Screencast(parts.cdp, size, (jpeg) => this.#viewer?.picture(jpeg));
    this.#sound = new SoundRelay(
      (source, argument) => this.#run(source, argument),
      (bytes, type) => this.#viewer?.sound(bytes, type),
    );
    parts.page.on('framenavigated', this.#onNavigated);
    parts.page.on('response', this.#onResponse);
  }

  /** Settles when the page that is read was reached, or one that says that the site fails. */
  get reached(): Promise<void> {
    return this.#reached.promise;
  }

  async open(): Promise<void> {
    await this.#parts.page.setViewportSize(WINDOW_SIZES[this.#parts.size]);
    await this.#parts.cdp.send('Page.setInterceptFileChooserDialog', { enabled: true });
  }

  /** One change after the other: who connects again and again must not leave two pictures running. */
  show(viewer: Viewer | null): Promise<void> {
    this.#viewer = viewer;
    this.#showing = this.#showing.then(() => this.#show(viewer)).catch(() => undefined);
    return this.#showing;
  }

  async #show(viewer: Viewer | null): Promise<void> {
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    await this.#screencast.stop();
    if (viewer === null || this.#isOver || this.#viewer !== viewer) return;
    this.#knownImage = '';
    this.#lastCaptcha = '';
    this.#watch = setInterval(() => void this.#lookAtCaptcha(), LOOKED_AT_EVERY_MS);
    // The code is what the person waits for: on a slow line it goes before the picture of the page.
    await this.#lookAtCaptcha();
    await this.#screencast.start();
  }

  seen(): void {
    this.#screencast.seen();
  }

  /** The person pressed something a moment ago: what the page sends now may be theirs. */
  get hasJustActed(): boolean {
    return !this.#isOver && Date.now() - this.#actedAt < ACT_COUNTS_FOR_MS;
  }

  /** One act after the other: letters that are typed fast keep their order. What piles up before a page that hangs is dropped. */
  async act(input: PersonInput): Promise<void> {
    if (this.#waiting >= MOST_WAITING) return;
    this.#waiting += 1;
    this.#acting = this.#acting
      .then(() => this.#act(input))
      .finally(() => {
        this.#waiting -= 1;
      });
    await this.#acting;
  }

  async #act(input: PersonInput): Promise<void> {
    // A page that hangs must not hold up what comes after.
    const tried = this.#isOver ? Promise.resolve('ended' as const) : this.#tried(input).catch(() => null);
    const refusal = await Promise.race([tried, sleep(ACT_WITHIN_MS, null)]);
    if (refusal !== null) this.#viewer?.refused(refusal);
    this.#screencast.acted();
  }

  /** Nothing more is shown or done: the page is the monitor's again. */
  async close(): Promise<void> {
    this.#isOver = true;
    this.#sound.stop();
    await this.show(null);
    this.#parts.page.off('framenavigated', this.#onNavigated).off('response', this.#onResponse);
  }

  /** Told by the tab of what the filter refused. A page's own trifles, such as pictures from elsewhere, are nobody's news. */
  refused({ kind, rule, method = 'GET', resource }: Incident): void {
    const isAct = kind !== 'refused' || resource === 'document' || (method !== 'GET' && method !== 'HEAD');
    if (!isAct || this.#isOver) return;
    const isForm = rule === 'method' || rule === 'step' || rule === 'forbidden' || rule === 'form';
    this.#viewer?.refused(isForm ? 'form' : 'away');
  }

  async #tried(input: PersonInput): Promise<PersonRefusal | null> {
    switch (input.kind) {
      case 'tap':
        return await this.#tap(input);
      case 'scroll':
        await this.#mouse('mouseWheel', input, { deltaX: 0, deltaY: input.dy });
        return null;
      case 'text':
        return await this.#type(isFieldActive, () => this.#insert(input.text));
      case 'key':
        return await this.#type(isFieldActive, () => this.#key(input.key));
      case 'answer':
        return await this.#type(enterField, async () => {
          await this.#insert(input.text);
          return await this.#press(this.#parts.steps.captcha.submit);
        });
      case 'sound':
        return await this.#listen();
      case 'renew':
        return await this.#press(this.#parts.steps.captcha.renew);
      default:
        return input satisfies never;
    }
  }

  async #tap(point: { readonly x: number; readonly y: number }): Promise<PersonRefusal | null> {
    const { field } = this.#parts.steps.captcha;
    const under = standing.parse(await this.#ask(whatStandsAt, { x: point.x, y: point.y, field }));
    if (!this.#mayAct(under.address)) return 'look';
    if (under.kind === 'file') return 'file';
    if (under.kind === 'frame') return 'look';
    const button = { button: 'left', clickCount: 1 } as const;
    this.#actedAt = Date.now();
    await this.#mouse('mouseMoved', point, {});
    await this.#mouse('mousePressed', point, button);
    await this.#mouse('mouseReleased', point, button);
    return null;
  }

  async #type(
    find: typeof isFieldActive | typeof enterField,
    write: () => Promise<PersonRefusal | null>,
  ): Promise<PersonRefusal | null> {
    const { field } = this.#parts.steps.captcha;
    const found = fielded.parse(await this.#ask(find, { field }));
    if (!this.#mayAct(found.address)) return 'look';
    return found.isField ? await write() : 'field';
  }

  async #insert(text: string): Promise<null> {
    await this.#parts.cdp.send('Input.insertText', { text });
    return null;
  }

  async #key(key: PersonKey): Promise<null> {
    const said = { key, code: key, windowsVirtualKeyCode: KEY_CODES[key], modifiers: 0 };
    const text = key === 'Enter' ? { text: '\r' } : {};
    this.#actedAt = Date.now();
    await this.#parts.cdp.send('Input.dispatchKeyEvent', {
      type: key === 'Enter' ? 'keyDown' : 'rawKeyDown',
      ...said,
      ...text,
    });
    await this.#parts.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...said });
    return null;
  }

  async #press(part: string): Promise<PersonRefusal | null> {
    const until = Date.now() + COMES_TO_LIFE_WITHIN_MS;
    for (;;) {
      if (!this.#mayAct(this.#parts.page.url())) return 'look';
      this.#actedAt = Date.now();
      const found = pressed.parse(await this.#ask(pressPart, { part }));
      if (found.pressed === 'yes') return this.#mayAct(found.address) ? null : 'look';
      if (found.pressed === 'missing') return 'look';
      if (Date.now() >= until) return 'dead';
      await sleep(LOOKED_AT_BUTTON_EVERY_MS);
    }
  }

  async #listen(): Promise<PersonRefusal | null> {
    await this.#sound.begin();
    const refusal = await this.#press(this.#parts.steps.captcha.sound);
    if (refusal !== null) this.#sound.stop();
    return refusal;
  }

  #mouse(
    type: 'mouseMoved' | 'mousePressed' | 'mouseReleased' | 'mouseWheel',
    { x, y }: { readonly x: number; readonly y: number },
    more: { button?: 'left'; clickCount?: number; deltaX?: number; deltaY?: number },
  ): Promise<unknown> {
    return this.#parts.cdp.send('Input.dispatchMouseEvent', { type, x, y, modifiers: 0, ...more });
  }

  /** Only on the pages that the probe names for it: where slots or a form stand, nothing is touched. */
  #mayAct(address: string): boolean {
    const url = URL.parse(address);
    return url !== null && this.#parts.steps.pages.some((page) => page.test(plainPath(url.pathname)));
  }

  #ask<Argument>(what: (argument: Argument) => unknown, argument: Argument): Promise<unknown> {
    return this.#run(String(what), argument);
  }

  /** A page that hangs answers nothing; whoever asks it must not hang with it. */
  async #run(source: string, argument: unknown): Promise<unknown> {
    const asked = this.#parts.inPage(source, argument);
    const late = sleep(ANSWERS_WITHIN_MS).then(() => {
      throw new Error('the page hangs');
    });
    asked.catch(() => undefined);
    late.catch(() => undefined);
    return await Promise.race([asked, late]);
  }

  async #lookAtCaptcha(): Promise<void> {
    const viewer = this.#viewer;
    if (viewer === null) return;
    try {
      const { captcha: parts } = this.#parts.steps;
      const found = captcha.parse(await this.#ask(readCaptcha, { parts, known: this.#knownImage }));
      if (this.#viewer !== viewer) return;
      const place = found?.box ?? null;
      const image = found?.image ?? (place === null ? null : await this.#photograph(place));
      const state =
        found === null ? null : { image, hasSound: found.hasSound, hasRenew: found.hasRenew, wrong: found.wrong };
      const news = JSON.stringify({ ...state, image: found?.key ?? null });
      this.#knownImage = found?.key ?? '';
      if (news === this.#lastCaptcha) return;
      this.#lastCaptcha = news;
      viewer.captcha(state);
    } catch {
      // Between two pages there is nothing to look at; the next look is soon.
    }
  }

  async #photograph({ x, y, width, height }: z.output<typeof box>): Promise<string | null> {
    if (width < 1 || height < 1) return null;
    const clip = { x, y, width: Math.min(width, MOST_BOX), height: Math.min(height, MOST_BOX), scale: 1 };
    const { data } = await this.#parts.cdp.send('Page.captureScreenshot', { format: 'png', clip });
    return `data:image/png;base64,${data}`;
  }

  readonly #onNavigated = (frame: Frame): void => {
    if (frame !== this.#parts.page.mainFrame()) return;
    // A page that came anew has a code of its own, though it may look like the one before.
    this.#knownImage = '';
    this.#lastCaptcha = '';
    this.#screencast.acted();
    const url = URL.parse(frame.url());
    if (url !== null && this.#parts.steps.end.path.test(plainPath(url.pathname))) this.#reached.resolve();
  };

  readonly #onResponse = (response: Response): void => {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === this.#parts.page.mainFrame()) {
      if (response.status() >= 400) this.#reached.resolve();
    } else {
      this.#sound.hear(response);
    }
  };
}

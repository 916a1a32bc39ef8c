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
import {
  enterField,
  fetchSound,
  isFieldActive,
  pressPart,
  readCaptcha,
  soundAddress,
  whatStandsAt,
} from './person-in-page.ts';
import { Screencast } from './screencast.ts';

const LOOKED_AT_EVERY_MS = 400;
const ACT_WITHIN_MS = 3_000;
const SOUND_WITHIN_MS = 5_000;
const MOST_SOUND_BYTES = 1_500_000;
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
const pressed = z.object({ address: z.string(), isPressed: z.boolean() });
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
const sound = z.object({ type: z.string(), base64: z.string() }).nullable();

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
  readonly #reached = Promise.withResolvers<void>();
  #viewer: Viewer | null = null;
  #isOver = false;
  #knownImage = '';
  #lastCaptcha = '';
  #watch: NodeJS.Timeout | null = null;
  #soundUntil = 0;
  #acting: Promise<void> = Promise.resolve();

  constructor(parts: PersonWindowParts) {
    this.#parts = parts;
    const size = WINDOW_SIZES[parts.size];
    this.width = size.width;
    this.height = size.height;
    this.#screencast = new Screencast(parts.cdp, size, (jpeg) => this.#viewer?.picture(jpeg));
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

  async show(viewer: Viewer | null): Promise<void> {
    this.#viewer = viewer;
    if (this.#watch !== null) clearInterval(this.#watch);
    this.#watch = null;
    await this.#screencast.stop();
    if (viewer === null || this.#isOver) return;
    this.#knownImage = '';
    this.#lastCaptcha = '';
    this.#watch = setInterval(() => void this.#lookAtCaptcha(), LOOKED_AT_EVERY_MS);
    await this.#screencast.start();
    await this.#lookAtCaptcha();
  }

  seen(): void {
    this.#screencast.seen();
  }

  /** One act after the other: letters that are typed fast keep their order. */
  act(input: PersonInput): Promise<void> {
    this.#acting = this.#acting.then(() => this.#act(input));
    return this.#acting;
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
          await this.#press(this.#parts.steps.captcha.submit);
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
    await this.#mouse('mouseMoved', point, {});
    await this.#mouse('mousePressed', point, button);
    await this.#mouse('mouseReleased', point, button);
    return null;
  }

  async #type(
    find: typeof isFieldActive | typeof enterField,
    write: () => Promise<unknown>,
  ): Promise<PersonRefusal | null> {
    const { field } = this.#parts.steps.captcha;
    const found = fielded.parse(await this.#ask(find, { field }));
    if (!this.#mayAct(found.address)) return 'look';
    if (!found.isField) return 'field';
    await write();
    return null;
  }

  async #insert(text: string): Promise<void> {
    await this.#parts.cdp.send('Input.insertText', { text });
  }

  async #key(key: PersonKey): Promise<void> {
    const said = { key, code: key, windowsVirtualKeyCode: KEY_CODES[key], modifiers: 0 };
    const text = key === 'Enter' ? { text: '\r' } : {};
    await this.#parts.cdp.send('Input.dispatchKeyEvent', {
      type: key === 'Enter' ? 'keyDown' : 'rawKeyDown',
      ...said,
      ...text,
    });
    await this.#parts.cdp.send('Input.dispatchKeyEvent', { type: 'keyUp', ...said });
  }

  async #press(part: string): Promise<PersonRefusal | null> {
    if (!this.#mayAct(this.#parts.page.url())) return 'look';
    const { address, isPressed } = pressed.parse(await this.#ask(pressPart, { part }));
    return isPressed && this.#mayAct(address) ? null : 'look';
  }

  async #listen(): Promise<PersonRefusal | null> {
    const refusal = await this.#press(this.#parts.steps.captcha.sound);
    if (refusal !== null) return refusal;
    this.#soundUntil = Date.now() + SOUND_WITHIN_MS;
    void this.#findSound().catch(() => undefined);
    return null;
  }

  /** A sound that stands in the page as `data:` or `blob:` comes with no answer of its own. */
  async #findSound(): Promise<void> {
    while (Date.now() < this.#soundUntil && !this.#isOver) {
      const address = z.string().parse(await this.#ask(soundAddress, null));
      if (address !== '') await this.#relay(address);
      else await sleep(100);
    }
  }

  async #relay(address: string): Promise<void> {
    if (this.#soundUntil === 0) return;
    this.#soundUntil = 0;
    const found = sound.parse(await this.#ask(fetchSound, { address, most: MOST_SOUND_BYTES }));
    if (found !== null) this.#viewer?.sound(Buffer.from(found.base64, 'base64'), found.type);
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
    return this.#parts.inPage(String(what), argument);
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
    } else if (this.#soundUntil > Date.now() && (response.headers()['content-type'] ?? '').startsWith('audio/')) {
      void this.#relay(response.url()).catch(() => undefined);
    }
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowserContext, CDPSession, Frame, Locator, Page as BrowserPage, Request, Response } from 'playwright';

import type { Incident } from '../../core/capture.ts';
import { AppError } from '../../core/errors.ts';
import { fold } from '../../read/text.ts';
import type { AssistedSteps } from '../../probe.ts';
import type { PassCookie, WindowSize } from '../assisted.ts';
import type { RequestFilter } from '../requests.ts';
import { Gate, type Served } from './gate.ts';
import { clickInPlace, drawnWords, preparePage, WORKER_REFUSED } from './in-page.ts';
import { navigationOf, type Navigation } from './navigation.ts';
import { PersonWindow } from './person-window.ts';
import { SNAPSHOT_OPTIONS, SNAPSHOT_SOURCE, snapshotShape, type Snapshot } from './snapshot.ts';
import { TrailNotes, type Trail } from './trail.ts';

/** Tallest page photographed whole, in CSS pixels; the rest of a longer one is in its HTML and text. */
const MAX_SHOT_HEIGHT = 6_000;
const DOWNLOAD_SHOWS_WITHIN_MS = 500;
/** How long a page may take from its document to its pictures before it is looked at all the same. */
const LOAD_WITHIN_MS = 5_000;
/** A press that starts no navigation in this time is taken to have changed the page in place. */
const NAVIGATION_STARTS_WITHIN_MS = 600;
/** A page that hangs in a person's hands is left as it is: waiting for it would cost everybody their browser. */
const TAKEN_BACK_WITHIN_MS = 3_000;
const CRASHES_WITHIN_MS = 1_000;
/** The size at which pages are read: sites show less to telephones. */
export const DESKTOP = { width: 1_366, height: 900 };

/** One fresh page of one fresh context, behind the request filter. Everything it saw on the way is on its trail. */
export class Tab {
  readonly #page: BrowserPage;
  readonly #cdp: CDPSession;
  readonly #gate: Gate;
  readonly #notes: TrailNotes;
  #response: Response | null = null;
  /** The person who has the page in hand, if one has. */
  #person: PersonWindow | null = null;
  /** Chromium's name of the error by which the main document last failed. */
  #lastFailure = '';
  /** Rejected when the page's process dies: calls into it would wait without end. */
  readonly #crashed = Promise.withResolvers<never>();
  #downloaded = Promise.withResolvers<true>();

  private constructor(page: BrowserPage, cdp: CDPSession, notes: TrailNotes, options: TabOptions) {
    this.#page = page;
    this.#cdp = cdp;
    this.#notes = notes;
    const { filter, served } = options;
    const onRefused = (incident: Incident): void => this.#note(incident);
    this.#gate = new Gate({ cdp, filter, onRefused, ...(served === undefined ? {} : { served }) });
  }

  static async open(context: BrowserContext, options: TabOptions): Promise<Tab> {
    const notes = new TrailNotes();
    if (options.cookies !== undefined) await context.addCookies(options.cookies.map((cookie) => ({ ...cookie })));
    // Playwright keeps the order of its calls: the route stands before the page, though neither waits for the other.
    const routed = context.routeWebSocket(/.*/, (socket) => {
      notes.socket(socket.url());
      void socket.close();
    });
    const prepared = context.addInitScript(preparePage);
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    const tab = new Tab(page, cdp, notes, options);
    tab.#listen(context);
    await Promise.all([
      routed,
      prepared,
      cdp.send('Page.enable'),
      cdp.send('Network.setCacheDisabled', { cacheDisabled: true }),
      tab.#gate.open(),
    ]);
    return tab;
  }

  get url(): string {
    return this.#page.url();
  }

  get isClosed(): boolean {
    return this.#page.isClosed();
  }

  setActionDeadline(milliseconds: number): void {
    this.#page.setDefaultTimeout(milliseconds);
  }

  async goto(address: string, withinMs: number): Promise<void> {
    await this.#page.goto(address, { waitUntil: 'commit', timeout: withinMs });
  }

  /** Stylesheets decide what is visible, so the page's own `load` is waited for, but not for ever. */
  async loaded(withinMs: number): Promise<void> {
    const loaded = async (): Promise<void> => {
      await this.#page.waitForLoadState('domcontentloaded', { timeout: withinMs });
      await this.#page.waitForLoadState('load', { timeout: LOAD_WITHIN_MS }).catch(() => undefined);
    };
    // A page that starts a download is never said to be loaded, though it stands there.
    await Promise.race([loaded(), this.#downloaded.promise]);
  }

  /** Size of the window in CSS pixels, for the page that stands and those to come. */
  async resize(size: { readonly width: number; readonly height: number }): Promise<void> {
    await this.#page.setViewportSize(size);
  }

  /**
   * Clicks the first match, drawn or not, and waits for the document it leads to, when it leads to one. With `named`, the
   * first drawn match whose words, folded, match.
   */
  async press(selector: string, named?: RegExp): Promise<void> {
    const page = this.#page;
    const arrived = Promise.withResolvers<void>();
    arrived.promise.catch(() => undefined);
    let isLeaving = false;
    const isMainDocument = (request: Request): boolean =>
      request.isNavigationRequest() && request.frame() === page.mainFrame();
    const onRequest = (request: Request): void => {
      if (isMainDocument(request)) isLeaving = true;
    };
    const onFailed = (request: Request): void => {
      if (isMainDocument(request))
        arrived.reject(new Error(`${request.failure()?.errorText ?? ''} at ${request.url()}`));
    };
    const onNavigated = (frame: Frame): void => {
      if (frame === page.mainFrame() && isLeaving) arrived.resolve();
    };
    page.on('request', onRequest).on('requestfailed', onFailed).on('framenavigated', onNavigated);
    try {
      const found = await this.#first(selector, named);
      if (!(await found.evaluate(clickInPlace))) this.#noteForm();
      await Promise.race([arrived.promise, sleep(NAVIGATION_STARTS_WITHIN_MS)]);
      if (isLeaving) await arrived.promise;
    } finally {
      page.off('request', onRequest).off('requestfailed', onFailed).off('framenavigated', onNavigated);
    }
  }

  /** Ticks a box or chooses a radio button, also where the site has hidden the real one behind its own drawing. */
  async choose(selector: string): Promise<void> {
    const input = await this.#first(selector);
    await input.evaluate((element) => {
      if (element instanceof HTMLInputElement && !element.checked) element.click();
    });
  }

  /** Nothing is waited for: a probe presses what it has seen. Throws `PROBE_FAILED`. */
  async #first(selector: string, named?: RegExp): Promise<Locator> {
    const found = this.#page.locator(selector);
    const at =
      named === undefined ? 0 : (await found.evaluateAll(drawnWords)).findIndex((words) => named.test(fold(words)));
    if (at === -1 || (await found.count()) === 0) {
      throw new AppError(
        'PROBE_FAILED',
        `nothing on the page is ${selector}${named === undefined ? '' : ` ${String(named)}`}`,
      );
    }
    return found.nth(at);
  }

  /** Whether the last document turned out to be a file; the browser says so a moment after it gives up the page. */
  isDownload(): Promise<boolean> {
    return Promise.race([this.#downloaded.promise, sleep(DOWNLOAD_SHOWS_WITHIN_MS, false)]);
  }

  /** Forgets what the last step saw; `isNew` also forgets the last document's answer. */
  begin(isNew: boolean): void {
    this.#gate.begin();
    if (isNew) this.#response = null;
    this.#downloaded = Promise.withResolvers();
    this.#notes.forget();
  }

  /** Documents of the main frame asked for since `begin`. */
  get documents(): number {
    return this.#gate.documents;
  }

  trail(): Trail {
    return this.#notes.read();
  }

  navigation(): Promise<Navigation> {
    return navigationOf(this.#response);
  }

  /** Hands the page to a person; until `takeBack` it is theirs, within the filter. */
  async handOver(steps: AssistedSteps, size: WindowSize): Promise<PersonWindow> {
    this.begin(false);
    const person = new PersonWindow({
      page: this.#page,
      cdp: this.#cdp,
      steps,
      size,
      inPage: (source, argument) => Promise.race([this.#inPage(source, argument), this.#crashed.promise]),
    });
    await person.open();
    this.#person = person;
    this.#gate.handOver(person);
    return person;
  }

  async takeBack(): Promise<void> {
    await this.#person?.close();
    this.#person = null;
    this.#gate.handOver(null);
    // A page whose process has died has no size, and one that hangs takes none; what comes next says so.
    const resized = this.#page.setViewportSize(DESKTOP).catch(() => undefined);
    await Promise.race([resized, sleep(TAKEN_BACK_WITHIN_MS)]);
  }

  /** Rejects when the page's process dies, or its browser. */
  gone(): Promise<never> {
    const closed = new Promise<never>((_resolve, reject) => {
      this.#page.once('close', () => reject(new AppError('BROWSER_FAILED', 'the page went away')));
    });
    closed.catch(() => undefined);
    return Promise.race([closed, this.#crashed.promise]);
  }

  /** Ends the page's process, whatever it is at: a page that hangs does not close. */
  async crash(): Promise<void> {
    const crashed = this.#cdp.send('Page.crash').catch(() => undefined);
    await Promise.race([crashed, sleep(CRASHES_WITHIN_MS)]);
  }

  /** What the site would recognise this visit by. */
  async cookies(): Promise<readonly PassCookie[]> {
    return await this.#page.context().cookies();
  }

  /** Taken in a world of its own, where nothing that the page has put in place of the browser's functions reaches. */
  snapshot(): Promise<Snapshot> {
    return Promise.race([this.#snapshot(), this.#crashed.promise]);
  }

  async #snapshot(): Promise<Snapshot> {
    const snapshot = snapshotShape.parse(await this.#inPage(SNAPSHOT_SOURCE, SNAPSHOT_OPTIONS));
    // The main document was refused or failed after the page had loaded: what stands now is the browser's own page.
    if (snapshot.url.startsWith('chrome-error:'))
      throw new Error(`${this.#lastFailure || 'net::ERR_FAILED'} after the page had loaded`);
    return snapshot;
  }

  async #inPage(functionDeclaration: string, argument: unknown): Promise<unknown> {
    const { mainFrame } = this.#gate;
    if (mainFrame === null) throw new Error('nothing was asked for yet');
    const world = await this.#cdp.send('Page.createIsolatedWorld', { frameId: mainFrame, worldName: 'guetteur' });
    const { result, exceptionDetails } = await this.#cdp.send('Runtime.callFunctionOn', {
      executionContextId: world.executionContextId,
      functionDeclaration,
      arguments: [{ value: argument }],
      returnByValue: true,
      awaitPromise: true,
    });
    if (exceptionDetails !== undefined) throw new Error(exceptionDetails.text);
    const value: unknown = result.value;
    return value;
  }

  /** The whole page as PNG. Taken by the protocol: Playwright's own waits without end for a font that never comes. */
  async screenshot(size: { readonly width: number; readonly height: number }): Promise<Uint8Array> {
    const height = Math.min(Math.max(size.height, 1), MAX_SHOT_HEIGHT);
    const width = Math.min(Math.max(size.width, 1), 2_000);
    const { data } = await this.#cdp.send('Page.captureScreenshot', {
      format: 'png',
      captureBeyondViewport: true,
      optimizeForSpeed: true,
      clip: { x: 0, y: 0, width, height, scale: 1 },
    });
    return Buffer.from(data, 'base64');
  }

  #listen(context: BrowserContext): void {
    const page = this.#page;
    this.#crashed.promise.catch(() => undefined);
    this.#cdp.on('Page.windowOpen', (event) =>
      this.#note({ kind: 'popup', detail: 'a window was not opened', url: event.url }),
    );
    context.on('page', (other) => {
      if (other === page) return;
      this.#note({ kind: 'popup', detail: 'a window was closed', url: other.url() });
      void other.close().catch(() => undefined);
    });
    page.on('dialog', (dialog) => {
      const kind = dialog.type();
      if (kind !== 'alert' && kind !== 'confirm' && kind !== 'prompt' && kind !== 'beforeunload') return;
      this.#notes.dialog(kind, dialog.message());
      // Nothing is agreed to but leaving a page that asks whether one is sure.
      void (kind === 'beforeunload' ? dialog.accept() : dialog.dismiss()).catch(() => undefined);
    });
    page.on('download', (download) => {
      this.#downloaded.resolve(true);
      this.#note({ kind: 'download', detail: 'a download was cut', url: download.url() });
      void download.cancel().catch(() => undefined);
    });
    page.on('crash', () => this.#crashed.reject(new AppError('BROWSER_FAILED', "the page's process crashed")));
    page.on('console', (message) => {
      if (message.text() === WORKER_REFUSED) this.#noteWorker();
      else if (message.type() === 'error') this.#notes.error(message.text());
    });
    page.on('pageerror', (error) => this.#notes.error(error.message));
    page.on('response', (response) => this.#seeResponse(response));
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'failed';
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) this.#lastFailure = reason;
      // Our own refusals; of a part of a page Chromium says `ERR_BLOCKED_BY_CLIENT.Inspector`.
      if (!reason.startsWith('net::ERR_BLOCKED_BY_CLIENT'))
        this.#notes.failed(request.url(), request.resourceType(), reason);
    });
  }

  #seeResponse(response: Response): void {
    const request = response.request();
    if (request.isNavigationRequest() && request.frame() === this.#page.mainFrame()) {
      if (response.status() < 300 || response.status() >= 400) this.#response = response;
    } else if (response.status() >= 400) {
      this.#notes.failed(response.url(), request.resourceType(), String(response.status()));
    }
  }

  #noteWorker(): void {
    const detail = 'workers are not run';
    this.#note({ kind: 'refused', rule: 'worker', detail, url: this.#page.url(), resource: 'worker' });
  }

  /** The page asks what nobody declared, so nothing on it is pressed. */
  noteQuestion(question: string): void {
    const detail = `not pressed: ${question}`.slice(0, 500);
    this.#note({ kind: 'refused', rule: 'question', detail, url: this.#page.url(), resource: 'form' });
  }

  #noteForm(): void {
    const detail = 'a button that sends a form by GET is not pressed';
    this.#note({ kind: 'refused', rule: 'form', detail, url: this.#page.url(), resource: 'form' });
  }

  #note(incident: Incident): void {
    this.#person?.refused(incident);
    this.#notes.incident(incident);
  }
}

export interface TabOptions {
  readonly filter: RequestFilter;
  /** After this long the tab is given up and its browser killed. */
  readonly withinMs: number;
  readonly served?: Served;
  /** What an earlier visit was recognised by. */
  readonly cookies?: readonly PassCookie[];
}

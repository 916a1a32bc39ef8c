import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright';

import { AppError } from '../../core/errors.ts';
import { groupOf, killGroup, processTree, startOf } from './processes.ts';
import { DESKTOP, Tab, type TabOptions } from './tab.ts';

export interface BrowserOptions {
  /** Chromium or its headless shell. */
  readonly executable: string;
  readonly userAgentSuffix: string;
  /** This process's own folder for the notes by which a later start finds an orphan; see `orphans.ts`. */
  readonly folder: string;
  /** A new browser process after this many checks, or when its processes hold more than this. */
  readonly recycleAfter: number;
  readonly maxResidentBytes: number;
}

/** Fixed: no setting changes what the browser says of itself (conduct C4). */
export const LAUNCH_FLAGS: readonly string[] = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-quic',
  '--no-first-run',
  '--dns-prefetch-disable',
  '--block-new-web-contents',
  // A shared worker has a life of its own, outside the page whose requests are filtered.
  '--disable-shared-workers',
  '--force-webrtc-ip-handling-policy=disable_non_proxied_udp',
];

const CLOSE_WITHIN_MS = 5_000;
const LAUNCH_WITHIN_MS = 30_000;

interface Running {
  readonly browser: Browser;
  readonly pid: number;
  readonly group: number;
  readonly note: string;
  readonly userAgent: string;
  readonly version: string;
  checks: number;
  open: number;
  isRetired: boolean;
}

/**
 * The one browser process. Started when first needed, replaced when it is old, large, crashed or hung; each check gets a
 * context of its own. Its process group is killed when it does not close by itself.
 */
export class BrowserProcess {
  readonly #options: BrowserOptions;
  #current: Promise<Running> | null = null;
  readonly #alive = new Set<Running>();
  #launches = 0;

  constructor(options: BrowserOptions) {
    this.#options = options;
  }

  /** Browser processes started after the first one. */
  get restarts(): number {
    return Math.max(0, this.#launches - 1);
  }

  /** Runs `use` with a fresh tab and closes its context in every case. Throws `AppError` when the browser fails. */
  async withTab<T>(options: TabOptions, use: (tab: Tab) => Promise<T>): Promise<T> {
    const running = await this.#running();
    running.checks += 1;
    running.open += 1;
    let context: BrowserContext | null = null;
    let tab: Tab | null = null;
    try {
      context = await withDeadline(newContext(running), LAUNCH_WITHIN_MS);
      tab = await withDeadline(Tab.open(context, options), LAUNCH_WITHIN_MS);
      return await withDeadline(use(tab), options.withinMs, () => this.#kill(running));
    } catch (error) {
      if (!running.browser.isConnected()) this.#drop(running);
      throw error instanceof AppError ? error : new AppError('BROWSER_FAILED', firstLine(error), { cause: error });
    } finally {
      running.open -= 1;
      await this.#closeContext(running, context, tab);
      await this.#retireWhenOld(running);
    }
  }

  /** Runs `use` with an empty page that reaches no network, and closes its context in every case. */
  async withEmptyPage<T>(withinMs: number, use: (page: Page) => Promise<T>): Promise<T> {
    const running = await this.#running();
    running.open += 1;
    let context: BrowserContext | null = null;
    try {
      context = await withDeadline(running.browser.newContext({ offline: true }), LAUNCH_WITHIN_MS);
      const page = await withDeadline(context.newPage(), LAUNCH_WITHIN_MS);
      return await withDeadline(use(page), withinMs, () => this.#kill(running));
    } catch (error) {
      if (!running.browser.isConnected()) this.#drop(running);
      throw error instanceof AppError ? error : new AppError('BROWSER_FAILED', firstLine(error), { cause: error });
    } finally {
      running.open -= 1;
      await this.#closeContext(running, context, null);
      await this.#retireWhenOld(running);
    }
  }

  version(): Promise<string> {
    return this.#running().then((running) => running.version);
  }

  userAgent(): Promise<string> {
    return this.#running().then((running) => running.userAgent);
  }

  /** Resident memory of all processes of the current browser; 0 when none runs. */
  async residentBytes(): Promise<number> {
    const trees = await Promise.all([...this.#alive].map((running) => processTree(running.pid)));
    return trees.flat().reduce((sum, info) => sum + info.residentBytes, 0);
  }

  async close(): Promise<void> {
    this.#current = null;
    await Promise.all([...this.#alive].map((running) => this.#end(running)));
  }

  #running(): Promise<Running> {
    if (this.#current === null) {
      this.#launches += 1;
      const launching = this.#launch();
      this.#current = launching;
      launching.catch(() => {
        if (this.#current === launching) this.#current = null;
      });
    }
    return this.#current;
  }

  async #launch(): Promise<Running> {
    const { executable, folder, userAgentSuffix } = this.#options;
    await mkdir(folder, { recursive: true });
    const isRoot = process.getuid?.() === 0;
    try {
      // A third of the program's loading time: only what needs a browser pays for it.
      const { chromium } = await import('playwright');
      const browser = await chromium.launch({
        executablePath: executable,
        args: [...LAUNCH_FLAGS],
        chromiumSandbox: !isRoot,
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
        timeout: LAUNCH_WITHIN_MS,
      });
      const session = await browser.newBrowserCDPSession();
      const { processInfo } = await session.send('SystemInfo.getProcessInfo');
      const { userAgent } = await session.send('Browser.getVersion');
      const pid = processInfo.find((info) => info.type === 'browser')?.id ?? 0;
      const note = join(folder, `browser-${pid}-${(await startOf(pid)) ?? '0'}`);
      await writeFile(note, '');
      const running: Running = {
        browser,
        pid,
        group: await groupOf(pid),
        note,
        userAgent: `${userAgent} ${userAgentSuffix}`,
        version: browser.version(),
        checks: 0,
        open: 0,
        isRetired: false,
      };
      this.#alive.add(running);
      browser.on('disconnected', () => this.#drop(running));
      return running;
    } catch (error) {
      throw new AppError('BROWSER_FAILED', `${executable} did not start: ${firstLine(error)}`, { cause: error });
    }
  }

  async #closeContext(running: Running, context: BrowserContext | null, tab: Tab | null): Promise<void> {
    if (context === null) return;
    const closing = context.close();
    try {
      await withDeadline(closing, CLOSE_WITHIN_MS);
    } catch {
      // A page that hangs keeps its context open. Others may have pages in this browser: only its own process goes, at first.
      await tab?.crash();
      // What still does not close belongs to a hung browser: the whole process group goes.
      await withDeadline(closing, CLOSE_WITHIN_MS).catch(() => this.#kill(running));
    }
  }

  async #retireWhenOld(running: Running): Promise<void> {
    if (!running.isRetired && running.checks >= this.#options.recycleAfter) this.#retire(running);
    if (!running.isRetired && running.checks % 10 === 0) {
      const tree = await processTree(running.pid);
      const resident = tree.reduce((sum, info) => sum + info.residentBytes, 0);
      if (resident > this.#options.maxResidentBytes) this.#retire(running);
    }
    if (running.isRetired && running.open === 0) await this.#end(running);
  }

  /** Takes no new check; ends when the checks inside it have ended. */
  #retire(running: Running): void {
    running.isRetired = true;
    this.#current = null;
  }

  async #end(running: Running): Promise<void> {
    try {
      await withDeadline(running.browser.close(), CLOSE_WITHIN_MS);
    } catch {
      this.#kill(running);
    }
    this.#drop(running);
    await rm(running.note, { force: true });
  }

  #kill(running: Running): void {
    if (running.pid > 0) killGroup(running.pid, running.group);
    this.#drop(running);
  }

  #drop(running: Running): void {
    if (!this.#alive.delete(running)) return;
    if (!running.isRetired) {
      running.isRetired = true;
      this.#current = null;
    }
  }
}

function newContext(running: Running): Promise<BrowserContext> {
  return running.browser.newContext({
    viewport: DESKTOP,
    locale: 'fr-FR',
    timezoneId: 'Europe/Paris',
    userAgent: running.userAgent,
    serviceWorkers: 'block',
    acceptDownloads: false,
    reducedMotion: 'reduce',
  });
}

async function withDeadline<T>(work: Promise<T>, milliseconds: number, onLate?: () => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      onLate?.();
      reject(new AppError('BROWSER_FAILED', `the browser did not answer in ${milliseconds} ms`));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
}

import { setTimeout as sleep } from 'node:timers/promises';

import type { Capture, Failure, Shot } from '../core/capture.ts';
import { AppError } from '../core/errors.ts';
import { GROUPS, type Outcome } from '../core/outcome.ts';
import type { Reading } from '../core/reading.ts';
import { Page } from '../read/page.ts';
import { undeclaredQuestion, type Asks } from '../read/questions.ts';
import { readWeb } from '../read/web-rules.ts';
import type { AssistedSteps, StepOptions, Visit } from '../probe.ts';
import type { AssistedEnd, AssistedOrder } from './assisted.ts';
import type { Snapshot } from './browser/snapshot.ts';
import type { Tab } from './browser/tab.ts';
import { failureNamed, refusedDocument } from './failures.ts';
import { OfferedVisit } from './offered-visit.ts';
import { scrub } from './scrub.ts';

export interface Deadlines {
  readonly actionMs: number;
  readonly stepMs: number;
  readonly checkMs: number;
}

export const DEADLINES: Deadlines = { actionMs: 15_000, stepMs: 45_000, checkMs: 120_000 };

const SETTLE_WITHIN_MS = 8_000;
const BREATH_MS = 2_000;
const LOOKED_FOR_STOP_EVERY_MS = 500;
/** A page that was begun as on a telephone lays itself out anew some time after its window became wide (Quasar: 100 ms). */
const LAID_OUT_WITHIN_MS = 500;
const TELEPHONE = { width: 390, height: 844 };

/** Thrown into a probe's `visit` when there is nothing further to visit: a gate, a fault, the end of the check's time. */
class VisitOver extends Error {}

export interface TabVisitOptions {
  readonly deadlines: Deadlines;
  readonly signal: AbortSignal;
  readonly practice: boolean;
  /** What a page may ask while something on it is pressed. */
  readonly asks: Asks;
  /** How the probe would read a page that stood alone: some pages need no further waiting. */
  readonly read: (capture: Capture) => Reading;
}

/** A `Visit` on a real tab. What it saw is in `shots` when `run` returns, whichever way it ended. */
export class TabVisit implements Visit {
  readonly shots: Shot[] = [];
  /** Pages loaded, repeats included: what the host's budget and spacing count. */
  loads = 0;
  readonly #tab: Tab;
  readonly #deadlines: Deadlines;
  readonly #signal: AbortSignal;
  readonly #practice: boolean;
  readonly #asks: Asks;
  readonly #read: (capture: Capture) => Reading;
  /** The page that stands: how it was reached, for what is looked at before a press. */
  #standing = { name: '', url: '' };

  constructor(tab: Tab, options: TabVisitOptions) {
    this.#tab = tab;
    this.#deadlines = options.deadlines;
    this.#signal = options.signal;
    this.#practice = options.practice;
    this.#asks = options.asks;
    this.#read = options.read;
    tab.setActionDeadline(options.deadlines.actionMs);
  }

  /** Runs a probe's visit to its end. Throws `AppError` only for what is our own fault. */
  async run(visit: (visit: Visit) => Promise<void>): Promise<void> {
    try {
      await visit(new OfferedVisit(this));
    } catch (error) {
      if (error instanceof VisitOver) return;
      throw error instanceof AppError
        ? error
        : new AppError('PROBE_FAILED', error instanceof Error ? error.message : String(error), { cause: error });
    }
  }

  /**
   * Hands the page to a person until the visit's end is reached, they leave, their time is up, or `isStopped` says so. The page
   * at the end is captured as any step is. Says how it ended.
   */
  async handOver(
    steps: AssistedSteps,
    order: AssistedOrder,
    { isStopped, onBack }: { readonly isStopped: () => boolean; readonly onBack: () => void },
  ): Promise<AssistedEnd['how']> {
    const window = await this.#tab.handOver(steps, order.size);
    const over = new AbortController();
    let how: AssistedEnd['how'];
    try {
      how = await Promise.race([
        this.#tab.gone(),
        window.reached.then(() => 'reached' as const),
        order.meet(window, over.signal).then(() => 'left' as const),
        this.#limit(order.limitMs, isStopped, over.signal),
      ]);
    } finally {
      over.abort();
      this.loads += this.#tab.documents;
      onBack();
      await this.#tab.takeBack();
    }
    if (how !== 'reached') return how;
    // The last document is counted by the step that captures it.
    this.loads -= 1;
    const { step: name, isDrawn } = steps.end;
    const laidOutAt = Date.now() + LAID_OUT_WITHIN_MS;
    await this.run(async () => {
      const step = { name, url: this.#tab.url, isNew: false };
      const until = (page: Page): boolean => Date.now() >= laidOutAt && isDrawn(page);
      await this.#step(step, { until }, () => Promise.resolve());
    });
    return how;
  }

  /** Settles when the person's time is up, the check is to stop, or the visit is over. */
  async #limit(limitMs: number, isStopped: () => boolean, over: AbortSignal): Promise<'late' | 'stopped'> {
    const until = Date.now() + limitMs;
    while (!over.aborted && !this.#signal.aborted && Date.now() < until && !isStopped()) {
      await sleep(Math.min(LOOKED_FOR_STOP_EVERY_MS, Math.max(1, until - Date.now())), undefined, {
        signal: over,
      }).catch(() => undefined);
    }
    return isStopped() ? 'stopped' : 'late';
  }

  open(step: string, address: string, options: StepOptions = {}): Promise<Page> {
    return this.#step({ name: step, url: address, isNew: true }, options, () =>
      this.#tab.goto(address, this.#deadlines.stepMs),
    );
  }

  async press(step: string, selector: string, options: StepOptions = {}): Promise<Page> {
    await this.#endAtQuestion();
    return await this.#step({ name: step, url: this.#tab.url, isNew: false }, options, () =>
      this.#tab.press(selector, options.named),
    );
  }

  async choose(selector: string): Promise<void> {
    await this.#endAtQuestion();
    await this.#tab.choose(selector);
  }

  /** Nothing is pressed or ticked on a page that asks what nobody declared (conduct C1): the visit ends there. */
  async #endAtQuestion(): Promise<void> {
    const snapshot = await this.#within(this.#deadlines.actionMs, () => this.#tab.snapshot()).catch(() => null);
    if (snapshot === null) throw new VisitOver();
    const standing = (): Promise<Capture> => this.#captureOf(this.#standing, Date.now(), snapshot, null);
    const question = undeclaredQuestion(new Page(await standing()), this.#asks);
    if (question === null) return;
    this.#tab.noteQuestion(question);
    const capture = await standing();
    if (this.shots.at(-1)?.capture.step === capture.step) this.shots.pop();
    this.shots.push({ capture, screenshot: await this.#photograph(snapshot) });
    throw new VisitOver();
  }

  narrow(): Promise<void> {
    return this.#tab.resize(TELEPHONE);
  }

  async breathe(): Promise<void> {
    if (!this.#practice) await sleep(BREATH_MS, undefined, { signal: this.#signal }).catch(() => undefined);
  }

  async #step(
    step: { name: string; url: string; isNew: boolean },
    options: StepOptions,
    act: () => Promise<void>,
  ): Promise<Page> {
    this.#tab.begin(step.isNew);
    this.#standing = step;
    this.loads += 1;
    const startedAt = Date.now();
    let snapshot: Snapshot | null = null;
    let failure: Failure | null = null;
    try {
      snapshot = await this.#within(this.#deadlines.stepMs, async (isOver) => {
        await act();
        await this.#tab.loaded(this.#deadlines.stepMs);
        return await this.#settled(step, startedAt, options, isOver);
      });
    } catch (error) {
      failure = await this.#failureOf(error);
    }
    this.loads += Math.max(0, this.#tab.documents - 1);
    const capture = await this.#captureOf(step, startedAt, snapshot, failure);
    const isEnd = failure !== null || readWeb(capture) !== null;
    if (options.isRepeat !== true || isEnd) {
      const screenshot = snapshot === null ? null : await this.#photograph(snapshot);
      this.shots.push({ capture, screenshot });
    }
    if (isEnd) throw new VisitOver();
    return new Page(capture);
  }

  async #settled(
    step: { name: string; url: string },
    startedAt: number,
    { until = () => true, withinMs = SETTLE_WITHIN_MS }: StepOptions,
    isOver: () => boolean,
  ): Promise<Snapshot> {
    const limit = performance.now() + withinMs;
    let pause = 10;
    let news = { text: '', since: Infinity };
    let answer = { read: '', since: 0 };
    for (;;) {
      const snapshot = await this.#tab.snapshot().catch(unlessGone);
      const now = performance.now();
      const late = now >= limit;
      if (snapshot !== null) {
        const capture = await this.#captureOf(step, startedAt, snapshot, null);
        const reading = this.#read(capture);
        if (!NEWS.has(reading.outcome) || news.text !== snapshot.text)
          news = { text: snapshot.text, since: NEWS.has(reading.outcome) ? now : Infinity };
        const isOldNews = now - news.since >= NEWS_STANDS_FOR_MS;
        const read = `${reading.outcome} ${reading.rule}`;
        if (read !== answer.read) answer = { read, since: now };
        const isAtRest = !ANSWERS.has(reading.outcome) || now - answer.since >= RESTS_FOR_MS;
        // Without scripts nothing can change any more.
        if (late || !snapshot.active || isFinal(reading) || (isAtRest && (isOldNews || until(new Page(capture)))))
          return snapshot;
      } else if (late && (isOver() || this.#tab.isClosed)) {
        throw new AppError('BROWSER_FAILED', 'the page went away while it was read');
      }
      await sleep(pause);
      pause = Math.min(pause * 2, 400);
    }
  }

  async #captureOf(
    step: { name: string; url: string },
    startedAt: number,
    snapshot: Snapshot | null,
    failure: Failure | null,
  ): Promise<Capture> {
    const navigation = await this.#tab.navigation();
    const trail = this.#tab.trail();
    const observedAt = Date.now();
    const refused = failure?.kind === 'left_hosts' ? refusedDocument(trail.incidents) : undefined;
    return scrub({
      step: step.name,
      observedAt,
      requestedUrl: step.url,
      finalUrl: refused?.url ?? snapshot?.url ?? step.url,
      redirects: navigation.redirects,
      status: failure === null ? navigation.status : null,
      headers: navigation.headers,
      ...(navigation.certificateUntil === undefined ? {} : { certificateUntil: navigation.certificateUntil }),
      title: snapshot?.title ?? '',
      html: snapshot?.html ?? '',
      text: snapshot?.text ?? '',
      ...trail,
      truncated: snapshot?.truncated ?? false,
      failure,
      durationMs: observedAt - startedAt,
    });
  }

  async #photograph(snapshot: Snapshot): Promise<Uint8Array | null> {
    return await this.#within(this.#deadlines.actionMs, () => this.#tab.screenshot(snapshot)).catch(() => null);
  }

  /** What went wrong on the line, told by Chromium's own error names (net/base/net_error_list.h). */
  async #failureOf(error: unknown): Promise<Failure | null> {
    if (error instanceof AppError) throw error;
    if (error instanceof StepLate || (error instanceof Error && error.name === 'TimeoutError')) {
      return { kind: 'timeout', message: `not reached in ${this.#deadlines.stepMs / 1000} s` };
    }
    const message = error instanceof Error ? error.message : String(error);
    const code = /net::(ERR_\w+)/.exec(message)?.[1];
    // A download or an address of another program (`mailto:`) that the page led to: the page itself still stands.
    if (code === 'ERR_ABORTED' && (await this.#tab.isDownload())) {
      return { kind: 'download', message: 'the address answers with a download' };
    }
    if (code === undefined) {
      if (!this.#tab.isClosed && (await this.#tab.isDownload())) {
        return { kind: 'download', message: 'the address answers with a download' };
      }
      if (this.#signal.aborted) return { kind: 'timeout', message: 'the check was not finished in its time' };
      throw new AppError('BROWSER_FAILED', message.split('\n')[0] ?? '', { cause: error });
    }
    // An error status with an empty body: Chromium shows a page of its own, but the answer did come.
    const { status } = await this.#tab.navigation();
    if (code === 'ERR_HTTP_RESPONSE_CODE_FAILURE' && status !== null) return null;
    return failureNamed(code, this.#tab.trail().incidents);
  }

  /** Runs `work` until its own limit or the end of the check. */
  async #within<T>(milliseconds: number, work: (isOver: () => boolean) => Promise<T>): Promise<T> {
    const late = Promise.withResolvers<never>();
    let isOver = false;
    const stop = (): void => {
      isOver = true;
      late.reject(new StepLate());
    };
    const timer = setTimeout(stop, milliseconds);
    this.#signal.addEventListener('abort', stop, { once: true });
    const working = work(() => isOver);
    working.catch(() => undefined);
    try {
      if (this.#signal.aborted) stop();
      return await Promise.race([working, late.promise]);
    } finally {
      clearTimeout(timer);
      this.#signal.removeEventListener('abort', stop);
    }
  }
}

class StepLate extends Error {}

/** A page between two documents cannot be looked at for a moment; one whose document failed will not come back. */
function unlessGone(error: unknown): null {
  if (error instanceof AppError || (error instanceof Error && error.message.startsWith('net::'))) throw error;
  return null;
}

const FINAL: ReadonlySet<Outcome> = new Set<Outcome>([...GROUPS.gate, 'overloaded']);

/** What a notice says may be all there is, or stand above what is still being drawn: it has to stand a while. */
const NEWS: ReadonlySet<Outcome> = new Set<Outcome>(['maintenance', 'moved', 'suspended']);
const NEWS_STANDS_FOR_MS = 2_000;

/** A page that runs scripts may still turn its yes into a no, or the other way round: it is read when it has stood a while. */
const ANSWERS: ReadonlySet<Outcome> = new Set<Outcome>(['slots', 'no_slots']);
const RESTS_FOR_MS = 1_500;

/** Whether waiting longer cannot change what the page is. A blank page may still fill itself, a list may still grow. */
function isFinal({ outcome, rule }: Reading): boolean {
  return FINAL.has(outcome) || rule === 'http-5xx' || rule === 'http-4xx';
}

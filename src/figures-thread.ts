import { Worker } from 'node:worker_threads';

import { AppError, type ErrorCode } from './core/errors.ts';
import { LocalTime, PARIS, plusDays } from './core/local-time.ts';
import type { CompareQuestion, DaysQuery, Figures, Period } from './stats/figures.ts';

/** Figures in a thread of their own. Whoever asks the same at the same time shares one question. */

export type FiguresQuestion = {
  [Name in Asked]: { readonly name: Name; readonly args: Parameters<Figures[Name]> };
}[Asked];

export type FiguresAnswer =
  | { readonly id: number; readonly isAnswered: true; readonly value: unknown }
  | { readonly id: number; readonly isAnswered: false; readonly code: ErrorCode; readonly message: string };

type Asked = Exclude<keyof Figures, 'lastDays'>;

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export interface FiguresThread extends Figures {
  close(): Promise<void>;
}

/** A question that ends the thread is asked again by the next reader: it must not do so without a pause. */
const RESTARTED_AFTER_MS = 10_000;

export interface FiguresOptions {
  readonly folder: string;
  readonly practice: boolean;
  /** A thread that died is started again by a question, at most once in so long. */
  readonly restartedAfterMs?: number;
}

/** The database of the folder must be there: the store makes it. Throws `STORE_FAILED`. */
export async function openFigures({
  restartedAfterMs = RESTARTED_AFTER_MS,
  ...workerData
}: FiguresOptions): Promise<FiguresThread> {
  const start = (): Worker => new Worker(new URL('./figures-worker.ts', import.meta.url), { workerData });
  const thread = new Thread(start, restartedAfterMs);
  try {
    await thread.refreshServices();
  } catch (error) {
    await thread.close();
    throw error;
  }
  return thread;
}

class Thread implements FiguresThread {
  readonly #start: () => Worker;
  readonly #restartedAfterMs: number;
  #worker: Worker | null = null;
  #startedAt = -Infinity;
  readonly #waiting = new Map<number, Waiting>();
  readonly #asked = new Map<string, Promise<unknown>>();
  #services: readonly string[] = [];
  #nextId = 0;
  #failure = new AppError('STORE_FAILED', 'the thread of the figures was not started');
  #isClosed = false;

  constructor(start: () => Worker, restartedAfterMs: number) {
    this.#start = start;
    this.#restartedAfterMs = restartedAfterMs;
  }

  /** Null while there is none: it died, of a fault or of too little memory, and is not to be started yet. */
  #running(): Worker | null {
    const now = performance.now();
    if (this.#worker !== null || this.#isClosed || now - this.#startedAt < this.#restartedAfterMs) return this.#worker;
    this.#startedAt = now;
    const worker = this.#start();
    worker.unref();
    worker.on('message', (answer: FiguresAnswer) => this.#end(answer));
    worker.on('error', (cause) => this.#fail(worker, `figures cannot be computed: ${String(cause)}`, cause));
    worker.on('exit', () => this.#fail(worker, 'the thread of the figures has ended'));
    this.#worker = worker;
    return worker;
  }

  lastDays(days: number): Period {
    const to = new LocalTime(PARIS).dayOf(Date.now());
    return { from: plusDays(to, 1 - days), to };
  }

  /** As they were when a page was last asked for: they change when the monitor is started with other targets. */
  services(): readonly string[] {
    void this.refreshServices().catch(() => undefined);
    return this.#services;
  }

  async refreshServices(): Promise<void> {
    this.#services = await this.#ask<readonly string[]>({ name: 'services', args: [] });
  }

  national(period: Period): ReturnType<Figures['national']> {
    return this.#ask({ name: 'national', args: [period] });
  }

  department(code: string, period: Period): ReturnType<Figures['department']> {
    return this.#ask({ name: 'department', args: [code, period] });
  }

  targets(period: Period): ReturnType<Figures['targets']> {
    return this.#ask({ name: 'targets', args: [period] });
  }

  target(id: string, period: Period): ReturnType<Figures['target']> {
    return this.#ask({ name: 'target', args: [id, period] });
  }

  service(platform: string, period: Period): ReturnType<Figures['service']> {
    return this.#ask({ name: 'service', args: [platform, period] });
  }

  compare(question: CompareQuestion): ReturnType<Figures['compare']> {
    return this.#ask({ name: 'compare', args: [question] });
  }

  agreement(period: Period): ReturnType<Figures['agreement']> {
    return this.#ask({ name: 'agreement', args: [period] });
  }

  alerts(): ReturnType<Figures['alerts']> {
    return this.#ask({ name: 'alerts', args: [] });
  }

  days(query: DaysQuery): ReturnType<Figures['days']> {
    return this.#ask({ name: 'days', args: [query] });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#worker?.terminate();
  }

  #ask<T>(question: FiguresQuestion): Promise<T> {
    const worker = this.#running();
    if (worker === null) return Promise.reject(this.#failure);
    const key = JSON.stringify(question);
    const answer = this.#asked.get(key) ?? this.#put(worker, key, question);
    // The worker answers with what the method of that name gives: one interface on both ends.
    return answer as Promise<T>; // oxlint-disable-line typescript/no-unsafe-type-assertion
  }

  #put(worker: Worker, key: string, question: FiguresQuestion): Promise<unknown> {
    const id = this.#nextId;
    this.#nextId += 1;
    const answer = new Promise<unknown>((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      // A port of worker_threads, no window: there is no origin.
      worker.postMessage({ id, question }); // oxlint-disable-line unicorn/require-post-message-target-origin
    });
    this.#asked.set(key, answer);
    const forget = (): void => void this.#asked.delete(key);
    answer.then(forget, forget);
    return answer;
  }

  #end(answer: FiguresAnswer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (answer.isAnswered) waiting?.resolve(answer.value);
    else waiting?.reject(new AppError(answer.code, answer.message));
  }

  /** Whoever waits is told at once. The first reason is the one that is kept: after an error comes an end. */
  #fail(worker: Worker, message: string, cause?: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = null;
    this.#failure = new AppError('STORE_FAILED', message, { cause });
    for (const { reject } of this.#waiting.values()) reject(this.#failure);
    this.#waiting.clear();
  }
}

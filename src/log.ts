import { writeSync } from 'node:fs';
import pino from 'pino';

import { AppError } from './core/errors.ts';

/** One JSON object a line on standard output. */
export function createLog(level: string, onReaderGone: () => void = () => undefined): pino.Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    new LogLines({ write: (bytes) => writeSync(1, bytes), note: (text) => writeSync(2, text), onReaderGone }),
  );
}

/** What of a failure stands in a line of the log. */
export interface FailureFacts {
  readonly error: string;
  readonly code?: string;
  /** Of our own errors only: the words of others may hold what a stranger has typed. */
  readonly message?: string;
  readonly stack: string;
  readonly cause?: FailureFacts;
}

/** Name, code and stack of whatever was thrown, down to its first cause. */
export function failureFacts(thrown: unknown, depth = 0): FailureFacts {
  if (!(thrown instanceof Error)) return { error: typeof thrown, stack: '' };
  const { stack = '', message } = thrown;
  const beyond = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  const frames = beyond.split('\n').filter((line) => /^\s+at /.test(line));
  const code = 'code' in thrown ? { code: String(thrown.code) } : {};
  const cause = thrown.cause instanceof Error && depth < MOST_CAUSES ? failureFacts(thrown.cause, depth + 1) : null;
  return {
    error: thrown.name,
    ...code,
    ...(thrown instanceof AppError ? { message: thrown.message } : {}),
    stack: frames.map((line) => line.trim()).join('\n'),
    ...(cause === null ? {} : { cause }),
  };
}

const MOST_CAUSES = 3;

interface LogOutput {
  /** Returns how many bytes were taken. Throws what the system says. */
  readonly write: (bytes: Uint8Array) => number;
  readonly note: (text: string) => void;
  /** Whoever read the log has gone, as after `| head`. */
  readonly onReaderGone: () => void;
}

const BUSY_MS = 20;
const BUSY_TIMES = 50;

/**
 * Lines that cannot be written, as on a full disk, are lost and counted: the monitor goes on. (pino's own output throws out of the
 * line that logs, which ends the process.) The next line that can be written says how many are missing.
 */
export class LogLines {
  readonly #output: LogOutput;
  #lost = 0;
  #isCut = false;
  #isGone = false;

  constructor(output: LogOutput) {
    this.#output = output;
  }

  write(line: string): void {
    if (this.#isGone) return;
    try {
      this.#put(`${this.#isCut ? '\n' : ''}${this.#lost === 0 ? '' : missing(this.#lost)}${line}`);
      this.#lost = 0;
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const code = codeOf(error);
    if (code === 'EPIPE') {
      this.#isGone = true;
      this.#output.onReaderGone();
      return;
    }
    this.#lost += 1;
    if (this.#lost > 1) return;
    try {
      this.#output.note(`guetteur: the log cannot be written (${code}): its lines are lost until it can\n`);
    } catch {
      // Often the same full disk. The count of lost lines tells later.
    }
  }

  #put(text: string): void {
    let rest: Uint8Array = Buffer.from(text);
    const whole = rest.length;
    try {
      while (rest.length > 0) rest = rest.subarray(this.#some(rest));
      this.#isCut = false;
    } catch (error) {
      this.#isCut ||= rest.length < whole;
      throw error;
    }
  }

  /** A pipe whose reader is slow takes nothing for a moment. */
  #some(bytes: Uint8Array): number {
    for (let times = 0; ; times += 1) {
      try {
        return this.#output.write(bytes);
      } catch (error) {
        if (codeOf(error) !== 'EAGAIN' || times >= BUSY_TIMES) throw error;
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, BUSY_MS);
      }
    }
  }
}

function missing(lines: number): string {
  const msg = `${lines} lines of the log could not be written`;
  return `${JSON.stringify({ level: 'warn', time: new Date().toISOString(), msg })}\n`;
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}

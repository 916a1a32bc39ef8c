import { writeSync } from 'node:fs';
import pino from 'pino';

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

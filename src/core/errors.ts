/**
 * Our own failures. What a site does is an outcome; what we do wrong is an `AppError` with a public code.
 * Codes are never reused; the table below is the one in the README, held together by a test.
 */
export const ERROR_CODES = {
  CONFIG_INVALID: {
    meaning: 'the configuration has a mistake',
    retry: false,
    next: 'correct the lines that are named, then `guetteur config check`',
  },
  CONFIG_MISSING: {
    meaning: 'a file that was named cannot be read',
    retry: false,
    next: 'check the path and the rights of the file, or write one with `guetteur init`',
  },
  USAGE: { meaning: 'the command was called wrongly', retry: false, next: 'see `guetteur <command> --help`' },
  TARGET_UNKNOWN: {
    meaning: 'no such target or platform',
    retry: false,
    next: 'list them with `guetteur targets --all`',
  },
  TARGET_REFUSED: {
    meaning: 'the address is not one that this mode, or this platform, may visit',
    retry: false,
    next: 'give the public start page of the platform; practice mode visits loopback addresses only, live mode public ones only',
  },
  PLUGIN_BROKEN: {
    meaning: 'a file of probes/, src/practice/ or src/cli/ does not keep its contract',
    retry: false,
    next: 'correct the file that is named',
  },
  STORE_LOCKED: {
    meaning: 'a monitor, or a command that changes the tables, uses this data folder',
    retry: false,
    next: 'stop it or wait, or give this one its own `data` folder; commands of the same version may run beside a monitor',
  },
  STORE_NEWER: {
    meaning: 'the store was written by a newer version of Guetteur',
    retry: false,
    next: 'upgrade Guetteur, or restore the backup made before the upgrade; nothing was changed',
  },
  STORE_FAILED: {
    meaning: 'the database could not be read or written',
    retry: true,
    next: 'check free space and rights of the data folder, then `guetteur doctor`',
  },
  EVIDENCE_FAILED: {
    meaning: 'the proof of a check could not be kept',
    retry: true,
    next: 'check free space and rights of the data folder; the check is recorded as monitor_error',
  },
  BROWSER_MISSING: {
    meaning: 'no browser was found',
    retry: false,
    next: 'install one (`apt-get install chromium-headless-shell`) or name it in GUETTEUR_BROWSER',
  },
  BROWSER_FAILED: {
    meaning: 'the browser did not start, crashed or hung',
    retry: true,
    next: 'it is restarted by itself; if it comes back, look at memory and at `guetteur doctor`',
  },
  BROWSER_DISTRUST: {
    meaning: 'the browser refuses certificates, and not of one site alone',
    retry: true,
    next: 'give the browser the CA of this network (docs/deploy.md) or set the clock, then `guetteur doctor`',
  },
  PROBE_FAILED: {
    meaning: 'a probe broke its own rules or threw',
    retry: false,
    next: 'it is a fault of the probe: report the check id that is named',
  },
  DELIVERY_REFUSED: {
    meaning: 'a service did not accept a message',
    retry: true,
    next: 'check the settings of the channel in guetteur.yaml and its secrets, then `guetteur alert test <channel>`',
  },
  PORT_TAKEN: {
    meaning: 'the address of the web server is in use',
    retry: false,
    next: 'change `http.port`, or stop what uses it',
  },
  SYSTEM_REFUSED: {
    meaning: 'the system refused: no space, no right to write, no more open files',
    retry: true,
    next: 'free space or correct rights where the message says; allow more open files (`ulimit -n 1024`)',
  },
  INTERNAL: { meaning: 'something no rule foresaw', retry: false, next: 'report it with the log line' },
} as const satisfies Record<string, { meaning: string; retry: boolean; next: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;

/** Exit code 2 for what the caller can correct, 1 for what failed here. */
const USAGE_CODES: ReadonlySet<ErrorCode> = new Set([
  'CONFIG_INVALID',
  'CONFIG_MISSING',
  'USAGE',
  'TARGET_UNKNOWN',
  'TARGET_REFUSED',
  'STORE_LOCKED',
  'STORE_NEWER',
  'PORT_TAKEN',
]);

export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint ?? ERROR_CODES[code].next;
  }

  get exitCode(): 1 | 2 {
    return USAGE_CODES.has(this.code) ? 2 : 1;
  }
}

/** Wraps what is not ours yet; an `AppError` passes through with its own code, and what the system refused has its own. */
export function asAppError(error: unknown, code: ErrorCode): AppError {
  if (error instanceof AppError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new AppError(code === 'INTERNAL' ? foreseen(error) : code, message, { cause: error });
}

/** A full disk, a missing right, a limit: the machine's doing, at whatever place of the program it is met. */
const REFUSALS: ReadonlySet<string> = new Set(
  'ENOSPC EDQUOT EFBIG EROFS EACCES EIO EMFILE ENFILE ENOMEM ERR_WORKER_INIT_FAILED'.split(' '),
);

function foreseen(error: unknown): ErrorCode {
  const said = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (said.startsWith('SQLITE_')) return 'STORE_FAILED';
  return REFUSALS.has(said) ? 'SYSTEM_REFUSED' : 'INTERNAL';
}

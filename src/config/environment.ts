import { readFileSync } from 'node:fs';
import { z } from 'zod';

import { AppError } from '../core/errors.ts';

/** The only place that reads the environment. */

/** Where the browser is; the launcher finds one and says so. Throws `BROWSER_MISSING`. */
export function browserExecutable(): string {
  const path = process.env['GUETTEUR_BROWSER'];
  if (path === undefined || path === '') throw new AppError('BROWSER_MISSING', 'no browser was found');
  return path;
}

export interface EnvironmentSettings {
  readonly config: string | undefined;
  readonly data: string | undefined;
  readonly httpHost: string | undefined;
}

export function environmentSettings(): EnvironmentSettings {
  const { GUETTEUR_CONFIG: config, GUETTEUR_DATA: data, GUETTEUR_HTTP_HOST: httpHost } = process.env;
  return { config, data, httpHost };
}

/**
 * A secret, from `NAME` or from the file that `NAME_FILE` names; undefined when neither is set. Never from guetteur.yaml, so
 * that the file can be shown to anyone. Throws `CONFIG_INVALID` when both are set, `CONFIG_MISSING` when the file is not there.
 */
export function secret(name: `GUETTEUR_${string}`): string | undefined {
  const direct = process.env[name];
  const file = process.env[`${name}_FILE`];
  if (direct !== undefined && file !== undefined) {
    throw new AppError('CONFIG_INVALID', `${name} and ${name}_FILE are both set: keep one of them`);
  }
  if (file === undefined) return direct === '' ? undefined : direct;
  try {
    return readFileSync(file, 'utf8').trim() || undefined;
  } catch (error) {
    throw new AppError('CONFIG_MISSING', `${name}_FILE names ${file}, which cannot be read`, { cause: error });
  }
}

/** Temporary files of the browser go into a folder that the next start can clear. */
export function useTemporaryFolder(path: string): void {
  process.env['TMPDIR'] = path;
}

/** What systemd says to a service with `Type=notify` and `WatchdogSec`. Taken out of the environment: no browser may speak for us. */
export function takeManagerSocket(): { readonly socket: string | null; readonly watchdogMs: number | null } {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: microseconds } = process.env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete process.env[name];
  const watchdogMs = Number(microseconds) / 1_000;
  return {
    socket: socket === undefined || socket === '' ? null : socket,
    watchdogMs: watchdogMs > 0 ? watchdogMs : null,
  };
}

/** The monitor holds about a hundred files open in practice mode, the browser as many; a page can ask for dozens at once. */
const LEAST_OPEN_FILES = 256;

/** Throws `SYSTEM_REFUSED` where so few files may be open that the monitor would fail at some later moment, in some odd way. */
export function assertOpenFiles(): void {
  Object.assign(process.report, { excludeNetwork: true });
  const report: unknown = process.report.getReport();
  const limit = openFilesShape.safeParse(report).data?.userLimits.open_files.soft;
  if (typeof limit !== 'number' || limit >= LEAST_OPEN_FILES) return;
  const text = `this process may have ${limit} files open, and the monitor needs ${LEAST_OPEN_FILES}`;
  throw new AppError('SYSTEM_REFUSED', text, { hint: 'raise it: `ulimit -n 1024`, or LimitNOFILE= of the unit' });
}

/** Of Node's own report: `unlimited`, or a number. Other systems have none. */
const openFilesShape = z.object({
  userLimits: z.object({ open_files: z.object({ soft: z.union([z.number(), z.string()]) }) }),
});

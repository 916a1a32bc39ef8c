import { readFileSync } from 'node:fs';

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

import { existsSync, readdirSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../core/errors.ts';

/**
 * A person's stop, for one host or for all (conduct C9): a file in the data folder, so that it works from a shell, from a
 * backup script and with the monitor not running. `STOP` stops everything, `STOP.<host>` one host.
 */
export class KillSwitch {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The file that stops this host now, or null. */
  stoppedBy(host: string): string | null {
    return [this.#fileOf(null), this.#fileOf(host)].find((file) => existsSync(join(this.#folder, file))) ?? null;
  }

  /** All stop files that stand now. */
  all(): string[] {
    return existsSync(this.#folder) ? readdirSync(this.#folder).filter((name) => /^STOP(?:\.|$)/.test(name)) : [];
  }

  async stop(host: string | null): Promise<string> {
    const path = join(this.#folder, this.#fileOf(host));
    await writeFile(path, 'Guetteur makes no visit while this file is here. `guetteur resume` removes it.\n');
    return path;
  }

  /** Returns whether there was a stop to lift. */
  async resume(host: string | null): Promise<boolean> {
    const path = join(this.#folder, this.#fileOf(host));
    const wasStopped = existsSync(path);
    await rm(path, { force: true });
    return wasStopped;
  }

  /** A colon would not be a file name everywhere. */
  #fileOf(host: string | null): string {
    return host === null ? 'STOP' : `STOP.${hostName(host).replace(':', '_')}`;
  }
}

/** A host as `hostOf` gives it, from what a person types. Throws `USAGE`. */
export function hostName(typed: string): string {
  const isHost = /^[^/?#\s@]+$/.test(typed) && URL.canParse(`https://${typed}`);
  if (!isHost) throw new AppError('USAGE', `"${typed}" is not a host: write it as in the address, www.example.gouv.fr`);
  return new URL(`http://${typed}`).host;
}

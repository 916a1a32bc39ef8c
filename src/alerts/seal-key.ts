import { randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { AppError } from '../core/errors.ts';

const SECRET = 'GUETTEUR_SUBSCRIBERS_KEY';
const FILE = 'subscribers.key';

/**
 * The 32 bytes that keep recipients unreadable: from the secret GUETTEUR_SUBSCRIBERS_KEY (base64), else from a file of the data
 * folder, made at first use and readable by its owner only. Throws `CONFIG_INVALID`, and `CONFIG_MISSING` when the file is there
 * and cannot be read: another key in its place would make every recipient unreadable for good.
 */
export async function sealKey(dataFolder: string, secretOf: (name: string) => string | undefined): Promise<Uint8Array> {
  const given = secretOf(SECRET);
  if (given !== undefined) return keyFrom(given, SECRET);
  const path = join(dataFolder, FILE);
  const kept = await textOf(path);
  if (kept !== null) return keyFrom(kept, path);
  try {
    await make(dataFolder, path);
  } catch (error) {
    throw new AppError('CONFIG_MISSING', `${path} could not be made`, { cause: error });
  }
  return keyFrom((await textOf(path)) ?? '', path);
}

/** Null when there is no such file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw new AppError('CONFIG_MISSING', `${path} cannot be read`, { cause: error });
  }
}

/**
 * A link is made whole or not at all: of two processes that start at once, one makes the file and both read it. The part has a
 * name of its own even where processes share a number, as in two containers on one folder: writing to a part that is linked
 * already would write into the key.
 */
async function make(dataFolder: string, path: string): Promise<void> {
  await mkdir(dataFolder, { recursive: true });
  const part = `${path}.${randomUUID()}`;
  try {
    const file = await open(part, 'wx', 0o600);
    try {
      await file.writeFile(`${randomBytes(32).toString('base64')}\n`);
      // A power cut must not leave an empty key behind what was sealed with it.
      await file.sync();
    } finally {
      await file.close();
    }
    await link(part, path);
  } catch (error) {
    if (!isCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(part, { force: true });
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function keyFrom(text: string, source: string): Uint8Array {
  // Node skips what is no base64: a key copied with an error in it would be another key, not a refused one.
  if (/^[A-Za-z0-9+/]{43}=$/.test(text.trim())) return Buffer.from(text.trim(), 'base64');
  throw new AppError('CONFIG_INVALID', `${source} must hold 32 bytes as base64 (\`openssl rand -base64 32\`)`);
}

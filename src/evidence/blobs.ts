import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';

import { AppError } from '../core/errors.ts';
import type { Hash } from '../core/check.ts';
import { isOtherProcess } from '../core/process-number.ts';

const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

/**
 * Proofs on disk, addressed by the SHA-256 of their content and kept zstd-compressed: `ab/cdef….zst`. The same page twice is
 * the same file. A file is either whole or not there: it is written aside, flushed and renamed.
 */
export class Blobs {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps a content and returns its hash. Throws `EVIDENCE_FAILED` when the disk refuses. */
  async put(content: Uint8Array | string): Promise<Hash> {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
    const hash = hashOf(bytes);
    const path = this.#pathOf(hash);
    try {
      if (!(await exists(path))) await writeWhole(path, await compress(bytes));
    } catch (error) {
      throw new AppError('EVIDENCE_FAILED', `${path} could not be written`, { cause: error });
    }
    return hash;
  }

  /** The content behind a hash. Throws `EVIDENCE_FAILED` when it is missing or is not what the hash says. */
  async get(hash: Hash): Promise<Buffer> {
    const path = this.#pathOf(hash);
    let content: Buffer;
    try {
      content = await decompress(await readFile(path));
    } catch (error) {
      throw new AppError('EVIDENCE_FAILED', `${path} could not be read`, { cause: error });
    }
    const found = hashOf(content);
    if (found !== hash) throw new AppError('EVIDENCE_FAILED', `${path} was altered: its content has hash ${found}`);
    return content;
  }

  /** Removes what killed processes left half written; not what another one, as a single check, is writing now. */
  async clear(): Promise<void> {
    for (const name of await readdir(this.#folder).catch(() => [])) {
      const pid = Number(/^part-(\d+)\./.exec(name)?.[1] ?? process.pid);
      if (name.startsWith('part-') && !isOtherProcess(pid)) await rm(join(this.#folder, name), { force: true });
    }
  }

  #pathOf(hash: Hash): string {
    return join(this.#folder, hash.slice(0, 2), `${hash.slice(2)}.zst`);
  }
}

export function hashOf(content: Uint8Array | string): Hash {
  return createHash('sha256').update(content).digest('hex');
}

async function exists(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info !== null && info.size > 0;
}

async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const part = join(dirname(folder), `part-${process.pid}.${randomUUID()}`);
  try {
    const file = await open(part, 'wx');
    try {
      await file.writeFile(bytes);
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(part, path);
    // Without this a power cut could keep the database's word of the file and lose the file.
    await syncFolder(folder);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

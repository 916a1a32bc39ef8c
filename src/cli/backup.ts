import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';

import type { CliCommand, Io } from '../commands.ts';
import { loadConfig } from '../config/load.ts';
import { AppError } from '../core/errors.ts';
import { loadProbes } from '../plugins.ts';
import { backupStore } from '../store/backup.ts';

/** Of the files that are copied here, and of no others: somebody may keep more in that folder. */
const IS_PART = /^(?:guetteur\.sqlite\.part(?:-wal|-shm|-journal)?|[0-9a-f]{62}\.zst\.part|subscribers\.key\.part)$/;

export const command: CliCommand = {
  name: 'backup',
  add: (program, io) => {
    program
      .command('backup')
      .description(
        'copy the database, the proofs and the key of recipients to a folder, while the monitor runs; again: only what is new',
      )
      .argument('<folder>', 'where to; on another disk, and readable by you alone')
      .option('--json', 'answer with one JSON object')
      .action((folder: string, options: { json?: boolean }) =>
        backup(folder, { ...options, configFile: program.opts<{ config?: string }>().config }, io),
      );
  },
};

async function backup(
  folder: string,
  options: { json?: boolean; configFile: string | undefined },
  io: Io,
): Promise<void> {
  const { data } = await loadConfig(options.configFile, await loadProbes());
  if (resolve(folder) === resolve(data)) throw new AppError('USAGE', `${folder} is the data folder itself`);
  await clearParts(folder);
  const database = await backupStore(data, folder);
  // The database first: a proof that is copied too much is no harm, one that is missing would be.
  const proofs = await copyProofs(join(data, 'blobs'), join(folder, 'blobs'));
  const key = await copyKey(join(data, 'subscribers.key'), join(folder, 'subscribers.key'));
  if (options.json === true) io.answer(JSON.stringify({ database, proofs, key }));
  else
    io.answer(
      `${database}\n${proofs} new proofs\n${key ? 'with the key of recipients' : 'there is no key of recipients'}`,
    );
}

/** What a copy that was killed left half written. */
async function clearParts(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (entry.isFile() && IS_PART.test(entry.name)) await rm(join(entry.parentPath, entry.name), { force: true });
  }
}

/** Proofs are named by their content and never change: what is there already is left. Returns how many were new. */
async function copyProofs(from: string, to: string): Promise<number> {
  const entries = await readdir(from, { recursive: true, withFileTypes: true }).catch(() => []);
  let copied = 0;
  for (const entry of entries) {
    if (!entry.isFile() || !entry.name.endsWith('.zst')) continue;
    const source = join(entry.parentPath, entry.name);
    const copy = join(to, relative(from, source));
    if (existsSync(copy)) continue;
    await copyWhole(source, copy);
    copied += 1;
  }
  return copied;
}

/** Copies a file whole or not at all: where it fails, what stood there before stands there still. */
async function copyWhole(from: string, to: string): Promise<void> {
  try {
    await mkdir(dirname(to), { recursive: true });
    await copyFile(from, `${to}.part`, constants.COPYFILE_FICLONE);
    await rename(`${to}.part`, to);
  } catch (error) {
    await rm(`${to}.part`, { force: true });
    throw new AppError('EVIDENCE_FAILED', `${from} could not be copied to ${to}`, { cause: error });
  }
}

async function copyKey(from: string, to: string): Promise<boolean> {
  if (!existsSync(from)) return false;
  await copyWhole(from, to);
  await chmod(to, 0o600);
  return true;
}

import { mkdtemp, open, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

import { AppError } from '../core/errors.ts';
import type { TargetEntry } from '../core/target.ts';
import type { Probe } from '../probe.ts';
import { isSamePage, isSameVisit, readCatalogue } from './catalogue.ts';
import { environmentSettings } from './environment.ts';
import { insertTarget, writtenEntry, type WrittenEntry } from './insert-target.ts';
import { assertVisitable, CONFIG_NAME, loadConfig } from './load.ts';
import { proposeTarget, type TargetWishes } from './new-target.ts';
import { configShape, type ConfigFile } from './shape.ts';
import { YamlFile } from './yaml.ts';

type Probes = ReadonlyMap<string, Probe>;

export interface AddOptions {
  /** As `--config` names it. */
  readonly configFile: string | undefined;
  readonly probes: Probes;
  /** Everything is checked and nothing is written. */
  readonly dryRun: boolean;
}

export interface Addition {
  /** The configuration that holds it now, or would. */
  readonly path: string;
  readonly entry: WrittenEntry;
  readonly notes: readonly string[];
}

/**
 * Adds a target to `targets.inline` of guetteur.yaml, or leaves the file as it is: the new text is loaded as the monitor
 * would load it before it takes the place of the old one, in one step. Throws `CONFIG_MISSING`, `CONFIG_INVALID`, `USAGE`,
 * `TARGET_UNKNOWN`, `TARGET_REFUSED`.
 */
export async function addTarget(address: string, wishes: TargetWishes, options: AddOptions): Promise<Addition> {
  const { probes } = options;
  const { path, text } = await configText(options.configFile);
  const file = new YamlFile(path, text);
  const { values, problems } = file.parts(configShape);
  if (problems.length > 0) throw file.invalid(problems);
  const catalogue = await readCatalogue();
  const takenIds = new Set([...catalogue, ...values.targets.inline].map(({ id }) => id));
  const { entry, notes } = proposeTarget(address, wishes, { probes, takenIds });
  assertVisitable({ ...entry, practice: values.mode === 'practice' }, probes);
  await assertNew(entry, values, { path, probes });
  const written = writtenEntry(entry);
  const next = insertTarget(text, written);
  await assertLoads(next, path, probes);
  if (!options.dryRun) await replace(path, text, next);
  const besides = catalogue.filter((known) => isSamePage(known, entry));
  return {
    path,
    entry: written,
    notes: [...notes, ...besides.map(({ id }) => `the catalogue has this page as "${id}"`)],
  };
}

async function configText(named: string | undefined): Promise<{ path: string; text: string }> {
  const path = named ?? environmentSettings().config ?? CONFIG_NAME;
  try {
    return { path, text: await readFile(path, 'utf8') };
  } catch (error) {
    throw new AppError('CONFIG_MISSING', `there is no ${path} to add a target to`, {
      hint: `write one first: \`guetteur init${path === CONFIG_NAME ? '' : ` ${path}`}\``,
      cause: error,
    });
  }
}

/** A copy of what the catalogue knows would not follow its corrections: such an address is chosen, not written again. */
async function assertNew(
  entry: TargetEntry,
  { targets }: ConfigFile,
  { path, probes }: { readonly path: string; readonly probes: Probes },
): Promise<void> {
  const inline = targets.inline.find((other) => isSameVisit(other, entry));
  if (inline !== undefined) throw new AppError('USAGE', `${path} has this address already, as "${inline.id}"`);
  const known = (await readCatalogue()).find((other) => isSameVisit(other, entry));
  if (known === undefined) return;
  // A file that does not load yet chooses nothing; what is wrong with it is told by the next step.
  const chosen = await loadConfig(path, probes).then(
    (config) => config.targets.map(({ id }) => id),
    (): readonly string[] => [],
  );
  throw chosen.includes(known.id)
    ? new AppError('USAGE', `this address is watched already, as "${known.id}" of the catalogue`)
    : new AppError('USAGE', `the catalogue has this address, as "${known.id}" (${known.status})`, {
        hint: `choose it in ${path}:\ntargets:\n  select:\n    - id: ${known.id}`,
      });
}

/** Reads a text as the configuration that it would be in the place of another. Throws `CONFIG_INVALID`. */
async function assertLoads(text: string, path: string, probes: Probes): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'guetteur-config-'));
  const trial = join(folder, basename(path));
  try {
    await writeFile(trial, text);
    await loadConfig(trial, probes);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // What was wrong before is told with the lines that the file has.
    await loadConfig(path, probes);
    throw new AppError(error.code, error.message.replaceAll(trial, path), { cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** In one step, so that a crash leaves the old file or the new one. A file changed meanwhile is left as it is. */
async function replace(path: string, before: string, after: string): Promise<void> {
  // A link keeps pointing where it did.
  const real = await realpath(path);
  const draft = join(dirname(real), `.${basename(real)}.${process.pid}.tmp`);
  try {
    const handle = await open(draft, 'wx', (await stat(real)).mode);
    try {
      await handle.writeFile(after);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await readFile(real, 'utf8')) !== before)
      throw new AppError('CONFIG_INVALID', `${path} was changed meanwhile and was left as it is`, {
        hint: 'try again',
      });
    await rename(draft, real);
  } catch (error) {
    await rm(draft, { force: true });
    if (error instanceof AppError) throw error;
    throw new AppError('CONFIG_MISSING', `${path} cannot be written`, { cause: error });
  }
}

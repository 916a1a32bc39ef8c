import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { AppError } from './core/errors.ts';

/**
 * Imports every `.ts` file of a plugin folder (not of its sub-folders, which hold parts of one) and returns what each exports under `exportName`, by
 * file name. A file that does not load, or does not keep its contract, stops the start: it is named. Throws `PLUGIN_BROKEN`.
 */
export async function loadFolder<T>(
  folder: string,
  exportName: string,
  accept: (value: unknown, name: string) => T,
): Promise<ReadonlyMap<string, T>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts')).toSorted();
  const loaded = new Map<string, T>();
  for (const file of files) {
    const path = join(folder, file);
    const name = basename(file, '.ts');
    try {
      const module: unknown = await import(pathToFileURL(path).href);
      loaded.set(name, accept(exported(module, exportName), name));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new AppError('PLUGIN_BROKEN', `${path}: ${message}`, { cause: error });
    }
  }
  return loaded;
}

function exported(module: unknown, name: string): unknown {
  return typeof module === 'object' && module !== null ? Reflect.get(module, name) : undefined;
}

import { z } from 'zod';

import { targetEntry, type TargetEntry } from '../core/target.ts';
import { YamlFile } from './yaml.ts';

const CATALOGUE = new URL('../../probes/catalogue.yaml', import.meta.url).pathname;

const catalogueEntry = targetEntry.extend({
  source: z.string().min(1).describe('Where the entry is known from'),
  year: z.int().min(2012).max(2100).describe('Last year of that evidence'),
  status: z.enum(['live', 'stale', 'retired', 'unverified']).describe('Only live entries are watched by default'),
});

export type CatalogueEntry = z.output<typeof catalogueEntry>;

const catalogueShape = z.strictObject({ targets: z.array(catalogueEntry) });

/** The known public targets, as dated data. Throws `CONFIG_INVALID` with the lines of doubtful entries. */
export async function readCatalogue(path: string = CATALOGUE): Promise<readonly CatalogueEntry[]> {
  const file = await YamlFile.read(path);
  const { targets } = file.as(catalogueShape);
  const problems = targets.flatMap((entry, at) =>
    targets.findIndex((other) => other.id === entry.id) === at
      ? []
      : [file.problem(['targets', at, 'id'], `"${entry.id}" stands here twice`)],
  );
  if (problems.length > 0) throw file.invalid(problems);
  return targets;
}

/** Without the fields that only date the entry. */
export function entryOf({ source: _source, year: _year, status: _status, ...entry }: CatalogueEntry): TargetEntry {
  return entry;
}

import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';

import { targetEntry, type TargetEntry } from '../core/target.ts';
import { YamlFile, type Problem } from './yaml.ts';

const CATALOGUE = new URL('../../probes/catalogue.yaml', import.meta.url).pathname;

const catalogueEntry = targetEntry.extend({
  source: z.string().min(1).describe('Where the entry is known from'),
  year: z.int().min(2012).max(2100).describe('Last year of that evidence'),
  status: z.enum(['live', 'stale', 'retired', 'unverified']).describe('Only live entries are watched by default'),
});

export type CatalogueEntry = z.output<typeof catalogueEntry>;

const catalogueShape = z.strictObject({ targets: z.array(catalogueEntry) });

/** What is doubtful in entries whose shape is good; see `catalogue-doubts.ts`. */
export type Doubts = (file: YamlFile, entries: readonly CatalogueEntry[]) => readonly Problem[];

/**
 * The known public targets, as dated data. Throws `CONFIG_INVALID` with the lines of doubtful entries. A start looks at shape
 * and ids only; the other doubts need the probes and the day, and are looked for by the tests.
 */
export async function readCatalogue(
  path: string = CATALOGUE,
  doubts: Doubts = () => [],
): Promise<readonly CatalogueEntry[]> {
  const file = await YamlFile.read(path);
  const { targets } = file.as(catalogueShape);
  const repeated = targets.flatMap((entry, at) =>
    targets.findIndex((other) => other.id === entry.id) === at
      ? []
      : [file.problem(['targets', at, 'id'], `"${entry.id}" stands here twice`)],
  );
  const problems = [...repeated, ...doubts(file, targets)];
  if (problems.length > 0) throw file.invalid(problems);
  return targets;
}

/** Without the fields that only date the entry. */
export function entryOf({ source: _source, year: _year, status: _status, ...entry }: CatalogueEntry): TargetEntry {
  return entry;
}

type Place = Pick<TargetEntry, 'platform' | 'address' | 'params'>;

/** Whether two entries would visit the same page in the same way. */
export function isSameVisit(one: Place, other: Place): boolean {
  return isSamePage(one, other) && isDeepStrictEqual(one.params, other.params);
}

/** As `isSameVisit`, whatever the probe is told to do there. */
export function isSamePage(one: Place, other: Place): boolean {
  return one.platform === other.platform && pageOf(one.address) === pageOf(other.address);
}

/** Sources write one page with http or https, with /index.php/ or without, with a last slash or without. */
function pageOf(address: string): string {
  const { host, pathname, search, hash } = new URL(address);
  return `${host}${pathname.replace(/^\/index\.php\//, '/').replace(/\/$/, '')}${search}${hash.replace(/\/$/, '')}`;
}

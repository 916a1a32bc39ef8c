import type { Probe } from '../probe.ts';
import { entryOf, isSameVisit, type CatalogueEntry, type Doubts } from './catalogue.ts';
import { placed, refusalsOf } from './load.ts';
import type { Problem, YamlFile } from './yaml.ts';

export interface DoubtOptions {
  readonly probes: ReadonlyMap<string, Probe>;
  /** The current year: no evidence can be of a later one. */
  readonly year: number;
}

/**
 * Everything that can be wrong with an entry of good shape without asking the network: where it leads, what it tells the
 * probe, and whether it may be on by default. For `readCatalogue`.
 */
export function catalogueDoubts({ probes, year }: DoubtOptions): Doubts {
  return (file, entries) =>
    entries.flatMap((entry, at) => [
      ...visitDoubts(file, { entry, at, probes }),
      ...dateDoubts(file, { entry, at, year }),
      ...liveDoubts(file, { entry, at, probe: probes.get(entry.platform) }),
      ...repetitions(file, entries, at),
    ]);
}

interface Entry {
  readonly entry: CatalogueEntry;
  readonly at: number;
}

/** Whether the configuration would accept the entry, and whether its probe would begin there. */
function visitDoubts(
  file: YamlFile,
  { entry, at, probes }: Entry & { readonly probes: ReadonlyMap<string, Probe> },
): Problem[] {
  const refusals = refusalsOf({ ...entryOf(entry), practice: false }, probes);
  const problems = refusals.map((refusal) => placed(file, ['targets', at], refusal));
  const probe = probes.get(entry.platform);
  const isLedAstray = refusals.some(({ part }) => part !== 'params');
  if (probe === undefined || isLedAstray || isAnywhere(probe) || probe.recognises(new URL(entry.address)))
    return problems;
  return [...problems, file.problem(['targets', at, 'address'], `${probe.name} does not recognise this address`)];
}

/** A probe that may stand on any host is chosen by its name alone: it recognises no address. */
const isAnywhere = (probe: Probe): boolean => probe.hosts.some((host) => host.test('any.example'));

function dateDoubts(file: YamlFile, { entry, at, year }: Entry & { readonly year: number }): Problem[] {
  if (entry.year <= year) return [];
  return [file.problem(['targets', at, 'year'], `${entry.year} is in the future`)];
}

/** A live entry is watched as soon as its department is chosen: it must say whose door it is, and which. */
function liveDoubts(file: YamlFile, { entry, at, probe }: Entry & { readonly probe: Probe | undefined }): Problem[] {
  const { department, prefecture, label, status } = entry;
  const doubt = (key: string, text: string): Problem => file.problem(['targets', at, key], text);
  if (department === null && prefecture !== null)
    return [doubt('department', `${prefecture} lies in a department: name it`)];
  if (status !== 'live') return [];
  const isNational = department === null && probe?.kind !== 'slots';
  return [
    ...(prefecture === null && !isNational ? [doubt('prefecture', 'a live entry names its prefecture')] : []),
    ...(label === null ? [doubt('label', 'a live entry says what is asked for there')] : []),
  ];
}

function repetitions(file: YamlFile, entries: readonly CatalogueEntry[], at: number): Problem[] {
  const entry = entries[at];
  if (entry === undefined) return [];
  const first = entries.slice(0, at).find((other) => isSameVisit(other, entry));
  if (first === undefined) return [];
  return [file.problem(['targets', at, 'address'], `"${first.id}" visits this page in the same way`)];
}

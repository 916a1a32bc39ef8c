import { z } from 'zod';

import { AppError } from '../core/errors.ts';
import type { Probe } from '../probe.ts';
import { entryOf, isSameVisit, type CatalogueEntry, type Doubts } from './catalogue.ts';
import { assertVisitable } from './load.ts';
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
  const probe = probes.get(entry.platform);
  if (probe === undefined) {
    const known = [...probes.keys()].join(', ');
    return [file.problem(['targets', at, 'platform'], `no probe is named "${entry.platform}": known are ${known}`)];
  }
  const params = probe.params.safeParse(entry.params);
  const problems = (params.error?.issues ?? []).flatMap((issue) => {
    const path = ['targets', at, 'params', ...issue.path];
    if (issue.code !== 'unrecognized_keys') return [file.problem(path, issue.message)];
    return issue.keys.map((key) => file.problem([...path, key], `${probe.name} has no such parameter`));
  });
  const place = ['targets', at, 'address'];
  const why = addressRefusal(entry, probe);
  if (why !== null) return [...problems, file.problem(place, why)];
  const isRecognised = isAnywhere(probe) || probe.recognises(new URL(entry.address));
  return isRecognised ? problems : [...problems, file.problem(place, `${probe.name} does not recognise this address`)];
}

/** A probe that may stand on any host is chosen by its name alone: it recognises no address. */
const isAnywhere = (probe: Probe): boolean => probe.hosts.some((host) => host.test('any.example'));

/** The parameters are looked at apart, each at its own place: here any will do. */
function addressRefusal(entry: CatalogueEntry, probe: Probe): string | null {
  const indifferent = new Map([[probe.name, { ...probe, params: z.unknown() }]]);
  try {
    assertVisitable({ ...entryOf(entry), practice: false }, indifferent);
    return null;
  } catch (error) {
    if (error instanceof AppError) return error.message;
    throw error;
  }
}

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

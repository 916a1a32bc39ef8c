import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';

import { AppError } from '../core/errors.ts';
import { isLoopbackHost, isOutOfBounds } from '../core/networks.ts';
import { fillsForm, hostOf, type Target, type TargetEntry } from '../core/target.ts';
import type { Probe } from '../probe.ts';
import { entryOf, readCatalogue, type CatalogueEntry } from './catalogue.ts';
import { environmentSettings } from './environment.ts';
import { configShape, type ConfigFile } from './shape.ts';
import { YamlFile, type Problem } from './yaml.ts';

export const CONFIG_NAME = 'guetteur.yaml';

/** The configuration with every default filled in. `targets` are those of the file; practice mode adds its replicas. */
export interface Config extends Omit<ConfigFile, 'data' | 'targets'> {
  /** Where it was read; null when there is no file. */
  readonly path: string | null;
  readonly data: string;
  readonly targets: readonly Target[];
  /** `CONFIG_INVALID` for mistakes that only the parts themselves can see, each with its place in the file. */
  readonly invalid: (problems: readonly { readonly path: readonly PropertyKey[]; readonly text: string }[]) => AppError;
}

type Probes = ReadonlyMap<string, Probe>;

/**
 * Reads guetteur.yaml (named, or in the working folder; without one: practice mode) and the targets it chooses. Throws
 * `CONFIG_MISSING`, or `CONFIG_INVALID` with every problem as `file:line:column path: problem`.
 */
export async function loadConfig(named: string | undefined, probes: Probes): Promise<Config> {
  const settings = environmentSettings();
  const path = named ?? settings.config ?? (existsSync(CONFIG_NAME) ? CONFIG_NAME : undefined);
  const file = path === undefined ? new YamlFile(CONFIG_NAME, '') : await YamlFile.read(path);
  const { values, problems } = file.parts(configShape);
  const chosen = chooseTargets(file, values, await readCatalogue(), probes);
  const all = [...problems, ...chosen.problems, ...liveProblems(file, values, chosen.targets)];
  if (all.length > 0) throw file.invalid(all);
  const folder = path === undefined ? '.' : dirname(path);
  return {
    ...values,
    path: path ?? null,
    data: resolve(
      settings.data === undefined
        ? resolve(folder, values.data ?? join('data', values.mode))
        : join(settings.data, values.mode),
    ),
    http: { ...values.http, host: settings.httpHost ?? values.http.host },
    targets: chosen.targets,
    invalid: (mistakes) => file.invalid(mistakes.map(({ path: place, text }) => file.problem(place, text))),
  };
}

function liveProblems(file: YamlFile, { mode, operator, control }: ConfigFile, targets: readonly Target[]): Problem[] {
  if (mode === 'practice') return [];
  const problems = control.hosts.flatMap((host, at) =>
    isLoopbackHost(new URL(host).hostname)
      ? [file.problem(['control', 'hosts', at], 'a loopback host says nothing of our connection')]
      : [],
  );
  if (operator === undefined && !file.has('operator')) {
    problems.push(
      file.problem(
        ['operator'],
        'live mode needs operator.name and operator.contact: the sites must know whom to write to',
      ),
    );
  }
  if (targets.length === 0 && !file.has('targets'))
    problems.push(file.problem(['targets'], 'live mode without targets watches nothing: choose some'));
  return problems;
}

interface Choice {
  readonly targets: Target[];
  readonly problems: Problem[];
}

function chooseTargets(
  file: YamlFile,
  values: ConfigFile,
  catalogue: readonly CatalogueEntry[],
  probes: Probes,
): Choice {
  const targets = new Map<string, Target>();
  const problems: Problem[] = [];
  const add = (entry: TargetEntry, place: (refusal: Refusal) => Problem): void => {
    const target = { ...entry, practice: values.mode === 'practice' };
    const refusals = refusalsOf(target, probes);
    problems.push(...refusals.map(place));
    if (refusals.length === 0) targets.set(entry.id, target);
  };
  for (const [at, choice] of values.targets.select.entries()) {
    const found = catalogue.filter((entry) => matches(entry, choice));
    if (found.length === 0)
      problems.push(
        file.problem(['targets', 'select', at], 'chooses no target of the catalogue; see `guetteur targets --all`'),
      );
    for (const entry of found)
      add(entryOf(entry), (refusal) => file.problem(['targets', 'select', at], worded(refusal)));
  }
  for (const [at, entry] of values.targets.inline.entries()) {
    if (targets.has(entry.id))
      problems.push(file.problem(['targets', 'inline', at, 'id'], `"${entry.id}" is chosen twice`));
    else add(entry, (refusal) => placed(file, ['targets', 'inline', at], refusal));
  }
  return { targets: [...targets.values()], problems };
}

/** An id chooses its entry whatever its status; the other choices take entries of the wanted status only. */
function matches(entry: CatalogueEntry, choice: ConfigFile['targets']['select'][number]): boolean {
  const { id, department, platform, procedure, status } = choice;
  if (id !== undefined) return entry.id === id;
  const isSame = (wanted: string | undefined, found: string | null): boolean =>
    wanted === undefined || wanted === found;
  return (
    entry.status === status &&
    isSame(department, entry.department) &&
    isSame(platform, entry.platform) &&
    isSame(procedure, entry.procedure)
  );
}

/** One reason why a target cannot be visited, and the part of its entry that is at fault. */
interface Refusal {
  readonly part: 'platform' | 'address' | 'params';
  /** Within the part: `['clicks', 1]`. */
  readonly path: readonly PropertyKey[];
  readonly text: string;
  /** The key itself should not be there. */
  readonly isKey?: true;
}

/** The refusal at its own place below an entry of a file. */
export function placed(file: YamlFile, entry: readonly PropertyKey[], { part, path, text, isKey }: Refusal): Problem {
  const problem = file.problem([...entry, part, ...path], text);
  if (isKey !== true) return problem;
  // What is asked of a place below the key, where there is nothing, is answered with the key; its value may stand lines below.
  const { line, column } = file.problem([...entry, part, ...path, ''], text);
  return { ...problem, line, column };
}

/** For a target that stands in another file, or in none. An address and a platform need no name: the text has it. */
function worded({ part, path, text }: Refusal): string {
  return part === 'params' ? `${z.core.toDotPath([part, ...path])}: ${text}` : text;
}

/** Every reason why a target cannot be visited; none for one that can. */
export function refusalsOf(target: Target, probes: Probes): Refusal[] {
  const probe = probes.get(target.platform);
  if (probe === undefined) {
    const text = `no probe is named "${target.platform}": known are ${[...probes.keys()].join(', ')}`;
    return [{ part: 'platform', path: [], text }];
  }
  const why = addressRefusal(target, probe);
  return [
    ...(why === null ? [] : [{ part: 'address', path: [], text: why } as const]),
    ...paramsRefusals(target, probe),
  ];
}

/** The address must suit the mode, the platform and the platform's own limits. */
function addressRefusal(target: Target, probe: Probe): string | null {
  const url = new URL(target.address);
  if (url.username !== '' || url.password !== '') return 'an address must not hold a user name or a password';
  if (isOutOfBounds(url.hostname))
    return `${url.hostname} is an office or a test environment of the State: never visited`;
  const isLoopback = isLoopbackHost(url.hostname);
  if (target.practice && !isLoopback)
    return `practice mode visits loopback addresses only, not ${hostOf(target.address)}; for public ones set mode: live`;
  if (!target.practice && isLoopback) return `live mode refuses the loopback address ${hostOf(target.address)}`;
  if (!target.practice && !probe.hosts.some((host) => host.test(url.hostname)))
    return `${url.hostname} is not a host of ${probe.name}`;
  if (fillsForm(url)) return 'this address fills a form in beforehand: give it without those parameters';
  if (probe.forbidden.some((path) => path.test(url.pathname)))
    return 'this address holds, books or identifies: give the public start page';
  return null;
}

function paramsRefusals({ params }: Target, probe: Probe): Refusal[] {
  const issues = probe.params.safeParse(params).error?.issues ?? [];
  return issues.flatMap((issue): Refusal[] => {
    const { path, message } = issue;
    if (issue.code !== 'unrecognized_keys') return [{ part: 'params', path, text: message }];
    return issue.keys.map((key) => ({ part: 'params', path: [...path, key], text: 'no such key', isKey: true }));
  });
}

/** As in a file, for a target made on the command line. Throws `TARGET_REFUSED`, `TARGET_UNKNOWN`, `USAGE`. */
export function assertVisitable(target: Target, probes: Probes): void {
  const refusals = refusalsOf(target, probes);
  if (refusals.length === 0) return;
  const text = refusals.map(worded).join('\n');
  const parts = new Set(refusals.map(({ part }) => part));
  if (parts.has('platform')) throw new AppError('TARGET_UNKNOWN', text);
  if (parts.has('address')) throw new AppError('TARGET_REFUSED', text);
  const hint = `correct the parameters that are named; probes/${target.platform}.ts describes each`;
  throw new AppError('USAGE', text, { hint });
}

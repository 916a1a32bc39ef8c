import { createHash } from 'node:crypto';
import { z } from 'zod';

import { AppError } from '../core/errors.ts';
import { isLoopbackHost } from '../core/networks.ts';
import { targetEntry, type TargetEntry } from '../core/target.ts';
import type { Probe } from '../probe.ts';
import { departmentOfSite, placeOfSite } from './departments.ts';

/** What a person says of a new target; what is not said is worked out from its address where it can be. */
export interface TargetWishes {
  readonly id?: string | undefined;
  readonly platform?: string | undefined;
  readonly department?: string | undefined;
  readonly prefecture?: string | undefined;
  readonly procedure?: string | undefined;
  readonly label?: string | undefined;
  readonly control?: boolean | undefined;
  /** JSON of an object. */
  readonly params?: string | undefined;
}

export interface Proposal {
  readonly entry: TargetEntry;
  /** What was left open, and how to say it. */
  readonly notes: readonly string[];
}

export interface Surroundings {
  readonly probes: ReadonlyMap<string, Probe>;
  /** Ids of the catalogue and of the configuration. */
  readonly takenIds: ReadonlySet<string>;
}

/** An entry of good shape for an address. Throws `USAGE`; whether it may be visited is asked elsewhere. */
export function proposeTarget(address: string, wishes: TargetWishes, surroundings: Surroundings): Proposal {
  const url = pageUrl(address);
  const platform = wishes.platform ?? platformOf(url, surroundings.probes);
  const department = wishes.department ?? departmentOfSite(url.hostname);
  const params = paramsOf(wishes.params);
  const { prefecture, procedure, label, control } = wishes;
  const id = wishes.id ?? freeId({ url, platform, department, params }, surroundings.takenIds);
  if (surroundings.takenIds.has(id))
    throw new AppError('USAGE', `"${id}" is the id of another target: give another one`);
  const given = { id, platform, address: address.trim(), department, prefecture, procedure, label, control, params };
  const shaped = targetEntry.safeParse(given);
  if (!shaped.success) {
    const said = shaped.error.issues.map((issue) => `${optionOf(issue.path[0])}: ${issue.message}`);
    throw new AppError('USAGE', said.join('\n'));
  }
  return { entry: shaped.data, notes: notesOn(shaped.data) };
}

function pageUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new AppError('USAGE', `${address} is not the address of a page`, { hint: 'write it whole, with https://' });
}

const optionOf = (key: PropertyKey | undefined): string => (key === 'address' ? 'address' : `--${String(key)}`);

/** The one platform whose probe says that a visit may begin there, and may stand on that host. */
function platformOf(url: URL, probes: ReadonlyMap<string, Probe>): string {
  const recognising = [...probes.values()].filter((probe) => probe.recognises(url));
  const atHome = recognising.filter(({ hosts }) => hosts.some((host) => host.test(url.hostname)));
  const names = (isLoopbackHost(url.hostname) || atHome.length === 0 ? recognising : atHome).map(({ name }) => name);
  const [only] = names;
  if (only !== undefined && names.length === 1) return only;
  const all = [...probes.keys()].join(', ');
  throw names.length === 0
    ? new AppError('USAGE', `no platform recognises ${url.href}`, { hint: `name it with --platform: ${all}` })
    : new AppError('USAGE', `${names.join(' and ')} recognise ${url.href}`, { hint: 'choose one with --platform' });
}

function paramsOf(json: string | undefined): Record<string, unknown> {
  if (json === undefined) return {};
  try {
    return z.record(z.string(), z.unknown()).parse(JSON.parse(json));
  } catch (error) {
    throw new AppError('USAGE', '--params is not a JSON object', {
      hint: `write it in single quotes: --params '{"planning":["14673"]}'`,
      cause: error,
    });
  }
}

interface Known {
  readonly url: URL;
  readonly platform: string;
  readonly department: string | null;
  readonly params: Readonly<Record<string, unknown>>;
}

/** Department, place, and the number of the page or a short hash; a second target of one page gets a hash besides. */
function freeId({ url, platform, department, params }: Known, taken: ReadonlySet<string>): string {
  const words = [department ?? 'xx', placeOfSite(url.hostname), numberOf(url) ?? shortHash(url.href)];
  const id = words
    .filter((word) => word !== '')
    .join('-')
    .toLowerCase();
  return taken.has(id) ? `${id}-${shortHash(JSON.stringify([platform, url.href, params]))}` : id;
}

/** `23014` of `/booking/create/23014/`; else a number among the parameters of the address. */
function numberOf(url: URL): string | undefined {
  const words = [...url.pathname.split('/'), ...url.searchParams.values()];
  return words.find((word) => /^\d{2,12}$/.test(word));
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

function notesOn({ department, prefecture, label }: TargetEntry): string[] {
  return [
    ...(department === null
      ? ['the department is not known from this address: give --department, unless the service is national']
      : []),
    ...(department !== null && prefecture === null
      ? ['no --prefecture was given: lists will show the department only']
      : []),
    ...(label === null ? ['no --label was given: say in the words of the page what is asked for there'] : []),
  ];
}

import { z } from 'zod';

import type { Channel } from './alerts/channel.ts';
import type { Outcome } from './core/outcome.ts';
import type { Replica } from './core/replica.ts';
import { loadFolder } from './load-folder.ts';
import type { Probe } from './probe.ts';

/** The plugin folders and what each of their files must export. */

const PROBES = new URL('../probes/', import.meta.url).pathname;
const CHANNELS = new URL('./alerts/channels/', import.meta.url).pathname;
const REPLICAS = new URL('./practice/', import.meta.url).pathname;

const expression = z.instanceof(RegExp);
const call = z.custom<(...input: unknown[]) => unknown>((value) => typeof value === 'function', 'must be a function');

const probeShape = z.object({
  name: z.string(),
  version: z.number().int().positive(),
  kind: z.enum(['slots', 'service']),
  hosts: z.array(expression).min(1),
  recognises: call,
  posts: z.array(
    z.object({
      path: expression,
      fields: z.union([call, z.record(z.string(), expression)]),
      requires: z.array(z.string()).optional(),
    }),
  ),
  asks: call.optional(),
  forbidden: z.array(expression),
  expectsCaptcha: z.boolean(),
  contacts: z.array(z.string()),
  params: z.instanceof(z.ZodType),
  visit: call,
  read: call,
});

const replicaShape = z.object({
  platform: z.string(),
  scenarios: z.array(z.looseObject({ name: z.string(), path: z.string().startsWith('/'), expect: call })).min(1),
  site: call,
});

function accepting<T>(shape: z.ZodType, nameOf: (value: T) => string) {
  return (value: unknown, name: string): T => {
    const checked = shape.safeParse(value);
    if (!checked.success) throw new Error(`does not keep its contract: ${z.prettifyError(checked.error)}`);
    // The shape holds: what remains unchecked is what only running it can show.
    const plugin = value as T; // oxlint-disable-line typescript/no-unsafe-type-assertion
    if (nameOf(plugin) !== name) throw new Error(`is named "${nameOf(plugin)}" inside: file and name must be equal`);
    return plugin;
  };
}

export function loadProbes(folder: string = PROBES): Promise<ReadonlyMap<string, Probe>> {
  return loadFolder(
    folder,
    'probe',
    accepting<Probe>(probeShape, (probe) => probe.name),
  );
}

/** Gates that a platform always shows: no news, and a door that has answered. */
export function expectedGates(probes: ReadonlyMap<string, Probe>): (platform: string) => readonly Outcome[] {
  return (platform) => (probes.get(platform)?.expectsCaptcha === true ? ['captcha'] : []);
}

const channelShape = z.object({
  name: z.string(),
  settings: z.instanceof(z.ZodType),
  to: z.instanceof(z.ZodType),
  perMinute: z.number().positive(),
  deliver: call,
});

export function loadChannels(folder: string = CHANNELS): Promise<ReadonlyMap<string, Channel>> {
  return loadFolder(
    folder,
    'channel',
    accepting<Channel>(channelShape, (channel) => channel.name),
  );
}

export function loadReplicas(folder: string = REPLICAS): Promise<ReadonlyMap<string, Replica>> {
  return loadFolder(
    folder,
    'replica',
    accepting<Replica>(replicaShape, (replica) => replica.platform),
  );
}

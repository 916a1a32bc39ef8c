import type { z } from 'zod';

import type { Subscription } from '../core/subscription.ts';
import type { NewSubscription } from '../store/contract.ts';
import type { Channel } from './channel.ts';
import type { OpenChannel } from './outbox.ts';
import type { Seal } from './seal.ts';

/** What the configuration says of alerts, held against the channels' own schemas. Mistakes are returned with their places. */

export interface AlertSettings {
  readonly channels: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly subscriptions: readonly ConfiguredSubscription[];
}

export interface ConfiguredSubscription extends Omit<Subscription, 'id' | 'quiet' | 'digestAt'> {
  readonly to: unknown;
  readonly quiet?: Subscription['quiet'] | undefined;
  readonly digestAt?: Subscription['digestAt'] | undefined;
}

export interface Mistake {
  readonly path: readonly PropertyKey[];
  readonly text: string;
}

/** The configured channels with their settings. `secretOf` gives the value behind a name, undefined when it is not set. */
export function openChannels(
  settings: AlertSettings,
  known: ReadonlyMap<string, Channel>,
  secretOf: (name: string) => string | undefined,
): { readonly channels: ReadonlyMap<string, OpenChannel>; readonly mistakes: readonly Mistake[] } {
  const channels = new Map<string, OpenChannel>();
  const mistakes: Mistake[] = [];
  for (const [name, written] of Object.entries(settings.channels)) {
    const path = ['alerts', 'channels', name];
    const channel = known.get(name);
    if (channel === undefined) {
      mistakes.push({ path, text: `no channel is named "${name}": known are ${[...known.keys()].join(', ')}` });
      continue;
    }
    const { value, missing } = withSecrets(written, secretOf);
    mistakes.push(...missing.map((secret) => ({ path, text: `the secret ${secret} is not set in the environment` })));
    const parsed = channel.settings.safeParse(value);
    if (parsed.success) channels.set(name, { channel, settings: parsed.data });
    else if (missing.length === 0) mistakes.push(...mistakesOf(path, parsed.error));
  }
  return { channels, mistakes };
}

/** Replaces each `{ secret: NAME }` by its value. */
function withSecrets(
  written: Readonly<Record<string, unknown>>,
  secretOf: (name: string) => string | undefined,
): { readonly value: Record<string, unknown>; readonly missing: readonly string[] } {
  const missing: string[] = [];
  const value: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(written)) {
    const name = secretName(part);
    const secret = name === null ? undefined : secretOf(name);
    if (name !== null && secret === undefined) missing.push(name);
    value[key] = name === null ? part : secret;
  }
  return { value, missing };
}

function secretName(part: unknown): string | null {
  if (typeof part !== 'object' || part === null || !('secret' in part)) return null;
  return typeof part.secret === 'string' ? part.secret : null;
}

/**
 * The configured subscriptions as the store takes them. One whose recipient has `{department}` in it is one for each department
 * (`departments`: those of the watched targets), as for a topic or a room for each.
 */
export function configuredSubscriptions(
  settings: AlertSettings,
  channels: ReadonlyMap<string, OpenChannel>,
  { seal, now, departments }: { readonly seal: Seal; readonly now: number; readonly departments: readonly string[] },
): { readonly subscriptions: readonly NewSubscription[]; readonly mistakes: readonly Mistake[] } {
  const subscriptions: NewSubscription[] = [];
  const mistakes: Mistake[] = [];
  const all = settings.subscriptions.flatMap((wanted, at) =>
    forEachDepartment(wanted, departments).map((one) => [at, one] as const),
  );
  for (const [at, wanted] of all) {
    const path = ['alerts', 'subscriptions', at];
    const open = channels.get(wanted.channel);
    if (open === undefined) {
      mistakes.push({ path: [...path, 'channel'], text: `"${wanted.channel}" is not set up in alerts.channels` });
      continue;
    }
    const to = open.channel.to.safeParse(wanted.to);
    if (!to.success) {
      mistakes.push(...mistakesOf([...path, 'to'], to.error));
      continue;
    }
    const { channel: _channel, to: _to, quiet = null, digestAt = null, ...rest } = wanted;
    const toHash = seal.hash([to.data, rest.departments, rest.procedures, rest.platforms, rest.kinds]);
    const kept = { source: 'config', state: 'active', createdAt: now } as const;
    const recipient = { channel: wanted.channel, sealedTo: seal.seal(to.data), toHash };
    subscriptions.push({ ...rest, quiet, digestAt, ...recipient, ...kept });
  }
  return { subscriptions, mistakes };
}

const DEPARTMENT = '{department}';

function forEachDepartment(
  wanted: ConfiguredSubscription,
  departments: readonly string[],
): readonly ConfiguredSubscription[] {
  const to = JSON.stringify(wanted.to);
  if (!to.includes(DEPARTMENT)) return [wanted];
  const chosen = wanted.departments.length > 0 ? wanted.departments : departments;
  return chosen.map((department) => {
    const one: unknown = JSON.parse(to.replaceAll(DEPARTMENT, department));
    return { ...wanted, to: one, departments: [department] };
  });
}

function mistakesOf(path: readonly PropertyKey[], error: z.ZodError): Mistake[] {
  return error.issues.map((issue) => ({ path: [...path, ...issue.path], text: issue.message }));
}

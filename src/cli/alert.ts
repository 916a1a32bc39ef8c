import { randomBytes } from 'node:crypto';

import { canaryNotice } from '../alerts/canary.ts';
import { DeliveryError, type Channel } from '../alerts/channel.ts';
import { openChannels } from '../alerts/configured.ts';
import { jsonOf } from '../alerts/http.ts';
import { messageFor } from '../alerts/messages.ts';
import type { OpenChannel } from '../alerts/outbox.ts';
import type { CliCommand, Io } from '../commands.ts';
import { secretNamed } from '../compose-alerts.ts';
import { loadConfig, type Config } from '../config/load.ts';
import { AppError } from '../core/errors.ts';
import type { Subscription } from '../core/subscription.ts';
import { loadChannels, loadProbes } from '../plugins.ts';

interface Recipient extends Pick<Subscription, 'language' | 'timeZone'> {
  /** How the answer names it: never by its address. */
  readonly name: string;
  readonly to: unknown;
}

const ANSWERED_WITHIN_MS = 30_000;

export const command: CliCommand = {
  name: 'alert',
  add: (program, io) => {
    program
      .command('alert')
      .description('try the channels by which alerts leave')
      .command('test')
      .description('send one message now that says nothing happened; shows whether the service accepts it')
      .argument('<channel>', 'name of a channel of alerts.channels')
      .option('--to <json>', "a recipient in the channel's own terms, instead of the configured ones")
      .action((name: string, { to }: { to?: string }) =>
        test(name, to, program.opts<{ config?: string }>().config, io),
      );
  },
};

async function test(name: string, to: string | undefined, configFile: string | undefined, io: Io): Promise<void> {
  const config = await loadConfig(configFile, await loadProbes());
  const open = openChannel(name, config, await loadChannels());
  const recipients = to === undefined ? configured(name, open, config) : [recipientOf(to, open)];
  const refusals: string[] = [];
  for (const recipient of recipients) {
    const refusal = await deliver(open, recipient, config, io.stop);
    io.answer(`${recipient.name}: ${refusal ?? 'accepted'}`);
    if (refusal !== null) refusals.push(refusal);
  }
  if (refusals.length === 0) return;
  const failed = `${refusals.length} of ${recipients.length} messages by ${name}`;
  throw new AppError('DELIVERY_REFUSED', `${failed} were refused: ${[...new Set(refusals)].join('; ')}`);
}

/** Mistakes in other channels do not stand in the way of this one. */
function openChannel(name: string, config: Config, known: ReadonlyMap<string, Channel>): OpenChannel {
  const { channels, mistakes } = openChannels(config.alerts, known, secretNamed);
  const own = mistakes.filter(({ path }) => path[2] === name);
  if (own.length > 0) throw config.invalid(own);
  const open = channels.get(name);
  if (open !== undefined) return open;
  const names = [...channels.keys()].join(', ') || 'none';
  throw new AppError('USAGE', `no channel "${name}" is set up in alerts.channels: set up are ${names}`);
}

/** Each configured recipient once, however many subscriptions they have. */
function configured(name: string, { channel }: OpenChannel, config: Config): Recipient[] {
  const recipients = new Map<string, Recipient>();
  for (const [at, { channel: wanted, to, language, timeZone }] of config.alerts.subscriptions.entries()) {
    if (wanted !== name) continue;
    const parsed = channel.to.safeParse(to);
    if (!parsed.success) {
      const path = ['alerts', 'subscriptions', at, 'to'];
      throw config.invalid(
        parsed.error.issues.map((issue) => ({ path: [...path, ...issue.path], text: issue.message })),
      );
    }
    const place = `alerts.subscriptions[${at}]`;
    const key = JSON.stringify(parsed.data);
    if (!recipients.has(key)) recipients.set(key, { name: place, to: parsed.data, language, timeZone });
  }
  if (recipients.size > 0) return [...recipients.values()];
  throw new AppError('USAGE', `no configured subscription is by ${name}: name a recipient with --to`);
}

function recipientOf(text: string, { channel }: OpenChannel): Recipient {
  const to = channel.to.safeParse(jsonOf(text));
  if (to.success) return { name: '--to', to: to.data, language: 'fr', timeZone: 'Europe/Paris' };
  const [issue] = to.error.issues;
  const place = issue === undefined ? '' : [...issue.path.map(String), issue.message].join(': ');
  throw new AppError('USAGE', `--to: not a recipient of ${channel.name}, as JSON: ${place}`);
}

/** Null when the service accepted; else why not. */
async function deliver(
  { channel, settings }: OpenChannel,
  { to, language, timeZone }: Recipient,
  config: Config,
  stop: AbortSignal,
): Promise<string | null> {
  const now = Date.now();
  const key = randomBytes(16).toString('hex');
  const page = config.http.publicUrl ?? null;
  const message = messageFor(
    [canaryNotice(`canary/test/${key}`, now)],
    { language, timeZone },
    { key, unsubscribe: null, page },
  );
  try {
    await channel.deliver(message, to, settings, AbortSignal.any([stop, AbortSignal.timeout(ANSWERED_WITHIN_MS)]));
    return null;
  } catch (error) {
    // A fault in a channel is a refusal here as in the outbox, and its words may hold the address.
    if (!(error instanceof DeliveryError))
      return `the channel failed (${error instanceof Error ? error.name : 'error'})`;
    return `${error.message} (${error.isFinal ? 'for good' : 'another try may help'})`;
  }
}

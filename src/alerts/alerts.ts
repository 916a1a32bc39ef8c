import type { Logger } from 'pino';

import type { ClaimedMessage, Store } from '../store/contract.ts';
import type { Channel } from './channel.ts';
import { configuredSubscriptions, openChannels, type AlertSettings, type Mistake } from './configured.ts';
import { messageFor } from './messages.ts';
import { Outbox, type OpenChannel } from './outbox.ts';
import type { Seal } from './seal.ts';
import { stopLink } from './links.ts';

export interface AlertsParts {
  readonly settings: AlertSettings;
  readonly known: ReadonlyMap<string, Channel>;
  readonly secretOf: (name: string) => string | undefined;
  readonly seal: Seal;
  /** Those of the watched targets. */
  readonly departments: readonly string[];
  readonly store: Pick<Store, 'claim' | 'endMessage' | 'postponeMessage' | 'configureSubscriptions'>;
  /** Where the public finds this instance's pages; null when nowhere: then messages have no link to it. */
  readonly page: string | null;
  readonly log: Logger;
  readonly owner: string;
  readonly onAccepted: (message: ClaimedMessage, at: number) => void;
}

/** What is set up, held against the channels; nothing is written or sent by it. */
export interface AlertsPlan {
  readonly channels: ReadonlyMap<string, OpenChannel>;
  readonly subscriptions: ReturnType<typeof configuredSubscriptions>['subscriptions'];
  readonly mistakes: readonly Mistake[];
}

export function planAlerts(
  parts: Pick<AlertsParts, 'settings' | 'known' | 'secretOf' | 'seal' | 'departments'>,
  now: number,
): AlertsPlan {
  const { channels, mistakes } = openChannels(parts.settings, parts.known, parts.secretOf);
  const { seal, departments } = parts;
  const { subscriptions, mistakes: more } = configuredSubscriptions(parts.settings, channels, {
    seal,
    departments,
    now,
  });
  return { channels, subscriptions, mistakes: [...mistakes, ...more] };
}

/** The outbox of a running monitor, with the configured subscriptions written. */
export async function openAlerts(parts: AlertsParts, plan: AlertsPlan): Promise<Outbox> {
  await parts.store.configureSubscriptions(plan.subscriptions);
  const { store, seal, page, log, owner, onAccepted } = parts;
  return new Outbox({
    store,
    channels: plan.channels,
    open: (sealed) => seal.open(sealed),
    word: ({ key, notices, subscription, createdAt }) => {
      const unsubscribe = subscription.source === 'self' && page !== null ? stopLink(page, seal, subscription) : null;
      // The bot is asked by a word, wherever it stands.
      const byWord = subscription.source === 'self' && subscription.channel === 'telegram' ? '/stop' : null;
      const stop = unsubscribe ?? byWord;
      return messageFor(notices, subscription, { key, unsubscribe, stop, page, leavesAt: createdAt });
    },
    log,
    owner,
    onAccepted,
  });
}

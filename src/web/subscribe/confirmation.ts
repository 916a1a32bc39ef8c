import { randomUUID } from 'node:crypto';

import type { Message } from '../../alerts/channel.ts';
import { confirmLink, isConfirmLink, isStopLink, parseLink } from '../../alerts/links.ts';
import type { Seal } from '../../alerts/seal.ts';
import type { Language } from '../../core/subscription.ts';
import type { NewSubscription, Store, StoredSubscription } from '../../store/contract.ts';
import { PAGE_WORDS } from './page-words.ts';
import type { Selection } from './request.ts';
import { MESSAGE_WORDS, summaryOf } from './summary.ts';

/**
 * Double opt-in. A request is a row of its own, apart from what its recipient may have already: whoever types somebody
 * else's address cannot stop or change their alerts. Only the confirmation replaces the one by the other.
 */
export interface SubscriberParts {
  readonly store: Pick<Store, 'subscribe' | 'subscription' | 'subscriptions' | 'unsubscribe' | 'dropPending'>;
  readonly seal: Seal;
  readonly now: () => number;
}

const CHANNEL = 'email';
const CONFIRM_WITHIN_MS = 48 * 3_600_000;

export interface MailRecipient {
  readonly address: string;
}

/** Writes a request down, until its link comes back. */
export async function request(
  { store, seal, now }: SubscriberParts,
  to: MailRecipient,
  selection: Selection,
): Promise<{ readonly id: number; readonly createdAt: number }> {
  const createdAt = now();
  const id = await store.subscribe({
    ...selection,
    channel: CHANNEL,
    sealedTo: seal.seal(to),
    toHash: seal.hash(['request', randomUUID()]),
    source: 'self',
    state: 'pending',
    createdAt,
  });
  return { id, createdAt };
}

/** The request behind a link; null when it was used, is too old, or the link is none of ours. */
export async function requestBehind(
  { store, seal, now }: SubscriberParts,
  link: string,
): Promise<StoredSubscription | null> {
  const found = await subscriptionBehind(store, link);
  if (found === null || found.row.state !== 'pending') return null;
  return isConfirmLink(seal, found.signature, found.row, now()) ? found.row : null;
}

/**
 * Makes a request an active subscription, in the place of the one that the recipient may have. That one keeps its number and
 * the time of its creation, so that the links in earlier messages still end it. Doing it twice does nothing more.
 */
export async function confirm({ store, seal, now }: SubscriberParts, asked: StoredSubscription): Promise<void> {
  const { id, confirmedAt: _confirmedAt, ...selection } = asked;
  const toHash = recipientHash(seal, seal.open(asked.sealedTo));
  const earlier = (await store.subscriptions()).find(
    (row) => row.source === 'self' && row.channel === CHANNEL && row.toHash.equals(toHash),
  );
  await store.subscribe({ ...selection, toHash, state: 'active', createdAt: earlier?.createdAt ?? now() });
  await store.unsubscribe(id);
}

/** One person, however they write the capitals of their address. */
function recipientHash(seal: Seal, to: unknown): NewSubscription['toHash'] {
  return seal.hash(['recipient', JSON.stringify(to).toLowerCase()]);
}

/** `gone`: nothing is behind the link any more; null: the link is none of ours. */
export async function subscriptionToStop(
  { store, seal }: SubscriberParts,
  link: string,
): Promise<StoredSubscription | 'gone' | null> {
  if (parseLink(link) === null) return null;
  const found = await subscriptionBehind(store, link);
  if (found === null) return 'gone';
  return isStopLink(seal, found.signature, found.row) ? found.row : null;
}

async function subscriptionBehind(
  store: SubscriberParts['store'],
  link: string,
): Promise<{ readonly row: StoredSubscription; readonly signature: string } | null> {
  const parsed = parseLink(link);
  if (parsed === null) return null;
  const row = await store.subscription(parsed.id);
  return row === null || row.source !== 'self' ? null : { row, signature: parsed.signature };
}

/** Deletes requests that nobody confirmed in time; to be called every hour. Returns how many. */
export async function dropUnconfirmed(store: Pick<Store, 'dropPending'>, now: number): Promise<number> {
  return await store.dropPending(now - CONFIRM_WITHIN_MS);
}

export interface ConfirmationMail {
  readonly asked: { readonly id: number; readonly createdAt: number };
  readonly selection: Selection;
  readonly page: string;
  readonly seal: Seal;
  readonly practice: boolean;
}

/** The mail that carries the link. In the language asked for, with nothing in it that a stranger could have written. */
export function confirmationMail({ asked, selection, page, seal, practice }: ConfirmationMail): Message {
  const { language } = selection;
  const { mail } = PAGE_WORDS[language];
  const lead = practice ? `${MESSAGE_WORDS[language].practice} ` : '';
  const link = confirmLink(page, seal, asked);
  const text = [
    `${lead}${mail.asked}`,
    ...summaryOf(selection, language).map((line) => `- ${line}`),
    '',
    mail.press,
    linkLine(link, language),
    '',
    ...mail.after,
  ].join('\n');
  const subject = `${lead}${mail.subject}`;
  return {
    key: `confirm ${asked.id} ${asked.createdAt}`,
    language,
    subject,
    text,
    short: subject,
    notices: [],
    unsubscribe: null,
  };
}

function linkLine(link: string, language: Language): string {
  return MESSAGE_WORDS[language].link(link);
}

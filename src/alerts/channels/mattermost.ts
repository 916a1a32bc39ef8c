import { z } from 'zod';

import { secretAddress } from '../address.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { harmlessText } from '../harmless.ts';
import { ask, isAccepted, refusalOf } from '../http.ts';

const settings = z.strictObject({
  hosts: z
    .array(z.string())
    .default(['hooks.slack.com'])
    .describe('Servers that a recipient may name, with or without a port: no other is ever asked'),
});

const to = z.strictObject({ url: secretAddress.describe('Address of an incoming webhook; it is a secret') });

/** What both document for refusals, in our words. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the webhook is not known, or the message is refused',
  403: 'the webhook may not write in its channel',
  404: 'the webhook or its channel is gone',
  410: 'the channel is archived',
};

/**
 * An incoming webhook of Mattermost, or of Slack, whose form it took over. Neither takes a key: a message whose answer was lost
 * may appear twice.
 */
export const channel: Channel<z.infer<typeof settings>, z.infer<typeof to>> = {
  name: 'mattermost',
  settings,
  to,
  // Slack: one a second (docs.slack.dev, rate limits, November 2026). Mattermost sets no limit of its own by default.
  perMinute: 60,
  deliver: async (message, { url }, { hosts }, signal) => {
    const { host, hostname } = new URL(url);
    // The address is the recipient's and servers often stand in private networks: only the operator can tell which is meant.
    if (!hosts.includes(host) && !hosts.includes(hostname)) {
      throw new DeliveryError('the server is not in `hosts` of this channel', { isFinal: true });
    }
    const body = JSON.stringify({ text: withoutControls(harmlessText(message)) });
    const answer = await ask(url, { headers: { 'content-type': 'application/json' }, body }, signal);
    if (!isAccepted(answer)) throw refusalOf(answer, MEANINGS[answer.status]);
    // Both answer with this word; a page of something in between is no acceptance.
    if (answer.text.trim() === 'ok') return;
    throw new DeliveryError(`HTTP ${answer.status}, but not the answer of a webhook`, { isFinal: false });
  },
};

/** Slack reads `<!channel>` and `<address|label>`, and so does Mattermost; both show these three as what they stand for. */
function withoutControls(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

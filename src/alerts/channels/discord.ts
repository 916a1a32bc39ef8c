import { z } from 'zod';

import { isLoopbackHost } from '../../core/networks.ts';
import { secretAddress } from '../address.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { harmlessText } from '../harmless.ts';
import { ask, isAccepted, jsonOf, pauseOf, refusalOf, type Answer } from '../http.ts';

const settings = z.strictObject({
  allowLoopback: z.boolean().default(false).describe('For practice and tests: a double on this machine may be asked'),
});

const WEBHOOK_HOST = /^(?:(?:ptb|canary)\.)?discord(?:app)?\.com$/;
const WEBHOOK_PATH = /^\/api\/(?:v\d+\/)?webhooks\/\d+\/[\w-]+$/;

const to = z.strictObject({
  url: secretAddress
    .refine(isWebhook, { error: 'write the address of a Discord webhook: https://discord.com/api/webhooks/…' })
    .describe('Address of a webhook, with ?thread_id=… for a thread; it is a secret'),
});

/** Most characters of one message (discord.com/developers, webhook resource, November 2026). */
const MOST_CHARACTERS = 2_000;
/** SUPPRESS_EMBEDS: no preview, for which the page itself would be asked. */
const WITHOUT_PREVIEW = 4;

/** What the documentation says of refusals, in our words. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the message is refused',
  401: 'the webhook is refused',
  403: 'the webhook may not write in its channel',
  404: 'the webhook is gone',
};

/** With `wait` the answer is the message made; of a refusal for haste it is the pause in seconds, with a fraction. */
const answerShape = z.object({ id: z.string().optional(), retry_after: z.number().optional() });

/**
 * A webhook of Discord. It takes no key: a message whose answer was lost may appear twice, and a digest of several parts that
 * failed half way begins again.
 */
export const channel: Channel<z.infer<typeof settings>, z.infer<typeof to>> = {
  name: 'discord',
  settings,
  to,
  // Of one webhook: not documented, observed by its users for years; the answers' own times are obeyed above it.
  perMinute: 30,
  deliver: async (message, { url }, { allowLoopback }, signal) => {
    const address = new URL(url);
    if (!allowLoopback && isLoopbackHost(address.hostname)) {
      throw new DeliveryError('a loopback address is refused', { isFinal: true });
    }
    // Without it Discord answers 204 before it has stored anything, and says nothing when it could not.
    address.searchParams.set('wait', 'true');
    for (const content of partsOf(harmlessText(message).replaceAll('<', '<\u200b'), MOST_CHARACTERS)) {
      const body = JSON.stringify({ content, allowed_mentions: { parse: [] }, flags: WITHOUT_PREVIEW });
      accept(await ask(address.href, { headers: { 'content-type': 'application/json' }, body }, signal));
    }
  },
};

/** Throws unless Discord names the message it made: a page of something in between is no acceptance. */
function accept(answer: Answer): void {
  const shape = answerShape.safeParse(jsonOf(answer.text)).data;
  if (isAccepted(answer)) {
    if (shape?.id !== undefined) return;
    throw new DeliveryError(`HTTP ${answer.status}, but not an answer of Discord`, { isFinal: false });
  }
  const seconds = shape?.retry_after;
  // The guard before Discord refuses with a page and the header alone.
  const retryAfterMs = seconds === undefined ? answer.retryAfterMs : pauseOf(seconds);
  throw refusalOf({ ...answer, retryAfterMs }, MEANINGS[answer.status]);
}

function isWebhook(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || !WEBHOOK_PATH.test(url.pathname)) return false;
  return (
    isLoopbackHost(url.hostname) || (url.protocol === 'https:' && url.port === '' && WEBHOOK_HOST.test(url.hostname))
  );
}

/** Cuts between lines where it can, else between words, else between characters. */
function partsOf(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > most) {
    const head = rest.slice(0, most + 1);
    const cut = [head.lastIndexOf('\n'), head.lastIndexOf(' ')].find((at) => at > 0) ?? whole(rest, most);
    parts.push(rest.slice(0, cut));
    rest = rest.slice(cut).replace(/^[ \n]/, '');
  }
  return rest === '' ? parts : [...parts, rest];
}

/** Not between the two halves of one character. */
function whole(text: string, at: number): number {
  return text.slice(0, at).isWellFormed() ? at : at - 1;
}

import { z } from 'zod';

import { secretAddress } from '../address.ts';
import { DeliveryError, type Channel } from '../channel.ts';
import { shortened } from '../shorten.ts';
import { ask, isAccepted, jsonOf, pauseOf, refusalOf, type Answer } from '../http.ts';

/** Telegram's Bot API, method `sendMessage` (https://core.telegram.org/bots/api#sendmessage). */

const settings = z.strictObject({
  token: z
    .string()
    .regex(/^\d+:[\w-]{20,}$/, { error: 'write the token as @BotFather gave it: digits, a colon, letters and digits' })
    .describe('Token of the bot'),
  apiBase: secretAddress.default('https://api.telegram.org').describe('Another Bot API server, where one is run'),
});

const oneChat = { error: 'write the number of a chat ("123456", "-1001234567890") or the name of a channel ("@name")' };

const to = z.strictObject({
  chatId: z
    .union([z.int(oneChat), z.string(oneChat).regex(/^(?:-?\d{1,16}|@[A-Za-z]\w{3,31})$/, oneChat)], oneChat)
    .describe('The chat that has started the bot, or the group or channel it belongs to'),
});

type Settings = z.infer<typeof settings>;
type To = z.infer<typeof to>;

/** "1-4096 characters after entities parsing"; a longer text is refused. */
const MOST_CHARACTERS = 4_096;

/** What the API documents for refusals, in our words: its own could name the chat. */
const MEANINGS: Readonly<Record<number, string>> = {
  400: 'the chat is not known, or the message is refused',
  401: 'the token is refused',
  403: 'the recipient has blocked the bot, or the bot is no member there',
  404: 'the token is refused',
};

/** Of an answer only this is read (https://core.telegram.org/bots/api#responseparameters). */
const answerShape = z.object({
  ok: z.boolean(),
  parameters: z
    .object({ retry_after: z.number().optional(), migrate_to_chat_id: z.int().optional() })
    .optional()
    .transform((parameters) => parameters ?? {}),
});

export const channel: Channel<Settings, To> = {
  name: 'telegram',
  settings,
  to,
  /** 30 messages a second to different chats (https://core.telegram.org/bots/faq, "My bot is hitting limits"). */
  perMinute: 1_800,
  async deliver(message, { chatId }, { token, apiBase }, signal) {
    const address = `${apiBase.replace(/\/+$/, '')}/bot${token}/sendMessage`;
    const text = shortened(message.text, MOST_CHARACTERS, ({ length }) => length);
    const sendTo = (chat: number | string): Promise<Answer> => {
      const body = JSON.stringify({ chat_id: chat, text, link_preview_options: { is_disabled: true } });
      return ask(address, { headers: { 'content-type': 'application/json' }, body }, signal);
    };
    const answer = await sendTo(chatId);
    // A group that grew into a supergroup has another number from then on; the answer names it.
    const moved = shapeOf(answer)?.parameters.migrate_to_chat_id;
    accept(moved === undefined ? answer : await sendTo(moved));
  },
};

/** Throws unless Telegram said itself that it has taken the message: a page of something in between is no acceptance. */
function accept(answer: Answer): void {
  const shape = shapeOf(answer);
  if (isAccepted(answer)) {
    if (shape?.ok === true) return;
    throw new DeliveryError(`HTTP ${answer.status}, but not an answer of Telegram`, { isFinal: false });
  }
  const seconds = shape?.parameters.retry_after;
  const retryAfterMs = seconds === undefined ? answer.retryAfterMs : pauseOf(seconds);
  throw refusalOf({ ...answer, retryAfterMs }, MEANINGS[answer.status]);
}

function shapeOf({ text }: Answer): z.infer<typeof answerShape> | null {
  return answerShape.safeParse(jsonOf(text)).data ?? null;
}

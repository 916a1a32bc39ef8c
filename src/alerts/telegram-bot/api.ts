import { z } from 'zod';

import { OWN_AGENT } from '../../version.ts';
import { DeliveryError } from '../channel.ts';
import { jsonOf, pauseOf } from '../http.ts';

/** The two methods of Telegram's Bot API by which the bot listens and answers (https://core.telegram.org/bots/api, November 2026). */

export const botSettings = z.object({ token: z.string(), apiBase: z.string() });
export type BotSettings = z.infer<typeof botSettings>;

/** What Telegram said no to. `status` 0: nothing that Telegram would say. Its words name neither the token nor the chat. */
export class BotError extends DeliveryError {
  readonly status: number;

  constructor(status: number, message: string, retryAfterMs: number | null = null) {
    super(message, { isFinal: status >= 400 && status < 500 && status !== 429, retryAfterMs });
    this.name = 'BotError';
    this.status = status;
  }
}

const envelope = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

/**
 * Twenty updates of the longest texts, each letter written as `\uXXXX`, with the messages they answer, take a megabyte. `ask` of
 * `http.ts` reads 64 KiB and would cut them, and a cut answer would be asked for again for ever.
 */
const MOST_BYTES = 8_000_000;

export interface Call {
  readonly method: 'getUpdates' | 'sendMessage' | 'getMe';
  readonly body: Readonly<Record<string, unknown>>;
  readonly withinMs: number;
}

/** The `result` of a method. Throws `BotError`. */
export async function callBot({ token, apiBase }: BotSettings, call: Call, signal: AbortSignal): Promise<unknown> {
  const address = `${apiBase.replace(/\/+$/, '')}/bot${token}/${call.method}`;
  const { status, text } = await post(address, call, signal);
  const answer = envelope.safeParse(jsonOf(text)).data;
  if (answer?.ok === true && status >= 200 && status < 300) return answer.result;
  const seconds = answer?.parameters?.retry_after;
  const retryAfterMs = seconds === undefined ? null : pauseOf(seconds);
  throw new BotError(answer === undefined ? 0 : status, `HTTP ${status} to ${call.method}`, retryAfterMs);
}

async function post(
  address: string,
  { body, withinMs, method }: Call,
  signal: AbortSignal,
): Promise<{ readonly status: number; readonly text: string }> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)]);
  const headers = { 'content-type': 'application/json', 'user-agent': OWN_AGENT };
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      signal: limit,
      redirect: 'manual',
    });
    return { status: answer.status, text: await textOf(answer) };
  } catch (error) {
    // Neither the address nor the error as a cause: the token stands in both.
    const cause = error instanceof Error ? error.cause : null;
    const word =
      cause instanceof Error && 'code' in cause ? String(cause.code) : error instanceof Error ? error.name : '';
    throw new BotError(0, `${word} at ${method}`);
  }
}

async function textOf({ body }: Response): Promise<string> {
  const decoder = new TextDecoder();
  let [text, bytes] = ['', 0];
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) break;
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

const update = z.looseObject({ update_id: z.int() });
const message = z.object({
  chat: z.object({ id: z.int() }),
  text: z.string(),
  from: z.object({ language_code: z.string().optional(), is_bot: z.boolean().optional() }).optional(),
});

export interface Update {
  readonly id: number;
  /** Null for what is no text of a person. */
  readonly message: { readonly chatId: number; readonly text: string; readonly languageCode: string } | null;
}

/** An update that we do not understand is one without a message: it is passed over, not asked for again. */
export function updatesOf(result: unknown): readonly Update[] {
  return z
    .array(update)
    .catch([])
    .parse(result)
    .map((one): Update => {
      const found = message.safeParse(one['message']).data;
      const id = one.update_id;
      if (found === undefined || found.from?.is_bot === true) return { id, message: null };
      return {
        id,
        message: { chatId: found.chat.id, text: found.text, languageCode: found.from?.language_code ?? '' },
      };
    });
}

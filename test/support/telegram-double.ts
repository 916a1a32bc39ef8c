import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

/** What the next calls of a method get in place of an answer. */
export type Fault = { readonly status: number; readonly body: unknown } | 'hang' | 'reset';

export interface TelegramDouble {
  readonly origin: string;
  /** `chat: text` of everything the bot said and Telegram took. */
  readonly said: readonly { readonly chat: number; readonly text: string }[];
  /** The offset of each question for updates. */
  readonly offsets: readonly number[];
  /** Somebody writes; resolves when the bot has said it is through with it. */
  write(text: string, from?: { readonly chat?: number; readonly language?: string }): Promise<void>;
  /** An update as it is, and nobody waits. */
  push(update: Readonly<Record<string, unknown>>): Promise<void>;
  fail(method: 'getUpdates' | 'sendMessage', ...faults: readonly Fault[]): void;
  /** The last thing said. */
  last(): string;
  close(): Promise<void>;
}

/** The Bot API on loopback: updates wait until a greater offset is asked for, as documented. */
export async function openTelegramDouble(token: string): Promise<TelegramDouble> {
  const said: { chat: number; text: string }[] = [];
  const offsets: number[] = [];
  const faults: Record<string, Fault[]> = { getUpdates: [], sendMessage: [] };
  let updates: { id: number; body: unknown; done: () => void }[] = [];
  let polling: ServerResponse | null = null;
  let [nextId, offset] = [700, 0];
  const answerPoll = (): void => {
    const ready = updates.filter(({ id }) => id >= offset);
    if (polling === null || ready.length === 0) return;
    give(polling, 200, { ok: true, result: ready.map(({ body }) => body) });
    polling = null;
  };
  const answer = async (method: string, body: Record<string, unknown>, response: ServerResponse): Promise<void> => {
    const fault = faults[method]?.shift();
    if (method === 'getUpdates') offsets.push(Number(body['offset']));
    if (fault === 'hang') return;
    if (fault === 'reset') return void response.destroy();
    if (fault !== undefined) return give(response, fault.status, fault.body);
    if (method === 'getMe')
      return give(response, 200, { ok: true, result: { id: 1, is_bot: true, username: 'guetteur_bot' } });
    if (method === 'sendMessage') {
      said.push({ chat: Number(body['chat_id']), text: String(body['text']) });
      return give(response, 200, { ok: true, result: { message_id: said.length } });
    }
    offset = Number(body['offset']);
    for (const { id, done } of updates) if (id < offset) done();
    updates = updates.filter(({ id }) => id >= offset);
    polling = response;
    answerPoll();
  };
  const server = createServer((request, response) => {
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    if (given !== token) return give(response, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
    void json(request).then((body) => answer(method, body as Record<string, unknown>, response));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const push = (update: Readonly<Record<string, unknown>>): Promise<void> => {
    const id = (nextId += 1);
    return new Promise((done) => {
      updates.push({ id, body: { update_id: id, ...update }, done });
      answerPoll();
    });
  };
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said,
    offsets,
    push,
    write: (text, { chat = 42, language = 'fr' } = {}) =>
      push({
        message: {
          message_id: nextId,
          date: 1_795_000_000,
          chat: { id: chat, type: chat > 0 ? 'private' : 'group' },
          from: { id: 9, is_bot: false, first_name: 'Odile', language_code: language },
          text,
        },
      }),
    fail: (method, ...more) => faults[method]?.push(...more),
    last: () => said.at(-1)?.text ?? '',
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function give(response: ServerResponse, status: number, body: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(typeof body === 'string' ? body : JSON.stringify(body));
}

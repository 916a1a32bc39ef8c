import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';

import { DeliveryError, type Message } from '../../alerts/channel.ts';
import type { OpenChannel } from '../../alerts/outbox.ts';
import type { Seal } from '../../alerts/seal.ts';
import { RateLimit } from '../../core/rate-limit.ts';
import type { Language } from '../../core/subscription.ts';
import type { Target } from '../../core/target.ts';
import type { Store } from '../../store/contract.ts';
import { choicesOf } from '../subscribe/choices.ts';
import { clientIn } from '../client.ts';
import type { Gate } from '../subscribe/gate.ts';
import { isOwnForm } from '../subscribe/origin.ts';
import { PAGE_WORDS } from '../subscribe/page-words.ts';
import { selectionOf, typedOf } from '../subscribe/request.ts';
import { MESSAGE_WORDS } from '../subscribe/summary.ts';

export interface PushParts {
  readonly store: Pick<Store, 'subscribe' | 'subscriptions' | 'unsubscribe'>;
  readonly targets: ReadonlyMap<string, Target>;
  /** Browsers are told by the one named `web-push`; without it these routes are not there. */
  readonly channels: ReadonlyMap<string, OpenChannel>;
  readonly seal: Seal;
  readonly page: string | null;
  readonly practice: boolean;
  readonly onFailure: (reason: string, error?: unknown) => void;
  readonly now?: () => number;
}

const CHANNEL = 'web-push';
const MOST_BODY_BYTES = 16_384;
const TOLD_WITHIN_MS = 20_000;
/** Each one looks through all subscriptions. */
const STOPS = { count: 60, withinMs: 3_600_000 };

const keyOf = z.object({ publicKey: z.string() });
const recipient = z.object({ endpoint: z.string() });

/**
 * Notifications in browsers: `/push/key`, `/push/subscribe`, `/push/unsubscribe`, and the two scripts. The browser asks its
 * owner; but anybody can post any address here. So the first notification is sent at once, and only what a push service
 * accepted is kept.
 */
export function pushRoutes(parts: PushParts, gate: Gate): Hono {
  const app = new Hono();
  const open = parts.channels.get(CHANNEL);
  if (open === undefined) return app;
  const { publicKey } = keyOf.parse(open.settings);
  const desk = new PushDesk(parts, open, gate);
  const limited = bodyLimit({
    maxSize: MOST_BODY_BYTES,
    onError: (context) => context.json({ error: 'tooLong' }, 413),
  });
  app.get('/push/key', (context) => context.json({ publicKey }, 200, { 'cache-control': 'no-cache' }));
  app.post('/push/subscribe', limited, (context) => desk.subscribe(context));
  app.post('/push/unsubscribe', limited, (context) => desk.unsubscribe(context));
  for (const name of ['push.js', 'push-worker.js']) {
    const script = readFileSync(join(import.meta.dirname, name), 'utf8');
    app.get(`/${name}`, (context) =>
      context.body(script, 200, { 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'no-cache' }),
    );
  }
  return app;
}

class PushDesk {
  readonly #parts: PushParts;
  readonly #open: OpenChannel;
  readonly #gate: Gate;
  readonly #stops = new RateLimit(STOPS);
  readonly #now: () => number;

  constructor(parts: PushParts, open: OpenChannel, gate: Gate) {
    this.#parts = parts;
    this.#open = open;
    this.#gate = gate;
    this.#now = parts.now ?? Date.now;
  }

  async subscribe(context: Context): Promise<Response> {
    const body = await this.#body(context);
    if (body === null) return context.json({ error: 'foreign' }, 403);
    const to = this.#open.channel.to.safeParse(body['subscription']);
    const found = selectionOf(typedOf(body), choicesOf(this.#parts.targets.values()));
    if (!to.success || 'mistakes' in found) {
      const mistakes = 'mistakes' in found ? [...found.mistakes.keys()] : [];
      return context.json({ error: 'mistakes', fields: to.success ? mistakes : ['subscription', ...mistakes] }, 422);
    }
    const waitMs = this.#gate.wait(context, this.#now());
    if (waitMs > 0) return tooMany(context, waitMs);
    if (!(await this.#greet(to.data, found.selection.language))) return context.json({ error: 'failed' }, 502);
    const { store, seal } = this.#parts;
    await store.subscribe({
      ...found.selection,
      channel: CHANNEL,
      sealedTo: seal.seal(to.data),
      toHash: this.#hash(recipient.parse(to.data).endpoint),
      source: 'self',
      state: 'active',
      createdAt: this.#now(),
    });
    return context.json({ ok: true }, 201);
  }

  /** Says nothing of whether there was one. */
  async unsubscribe(context: Context): Promise<Response> {
    const body = await this.#body(context);
    if (body === null) return context.json({ error: 'foreign' }, 403);
    const found = recipient.safeParse(body);
    if (!found.success) return context.json({ error: 'mistakes', fields: ['endpoint'] }, 422);
    const waitMs = this.#stops.take(clientIn(context), this.#now());
    if (waitMs > 0) return tooMany(context, waitMs);
    const hash = this.#hash(found.data.endpoint);
    const { store } = this.#parts;
    const row = (await store.subscriptions()).find(
      ({ source, channel, toHash }) => source === 'self' && channel === CHANNEL && toHash.equals(hash),
    );
    if (row !== undefined) await store.unsubscribe(row.id);
    return context.json({ ok: true });
  }

  /** JSON of our own page; null for everything else. Another site cannot send this type without being asked first (CORS). */
  async #body(context: Context): Promise<Record<string, unknown> | null> {
    const isJson = /^application\/json\b/i.test(context.req.header('content-type') ?? '');
    if (!isJson || !isOwnForm(context.req.raw.headers, this.#parts.page)) return null;
    const body: unknown = await context.req.json().catch(() => ({}));
    return z.looseObject({}).catch({}).parse(body);
  }

  async #greet(to: unknown, language: Language): Promise<boolean> {
    const { channel, settings } = this.#open;
    try {
      await channel.deliver(this.#greeting(language), to, settings, AbortSignal.timeout(TOLD_WITHIN_MS));
      return true;
    } catch (error) {
      this.#parts.onFailure(error instanceof DeliveryError ? error.message : 'the channel failed', error);
      return false;
    }
  }

  #greeting(language: Language): Message {
    const { push } = PAGE_WORDS[language].others;
    const lead = this.#parts.practice ? `${MESSAGE_WORDS[language].practice} ` : '';
    const subject = `${lead}Guetteur`;
    return { key: 'greeting', language, subject, text: push.on, short: push.on, notices: [], unsubscribe: null };
  }

  #hash(endpoint: string): Buffer {
    return this.#parts.seal.hash(['push', endpoint]);
  }
}

function tooMany(context: Context, waitMs: number): Response {
  return context.json({ error: 'tooMany' }, 429, { 'retry-after': String(Math.ceil(waitMs / 1_000)) });
}

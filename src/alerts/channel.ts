import type { z } from 'zod';

import type { Notice } from '../core/notice.ts';
import type { Language } from '../core/subscription.ts';

/** One message, in words, for one recipient. */
export interface Message {
  /** Idempotency key: the same at every attempt, so that a recipient can tell a repetition. */
  readonly key: string;
  readonly language: Language;
  /** One line without line breaks. */
  readonly subject: string;
  /** At most 300 characters unless it is a digest, and a foot after an empty line where its reader can stop it. */
  readonly text: string;
  /** At most 160 characters of the GSM 03.38 basic alphabet, or 70 UCS-2 characters where the language needs it. */
  readonly short: string;
  /** The facts behind the words. */
  readonly notices: readonly Notice[];
  /** One-click unsubscribe address; null where the operator, not the recipient, made the subscription. */
  readonly unsubscribe: string | null;
}

/**
 * A way to reach people: one file of `channels/`, named after it. `settings` is the operator's part (servers, tokens), `to`
 * the recipient's. `deliver` resolves when the service has accepted, and throws `DeliveryError` otherwise.
 */
export interface Channel<Settings = unknown, To = unknown> {
  readonly name: string;
  readonly settings: z.ZodType<Settings>;
  readonly to: z.ZodType<To>;
  /** Most messages a minute that the service accepts from one sender. */
  readonly perMinute: number;
  readonly deliver: (message: Message, to: To, settings: Settings, signal: AbortSignal) => Promise<void>;
}

/** Why a message was not accepted, and whether trying again can help. Its words hold no secret and no address. */
export class DeliveryError extends Error {
  readonly isFinal: boolean;
  /** What the service asked for, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: { isFinal: boolean; retryAfterMs?: number | null; cause?: unknown }) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'DeliveryError';
    this.isFinal = options.isFinal;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

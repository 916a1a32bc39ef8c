import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { z } from 'zod';

import { RateLimit } from '../core/rate-limit.ts';
import { LANGUAGES, type Language } from '../core/subscription.ts';
import { PROCEDURES, type Target } from '../core/target.ts';
import type { Store } from '../store/contract.ts';
import type { Seal } from './seal.ts';
import { BotError, botSettings, callBot, updatesOf, type BotSettings, type Update } from './telegram-bot/api.ts';
import { Commands, parseCommand } from './telegram-bot/commands.ts';
import { BOT_WORDS } from './telegram-bot/words.ts';

/**
 * The side of Telegram that listens: people write `/subscribe 93` to the bot and hear of slots from then on. One process at a time
 * may ask for updates; what it has worked through it says by the next `offset`.
 */
export interface TelegramBotParts {
  /** The operator's part of the channel `telegram`, as its schema gave it back. */
  readonly settings: unknown;
  readonly store: Pick<Store, 'subscribe' | 'subscriptions' | 'unsubscribe'>;
  readonly seal: Seal;
  readonly targets: ReadonlyMap<string, Target>;
  /** The number of the first update that was not worked through; 0 at first. Updates wait a day at Telegram. */
  readonly offset: { load(): number; save(offset: number): void };
  readonly practice: boolean;
  readonly log: Logger;
  readonly now?: () => number;
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** Telegram holds the question so long when there is nothing; it has to be longer than a line may be silent. */
const POLL_SECONDS = 50;
const POLL_WITHIN_MS = 70_000;
const ANSWER_WITHIN_MS = 15_000;
const UPDATES_AT_ONCE = 20;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;
const ANSWER_TRIES = 3;
const MOST_TRIES = 5;
const PER_CHAT = { count: 20, withinMs: 60_000 };
/** "Try again in a minute" is said once a minute: it must not be what fills the line. */
const WARNINGS = { count: 1, withinMs: 60_000 };
const REMEMBERED_LANGUAGES = 10_000;

const me = z.object({ username: z.string() });

export class TelegramBot {
  readonly #parts: TelegramBotParts;
  readonly #settings: BotSettings;
  readonly #commands: Commands;
  readonly #now: () => number;
  readonly #pause: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly #perChat = new RateLimit(PER_CHAT);
  readonly #warnings = new RateLimit(WARNINGS);
  /** Chosen by chats that have no subscription yet, which would keep it. */
  readonly #languages = new Map<number, Language>();
  #failed: { readonly id: number; readonly tries: number } | null = null;
  #name: string | null = null;

  constructor(parts: TelegramBotParts) {
    this.#parts = parts;
    this.#settings = botSettings.parse(parts.settings);
    this.#now = parts.now ?? Date.now;
    this.#pause = parts.pause ?? pauseFor;
    const targets = [...parts.targets.values()];
    this.#commands = new Commands({
      store: parts.store,
      seal: parts.seal,
      departments: [...new Set(targets.flatMap(({ department }) => department ?? []))].toSorted(),
      procedures: PROCEDURES.filter((one) => one !== 'service' && targets.some(({ procedure }) => procedure === one)),
      practice: parts.practice,
      now: this.#now,
    });
  }

  /** The bot's public name, without @; null until Telegram has said it. */
  get username(): string | null {
    return this.#name;
  }

  async #learnName(signal: AbortSignal): Promise<void> {
    const result = await callBot(this.#settings, { method: 'getMe', body: {}, withinMs: ANSWER_WITHIN_MS }, signal);
    this.#name = me.parse(result).username;
  }

  /** Listens until aborted. Never throws; ends early only when Telegram refuses the token. */
  async run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      try {
        await this.#round(signal);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        if (isTokenRefused(error)) {
          this.#parts.log.error('telegram: the token is refused; the bot does not listen');
          return;
        }
        await this.#pause(this.#waitMs(error, failures), signal);
      }
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { offset } = this.#parts;
    // In groups, commands name the bot they are for.
    if (this.#name === null) await this.#learnName(signal);
    const body = {
      offset: offset.load(),
      limit: UPDATES_AT_ONCE,
      timeout: POLL_SECONDS,
      allowed_updates: ['message'],
    };
    const result = await callBot(this.#settings, { method: 'getUpdates', body, withinMs: POLL_WITHIN_MS }, signal);
    for (const update of updatesOf(result)) {
      await this.#takeOrPass(update, signal);
      // Saved one by one: after a crash the last command is done once more, which changes nothing.
      offset.save(update.id + 1);
    }
  }

  /** What fails is asked for again, some times: one message that we cannot stand must not silence the bot for all others. */
  async #takeOrPass(update: Update, signal: AbortSignal): Promise<void> {
    try {
      await this.#take(update, signal);
    } catch (error) {
      const tries = this.#failed?.id === update.id ? this.#failed.tries + 1 : 1;
      this.#failed = { id: update.id, tries };
      if (tries < MOST_TRIES || signal.aborted) throw error;
      this.#parts.log.error(`telegram: a message is passed over: ${wordOf(error)}`);
      const { chatId, languageCode } = update.message ?? {};
      if (chatId !== undefined) await this.#say(chatId, BOT_WORDS[spoken(languageCode)].broken, signal);
    }
  }

  /** Throws when the store fails: the update is then asked for again. An answer that cannot be given is not waited for. */
  async #take({ message }: Update, signal: AbortSignal): Promise<void> {
    if (message === null) return;
    const { chatId, text, languageCode } = message;
    const isPrivate = chatId > 0;
    const parsed = parseCommand(text, this.#name);
    // In groups people talk to each other.
    if (parsed === null && !isPrivate) return;
    const language = await this.#languageOf(chatId, languageCode);
    if (this.#perChat.take(String(chatId), this.#now()) > 0) {
      if (this.#warnings.take(String(chatId), this.#now()) === 0) {
        await this.#say(chatId, BOT_WORDS[language].tooMany, signal);
      }
      return;
    }
    const { command, words } = parsed ?? { command: 'help', words: [] };
    if (command === 'language') this.#remember(chatId, words[0]);
    await this.#say(chatId, await this.#commands.answer({ chatId, command, words, language }), signal);
  }

  async #languageOf(chatId: number, code: string): Promise<Language> {
    const own = this.#languages.get(chatId) ?? (await this.#commands.languageOf(chatId));
    return own ?? spoken(code);
  }

  #remember(chatId: number, wanted = ''): void {
    const language = LANGUAGES.find((known) => known === wanted.toLowerCase());
    if (language === undefined) return;
    this.#languages.delete(chatId);
    this.#languages.set(chatId, language);
    const [oldest] = this.#languages.keys();
    if (this.#languages.size > REMEMBERED_LANGUAGES && oldest !== undefined) this.#languages.delete(oldest);
  }

  async #say(chatId: number, text: string, signal: AbortSignal): Promise<void> {
    const body = { chat_id: chatId, text: text.slice(0, 4_096), link_preview_options: { is_disabled: true } };
    for (let attempt = 1; attempt <= ANSWER_TRIES; attempt += 1) {
      try {
        await callBot(this.#settings, { method: 'sendMessage', body, withinMs: ANSWER_WITHIN_MS }, signal);
        return;
      } catch (error) {
        if (!(error instanceof BotError) || error.isFinal || attempt === ANSWER_TRIES || signal.aborted) {
          this.#parts.log.warn(`telegram: an answer was not taken: ${wordOf(error)}`);
          return;
        }
        await this.#pause(Math.min(error.retryAfterMs ?? FIRST_PAUSE_MS, LONGEST_PAUSE_MS), signal);
      }
    }
  }

  /** What Telegram asks for; of a conflict, a minute, since the other one may be a process that is about to end. */
  #waitMs(error: unknown, failures: number): number {
    const isConflict = error instanceof BotError && error.status === 409;
    const doubled = Math.min(FIRST_PAUSE_MS * 2 ** (failures - 1), LONGEST_PAUSE_MS);
    const asked = error instanceof BotError ? error.retryAfterMs : null;
    const waitMs = asked ?? (isConflict ? LONGEST_PAUSE_MS : doubled);
    const why = isConflict ? 'another program asks for the updates of this bot, or a webhook is set' : wordOf(error);
    this.#parts.log.warn({ retryInMs: waitMs }, `telegram: ${why}`);
    return waitMs;
  }
}

/** From a tag such as `ar-MA`. */
function spoken(code = ''): Language {
  return LANGUAGES.find((known) => code.toLowerCase().split('-')[0] === known) ?? 'fr';
}

/** https://core.telegram.org/bots/api#authorizing-your-bot: 401 for a token that was revoked, 404 for one that never was. */
function isTokenRefused(error: unknown): boolean {
  return error instanceof BotError && (error.status === 401 || error.status === 404);
}

function wordOf(error: unknown): string {
  return error instanceof BotError ? error.message : error instanceof Error ? error.name : 'failed';
}

async function pauseFor(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

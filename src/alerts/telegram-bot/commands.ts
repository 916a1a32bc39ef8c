import { DEPARTMENT_CODES, departmentName } from '../../core/department-names.ts';
import type { NoticeKind } from '../../core/notice.ts';
import { LANGUAGES, type Language } from '../../core/subscription.ts';
import { PROCEDURES } from '../../core/target.ts';
import type { Store, StoredSubscription } from '../../store/contract.ts';
import type { Seal } from '../seal.ts';
import { BOT_WORDS, MESSAGE_WORDS, type Procedure } from './words.ts';

/**
 * What a chat asks for, and the answer. Its subscriptions are one row a department, one for all departments, one for outages of
 * services: rows that do not overlap tell nothing twice.
 */
export interface CommandParts {
  readonly store: Pick<Store, 'subscribe' | 'subscriptions' | 'unsubscribe'>;
  readonly seal: Seal;
  /** What can be asked for: departments and procedures of the watched targets. */
  readonly departments: readonly string[];
  readonly procedures: readonly Procedure[];
  readonly practice: boolean;
  readonly now: () => number;
}

export interface Asked {
  readonly chatId: number;
  readonly command: string;
  readonly words: readonly string[];
  readonly language: Language;
}

const CHANNEL = 'telegram';
const ALL = 'all';
const SERVICES = 'services';
const KEYS = [ALL, SERVICES, ...DEPARTMENT_CODES];
const SLOTS: readonly NoticeKind[] = ['slots', 'better', 'gone'];
const OUTAGES: readonly NoticeKind[] = ['outage', 'recovered'];

/** `/subscribe@name 93 renewal` as its parts; null for what is no command, or one to another bot. */
export function parseCommand(
  text: string,
  botName: string | null,
): { readonly command: string; readonly words: readonly string[] } | null {
  const [first = '', ...words] = text
    .slice(0, 1_000)
    .trim()
    .split(/[\s,;]+/);
  const [, command, to] = /^\/(\w+)(?:@(\w+))?$/.exec(first) ?? [];
  if (command === undefined) return null;
  if (to !== undefined && botName !== null && to.toLowerCase() !== botName.toLowerCase()) return null;
  return { command: command.toLowerCase(), words: words.filter((word) => word !== '') };
}

export class Commands {
  readonly #parts: CommandParts;

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** The language of a chat that has subscriptions; null for others. */
  async languageOf(chatId: number): Promise<Language | null> {
    const [row] = (await this.#rows(chatId)).values();
    return row?.language ?? null;
  }

  async answer(asked: Asked): Promise<string> {
    const say = BOT_WORDS[asked.language];
    switch (asked.command) {
      case 'subscribe':
        return await this.#subscribe(asked);
      case 'list':
        return this.#list(await this.#rows(asked.chatId), asked.language);
      case 'stop':
        return await this.#stop(asked);
      case 'language':
        return await this.#language(asked);
      case 'start':
        return [...this.#lead(asked.language, say.start), '', ...say.help].join('\n');
      default:
        return say.help.join('\n');
    }
  }

  async #subscribe({ chatId, words, language }: Asked): Promise<string> {
    const wanted = this.#wantedOf(words);
    const say = BOT_WORDS[language];
    if (wanted.unknown.length > 0 || wanted.keys.length === 0) {
      const unknown = wanted.unknown.map((word) => word.slice(0, 40)).slice(0, 10);
      const head = unknown.length === 0 ? say.help : [say.unknown(unknown.join(', '))];
      return [...head, '', ...this.#choices(language)].join('\n');
    }
    const rows = await this.#rows(chatId);
    for (const key of this.#replaced(wanted.keys)) {
      const row = rows.get(key);
      if (row !== undefined) await this.#parts.store.unsubscribe(row.id);
    }
    for (const key of wanted.keys) {
      await this.#write(chatId, key, { procedures: wanted.procedures, language, earlier: rows.get(key) });
    }
    return this.#list(await this.#rows(chatId), language);
  }

  /** All departments take the place of single ones, and the other way round. */
  #replaced(keys: readonly string[]): readonly string[] {
    if (keys.includes(ALL)) return DEPARTMENT_CODES;
    return keys.some((key) => key !== SERVICES) ? [ALL] : [];
  }

  async #write(
    chatId: number,
    key: string,
    wish: {
      readonly procedures: readonly string[];
      readonly language: Language;
      readonly earlier: StoredSubscription | undefined;
    },
  ): Promise<void> {
    const { store, seal, now } = this.#parts;
    const isServices = key === SERVICES;
    await store.subscribe({
      channel: CHANNEL,
      sealedTo: seal.seal({ chatId }),
      toHash: this.#hash(chatId, key),
      kinds: isServices ? OUTAGES : SLOTS,
      departments: isServices || key === ALL ? [] : [key],
      procedures: isServices ? [] : wish.procedures,
      platforms: [],
      language: wish.language,
      timeZone: 'Europe/Paris',
      quiet: null,
      digestAt: null,
      source: 'self',
      state: 'active',
      createdAt: wish.earlier?.createdAt ?? now(),
    });
  }

  async #stop({ chatId, words, language }: Asked): Promise<string> {
    const say = BOT_WORDS[language];
    const wanted = this.#wantedOf(words, DEPARTMENT_CODES);
    if (wanted.unknown.length > 0 || wanted.procedures.length > 0) {
      return [
        say.unknown(
          words
            .map((word) => word.slice(0, 40))
            .slice(0, 10)
            .join(', '),
        ),
        '',
        ...say.help,
      ].join('\n');
    }
    const rows = await this.#rows(chatId);
    const isAll = wanted.keys.length === 0 || wanted.keys.includes(ALL);
    const ended = [...rows].filter(([key]) => isAll || wanted.keys.includes(key));
    for (const [, { id }] of ended) await this.#parts.store.unsubscribe(id);
    if (ended.length === 0) return say.nothingToStop;
    const left = await this.#rows(chatId);
    return left.size === 0 ? say.stopped : `${say.stopped}\n\n${this.#list(left, language)}`;
  }

  async #language({ chatId, words: [wanted = ''], language }: Asked): Promise<string> {
    const chosen = LANGUAGES.find((known) => known === wanted.toLowerCase());
    if (chosen === undefined) return BOT_WORDS[language].languages;
    for (const [key, row] of await this.#rows(chatId)) {
      await this.#write(chatId, key, { procedures: row.procedures, language: chosen, earlier: row });
    }
    return BOT_WORDS[chosen].language;
  }

  #wantedOf(words: readonly string[], departments = this.#parts.departments) {
    const keys = new Set<string>();
    const procedures = new Set<Procedure>();
    const unknown: string[] = [];
    for (const word of words) {
      const plain = plainOf(word);
      const code = /^\d$/.test(plain) ? `0${plain}` : plain.toUpperCase();
      const procedure = this.#parts.procedures.find((known) => namesOf(known).includes(plain));
      if (departments.includes(code)) keys.add(code);
      else if (isNamed(plain, 'services')) keys.add(SERVICES);
      else if (isNamed(plain, 'all')) keys.add(ALL);
      else if (procedure !== undefined) procedures.add(procedure);
      else unknown.push(word);
    }
    if (procedures.size > 0 && keys.size === 0 && unknown.length === 0) keys.add(ALL);
    // "All" has the single ones in it: rows that overlap would tell the same twice.
    if (keys.has(ALL)) for (const code of departments) keys.delete(code);
    return { keys: [...keys], procedures: [...procedures], unknown };
  }

  #choices(language: Language): readonly string[] {
    const { departments, procedures } = this.#parts;
    const say = BOT_WORDS[language];
    const { comma, isolate } = MESSAGE_WORDS[language];
    const places = departments.map((code) => isolate(`${code} ${departmentName(code) ?? ''}`.trim()));
    const named = procedures.map((one) => `${say.procedures[one]} (${MESSAGE_WORDS[language].procedures[one]})`);
    return [
      `${say.departments}${[...places, say.all].join(comma)}`,
      `${say.procedureList}${[...named, say.services].join(comma)}`,
    ];
  }

  #list(rows: ReadonlyMap<string, StoredSubscription>, language: Language): string {
    const say = BOT_WORDS[language];
    if (rows.size === 0) return say.none;
    const { comma, colon, isolate, procedures: names } = MESSAGE_WORDS[language];
    const lines = [...rows].map(([key, row]) => {
      if (key === SERVICES) return `- ${say.outages}`;
      const place = key === ALL ? say.allPlaces : isolate(`${key} ${departmentName(key) ?? ''}`.trim());
      const what = PROCEDURES.filter((one) => row.procedures.includes(one)).map((one) => names[one]);
      return `- ${place}${colon}${what.length === 0 ? say.allProcedures : what.join(comma)}`;
    });
    return [...this.#lead(language, [say.list]), ...lines].join('\n');
  }

  /** Nobody may take the alerts of a practice instance for real. */
  #lead(language: Language, [first = '', ...rest]: readonly string[]): readonly string[] {
    const { practice } = MESSAGE_WORDS[language];
    return [this.#parts.practice ? `${practice} ${first}` : first, ...rest];
  }

  /** The subscriptions of a chat by what they are for. The store cannot read recipients: they are found by their hashes. */
  async #rows(chatId: number): Promise<ReadonlyMap<string, StoredSubscription>> {
    const keys = new Map(KEYS.map((key) => [this.#hash(chatId, key).toString('base64'), key]));
    const rows = new Map<string, StoredSubscription>();
    for (const row of await this.#parts.store.subscriptions()) {
      if (row.source !== 'self' || row.channel !== CHANNEL) continue;
      const key = keys.get(row.toHash.toString('base64'));
      if (key !== undefined) rows.set(key, row);
    }
    return rows;
  }

  #hash(chatId: number, key: string): Buffer {
    return this.#parts.seal.hash([CHANNEL, chatId, key]);
  }
}

/** Lower case, without accents and Arabic vowel signs, as people type. */
function plainOf(word: string): string {
  return word.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

function namesOf(procedure: Procedure): readonly string[] {
  return [procedure, ...LANGUAGES.map((language) => plainOf(BOT_WORDS[language].procedures[procedure]))];
}

function isNamed(plain: string, what: 'all' | 'services'): boolean {
  return plain === what || LANGUAGES.some((language) => plainOf(BOT_WORDS[language][what]) === plain);
}

import type { Notice } from '../core/notice.ts';
import type { Language, Subscription } from '../core/subscription.ts';
import type { Message } from './channel.ts';
import { digestOf, isOneList, listOf } from './words/groups.ts';
import { singleOf } from './words/single.ts';
import { AR } from './words/ar.ts';
import { EN } from './words/en.ts';
import { FR } from './words/fr.ts';
import type { Words } from './words/words.ts';

const WORDS: Readonly<Record<Language, Words>> = { fr: FR, en: EN, ar: AR };

export interface MessageOptions {
  readonly key: string;
  readonly unsubscribe: string | null;
  /** How a person stops the messages: the address, or what they write to a bot; null where the operator made the subscription. */
  readonly stop?: string | null;
  /** Where all of it can be read; only messages of several notices name it. */
  readonly page: string | null;
  /**
   * When the message leaves: times of another day are then written with their date. Without it, the day of the last notice
   * needs none, which can be misread in a message that was held back over midnight.
   */
  readonly leavesAt?: number;
}

/**
 * Notices in the words of their recipient. One notice is one short message; a few of one department are listed, more are
 * counted. All facts come from the notices, and the same input gives the same text. Throws RangeError without any notice.
 */
export function messageFor(
  notices: readonly Notice[],
  subscription: Pick<Subscription, 'language' | 'timeZone'>,
  options: MessageOptions,
): Message {
  const { language, timeZone } = subscription;
  const told = inOrder(notices);
  const last = told.at(-1);
  if (last === undefined) throw new RangeError('a message needs a notice');
  const words = WORDS[language];
  const reading = { readAt: options.leavesAt ?? last.at, timeZone, isEnglish: language === 'en' };
  const request = { notices: told, words, reading, page: options.page };
  const wording =
    told.length === 1 ? singleOf(last, words, reading) : isOneList(told) ? listOf(request) : digestOf(request);
  const text = [wording.text, ...footOf(told, language, options)].join('\n');
  return { ...wording, text, key: options.key, language, notices: told, unsubscribe: options.unsubscribe };
}

/** After an empty line, by which whoever shortens a message knows it: our page of the department, and the way out. */
function footOf(notices: readonly Notice[], language: Language, { stop = null, page }: MessageOptions): string[] {
  if (stop === null) return [];
  const { own, stop: stopWith } = WORDS[language];
  return ['', ...(page === null ? [] : [own(ownPage(notices, language, page))]), stopWith(stop)];
}

/** Of the one department that is told of, else the first page in the reader's language. */
function ownPage(notices: readonly Notice[], language: Language, page: string): string {
  const departments = new Set(notices.map(({ place }) => place?.department ?? null));
  const [code = null] = departments;
  const path = departments.size === 1 && code !== null ? `${language}/department/${code}/` : `${language}/`;
  return new URL(path, page).href;
}

/** Two notices of one key are one notice. */
function inOrder(notices: readonly Notice[]): Notice[] {
  const seen = new Set<string>();
  const unique = notices.filter(({ key }) => !seen.has(key) && seen.add(key));
  return unique.toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
}

import type { Language } from '../core/subscription.ts';
import type { Message } from './channel.ts';
import { shortKey } from './key.ts';

/** A message as a mail: what stands in it, apart from how it is sent. */
export interface Mail {
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const DIRECTIONS: Readonly<Record<Language, 'ltr' | 'rtl'>> = { fr: 'ltr', en: 'ltr', ar: 'rtl' };

/** An address up to the punctuation of the sentence that it ends. */
const ADDRESS = /(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/;

/** `from` is the sender's address: its domain stands in the Message-ID. */
export function mailOf(message: Message, from: string): Mail {
  const { key, language, text, unsubscribe } = message;
  const domain = from.slice(from.lastIndexOf('@') + 1);
  const subject = oneLine(message.subject);
  return {
    // Programs that receive mail drop, and people recognise, a second mail of one id.
    messageId: `<${shortKey(key)}@${domain}>`,
    subject,
    text,
    html: htmlOf(subject, text, language),
    headers: {
      // RFC 3834: no answer of a machine to it, such as that somebody is away.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': language,
      ...(unsubscribe === null ? {} : unsubscribing(unsubscribe)),
    },
  };
}

/** RFC 8058: mail programs show a button that posts to the address. */
function unsubscribing(address: string): Record<string, string> {
  return {
    'List-Unsubscribe': `<${new URL(address).href}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** A line break in a subject would begin another header. */
function oneLine(words: string): string {
  return words.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

/**
 * The same words, and nothing that is loaded from anywhere: plain text cannot say in which direction it is read. Direction and
 * language stand in the body too, because many programs keep nothing else of a page.
 */
function htmlOf(subject: string, text: string, language: Language): string {
  const about = `lang="${language}" dir="${DIRECTIONS[language]}"`;
  const lines = text.split('\n').map(lineOf).join('<br>\n');
  return `<!doctype html>
<html ${about}><head><meta charset="utf-8"><title>${escaped(subject)}</title></head>
<body><div ${about}>
${lines}
</div></body></html>
`;
}

/** Split by a pattern in brackets, every second part is an address; it keeps its own direction within Arabic. */
function lineOf(line: string): string {
  const parts = line.split(ADDRESS).map(escaped);
  return parts.map((part, at) => (at % 2 === 0 ? part : `<a dir="ltr" href="${part}">${part}</a>`)).join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

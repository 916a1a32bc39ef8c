import type { Message } from './channel.ts';

/** Takes no room and is no letter, so that no service reads on over it. */
const BREAK = '\u200b';

/**
 * The text of a message in which a chat service finds no mention, link or code of its own making: names of places, labels and
 * words of events come from outside pages. Only the addresses of its own places, and the one that ends the subscription, stay
 * links. Backslashes would do for Discord and Mattermost, but Slack shows them.
 */
export function harmlessText({ text, notices, unsubscribe }: Message): string {
  const addresses = [unsubscribe, ...notices.map(({ place }) => place?.address)].filter(isPlain);
  if (addresses.length === 0) return broken(text);
  const known = addresses.map(escaped).join('|');
  // Only a whole word is the address: `https://site.example` must not lend its look to `https://site.example.evil.example`.
  const whole = new RegExp(`((?<=^|[\\s(])(?:${known})(?=[.,;:!?)]*(?:\\s|$)))`);
  return text
    .split(whole)
    .map((part, at) => (at % 2 === 1 ? part : broken(part)))
    .join('');
}

function isPlain(address: string | null | undefined): address is string {
  return typeof address === 'string' && /^https?:\/\/[^\s<>`[\]]+$/.test(address);
}

function escaped(words: string): string {
  return words.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function broken(words: string): string {
  return (
    words
      .replaceAll('`', "'")
      // @channel, ~channel of Mattermost, hash tags, <#id>, [label](address), [label]: address
      .replace(/[@~#\]]/g, `$&${BREAK}`)
      // https://, mailto:name, :emoji:
      .replace(/(?<=\p{L}):(?=\S)|:(?=\/\/)/gu, `${BREAK}:`)
      // www.site, site.example
      .replace(/(?<=[\p{L}\p{N}])\.(?=\p{L})|(?<=www\d{0,3})\./giu, `${BREAK}.`)
  );
}

import type { Language } from '../../core/subscription.ts';
import type { Entry } from './openings.ts';

/** One list of openings, ready to be written down. Instants are epoch milliseconds. */
export interface Feed {
  readonly id: string;
  readonly title: string;
  readonly language: Language;
  /** Where the feed itself and the page for people are found. */
  readonly address: string;
  readonly home: string;
  readonly updatedAt: number;
  readonly entries: readonly Entry[];
}

export interface Format {
  readonly contentType: string;
  readonly write: (feed: Feed) => string;
}

/** Atom (RFC 4287) and JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), by the end of their address. */
export const FORMATS: Readonly<Record<'atom' | 'json', Format>> = {
  atom: { contentType: 'application/atom+xml; charset=utf-8', write: atomOf },
  json: { contentType: 'application/feed+json; charset=utf-8', write: jsonOf },
};

function atomOf({ id, title, language, address, home, updatedAt, entries }: Feed): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="${language}">
<id>${xml(id)}</id>
<title>${xml(title)}</title>
<updated>${time(updatedAt)}</updated>
<author><name>Guetteur</name></author>
<link rel="self" type="application/atom+xml" href="${xml(address)}"/>
<link rel="alternate" type="text/html" href="${xml(home)}"/>
${entries.map(atomEntry).join('')}</feed>
`;
}

function atomEntry({ id, message, place, publishedAt, updatedAt }: Entry): string {
  const category = place.department === null ? '' : `<category term="${xml(place.department)}"/>\n`;
  return `<entry>
<id>${xml(id)}</id>
<title>${xml(message.subject)}</title>
<published>${time(publishedAt)}</published>
<updated>${time(updatedAt)}</updated>
<link rel="alternate" href="${xml(place.address)}"/>
${category}<content type="text">${xml(message.text)}</content>
</entry>
`;
}

function jsonOf({ title, language, address, home, entries }: Feed): string {
  const items = entries.map(({ id, message, place, publishedAt, updatedAt }) => ({
    id,
    url: place.address,
    title: message.subject,
    content_text: message.text,
    date_published: time(publishedAt),
    date_modified: time(updatedAt),
    language,
    tags: [place.department, place.procedure, ...(place.practice ? ['practice'] : [])].filter((tag) => tag !== null),
  }));
  const head = { version: 'https://jsonfeed.org/version/1.1', title, home_page_url: home, feed_url: address, language };
  return `${JSON.stringify({ ...head, authors: [{ name: 'Guetteur' }], items })}\n`;
}

function time(at: number): string {
  return new Date(at).toISOString();
}

/** Characters that XML 1.0 (2.2) knows, escaped. */
function xml(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

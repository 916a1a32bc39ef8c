import type { Notice } from '../../core/notice.ts';
import { factsOf, tell, type Reading } from './facts.ts';
import { caveats, hasOfficialPage, isAboutSlots, shortOf, subjectOf, type Wording } from './wording.ts';
import { officialAddress, shorterAddresses } from './addresses.ts';
import { cut, firstFitting, type Variant } from './fitting.ts';
import { nameWithin, namingOf, smsNaming, wholeName } from './names.ts';
import type { Telling, Words } from './words.ts';

/** Longer messages are not read to their end on a telephone. */
const TEXT_UNITS = 300;

/** One notice: where and what, the official page, what must be said beside it; a line each. */
export function singleOf(notice: Notice, words: Words, reading: Reading): Wording {
  const { kind, place } = notice;
  const telling = tell(words, factsOf(notice, reading));
  const lead = place?.practice === true ? `${words.practice} ` : '';
  const address = place !== null && hasOfficialPage(kind) ? officialAddress(place.address) : null;
  const links = shorterAddresses(address);
  return {
    subject: subjectOf(
      lead,
      namingOf(place, words),
      [telling.line, ...telling.sms].map((form) => `${words.colon}${form}`),
    ),
    text: textOf({ notice, words, telling, lead, links }),
    short: shortOf({
      words,
      lead,
      naming: smsNaming(place, words),
      forms: telling.sms,
      isAboutSlots: isAboutSlots([kind]),
      links: links.filter((link) => link !== null),
    }),
  };
}

interface TextRequest {
  readonly notice: Notice;
  readonly words: Words;
  readonly telling: Telling;
  readonly lead: string;
  readonly links: readonly (string | null)[];
}

/** The story is told shorter first, then names give way, what is said beside the facts, and all of the address but its origin. */
function textOf({ notice, words, telling, lead, links }: TextRequest): string {
  const { place } = notice;
  const { full, brief } = caveats([notice], words);
  const naming = namingOf(place, words);
  const variant = (story: string, link: string | null, caveat: string): Variant => {
    const lines = [`${words.colon}${story}`, link === null ? '' : words.site(link), caveat];
    return { before: lead, after: lines.filter((line) => line !== '').join('\n') };
  };
  const [address = null] = links;
  const told = telling.text.map((text) => variant(text, address, full));
  const least = telling.text.at(-1) ?? '';
  const tight = links.flatMap((link) => [variant(least, link, full), variant(least, link, brief)]);
  const fitting =
    firstFitting(TEXT_UNITS, told, (room) => wholeName(room, naming)) ??
    firstFitting(TEXT_UNITS, tight, (room) => nameWithin(room, naming));
  if (fitting !== null) return fitting;
  const end = brief === '' ? '' : `\n${brief}`;
  return `${cut(`${lead}${naming.least}${words.colon}${telling.line}.`, TEXT_UNITS - end.length)}${end}`;
}

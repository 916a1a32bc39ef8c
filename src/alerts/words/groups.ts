import { NOTICE_KINDS, type Notice, type NoticeKind, type Place } from '../../core/notice.ts';
import { factsOf, tell, type Reading } from './facts.ts';
import { datedMoment, offeredDay } from './moments.ts';
import { caveats, hasOfficialPage, isAboutSlots, shortOf, subjectOf, type Wording } from './wording.ts';
import { officialAddress, shorterAddresses } from './addresses.ts';
import { cut, firstFitting } from './fitting.ts';
import { departmentName, fixedNaming, listNaming, nameWithin, sharesPrefecture, smsDepartment } from './names.ts';
import type { Words } from './words.ts';

/** So many notices of one department are listed; more, or of several departments, are counted. */
const LISTED = 5;
const LIST_UNITS = 900;
const DIGEST_UNITS = 1_500;
/** A longer address of our own page would leave no room for the digest. */
const PAGE_UNITS = 500;

export interface GroupRequest {
  readonly notices: readonly Notice[];
  readonly words: Words;
  readonly reading: Reading;
  readonly page: string | null;
}

function placesOf(notices: readonly Notice[]): Place[] {
  return notices.flatMap(({ place }) => place ?? []);
}

/** Whether a few notices are all of one department, or of the monitor itself; and all real or all practice. */
export function isOneList(notices: readonly Notice[]): boolean {
  return notices.length <= LISTED && groupsOf(notices).length === 1;
}

/** Several places of one department, a line each and under it its official page. */
export function listOf(request: GroupRequest): Wording {
  const { notices, words, page } = request;
  const places = placesOf(notices);
  const lead = leadOf(notices, words);
  const name = `[${departmentName(places, words)}]`;
  const addresses = new Set(
    notices.map(({ place, kind }) => (place !== null && hasOfficialPage(kind) ? officialAddress(place.address) : null)),
  );
  const [address = null] = addresses;
  const links = addresses.size === 1 ? shorterAddresses(address) : [page];
  return {
    ...headings(request, {
      name,
      smsName: smsDepartment(places, words),
      summary: words.summary(notices.length, 0),
      links,
    }),
    text: listText(request, `${lead}${name} ${words.alerts(notices.length)} ${words.inParis}${words.colon.trimEnd()}`),
  };
}

function listText({ notices, words, reading }: GroupRequest, head: string): string {
  const kinds = kindsOf(notices);
  const isPrefectureSaid = sharesPrefecture(placesOf(notices));
  const links = kinds.some(hasOfficialPage) ? words.links : '';
  const foot = [links, caveats(notices, words).full].filter((part) => part !== '').join('\n');
  const room = LIST_UNITS - head.length - foot.length - 1;
  const entry = (notice: Notice, limit: number): string => entryOf(notice, { words, reading, limit, isPrefectureSaid });
  const whole = notices.map((notice) => entry(notice, room));
  const isShort = whole.join('\n').length < room;
  const entries = isShort ? whole : notices.map((notice) => entry(notice, Math.floor(room / notices.length) - 1));
  return [head, ...entries, foot].filter((part) => part !== '').join('\n');
}

interface EntryRequest {
  readonly words: Words;
  readonly reading: Reading;
  readonly limit: number;
  readonly isPrefectureSaid: boolean;
}

function entryOf(notice: Notice, { words, reading, limit, isPrefectureSaid }: EntryRequest): string {
  const { line } = tell(words, factsOf(notice, reading));
  const { place, kind } = notice;
  if (place === null) return cut(`- ${line}`, limit);
  const naming = listNaming(place, words, isPrefectureSaid);
  const links = hasOfficialPage(kind) ? shorterAddresses(officialAddress(place.address)) : [null];
  const variants = links.map((link) => ({
    before: '- ',
    after: `${words.colon}${line}${link === null ? '' : `\n${words.link(link)}`}`,
  }));
  const fitting = firstFitting(limit, variants, (room) => nameWithin(room, naming));
  return fitting ?? cut(`- ${naming.least}${words.colon}${line}`, limit);
}

/** Many notices, counted by department. Says how many it leaves out. */
export function digestOf(request: GroupRequest): Wording {
  const { notices, words, reading } = request;
  const page = request.page !== null && request.page.length <= PAGE_UNITS ? request.page : null;
  const groups = groupsOf(notices);
  const departments = new Set(notices.map(({ place }) => place?.department ?? null).filter((code) => code !== null));
  const from = datedMoment(notices[0]?.at ?? reading.readAt, reading.readAt);
  const to = datedMoment(notices.at(-1)?.at ?? reading.readAt, reading.readAt);
  const isInstant = from.day === to.day && from.clock === to.clock;
  const { name, span } = words.digest;
  const summary = words.summary(notices.length, departments.size);
  const head = `${leadOf(notices, words)}${name}${words.colon}${summary}${words.comma}${span(from, isInstant ? null : to)}`;
  const caveat = caveats(notices, words).full;
  const foot = [page === null ? '' : words.page(page), caveat].filter((part) => part !== '');
  const lines = groups.map((group) => ({ count: group.length, line: countLine(group, request) }));
  return {
    ...headings(request, { name, smsName: name, summary, links: [page] }),
    text: digestText(words, { head, foot, lines }),
  };
}

interface DigestParts {
  readonly head: string;
  readonly foot: readonly string[];
  readonly lines: readonly { readonly count: number; readonly line: string }[];
}

/** As many lines as fit with the sentence that counts the rest: that sentence is not of one length. */
function digestText(words: Words, { head, foot, lines }: DigestParts): string {
  const textOf = (shown: number): string => {
    const left = lines.slice(shown).reduce((sum, { count }) => sum + count, 0);
    const told = lines.slice(0, shown).map(({ line }) => line);
    return [head, ...told, ...(left === 0 ? [] : [words.leftOut(left)]), ...foot].join('\n');
  };
  let shown = lines.length;
  while (shown > 0 && textOf(shown).length > DIGEST_UNITS) shown -= 1;
  return textOf(shown);
}

/** `93 Seine-Saint-Denis : 3 openings of slots (first date 12/01), 1 outage`. */
function countLine(group: readonly Notice[], { words, reading, notices }: GroupRequest): string {
  const places = placesOf(group);
  const date = offeredDay(firstDateOf(group), reading.readAt);
  const lead = leadOf(notices, words) === '' ? leadOf(group, words) : '';
  const counts = countsOf(group, words, date === null ? '' : ` (${words.firstDate(date)})`);
  return `${lead}${departmentName(places, words)}${words.colon}${counts}`;
}

function countsOf(notices: readonly Notice[], words: Words, dated: string): string {
  const counted = kindsOf(notices).map((kind) => ({
    kind,
    said: words.counts[kind](notices.filter((notice) => notice.kind === kind).length),
  }));
  const datedKind = counted.find(({ kind }) => kind === 'slots' || kind === 'better')?.kind;
  return counted.map(({ kind, said }) => (kind === datedKind ? `${said}${dated}` : said)).join(words.comma);
}

/** The earliest date offered, without openings that these notices themselves say are over. */
function firstDateOf(notices: readonly Notice[]): string | null {
  const openingOf = ({ place, episode }: Notice): string => `${place?.id} ${episode?.startedAt}`;
  const over = new Set(notices.filter(({ kind }) => kind === 'gone').map(openingOf));
  const dates = notices
    .filter((notice) => (notice.kind === 'slots' || notice.kind === 'better') && !over.has(openingOf(notice)))
    .flatMap(({ episode }) => episode?.firstDate ?? []);
  return dates.toSorted()[0] ?? null;
}

interface Headings {
  readonly name: string;
  readonly smsName: string;
  readonly summary: string;
  readonly links: readonly (string | null)[];
}

function headings(
  { notices, words }: GroupRequest,
  { name, smsName, summary, links }: Headings,
): Omit<Wording, 'text'> {
  const lead = leadOf(notices, words);
  const counts = countsOf(notices, words, '');
  const forms = [`${summary} (${counts})`, summary];
  return {
    subject: subjectOf(
      lead,
      fixedNaming(name),
      forms.map((form) => `${words.colon}${form}`),
    ),
    short: shortOf({
      words,
      lead,
      naming: fixedNaming(smsName),
      forms,
      isAboutSlots: isAboutSlots(kindsOf(notices)),
      links: links.filter((link) => link !== null),
    }),
  };
}

/** Nobody may take a message for real that holds nothing but practice. */
function leadOf(notices: readonly Notice[], words: Words): string {
  return notices.every(({ place }) => place?.practice === true) ? `${words.practice} ` : '';
}

/** In the order of the list of kinds. */
function kindsOf(notices: readonly Notice[]): NoticeKind[] {
  const order = Object.keys(NOTICE_KINDS);
  return [...new Set(notices.map(({ kind }) => kind))].toSorted((a, b) => order.indexOf(a) - order.indexOf(b));
}

/** By department, practice apart from what is real; those with slots first, then by code. */
function groupsOf(notices: readonly Notice[]): readonly (readonly Notice[])[] {
  const keyOf = ({ place }: Notice): string =>
    place === null ? '~' : `${place.department ?? '~'} ${place.practice ? 'practice' : ''}`;
  const groups = Map.groupBy(notices, keyOf);
  const slotsOf = (group: readonly Notice[]): number =>
    Number(group.some(({ kind }) => kind === 'slots' || kind === 'better'));
  return [...groups]
    .toSorted(([a, first], [b, second]) => slotsOf(second) - slotsOf(first) || (a < b ? -1 : 1))
    .map(([, group]) => group);
}

import type { Notice, NoticeKind } from '../../core/notice.ts';
import { cut, firstFitting, isPlain, plain } from './fitting.ts';
import { nameWithin, wholeName, type Naming } from './names.ts';
import type { Words } from './words.ts';

/** What single messages, lists and digests share. */

export interface Wording {
  readonly subject: string;
  readonly text: string;
  readonly short: string;
}

const SUBJECT_UNITS = 78;
const SMS_UNITS = { gsm: 160, ucs2: 70 } as const;

const ABOUT_SLOTS: ReadonlySet<NoticeKind> = new Set(['slots', 'better', 'gone']);
const ABOUT_SERVICES: ReadonlySet<NoticeKind> = new Set(['outage', 'recovered']);

export function isAboutSlots(kinds: readonly NoticeKind[]): boolean {
  return kinds.some((kind) => ABOUT_SLOTS.has(kind));
}

export function hasOfficialPage(kind: NoticeKind): boolean {
  return ABOUT_SLOTS.has(kind) || ABOUT_SERVICES.has(kind);
}

/** What must be said beside the facts: that booking is free and personal (C12), what a robot saw, what "up" means. */
export function caveats(
  notices: readonly Pick<Notice, 'kind' | 'seenBy'>[],
  words: Words,
): { readonly full: string; readonly brief: string } {
  const kinds = notices.map(({ kind }) => kind);
  const isService = kinds.some((kind) => ABOUT_SERVICES.has(kind));
  if (!isAboutSlots(kinds)) return isService ? words.door : { full: '', brief: '' };
  const about = notices.filter(({ kind }) => ABOUT_SLOTS.has(kind));
  const by = about.every(({ seenBy }) => seenBy === 'person') ? words.person : words.robot;
  const robot = kinds.some((kind) => kind === 'slots' || kind === 'better') ? by.mayBeTaken : by.only;
  const door = isService ? `${words.door.brief} ` : '';
  return { full: `${door}${words.free.full} ${robot}`, brief: words.free.brief };
}

/** One line of at most 78 characters around a name that gives way. */
export function subjectOf(lead: string, naming: Naming, forms: readonly string[]): string {
  const variants = forms.map((form) => ({ before: lead, after: form }));
  return (
    firstFitting(SUBJECT_UNITS, variants.slice(0, -1), (room) => wholeName(room, naming)) ??
    firstFitting(SUBJECT_UNITS, variants, (room) => nameWithin(room, naming)) ??
    cut(`${lead}${naming.least}${forms.at(-1) ?? ''}`, SUBJECT_UNITS)
  );
}

export interface ShortRequest {
  readonly words: Words;
  readonly lead: string;
  readonly naming: Naming;
  /** What to say, the longest first. */
  readonly forms: readonly string[];
  readonly isAboutSlots: boolean;
  /** What may stand at the end, the best first. */
  readonly links: readonly string[];
}

/**
 * One SMS. That booking is free is never left out. A link stands only if the alphabet has it as it is; where an SMS has room
 * for 160 characters it comes before a long name, where it has 70 only what room is left is its.
 */
export function shortOf(request: ShortRequest): string {
  const { words, naming, forms, links } = request;
  const isGsm = words.sms === 'gsm';
  const spelled = (text: string): string => (isGsm ? plain(text) : text);
  const lead = spelled(request.lead);
  const limit = SMS_UNITS[words.sms];
  const free = request.isAboutSlots ? ` ${words.free.sms}` : '';
  const ends = isGsm ? [...links.filter(isPlain).map((link) => ` ${link}`), ''] : [''];
  const variants = ends.flatMap((end) =>
    forms.map((form) => ({ before: lead, after: `: ${spelled(form)}.${free}${end}` })),
  );
  const named = (room: number): string | null =>
    nameWithin(room, naming) ?? (naming.least.length <= room ? naming.least : null);
  const fitting = firstFitting(limit, variants, named);
  if (fitting === null) {
    const start = `${lead}${naming.least}: ${spelled(forms.at(-1) ?? '')}`;
    return `${cut(start, limit - free.length, isGsm ? '..' : '…')}${free}`;
  }
  const link = isGsm ? undefined : links.find((one) => fitting.length + 1 + one.length <= limit);
  return link === undefined ? fitting : `${fitting} ${link}`;
}

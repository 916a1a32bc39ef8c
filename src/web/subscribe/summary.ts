import { AR } from '../../alerts/words/ar.ts';
import { EN } from '../../alerts/words/en.ts';
import { FR } from '../../alerts/words/fr.ts';
import type { Words } from '../../alerts/words/words.ts';
import { departmentName } from '../../core/department-names.ts';
import { type Language } from '../../core/subscription.ts';
import { KIND_NAMES, KINDS, PARIS, TIME_ZONES, type Procedure } from './choices.ts';
import { PAGE_WORDS } from './page-words.ts';
import type { Selection } from './request.ts';

/** The words of the messages themselves: procedures, cities and the lead of practice are named alike everywhere. */
export const MESSAGE_WORDS: Readonly<Record<Language, Words>> = { fr: FR, en: EN, ar: AR };

export function procedureName(procedure: Procedure, language: Language): string {
  return MESSAGE_WORDS[language].procedures[procedure];
}

/** `93 Seine-Saint-Denis`, as the French write it, held together within Arabic. */
export function departmentLine(code: string, language: Language): string {
  const name = departmentName(code);
  return MESSAGE_WORDS[language].isolate(name === null ? code : `${code} ${name}`);
}

const PARIS_NAMES: Readonly<Record<Language, string>> = { fr: 'Paris', en: 'Paris', ar: 'باريس' };

export function clockName(zone: string, language: Language): string {
  const city = TIME_ZONES.find((known) => known.zone === zone)?.city ?? null;
  if (city !== null) return MESSAGE_WORDS[language].cities[city];
  return zone === PARIS ? PARIS_NAMES[language] : MESSAGE_WORDS[language].isolate(zone);
}

/** What was asked for, a line each: for the mail and the page that ask for a confirmation. */
export function summaryOf(selection: Selection, language: Language): readonly string[] {
  const { summary } = PAGE_WORDS[language];
  const { comma, procedures: names } = MESSAGE_WORDS[language];
  const listed = (words: readonly string[]): string => (words.length === 0 ? summary.all : words.join(comma));
  const procedures = Object.entries(names).filter(
    ([procedure]) => procedure !== 'service' && selection.procedures.includes(procedure),
  );
  const kinds = KIND_NAMES.filter((kind) => KINDS[kind].some((told) => selection.kinds.includes(told)));
  return [
    `${summary.departments}${listed(selection.departments.map((code) => departmentLine(code, language)))}`,
    `${summary.procedures}${listed(procedures.map(([, name]) => name))}`,
    `${summary.kinds}${listed(kinds.map((kind) => summary.kindNames[kind]))}`,
    `${summary.delivery}${deliveryOf(selection, language)}`,
  ];
}

function deliveryOf({ digestAt, quiet, timeZone }: Selection, language: Language): string {
  const { summary } = PAGE_WORDS[language];
  const place = clockName(timeZone, language);
  if (digestAt !== null) return summary.daily(digestAt, place);
  return `${summary.atOnce}${quiet === null ? '' : summary.quiet(quiet.from, quiet.to, place)}`;
}

import { DEPARTMENT_CODES } from '../../core/department-names.ts';
import { daysIn, type LocalDay } from '../../core/local-time.ts';
import { LANGUAGES, type Language } from '../../core/subscription.ts';
import { targetId } from '../../core/target.ts';
import type { Period } from '../../stats/figures.ts';
import type { CsvOptions } from './formats.ts';
import { badRequest, notFound } from './problem.ts';

/** What a request asks for, checked: anything else ends in a problem that says what is expected. */

export const DEFAULT_DAYS = 90;
const MOST_DAYS = 400;
const FIRST_DAY = '2020-01-01';

export type Parameters = Readonly<Record<string, string | undefined>>;

/** Parameters that nobody knows are refused: a misspelt one would silently answer another question. */
export function onlyKnown(given: Parameters, known: readonly string[]): void {
  const strange = Object.keys(given).filter((name) => !known.includes(name));
  if (strange.length > 0) {
    throw badRequest(`unknown parameter ${strange.map(shown).join(', ')}; known are ${known.join(', ') || 'none'}`);
  }
}

/** `from` and `to` are local days, both included; without them the last 90 days. */
export function periodOf(given: Parameters, usual: Period, names = { from: 'from', to: 'to' }): Period {
  const [from, to] = [given[names.from], given[names.to]];
  const period = {
    from: from === undefined ? usual.from : dayOf(names.from, from),
    to: to === undefined ? usual.to : dayOf(names.to, to),
  };
  if (period.from > period.to) throw badRequest(`${names.from} (${period.from}) lies after ${names.to} (${period.to})`);
  if (daysIn(period) > MOST_DAYS) {
    throw badRequest(`${daysIn(period)} days are asked for; ${MOST_DAYS} at most, the whole is in /api/v1/dumps/`);
  }
  return period;
}

function dayOf(name: string, words: string): LocalDay {
  const at = /^\d{4}-\d{2}-\d{2}$/.test(words) ? Date.parse(`${words}T00:00:00Z`) : Number.NaN;
  const isDay = !Number.isNaN(at) && new Date(at).toISOString().startsWith(words);
  if (!isDay || words < FIRST_DAY || words > '2100-01-01')
    throw badRequest(`${name}: ${shown(words)} is no day of this century as in 2026-11-01`);
  return words;
}

export function departmentOf(code: string): string {
  if (!DEPARTMENT_CODES.includes(code))
    throw notFound(`${shown(code)} is no department: codes are 01 to 95, 2A, 2B, 971 to 989`);
  return code;
}

export function targetIdOf(id: string): string {
  if (!targetId.safeParse(id).success || id.length > 120)
    throw notFound(`${shown(id)} is no id of a target; they are in /api/v1/targets`);
  return id;
}

export function languageOf(words: string | undefined): Language {
  const found = LANGUAGES.find((language) => language === (words ?? 'fr'));
  if (found === undefined) throw badRequest(`lang: ${shown(words ?? '')} is none of ${LANGUAGES.join(', ')}`);
  return found;
}

export function csvOptionsOf({ separator = ',', bom = '0' }: Parameters): CsvOptions {
  if (separator !== ',' && separator !== ';') throw badRequest('separator: write , or ; (as %3B)');
  if (bom !== '0' && bom !== '1') throw badRequest('bom: write 0 or 1');
  return { separator, hasBom: bom === '1' };
}

/** What strangers write is shown back short and plain. */
function shown(words: string): string {
  return JSON.stringify(words.slice(0, 40));
}

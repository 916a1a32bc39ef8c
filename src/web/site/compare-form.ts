import { daysIn, plusDays, type LocalDay } from '../../core/local-time.ts';
import type { CompareQuestion } from '../../stats/figures.ts';
import type { CompareWords } from './words/words.ts';

/** What somebody typed into the form of the comparison, and the first mistake in it. */
export interface CompareForm {
  /** `france`, `department:93`, `target:<id>`. */
  readonly subject: string;
  /** Before from, before to, after from, after to. */
  readonly bf: string;
  readonly bt: string;
  readonly af: string;
  readonly at: string;
  readonly mistake: keyof CompareWords['wrong'] | null;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
/** Longer ones cost too much for a passer-by. */
const MOST_DAYS = 400;
const WEEKS_SHOWN = 4;

/** The last eight weeks, halved. */
export function firstForm(today: LocalDay): CompareForm {
  const at = plusDays(today, -1);
  const af = plusDays(at, 1 - WEEKS_SHOWN * 7);
  const bt = plusDays(af, -1);
  return { subject: 'france', bf: plusDays(bt, 1 - WEEKS_SHOWN * 7), bt, af, at, mistake: null };
}

/** Reads the query of the form; what is not given stands as in `firstForm`. Only words of ours are kept of a hostile one. */
export function readForm(
  query: (name: string) => string | undefined,
  today: LocalDay,
  subjects: ReadonlySet<string>,
): CompareForm {
  const first = firstForm(today);
  const day = (name: 'bf' | 'bt' | 'af' | 'at'): string => (query(name) ?? first[name]).slice(0, 10);
  const form = {
    subject: query('of') ?? first.subject,
    bf: day('bf'),
    bt: day('bt'),
    af: day('af'),
    at: day('at'),
  };
  const known = subjects.has(form.subject) ? form : { ...form, subject: first.subject };
  return { ...known, mistake: known === form ? mistakeIn(form, today) : 'subject' };
}

function mistakeIn({ bf, bt, af, at }: Omit<CompareForm, 'mistake'>, today: LocalDay): CompareForm['mistake'] {
  if (![bf, bt, af, at].every(isDay)) return 'day';
  if (bf > bt || af > at) return 'order';
  if (bt >= af) return 'overlap';
  if (daysIn({ from: bf, to: bt }) > MOST_DAYS || daysIn({ from: af, to: at }) > MOST_DAYS) return 'long';
  return at > today ? 'future' : null;
}

/** 31 February is none, though `Date` would make it one of March. */
function isDay(words: string): boolean {
  const at = Date.parse(`${words}T00:00:00Z`);
  return DAY.test(words) && !Number.isNaN(at) && new Date(at).toISOString().startsWith(words);
}

export function questionOf({ subject, bf, bt, af, at }: CompareForm): CompareQuestion {
  const [kind, name = ''] = subject.split(':');
  const before = { from: bf, to: bt };
  const after = { from: af, to: at };
  if (kind === 'department') return { subject: { department: name }, before, after };
  if (kind === 'target') return { subject: { target: name }, before, after };
  return { subject: { national: true }, before, after };
}

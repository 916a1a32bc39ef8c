import { plusDays } from '../../core/local-time.ts';
import type { DayFigures, Figures, Period, Provenance } from '../../stats/figures.ts';
import type { TableQuery } from './tables.ts';

/** The calendar months of a period, the first and the last cut to it. */
export function monthsIn({ from: begin, to: end }: Period): { readonly month: string; readonly period: Period }[] {
  const months: { month: string; period: Period }[] = [];
  for (let from = begin; from <= end;) {
    const month = from.slice(0, 7);
    const next = `${plusDays(`${month}-28`, 4).slice(0, 7)}-01`;
    const last = plusDays(next, -1);
    months.push({ month, period: { from, to: last < end ? last : end } });
    from = next;
  }
  return months;
}

/**
 * Rows by day, asked for month by month: one message for a long period would hold up everything else while it is read, and strangers
 * who ask for thousands of periods ask for the same whole months in all of them.
 */
export async function daysOf(figures: Figures, { period, target, department }: TableQuery): Promise<DayFigures> {
  const parts: DayFigures[] = [];
  for (const { period: month } of monthsIn(period))
    parts.push(
      await figures.days({
        period: month,
        ...(target === null ? {} : { target }),
        ...(department === null ? {} : { department }),
      }),
    );
  const provenances = parts.map(({ provenance }) => provenance);
  return { provenance: joined(provenances, period), rows: parts.flatMap(({ rows }) => rows) };
}

function joined(parts: readonly Provenance[], period: Period): Provenance {
  const readers = Map.groupBy(
    parts.flatMap((part) => part.readers),
    ({ platform }) => platform,
  );
  return {
    period,
    // The oldest of what went in.
    computedAt: Math.min(...parts.map(({ computedAt }) => computedAt)),
    checks: parts.reduce((sum, { checks }) => sum + checks, 0),
    firstAt: parts.find(({ firstAt }) => firstAt !== null)?.firstAt ?? null,
    lastAt: parts.findLast(({ lastAt }) => lastAt !== null)?.lastAt ?? null,
    readers: [...readers]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([platform, of]) => ({
        platform,
        oldest: Math.min(...of.map(({ oldest }) => oldest)),
        newest: Math.max(...of.map(({ newest }) => newest)),
      })),
    practice: parts.some(({ practice }) => practice),
  };
}

import type { Facets, LeadBand } from '../core/reading.ts';
import { dayOf, daysBetween } from './dates.ts';

/** Two years: no public desk is booked further ahead. */
const LONGEST_LEAD_DAYS = 731;

/**
 * Facets of a page that offers slots, from the days on which they are (`YYYY-MM-DD`, repeated as often as slots are
 * offered on that day; empty when the page names no day). Null when every day named is past, as on an old copy of a page, or
 * further ahead than any site books: a mistake, or no day at all.
 * `slotCount` is null when the page does not say how many.
 */
export function slotFacets(days: readonly string[], slotCount: number | null, observedAt: number): Facets | null {
  const today = dayOf(observedAt);
  if (days.length === 0) return { leadBand: 'date_unknown', slotCount };
  const isAhead = (day: string): boolean => day >= today && daysBetween(today, day) <= LONGEST_LEAD_DAYS;
  const distinct = [...new Set(days)].filter(isAhead).toSorted();
  const [first, second] = distinct;
  if (first === undefined) return null;
  return {
    leadBand: leadBand(distinct, today),
    firstDate: first,
    ...(second === undefined ? {} : { secondDate: second }),
    distinctDays: distinct.length,
    slotCount,
  };
}

function leadBand(days: readonly string[], today: string): LeadBand {
  const [first] = days;
  if (first === undefined) return 'date_unknown';
  const lead = daysBetween(today, first);
  if (lead >= 62) return 'from62';
  if (lead >= 32) return 'from32to61';
  const near = days.filter((day) => daysBetween(today, day) <= 31);
  return near.length >= 2 ? 'within31_several' : 'within31_single';
}

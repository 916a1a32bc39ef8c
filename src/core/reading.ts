import type { Outcome } from './outcome.ts';

export const LEAD_BANDS = ['within31_several', 'within31_single', 'from32to61', 'from62', 'date_unknown'] as const;
export type LeadBand = (typeof LEAD_BANDS)[number];

/** Measures beside the outcome. A field is absent when the page does not speak of it. Dates are `YYYY-MM-DD`, Paris. */
export interface Facets {
  readonly leadBand?: LeadBand;
  readonly firstDate?: string;
  readonly secondDate?: string;
  readonly distinctDays?: number;
  readonly slotCount?: number | null;
  /** How far the calendar was shown, in days from the observation. */
  readonly horizonDays?: number;
  /** When the page announces the next batch of slots: ISO 8601 UTC. */
  readonly nextPublicationAt?: string;
  /** Per counter (`planning`) of a booking module: the outcome seen there. */
  readonly counters?: Readonly<Record<string, Outcome>>;
  /** What was seen on an earlier page of the same visit, where the last page did not let it be seen again. */
  readonly sawBefore?: Outcome;
  /** Which generation of the site's markup was recognised. */
  readonly generation?: string;
  /** Which kind of page an address of the platform showed. */
  readonly surface?: string;
  /** Last day on which the service says that it accepts requests. */
  readonly deadline?: string;
  /** Where the procedure is done now, when the page says so by an address. */
  readonly movedTo?: string;
  /** Addresses of the booking platforms that a list page links to, sorted, each once. */
  readonly links?: readonly string[];
}

/** What a reader makes of a visit: the outcome, the rule that decided, and the words a person needs. */
export interface Reading {
  readonly outcome: Outcome;
  readonly rule: string;
  readonly message: string;
  readonly facets: Facets;
}

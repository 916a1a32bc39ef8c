import { groupOf, PRECEDENCE, type Outcome } from '../core/outcome.ts';
import type { Facets, Reading } from '../core/reading.ts';
import type { Page } from './page.ts';

/** One positive sign: what a rule saw on a page, when it saw something. */
export interface Sign {
  /** The words a person needs, preferably the page's own. */
  readonly message: string;
  readonly facets?: Facets;
}

/** A named sign and the outcome it stands for. `see` returns null when the sign is not there. */
export interface Rule {
  readonly name: string;
  readonly outcome: Outcome;
  readonly see: (page: Page) => Sign | null;
}

interface Match {
  readonly rule: Rule;
  readonly sign: Sign;
}

/**
 * Reads one page by rules. Every rule is asked; among those that match, the outcome's precedence decides, then the order
 * of the rules. A yes and a no together are `ambiguous`; no sign at all is `unknown_page`.
 */
export function readByRules(page: Page, rules: readonly Rule[], facets: Facets = {}): Reading {
  const matches: Match[] = [];
  for (const rule of rules) {
    const sign = rule.see(page);
    if (sign !== null) matches.push({ rule, sign });
  }
  const yes = matches.find((match) => match.rule.outcome === 'slots');
  const no = matches.find((match) => match.rule.outcome === 'no_slots');
  const best = bestOf(matches);
  if (best === undefined) return unknown(page, facets);
  const undecided = yes !== undefined && no !== undefined && (best === yes || best === no);
  if (undecided) {
    return {
      outcome: 'ambiguous',
      rule: `${yes.rule.name}+${no.rule.name}`,
      message: `the page says both: ${yes.sign.message} / ${no.sign.message}`,
      facets,
    };
  }
  const { rule, sign } = best;
  return { outcome: rule.outcome, rule: rule.name, message: sign.message, facets: { ...facets, ...sign.facets } };
}

function bestOf(matches: readonly Match[]): Match | undefined {
  const rank = (match: Match): number => PRECEDENCE.indexOf(match.rule.outcome);
  return matches.toSorted((a, b) => rank(a) - rank(b))[0];
}

function unknown(page: Page, facets: Facets): Reading {
  const title = page.capture.title === '' ? 'without a title' : `titled "${page.capture.title}"`;
  return {
    outcome: 'unknown_page',
    rule: 'no-rule',
    message: `no rule knows this page, ${title}: a person must look`,
    facets,
  };
}

/** The earlier of two readings in the order of precedence. */
export function prior(a: Reading, b: Reading): Reading {
  return PRECEDENCE.indexOf(b.outcome) < PRECEDENCE.indexOf(a.outcome) ? b : a;
}

/**
 * One reading of pages that followed each other in one visit. The last page speaks: a fault, gate or unknown page behind a yes
 * means that nobody could have gone on to take it, and precedence puts it first. What was seen on the way is not undone: it
 * stands in the message and in `sawBefore`.
 */
export function withEarlier(readings: readonly Reading[]): Reading {
  const last = readings.at(-1);
  if (last === undefined) throw new Error('a visit without a page cannot be read');
  const seen = readings.slice(0, -1).findLast(({ outcome }) => groupOf(outcome) === 'observed');
  if (seen === undefined || groupOf(last.outcome) === 'observed') return last;
  const message = `${last.message}; seen before it in the same visit: ${seen.outcome} (${seen.message})`;
  return { ...last, message, facets: { ...last.facets, sawBefore: seen.outcome } };
}

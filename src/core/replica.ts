import type { Facets } from './reading.ts';
import type { Outcome } from './outcome.ts';
import type { TargetEntry } from './target.ts';

/** A page of a platform in one known state, and what an honest reader must make of it. */
export interface Scenario {
  /** Kebab-case, unique in its platform, e.g. `no-calendar`. */
  readonly name: string;
  /** Where the visit begins, from the replica's root: `/booking/create/717`. */
  readonly path: string;
  /** What the visit deserves; facets listed here must be equal, others are free. `now` is epoch milliseconds. */
  readonly expect: (now: number) => Expectation;
  /** The line itself fails: `reset` drops each connection, `hang` never answers. */
  readonly transport?: 'reset' | 'hang';
  /** Shown as a practice target by `npm start`, under these words. */
  readonly shown?: Partial<Pick<TargetEntry, 'department' | 'prefecture' | 'procedure' | 'label' | 'control'>>;
  readonly params?: TargetEntry['params'];
}

export interface Expectation {
  readonly outcome: Outcome;
  readonly facets?: Facets;
}

/** What a replica saw happen that no monitor may ever do. Stays at zero, and tests hold it there. */
export interface Tally {
  /** A booking or identity form was sent. */
  submissions: number;
  /** A slot was selected or reserved. */
  holds: number;
  /** A captcha answer was sent. */
  captchaAnswers: number;
  /** Every POST received, as `METHOD path`. */
  posts: string[];
}

export interface Stage {
  readonly scenario: string;
  readonly now: () => number;
  readonly tally: Tally;
}

/** A web application by the standard interface: a request in, a response out. */
export type Site = (request: Request) => Response | Promise<Response>;

/** One platform's replica: its pages, its scenarios. Found in `src/practice/` by its file name. */
export interface Replica {
  readonly platform: string;
  readonly scenarios: readonly Scenario[];
  readonly site: (stage: Stage) => Site;
}

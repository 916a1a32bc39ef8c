/**
 * All that the author of a probe may import. A probe is one file of `probes/`, with its parts in a folder of its name when it
 * is long; its replica is `src/practice/<name>.ts`.
 */

import type { z } from 'zod';

import type { Capture } from './core/capture.ts';
import type { Reading } from './core/reading.ts';
import type { Target } from './core/target.ts';
import type { Page } from './read/page.ts';
import type { Asks } from './read/questions.ts';

export { z } from 'zod';
export type { Capture } from './core/capture.ts';
export type { Outcome } from './core/outcome.ts';
export type { Facets, Reading } from './core/reading.ts';
export type { Target } from './core/target.ts';
export { dayOf, daysBetween, nearDay, numericDay, parisInstant } from './read/dates.ts';
export { CAPTCHETAT, holdsCaptcha } from './read/captcha.ts';
export { ancestors, Page, type Element } from './read/page.ts';
export type { Asks } from './read/questions.ts';
export { undeclaredQuestion } from './read/questions.ts';
export { prior, withEarlier, type Rule, type Sign } from './read/rules.ts';
export { slotFacets } from './read/slots.ts';
export { fold } from './read/text.ts';
export { franceConnectSign, maintenanceSign, movedSign, readPage, suspendedSign } from './read/web-rules.ts';

/** How to visit one platform's pages, and how to read what was found there. */
export interface Probe {
  /** The file's name without its ending. */
  readonly name: string;
  /** Raised with every change of the reader; kept with each reading. */
  readonly version: number;
  /** `slots`: appointments are looked for; `service`: the page itself is what people need. */
  readonly kind: 'slots' | 'service';
  /** Hosts on which the main frame may stand. In practice mode loopback addresses stand in for them. */
  readonly hosts: readonly RegExp[];
  /** Whether a visit may begin at an address: how `guetteur targets add` finds the platform of an address. */
  readonly recognises: (address: URL) => boolean;
  /** Steps of plain navigation that the site makes by POST. Everything else that is not GET or HEAD is refused. */
  readonly posts: readonly PostedStep[];
  /** What a page may ask while this probe presses on it. Absent: nothing, so that every question ends the visit there. */
  readonly asks?: (target: Target) => Asks;
  /** Paths that are never asked for, by any method: they hold, book or identify. */
  readonly forbidden: readonly RegExp[];
  /** Where a page's own scripts may ask leave to read on another host. Absent: nowhere. */
  readonly preflights?: readonly Preflight[];
  /** The platform always asks for a captcha: seeing one is no news and does not pause the host. */
  readonly expectsCaptcha: boolean;
  /** E-mail addresses and telephone numbers that are the service's own: a page may show them and be kept. */
  readonly contacts: readonly string[];
  /** What a person may do on these pages when they pass the captcha themselves. Absent: nobody is asked to. */
  readonly assisted?: AssistedSteps;
  readonly params: z.ZodType;
  readonly visit: (visit: Visit, target: Target) => Promise<void>;
  readonly read: (captures: readonly Capture[], target: Target) => Reading;
}

/** A POST that only turns the page: its path, and what it may carry. */
export interface PostedStep {
  readonly path: RegExp;
  /** Every field that the form may hold, with what may stand in it (folded). A form with any other field is refused. */
  readonly fields: Readonly<Record<string, RegExp>> | ((form: URLSearchParams) => boolean);
  /** Fields without which it is no such step. */
  readonly requires?: readonly string[];
}

/**
 * A place that a page's own scripts read by GET with headers of their own: the browser asks for leave first (`OPTIONS`, the
 * preflight of CORS, Fetch standard 4.8). In practice mode loopback addresses stand in for the host.
 */
export interface Preflight {
  readonly host: RegExp;
  readonly path: RegExp;
}

/** The part of a visit that is a person's: from the captcha on which the monitor stops to the page that it reads. */
export interface AssistedSteps {
  /** What a person's own press may post: the answer to the captcha. It passes although a rule of the probe forbids its path. */
  readonly posts: readonly PostedStep[];
  /** Names of fields of a slot or a person: no address of the main frame may carry one while a person has the page. */
  readonly never: RegExp;
  /** Paths, in small letters, of the pages on which a person may act. Elsewhere nothing is clicked and nothing typed. */
  readonly pages: readonly RegExp[];
  /** The page that is read: its path in small letters, the name of its step, and when it has been drawn. */
  readonly end: { readonly path: RegExp; readonly step: string; readonly isDrawn: (page: Page) => boolean };
  /** Selectors of the captcha's parts: they are offered beside the picture, for keyboards and screen readers. */
  readonly captcha: CaptchaParts;
}

export interface CaptchaParts {
  readonly image: string;
  /** The only element into which a person's words go. */
  readonly field: string;
  readonly submit: string;
  /** Reads the code aloud; asks for another code; says what was wrong with the last answer. */
  readonly sound: string;
  readonly renew: string;
  readonly wrong: string;
}

export interface StepOptions {
  /** Whether the page shows what it is. Asked again and again until yes, or until `withinMs` has passed (8,000). */
  readonly until?: (page: Page) => boolean;
  readonly withinMs?: number;
  /** With `press`: only an element whose own visible words, folded, match. */
  readonly named?: RegExp;
  /** A pass through a page already captured in this visit: looked at, not kept as proof. */
  readonly isRepeat?: boolean;
}

/**
 * The browser as a probe sees it: it can go to an address and press what turns a page, and nothing else. Each call is one
 * step, ends in a capture, and never returns from a gate or a fault: the visit is over there and is read as it stands.
 */
export interface Visit {
  readonly open: (step: string, address: string, options?: StepOptions) => Promise<Page>;
  /**
   * Presses the first element that matches and waits for the page it leads to. Visible or not; with `named`, the first
   * visible one of that name.
   */
  readonly press: (step: string, selector: string, options?: StepOptions) => Promise<Page>;
  /** Ticks a check box or chooses a radio button, also where the site has restyled it. */
  readonly choose: (selector: string) => Promise<void>;
  /** From here on pages are shown as on a telephone held upright: 390 × 844 CSS pixels. */
  readonly narrow: () => Promise<void>;
  /** Leaves the site some time between two passes through the same pages. */
  readonly breathe: () => Promise<void>;
}

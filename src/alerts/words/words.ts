import type { EventKind } from '../../core/event.ts';
import type { NoticeKind } from '../../core/notice.ts';
import type { GROUPS } from '../../core/outcome.ts';
import type { TargetEntry } from '../../core/target.ts';
import type { IncidentTold } from './incidents.ts';
import type { Duration, Moment } from './moments.ts';
import type { City } from '../../core/overseas.ts';

/**
 * What one language has to say; `fr.ts`, `en.ts` and `ar.ts` hold all their strings and their small grammar. Dates come as
 * dd/mm, digits are western in every language. Nothing here adds a fact.
 */
export interface Words {
  /** Stands before everything of a practice target, so that nobody takes it for real. */
  readonly practice: string;
  /** What one SMS takes: 160 characters of the GSM 03.38 basic alphabet or 70 units of UCS-2. */
  readonly sms: 'gsm' | 'ucs2';
  /** Name of this program; `sms` in the script of the language. */
  readonly monitor: { readonly text: string; readonly sms: string };
  /** The place of national services. */
  readonly country: string;
  readonly colon: string;
  readonly comma: string;
  readonly procedures: Readonly<Record<TargetEntry['procedure'], string>>;
  readonly cities: Readonly<Record<City, string>>;
  /** Keeps words of another script from turning the sentence round; unchanged where the script is the same. */
  readonly isolate: (words: string) => string;
  /** The pages' own words are of this language: they need no translated name beside them. */
  readonly isOfPages: boolean;
  /** An address that programs find again as it is. */
  readonly link: (address: string) => string;
  /** The official public start page. */
  readonly site: (address: string) => string;
  /** Our own page of what a message is about, and how its reader stops it: the end of each message to who subscribed alone. */
  readonly own: (address: string) => string;
  readonly stop: (way: string) => string;
  /** Where the digest's details stand. */
  readonly page: (address: string) => string;
  /** Rule C12 at three lengths: booking is free and personal. */
  readonly free: { readonly full: string; readonly brief: string; readonly sms: string };
  readonly robot: { readonly mayBeTaken: string; readonly only: string };
  /** The same of what was seen behind a captcha that a person passed. */
  readonly person: { readonly mayBeTaken: string; readonly only: string };
  /** What "up" means of a service seen from outside. */
  readonly door: { readonly full: string; readonly brief: string };
  /** Said once where several official addresses stand in one message. */
  readonly links: string;
  readonly leftOut: (count: number) => string;
  /** `3 alerts`. */
  readonly alerts: (count: number) => string;
  /** `3 alerts, 2 departments`; no departments: only the first. */
  readonly summary: (count: number, departments: number) => string;
  readonly digest: { readonly name: string; readonly span: (from: Moment, to: Moment | null) => string };
  readonly inParis: string;
  readonly firstDate: (date: string) => string;
  /** How often something of a kind happened. */
  readonly counts: Readonly<Record<NoticeKind, (count: number) => string>>;
  readonly tell: Tellers;
}

type Tellers = { readonly [Kind in NoticeKind]: (facts: Extract<Facts, { readonly kind: Kind }>) => Telling };

/** The same event at four lengths, without the place. */
export interface Telling {
  /** Sentences, after a colon; where there are two, the second says less. */
  readonly text: readonly [string, ...string[]];
  /** For lists and subjects; no full stop. */
  readonly line: string;
  /** For SMS, the longest first, the last the least that is still true. */
  readonly sms: readonly [string, ...string[]];
}

export type Fault = (typeof GROUPS)['fault'][number];

/** What a notice says, ready to be put into words. `date`: first date offered, dd/mm. */
export type Facts =
  | { readonly kind: 'slots'; readonly seen: Moment; readonly again: Moment | null; readonly date: string | null }
  | {
      readonly kind: 'better';
      readonly seen: Moment;
      readonly since: Moment | null;
      readonly isConfirmed: boolean;
      readonly date: string | null;
    }
  | {
      readonly kind: 'gone';
      readonly isConfirmed: boolean;
      /** Last sight without slots before them. */
      readonly before: Moment | null;
      /** First and last sight; `last` is null when they were seen once. */
      readonly first: Moment | null;
      readonly last: Moment | null;
      readonly ended: Moment;
      readonly date: string | null;
    }
  | {
      readonly kind: 'outage';
      /** Last sight of the working page before it. */
      readonly before: Moment | null;
      readonly since: Moment;
      readonly fault: Fault | null;
    }
  | {
      readonly kind: 'recovered';
      readonly seen: Moment;
      readonly since: Moment | null;
      readonly last: Moment | null;
      readonly fault: Fault | null;
      /** Bounds of how long it failed; null where there is none. */
      readonly atLeast: Duration | null;
      readonly atMost: Duration | null;
    }
  | { readonly kind: 'due'; readonly seen: Moment; readonly until: Moment | null }
  | {
      readonly kind: 'operator';
      readonly seen: Moment;
      readonly event: EventKind | null;
      /** Words of others, in whatever language they wrote; '' where there are none, or the reader's own say it. */
      readonly message: string;
      readonly incident: IncidentTold | null;
    }
  | { readonly kind: 'canary'; readonly seen: Moment };

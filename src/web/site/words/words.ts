import type { Type } from '../../open-data/tables.ts';
import type { Language } from '../../../core/subscription.ts';
import type { Group, Outcome } from '../../../core/outcome.ts';
import type { MapState, Missing } from '../../../stats/results.ts';

/**
 * All that the public pages say in one language, but for the long texts (`prose.ts`). No markup, no facts; figures and dates
 * arrive written. A word that is missing in one language does not compile.
 */
export interface SiteWords {
  readonly language: Language;
  readonly direction: 'ltr' | 'rtl';
  /** The language's own name for itself. */
  readonly name: string;
  readonly frame: FrameWords;
  readonly outcomes: Readonly<Record<Outcome, string>>;
  readonly groups: Readonly<Record<Group, string>>;
  readonly states: Readonly<Record<MapState, string>>;
  readonly share: ShareWords;
  readonly beside: BesideWords;
  readonly missing: Readonly<Record<Missing['what'], (have: string, need: string) => string>>;
  readonly map: MapWords;
  readonly charts: ChartWords;
  readonly home: HomeWords;
  readonly department: DepartmentWords;
  readonly target: TargetWords;
  readonly service: ServiceWords;
  readonly compare: CompareWords;
  readonly data: DataWords;
  readonly status: StatusWords;
  readonly embed: EmbedWords;
  readonly errors: Readonly<Record<Refusal, { readonly title: string; readonly text: string }>>;
}

export type Refusal = 'notFound' | 'department' | 'target' | 'tooMany' | 'broken';

export type MenuKey = 'home' | 'anef' | 'compare' | 'method' | 'data' | 'status' | 'alerts';

export interface FrameWords {
  readonly skip: string;
  readonly tagline: string;
  readonly menu: string;
  readonly menuItems: Readonly<Record<MenuKey, string>>;
  readonly practice: string;
  readonly computed: (at: string, from: string, to: string, checks: string) => string;
  readonly between: (first: string, last: string) => string;
  readonly readers: string;
  readonly neverBuy: string;
  readonly notOfficial: string;
  readonly runBy: (name: string) => string;
  readonly licence: string;
  readonly none: string;
  readonly colon: string;
  /** The place of national figures. */
  readonly country: string;
}

/** S1. Every sentence stands alone. */
export interface ShareWords {
  /** A share as people say it. */
  readonly often: {
    readonly always: string;
    readonly times: (times: string, of: string) => string;
    readonly seldom: string;
  };
  readonly title: string;
  /** What the share means, as printed under it. */
  readonly meaning: string;
  readonly interval: (low: string, high: string) => string;
  readonly base: (hits: string, checks: string, days: string) => string;
  readonly noHits: string;
  readonly noHitsBounds: (perCheck: string, perDay: string) => string;
  readonly allHits: string;
  readonly allHitsBounds: (perCheck: string, perDay: string) => string;
  readonly insufficient: string;
  readonly soFar: (hits: string, checks: string) => string;
}

/** What always stands beside S1. */
export interface BesideWords {
  readonly coverage: string;
  readonly coverageHint: string;
  readonly faults: string;
  readonly faultsHint: string;
  readonly gates: string;
  readonly gatesHint: string;
  readonly softBlocked: string;
  readonly of: (count: string, of: string) => string;
  readonly outcomes: string;
  readonly outcome: string;
  readonly checks: string;
  /** Said where gates are many: a finding apart. */
  readonly couldNotLook: (share: string) => string;
}

export interface MapWords {
  readonly title: string;
  readonly caption: string;
  readonly legend: string;
  /** Six classes, from none to more than half. */
  readonly classes: readonly [string, string, string, string, string, string];
  readonly around: string;
  readonly noRanking: string;
  readonly table: string;
  readonly department: string;
  readonly state: string;
  readonly pages: string;
  readonly notMeasured: string;
}

export interface ChartWords {
  readonly timeline: string;
  readonly timelineText: (from: string, to: string) => string;
  readonly slots: string;
  readonly noSlots: string;
  readonly works: string;
  readonly fault: string;
  readonly gate: string;
  readonly unmeasured: string;
  readonly day: string;
  readonly days: string;
  readonly months: string;
  readonly month: string;
  readonly monthsText: string;
  readonly heat: string;
  readonly heatText: (until: string, events: string, undated: string) => string;
  readonly heatUnit: string;
  readonly heatShort: (until: string) => string;
  readonly weekdays: readonly [string, string, string, string, string, string, string];
  readonly hours: string;
  readonly hoursText: string;
  readonly hour: string;
  readonly least: string;
  readonly most: string;
  readonly asTable: string;
  readonly series: string;
  readonly seriesHint: string;
}

export interface HomeWords {
  readonly title: string;
  readonly lede: string;
  readonly how: string;
  readonly find: string;
  readonly cards: {
    readonly slots: string;
    readonly slotsText: string;
    readonly gates: string;
    readonly gatesText: string;
    readonly anef: string;
    readonly watched: string;
    readonly watchedText: (targets: string, departments: string, none: string) => string;
  };
  readonly doorOpens: string;
  readonly doorFails: (steps: string, of: string) => string;
  readonly doorUnknown: string;
  readonly doorMeans: string;
  readonly uptime: (share: string) => string;
  readonly outages: string;
  readonly noOutages: string;
  readonly allOutages: string;
  readonly services: string;
  readonly alertsTitle: string;
  readonly alertsText: string;
  readonly alertsLink: string;
}

export interface DepartmentWords {
  readonly title: (name: string) => string;
  readonly lede: string;
  readonly none: string;
  readonly pages: string;
  readonly page: string;
  readonly share: string;
  readonly lastSlots: string;
  readonly never: string;
  readonly all: string;
  readonly embed: string;
}

export interface TargetWords {
  readonly question: string;
  readonly how: string;
  readonly howText: (planned: string, read: string, from: string, to: string) => string;
  readonly notAPromise: string;
  readonly title: string;
  readonly official: string;
  readonly lastSlots: string;
  readonly lastObserved: string;
  readonly notSeen: string;
  readonly drought: string;
  /** S6, in this wording only: "no slot was seen in N checks between … and …". */
  readonly droughtText: (checks: string, first: string, last: string, gap: string) => string;
  readonly droughtNow: string;
  readonly droughtLongest: string;
  readonly droughtNone: string;
  readonly begins: Readonly<Record<'slots' | 'gap' | 'start', string>>;
  readonly ends: Readonly<Record<'slots' | 'gap' | 'now', string>>;
  readonly lead: string;
  readonly leadText: (median: string, low: string, high: string, checks: string) => string;
  readonly leadOver: (days: string, share: string) => string;
  readonly leadShort: string;
  readonly exhaustion: string;
  readonly exhaustionText: (low: string, high: string, openings: string) => string;
  readonly exhaustionOpen: (low: string, openings: string) => string;
  readonly blindness: string;
  readonly blindnessText: (interval: string) => string;
  readonly openFor: string;
  readonly chance: string;
  readonly attempts: string;
  readonly attemptsText: (checks: string, days: string, weeks: string) => string;
  readonly attemptsSpan: (first: string, last: string, gap: string) => string;
  readonly captures: string;
  readonly capturesText: string;
  readonly capturesNone: string;
  readonly capture: (day: string, outcome: string) => string;
}

export interface ServiceWords {
  readonly title: (platform: string) => string;
  readonly anef: string;
  readonly means: string;
  readonly uptime: string;
  readonly uptimeText: string;
  readonly unmeasured: string;
  readonly maintenance: string;
  readonly steps: string;
  readonly step: string;
  readonly outages: string;
  readonly outagesNone: string;
  readonly began: string;
  readonly ended: string;
  readonly lasts: string;
  readonly beganBetween: (after: string, by: string) => string;
  readonly beganBy: (by: string) => string;
  readonly endedBetween: (last: string, by: string) => string;
  readonly what: string;
  readonly text: string;
  readonly noText: string;
  readonly cannotSee: string;
  readonly cannotSeeText: string;
  readonly failure: string;
  readonly seen: string;
  readonly how: string;
  readonly seenWords: Readonly<Record<'yes' | 'partly' | 'no', string>>;
}

export interface CompareWords {
  readonly title: string;
  readonly lede: string;
  readonly subject: string;
  readonly everything: string;
  readonly departments: string;
  readonly pages: string;
  readonly before: string;
  readonly after: string;
  readonly from: string;
  readonly to: string;
  readonly submit: string;
  readonly difference: string;
  readonly points: (difference: string, low: string, high: string) => string;
  readonly associated: string;
  readonly includesZero: string;
  readonly insufficient: string;
  readonly side: Readonly<Record<'before' | 'after', string>>;
  readonly beforehand: string;
  readonly staticOnly: string;
  readonly wrong: Readonly<Record<'subject' | 'day' | 'order' | 'overlap' | 'long' | 'future', string>>;
}

export interface DataWords {
  readonly title: string;
  readonly lede: string;
  readonly downloads: string;
  readonly file: string;
  readonly what: string;
  readonly columns: string;
  readonly column: string;
  readonly meaning: string;
  readonly types: Readonly<Record<Type, string>>;
  readonly licence: string;
  readonly licenceText: string;
  readonly citation: string;
  readonly rules: string;
  readonly rulesText: readonly string[];
  readonly api: string;
  readonly apiText: string;
}

export interface StatusWords {
  readonly title: string;
  readonly lede: string;
  readonly lastCheck: string;
  readonly never: string;
  readonly ago: (duration: string) => string;
  readonly mode: string;
  readonly modes: Readonly<Record<'practice' | 'live', string>>;
  readonly version: string;
  readonly vantage: string;
  readonly readers: string;
  readonly paused: string;
  readonly pausedNone: string;
  readonly host: string;
  readonly until: string;
  readonly why: string;
  readonly unmeasured: string;
  readonly unmeasuredText: string;
  readonly alerts: string;
  readonly alertsNone: string;
  readonly channel: string;
  readonly accepted: string;
  readonly median: string;
  readonly p95: string;
  readonly tests: string;
  readonly agreement: string;
  readonly agreementNone: string;
  readonly people: string;
  readonly vantages: string;
  readonly pairs: string;
  readonly agreeing: string;
  readonly disagreements: string;
  readonly ours: string;
  readonly theirs: string;
}

export interface EmbedWords {
  readonly title: string;
  readonly text: string;
  readonly badge: string;
  readonly widget: string;
  readonly code: string;
  /** On the badge itself: a few words. */
  readonly label: string;
  readonly none: string;
  readonly few: string;
  readonly gate: string;
  readonly unmeasured: string;
  readonly more: string;
}

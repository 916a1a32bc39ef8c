import type { LocalDay } from '../core/local-time.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Target } from '../core/target.ts';
import type {
  Agreement,
  AlertLatency,
  AttemptProfile,
  Blindness,
  Difference,
  Exhaustion,
  LeadTime,
  MapState,
  Now,
  Outage,
  Proportion,
  PublicDrought,
  ReleaseHistogram,
  Share,
  Uptime,
} from './results.ts';

/**
 * The one place that pages, open data, metrics and commands take figures from, so that they agree to the last digit. All of it
 * may be published as it is: release times are at least 30 days old and no finer than hour × weekday (conduct C13), sights of
 * slots have a day and no hour.
 */
export interface Figures {
  /** The last `days` local days that end today. */
  lastDays(days: number): Period;
  national(period: Period): Promise<NationalFigures>;
  /** Null for a code that stands for no department. A department without targets is answered: not measured. */
  department(code: string, period: Period): Promise<DepartmentFigures | null>;
  /** All targets with slots, in the order of their ids. */
  targets(period: Period): Promise<TargetsFigures>;
  /** Null when no such target is watched. */
  target(id: string, period: Period): Promise<TargetFigures | null>;
  /** By platform; `anef` is one. Null when no target without slots is watched on it. */
  service(platform: string, period: Period): Promise<ServiceFigures | null>;
  /** Platforms that `service` answers for. */
  services(): readonly string[];
  compare(question: CompareQuestion): Promise<CompareFigures | null>;
  /** S13. */
  agreement(period: Period): Promise<AgreementFigures>;
  /** S14. */
  alerts(): Promise<AlertFigures>;
  /** Every target's day in counts; the finest that is public (C13). Ordered by day, then target. */
  days(query: DaysQuery): Promise<DayFigures>;
}

/** Local days in Europe/Paris, both ends included. */
export interface Period {
  readonly from: LocalDay;
  readonly to: LocalDay;
}

/** When a figure was computed, and from what. */
export interface Provenance {
  readonly period: Period;
  readonly computedAt: number;
  /** All checks counted, uniform or not. */
  readonly checks: number;
  /** Starts of the first and the last uniform check; null when there was none. */
  readonly firstAt: number | null;
  readonly lastAt: number | null;
  /** Which readers decided, oldest and newest version by platform. */
  readonly readers: readonly { readonly platform: string; readonly oldest: number; readonly newest: number }[];
  /** Made by replica sites on this machine: to be said so that nobody can miss it. */
  readonly practice: boolean;
}

/** S1 with what always stands beside it. */
export interface Measured {
  readonly share: Share;
  /** S3. */
  readonly coverage: Proportion;
  /** S4. */
  readonly faults: Proportion;
  /** S5: "we could not look" is a finding, not evidence of no slots. */
  readonly gates: Proportion;
  /** Uniform checks by outcome, and the "no" that are not believed. */
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>;
  readonly softBlocked: number;
}

/** A target without its parameters: what a page names it by. */
export type TargetName = Pick<
  Target,
  'id' | 'platform' | 'address' | 'department' | 'prefecture' | 'procedure' | 'label' | 'practice'
>;

/** One day of counts: a bar of the timeline. */
export interface DayPoint {
  readonly day: LocalDay;
  readonly planned: number;
  readonly slots: number;
  readonly noSlots: number;
  readonly suspended: number;
  readonly moved: number;
  readonly operational: number;
  readonly fault: number;
  readonly gate: number;
  readonly unmeasured: number;
  readonly softBlocked: number;
}

/** One ISO month, `YYYY-MM`: the trend. */
export interface MonthPoint extends Measured {
  readonly month: string;
}

export interface MapEntry {
  readonly department: string;
  readonly state: MapState;
  readonly targets: number;
  readonly measured: Measured;
}

export interface TargetSummary {
  readonly target: TargetName;
  readonly state: MapState;
  readonly measured: Measured;
  /** Null for a control: what it shows is no news. */
  readonly now: Now | null;
  /** Last day on which slots were seen within the period, by whatever visit; null for none. */
  readonly lastSlotsDay: LocalDay | null;
  /** Last day on which the page could be read within the period, by whatever visit. */
  readonly lastObservedDay: LocalDay | null;
}

export interface TargetsFigures {
  readonly provenance: Provenance;
  readonly targets: readonly TargetSummary[];
}

export interface NationalFigures {
  readonly provenance: Provenance;
  /** Of all targets with slots together; measured where one of them is. */
  readonly now: Now;
  readonly measured: Measured;
  readonly timeline: readonly DayPoint[];
  readonly months: readonly MonthPoint[];
  /** All departments and territories, in the order of their codes, measured or not. */
  readonly map: readonly MapEntry[];
  readonly targets: number;
  readonly departmentsMeasured: number;
  readonly services: readonly ServiceSummary[];
}

export interface DepartmentFigures {
  readonly provenance: Provenance;
  readonly department: string;
  readonly now: Now;
  readonly state: MapState;
  readonly measured: Measured;
  readonly timeline: readonly DayPoint[];
  readonly months: readonly MonthPoint[];
  readonly targets: readonly TargetSummary[];
}

export interface TargetFigures {
  readonly provenance: Provenance;
  readonly target: TargetName;
  readonly now: Now | null;
  readonly state: MapState;
  readonly measured: Measured;
  readonly attempts: AttemptProfile;
  readonly drought: {
    /** The run that lasts; null when slots were seen last, nothing was observed of late, or the period is over. */
    readonly current: PublicDrought | null;
    readonly longest: PublicDrought | null;
  };
  readonly leadTime: LeadTime;
  readonly exhaustion: Exhaustion;
  readonly releases: ReleaseHistogram;
  readonly blindness: Blindness;
  readonly timeline: readonly DayPoint[];
  readonly months: readonly MonthPoint[];
  /** Checks of the robot's own whose picture was kept, the newest first; `/captures/<target>/<checkId>.png` shows it. */
  readonly captures: readonly { readonly checkId: number; readonly day: LocalDay; readonly outcome: Outcome }[];
  readonly lastSlotsDay: LocalDay | null;
  readonly lastObservedDay: LocalDay | null;
}

export interface ServiceSummary {
  readonly platform: string;
  readonly steps: number;
  readonly uptime: Uptime;
  /** Of all steps together; measured where one of them is. */
  readonly now: Now;
  /** Steps of which nobody can say now how they are. */
  readonly unmeasured: number;
  /** Outages that last now, of steps that are measured. */
  readonly lasting: number;
  /** The last outages, the newest first. */
  readonly outages: readonly Outage[];
}

export interface ServiceFigures extends ServiceSummary {
  readonly provenance: Provenance;
  readonly measured: Measured;
  readonly byStep: readonly {
    readonly target: TargetName;
    readonly now: Now;
    readonly uptime: Uptime;
    readonly measured: Measured;
    readonly outages: readonly Outage[];
    readonly timeline: readonly DayPoint[];
  }[];
  readonly timeline: readonly DayPoint[];
}

export interface CompareQuestion {
  readonly subject: { readonly target: string } | { readonly department: string } | { readonly national: true };
  readonly before: Period;
  readonly after: Period;
}

export interface CompareFigures {
  readonly provenance: Provenance;
  readonly question: CompareQuestion;
  readonly before: Measured;
  readonly after: Measured;
  readonly difference: Difference;
}

export interface AgreementFigures {
  readonly provenance: Provenance;
  readonly people: Agreement;
  readonly vantages: Agreement;
}

export interface AlertFigures {
  readonly computedAt: number;
  readonly channels: readonly AlertLatency[];
}

export interface DaysQuery {
  readonly period: Period;
  readonly target?: string;
  readonly department?: string;
}

export interface DayFigures {
  readonly provenance: Provenance;
  readonly rows: readonly (DayPoint & { readonly target: TargetName })[];
}

import { pairLooks } from '../core/agreement.ts';
import { DEPARTMENT_CODES } from '../core/department-names.ts';
import { LocalTime, PARIS, plusDays, type LocalDay } from '../core/local-time.ts';
import { localClock } from '../core/overseas.ts';
import type { Target } from '../core/target.ts';
import type { DayCounts, DayTally, GroupTally, LastSeen, Sight, Span, StatCheck, TallySource } from '../core/tally.ts';
import { agreement } from './agreement.ts';
import { attemptProfile } from './attempts.ts';
import { compareHours } from './compare-hours.ts';
import { DayMemo } from './day-memo.ts';
import { currentDrought, droughts, longestDrought, publicDrought } from './drought.ts';
import { exhaustion } from './exhaustion.ts';
import type {
  AgreementFigures,
  AlertFigures,
  CompareFigures,
  CompareQuestion,
  DayFigures,
  DaysQuery,
  DepartmentFigures,
  Figures,
  MapEntry,
  NationalFigures,
  Period,
  Provenance,
  ServiceFigures,
  TargetFigures,
  TargetName,
  TargetsFigures,
  TargetSummary,
} from './figures.ts';
import { KeptAnswers } from './kept.ts';
import { alertLatency } from './latency.ts';
import { leadTime } from './lead-time.ts';
import { mapState, measure, monthsOf, pointOf, timelineOf } from './measured.ts';
import { nowOf, together } from './now.ts';
import { provenanceOf } from './provenance.ts';
import { blindness, releaseHistogram } from './releases.ts';
import { isService, ServiceDesk } from './services.ts';
import { answersOnSlots } from './visits.ts';

export interface AnswersParts {
  readonly source: TallySource;
  /** Whether what is watched are replica sites. */
  readonly practice: boolean;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
const HALF_HOUR_MS = 1_800_000;
/** A drought may have begun long before the period that is asked for. */
const DROUGHT_LOOKBACK_DAYS = 366;
const PICTURES = 6;
const LATENCY_DAYS = 90;

/** The figures, put together from what the database counts and from the pure statistics. Answers are kept, see `kept.ts`. */
export class Answers implements Figures {
  readonly #source: TallySource;
  readonly #practice: boolean;
  readonly #now: () => number;
  readonly #kept: KeptAnswers;
  readonly #paris = new LocalTime(PARIS);
  readonly #services: ServiceDesk;
  readonly #groupsOfDay = new DayMemo<readonly GroupTally[]>();

  constructor({ source, practice, now }: AnswersParts) {
    this.#source = source;
    this.#practice = practice;
    this.#now = now;
    this.#kept = new KeptAnswers(() => source.version(), now);
    this.#services = new ServiceDesk(source);
  }

  lastDays(days: number): Period {
    const to = this.#paris.dayOf(this.#now());
    return { from: plusDays(to, 1 - days), to };
  }

  async national(period: Period): Promise<NationalFigures> {
    return this.#keep(['national', period], () => {
      const all = this.#groups(period);
      const groups = all.filter((group) => !group.isService);
      const targets = this.#targets().filter((target) => !isService(target));
      const byDepartment = Map.groupBy(groups, ({ department }) => department ?? '');
      const map = DEPARTMENT_CODES.map((code) => this.#mapEntry(code, byDepartment.get(code) ?? [], targets));
      return {
        provenance: this.#provenance(period, all),
        now: this.#nowOf(targets),
        measured: measure(groups),
        timeline: timelineOf(groups),
        months: monthsOf(groups),
        map,
        targets: targets.length,
        departmentsMeasured: map.filter(({ state }) => ['share', 'no_hits', 'all_hits'].includes(state)).length,
        services: this.#services
          .platforms(this.#targets())
          .map((platform) => this.#services.summary(platform, this.#targets(), this.#when(period))),
      };
    });
  }

  async department(code: string, period: Period): Promise<DepartmentFigures | null> {
    if (!DEPARTMENT_CODES.includes(code)) return null;
    return this.#keep(['department', code, period], () => {
      const targets = this.#targets().filter((target) => target.department === code && !isService(target));
      const tallies = this.#days(targets, period);
      const measured = measure(tallies);
      return {
        provenance: this.#provenance(period, this.#withPlatform(tallies, targets)),
        department: code,
        now: this.#nowOf(targets),
        state: mapState(measured),
        measured,
        timeline: timelineOf(tallies),
        months: monthsOf(tallies),
        targets: this.#summaries(targets, tallies, period),
      };
    });
  }

  async targets(period: Period): Promise<TargetsFigures> {
    return this.#keep(['targets', period], () => {
      const targets = this.#targets().filter((target) => !isService(target));
      const tallies = this.#days(targets, period);
      return {
        provenance: this.#provenance(period, this.#withPlatform(tallies, targets)),
        targets: this.#summaries(targets, tallies, period),
      };
    });
  }

  async target(id: string, period: Period): Promise<TargetFigures | null> {
    const target = this.#targets().find((one) => one.id === id);
    if (target === undefined) return null;
    return this.#keep(['target', id, period], () => this.#target(target, period));
  }

  async service(platform: string, period: Period): Promise<ServiceFigures | null> {
    const targets = this.#targets().filter((target) => target.platform === platform && isService(target));
    if (targets.length === 0) return null;
    return this.#keep(['service', platform, period], () => {
      const tallies = this.#days(targets, period);
      return {
        provenance: this.#provenance(period, this.#withPlatform(tallies, targets)),
        ...this.#services.figures(platform, targets, { tallies, ...this.#when(period) }),
      };
    });
  }

  services(): readonly string[] {
    return this.#services.platforms(this.#targets());
  }

  async compare(question: CompareQuestion): Promise<CompareFigures | null> {
    const { subject, before, after } = question;
    const targets = this.#targets().filter((target) => {
      if ('target' in subject) return target.id === subject.target;
      if (isService(target)) return false;
      return 'department' in subject ? target.department === subject.department : true;
    });
    if (targets.length === 0) return null;
    return this.#keep(['compare', question], () => {
      const ids = targets.map(({ id }) => id);
      const [early, late] = [before, after].map((period) => this.#days(targets, period));
      const sides = [before, after].map((period) => this.#source.hours(ids, this.#span(period)));
      const all = this.#withPlatform([...(early ?? []), ...(late ?? [])], targets);
      return {
        provenance: this.#provenance({ from: before.from, to: after.to }, all),
        question,
        before: measure(early ?? []),
        after: measure(late ?? []),
        difference: compareHours(sides[0] ?? [], sides[1] ?? [], this.#paris),
      };
    });
  }

  async agreement(period: Period): Promise<AgreementFigures> {
    return this.#keep(['agreement', period], () => {
      const span = this.#span(period);
      const looks = this.#source.vantageLooks(span);
      const [own = ''] = looks.map(({ by }) => by);
      const elsewhere = pairLooks(
        looks.filter(({ by }) => by === own),
        looks.filter(({ by }) => by !== own),
      );
      return {
        provenance: this.#provenance(period, this.#groups(period)),
        people: agreement(this.#source.peoplePairs(span), this.#paris),
        vantages: agreement(elsewhere, this.#paris),
      };
    });
  }

  async alerts(): Promise<AlertFigures> {
    return this.#keep(['alerts'], () => {
      const now = this.#now();
      const accepted = this.#source.accepted({ from: now - LATENCY_DAYS * DAY_MS, to: now + 1 });
      return { computedAt: now, channels: alertLatency(this.#source.ended(), accepted) };
    });
  }

  /** Not kept: it may be large, and whoever writes it out keeps what is written. */
  async days(query: DaysQuery): Promise<DayFigures> {
    const targets = this.#targets().filter(
      ({ id, department }) =>
        (query.target === undefined || id === query.target) &&
        (query.department === undefined || department === query.department),
    );
    const byId = new Map(targets.map((target) => [target.id, nameOf(target)]));
    const tallies = this.#days(targets, query.period);
    return {
      provenance: this.#provenance(query.period, this.#withPlatform(tallies, targets)),
      rows: tallies.flatMap((tally) => {
        const target = byId.get(tally.targetId);
        return target === undefined ? [] : [{ target, day: tally.day, ...pointOf([tally]) }];
      }),
    };
  }

  #target(target: Target, period: Period): TargetFigures {
    const now = this.#now();
    const span = this.#span(period);
    const tallies = this.#days([target], period);
    const intervalMs = this.#source.intervalMs(target.id) ?? HALF_HOUR_MS;
    const checks = this.#source.checks(target.id, span);
    const past = this.#beforeFirstSlots(target, checks, period);
    const runs = droughts([...past, ...checks], { intervalMs, now: Math.min(now, span.to) }).filter(
      (run) => run.lastAt >= span.from,
    );
    const place = new LocalTime(localClock(target.department, PARIS).zone);
    const measured = measure(tallies);
    const [summary] = this.#summaries([target], tallies, period);
    return {
      provenance: this.#provenance(period, this.#withPlatform(tallies, [target])),
      target: nameOf(target),
      now: summary?.now ?? null,
      state: mapState(measured),
      measured,
      attempts: attemptProfile(checks, place),
      drought: {
        current: span.to > now ? publicDrought(currentDrought(runs), this.#paris) : null,
        longest: publicDrought(longestDrought(runs), this.#paris),
      },
      leadTime: leadTime(checks, this.#paris),
      exhaustion: exhaustion(checks, intervalMs),
      releases: releaseHistogram(checks, place, now),
      blindness: blindness(intervalMs),
      timeline: timelineOf(tallies),
      months: monthsOf(tallies),
      captures: this.#source
        .pictures(target.id, PICTURES)
        .map(({ checkId, at, outcome }) => ({ checkId, day: this.#paris.dayOf(at), outcome })),
      lastSlotsDay: summary?.lastSlotsDay ?? null,
      lastObservedDay: summary?.lastObservedDay ?? null,
    };
  }

  #summaries(targets: readonly Target[], tallies: readonly DayTally[], period: Period): TargetSummary[] {
    const byTarget = Map.groupBy(tallies, ({ targetId }) => targetId);
    const besides = this.#source.seenBesides(
      targets.map(({ id }) => id),
      period,
      this.#span(period),
    );
    return targets.map((target) => {
      const seen = summaryOf(target, byTarget.get(target.id) ?? []);
      return { ...this.#withSeen(seen, besides.get(target.id)), now: this.#nowOfTarget(target) };
    });
  }

  /** Shares are of uniform checks alone; when something was seen last, every visit tells. */
  #withSeen(seen: Omit<TargetSummary, 'now'>, besides: LastSeen | undefined): Omit<TargetSummary, 'now'> {
    const later = (day: LocalDay | null, at: number | null | undefined): LocalDay | null => {
      const other = at === null || at === undefined ? null : this.#paris.dayOf(at);
      return other !== null && (day === null || other > day) ? other : day;
    };
    return {
      ...seen,
      lastSlotsDay: later(seen.lastSlotsDay, besides?.slotsAt),
      lastObservedDay: later(seen.lastObservedDay, besides?.observedAt),
    };
  }

  #nowOfTarget({ id, control }: Target): TargetSummary['now'] {
    return control ? null : nowOf(this.#sights().get(id), this.#now());
  }

  #nowOf(targets: readonly Target[]): NationalFigures['now'] {
    return together(targets.flatMap((target) => this.#nowOfTarget(target) ?? []));
  }

  #sights(): ReadonlyMap<string, Sight> {
    return this.#keep(['sights'], () => new Map(this.#source.sights().map((sight) => [sight.targetId, sight])));
  }

  #when(period: Period): { span: Span; sights: ReadonlyMap<string, Sight>; now: number } {
    return { span: this.#span(period), sights: this.#sights(), now: this.#now() };
  }

  /**
   * Checks before the period, back to the last day with slots: the first drought of the period may have begun long before it. None
   * where the period's first answer is slots.
   */
  #beforeFirstSlots({ id }: Target, checks: readonly StatCheck[], { from }: Period): readonly StatCheck[] {
    if (answersOnSlots(checks)[0]?.outcome === 'slots') return [];
    const earlier = { from: plusDays(from, -DROUGHT_LOOKBACK_DAYS), to: plusDays(from, -1) };
    const days = this.#source.days({ targetIds: [id], ...earlier });
    const begin = days.findLast(({ outcomes }) => (outcomes.slots ?? 0) > 0)?.day ?? earlier.from;
    return this.#source.checks(id, { from: this.#paris.startOf(begin), to: this.#paris.startOf(from) });
  }

  #mapEntry(code: string, groups: readonly GroupTally[], targets: readonly Target[]): MapEntry {
    const measured = measure(groups);
    const here = targets.filter(({ department }) => department === code);
    return { department: code, state: mapState(measured), targets: here.length, measured };
  }

  #keep<T>(question: readonly unknown[], compute: () => T): T {
    return this.#kept.get(JSON.stringify(question), compute);
  }

  #targets(): readonly Target[] {
    return this.#keep(['known targets'], () => this.#source.targets());
  }

  /** Day by day: what is over is kept. */
  #groups({ from, to }: Period): readonly GroupTally[] {
    const compute = (day: LocalDay): readonly GroupTally[] => this.#source.groups({ from: day, to: day });
    return this.#groupsOfDay
      .over({ from, to }, this.#source.changes({ from, to }), { key: '', reach: 0, compute })
      .flat();
  }

  #days(targets: readonly Target[], { from, to }: Period): readonly DayTally[] {
    return this.#source.days({ targetIds: targets.map(({ id }) => id), from, to });
  }

  #span({ from, to }: Period): Span {
    return { from: this.#paris.startOf(from), to: Math.min(this.#paris.endOf(to), this.#now() + 1) };
  }

  #provenance(period: Period, tallies: readonly (DayCounts & { readonly platform: string })[]): Provenance {
    return provenanceOf(tallies, { period, computedAt: this.#now(), practice: this.#practice });
  }

  #withPlatform(
    tallies: readonly DayTally[],
    targets: readonly Target[],
  ): (DayTally & { readonly platform: string })[] {
    const platforms = new Map(targets.map(({ id, platform }) => [id, platform]));
    return tallies.map((tally) => ({ ...tally, platform: platforms.get(tally.targetId) ?? '' }));
  }
}

function nameOf({ id, platform, address, department, prefecture, procedure, label, practice }: Target): TargetName {
  return { id, platform, address, department, prefecture, procedure, label, practice };
}

function summaryOf(target: Target, own: readonly DayTally[]): Omit<TargetSummary, 'now'> {
  const measured = measure(own);
  const lastDay = (isSuch: (outcomes: DayTally['outcomes']) => boolean): LocalDay | null =>
    own.findLast(({ outcomes }) => isSuch(outcomes))?.day ?? null;
  return {
    target: nameOf(target),
    state: mapState(measured),
    measured,
    lastSlotsDay: lastDay(({ slots = 0 }) => slots > 0),
    lastObservedDay: lastDay(
      ({ slots = 0, no_slots = 0, suspended = 0, moved = 0, operational = 0 }) =>
        slots + no_slots + suspended + moved + operational > 0,
    ),
  };
}

import { LocalTime, PARIS, plusDays, type LocalDay } from '../core/local-time.ts';
import type { Target } from '../core/target.ts';
import type { DayTally, Span, TallySource } from '../core/tally.ts';
import type { ServiceFigures, ServiceSummary, TargetName } from './figures.ts';
import { DayMemo } from './day-memo.ts';
import { measure, timelineOf } from './measured.ts';
import type { Outage } from './results.ts';
import { added, longestPause, timesOf, uptimeOf, type Times } from './uptime.ts';

/** Targets without slots: what is asked of them is whether they work. */

const HALF_HOUR_MS = 1_800_000;
const DAY_MS = 86_400_000;
const LAST_OUTAGES = 5;

export function isService({ procedure }: Pick<Target, 'procedure'>): boolean {
  return procedure === 'service';
}

export class ServiceDesk {
  readonly #source: TallySource;
  readonly #memo = new DayMemo<Times>();
  readonly #paris = new LocalTime(PARIS);

  constructor(source: TallySource) {
    this.#source = source;
  }

  platforms(targets: readonly Target[]): readonly string[] {
    return [...new Set(targets.filter(isService).map(({ platform }) => platform))].toSorted();
  }

  summary(platform: string, all: readonly Target[], span: Span): ServiceSummary {
    const targets = all.filter((target) => target.platform === platform && isService(target));
    const outages = this.#outages(targets, span);
    return {
      platform,
      steps: targets.length,
      uptime: uptimeOf(targets.map(({ id }) => this.#times(id, span))),
      lasting: outages.filter(({ goneByAt }) => goneByAt === null).length,
      outages: outages.slice(0, LAST_OUTAGES).map((outage) => this.#withTexts(outage)),
    };
  }

  figures(
    platform: string,
    targets: readonly Target[],
    { tallies, span }: { readonly tallies: readonly DayTally[]; readonly span: Span },
  ): Omit<ServiceFigures, 'provenance'> {
    const steps = targets.map((target) => {
      const own = tallies.filter(({ targetId }) => targetId === target.id);
      const times = this.#times(target.id, span);
      const outages = this.#outages([target], span).map((outage) => this.#withTexts(outage));
      return { target, own, times, outages };
    });
    const outages = steps.flatMap((step) => step.outages).toSorted((a, b) => b.firstSeenAt - a.firstSeenAt);
    return {
      platform,
      steps: targets.length,
      uptime: uptimeOf(steps.map(({ times }) => times)),
      lasting: outages.filter(({ goneByAt }) => goneByAt === null).length,
      outages,
      measured: measure(tallies),
      byStep: steps.map(({ target, own, times, outages: of }) => ({
        target: nameOf(target),
        uptime: uptimeOf([times]),
        measured: measure(own),
        outages: of,
        timeline: timelineOf(own),
      })),
      timeline: timelineOf(tallies),
    };
  }

  /** Day by day: what is over is kept. */
  #times(targetId: string, span: Span): Times {
    const intervalMs = this.#source.intervalMs(targetId) ?? HALF_HOUR_MS;
    const pauseMs = longestPause(intervalMs);
    const reach = Math.ceil(pauseMs / DAY_MS);
    const days = { from: this.#paris.dayOf(span.from), to: this.#paris.dayOf(span.to - 1) };
    const changes = this.#source.changes({ from: plusDays(days.from, -reach), to: plusDays(days.to, reach) });
    const compute = (day: LocalDay): Times => {
      const whole = { from: this.#paris.startOf(day), to: this.#paris.endOf(day) };
      const padded = { from: whole.from - pauseMs, to: whole.to + pauseMs };
      return timesOf(this.#source.states(targetId, padded), intervalMs, whole);
    };
    // The last day may be today: what of it is still to come is no time that was not measured.
    const last = { from: Math.max(span.from, this.#paris.startOf(days.to)), to: span.to };
    const padded = { from: last.from - pauseMs, to: last.to + pauseMs };
    const today = timesOf(this.#source.states(targetId, padded), intervalMs, last);
    if (days.from === days.to) return today;
    const earlier = this.#memo.over({ from: days.from, to: plusDays(days.to, -1) }, changes, {
      key: `${targetId} ${intervalMs}`,
      reach,
      compute,
    });
    return added([...earlier, today]);
  }

  #outages(targets: readonly Target[], span: Span): readonly Omit<Outage, 'texts'>[] {
    return this.#source.outages(
      targets.map(({ id }) => id),
      span,
    );
  }

  #withTexts(outage: Omit<Outage, 'texts'>): Outage {
    const span = { from: outage.firstSeenAt, to: outage.lastSeenAt };
    return { ...outage, texts: this.#source.faultTexts(outage.targetId, span) };
  }
}

function nameOf({ id, platform, address, department, prefecture, procedure, label, practice }: Target): TargetName {
  return { id, platform, address, department, prefecture, procedure, label, practice };
}

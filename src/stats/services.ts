import { LocalTime, PARIS, plusDays, type LocalDay } from '../core/local-time.ts';
import type { Target } from '../core/target.ts';
import { longestBreak } from '../core/standing.ts';
import type { DayTally, Sight, Span, TallySource } from '../core/tally.ts';
import type { ServiceFigures, ServiceSummary, TargetName } from './figures.ts';
import { DayMemo } from './day-memo.ts';
import { measure, timelineOf } from './measured.ts';
import { nowOf, together } from './now.ts';
import type { Now, Outage } from './results.ts';
import { added, longestPause, timesOf, uptimeOf, type Times } from './uptime.ts';

/** Targets without slots: what is asked of them is whether they work. */

const HALF_HOUR_MS = 1_800_000;
const DAY_MS = 86_400_000;
const LAST_OUTAGES = 5;

export function isService({ procedure }: Pick<Target, 'procedure'>): boolean {
  return procedure === 'service';
}

interface When {
  readonly span: Span;
  readonly sights: ReadonlyMap<string, Sight>;
  readonly now: number;
}

function standingOf(
  targets: readonly Target[],
  outages: readonly Omit<Outage, 'texts'>[],
  { sights, now }: Omit<When, 'span'>,
): Pick<ServiceSummary, 'now' | 'unmeasured' | 'lasting'> {
  const nows = new Map(targets.map(({ id }): [string, Now] => [id, nowOf(sights.get(id), now)]));
  const isKnown = (id: string): boolean => nows.get(id)?.state === 'measured';
  return {
    now: together([...nows.values()]),
    unmeasured: targets.filter(({ id }) => !isKnown(id)).length,
    lasting: outages.filter(
      ({ goneByAt, lostAt, targetId }) => goneByAt === null && lostAt === null && isKnown(targetId),
    ).length,
  };
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

  summary(platform: string, all: readonly Target[], { span, ...when }: When): ServiceSummary {
    const targets = all.filter((target) => target.platform === platform && isService(target));
    const outages = this.#outages(targets, span);
    return {
      platform,
      steps: targets.length,
      uptime: uptimeOf(targets.map(({ id }) => this.#times(id, span))),
      ...standingOf(targets, outages, when),
      outages: outages.slice(0, LAST_OUTAGES).map((outage) => this.#withTexts(outage)),
    };
  }

  figures(
    platform: string,
    targets: readonly Target[],
    { tallies, span, ...when }: When & { readonly tallies: readonly DayTally[] },
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
      ...standingOf(targets, outages, when),
      outages,
      measured: measure(tallies),
      byStep: steps.map(({ target, own, times, outages: of }) => ({
        target: nameOf(target),
        now: nowOf(when.sights.get(target.id), when.now),
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

  /** What nobody saw for too long before the end of the span is not said to last until then. */
  #outages(targets: readonly Target[], span: Span): readonly Omit<Outage, 'texts'>[] {
    const rows = this.#source.outages(
      targets.map(({ id }) => id),
      span,
    );
    return rows
      .map((outage) => {
        const { goneByAt, lostAt, lastSeenAt } = outage;
        if (goneByAt !== null || lostAt !== null) return outage;
        const untilAt = lastSeenAt + longestBreak(this.#source.intervalMs(outage.targetId) ?? HALF_HOUR_MS);
        return untilAt < span.to ? { ...outage, lostAt: untilAt } : outage;
      })
      .filter(({ goneByAt, lostAt }) => (goneByAt ?? lostAt ?? span.to) >= span.from);
  }

  #withTexts(outage: Omit<Outage, 'texts'>): Outage {
    const span = { from: outage.firstSeenAt, to: outage.lastSeenAt };
    return { ...outage, texts: this.#source.faultTexts(outage.targetId, span) };
  }
}

function nameOf({ id, platform, address, department, prefecture, procedure, label, practice }: Target): TargetName {
  return { id, platform, address, department, prefecture, procedure, label, practice };
}

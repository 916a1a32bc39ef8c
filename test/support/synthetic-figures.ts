import { DEPARTMENT_CODES } from '../../src/core/department-names.ts';
import { drawn } from '../../src/core/drawn.ts';
import { daysIn, LocalTime, PARIS, plusDays } from '../../src/core/local-time.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import { isMeasured } from '../../src/core/standing.ts';
import type { DayTally, StatCheck } from '../../src/core/tally.ts';
import { bareTarget, type Target } from '../../src/core/target.ts';
import { attemptProfile } from '../../src/stats/attempts.ts';
import { difference, type HourCount } from '../../src/stats/compare.ts';
import { currentDrought, droughts, longestDrought, publicDrought } from '../../src/stats/drought.ts';
import { exhaustion } from '../../src/stats/exhaustion.ts';
import type { Figures, Period, Provenance, ServiceFigures, TargetFigures } from '../../src/stats/figures.ts';
import { leadTime } from '../../src/stats/lead-time.ts';
import { mapState, measure, monthsOf, timelineOf } from '../../src/stats/measured.ts';
import { blindness, releaseHistogram } from '../../src/stats/releases.ts';
import { nowOf, together } from '../../src/stats/now.ts';
import type { Now, Outage } from '../../src/stats/results.ts';
import { timesOf, uptimeOf } from '../../src/stats/uptime.ts';

/**
 * A year in the life of an instance, drawn from a seed: departments with many slots, few, none, behind a gate, not looked at
 * enough, and not at all; ANEF with outages. Real statistics over invented checks, for pages that must show everything.
 */

const INTERVAL_MS = 3 * 3_600_000;
const paris = new LocalTime(PARIS);
/** 27 November 2026, 10:42 in Paris. */
export const SYNTHETIC_NOW = Date.UTC(2026, 10, 27, 9, 42);

type Manner = 'often' | 'some' | 'rare' | 'none' | 'gated' | 'young' | 'always' | 'faulty' | 'service' | 'failing';

const PROCEDURES = ['renewal', 'aes', 'first_application', 'naturalisation_decree', 'collection'] as const;
const MANNERS: Readonly<Record<string, Manner>> = {
  '93': 'none', '75': 'rare', '94': 'none', '92': 'some', '91': 'rare', '95': 'gated', '77': 'some', '78': 'often',
  '13': 'rare', '69': 'some', '59': 'some', '31': 'rare', '33': 'some', '44': 'gated', '67': 'often', '06': 'none',
  '34': 'rare', '38': 'some', '35': 'often', '76': 'faulty', '80': 'often', '86': 'always', '87': 'some', '29': 'young',
  '2A': 'often', '973': 'none', '974': 'some', '976': 'gated', '971': 'young', '01': 'some', '64': 'some', '21': 'rare',
}; // prettier-ignore

function synthetic(id: string, change: Partial<Target>): Target {
  const address = `https://rendez-vous.example/booking/${id}`;
  return { ...bareTarget({ id, platform: 'ez-booking', address, practice: true }), ...change };
}

function targetsOf(only: readonly string[] | null): { readonly target: Target; readonly manner: Manner }[] {
  const slots = Object.entries(MANNERS).flatMap(([department, manner], index) => {
    if (only?.includes(department) === false) return [];
    const procedures = department === '93' ? PROCEDURES : PROCEDURES.slice(index % 4, (index % 4) + 2);
    return procedures.map((procedure, at) => ({
      manner: department === '93' && at === 1 ? ('rare' as const) : manner,
      target: synthetic(`${department.toLowerCase()}-synthetic-${procedure.replaceAll('_', '-')}`, {
        department,
        procedure,
        prefecture: at === 0 ? `Préfecture (${department})` : 'Sous-préfecture & guichet <annexe>',
        label: at === 0 ? 'Renouvellement d’un titre de séjour' : null,
      }),
    }));
  });
  const walks = ['Page d’accueil', 'Connexion', 'Création de compte', 'Mot de passe oublié'].map((label, at) => ({
    manner: at === 1 ? ('failing' as const) : ('service' as const),
    target: synthetic(`anef-${at + 1}`, { platform: 'anef', procedure: 'service', label }),
  }));
  return [...slots, ...walks];
}

const SPANS: Partial<Record<Manner, number>> = { young: 6 };

/** What one visit sees; slots come in runs, as on real sites. */
function outcomeAt(manner: Manner, id: string, at: number): Outcome {
  const run = drawn(id, Math.floor(at / (3 * INTERVAL_MS)));
  const now = drawn(id, at, 'now');
  if (now > 0.985) return now > 0.995 ? 'unknown_page' : 'missed';
  if (now > 0.97) return 'error';
  switch (manner) {
    case 'often':
      return run < 0.6 ? 'slots' : 'no_slots';
    case 'some':
      return run < 0.12 ? 'slots' : 'no_slots';
    case 'rare':
    case 'young':
      return run < 0.02 ? 'slots' : 'no_slots';
    case 'none':
      return 'no_slots';
    case 'gated':
      return now < 0.9 ? 'captcha' : 'no_slots';
    case 'always':
      return 'slots';
    case 'faulty':
      return run < 0.4 ? 'overloaded' : run < 0.5 ? 'slots' : 'no_slots';
    case 'service':
    case 'failing': {
      const isBad = manner === 'failing' && drawn(id, Math.floor(at / (10 * INTERVAL_MS))) < 0.06;
      if (isBad) return 'error';
      return run < 0.01 ? 'maintenance' : 'operational';
    }
    default:
      return manner satisfies never;
  }
}

const TEXT = 'Le service est momentanément indisponible. Veuillez réessayer plus tard & <merci>.';

/** Bad visits in a row, the newest outage first. */
function outagesOf({ target, checks }: Series): Outage[] {
  const outages: Outage[] = [];
  let good: number | null = null;
  for (const { outcome, at } of checks) {
    const last = outages.at(-1);
    const open = last !== undefined && last.goneByAt === null ? outages.pop() : undefined;
    if (outcome === 'operational') {
      if (open !== undefined) outages.push({ ...open, goneByAt: at });
      good = at;
    } else if (open !== undefined) {
      outages.push(outcome === 'missed' ? open : { ...open, lastSeenAt: at });
    } else if (outcome === 'error' || outcome === 'maintenance') {
      const texts = outcome === 'maintenance' ? [TEXT] : [];
      outages.push({
        targetId: target.id,
        outcome,
        afterAt: good,
        firstSeenAt: at,
        lastSeenAt: at,
        goneByAt: null,
        lostAt: null,
        texts,
      });
    }
  }
  return outages.toReversed();
}

interface Series {
  readonly target: Target;
  readonly checks: readonly StatCheck[];
  readonly tallies: readonly DayTally[];
}

function seriesOf({ target, manner }: { readonly target: Target; readonly manner: Manner }, firstId: number): Series {
  const days = SPANS[manner] ?? 95;
  const start = SYNTHETIC_NOW - days * 86_400_000;
  const checks: StatCheck[] = [];
  for (let from = start; from + INTERVAL_MS < SYNTHETIC_NOW; from += INTERVAL_MS) {
    const at = Math.floor(from + drawn(target.id, from) * INTERVAL_MS);
    const outcome = outcomeAt(manner, target.id, from);
    const firstDate = outcome === 'slots' ? plusDays(paris.dayOf(at), 5 + Math.floor(drawn(target.id, at) * 80)) : null;
    checks.push({
      id: firstId + checks.length, targetId: target.id, at, startedAt: at, outcome, isUniform: true, isReported: false,
      isSoftBlocked: false, firstDate,
    }); // prettier-ignore
  }
  const byDay = Map.groupBy(checks, ({ at }) => paris.dayOf(at));
  const tallies = [...byDay].map(([day, of]): DayTally => {
    const outcomes: Partial<Record<Outcome, number>> = {};
    for (const { outcome } of of) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    const [first, last] = [of[0]?.at ?? null, of.at(-1)?.at ?? null];
    return {
      targetId: target.id, day, planned: of.length, outcomes, softBlocked: 0, others: 0, firstAt: first, lastAt: last,
      readers: { oldest: 3, newest: 4 },
    }; // prettier-ignore
  });
  return { target, checks, tallies };
}

/** Every target was visited last a minute ago, and is what it was seen to be then. */
function nowOfSeries({ target, checks }: Series): Now {
  const visits = checks.filter(({ outcome }) => outcome !== 'missed');
  const last = visits.at(-1);
  if (last === undefined) return nowOf(undefined, SYNTHETIC_NOW);
  const measuredAt = visits.findLast(({ outcome }) => isMeasured(outcome))?.at ?? null;
  const sight = { targetId: target.id, isControl: false, intervalMs: INTERVAL_MS, visitedAt: last.at, measuredAt };
  return nowOf({ ...sight, outcome: last.outcome, isBelieved: true }, last.at);
}

export interface SyntheticFigures extends Figures {
  readonly watched: ReadonlyMap<string, Target>;
  /** How often each question was asked: what a cache saves. */
  readonly asked: Map<string, number>;
}

/** `only`: of these departments, for tests that look at every page. */
export function syntheticFigures(only: readonly string[] | null = null): SyntheticFigures {
  let nextId = 1;
  const all = targetsOf(only).map((one) => {
    const series = seriesOf(one, nextId);
    nextId += series.checks.length;
    return series;
  });
  const byId = new Map(all.map((series) => [series.target.id, series]));
  const asked = new Map<string, number>();
  const count = (question: string): void => void asked.set(question, (asked.get(question) ?? 0) + 1);
  const within = ({ from, to }: Period, of: readonly Series[]): DayTally[] =>
    of.flatMap(({ tallies }) => tallies.filter(({ day }) => day >= from && day <= to));
  const checksWithin = ({ from, to }: Period, { checks }: Series): StatCheck[] =>
    checks.filter(({ at }) => paris.dayOf(at) >= from && paris.dayOf(at) <= to);
  const slots = all.filter(({ target }) => target.procedure !== 'service');
  const provenance = (period: Period, of: readonly Series[]): Provenance => {
    const tallies = within(period, of);
    return {
      period,
      computedAt: SYNTHETIC_NOW,
      checks: tallies.reduce((sum, { planned }) => sum + planned, 0),
      firstAt: tallies.reduce<number | null>(
        (first, { firstAt }) => Math.min(first ?? Infinity, firstAt ?? Infinity),
        null,
      ),
      lastAt: tallies.reduce<number | null>((last, { lastAt }) => Math.max(last ?? 0, lastAt ?? 0), null),
      readers: [...new Set(of.map(({ target }) => target.platform))].map((platform) => ({
        platform,
        oldest: 3,
        newest: 4,
      })),
      practice: true,
    };
  };
  const service = (platform: string, period: Period): ServiceFigures | null => {
    const of = all.filter(({ target }) => target.platform === platform && target.procedure === 'service');
    if (of.length === 0) return null;
    const span = { from: paris.startOf(period.from), to: SYNTHETIC_NOW };
    const uptimes = of.map(({ checks }) => timesOf(checks, INTERVAL_MS, span));
    const outages = of.flatMap(outagesOf).toSorted((a, b) => b.firstSeenAt - a.firstSeenAt);
    return {
      platform,
      steps: of.length,
      uptime: uptimeOf(uptimes),
      now: together(of.map(nowOfSeries)),
      unmeasured: of.filter((series) => nowOfSeries(series).state !== 'measured').length,
      lasting: outages.filter(({ goneByAt }) => goneByAt === null).length,
      outages: outages.slice(0, 20),
      provenance: provenance(period, of),
      measured: measure(within(period, of)),
      byStep: of.map((series, at) => ({
        target: series.target,
        now: nowOfSeries(series),
        uptime: uptimeOf(uptimes.slice(at, at + 1)),
        measured: measure(within(period, [series])),
        outages: outagesOf(series),
        timeline: timelineOf(within(period, [series])),
      })),
      timeline: timelineOf(within(period, of)),
    };
  };
  const target = (id: string, period: Period): TargetFigures | null => {
    const series = byId.get(id);
    if (series === undefined) return null;
    const checks = checksWithin(period, series);
    const runs = droughts(checks, { intervalMs: INTERVAL_MS, now: SYNTHETIC_NOW });
    const measured = measure(within(period, [series]));
    const last = (outcomes: readonly Outcome[]): string | null => {
      const found = checks.findLast(({ outcome }) => outcomes.includes(outcome));
      return found === undefined ? null : paris.dayOf(found.at);
    };
    return {
      provenance: provenance(period, [series]),
      target: series.target,
      now: nowOfSeries(series),
      state: mapState(measured),
      measured,
      attempts: attemptProfile(checks, paris),
      drought: { current: publicDrought(currentDrought(runs)), longest: publicDrought(longestDrought(runs)) },
      leadTime: leadTime(checks),
      exhaustion: exhaustion(checks, INTERVAL_MS),
      releases: releaseHistogram(series.checks, paris, SYNTHETIC_NOW),
      blindness: blindness(INTERVAL_MS),
      timeline: timelineOf(within(period, [series])),
      months: monthsOf(within(period, [series])),
      captures: checks.slice(-4).toReversed().map(({ id: checkId, at, outcome }) => ({ checkId, day: paris.dayOf(at), outcome })),
      lastSlotsDay: last(['slots']),
      lastObservedDay: last(['slots', 'no_slots', 'operational']),
    }; // prettier-ignore
  };
  const inDepartment = (code: string): Series[] => slots.filter(({ target: { department } }) => department === code);
  return {
    asked,
    watched: new Map(all.map(({ target: one }) => [one.id, one])),
    lastDays: (days) => {
      const to = paris.dayOf(SYNTHETIC_NOW);
      return { from: plusDays(to, 1 - days), to };
    },
    national: (period) => {
      count('national');
      const measured = measure(within(period, slots));
      const map = DEPARTMENT_CODES.map((department) => {
        const of = inDepartment(department);
        const own = measure(within(period, of));
        return { department, state: mapState(own), targets: of.length, measured: own };
      });
      return Promise.resolve({
        provenance: provenance(period, all),
        now: together(slots.map(nowOfSeries)),
        measured,
        timeline: timelineOf(within(period, slots)),
        months: monthsOf(within(period, slots)),
        map,
        targets: all.length,
        departmentsMeasured: map.filter(({ state }) => ['share', 'no_hits', 'all_hits'].includes(state)).length,
        services: ['anef'].flatMap((platform) => service(platform, period) ?? []),
      });
    },
    department: (code, period) => {
      count(`department ${code}`);
      const of = inDepartment(code);
      const measured = measure(within(period, of));
      return Promise.resolve({
        provenance: provenance(period, of),
        department: code,
        now: together(of.map(nowOfSeries)),
        state: mapState(measured),
        measured,
        timeline: timelineOf(within(period, of)),
        months: monthsOf(within(period, of)),
        targets: of.flatMap(({ target: { id } }) => target(id, period) ?? []),
      });
    },
    targets: (period) =>
      Promise.resolve({
        provenance: provenance(period, slots),
        targets: slots.flatMap(({ target: { id } }) => target(id, period) ?? []),
      }),
    target: (id, period) => {
      count(`target ${id}`);
      return Promise.resolve(target(id, period));
    },
    service: (platform, period) => Promise.resolve(service(platform, period)),
    services: () => ['anef'],
    compare: (question) => {
      count('compare');
      const { subject, before, after } = question;
      const of = 'target' in subject
        ? all.filter(({ target: one }) => one.id === subject.target)
        : 'department' in subject ? inDepartment(subject.department) : slots; // prettier-ignore
      if (of.length === 0) return Promise.resolve(null);
      const hours = (period: Period): HourCount[] =>
        of.flatMap((series) =>
          checksWithin(period, series)
            .filter(({ outcome }) => outcome === 'slots' || outcome === 'no_slots')
            .map(({ at, outcome }) => ({
              day: paris.dayOf(at), weekday: paris.weekdayOf(at), hour: paris.hourOf(at), hits: Number(outcome === 'slots'), checks: 1,
            })),
        ); // prettier-ignore
      return Promise.resolve({
        provenance: provenance({ from: before.from, to: after.to }, of),
        question,
        before: measure(within(before, of)),
        after: measure(within(after, of)),
        difference:
          daysIn(before) < 28 || daysIn(after) < 28 ? difference([], []) : difference(hours(before), hours(after)),
      });
    },
    agreement: (period) =>
      Promise.resolve({
        provenance: provenance(period, all),
        people: {
          pairs: 12,
          share: 11 / 12,
          disagreements: [
            { targetId: '93-synthetic-aes', day: period.to, ours: 'no_slots', theirs: 'slots', by: 'person' },
          ],
        },
        vantages: { pairs: 0, share: null, disagreements: [] },
      }),
    alerts: () =>
      Promise.resolve({
        computedAt: SYNTHETIC_NOW,
        channels: [
          {
            channel: 'email',
            accepted: 214,
            medianMs: 42_000,
            p95Ms: 130_000,
            tests: { count: 29, of: 30, share: 29 / 30 },
          },
        ],
      }),
    days: ({ period, target: id }) =>
      Promise.resolve({
        provenance: provenance(period, all),
        rows: all
          .filter(({ target: one }) => id === undefined || one.id === id)
          .flatMap((series) =>
            timelineOf(within(period, [series])).map((point) => ({ ...point, target: series.target })),
          ),
      }),
  };
}

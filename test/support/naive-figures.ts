import Database from 'better-sqlite3';

import { GROUPS, type Outcome } from '../../src/core/outcome.ts';

/**
 * The statistics once more, as their definitions say them and in the slowest way: from all rows of the public views, without a
 * roll-up, an index or a word of `src/stats`. Local times are asked of `Intl` for each instant.
 */

export interface NaiveCheck {
  readonly id: number;
  readonly target_id: string;
  readonly host: string;
  readonly mode: string;
  readonly design: string;
  readonly vantage: string;
  readonly started_at: number;
  readonly outcome: Outcome;
  readonly facets_json: string;
  /** When the page was captured, or else when the check began: it belongs to that day. */
  readonly day_at: number;
  /** When the page was captured, or else when the check ended. */
  readonly at: number;
  readonly blocked: number;
  readonly asked: number | null;
}

interface Plan {
  readonly target_id: string;
  readonly planned_at: number;
}

export interface NaiveYear {
  readonly checks: readonly NaiveCheck[];
  /** Uniform plans that came to nothing. */
  readonly lost: readonly Plan[];
}

export interface Days {
  readonly from: string;
  readonly to: string;
}

const HOUR = 3_600_000;

export function readYear(path: string): NaiveYear {
  const db = new Database(path, { readonly: true });
  const checks = db
    .prepare<[], NaiveCheck>(
      `select c.*, r.outcome, r.facets_json, coalesce(c.observed_at, c.started_at) as day_at,
          coalesce(c.observed_at, c.finished_at) as at,
          r.outcome = 'no_slots' and exists (select 1 from soft_blocks b where b.host = c.host and b.lifted_at is null
            and c.started_at >= b.from_at and c.started_at < coalesce(b.to_at, 9e15)) as blocked,
          (select paired_check_id from helps where check_id = c.id) as asked
        from checks c join readings r on r.check_id = c.id and r.current = 1 order by at, c.id`,
    )
    .all();
  const lost = db
    .prepare<[], Plan>(
      `select * from planned where design = 'uniform' and state in ('missed', 'skipped') and check_id is null`,
    )
    .all();
  db.close();
  return { checks, lost };
}

interface Local {
  readonly day: string;
  readonly hour: number;
  readonly weekday: number;
}

const known = new Map<string, Map<number, Local>>();

/** What `Intl` says of the quarter of an hour, asked once each. */
function local(at: number, zone = 'Europe/Paris'): Local {
  const quarter = Math.floor(at / (HOUR / 4));
  const quarters = known.get(zone) ?? new Map<number, Local>();
  known.set(zone, quarters);
  const found = quarters.get(quarter) ?? asked(quarter * (HOUR / 4), zone);
  quarters.set(quarter, found);
  return found;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function asked(at: number, timeZone: string): Local {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  formats.set(timeZone, format);
  const [day = '', time = ''] = format.format(at).split(' ');
  return { day, hour: Number(time.slice(0, 2)), weekday: (new Date(`${day}T12:00Z`).getUTCDay() + 6) % 7 };
}

/** By its Thursday, as ISO 8601 counts. */
function isoWeek(day: string): string {
  const noon = new Date(`${day}T12:00Z`);
  noon.setUTCDate(noon.getUTCDate() - ((noon.getUTCDay() + 6) % 7) + 3);
  return `${noon.getUTCFullYear()}-${Math.floor((noon.getTime() - Date.UTC(noon.getUTCFullYear(), 0, 1)) / (7 * 24 * HOUR))}`;
}

const within = (at: number, { from, to }: Days): boolean => local(at).day >= from && local(at).day <= to;
const isIn = (outcomes: readonly string[]) => (check: NaiveCheck) =>
  outcomes.includes(check.outcome) && check.blocked === 0;
const isAnswer = isIn(['slots', 'no_slots', 'suspended']);
const median = (values: readonly number[]): number => {
  const ordered = values.toSorted((a, b) => a - b);
  const middle = (ordered.length - 1) / 2;
  return ((ordered[Math.floor(middle)] ?? NaN) + (ordered[Math.ceil(middle)] ?? NaN)) / 2;
};

/** S1 without its interval, S3 to S5: [count, of]. */
export function shares({ checks, lost }: NaiveYear, ids: readonly string[], days: Days) {
  const uniform = checks.filter(
    ({ target_id, design, mode, day_at }) =>
      ids.includes(target_id) &&
      design === 'uniform' &&
      !['reported', 'confirmation'].includes(mode) &&
      within(day_at, days),
  );
  const count = (is: (check: NaiveCheck) => boolean): number => uniform.filter(is).length;
  const planned =
    uniform.length + lost.filter((plan) => ids.includes(plan.target_id) && within(plan.planned_at, days)).length;
  const [observed, fault, gate] = [count(isIn(GROUPS.observed)), count(isIn(GROUPS.fault)), count(isIn(GROUPS.gate))];
  const denominator = uniform.filter(isAnswer);
  const dayNames = new Set(denominator.map(({ day_at }) => local(day_at).day));
  return {
    hits: count(isIn(['slots'])),
    checks: denominator.length,
    days: dayNames.size,
    weeks: new Set([...dayNames].map(isoWeek)).size,
    coverage: [observed, planned],
    faults: [fault, observed + fault],
    gates: [gate, observed + fault + gate],
    softBlocked: uniform.filter(({ blocked }) => blocked === 1).length,
  };
}

const NEVER_LOOKED = ['skipped', 'missed', 'robots', 'network_down', 'monitor_error', 'clock_untrusted'];

/** S2. */
export function attempts({ checks }: NaiveYear, id: string, days: Days, zone: string) {
  const looks = checks
    .filter(
      ({ target_id, mode, outcome, day_at }) =>
        target_id === id && mode !== 'reported' && !NEVER_LOOKED.includes(outcome) && within(day_at, days),
    )
    .map(({ day_at }) => day_at)
    .toSorted((a, b) => a - b);
  const names = new Set(looks.map((at) => local(at).day));
  return {
    checks: looks.length,
    days: names.size,
    weeks: new Set([...names].map(isoWeek)).size,
    firstAt: looks[0] ?? null,
    lastAt: looks.at(-1) ?? null,
    byHour: Array.from({ length: 24 }, (_, hour) => looks.filter((at) => local(at, zone).hour === hour).length),
    longestGapMs: Math.max(...looks.slice(1).map((at, index) => at - (looks[index] ?? at))),
  };
}

/** What the monitor itself could say of slots, in order. */
function answers({ checks }: NaiveYear, id: string, is = isAnswer): NaiveCheck[] {
  return checks.filter((check) => check.target_id === id && check.mode !== 'reported' && is(check));
}

/** S6: the longest run of answers without slots that ends within the days, as it stood at their end. */
export function longestDrought(year: NaiveYear, id: string, days: Days, intervalMs: number) {
  const runs: NaiveCheck[][] = [[]];
  let previous: NaiveCheck | null = null;
  for (const check of answers(year, id).filter(({ day_at }) => local(day_at).day <= days.to)) {
    const isApart = previous !== null && check.at - previous.at > Math.max(24 * HOUR, 3 * intervalMs);
    if (isApart || check.outcome === 'slots') runs.push([]);
    if (check.outcome !== 'slots') runs.at(-1)?.push(check);
    previous = check;
  }
  const length = (run: readonly NaiveCheck[]): number => (run.at(-1)?.at ?? 0) - (run[0]?.at ?? 0);
  const found = runs
    .filter((run) => run.length > 0 && within(run.at(-1)?.day_at ?? 0, days))
    .reduce((longest: NaiveCheck[], run) => (length(run) >= length(longest) ? run : longest), []);
  return {
    checks: found.length,
    firstDay: local(found[0]?.at ?? 0).day,
    lastDay: local(found.at(-1)?.at ?? 0).day,
    longestGapMs: Math.max(0, ...found.slice(1).map(({ at }, index) => at - (found[index]?.at ?? at))),
  };
}

/** S7: events with their cells, of checks in the days and before an instant. */
export function releases(
  year: NaiveYear,
  id: string,
  { days, zone, before }: { days: Days; zone: string; before: number },
) {
  const seen = answers(year, id, isIn(GROUPS.observed)).filter(({ day_at, at }) => within(day_at, days) && at < before);
  const cells = () => Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  const [weights, hours] = [cells(), cells()];
  let [events, undated] = [0, 0];
  for (const [index, second] of seen.entries()) {
    const first = seen[index - 1];
    if (first?.outcome !== 'no_slots') continue;
    const isEvent = second.outcome === 'slots';
    const length = second.at - first.at;
    if (length > HOUR) undated += Number(isEvent);
    if (length > HOUR) continue;
    events += Number(isEvent);
    for (let at = first.at; at < second.at;) {
      const next = Math.min(second.at, (Math.floor(at / 60_000) + 1) * 60_000);
      const { weekday, hour } = local(at, zone);
      const [weightRow, hourRow] = [weights[weekday] ?? [], hours[weekday] ?? []];
      hourRow[hour] = (hourRow[hour] ?? 0) + (next - at) / HOUR;
      if (isEvent) weightRow[hour] = (weightRow[hour] ?? 0) + (next - at) / length;
      at = next;
    }
  }
  return {
    events,
    undated,
    hours,
    rates: weights.map((row, day) => row.map((weight, hour) => weight / (hours[day]?.[hour] ?? 0))),
  };
}

/** S8. */
export function exhaustion(year: NaiveYear, id: string, days: Days, intervalMs: number) {
  const seen = answers(year, id).filter(({ day_at }) => within(day_at, days));
  const isNear = (a: NaiveCheck | undefined, b: NaiveCheck | undefined): boolean =>
    a !== undefined && b !== undefined && b.at - a.at <= Math.max(24 * HOUR, 3 * intervalMs);
  const [low, high]: [number[], number[]] = [[], []];
  for (let index = 0; index < seen.length; index += 1) {
    const [before, first] = [seen[index - 1], seen[index]];
    if (first?.outcome !== 'slots') continue;
    let last = first;
    while (seen[index + 1]?.outcome === 'slots' && isNear(last, seen[index + 1])) last = seen[(index += 1)] ?? last;
    const after = seen[index + 1];
    low.push(last.at - first.at);
    high.push(isNear(before, first) && isNear(last, after) ? (after?.at ?? 0) - (before?.at ?? 0) : Infinity);
  }
  return { openings: low.length, medianLowMs: median(low), medianHighMs: median(high) };
}

/** S10. */
export function leadTimes({ checks }: NaiveYear, id: string, days: Days) {
  const leads = checks.flatMap(({ target_id, design, mode, outcome, day_at, facets_json: facets }) => {
    const date = /"firstDate":"([\d-]+)"/.exec(facets)?.[1];
    const isOne =
      target_id === id && design === 'uniform' && mode !== 'reported' && outcome === 'slots' && within(day_at, days);
    return isOne && date !== undefined ? [(Date.parse(date) - Date.parse(local(day_at).day)) / (24 * HOUR)] : [];
  });
  const over = (limit: number): number => leads.filter((lead) => lead > limit).length / leads.length;
  return { checks: leads.length, medianDays: median(leads), over31: over(31), over61: over(61), over90: over(90) };
}

/** Uptime: minute by minute, what the nearest visit saw; nothing where two visits lie too far apart or the nearest says nothing. */
export function uptime(
  { checks }: NaiveYear,
  id: string,
  { from, to, pauseMs }: { from: number; to: number; pauseMs: number },
): number {
  const visits = checks.filter(({ target_id, mode }) => target_id === id && mode !== 'reported');
  let [up, down, next] = [0, 0, 0];
  for (let at = from + 30_000; at < to; at += 60_000) {
    while ((visits[next]?.at ?? Infinity) <= at) next += 1;
    const [before, after] = [visits[next - 1], visits[next]];
    if (before === undefined || after === undefined || after.at - before.at > pauseMs) continue;
    const nearest = at - before.at <= after.at - at ? before : after;
    if (nearest.outcome === 'operational') up += 1;
    else if (isIn([...GROUPS.fault, 'moved', 'slots', 'no_slots', 'suspended'])(nearest)) down += 1;
  }
  return up / (up + down);
}

/** S13: each word of a person beside the reading it was asked about, or the nearest within a quarter of an hour: [pairs, agreeing]. */
export function agreement({ checks }: NaiveYear, days: Days): [number, number] {
  const ours = Map.groupBy(
    checks.filter((check) => check.mode !== 'reported' && isAnswer(check)),
    (check) => check.target_id,
  );
  const words = checks.filter(
    ({ mode, outcome, day_at }) =>
      mode === 'reported' && ['slots', 'no_slots', 'suspended'].includes(outcome) && within(day_at, days),
  );
  const pairs = words.flatMap((said) => {
    const away = ({ at }: NaiveCheck): number => Math.abs(at - said.at);
    const here = ours.get(said.target_id) ?? [];
    const near = here.filter((check) => away(check) <= HOUR / 4);
    const own = here.find(({ id }) => id === said.asked) ?? near.toSorted((a, b) => away(a) - away(b))[0];
    return own === undefined ? [] : [(own.outcome === 'slots') === (said.outcome === 'slots')];
  });
  return [pairs.length, pairs.filter(Boolean).length];
}

import type { DayFigures, Figures, Measured, Period, Provenance } from '../../stats/figures.ts';

/** The flat tables of the open data: one definition for JSON, CSV, Parquet, their description and the documentation. */

export type Cell = string | number | boolean | null;
export type Type = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';

export interface Column {
  readonly name: string;
  readonly type: Type;
  readonly isNullable: boolean;
  readonly meaning: string;
}

export interface TableQuery {
  readonly period: Period;
  readonly target: string | null;
  readonly department: string | null;
}

export interface TableAnswer {
  readonly provenance: Provenance;
  readonly rows: readonly (readonly Cell[])[];
}

export interface Table {
  readonly name: 'days' | 'shares' | 'departments' | 'outages' | 'releases';
  readonly title: string;
  readonly meaning: string;
  /** Columns that together name a row, for ever. */
  readonly key: readonly string[];
  readonly columns: readonly Column[];
  /** It has to be asked for one target. */
  readonly needsTarget: boolean;
  /** Null when what it was asked for is not known. */
  readonly rows: (figures: Figures, query: TableQuery) => Promise<TableAnswer | null>;
}

const column = (name: string, type: Type, meaning: string): Column => ({ name, type, meaning, isNullable: false });
const orNull = (name: string, type: Type, meaning: string): Column => ({ name, type, meaning, isNullable: true });

const PLACE = [
  column('target', 'string', 'Stable id of the watched page'),
  column('platform', 'string', 'Booking platform'),
  orNull('department', 'string', 'Department code; empty for a national service'),
  column('procedure', 'string', 'Procedure, a closed list; see the method'),
];
const PRACTICE = column('practice', 'boolean', 'true: made by replica sites on one machine, not about any public body');

const SHARE_COLUMNS = [
  column('state', 'string', 'share, no_hits, all_hits, insufficient, gate or not_measured'),
  orNull(
    'share',
    'number',
    'S1: share of checks at random times at which at least one slot was offered; empty when insufficient',
  ),
  orNull('share_low', 'number', 'Lower end of the 95 % interval; with slots at every check, the bound by days'),
  orNull('share_high', 'number', 'Upper end of the 95 % interval; without any slots, the bound by days'),
  column('hits', 'integer', 'Uniform checks with slots'),
  column('checks', 'integer', 'Uniform checks in the denominator: slots, no slots, suspended'),
  column('days', 'integer', 'Local days with such a check'),
  column('planned', 'integer', 'Uniform checks that were planned'),
  orNull('coverage', 'number', 'S3: observed over planned'),
  orNull('fault_share', 'number', 'S4: faults over observed and faults'),
  orNull('gate_share', 'number', 'S5: gates over observed, faults and gates: "we could not look"'),
];

function shareCells(state: string, { share, coverage, faults, gates }: Measured): Cell[] {
  const [low, high] = boundsOf(share);
  const value = share.kind === 'insufficient' ? null : share.share;
  const counts = [share.hits, share.checks, share.days, coverage.of];
  return [state, value, low, high, ...counts, coverage.share, faults.share, gates.share];
}

function boundsOf(share: Measured['share']): readonly [number | null, number | null] {
  switch (share.kind) {
    case 'share':
      return [share.low, share.high];
    case 'no_hits':
      return [0, share.perDayHigh];
    case 'all_hits':
      return [share.perDayLow, 1];
    case 'insufficient':
      return [null, null];
    default:
      return share satisfies never;
  }
}

const DAYS: Table = {
  name: 'days',
  title: 'Targets by day',
  meaning:
    'One row a target and local day (Europe/Paris): how its uniform checks ended. The finest that is public (C13).',
  key: ['day', 'target'],
  needsTarget: false,
  columns: [
    column('day', 'date', 'Local day, Europe/Paris'),
    ...PLACE,
    column('planned', 'integer', 'Uniform checks that were planned for the day and are over'),
    column('slots', 'integer', 'Checks that saw at least one slot'),
    column('no_slots', 'integer', 'Checks that saw that there is none'),
    column('suspended', 'integer', 'Booking is closed, says the page'),
    column('moved', 'integer', 'The procedure is done elsewhere, says the page'),
    column('operational', 'integer', 'A page without slots works'),
    column('fault', 'integer', 'Overloaded, maintenance, error, timeout or unreachable'),
    column('gate', 'integer', 'Captcha, sign-in, denied, rate limited or robots.txt'),
    column('unmeasured', 'integer', 'Unknown page, own failure, skipped or missed'),
    column('soft_blocked', 'integer', 'A "no" that is not believed'),
    PRACTICE,
  ],
  rows: async (figures, { period, target, department }) => {
    const found = await figures.days({
      period,
      ...(target === null ? {} : { target }),
      ...(department === null ? {} : { department }),
    });
    return { provenance: found.provenance, rows: found.rows.map(dayCells) };
  },
};

function dayCells({ target, day, ...counts }: DayFigures['rows'][number]): Cell[] {
  const { planned, slots, noSlots, suspended, moved, operational, fault, gate, unmeasured, softBlocked } = counts;
  const numbers = [planned, slots, noSlots, suspended, moved, operational, fault, gate, unmeasured, softBlocked];
  return [day, target.id, target.platform, target.department, target.procedure, ...numbers, target.practice];
}

const SHARES: Table = {
  name: 'shares',
  title: 'Availability by target',
  meaning: 'One row a target with slots, over the period that was asked for.',
  key: ['from', 'to', 'target'],
  needsTarget: false,
  columns: [
    column('from', 'date', 'First local day'),
    column('to', 'date', 'Last local day'),
    ...PLACE,
    ...SHARE_COLUMNS,
    orNull('last_slots_day', 'date', 'Last day in the period on which slots were seen'),
    orNull('last_observed_day', 'date', 'Last day in the period on which the page could be read'),
    PRACTICE,
  ],
  rows: async (figures, { period, target: only, department }) => {
    const { provenance, targets } = await figures.targets(period);
    const wanted = targets.filter(
      ({ target }) =>
        (only === null || target.id === only) && (department === null || target.department === department),
    );
    const rows = wanted.map(({ target, state, measured, lastSlotsDay, lastObservedDay }) => [
      period.from,
      period.to,
      target.id,
      target.platform,
      target.department,
      target.procedure,
      ...shareCells(state, measured),
      lastSlotsDay,
      lastObservedDay,
      target.practice,
    ]);
    return { provenance, rows };
  },
};

const DEPARTMENTS: Table = {
  name: 'departments',
  title: 'Availability by department',
  meaning: 'One row a department or territory, measured or not, over the period that was asked for.',
  key: ['from', 'to', 'department'],
  needsTarget: false,
  columns: [
    column('from', 'date', 'First local day'),
    column('to', 'date', 'Last local day'),
    column('department', 'string', 'Department code'),
    column('targets', 'integer', 'Targets with slots that are or were watched there'),
    ...SHARE_COLUMNS,
    PRACTICE,
  ],
  rows: async (figures, { period, department: only }) => {
    const { provenance, map } = await figures.national(period);
    const rows = map
      .filter(({ department }) => only === null || department === only)
      .map(({ department, targets, state, measured }) => [
        period.from,
        period.to,
        department,
        targets,
        ...shareCells(state, measured),
        provenance.practice,
      ]);
    return { provenance, rows };
  },
};

const OUTAGES: Table = {
  name: 'outages',
  title: 'Outages of services',
  meaning: 'One row an outage of a page without slots, as ANEF, with the bounds between which it began and ended.',
  key: ['target', 'first_seen'],
  needsTarget: false,
  columns: [
    column('target', 'string', 'Stable id of the watched page'),
    column('platform', 'string', 'Service'),
    column('outcome', 'string', 'What was seen first'),
    orNull('after', 'datetime', 'Last good check before it; empty when none was seen'),
    column('first_seen', 'datetime', 'First bad check'),
    column('last_seen', 'datetime', 'Last bad check'),
    orNull('gone_by', 'datetime', 'First good check after it; empty while it lasts'),
    column('texts', 'string', 'Words of the page, each once, divided by " | "'),
    PRACTICE,
  ],
  rows: async (figures, { period, target: only }) => {
    const { provenance } = await figures.national(period);
    const rows: Cell[][] = [];
    for (const platform of figures.services()) {
      for (const outage of (await figures.service(platform, period))?.outages ?? []) {
        if (only !== null && outage.targetId !== only) continue;
        const { targetId, outcome, afterAt, firstSeenAt, lastSeenAt, goneByAt, texts } = outage;
        const times = [afterAt, firstSeenAt, lastSeenAt, goneByAt].map((at) => (at === null ? null : iso(at)));
        rows.push([targetId, platform, outcome, ...times, texts.join(' | '), provenance.practice]);
      }
    }
    return { provenance, rows };
  },
};

const RELEASES: Table = {
  name: 'releases',
  title: 'Releases of slots by hour and weekday',
  meaning:
    'One row an hour of the week of one target: releases per hour in which one could have been seen. Only what is at least 30 days old, and only from 20 releases on (C13).',
  key: ['target', 'weekday', 'hour'],
  needsTarget: true,
  columns: [
    column('target', 'string', 'Stable id of the watched page'),
    column('until', 'date', 'Last day whose releases are counted'),
    column('zone', 'string', 'Time zone of the hours'),
    column('weekday', 'integer', '1 for Monday to 7 for Sunday'),
    column('hour', 'integer', '0 to 23'),
    orNull('rate', 'number', 'Releases per hour of exposure; empty without exposure'),
    column('exposure_hours', 'number', 'Hours in which a release could have been dated'),
    PRACTICE,
  ],
  rows: async (figures, { period, target }) => {
    const found = target === null ? null : await figures.target(target, period);
    if (found === null) return null;
    const { releases, provenance } = found;
    if (releases.kind === 'insufficient') return { provenance, rows: [] };
    const { rates, exposureHours, until, zone } = releases;
    const rows = rates.flatMap((row, weekday) =>
      row.map((rate, hour) => {
        const exposure = exposureHours[weekday]?.[hour] ?? 0;
        return [found.target.id, until, zone, weekday + 1, hour, rate, exposure, found.target.practice];
      }),
    );
    return { provenance, rows };
  },
};

function iso(at: number): string {
  return new Date(at).toISOString();
}

export const TABLES: readonly Table[] = [DAYS, SHARES, DEPARTMENTS, OUTAGES, RELEASES];

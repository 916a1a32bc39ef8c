import type { Outage } from '../../stats/results.ts';
import type {
  DayFigures,
  Figures,
  MapEntry,
  Period,
  Provenance,
  TargetName,
  TargetSummary,
} from '../../stats/figures.ts';
import { daysOf } from './days.ts';
import { EN_DATA } from './words/en.ts';
import type { ColumnName, TableName } from './words/speak.ts';

/** The flat tables of the open data: one definition for JSON, CSV, Parquet, their description and the documentation. */

export type Cell = string | number | boolean | null;
export type Type = 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime';

export interface Column {
  readonly name: ColumnName;
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
  readonly name: TableName;
  readonly title: string;
  readonly meaning: string;
  /** Columns that together name a row, for ever. */
  readonly key: readonly ColumnName[];
  readonly columns: readonly Column[];
  /** It has to be asked for one target. */
  readonly needsTarget: boolean;
  /** Null when what it was asked for is not known. */
  readonly rows: (figures: Figures, query: TableQuery) => Promise<TableAnswer | null>;
}

/** A column, and what stands in it. */
interface Field<Row> extends Column {
  readonly of: (row: Row) => Cell;
}

interface TableOrder<Row> extends Pick<Table, 'key'> {
  readonly needsTarget?: boolean;
  readonly fields: readonly Field<Row>[];
  readonly find: (
    figures: Figures,
    query: TableQuery,
  ) => Promise<{ readonly provenance: Provenance; readonly rows: readonly Row[] } | null>;
}

function table<Row>(name: TableName, { key, needsTarget = false, fields, find }: TableOrder<Row>): Table {
  return {
    name,
    ...EN_DATA.tables[name],
    key,
    needsTarget,
    columns: fields.map(({ of: _of, ...column }) => column),
    rows: async (figures, query) => {
      const found = await find(figures, query);
      if (found === null) return null;
      return { provenance: found.provenance, rows: found.rows.map((row) => fields.map(({ of }) => of(row))) };
    },
  };
}

type Value<T> = T extends null ? never : T;

function field<Row>(name: ColumnName, type: Type, of: (row: Row) => Value<Cell>): Field<Row> {
  return { name, type, of, isNullable: false, meaning: EN_DATA.columns[name] };
}

function orNull<Row>(name: ColumnName, type: Type, of: (row: Row) => Cell): Field<Row> {
  return { name, type, of, isNullable: true, meaning: EN_DATA.columns[name] };
}

interface OfTarget {
  readonly target: TargetName;
}

const PLACE: readonly Field<OfTarget>[] = [
  field('target', 'string', ({ target }) => target.id),
  field('platform', 'string', ({ target }) => target.platform),
  orNull('department', 'string', ({ target }) => target.department),
  field('procedure', 'string', ({ target }) => target.procedure),
];
const PRACTICE: Field<OfTarget> = field('practice', 'boolean', ({ target }) => target.practice);

interface OfProvenance {
  readonly provenance: Provenance;
}

const ALL_PRACTICE: Field<OfProvenance> = field('practice', 'boolean', ({ provenance }) => provenance.practice);
const PERIOD: readonly Field<OfProvenance>[] = [
  field('from', 'date', ({ provenance }) => provenance.period.from),
  field('to', 'date', ({ provenance }) => provenance.period.to),
];

const SHARE: readonly Field<Pick<MapEntry, 'state' | 'measured'>>[] = [
  field('state', 'string', ({ state }) => state),
  orNull('share', 'number', ({ measured: { share } }) => (share.kind === 'insufficient' ? null : share.share)),
  orNull('share_low', 'number', ({ measured }) => boundsOf(measured.share)[0]),
  orNull('share_high', 'number', ({ measured }) => boundsOf(measured.share)[1]),
  field('hits', 'integer', ({ measured }) => measured.share.hits),
  field('checks', 'integer', ({ measured }) => measured.share.checks),
  field('days', 'integer', ({ measured }) => measured.share.days),
  field('planned', 'integer', ({ measured }) => measured.coverage.of),
  orNull('coverage', 'number', ({ measured }) => measured.coverage.share),
  orNull('fault_share', 'number', ({ measured }) => measured.faults.share),
  orNull('gate_share', 'number', ({ measured }) => measured.gates.share),
];

function boundsOf(share: MapEntry['measured']['share']): readonly [number | null, number | null] {
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

const DAYS = table<DayFigures['rows'][number]>('days', {
  key: ['day', 'target'],
  fields: [
    field('day', 'date', ({ day }) => day),
    ...PLACE,
    field('planned', 'integer', ({ planned }) => planned),
    field('slots', 'integer', ({ slots }) => slots),
    field('no_slots', 'integer', ({ noSlots }) => noSlots),
    field('suspended', 'integer', ({ suspended }) => suspended),
    field('moved', 'integer', ({ moved }) => moved),
    field('operational', 'integer', ({ operational }) => operational),
    field('fault', 'integer', ({ fault }) => fault),
    field('gate', 'integer', ({ gate }) => gate),
    field('unmeasured', 'integer', ({ unmeasured }) => unmeasured),
    field('soft_blocked', 'integer', ({ softBlocked }) => softBlocked),
    PRACTICE,
  ],
  find: daysOf,
});

const SHARES = table<TargetSummary & OfProvenance>('shares', {
  key: ['from', 'to', 'target'],
  fields: [
    ...PERIOD,
    ...PLACE,
    ...SHARE,
    orNull('last_slots_day', 'date', ({ lastSlotsDay }) => lastSlotsDay),
    orNull('last_observed_day', 'date', ({ lastObservedDay }) => lastObservedDay),
    PRACTICE,
  ],
  find: async (figures, { period, target: only, department }) => {
    const { provenance, targets } = await figures.targets(period);
    const rows = targets.filter(
      ({ target }) =>
        (only === null || target.id === only) && (department === null || target.department === department),
    );
    return { provenance, rows: rows.map((row) => ({ ...row, provenance })) };
  },
});

const DEPARTMENTS = table<MapEntry & OfProvenance>('departments', {
  key: ['from', 'to', 'department'],
  fields: [
    ...PERIOD,
    field('department', 'string', ({ department }) => department),
    field('targets', 'integer', ({ targets }) => targets),
    ...SHARE,
    ALL_PRACTICE,
  ],
  find: async (figures, { period, department: only }) => {
    const { provenance, map } = await figures.national(period);
    const rows = map.filter(({ department }) => only === null || department === only);
    return { provenance, rows: rows.map((row) => ({ ...row, provenance })) };
  },
});

interface OfOutage extends OfProvenance {
  readonly outage: Outage;
  readonly platform: string;
}

const OUTAGES = table<OfOutage>('outages', {
  key: ['target', 'first_seen'],
  fields: [
    field('target', 'string', ({ outage }) => outage.targetId),
    field('platform', 'string', ({ platform }) => platform),
    field('outcome', 'string', ({ outage }) => outage.outcome),
    orNull('after', 'datetime', ({ outage }) => iso(outage.afterAt)),
    field('first_seen', 'datetime', ({ outage }) => new Date(outage.firstSeenAt).toISOString()),
    field('last_seen', 'datetime', ({ outage }) => new Date(outage.lastSeenAt).toISOString()),
    orNull('gone_by', 'datetime', ({ outage }) => iso(outage.goneByAt)),
    orNull('lost_at', 'datetime', ({ outage }) => iso(outage.lostAt)),
    field('texts', 'string', ({ outage }) => outage.texts.join(' | ')),
    ALL_PRACTICE,
  ],
  find: async (figures, { period, target: only }) => {
    const { provenance } = await figures.national(period);
    const rows: OfOutage[] = [];
    for (const platform of figures.services())
      for (const outage of (await figures.service(platform, period))?.outages ?? [])
        if (only === null || outage.targetId === only) rows.push({ outage, platform, provenance });
    return { provenance, rows };
  },
});

interface HourOfWeek extends OfTarget {
  readonly until: string;
  readonly zone: string;
  readonly weekday: number;
  readonly hour: number;
  readonly rate: number | null;
  readonly exposure: number;
}

const RELEASES = table<HourOfWeek>('releases', {
  key: ['target', 'weekday', 'hour'],
  needsTarget: true,
  fields: [
    field('target', 'string', ({ target }) => target.id),
    field('until', 'date', ({ until }) => until),
    field('zone', 'string', ({ zone }) => zone),
    field('weekday', 'integer', ({ weekday }) => weekday + 1),
    field('hour', 'integer', ({ hour }) => hour),
    orNull('rate', 'number', ({ rate }) => rate),
    field('exposure_hours', 'number', ({ exposure }) => exposure),
    PRACTICE,
  ],
  find: async (figures, { period, target: id }) => {
    const found = id === null ? null : await figures.target(id, period);
    if (found === null) return null;
    const { releases, provenance, target } = found;
    if (releases.kind === 'insufficient') return { provenance, rows: [] };
    const { rates, exposureHours, until, zone } = releases;
    const rows = rates.flatMap((row, weekday) =>
      row.map((rate, hour) => {
        const exposure = exposureHours[weekday]?.[hour] ?? 0;
        return { target, until, zone, weekday, hour, rate, exposure };
      }),
    );
    return { provenance, rows };
  },
});

function iso(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export const TABLES: readonly Table[] = [DAYS, SHARES, DEPARTMENTS, OUTAGES, RELEASES];

import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  BigValueColorMode,
  BigValueGraphMode,
  LegendDisplayMode,
  LegendPlacement,
  StackingMode,
  TableCellDisplayMode,
  TooltipDisplayMode,
  VisibilityMode,
} from '@grafana/grafana-foundation-sdk/common';
import * as common from '@grafana/grafana-foundation-sdk/common';
import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';
import * as prometheus from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as statetimeline from '@grafana/grafana-foundation-sdk/statetimeline';
import * as table from '@grafana/grafana-foundation-sdk/table';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';

import type { Language, Words } from './words.ts';

/** The kinds of panel that the dashboards are made of. Sizes are in Grafana's grid: 24 columns, rows of 30 pixels. */

export const SOURCE = { type: 'prometheus', uid: '${source}' };

export type PanelBuilder = (language: Language) => Builder<dashboard.Panel>;

/** What is written instead of values. */
export type Mappings = (language: Language) => dashboard.ValueMapping[];

interface Common {
  readonly title: Words;
  /** How to read the figure. */
  readonly help: Words;
  readonly width: number;
  readonly height?: number;
  readonly unit?: string;
}

export interface Query {
  readonly expr: string;
  readonly legend?: string;
}

type Panel = stat.PanelBuilder | table.PanelBuilder | timeseries.PanelBuilder | statetimeline.PanelBuilder;

function framed<P extends Panel>(panel: P, { title, help, width, height = 8, unit }: Common, language: Language): P {
  panel.title(title[language]).description(help[language]).datasource(SOURCE).span(width).height(height);
  if (unit !== undefined) panel.unit(unit);
  return panel;
}

const REF_IDS = 'ABCDEFGH';

function target({ expr, legend = '' }: Query, at: number): prometheus.DataqueryBuilder {
  const query = new prometheus.DataqueryBuilder().expr(expr).datasource(SOURCE);
  return query.refId(REF_IDS.charAt(at)).legendFormat(legend);
}

export function range(query: Query, at = 0): prometheus.DataqueryBuilder {
  return target(query, at).range();
}

function instant(query: Query, at = 0): prometheus.DataqueryBuilder {
  return target(query, at).instant();
}

interface FigureOptions extends Common {
  readonly steps?: readonly Step[];
  readonly mappings?: Mappings;
}

/**
 * One figure as it is at the end of the chosen time, with what is missing said as such: an absent figure is no 0. Instant: the
 * last value of a range would go on being shown for days after the monitor was gone.
 */
export function figure(query: Query, options: FigureOptions): PanelBuilder {
  return (language) => {
    const panel = framed(new stat.PanelBuilder(), { height: 4, ...options }, language)
      .withTarget(instant(query))
      .graphMode(BigValueGraphMode.None)
      .colorMode(options.steps === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
      .noValue(language === 'fr' ? 'pas de mesure' : 'not measured');
    if (options.mappings !== undefined) panel.mappings(options.mappings(language));
    return panel.thresholds(thresholds(options.steps ?? [[null, 'text']]));
  };
}

export type Step = readonly [from: number | null, colour: string];

function thresholds(steps: readonly Step[]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

/** How a series is named and drawn; without a colour, in one of Grafana's own. */
export interface Look {
  readonly words: Words;
  readonly colour?: string;
}

interface SeriesOptions extends Common {
  readonly max?: number;
  readonly isStacked?: boolean;
  /** By the name that the legend gives. */
  readonly series?: Readonly<Record<string, Look>>;
}

/** Lines over time; a gap stays a gap. */
export function lines(queries: readonly Query[], options: SeriesOptions): PanelBuilder {
  return (language) => {
    const panel = framed(new timeseries.PanelBuilder(), options, language)
      .targets(queries.map(range))
      .min(0)
      .lineWidth(1)
      .fillOpacity(options.isStacked === true ? 60 : 5)
      .showPoints(VisibilityMode.Never)
      .spanNulls(false)
      .legend(
        new common.VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .showLegend(true),
      )
      .tooltip(new common.VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi));
    if (options.max !== undefined) panel.max(options.max);
    if (options.isStacked === true) panel.stacking(new common.StackingConfigBuilder().mode(StackingMode.Normal));
    for (const [name, { words, colour }] of Object.entries(options.series ?? {})) {
      const fixed = { mode: dashboard.FieldColorModeId.Fixed, fixedColor: colour };
      panel.overrideByName(name, [
        { id: 'displayName', value: words[language] },
        ...(colour === undefined ? [] : [{ id: 'color', value: fixed }]),
      ]);
    }
    return panel;
  };
}

export interface Column {
  readonly query: Query;
  readonly title: Words;
  readonly unit?: string;
  readonly decimals?: number;
  readonly mappings?: Mappings;
}

export interface TableOptions extends Common {
  /** Labels that name a row, in order; every other label is left out. The table is sorted by the first. */
  readonly rows: Readonly<Record<string, RowLabel>>;
}

export interface RowLabel extends Words {
  /** The dashboard, and the variable of it, that a click on the label opens. */
  readonly opens?: readonly [dashboard: string, variable: string];
  /** Pixels; without it the columns share what is left. */
  readonly width?: number;
  readonly mappings?: Mappings;
}

/**
 * One row a set of labels, one column a query; instant. Each query is brought to those labels: Grafana joins rows that have all
 * labels alike, and a metric's own name is a label, so that two plain metrics would never meet in one row.
 */
export function rows(columns: readonly Column[], options: TableOptions): PanelBuilder {
  const labels = Object.keys(options.rows);
  const queries = columns.map(({ query: { expr } }) => ({ expr: `max by (${labels.join(', ')}) (${expr})` }));
  return (language) => {
    const first = options.rows[labels[0] ?? '']?.[language] ?? '';
    const panel = framed(new table.PanelBuilder(), options, language)
      .targets(queries.map((query, at) => instant(query, at).format(prometheus.PromQueryFormat.Table)))
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({ id: 'organize', options: organised(columns, options, language) })
      .sortBy([new common.TableSortByFieldStateBuilder().displayName(first).desc(false)]);
    const overrides = [
      ...columns.map(({ title, unit, decimals, mappings }) => [title, { unit, decimals, mappings }] as const),
      ...Object.values(options.rows).map((label) => {
        const links = label.opens && [linkTo(label.opens, label, language)];
        return [label, { links, 'custom.width': label.width, mappings: label.mappings }] as const;
      }),
    ];
    for (const [words, { mappings, ...others }] of overrides) {
      const all: [string, unknown][] = Object.entries({ ...others, mappings: mappings?.(language) });
      const given = all.flatMap(([id, value]) => (value === undefined ? [] : [{ id, value }]));
      if (given.length > 0) panel.overrideByName(words[language], given);
    }
    return panel;
  };
}

function linkTo([name, variable]: readonly [string, string], words: Words, language: Language) {
  const chosen = `var-${variable}=\${__value.text:percentencode}&\${instance:queryparam}&\${__url_time_range}`;
  return { title: `${words[language]} \${__value.text}`, url: `/d/guetteur-${name}-${language}?${chosen}` };
}

function organised(columns: readonly Column[], options: TableOptions, language: Language): Record<string, unknown> {
  const value = (at: number): string => (columns.length === 1 ? 'Value' : `Value #${REF_IDS.charAt(at)}`);
  const names = Object.keys(options.rows);
  return {
    excludeByName: { Time: true },
    indexByName: Object.fromEntries([...names, ...columns.map((_, at) => value(at))].map((name, at) => [name, at])),
    renameByName: Object.fromEntries([
      ...Object.entries(options.rows).map(([name, words]) => [name, words[language]]),
      ...columns.map(({ title }, at) => [value(at), title[language]]),
    ]),
  };
}

/** What each thing was when, as coloured bars. */
export function timeline(query: Query, options: Common & { readonly mappings: Mappings }): PanelBuilder {
  return (language) =>
    framed(new statetimeline.PanelBuilder(), options, language)
      .withTarget(range(query))
      .mappings(options.mappings(language))
      // Its own default is a scale from green to red, which has no legend.
      .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.Fixed))
      .showValue(VisibilityMode.Never)
      .rowHeight(0.8)
      .lineWidth(0)
      .fillOpacity(90)
      .mergeValues(true)
      .legend(
        new common.VizLegendOptionsBuilder()
          .displayMode(LegendDisplayMode.List)
          .placement(LegendPlacement.Bottom)
          .showLegend(true),
      );
}

interface Side extends Words {
  readonly label: string;
  readonly mappings?: Mappings;
}

/** Two labels of an instant query as the rows and columns of a table, coloured by value, both in order. */
export function matrix(query: Query, options: Common & { readonly row: Side; readonly column: Side }): PanelBuilder {
  const { row, column } = options;
  // What Grafana calls the column of the rows' names.
  const corner = `${row.label}\\${column.label}`;
  const inOrder = (field: string) => ({ id: 'sortBy', options: { sort: [{ field }] } });
  return (language) => {
    const title = `${row[language]} \\ ${column[language]}`;
    return framed(new table.PanelBuilder(), options, language)
      .withTarget(instant(query).format(prometheus.PromQueryFormat.Table))
      .withTransformation(inOrder(column.label))
      .withTransformation({
        id: 'groupingToMatrix',
        options: { rowField: row.label, columnField: column.label, valueField: 'Value', emptyValue: 'null' },
      })
      .withTransformation(inOrder(corner))
      .withTransformation({ id: 'organize', options: { renameByName: { [corner]: title } } })
      .min(0)
      .max(1)
      .decimals(0)
      .minWidth(44)
      .cellOptions({ type: TableCellDisplayMode.ColorBackground, mode: common.TableCellBackgroundDisplayMode.Basic })
      .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.ContinuousBlues))
      .noValue(language === 'fr' ? 'non mesuré' : 'not measured')
      .overrideByName(title, [
        { id: 'custom.cellOptions', value: { type: TableCellDisplayMode.Auto } },
        { id: 'mappings', value: row.mappings?.(language) ?? [] },
      ]);
  };
}

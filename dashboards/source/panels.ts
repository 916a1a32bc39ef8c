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

/** One figure, with what is missing said as such: an absent figure is no 0. */
export function figure(query: Query, options: Common & { readonly steps?: readonly Step[] }): PanelBuilder {
  return (language) => {
    const panel = framed(new stat.PanelBuilder(), { height: 4, ...options }, language)
      .withTarget(range(query))
      .graphMode(BigValueGraphMode.None)
      .colorMode(options.steps === undefined ? BigValueColorMode.None : BigValueColorMode.Value)
      .reduceOptions(new common.ReduceDataOptionsBuilder().calcs(['lastNotNull']).values(false))
      .noValue(language === 'fr' ? 'pas de mesure' : 'not measured');
    return panel.thresholds(thresholds(options.steps ?? [[null, 'text']]));
  };
}

export type Step = readonly [from: number | null, colour: string];

function thresholds(steps: readonly Step[]): dashboard.ThresholdsConfigBuilder {
  return new dashboard.ThresholdsConfigBuilder()
    .mode(dashboard.ThresholdsMode.Absolute)
    .steps(steps.map(([value, color]) => ({ value, color })));
}

interface SeriesOptions extends Common {
  readonly max?: number;
  readonly isStacked?: boolean;
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
    return panel;
  };
}

export interface Column {
  readonly query: Query;
  readonly title: Words;
  readonly unit?: string;
  readonly decimals?: number;
}

export interface TableOptions extends Common {
  /** Labels that name a row, with the words over them, in order; every other label is left out. */
  readonly rows: Readonly<Record<string, Words>>;
}

/** One row a set of labels, one column a query; instant. */
export function rows(columns: readonly Column[], options: TableOptions): PanelBuilder {
  return (language) => {
    const panel = framed(new table.PanelBuilder(), options, language)
      .targets(columns.map(({ query }, at) => instant(query, at).format(prometheus.PromQueryFormat.Table)))
      .withTransformation({ id: 'merge', options: {} })
      .withTransformation({ id: 'organize', options: organised(columns, options, language) });
    for (const { title, unit, decimals } of columns) {
      panel.overrideByName(title[language], [
        ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
        ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
      ]);
    }
    return panel;
  };
}

/** Every label but those of the rows is hidden: the names of all labels that may come are known. */
const LABELS = ['Time', '__name__', 'job', 'instance', 'platform', 'department', 'prefecture', 'procedure', 'label'];
const MORE_LABELS = ['host', 'address', 'target', 'outcome', 'group', 'kind', 'subject', 'channel', 'state', 'file'];

function organised(columns: readonly Column[], options: TableOptions, language: Language): Record<string, unknown> {
  const value = (at: number): string => (columns.length === 1 ? 'Value' : `Value #${REF_IDS.charAt(at)}`);
  const names = Object.keys(options.rows);
  const hidden = [...LABELS, ...MORE_LABELS].filter((label) => !names.includes(label));
  return {
    excludeByName: Object.fromEntries(hidden.map((label) => [label, true])),
    indexByName: Object.fromEntries([...names, ...columns.map((_, at) => value(at))].map((name, at) => [name, at])),
    renameByName: Object.fromEntries([
      ...Object.entries(options.rows).map(([name, words]) => [name, words[language]]),
      ...columns.map(({ title }, at) => [value(at), title[language]]),
    ]),
  };
}

/** What each thing was when, as coloured bars. */
export function timeline(
  query: Query,
  options: Common & { mappings(language: Language): dashboard.ValueMapping[] },
): PanelBuilder {
  return (language) =>
    framed(new statetimeline.PanelBuilder(), options, language)
      .withTarget(range(query))
      .mappings(options.mappings(language))
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

/** Two labels of an instant query as the rows and columns of a table, coloured by value. */
export function matrix(
  query: Query,
  options: Common & { readonly row: string; readonly column: string },
): PanelBuilder {
  return (language) =>
    framed(new table.PanelBuilder(), options, language)
      .withTarget(instant(query).format(prometheus.PromQueryFormat.Table))
      .withTransformation({
        id: 'groupingToMatrix',
        options: { rowField: options.row, columnField: options.column, valueField: 'Value', emptyValue: 'null' },
      })
      .min(0)
      .max(1)
      .cellOptions({ type: TableCellDisplayMode.ColorBackground, mode: common.TableCellBackgroundDisplayMode.Basic })
      .colorScheme(new dashboard.FieldColorBuilder().mode(dashboard.FieldColorModeId.ContinuousBlues))
      .noValue(language === 'fr' ? 'non mesuré' : 'not measured');
}

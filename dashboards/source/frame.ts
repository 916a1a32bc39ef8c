import * as dashboard from '@grafana/grafana-foundation-sdk/dashboard';

import { range, SOURCE, type PanelBuilder } from './panels.ts';
import { HERE, withInfo } from './selectors.ts';
import type { Language, Words } from './words.ts';

/** What every dashboard has around its panels: data source, variables, annotations, links to the others. */

/**
 * Grafana 11.0 writes this version; it takes it without migrating, and later ones migrate it silently. The builder's own
 * default is of a later Grafana.
 */
const SCHEMA_VERSION = 39;

export interface DashboardSpec {
  /** Kebab-case; file name and last part of the stable address. */
  readonly name: string;
  readonly title: Words;
  readonly description: Words;
  readonly from: string;
  readonly variables: readonly Variable[];
  readonly panels: readonly (PanelBuilder | Row)[];
}

/** A heading over the panels that follow. */
export interface Row {
  readonly row: Words;
}

export interface Variable {
  readonly name: string;
  readonly label: Words;
  /** PromQL of a label's values, or fixed choices, the first chosen. */
  readonly values: { readonly metric: string; readonly label: string } | readonly string[];
  /** Several may be chosen; all are at first. */
  readonly isMulti: boolean;
}

export const WINDOW: Variable = {
  name: 'window',
  label: { fr: 'Fenêtre', en: 'Window' },
  values: ['7d', '1h', '1d', '30d'],
  isMulti: false,
};

const INSTANCE: Variable = {
  name: 'instance',
  label: { fr: 'Instance', en: 'Instance' },
  values: { metric: 'guetteur_build_info', label: 'instance' },
  isMulti: false,
};

/** The classic model: the builder calls it deprecated for one that Grafana 11 cannot read. */
// oxlint-disable-next-line typescript/no-deprecated
export function build(spec: DashboardSpec, language: Language): dashboard.Dashboard {
  // oxlint-disable-next-line typescript/no-deprecated
  const frame = new dashboard.DashboardBuilder(`Guetteur: ${spec.title[language]}`)
    .uid(`guetteur-${spec.name}-${language}`)
    .description(spec.description[language])
    .tags(['guetteur', `guetteur-${language}`])
    .timezone('Europe/Paris')
    .weekStart('monday')
    .readonly()
    .time({ from: spec.from, to: 'now' })
    .refresh('1m')
    .tooltip(dashboard.DashboardCursorSync.Crosshair)
    .link(links(language))
    .withVariable(new dashboard.DatasourceVariableBuilder('source').label('Prometheus').type('prometheus'));
  for (const variable of [INSTANCE, ...spec.variables]) frame.withVariable(variableOf(variable, language));
  for (const annotation of annotations(language)) frame.annotation(annotation);
  for (const panel of spec.panels) {
    if (typeof panel === 'function') frame.withPanel(panel(language));
    else frame.withRow(new dashboard.RowBuilder(panel.row[language]));
  }
  return { ...trimmed(frame.build()), schemaVersion: SCHEMA_VERSION };
}

/** Without what the builder writes by default and Grafana 11 does not know, or a later one no longer does. */
// oxlint-disable-next-line typescript/no-deprecated
function trimmed(built: dashboard.Dashboard): dashboard.Dashboard {
  for (const variable of built.templating.list ?? []) {
    delete variable.auto;
    delete variable.auto_min;
    delete variable.auto_count;
  }
  for (const placed of [...(built.annotations.list ?? []), ...(built.links ?? [])]) delete placed.placement;
  for (const panel of built.panels ?? []) {
    const options: unknown = 'options' in panel ? panel.options : undefined;
    if (typeof options === 'object' && options !== null && 'footer' in options) delete options.footer;
  }
  return built;
}

function links(language: Language): dashboard.DashboardLinkBuilder {
  return new dashboard.DashboardLinkBuilder('Guetteur')
    .type(dashboard.DashboardLinkType.Dashboards)
    .tags([`guetteur-${language}`])
    .includeVars(true)
    .keepTime(true);
}

function variableOf({ name, label, values, isMulti }: Variable, language: Language) {
  if ('metric' in values) {
    const query = `label_values(${values.metric}, ${values.label})`;
    return (
      new dashboard.QueryVariableBuilder(name)
        .label(label[language])
        .datasource(SOURCE)
        .query({ query, refId: name })
        .refresh(dashboard.VariableRefresh.OnTimeRangeChanged)
        // oxlint-disable-next-line unicorn/no-array-sort -- the order of a list of choices
        .sort(dashboard.VariableSort.AlphabeticalAsc)
        .multi(isMulti)
        .includeAll(isMulti)
        .current(isMulti ? { text: 'All', value: '$__all', selected: true } : { text: '', value: '' })
    );
  }
  const [first = ''] = values;
  return new dashboard.CustomVariableBuilder(name)
    .label(label[language])
    .values(values.join(','))
    .current({ text: first, value: first, selected: true });
}

/** The start of each opening and outage that lasted then, as the monitor knew it. */
function annotations(language: Language): dashboard.AnnotationQueryBuilder[] {
  const kinds = [
    {
      name: { fr: 'Ouvertures', en: 'Openings' },
      metric: 'guetteur_target_opening_start_timestamp_seconds',
      colour: '#56A64B',
    },
    {
      name: { fr: 'Pannes', en: 'Outages' },
      metric: 'guetteur_target_outage_start_timestamp_seconds',
      colour: '#D44A3A',
    },
  ];
  return kinds.map(({ name, metric, colour }) =>
    new dashboard.AnnotationQueryBuilder()
      .name(name[language])
      .datasource(SOURCE)
      .enable(true)
      .iconColor(colour)
      .target(range({ expr: withInfo(`1000 * ${metric}{${HERE}}`, 'department, label') }).interval('60s'))
      .titleFormat(`${name[language]}: {{department}} {{label}}`)
      .textFormat('{{target}} {{outcome}}')
      // The value is the start itself, in milliseconds: a late scrape does not move the mark.
      .useValueForTime(true),
  );
}

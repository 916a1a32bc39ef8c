/** Dashboards, rules and catalogue of metrics, held together: nothing asks for what is not there, nothing is there unused. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';

import { generated } from '../../dashboards/source/generated.ts';
import { OUTCOMES } from '../../src/core/outcome.ts';
import { METRICS } from '../../src/metrics/catalogue.ts';
import { chosen, committedDashboards, committedRules, ROOT, type Panel } from '../support/dashboards.ts';
import { askedBy, outermostBy } from '../support/promql.ts';

const LABELS_OF_SCRAPES = ['job', 'instance', 'le'];
/** What Prometheus itself writes. */
const OF_PROMETHEUS = new Map([
  ['up', []],
  ['scrape_duration_seconds', []],
]);

const recording = committedRules('recording/*').groups.flatMap((group) => group.rules);
const alerting = committedRules('alerting').groups.flatMap((group) => group.rules);
const recorded = new Set(recording.flatMap(({ record = '' }) => [record]));

const labelsOf = new Map<string, readonly string[]>([
  ...OF_PROMETHEUS,
  ...Object.values(METRICS).flatMap(({ name, type, labels }) => {
    const names = type === 'histogram' ? ['_bucket', '_sum', '_count'].map((end) => `${name}${end}`) : [name];
    return names.map((full) => [full, labels] as const);
  }),
]);
const everyLabel = new Set([...LABELS_OF_SCRAPES, ...[...labelsOf.values()].flat()]);

/** Variables that every dashboard has. */
const OF_GRAFANA = ['__all', '__range', '__value', '__url_time_range'];

interface Place {
  readonly where: string;
  readonly expr: string;
}

function queries(): Place[] {
  const ofPanels = committedDashboards().flatMap(({ path, dashboard }) => [
    ...dashboard.panels.flatMap(({ title, targets }) =>
      targets.map(({ expr }) => ({ where: `${path}: ${title}`, expr })),
    ),
    ...dashboard.annotations.list.map(({ name, target }) => ({ where: `${path}: ${name}`, expr: target.expr })),
    ...variableQueries(path, dashboard.templating.list),
  ]);
  const ofRules = [...recording, ...alerting].map(({ record, alert, expr }) => ({
    where: record ?? alert ?? '',
    expr,
  }));
  // The window stands within names of metrics.
  return [...ofPanels, ...ofRules].map(({ where, expr }) => ({
    where,
    expr: chosen(expr, { window: '7d', __range: '7d' }),
  }));
}

function variableQueries(path: string, list: readonly { name: string; query: unknown }[]): Place[] {
  return list.flatMap(({ name, query }) => {
    const found = /label_values\((.+), (\w+)\)/.exec(JSON.stringify(query).replaceAll('\\"', '"'));
    if (found === null) return [];
    const [, metric = '', label = ''] = found;
    return [{ where: `${path}: $${name}`, expr: `count by (${label}) (${metric})` }];
  });
}

/** What an expression asks for and is not there. */
function unknown({ expr }: Place): string[] {
  const { metrics, grouping, isWhole } = askedBy(expr);
  const wrong = metrics.flatMap(({ name, labels }) => {
    if (recorded.has(name)) return labels.filter((label) => !everyLabel.has(label) && label !== 'result');
    const known = labelsOf.get(name);
    if (known === undefined) return [name];
    return labels
      .filter((label) => ![...known, ...LABELS_OF_SCRAPES].includes(label))
      .map((label) => `${name}{${label}}`);
  });
  return [...(isWhole ? [] : ['not PromQL']), ...wrong, ...grouping.filter((label) => !everyLabel.has(label))];
}

describe('dashboards, rules and metrics', () => {
  const all = queries();

  test('ask for metrics and labels that exist, each query whole', () => {
    assert.ok(all.length > 150, `only ${all.length} queries were found: the search is broken`);
    const wrong = all.flatMap((place) => unknown(place).map((what) => `${place.where} asks for ${what}`));
    assert.deepEqual(wrong, []);
  });

  test('the check finds what is not there', () => {
    const places = ['guetteur_nothing', 'guetteur_breaker_open{colour="red"}', 'sum by (shape) (up)', 'sum(up'];
    assert.deepEqual(
      places.map((expr) => unknown({ where: '', expr })),
      [['guetteur_nothing'], ['guetteur_breaker_open{colour}'], ['shape'], ['not PromQL']],
    );
  });

  test('leave no metric unused, and no recorded series', () => {
    const asked = new Set(all.flatMap(({ expr }) => askedBy(expr).metrics.map(({ name }) => name)));
    const isUsed = (name: string): boolean => ['', '_bucket', '_sum', '_count'].some((end) => asked.has(name + end));
    assert.deepEqual(
      Object.values(METRICS)
        .filter(({ name }) => !isUsed(name))
        .map(({ name }) => name),
      [],
    );
    const windowed = new Set([...asked].map((name) => name.replace(/\d+[hd]$/, '')));
    assert.deepEqual(
      [...recorded].filter((name) => !windowed.has(name.replace(/\d+[hd]$/, ''))),
      [],
    );
  });

  test('stand in the repository as the code makes them', async () => {
    const files = await generated(readFileSync(join(ROOT, 'README.md'), 'utf8'));
    const committed = globSync('dashboards/grafana/**/*.json', { cwd: ROOT });
    assert.deepEqual(committed.toSorted(), [...files.keys()].filter((path) => path.endsWith('.json')).toSorted());
    for (const [path, text] of files)
      assert.ok(
        readFileSync(join(ROOT, path), 'utf8') === text,
        `${path} is not what the code makes: npm run generate`,
      );
  });
});

describe('the dashboards', () => {
  const all = committedDashboards();

  test('explain each panel, in two languages that have the same panels and queries', () => {
    assert.equal(all.length, 10);
    for (const { path, dashboard } of all.filter((one) => one.path.includes('/fr/'))) {
      const other = all.find((one) => one.path === path.replace('/fr/', '/en/'));
      const queriesOf = (panels: typeof dashboard.panels): unknown =>
        panels.map(({ type, targets }) => [type, targets]);
      assert.deepEqual(queriesOf(dashboard.panels), queriesOf(other?.dashboard.panels ?? []));
    }
    for (const { path, dashboard } of all) {
      for (const { title, description = '', type } of dashboard.panels.filter((one) => one.type !== 'row'))
        assert.ok(title.length > 3 && description.length > 20, `${path}: ${type} "${title}" is not explained`);
    }
  });

  test('use only variables that they have, and link to each other', () => {
    const tags = new Set(all.flatMap(({ dashboard }) => dashboard.tags));
    for (const { path, dashboard } of all) {
      const names = new Set([...OF_GRAFANA, ...dashboard.templating.list.map(({ name }) => name)]);
      const used = [...JSON.stringify(dashboard).matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name);
      assert.deepEqual(
        used.filter((name) => !names.has(name)),
        [],
        path,
      );
      assert.ok(used.includes('instance') && used.includes('source'));
      assert.ok(dashboard.links.length > 0 && dashboard.links.every((link) => link.tags.every((tag) => tags.has(tag))));
    }
  });

  test('have addresses of their own, and the version that Grafana 11 writes', () => {
    assert.equal(new Set(all.map(({ dashboard }) => dashboard.uid)).size, all.length);
    assert.deepEqual([...new Set(all.map(({ dashboard }) => dashboard.schemaVersion))], [39]);
  });

  test('have tables with one row a thing: each query is brought to the labels that the table shows', () => {
    const tables = all.flatMap(({ path, dashboard }) =>
      dashboard.panels
        .filter(({ transformations }) => transformations.some(({ id }) => id === 'merge'))
        .map((panel) => ({ where: `${path}: ${panel.title}`, ...tableOf(panel) })),
    );
    assert.ok(tables.length >= 24, `only ${tables.length} tables`);
    for (const { where, grouping, labels, values, expected, shown, named } of tables) {
      for (const by of grouping) assert.deepEqual(by, labels, where);
      assert.deepEqual(values, expected, where);
      assert.deepEqual(
        named.filter((name) => !shown.includes(name)),
        [],
        `${where} speaks of columns that it has not`,
      );
    }
  });

  test('name and colour every outcome in timelines, with a legend', () => {
    const timelines = all.flatMap(({ dashboard }) => dashboard.panels.filter(({ type }) => type === 'state-timeline'));
    assert.equal(timelines.length, 4);
    for (const { fieldConfig } of timelines) {
      const { color, mappings } = z
        .object({ color: z.object({ mode: z.string() }), mappings: z.tuple([z.object({ options: outcomeTexts })]) })
        .parse(fieldConfig.defaults);
      // Grafana leaves the legend out where colours are a scale.
      assert.equal(color.mode, 'fixed');
      assert.deepEqual(
        Object.keys(mappings[0].options),
        OUTCOMES.map((_, at) => String(at + 1)),
      );
      const texts = Object.values(mappings[0].options).map(({ text }) => text);
      assert.equal(new Set(texts).size, texts.length);
    }
  });

  test('ask figures at one instant: a figure of a monitor that is gone is not shown as news', () => {
    const figures = all.flatMap(({ dashboard }) => dashboard.panels.filter(({ type }) => type === 'stat'));
    assert.ok(figures.length > 40);
    assert.ok(
      figures.every(({ targets }) => targets.every(({ instant, range }) => instant === true && range !== true)),
    );
  });

  test('lead from a row to a dashboard that exists, and to a variable of it', () => {
    const links = all.flatMap(({ json }) => [...JSON.stringify(json).matchAll(/"url":"\/d\/([\w-]+)\?var-(\w+)=/g)]);
    assert.ok(links.length > 0);
    for (const [, uid, variable] of links) {
      const found = all.find(({ dashboard }) => dashboard.uid === uid);
      assert.ok(
        found?.dashboard.templating.list.some(({ name }) => name === variable),
        `${uid} ${variable}`,
      );
    }
  });

  test('show one monitor at a time: what two see of the same targets is not added', () => {
    for (const { path, dashboard } of all) {
      const instance = dashboard.templating.list.find(({ name }) => name === 'instance');
      assert.deepEqual([instance?.['multi'], instance?.['includeAll']], [false, false], path);
    }
  });

  /** The oldest Grafana that is promised, and the newest. */
  for (const [schema, end] of [
    ['@grafana/schema-11', '.d.ts'],
    ['@grafana/schema', ''],
  ] as const) {
    test(`fit Grafana's published schema, panel by panel: ${schema}`, async () => {
      const folder = await mkdtemp(join(ROOT, 'node_modules/.schema-'));
      try {
        for (const [at, { json }] of all.entries())
          await writeFile(join(folder, `d${at}.ts`), typed(json, { schema, end }));
        const wrong = schemaErrors(folder);
        assert.ok(wrong === '', wrong.slice(0, 3_000));
        await writeFile(
          join(folder, 'd0.ts'),
          typed({ ...(all[0]?.json as object), graphTooltip: 'sideways' }, { schema, end }),
        );
        assert.match(schemaErrors(folder), /d0\.ts.*DashboardCursorSync/);
      } finally {
        await rm(folder, { recursive: true });
      }
    });
  }
});

const outcomeTexts = z.record(z.string(), z.object({ text: z.string().min(3), color: z.string().regex(/^#\w{6}$/) }));
const organise = z.object({
  excludeByName: z.record(z.string(), z.literal(true)),
  renameByName: z.record(z.string(), z.string()),
});

/**
 * Grafana joins rows that have every label alike, a metric's own name too: a query that is not brought to the labels of the
 * table by `max by (…)` makes rows of its own. A table of one query calls its figure `Value`, others `Value #A` and on.
 */
function tableOf({ targets, transformations, fieldConfig, options }: Panel) {
  const { excludeByName, renameByName } = organise.parse(
    transformations.find(({ id }) => id === 'organize')?.options ?? {},
  );
  assert.deepEqual(excludeByName, { Time: true });
  const columns = Object.keys(renameByName);
  const sorted = z.array(z.object({ displayName: z.string() })).parse(options['sortBy'] ?? []);
  return {
    grouping: targets.map(({ expr }) => outermostBy(expr)),
    labels: columns.filter((name) => !name.startsWith('Value')),
    values: columns.filter((name) => name.startsWith('Value')),
    expected: targets.length === 1 ? ['Value'] : targets.map(({ refId }) => `Value #${refId}`),
    shown: Object.values(renameByName),
    named: [
      ...fieldConfig.overrides.map(({ matcher }) => String(matcher.options)),
      ...sorted.map((one) => one.displayName),
    ],
  };
}

/** JSON has strings where the schema has enums: the same words, without their names. */
const LOOSE = `type Loose<T> = T extends string ? \`\${T}\` : T extends number | boolean | null | undefined ? T
  : T extends (infer E)[] ? Loose<E>[] : { [K in keyof T]: Loose<T[K]> };
`;
/** What Prometheus' data source adds to an annotation, and what an older or newer table no longer or not yet has. */
const ANNOTATION = `type OfPrometheus = { titleFormat?: string; textFormat?: string; useValueForTime?: boolean;
  target?: { expr: string; instant?: boolean; range?: boolean; interval?: string; legendFormat?: string } };
type Checked = Omit<Loose<Dashboard>, 'annotations'> & { annotations: { list: (Loose<AnnotationQuery> & OfPrometheus)[] } };
`;
const PANELS: Readonly<Record<string, string>> = {
  stat: 'stat/panelcfg/x/StatPanelCfg_types.gen',
  table: 'table/panelcfg/x/TablePanelCfg_types.gen',
  timeseries: 'timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen',
  'state-timeline': 'statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen',
};

function typed(json: unknown, { schema, end }: { schema: string; end: string }): string {
  const { panels } = z
    .object({ panels: z.array(z.looseObject({ type: z.string(), options: z.unknown().optional() })) })
    .parse(json);
  const imports = Object.entries(PANELS).map(
    ([type, path]) =>
      `import type { Options as ${nameOf(type)} } from '${schema}/dist/esm/raw/composable/${path}${end}';`,
  );
  const options = panels
    .filter(({ type }) => type !== 'row')
    .map(
      (panel, at) => `export const o${at}: Loose<Partial<${nameOf(panel.type)}>> = ${JSON.stringify(panel.options)};`,
    );
  const head = `import type { AnnotationQuery, Dashboard } from '${schema}';`;
  const body = `export const dashboard: Checked = ${JSON.stringify(json, null, 1)};`;
  return [head, ...imports, LOOSE, ANNOTATION, ...options, body].join('\n');
}

function nameOf(type: string): string {
  return `Of_${type.replace('-', '_')}`;
}

function schemaErrors(folder: string): string {
  const files = globSync('*.ts', { cwd: folder }).map((name) => join(folder, name));
  const flags = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'esnext', '--moduleResolution', 'bundler'];
  const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
  const { stdout, stderr } = spawnSync(process.execPath, [tsc, '--ignoreConfig', ...flags, ...files], {
    encoding: 'utf8',
  });
  return stdout + stderr;
}

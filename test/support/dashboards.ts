import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

/** The committed dashboards and rules, read as Grafana and Prometheus read them. */

export const ROOT = join(import.meta.dirname, '../..');

const query = z
  .object({ refId: z.string(), expr: z.string(), instant: z.boolean().optional(), range: z.boolean().optional() })
  .loose();
const panel = z.object({
  type: z.string(),
  title: z.string(),
  description: z.string().optional(),
  targets: z.array(query).default([]),
  transformations: z.array(z.object({ id: z.string(), options: z.record(z.string(), z.unknown()) })).default([]),
  fieldConfig: z
    .object({
      defaults: z.looseObject({}),
      overrides: z
        .array(
          z.object({
            matcher: z.object({ id: z.string(), options: z.unknown() }),
            properties: z.array(z.object({ id: z.string(), value: z.unknown() })),
          }),
        )
        .default([]),
    })
    .default({ defaults: {}, overrides: [] }),
  options: z.looseObject({}).default({}),
});
const dashboard = z
  .object({
    uid: z.string(),
    title: z.string(),
    schemaVersion: z.number(),
    panels: z.array(panel),
    templating: z.object({ list: z.array(z.object({ name: z.string(), query: z.unknown() }).loose()) }),
    annotations: z.object({
      list: z.array(z.object({ name: z.string(), target: query.omit({ refId: true }) }).loose()),
    }),
    links: z.array(z.object({ tags: z.array(z.string()) }).loose()),
    tags: z.array(z.string()),
  })
  .loose();
export type Dashboard = z.infer<typeof dashboard>;
export type Panel = z.infer<typeof panel>;

export interface CommittedDashboard {
  readonly path: string;
  readonly json: unknown;
  readonly dashboard: Dashboard;
}

export function committedDashboards(language = '*'): CommittedDashboard[] {
  return globSync(`dashboards/grafana/${language}/*.json`, { cwd: ROOT })
    .toSorted()
    .map((path) => {
      const json: unknown = JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
      return { path, json, dashboard: dashboard.parse(json) };
    });
}

const rules = z.object({
  groups: z.array(
    z.object({
      name: z.string(),
      interval: z.string().optional(),
      rules: z.array(
        z
          .object({
            record: z.string().optional(),
            alert: z.string().optional(),
            expr: z.string(),
            for: z.string().optional(),
            keep_firing_for: z.string().optional(),
            labels: z.record(z.string(), z.string()).default({}),
            annotations: z.record(z.string(), z.string()).default({}),
          })
          .strict(),
      ),
    }),
  ),
});
type Rules = z.infer<typeof rules>;

export function committedRules(name: 'recording/*' | 'alerting'): Rules {
  const files = globSync(`dashboards/prometheus/${name}.yaml`, { cwd: ROOT });
  return { groups: files.flatMap((path) => rules.parse(parse(readFileSync(join(ROOT, path), 'utf8'))).groups) };
}

/** A query as Grafana sends it, with these choices. */
export function chosen(expression: string, choices: Readonly<Record<string, string>>): string {
  return expression.replace(/\$(\w+)/g, (whole, name: string) => choices[name] ?? whole);
}

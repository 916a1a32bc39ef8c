import { format, resolveConfig } from 'prettier';
import { stringify } from 'yaml';

import { METRICS } from '../../src/metrics/catalogue.ts';
import { CONDUCT } from './conduct.ts';
import { DEPARTMENT } from './department.ts';
import { FRANCE } from './france.ts';
import { build, type DashboardSpec } from './frame.ts';
import { MONITOR } from './monitor.ts';
import { RECORDING_RULES } from './recording.ts';
import { SERVICES } from './services.ts';
import { LANGUAGES } from './words.ts';

/** What is written from code and committed: `npm run generate` writes it, a test holds it. Paths from the repository's root. */

const DASHBOARDS: readonly DashboardSpec[] = [FRANCE, DEPARTMENT, SERVICES, CONDUCT, MONITOR];

const RULES_HEAD = '# Written by `npm run generate` from dashboards/source/recording.ts.\n';

/** File by path, formatted as prettier leaves it. `readme` is the README as it stands. */
export async function generated(readme: string): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const spec of DASHBOARDS) {
    for (const language of LANGUAGES)
      files.set(`dashboards/grafana/${language}/${spec.name}.json`, JSON.stringify(build(spec, language)));
  }
  for (const group of RECORDING_RULES) {
    const rules = stringify({ groups: [group] }, { lineWidth: 0 });
    files.set(`dashboards/prometheus/recording/${group.name}.yaml`, RULES_HEAD + rules);
  }
  files.set('README.md', withMetrics(readme));
  for (const [path, text] of files) files.set(path, await formatted(path, text));
  return files;
}

async function formatted(path: string, text: string): Promise<string> {
  const options = await resolveConfig(path);
  return await format(text, { ...options, filepath: path });
}

/** The README with the table of metrics as the catalogue has it. */
function withMetrics(readme: string): string {
  const rows = Object.values(METRICS).map(({ name, type, unit, labels, help }) => {
    const named = labels.length === 0 ? '-' : labels.map((label) => `\`${label}\``).join(', ');
    return `| \`${name}\` | ${type} | ${unit} | ${named} | ${help} |`;
  });
  const head = ['| Metric | Type | Unit | Labels | Help |', '| --- | --- | --- | --- | --- |'];
  const table = `<!-- metrics -->\n\n${[...head, ...rows].join('\n')}\n\n<!-- /metrics -->`;
  return readme.replace(/<!-- metrics -->.*<!-- \/metrics -->/s, () => table);
}

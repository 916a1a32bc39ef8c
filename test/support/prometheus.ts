import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse, stringify } from 'yaml';
import { z } from 'zod';

import { ROOT } from './dashboards.ts';

/** A real Prometheus and a real Alertmanager on loopback, with the committed configuration, hurried. */

const run = promisify(execFile);

/** Debian calls Alertmanager by a longer name than its makers. */
const ALERTMANAGERS = ['prometheus-alertmanager', 'alertmanager'];
export const PROGRAMS = ['prometheus', 'promtool', 'amtool'];

export function isInstalled(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;
}

export function alertmanagerProgram(): string | undefined {
  return ALERTMANAGERS.find(isInstalled);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  return port;
}

export interface Daemon {
  readonly url: string;
  readonly child: ChildProcess;
  readonly log: () => string;
}

function daemon(program: string, args: readonly string[], url: string): Daemon {
  const child = spawn(program, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  return { url, child, log: () => log };
}

/** Reads the committed file and hands it to `change` as plain data; writes it to `path`. */
async function adapted(source: string, path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(join(ROOT, source), 'utf8')));
}

/** Every second what is every minute or later in the world; the words of the rules stay as they are. */
function hurried(text: string): string {
  return text.replace(/(?<=\b(?:interval|for): )\w+$/gm, '1s');
}

export interface PrometheusOptions {
  readonly folder: string;
  readonly target: string;
  readonly token: string;
  readonly alertmanager: string;
  /** Samples of the past in the OpenMetrics format; '' for none. */
  readonly past: string;
}

export async function startPrometheus({ folder, ...options }: PrometheusOptions): Promise<Daemon> {
  const data = join(folder, 'prometheus');
  const config = join(folder, 'prometheus-config');
  await mkdir(data, { recursive: true });
  await mkdir(config, { recursive: true });
  if (options.past !== '') {
    const file = join(folder, 'past.txt');
    await writeFile(file, options.past);
    await run('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=240h', file, data]);
  }
  const token = join(config, 'token');
  await writeFile(token, options.token);
  await mkdir(join(config, 'recording'), { recursive: true });
  for (const path of globSync(['recording/*.yaml', 'alerting.yaml'], { cwd: join(ROOT, 'dashboards/prometheus') }))
    await adapted(`dashboards/prometheus/${path}`, join(config, path), hurried);
  await adapted('dashboards/prometheus/prometheus.yaml', join(config, 'prometheus.yaml'), (text) =>
    text
      // A scrape has its time on a busy machine too: one that is late would say that the monitor is down.
      .replace(/(scrape_interval|scrape_timeout): \w+/g, '$1: 3s')
      .replace(/evaluation_interval: \w+/, 'evaluation_interval: 1s')
      .replace('/run/secrets/metrics_token', token)
      .replace('guetteur:8640', options.target)
      .replace('alertmanager:9093', options.alertmanager),
  );
  const port = await freePort();
  const args = [`--config.file=${join(config, 'prometheus.yaml')}`, `--storage.tsdb.path=${data}`];
  const more = [`--web.listen-address=127.0.0.1:${port}`, '--storage.tsdb.retention.time=400d'];
  return daemon('prometheus', [...args, ...more], `http://127.0.0.1:${port}`);
}

export interface AlertmanagerOptions {
  readonly folder: string;
  readonly port: number;
  /** Where the receiver `guetteur` is, and where the ones of regions are. */
  readonly guetteur: string;
  readonly regions: string;
  readonly token: string;
}

export async function startAlertmanager({ folder, port, ...options }: AlertmanagerOptions): Promise<Daemon> {
  const path = join(folder, 'alertmanager.yaml');
  const token = join(folder, 'hook-token');
  await writeFile(token, options.token);
  await adapted('dashboards/alertmanager/alertmanager.yaml', path, (text) => {
    const config = parse(
      text.replace(/(group_wait|group_interval): \w+/g, '$1: 1s').replace('/run/secrets/hook_token', token),
      {
        maxAliasCount: -1,
      },
    ) as { receivers: { name: string; webhook_configs: { url: string }[] }[] };
    for (const receiver of config.receivers) {
      const url = receiver.name === 'guetteur' ? options.guetteur : options.regions;
      receiver.webhook_configs = receiver.webhook_configs.map((hook) => ({ ...hook, url }));
    }
    return stringify(config, { aliasDuplicateObjects: false });
  });
  const listen = [`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='];
  const args = [`--config.file=${path}`, `--storage.path=${join(folder, 'alertmanager')}`, ...listen];
  return daemon(alertmanagerProgram() ?? '', args, `http://127.0.0.1:${port}`);
}

const series = z.object({
  metric: z.record(z.string(), z.string()),
  value: z.tuple([z.number(), z.string()]).optional(),
  values: z.array(z.tuple([z.number(), z.string()])).optional(),
});
export type Series = z.infer<typeof series>;
const answer = z.object({
  status: z.string(),
  error: z.string().optional(),
  data: z.object({ result: z.array(series) }).optional(),
});

/** The answer to one query; throws with Prometheus' own words when it is refused. */
export async function ask(
  url: string,
  expr: string,
  range?: { start: number; end: number; step: number },
): Promise<Series[]> {
  const path = range === undefined ? 'query' : 'query_range';
  const body = new URLSearchParams({ query: expr, ...(range === undefined ? {} : asText(range)) });
  const response = await fetch(`${url}/api/v1/${path}`, { method: 'POST', body });
  const { status, error, data } = answer.parse(await response.json());
  if (status !== 'success') throw new Error(`${error ?? status}: ${expr}`);
  return data?.result ?? [];
}

function asText(numbers: Readonly<Record<string, number>>): Record<string, string> {
  return Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, String(value)]));
}

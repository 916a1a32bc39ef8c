import { rm } from 'node:fs/promises';
import { request } from 'node:http';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Hono } from 'hono';

import { openFigures } from '../src/figures-thread.ts';
import { openStore } from '../src/store/open.ts';
import { API_RULES, openDataRoutes } from '../src/web/open-data/routes.ts';
import { serveWeb } from '../src/web/server.ts';
import { loadOutlines } from '../src/web/site/map/outlines.ts';
import { Pictures } from '../src/web/site/pictures/pictures.ts';
import { SITE_RULES, sitePages } from '../src/web/site/mount.ts';
import { SiteWriter } from '../src/web/site/writer.ts';
import { folderOfYear, note, p95, periodOfRound, UNTIL } from './year.ts';
import { siteFacts } from '../test/support/site-facts.ts';

/**
 * Whole answers over HTTP, from a year of 200 targets: `node bench/pages.ts [folder]`. The server, the figures in their thread and the
 * compression are those of the monitor. Uncached: a period that nobody asked for before, nothing kept of the answer. Cached: the same
 * question again. Times run from the request to its last byte.
 */

const ROUNDS = 40;
const KEPT_MS = 120_000;
const WATCHED = ['93', '75', '92', '94', '69'];
const TARGETS = ['rdv-prefecture-93-guichet-000', 'rdv-prefecture-93-guichet-020'];
const PLENTY = { count: 1_000_000, withinMs: 1_000 };

/** What each round asks for. The API is told its period, a page shows the last days. */
const QUESTIONS: Readonly<Record<string, (round: number) => string>> = {
  home: () => 'fr/',
  department: (round) => `fr/department/${WATCHED[round % WATCHED.length] ?? '93'}/`,
  target: (round) => `fr/target/${TARGETS[round % TARGETS.length] ?? ''}/`,
  service: () => 'fr/service/anef/',
  compare: (round) => `fr/compare/?${halves(round)}`,
  data: () => 'fr/data/',
  status: () => 'fr/status/',
  badge: () => 'fr/department/93/badge.svg',
  apiNational: (round) => `api/v1/national?${range(round)}`,
  apiDepartment: (round) => `api/v1/departments/93?${range(round)}`,
  apiTarget: (round) => `api/v1/targets/${TARGETS[round % TARGETS.length] ?? ''}?${range(round)}`,
  csvShares: (round) => `api/v1/tables/shares.csv?${range(round)}`,
  csvDaysOfDepartment: (round) => `api/v1/tables/days.csv?department=93&${range(round)}`,
  csvDaysOfAll: (round) => `api/v1/tables/days.csv?${range(round)}`,
  jsonDaysOfAll: (round) => `api/v1/tables/days.json?${range(round)}`,
  parquetDaysOfAll: (round) => `api/v1/tables/days.parquet?${range(round)}`,
};

function range(round: number): string {
  return new URLSearchParams({ ...periodOfRound(round) }).toString();
}

/** Four weeks and the four weeks before them. */
function halves(round: number): string {
  const { to } = periodOfRound(round);
  const day = (before: number): string => new Date(Date.parse(to) - before * 86_400_000).toISOString().slice(0, 10);
  return new URLSearchParams({ of: 'department:93', bf: day(60), bt: day(30), af: day(29), at: to }).toString();
}

interface Answer {
  readonly ms: number;
  readonly bytes: number;
  readonly status: number;
}

function ask(address: URL): Promise<Answer> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    request(address, { headers: { 'accept-encoding': 'br, gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
      });
      answer.on('end', () => resolve({ ms: performance.now() - began, bytes, status: answer.statusCode ?? 0 }));
    })
      .on('error', reject)
      .end();
  });
}

/** How long the loop of the server, on which checks run too, was kept from everything else. */
async function longestHold(work: () => Promise<void>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const beat = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 5);
    last = now;
  }, 5);
  await work();
  clearInterval(beat);
  return Math.round(Math.max(longest, performance.now() - last - 5));
}

const folder = await folderOfYear();
const clock = { now: UNTIL, round: 0 };
const store = await openStore(folder);
/** Its last days end a day earlier every round. */
const figures = Object.assign(await openFigures({ folder, practice: false }), {
  lastDays: () => periodOfRound(clock.round),
});
const publisher = { name: 'Bench', page: 'https://association.example/', practice: false };
const writer = new SiteWriter({
  facts: siteFacts({ publisher }),
  figures,
  targets: new Map((await store.knownTargets()).map((target) => [target.id, target])),
  store,
  pictures: new Pictures({
    store,
    blobs: { get: () => Promise.reject(new Error('no pictures here')) },
    now: () => clock.now,
  }),
  outlines: loadOutlines(),
  now: () => clock.now,
});
const limits = { keptMs: KEPT_MS, perClient: PLENTY, overall: PLENTY };
const now = (): number => clock.now;
const onFailure = (reason: string): void => note(`failed: ${reason}`);
const site = sitePages({
  writer,
  now,
  onFailure,
  rules: { ...SITE_RULES, ...limits },
});
const rules = { ...API_RULES, ...limits };
const api = openDataRoutes({
  figures,
  publisher,
  version: '0.1.0',
  dumps: join(folder, 'open-data'),
  onFailure,
  rules,
  now,
});
const web = await serveWeb(new Hono().route('/', api).route('/', site.app), { host: '127.0.0.1', port: 0 });

note('measuring …');
const result: Record<string, object> = {};
for (const [name, path] of Object.entries(QUESTIONS)) {
  const uncached: Answer[] = [];
  const cached: Answer[] = [];
  const longestHoldMs = await longestHold(async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      clock.round = round;
      // Nothing kept of an earlier round is young enough.
      clock.now += KEPT_MS;
      for (const answers of [uncached, cached]) answers.push(await ask(new URL(path(round), web.url)));
    }
  });
  const wrong = [...uncached, ...cached].filter(({ status }) => status !== 200);
  if (wrong.length > 0) note(`${name}: ${wrong.length} answers were not 200`);
  result[name] = {
    coldMs: Math.round(uncached[0]?.ms ?? 0),
    uncachedP95Ms: p95(uncached.map(({ ms }) => ms)),
    cachedP95Ms: p95(cached.map(({ ms }) => ms)),
    bytes: Math.max(...uncached.map(({ bytes }) => bytes)),
    longestHoldMs,
  };
  note(`${name}: ${JSON.stringify(result[name])}`);
}
await web.close();
await figures.close();
await store.end();
const measuredOn = { node: process.version, cpus: cpus().length, at: new Date().toISOString() };
process.stdout.write(`${JSON.stringify({ ...result, measuredOn }, null, 2)}\n`);
if (process.argv.includes('--remove')) await rm(folder, { recursive: true });

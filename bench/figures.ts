import { rm } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { DEPARTMENT_CODES } from '../src/core/department-names.ts';
import { Answers } from '../src/stats/answers.ts';
import type { Period } from '../src/stats/figures.ts';
import { refreshDays } from '../src/store/daily.ts';
import type { Tables } from '../src/store/tables.ts';
import { openStore } from '../src/store/open.ts';
import { openTallySource } from '../src/store/tally-source.ts';
import { folderOfYear, note, p95, periodOfRound, UNTIL } from './year.ts';

/**
 * A year of 200 targets: how large the database is, and how long its figures take. The database is made once and kept, since that
 * takes minutes: `node bench/figures.ts [folder]`. The clock stands at its end. Whole answers over HTTP: `bench/pages.ts`.
 */

const ROUNDS = 40;

const folder = await folderOfYear();

function sizes(): Record<string, number> {
  const file = new Database(join(folder, 'guetteur.sqlite'), { readonly: true });
  const checks = Number(file.prepare('select count(*) from stored_checks').pluck().get());
  const bytes =
    Number(file.pragma('page_count', { simple: true })) * Number(file.pragma('page_size', { simple: true }));
  file.close();
  return { checks, megabytes: Math.round(bytes / 1e6), bytesPerCheck: Math.round((10 * bytes) / checks) / 10 };
}

/** All targets' counts of one day, as a change of that day writes them. */
async function rollUpOfDay(): Promise<number> {
  const file = new Database(join(folder, 'guetteur.sqlite'));
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: file }) });
  const targets = file.prepare<[], { no: number }>('select no from targets').all();
  const began = performance.now();
  file.exec('begin immediate');
  await refreshDays(
    db,
    targets.map(({ no }) => ({ target: no, at: UNTIL - 30 * 86_400_000 })),
  );
  file.exec('commit');
  const took = performance.now() - began;
  await db.destroy();
  return took;
}

interface Times {
  /** The very first question, with nothing kept of any day. */
  readonly coldMs: number;
  readonly uncachedP95Ms: number;
  readonly cachedP95Ms: number;
}

/** Uncached: a period that nobody asked for before. */
async function timesOf(ask: (answers: Answers, period: Period, round: number) => Promise<unknown>): Promise<Times> {
  const source = openTallySource(folder);
  const answers = new Answers({ source, practice: false, now: () => UNTIL });
  const uncached: number[] = [];
  const cached: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const period = periodOfRound(round);
    for (const times of [uncached, cached]) {
      const began = performance.now();
      await ask(answers, period, round);
      times.push(performance.now() - began);
    }
  }
  source.close();
  return { coldMs: Math.round(uncached[0] ?? 0), uncachedP95Ms: p95(uncached), cachedP95Ms: p95(cached) };
}

/** What a scrape, a check and a page of people who help ask of the store itself: the slowest of some rounds, in milliseconds. */
async function storeTimes(): Promise<Record<string, number>> {
  const store = await openStore(folder);
  const questions: Readonly<Record<string, () => Promise<unknown>>> = {
    statuses: () => store.statuses(),
    plannedEnds: () => store.plannedEnds(),
    plannedCounts: () => store.plannedCounts(),
    unrecognisedGroups: () => store.unrecognisedGroups(),
    eventCounts: () => store.eventCounts(),
    softBlocks: () => store.softBlocks(),
    lasting: () => store.lasting(),
    hosts: () => store.hosts(UNTIL),
    outboxCounts: () => store.outboxCounts(),
    due: () => store.due(UNTIL),
    unrecognised: () => store.unrecognised(),
    helpFacts: () => store.helpFacts(UNTIL - 35 * 86_400_000),
    spotCandidates: () => store.spotCandidates(UNTIL - 1_800_000),
    agreements: () => store.agreements(),
  };
  const slowest: Record<string, number> = {};
  for (const [name, ask] of Object.entries(questions)) {
    await ask();
    const times: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      const began = performance.now();
      await ask();
      times.push(performance.now() - began);
    }
    slowest[name] = Math.round(10 * Math.max(...times)) / 10;
  }
  await store.end();
  return slowest;
}

note('measuring …');
const watched = ['93', '75', '92', '94', '69'].filter((code) => DEPARTMENT_CODES.includes(code));
const result = {
  ...sizes(),
  rollUpOfDayMs: Math.round(await rollUpOfDay()),
  national: await timesOf((answers, period) => answers.national(period)),
  department: await timesOf((answers, period, round) =>
    answers.department(watched[round % watched.length] ?? '93', period),
  ),
  target: await timesOf((answers, period, round) => {
    const at = round % 19;
    const ids = ['rdv-prefecture-93-guichet-000', 'rdv-prefecture-93-guichet-020'];
    return answers.target(ids[at % 2] ?? '', period);
  }),
  service: await timesOf((answers, period) => answers.service('anef', period)),
  storeMs: await storeTimes(),
  measuredOn: { node: process.version, cpus: cpus().length, at: new Date().toISOString() },
};
process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
if (process.argv.includes('--remove')) await rm(folder, { recursive: true });

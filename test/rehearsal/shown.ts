import { join } from 'node:path';
import Database from 'better-sqlite3';

import { runCli } from '../support/cli.ts';
import type { Shown } from './report.ts';

/** What a monitor has in its database, and what it shows of it. */

export function rows<T>(folder: string, query: string): T[] {
  const file = new Database(join(folder, 'data/live/guetteur.sqlite'), { readonly: true });
  try {
    return file.prepare<[], T>(query).all();
  } finally {
    file.close();
  }
}

type Recorded = Pick<Shown, 'checks' | 'plans' | 'episodes'>;

export function recorded(folder: string): Recorded {
  return {
    checks: rows(
      folder,
      `select c.id, c.target_id as target, c.platform, c.host, c.mode, c.started_at as startedAt,
        c.observed_at as observedAt, c.finished_at as finishedAt, c.loads, c.status, r.outcome, r.rule, r.message,
        p.planned_at as plannedAt
      from checks c join readings r on r.check_id = c.id and r.current = 1 left join planned p on p.check_id = c.id
      order by c.id`,
    ),
    plans: rows(
      folder,
      'select target_id as target, mode, design, planned_at as plannedAt, state, reason from planned order by planned_at',
    ),
    episodes: rows(
      folder,
      `select target_id as target, kind, started_at as startedAt, last_at as lastAt, ended_at as endedAt, outcome
      from episodes`,
    ),
  };
}

const CLOCK = new URL('clock.ts', import.meta.url).pathname;

interface Asking {
  readonly folder: string;
  readonly page: string;
  readonly aheadMs: number;
  /** Pages with slots whose figures are compared. */
  readonly ids: readonly string[];
}

export async function shown({ folder, page, aheadMs, ids }: Asking): Promise<Omit<Shown, keyof Recorded>> {
  const refused: string[] = [];
  const text = async (path: string): Promise<string> => {
    const answer = await fetch(new URL(path, page));
    if (answer.status !== 200) refused.push(`${path}: HTTP ${answer.status}`);
    return await answer.text();
  };
  const told = async (asked: readonly string[]): Promise<unknown> => {
    const env = { NODE_OPTIONS: `--import ${CLOCK}`, REHEARSAL_AHEAD_MS: String(aheadMs) };
    const { code, out, err } = await runCli(['stats', ...asked, '--json'], folder, env);
    if (code === 0) return JSON.parse(out) as unknown;
    refused.push(`stats ${asked.join(' ')}: ${err}`);
    return null;
  };
  const metrics = await text('metrics');
  const paths = ['', 'status/', 'service/anef/', 'data/', ...ids.map((id) => `target/${id}/`)];
  const everyPage = [
    'operator/',
    ...['fr', 'en', 'ar'].flatMap((language) => paths.map((path) => `${language}/${path}`)),
  ];
  const pages = await each(everyPage, text);
  const endpoints = ['national', 'services/anef', ...ids.map((id) => `targets/${id}`)];
  const api = await each(endpoints, async (path) => JSON.parse(await text(`api/v1/${path}`)) as unknown);
  const questions = ['national', 'service anef', ...ids.map((id) => `target ${id}`)];
  const stats = await each(questions, (question) => told(question.split(' ')));
  return { metrics, pages, api, stats, refused };
}

/** One after another: what is asked is part of the monitor's day, and no storm. */
async function each<T>(keys: readonly string[], ask: (key: string) => Promise<T>): Promise<Record<string, T>> {
  const answers: Record<string, T> = {};
  for (const key of keys) answers[key] = await ask(key);
  return answers;
}

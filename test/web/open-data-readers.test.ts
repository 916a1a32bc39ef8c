/** The open data under many readers: one computation for all of them, and a limit to how many one may cause. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Answers } from '../../src/stats/answers.ts';
import type { Figures, NationalFigures } from '../../src/stats/figures.ts';
import { FILLED_UNTIL } from '../support/filled-store.ts';
import {
  FILLED_PUBLISHER,
  FILLED_RANGE as RANGE,
  FILLED_PERIOD as PERIOD,
  openFilledData,
  PLENTY,
  type FilledData,
} from '../support/open-data.ts';

let data: FilledData;
let figures: Figures;
let url: string;

before(async () => {
  data = await openFilledData();
  ({ figures } = data);
  url = await data.open({ rules: { perClient: PLENTY, overall: PLENTY } });
});
after(() => data.close());

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { headers });

describe('many readers', () => {
  test('an answer travels compressed, JSON and CSV alike, but what is compressed already', async () => {
    const sizes = await Promise.all(
      ['national', 'tables/days.csv', 'tables/days.json', 'openapi.json', 'outages.atom', 'tables/days.parquet'].map(
        async (path) => {
          const { headers } = await get(`/${path}`, { 'accept-encoding': 'gzip' });
          return [path, headers.get('content-encoding'), headers.get('vary')];
        },
      ),
    );
    const packed = sizes.filter(([path]) => path !== 'tables/days.parquet');
    for (const [path, coding, vary] of packed)
      assert.deepEqual([coding, vary], ['gzip', 'accept-encoding'], path ?? '');
    assert.deepEqual(sizes.at(-1), ['tables/days.parquet', null, null]);
    const plain = await (await get('/tables/days.csv', { 'accept-encoding': 'identity' })).text();
    assert.equal(await (await get('/tables/days.csv', { 'accept-encoding': 'br' })).text(), plain);
  });

  test('thousands of periods are asked of the figures as whole months, one after the other', async () => {
    const asked: string[] = [];
    let atOnce = 0;
    const counting = {
      lastDays: figures.lastDays.bind(figures),
      targets: figures.targets.bind(figures),
      days: async (query: Parameters<Figures['days']>[0]) => {
        atOnce += 1;
        assert.equal(atOnce, 1, 'one question at a time');
        asked.push(`${query.period.from} ${query.period.to}`);
        const found = await figures.days(query);
        atOnce -= 1;
        return found;
      },
    } as unknown as Figures;
    const other = await data.open({ figures: counting });
    const ranges = Array.from({ length: 20 }, (_, at) => `from=2026-09-${String(at + 10)}&to=2026-11-26`);
    const answers = await Promise.all(ranges.map((range) => fetch(`${other}/tables/days.csv?${range}`)));
    assert.deepEqual([...new Set(answers.map(({ status }) => status))], [200]);
    assert.equal(asked.filter((period) => period === '2026-10-01 2026-10-31').length, 20);
    assert.equal(new Set(asked).size, 22);
  });

  test('days that were asked for month by month are those of one question, and say from what they were computed', async () => {
    const whole = await figures.days({ period: PERIOD });
    const answer = await get(`/tables/days.json?${RANGE}`);
    const { rows, provenance } = (await answer.json()) as {
      rows: { day: string; target: string }[];
      provenance: object;
    };
    assert.deepEqual(
      rows.map(({ day, target }) => `${day} ${target}`),
      whole.rows.map(({ day, target }) => `${day} ${target.id}`),
    );
    assert.deepEqual(provenance, whole.provenance);
  });

  test('an answer is asked for again by its tag, and is open to the pages of everybody, without a cookie', async () => {
    const first = await get(`/national?${RANGE}`);
    const tag = first.headers.get('etag') ?? '';
    assert.match(tag, /^W\/"[\w-]{22}"$/);
    assert.equal(first.headers.get('cache-control'), 'public, max-age=60');
    assert.equal(first.headers.get('access-control-allow-origin'), '*');
    assert.equal(first.headers.get('set-cookie'), null);
    for (const known of [tag, `"other", ${tag}`, tag.replace('W/', ''), '*']) {
      const again = await get(`/national?${RANGE}`, { 'if-none-match': known });
      assert.deepEqual(
        [again.status, again.headers.get('etag'), (await again.arrayBuffer()).byteLength],
        [304, tag, 0],
      );
    }
    assert.equal((await get(`/national?${RANGE}`, { 'if-none-match': '"other"' })).status, 200);
  });

  test('a thousand of them cost one computation', async () => {
    let computed = 0;
    const counting = {
      lastDays: figures.lastDays.bind(figures),
      national: (period: typeof PERIOD): Promise<NationalFigures> => {
        computed += 1;
        return figures.national(period);
      },
    } as unknown as Figures;
    const other = await data.open({ figures: counting, rules: { perClient: { count: 1, withinMs: 60_000 } } });
    for (let round = 0; round < 20; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, () => fetch(`${other}/national?${RANGE}`)));
      for (const answer of answers) {
        assert.equal(answer.status, 200);
        await answer.arrayBuffer();
      }
    }
    assert.equal(computed, 1);
  });

  test('one who asks too often is told when to come back', async () => {
    const other = await data.open({ rules: { perClient: { count: 3, withinMs: 60_000 } }, now: () => FILLED_UNTIL });
    const answers: Response[] = [];
    for (const path of ['openapi.json', 'nothing', 'dcat.jsonld', 'openapi.json', 'targets/nobody', 'datapackage.json'])
      answers.push(await fetch(`${other}/${path}`));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 404, 200, 200, 404, 429],
    );
    const last = answers.at(-1);
    assert.equal(last?.headers.get('retry-after'), '20');
    assert.equal(last?.headers.get('content-type'), 'application/problem+json');
    assert.equal(last?.headers.get('access-control-allow-origin'), '*');
    assert.equal((await fetch(`${other}/openapi.json`)).status, 200, 'what is kept costs nothing');
  });

  test('one who asks too often gets what was true minutes ago, not what was true yesterday', async () => {
    const clock = { now: FILLED_UNTIL };
    const other = await data.open({ rules: { perClient: { count: 2, withinMs: 86_400_000 } }, now: () => clock.now });
    const status = async (path: string): Promise<number> => (await fetch(`${other}/${path}`)).status;
    assert.deepEqual([await status('openapi.json'), await status('dcat.jsonld')], [200, 200]);
    clock.now += 5 * 60_000;
    assert.equal(await status('openapi.json'), 200);
    clock.now += 5 * 60_000;
    assert.equal(await status('openapi.json'), 429);
  });

  test('an answer has one name, however its letters are written', async () => {
    const other = await data.open({ rules: { perClient: { count: 1, withinMs: 60_000 } }, now: () => FILLED_UNTIL });
    const status = async (path: string): Promise<number> => (await fetch(`${other}/${path}`)).status;
    assert.equal(await status('tables/shares.json'), 200);
    for (const path of ['tables/sh%61res.json', 'tables/shares%2Ejson', 't%61bles/shares.json'])
      assert.equal(await status(path), 200, path);
    const free = await data.open({ rules: { perClient: PLENTY, overall: PLENTY } });
    for (const path of ['tables/shares.json.exe', 'tables/shares.json.', 'tables/shares', 'tables/shares.exe'])
      assert.equal((await fetch(`${free}/${path}`)).status, 404, path);
    assert.equal((await fetch(`${free}/targets/%ff`)).status, 400);
  });

  test('practice data say so in every answer', async () => {
    const practice = new Answers({ source: data.source, practice: true, now: () => FILLED_UNTIL });
    const other = await data.open({ figures: practice, publisher: { ...FILLED_PUBLISHER, practice: true } });
    const answer = await fetch(`${other}/national?${RANGE}`);
    assert.equal(answer.headers.get('x-guetteur-practice'), 'true');
    assert.equal(((await answer.json()) as NationalFigures).provenance.practice, true);
    assert.match(await (await fetch(`${other}/datapackage.json`)).text(), /PRACTICE/);
  });
});

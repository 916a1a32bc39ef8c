import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parquetReadObjects } from 'hyparquet';

import { Answers } from '../../src/stats/answers.ts';
import type { Figures, NationalFigures, TargetFigures } from '../../src/stats/figures.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { write } from '../../src/web/open-data/formats.ts';
import type { Publisher } from '../../src/web/open-data/licence.ts';
import { openDataRoutes, type OpenDataParts } from '../../src/web/open-data/routes.ts';
import { TABLES, type Table } from '../../src/web/open-data/tables.ts';
import { serveWeb } from '../../src/web/server.ts';
import { FILLED_UNTIL, fillStore } from '../support/filled-store.ts';
import { temporaryFolder } from '../support/monitor.ts';

const PUBLISHER: Publisher = { name: 'Association', page: 'https://association.example/', practice: false };
const PERIOD = { from: '2026-10-01', to: '2026-11-26' };
const RANGE = 'from=2026-10-01&to=2026-11-26';
const TARGET = 'rdv-prefecture-93-guichet-000';
const PLENTY = { count: 100_000, withinMs: 60_000 };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let source: ReturnType<typeof openTallySource>;
let figures: Figures;
const sites: { close(): Promise<void> }[] = [];
let url: string;
const failures: string[] = [];

before(async () => {
  folder = await temporaryFolder();
  await fillStore(folder.path);
  source = openTallySource(folder.path);
  figures = new Answers({ source, practice: false, now: () => FILLED_UNTIL });
  url = await openSite({ rules: { perClient: PLENTY, overall: PLENTY } });
});
after(async () => {
  for (const site of sites) await site.close();
  source.close();
  await folder.remove();
});

async function openSite(change: Partial<OpenDataParts> = {}): Promise<string> {
  const app = openDataRoutes({
    figures,
    publisher: PUBLISHER,
    version: '0.0.0',
    dumps: join(folder.path, 'open-data'),
    onFailure: (name) => failures.push(name),
    ...change,
  });
  const site = await serveWeb(app, { host: '127.0.0.1', port: 0 });
  sites.push(site);
  return `${site.url}api/v1`;
}

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}${path}`, { headers });
const tableNamed = (name: string): Table => {
  const found = TABLES.find((table) => table.name === name);
  assert.ok(found !== undefined);
  return found;
};

interface Operation {
  readonly get: {
    readonly parameters: readonly { name: string; required: boolean }[];
    readonly responses: Record<string, { content: Record<string, { schema: object }> }>;
  };
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Record<string, Operation>;
  readonly components: { readonly schemas: Record<string, object> };
}

describe('the OpenAPI document', () => {
  test('describes every answer of every path, and the answers are as it says', async () => {
    const document = (await (await get('/openapi.json')).json()) as OpenApi;
    assert.equal(document.openapi, '3.1.1');
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    ajv.addSchema({ $id: 'openapi', ...document });
    const names: Record<string, string> = {
      '/departments/{name}': '93',
      '/targets/{name}': TARGET,
      '/services/{name}': 'anef',
    };
    let judged = 0;
    for (const [path, operation] of Object.entries(document.paths)) {
      const { parameters, responses } = operation.get;
      const query = new URLSearchParams();
      if (parameters.some(({ name }) => name === 'from'))
        for (const [name, day] of Object.entries(PERIOD)) query.set(name, day);
      if (parameters.some(({ name, required }) => name === 'target' && required)) query.set('target', TARGET);
      if (path === '/compare')
        for (const [name, day] of Object.entries({
          before_from: '2026-09-29',
          before_to: '2026-10-27',
          after_from: '2026-10-28',
          after_to: '2026-11-26',
          department: '93',
        }))
          query.set(name, day);
      const answer = await get(`${path.replace('{name}', names[path] ?? '')}?${query.toString()}`);
      assert.equal(answer.status, 200, path);
      const [mediaType = ''] = (answer.headers.get('content-type') ?? '').split(';');
      const described = responses['200']?.content[mediaType]?.schema;
      assert.ok(described !== undefined, `${path} answers ${mediaType}`);
      if (mediaType !== 'application/json') continue;
      const schema = JSON.parse(JSON.stringify(described).replaceAll('"#/', '"openapi#/')) as object;
      const validate = ajv.compile(schema);
      const body = (await answer.json()) as Record<string, unknown>;
      assert.ok(validate(body), `${path}: ${JSON.stringify(validate.errors?.slice(0, 3))}`);
      assert.equal(validate({ ...body, surprise: 1 }), false, `${path} hides no field`);
      judged += 1;
    }
    assert.equal(judged, 8 + TABLES.length);
  });

  test('a problem is as it says too', async () => {
    const document = (await (await get('/openapi.json')).json()) as OpenApi;
    const ajv = new Ajv2020({ strict: false });
    const validate = ajv.compile(document.components.schemas['Problem'] ?? false);
    const answer = await get('/departments/99');
    assert.equal(answer.headers.get('content-type'), 'application/problem+json');
    assert.ok(validate(await answer.json()));
  });
});

describe('one figure everywhere', () => {
  test('JSON, CSV and Parquet hold what the figures say, to the last digit', async () => {
    const { targets } = await figures.targets(PERIOD);
    const summary = targets.find(({ target }) => target.id === TARGET);
    assert.ok(summary?.measured.share.kind === 'share');
    const { share, low, high } = summary.measured.share;
    const [asTarget, asJson, asCsv, asParquet] = await Promise.all(
      [
        `/targets/${TARGET}?${RANGE}`,
        `/tables/shares.json?${RANGE}`,
        `/tables/shares.csv?${RANGE}`,
        `/tables/shares.parquet?${RANGE}`,
      ].map((path) => get(path)),
    );
    const one = (await asTarget?.json()) as TargetFigures;
    assert.deepEqual(one.measured, summary.measured);
    assert.ok(asJson !== undefined);
    const { rows } = (await asJson.json()) as { rows: Record<string, unknown>[] };
    const json = rows.find((row) => row['target'] === TARGET);
    assert.deepEqual([json?.['share'], json?.['share_low'], json?.['share_high']], [share, low, high]);
    const lines = ((await asCsv?.text()) ?? '').split('\r\n').map((line) => line.split(','));
    const cell = (name: string): string | undefined =>
      lines.find((line) => line[2] === TARGET)?.[(lines[0] ?? []).indexOf(name)];
    assert.deepEqual(
      [Number(cell('share')), Number(cell('share_low')), Number(cell('share_high'))],
      [share, low, high],
    );
    const file = await asParquet?.arrayBuffer();
    assert.ok(file !== undefined);
    const parquet = (await parquetReadObjects({ file })).find((row) => row['target'] === TARGET);
    assert.deepEqual([parquet?.['share'], parquet?.['share_low'], parquet?.['share_high']], [share, low, high]);
    assert.deepEqual([parquet?.['hits'], parquet?.['practice']], [summary.measured.share.hits, false]);
  });

  test('days of a department add up to its figures, in every format', async () => {
    const found = await figures.department('93', PERIOD);
    const { rows } = (await (await get(`/tables/days.json?${RANGE}&department=93`)).json()) as {
      rows: Record<string, number>[];
    };
    const file = await (await get(`/tables/days.parquet?${RANGE}&department=93`)).arrayBuffer();
    const parquet = (await parquetReadObjects({ file })) as Record<string, number>[];
    assert.deepEqual(parquet, rows);
    assert.equal(
      rows.reduce((sum, row) => sum + (row['slots'] ?? 0), 0),
      found?.measured.share.hits,
    );
  });
});

describe('CSV', () => {
  test('has ; and a byte order mark where they are asked for', async () => {
    const plain = Buffer.from(await (await get(`/tables/departments.csv?${RANGE}`)).arrayBuffer());
    const french = Buffer.from(await (await get(`/tables/departments.csv?${RANGE}&separator=%3B&bom=1`)).arrayBuffer());
    assert.equal(plain.subarray(0, 8).toString(), 'from,to,');
    assert.deepEqual([...french.subarray(0, 3)], [0xef, 0xbb, 0xbf]);
    assert.equal(french.subarray(3, 11).toString(), 'from;to;');
  });

  test('a cell that a spreadsheet would run is text', async () => {
    const table: Table = { ...tableNamed('days'), columns: tableNamed('days').columns.slice(1, 2) };
    const provenance = {
      period: PERIOD,
      computedAt: 0,
      checks: 0,
      firstAt: null,
      lastAt: null,
      readers: [],
      practice: false,
    };
    const rows = [['=HYPERLINK("https://evil.example")'], ['+1'], ['@x'], ['plain']];
    const csv = Buffer.from(await write(table, { provenance, rows }, 'csv')).toString();
    assert.deepEqual(csv.split('\r\n'), [
      'target',
      `"'=HYPERLINK(""https://evil.example"")"`,
      "'+1",
      "'@x",
      'plain',
      '',
    ]);
  });
});

describe('C13 in public', () => {
  test('no answer holds the instant of a sight of slots, nor an id from which its place in a day could be told', async () => {
    const text = await (await get(`/targets/${TARGET}?${RANGE}`)).text();
    const target = JSON.parse(text) as TargetFigures;
    const sights = source
      .checks(TARGET, { from: Date.parse('2026-09-30T22:00:00Z'), to: FILLED_UNTIL })
      .filter(({ outcome }) => outcome === 'slots');
    assert.ok(sights.length > 20);
    for (const { at, startedAt } of sights.slice(1))
      assert.ok(!text.includes(String(at)) && !text.includes(String(startedAt)));
    assert.ok(target.releases.until <= '2026-10-27');
    for (const { columns } of TABLES.filter(({ name }) => name !== 'outages')) {
      const fine = columns.filter(({ name, type }) => type === 'datetime' || /(?:^|_)(?:at|time|check|id)$/.test(name));
      assert.deepEqual(fine, []);
    }
  });

  test('rows of a day are in the order of names, not of time', async () => {
    const { rows } = (await (await get(`/tables/days.json?${RANGE}`)).json()) as {
      rows: { day: string; target: string }[];
    };
    const keys = rows.map(({ day, target }) => `${day} ${target}`);
    assert.deepEqual(keys, keys.toSorted());
    assert.equal(new Set(keys).size, keys.length, 'day and target name a row');
  });
});

describe('a bad question', () => {
  for (const [path, status, words] of [
    ['/departments/99', 404, /no department/],
    ['/departments/..%2F..', 404, /no department/],
    ['/targets/nobody', 404, /is watched/],
    [`/targets/${'x'.repeat(5_000)}`, 404, /no id of a target/],
    ['/targets/%27%20or%201=1', 404, /no id of a target/],
    ['/services/ez-booking', 404, /is watched/],
    ['/national?from=2026-02-31', 400, /no day/],
    ['/national?from=yesterday', 400, /no day/],
    ['/national?from=2026-11-02&to=2026-11-01', 400, /lies after/],
    ['/national?from=2020-01-01&to=2026-11-01', 400, /400 at most/],
    ['/national?form=2026-11-01', 400, /unknown parameter/],
    ['/national?from=2026-11-01&from=2026-11-02', 400, /twice/],
    [`/outages.atom?lang=fr&lang=${'x'.repeat(9_000)}`, 400, /twice/],
    [`/outages.atom?lang=${'x'.repeat(9_000)}`, 400, /400 letters/],
    ['/openapi.json?cache=buster', 400, /unknown parameter/],
    ['/dcat.jsonld?x', 400, /unknown parameter/],
    ['/?x=1', 400, /unknown parameter/],
    ['/dumps/SHA256SUMS?x=1', 400, /unknown parameter/],
    ['/national?from=2026-11-01%0d%0aset-cookie:%20a=b', 400, /no day/],
    ['/tables/days.csv?separator=%09', 400, /separator/],
    ['/tables/days.csv?bom=yes', 400, /bom/],
    ['/tables/days.xlsx', 404, /openapi/],
    ['/tables/secrets.csv', 404, /openapi/],
    ['/tables/releases.json', 400, /one target/],
    ['/compare?before_from=2026-01-01', 400, /missing/],
    [
      '/compare?before_from=2026-10-01&before_to=2026-11-10&after_from=2026-11-01&after_to=2026-11-20',
      400,
      /has to end before/,
    ],
    ['/outages.atom?lang=xx', 400, /none of/],
    ['/dumps/..%2Fguetteur.sqlite', 404, /listed/],
    ['/dumps/guetteur.sqlite', 404, /listed/],
    ['/nothing', 404, /openapi/],
  ] as const) {
    test(`${path.slice(0, 60)}: ${status}, and says what is expected`, async () => {
      const answer = await get(path);
      const { status: said, detail } = (await answer.json()) as { status: number; detail: string };
      assert.deepEqual([answer.status, said], [status, status]);
      assert.match(detail, words);
      assert.ok(detail.length < 300);
    });
  }

  test('more rows than an answer may hold are refused before they are counted', async () => {
    const many = {
      ...figures,
      days: () => assert.fail('asked'),
      lastDays: figures.lastDays.bind(figures),
      services: () => [],
      targets: async () => ({
        ...(await figures.targets(PERIOD)),
        targets: Array.from({ length: 700 }, () => ({ target: { department: '93' } })),
      }),
    } as unknown as Figures;
    const other = await openSite({ figures: many });
    const answer = await fetch(`${other}/tables/days.csv`);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /63000 rows/);
  });

  test('what fails on our side is told to the operator, and its words to nobody', async () => {
    const broken = {
      lastDays: figures.lastDays.bind(figures),
      alerts: () => Promise.reject(new Error('secret path /data')),
    } as unknown as Figures;
    const answer = await fetch(`${await openSite({ figures: broken })}/alerts`);
    const text = await answer.text();
    assert.equal(answer.status, 500);
    assert.ok(!text.includes('secret') && !text.includes('at '), text);
    assert.deepEqual(failures, ['Error']);
  });

  test('no word of a question comes back as a header', async () => {
    for (const path of [
      '/national?from=2026-11-01%0d%0ax-evil:%201',
      '/targets/a%0d%0ax-evil:%201',
      '/tables/x%0d%0a.csv',
    ]) {
      const { headers } = await get(path);
      assert.equal(headers.get('x-evil'), null);
      for (const [name, value] of headers) assert.doesNotMatch(`${name}${value}`, /evil/);
    }
  });

  test('it is only to be read', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await fetch(`${url}/national`, { method });
      assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'GET, HEAD, OPTIONS']);
    }
    const asked = await fetch(`${url}/national`, { method: 'OPTIONS' });
    assert.deepEqual([asked.status, asked.headers.get('access-control-allow-methods')], [204, 'GET, HEAD']);
    assert.equal((await fetch(`${url}/national`, { method: 'HEAD' })).status, 200);
  });
});

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
    const other = await openSite({ figures: counting });
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
    const other = await openSite({ figures: counting, rules: { perClient: { count: 1, withinMs: 60_000 } } });
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
    const other = await openSite({ rules: { perClient: { count: 3, withinMs: 60_000 } }, now: () => FILLED_UNTIL });
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

  test('practice data say so in every answer', async () => {
    const practice = new Answers({ source, practice: true, now: () => FILLED_UNTIL });
    const other = await openSite({ figures: practice, publisher: { ...PUBLISHER, practice: true } });
    const answer = await fetch(`${other}/national?${RANGE}`);
    assert.equal(answer.headers.get('x-guetteur-practice'), 'true');
    assert.equal(((await answer.json()) as NationalFigures).provenance.practice, true);
    assert.match(await (await fetch(`${other}/datapackage.json`)).text(), /PRACTICE/);
  });
});

describe('descriptions', () => {
  test('the data package names every column with its meaning, and DCAT its files and licence', async () => {
    const pack = (await (await get('/datapackage.json')).json()) as {
      licenses: { name: string }[];
      citation: string;
      resources: { path: string; schema: { fields: { name: string; description: string }[] } }[];
    };
    assert.equal(pack.licenses[0]?.name, 'etalab-2.0');
    assert.match(
      pack.citation,
      /^Association\. .*2026-11-27.*Licence Ouverte.*https:\/\/association\.example\/api\/v1$/,
    );
    for (const { path, schema } of pack.resources) {
      assert.equal((await get(`/${path}?${RANGE}`)).status, 200, path);
      assert.ok(schema.fields.every(({ description }) => description.length > 5));
    }
    const dcat = (await (await get('/dcat.jsonld')).json()) as {
      'dcat:distribution': { 'dcat:downloadURL': { '@id': string } }[];
    };
    assert.equal(dcat['dcat:distribution'].length, pack.resources.length);
  });

  test('outages are an Atom feed, in the language that was asked for', async () => {
    const answer = await get('/outages.atom?lang=en');
    assert.equal(answer.headers.get('content-type'), 'application/atom+xml; charset=utf-8');
    assert.match(await answer.text(), /<feed xmlns="http:\/\/www\.w3\.org\/2005\/Atom" xml:lang="en">/);
  });
});

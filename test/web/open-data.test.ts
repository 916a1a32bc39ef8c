import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parquetReadObjects } from 'hyparquet';

import type { Figures, TargetFigures } from '../../src/stats/figures.ts';
import { write } from '../../src/web/open-data/formats.ts';
import { TABLES, type Table } from '../../src/web/open-data/tables.ts';
import { FILLED_UNTIL } from '../support/filled-store.ts';
import {
  FILLED_RANGE as RANGE,
  FILLED_PERIOD as PERIOD,
  openFilledData,
  PLENTY,
  type FilledData,
} from '../support/open-data.ts';

const TARGET = 'rdv-prefecture-93-guichet-000';

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
    const sights = data.source
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
    const other = await data.open({ figures: many });
    const answer = await fetch(`${other}/tables/days.csv`);
    assert.equal(answer.status, 400);
    assert.match(await answer.text(), /63000 rows/);
  });

  test('what fails on our side is told to the operator, and its words to nobody', async () => {
    const broken = {
      lastDays: figures.lastDays.bind(figures),
      alerts: () => Promise.reject(new Error('secret path /data')),
    } as unknown as Figures;
    const answer = await fetch(`${await data.open({ figures: broken })}/alerts`);
    const text = await answer.text();
    assert.equal(answer.status, 500);
    assert.ok(!text.includes('secret') && !text.includes('at '), text);
    assert.deepEqual(data.failures, ['Error']);
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

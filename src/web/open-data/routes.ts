import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { getConnInfo } from '@hono/node-server/conninfo';
import { Hono, type Context } from 'hono';

import { daysIn } from '../../core/local-time.ts';
import { RateLimit, type Limit } from '../../core/rate-limit.ts';
import type { Figures } from '../../stats/figures.ts';
import { clientOf } from '../subscribe/client.ts';
import { dataPackage, dcat, liveResources } from './description.ts';
import { DUMP_FILE } from './dump.ts';
import { ENDPOINTS } from './endpoints.ts';
import { FORMATS, write, type Format } from './formats.ts';
import { citation, LICENCE, type Publisher } from './licence.ts';
import { openApi, TABLE_PARAMETER_NAMES } from './openapi.ts';
import { outageFeed } from './outage-feed.ts';
import { answerProblem, badRequest, notFound, Refused } from './problem.ts';
import { csvOptionsOf, DEFAULT_DAYS, departmentOf, languageOf, onlyKnown, periodOf, targetIdOf } from './question.ts';
import { TABLES, type Table, type TableQuery } from './tables.ts';

export interface OpenDataParts {
  readonly figures: Figures;
  readonly publisher: Publisher;
  readonly version: string;
  /** Where the daily files are, see `dump.ts`. */
  readonly dumps: string;
  /** Told of failures that are ours: their name, nothing of what was asked. */
  readonly onFailure: (name: string) => void;
  readonly limit?: Limit;
  readonly now?: () => number;
}

const BASE = '/api/v1';
const LIMIT: Limit = { count: 240, withinMs: 60_000 };
const MOST_ROWS = 60_000;
/** A reader may show what it has for so long before it asks again. */
const FRESH_SECONDS = 60;
const KEPT_MS = FRESH_SECONDS * 1_000;
const MOST_KEPT_BYTES = 64_000_000;

interface Body {
  readonly bytes: Uint8Array;
  readonly tag: string;
  readonly contentType: string;
}

/** Bodies as they go out, so that a thousand readers cost one computation and one writing of it. */
class Bodies {
  readonly #kept = new Map<string, { readonly at: number; readonly body: Promise<Body>; bytes: number }>();
  #bytes = 0;

  get(key: string, now: number, make: () => Promise<Omit<Body, 'tag'>>): Promise<Body> {
    const known = this.#kept.get(key);
    if (known !== undefined && now >= known.at && now - known.at < KEPT_MS) return known.body;
    this.#drop(key);
    const body = make().then((made) => ({ ...made, tag: tagOf(made.bytes) }));
    const entry = { at: now, body, bytes: 0 };
    this.#kept.set(key, entry);
    body.then(
      ({ bytes }) => this.#count(entry, bytes.length),
      // A failure is not kept: the next reader asks anew.
      () => this.#drop(key),
    );
    return body;
  }

  #count(entry: { bytes: number }, bytes: number): void {
    entry.bytes = bytes;
    this.#bytes += bytes;
    for (const key of this.#kept.keys()) {
      if (this.#bytes <= MOST_KEPT_BYTES) return;
      this.#drop(key);
    }
  }

  #drop(key: string): void {
    this.#bytes -= this.#kept.get(key)?.bytes ?? 0;
    this.#kept.delete(key);
  }
}

function tagOf(bytes: Uint8Array): string {
  return `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
}

/** `/api/v1`: figures, tables, descriptions and daily files, for everybody. To be mounted at `/`. */
export function openDataRoutes(parts: OpenDataParts): Hono {
  const now = parts.now ?? Date.now;
  const bodies = new Bodies();
  const limit = new RateLimit(parts.limit ?? LIMIT);
  const app = new Hono();
  app.use(`${BASE}/*`, async (context: Context, next) => {
    const wait = limit.take(clientOf(getConnInfo(context).remote.address ?? ''), now());
    if (wait > 0) {
      const detail = `more than ${(parts.limit ?? LIMIT).count} questions a minute; the daily files hold everything`;
      context.res = answerProblem(context, { status: 429, title: 'Too many questions', detail });
      context.header('retry-after', String(Math.ceil(wait / 1_000)));
    } else await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    if (parts.publisher.practice) context.header('x-guetteur-practice', 'true');
  });
  const serve = async (context: Context, make: () => Promise<Omit<Body, 'tag'>>): Promise<Response> => {
    const { pathname, searchParams } = new URL(context.req.url);
    searchParams.sort();
    const body = await bodies.get(`${pathname}?${searchParams.toString()}`, now(), make);
    return conditional(context, body);
  };
  figureRoutes(app, parts, serve);
  tableRoutes(app, parts, serve);
  descriptionRoutes(app, { ...parts, now }, serve);
  app.options(`${BASE}/*`, (context) => context.body(null, 204, { 'access-control-allow-methods': 'GET, HEAD' }));
  app.get(`${BASE}/*`, (context) => answerProblem(context, notFound('the paths are in /api/v1/openapi.json').problem));
  app.all(`${BASE}/*`, (context) => {
    context.header('allow', 'GET, HEAD, OPTIONS');
    return answerProblem(context, { status: 405, title: 'Only to be read', detail: 'ask with GET' });
  });
  app.onError((error, context) => {
    if (error instanceof Refused) return answerProblem(context, error.problem);
    parts.onFailure(error.name);
    return answerProblem(context, {
      status: 500,
      title: 'It failed here',
      detail: 'the operator was told; ask again later',
    });
  });
  return app;
}

/** No cookie, no script, and open to the pages of everybody. */
const HEADERS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'etag, retry-after, x-guetteur-practice',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  link: `<${LICENCE.path}>; rel="license", <${BASE}/openapi.json>; rel="service-desc"`,
};

type Serve = (context: Context, make: () => Promise<Omit<Body, 'tag'>>) => Promise<Response>;

/** RFC 9110, 13. */
function conditional(context: Context, { bytes, tag, contentType }: Body): Response {
  context.header('etag', tag);
  context.header('cache-control', `public, max-age=${FRESH_SECONDS}`);
  const known = context.req.header('if-none-match') ?? '';
  const isKnown = known.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
  if (isKnown) return context.body(null, 304);
  return context.body(new Uint8Array(bytes), 200, { 'content-type': contentType });
}

function json(value: unknown, contentType: string = FORMATS.json): Omit<Body, 'tag'> {
  return { bytes: new TextEncoder().encode(`${JSON.stringify(value)}\n`), contentType };
}

function figureRoutes(app: Hono, { figures }: OpenDataParts, serve: Serve): void {
  for (const { path, answer } of ENDPOINTS) {
    app.get(`${BASE}${path.replace('{name}', ':name')}`, (context) =>
      serve(context, async () =>
        json(await answer(figures, { path: context.req.param('name') ?? '', query: context.req.query() })),
      ),
    );
  }
}

function tableRoutes(app: Hono, { figures }: OpenDataParts, serve: Serve): void {
  app.get(`${BASE}/tables/:file`, (context) =>
    serve(context, async () => {
      const [name = '', extension = ''] = context.req.param('file').split('.', 2);
      const table = TABLES.find((known) => known.name === name);
      const format = formatOf(extension);
      if (table === undefined || format === null)
        throw notFound('tables and their formats are in /api/v1/openapi.json');
      const given = context.req.query();
      onlyKnown(given, TABLE_PARAMETER_NAMES);
      const csv = csvOptionsOf(given);
      const answer = await table.rows(figures, await queryOf(table, given, figures));
      if (answer === null) throw notFound('no such target is watched');
      return { bytes: write(table, answer, format, csv), contentType: FORMATS[format] };
    }),
  );
}

function formatOf(extension: string): Format | null {
  return extension === 'json' || extension === 'csv' || extension === 'parquet' ? extension : null;
}

async function queryOf(table: Table, given: Readonly<Record<string, string>>, figures: Figures): Promise<TableQuery> {
  const { target, department } = given;
  if (table.needsTarget && target === undefined) throw badRequest(`${table.name} has to be asked for one target`);
  const period = periodOf(given, figures.lastDays(DEFAULT_DAYS));
  const query = {
    period,
    target: target === undefined ? null : targetIdOf(target),
    department: department === undefined ? null : departmentOf(department),
  };
  if (table.name === 'days' && target === undefined) {
    const { targets } = await figures.targets(figures.lastDays(1));
    const here = targets.filter((one) => department === undefined || one.target.department === department);
    if (here.length * daysIn(period) > MOST_ROWS)
      throw badRequest(
        `about ${here.length * daysIn(period)} rows; ${MOST_ROWS} at most: ask for less days or one department`,
      );
  }
  return query;
}

function descriptionRoutes(
  app: Hono,
  { publisher, version, dumps, figures, now }: OpenDataParts & { readonly now: () => number },
  serve: Serve,
): void {
  const today = (): string => figures.lastDays(1).to;
  app.get(BASE, (context) => context.redirect(`${BASE}/`, 308));
  app.get(`${BASE}/`, (context) =>
    serve(context, async () =>
      json({
        name: 'Guetteur',
        version,
        practice: publisher.practice,
        licence: LICENCE,
        citation: citation(publisher, today()),
        description: `${BASE}/openapi.json`,
        figures: ENDPOINTS.map(({ path, summary }) => ({ path: `${BASE}${path}`, summary })),
        tables: TABLES.map(({ name, title, meaning, columns }) => ({ name, title, meaning, columns })),
        files: `${BASE}/dumps/datapackage.json`,
        askedAt: new Date(now()).toISOString().slice(0, 10),
      }),
    ),
  );
  app.get(`${BASE}/openapi.json`, (context) =>
    serve(context, async () => json(openApi(version), 'application/vnd.oai.openapi+json;version=3.1; charset=utf-8')),
  );
  app.get(`${BASE}/datapackage.json`, (context) =>
    serve(context, async () => json(dataPackage(publisher, liveResources(), today()))),
  );
  app.get(`${BASE}/dcat.jsonld`, (context) =>
    serve(context, async () =>
      json(dcat(publisher, liveResources(), { day: today(), folder: '' }), 'application/ld+json'),
    ),
  );
  app.get(`${BASE}/outages.atom`, (context) =>
    serve(context, async () => {
      const given = context.req.query();
      onlyKnown(given, ['lang']);
      const period = figures.lastDays(DEFAULT_DAYS);
      const services = await Promise.all(figures.services().map((name) => figures.service(name, period)));
      const feed = outageFeed(
        services.filter((one) => one !== null),
        languageOf(given['lang']),
        publisher.page,
      );
      return { bytes: new TextEncoder().encode(feed), contentType: 'application/atom+xml; charset=utf-8' };
    }),
  );
  app.get(`${BASE}/dumps/:file`, (context) =>
    serve(context, async () => {
      const name = context.req.param('file');
      // Only names that are written there: nothing else of the folder or above it.
      if (!DUMP_FILE.test(name)) throw notFound('the files are listed in /api/v1/dumps/datapackage.json');
      const bytes = await readFile(join(dumps, name)).catch(() => null);
      if (bytes === null) throw notFound('there is no such file, or none was written yet');
      return { bytes, contentType: dumpType(name) };
    }),
  );
}

function dumpType(name: string): string {
  if (name.endsWith('.jsonld')) return 'application/ld+json';
  const format = formatOf(name.split('.').at(-1) ?? '');
  return format === null ? 'text/plain; charset=utf-8' : FORMATS[format];
}

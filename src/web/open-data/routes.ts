import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Hono, type Context } from 'hono';

import { daysIn } from '../../core/local-time.ts';
import type { Figures } from '../../stats/figures.ts';
import type { Written } from '../answer-cache.ts';
import { AnswerDesk, type AnswerRules } from '../answer-desk.ts';
import { sendKept } from '../send-kept.ts';
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
  readonly onFailure: (name: string, error?: unknown) => void;
  readonly rules?: Partial<AnswerRules>;
  readonly now?: () => number;
}

const BASE = '/api/v1';
const MOST_ROWS = 60_000;
/** A reader may show what it has for so long before it asks again. */
const FRESH_SECONDS = 60;
/** No parameters are longer: what is, would only fill the memory with names. */
const MOST_LETTERS = 400;

const MINUTE_MS = 60_000;

export const API_RULES: AnswerRules = {
  keptMs: FRESH_SECONDS * 1_000,
  most: 1_000,
  mostBytes: 64_000_000,
  perClient: { count: 240, withinMs: MINUTE_MS },
  overall: { count: 1_200, withinMs: MINUTE_MS },
};

/** `edition`: of what changes as a whole. Another one is another answer, and no cache on the way may mix two. */
type Serve = (context: Context, make: () => Promise<Written>, edition?: string) => Promise<Response>;

/** `/api/v1`: figures, tables, descriptions and daily files, for everybody. To be mounted at `/`. */
export function openDataRoutes(parts: OpenDataParts): Hono {
  const now = parts.now ?? Date.now;
  const rules = { ...API_RULES, ...parts.rules };
  const desk = new AnswerDesk(rules, now);
  const app = new Hono();
  app.use(`${BASE}/*`, async (context: Context, next) => {
    await next();
    for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
    if (parts.publisher.practice) context.header('x-guetteur-practice', 'true');
  });
  const serve: Serve = async (context, make, edition) => {
    const question = questionIn(context);
    const answer = await desk.ask(context, edition === undefined ? question : `${question} ${edition}`, make);
    if (answer.kind === 'wait') return tooMany(context, answer.waitMs, rules);
    if (answer.kept === null) throw notFound('nothing of that name is there');
    const freshness = edition === undefined ? `max-age=${FRESH_SECONDS}` : 'no-cache';
    return sendKept(context, answer.kept, `public, ${freshness}`);
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
    parts.onFailure(error.name, error);
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

/** What is asked, in one form however its parameters stand. Each stands once: else one answer had names without end. */
function questionIn(context: Context): string {
  const { pathname, searchParams } = new URL(context.req.url);
  const names = [...searchParams.keys()];
  if (new Set(names).size !== names.length) throw badRequest('a parameter stands there twice');
  searchParams.sort();
  const query = searchParams.toString();
  if (query.length > MOST_LETTERS) throw badRequest(`parameters have ${MOST_LETTERS} letters at most`);
  return `${decoded(pathname)}?${query}`;
}

/** One letter may be written in several ways. */
function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw badRequest('the address cannot be read');
  }
}

function tooMany(context: Context, waitMs: number, { perClient }: AnswerRules): Response {
  context.header('retry-after', String(Math.ceil(waitMs / 1_000)));
  const detail = `more than ${perClient.count} new questions a minute; the daily files hold everything`;
  return answerProblem(context, { status: 429, title: 'Too many questions', detail });
}

function json(value: unknown, contentType: string = FORMATS.json): Written {
  return { body: `${JSON.stringify(value)}\n`, contentType };
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
      const [name = '', extension = '', ...more] = context.req.param('file').split('.');
      const table = TABLES.find((known) => known.name === name);
      const format = formatOf(extension);
      if (table === undefined || format === null || more.length > 0)
        throw notFound('tables and their formats are in /api/v1/openapi.json');
      const given = context.req.query();
      onlyKnown(given, TABLE_PARAMETER_NAMES);
      const csv = csvOptionsOf(given);
      const answer = await table.rows(figures, await queryOf(table, given, figures));
      if (answer === null) throw notFound('no such target is watched');
      return { body: await write(table, answer, format, csv), contentType: FORMATS[format] };
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
  const plain = (path: string, make: () => Written): void => {
    app.get(`${BASE}${path}`, (context) =>
      serve(context, () => {
        onlyKnown(context.req.query(), []);
        return Promise.resolve(make());
      }),
    );
  };
  plain('/', () =>
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
  );
  plain('/openapi.json', () => json(openApi(version), 'application/vnd.oai.openapi+json;version=3.1; charset=utf-8'));
  plain('/datapackage.json', () => json(dataPackage(publisher, liveResources(), today())));
  plain('/dcat.jsonld', () =>
    json(dcat(publisher, liveResources(), { day: today(), folder: '' }), 'application/ld+json'),
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
      return { body: feed, contentType: 'application/atom+xml; charset=utf-8' };
    }),
  );
  app.get(`${BASE}/dumps/:file`, async (context) => {
    const name = context.req.param('file');
    const read = async (): Promise<Written> => {
      onlyKnown(context.req.query(), []);
      // Only names that are written there: nothing else of the folder or above it.
      if (!DUMP_FILE.test(name)) throw notFound('the files are listed in /api/v1/dumps/datapackage.json');
      const body = await readFile(join(dumps, name)).catch(() => null);
      if (body === null) throw notFound('there is no such file, or none was written yet');
      return { body, contentType: dumpType(name) };
    };
    return await serve(context, read, await editionOf(dumps));
  });
}

/** Every writing makes a new folder. */
async function editionOf(dumps: string): Promise<string> {
  const found = await stat(dumps).catch(() => null);
  return found === null ? 'none' : `${found.ino} ${found.mtimeMs}`;
}

function dumpType(name: string): string {
  if (name.endsWith('.jsonld')) return 'application/ld+json';
  const format = formatOf(name.split('.').at(-1) ?? '');
  return format === null ? 'text/plain; charset=utf-8' : FORMATS[format];
}

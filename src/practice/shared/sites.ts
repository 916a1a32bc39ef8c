import { Hono } from 'hono';
import type { html } from 'hono/html';
import type { Outcome } from '../../core/outcome.ts';
import type { Expectation, Scenario, Site, Stage } from '../../core/replica.ts';

export type Markup = ReturnType<typeof html>;

/** A scenario together with the site that plays it. */
export interface PlayedScenario extends Scenario {
  readonly build: (stage: Stage) => Site;
}

/** An expectation that does not depend on the day. */
export function outcome(expected: Outcome): () => Expectation {
  return () => ({ outcome: expected });
}

/** Scenarios whose visit begins at `path`. */
export function at(path: string) {
  return (
    name: string,
    build: PlayedScenario['build'],
    expect: Scenario['expect'],
    more: Partial<Pick<Scenario, 'shown' | 'transport'>> = {},
  ): PlayedScenario => ({ name, path, build, expect, ...more });
}

export function siteOf(scenarios: readonly PlayedScenario[]): (stage: Stage) => Site {
  return (stage) => {
    const played = scenarios.find((scenario) => scenario.name === stage.scenario);
    if (played === undefined) throw new Error(`this replica has no scenario "${stage.scenario}"`);
    return played.build(stage);
  };
}

/** An empty application that already counts what must not happen and answers what every site answers. */
export function openStage(stage: Stage): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    const { method, path } = context.req;
    if (method !== 'GET' && method !== 'HEAD') stage.tally.posts.push(`${method} ${path}`);
    await next();
  });
  app.get('/robots.txt', (context) => context.text('User-agent: *\nDisallow: /user/\n'));
  app.get('/favicon.ico', (context) => context.body(null, 204));
  return app;
}

export function siteFrom(app: Hono): Site {
  return (request) => app.fetch(request);
}

/** A site that has one answer for every address. */
export function always(answer: (stage: Stage, request: Request) => Response | Promise<Response>) {
  return (stage: Stage): Site => {
    const app = openStage(stage);
    app.all('*', (context) => answer(stage, context.req.raw));
    return siteFrom(app);
  };
}

export async function respond(
  markup: Markup | string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const body = String(await markup);
  return new Response(body, { status, headers: { 'content-type': 'text/html; charset=utf-8', ...headers } });
}

export function javascript(source: string): Response {
  return new Response(source, { headers: { 'content-type': 'text/javascript; charset=utf-8' } });
}

export function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } });
}

/** A value as it may stand inside a script. */
export function scriptValue(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}

import type { AddressInfo } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { WebSocketServer } from 'ws';

import { AppError } from '../core/errors.ts';
import type { Store } from '../store/contract.ts';
import { alertmanagerHook, type HookParts } from './alertmanager-hook.ts';
import { isBearer } from './bearer.ts';
import { operatorPages, type OperatorParts } from './operator.ts';

export interface WebParts extends OperatorParts {
  readonly store: OperatorParts['store'] & Pick<Store, 'lastFinishedAt'>;
  readonly metrics: { readonly contentType: string; expose(): Promise<string> };
  /** What the public, and people with an invitation, may use. They bring their own headers. */
  readonly publicPages: readonly Hono[];
  /** What a reader is told who asks for what is not there. */
  readonly notFound?: (context: Context) => Promise<Response>;
  /** `/readyz` fails when no check has finished for this long. */
  readonly readyWithinMs: number;
  /** When set, `/metrics` is shown only to who sends it as a bearer token. */
  readonly metricsToken: string | undefined;
  readonly hook: HookParts;
}

export function webApp(parts: WebParts): Hono {
  const now = parts.now ?? Date.now;
  const app = new Hono();
  for (const pages of parts.publicPages) app.route('/', pages);
  app.use(async (context, next) => {
    await next();
    context.header('x-content-type-options', 'nosniff');
  });
  app.get('/healthz', (context) => context.text('ok\n'));
  app.get('/readyz', async (context) => {
    const last = await parts.store.lastFinishedAt();
    if (last !== null && now() - last <= parts.readyWithinMs) return context.text('ok\n');
    const why =
      last === null ? 'no check has finished yet' : `the last check finished at ${new Date(last).toISOString()}`;
    return context.text(`${why}\n`, 503);
  });
  app.get('/metrics', async (context) => {
    const { metricsToken } = parts;
    if (metricsToken !== undefined && !isBearer(metricsToken, context.req.header('authorization')))
      return context.text('a bearer token is needed\n', 401);
    return context.body(await parts.metrics.expose(), 200, { 'content-type': parts.metrics.contentType });
  });
  app.route('/', alertmanagerHook(parts.hook));
  app.route('/', operatorPages(parts));
  app.notFound(async (context) => (await parts.notFound?.(context)) ?? context.text('not here\n', 404));
  app.onError((_error, context) => context.text('the monitor could not answer; its log says why\n', 500));
  return app;
}

/** How long a connection may be slow, and how many there may be: each takes memory, and a file handle that checks need too. */
export interface Patience {
  /** From its opening until a request has said what it wants. */
  readonly headersMs: number;
  /** Until a request is there as a whole: a telephone sends a picture over a slow line. */
  readonly requestMs: number;
  /** In which nothing goes over the line, in either direction. A web socket has its own watch. */
  readonly idleMs: number;
  readonly connections: number;
}

const PATIENCE: Patience = { headersMs: 15_000, requestMs: 300_000, idleMs: 60_000, connections: 2_000 };

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly sockets?: WebSocketServer;
  readonly patience?: Partial<Patience>;
}

/** Serves until closed. Throws `PORT_TAKEN`. */
export function serveWeb(app: Hono, options: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const patience = { ...PATIENCE, ...options.patience };
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      {
        fetch: app.fetch,
        hostname: options.host,
        port: options.port,
        serverOptions: {
          headersTimeout: patience.headersMs,
          requestTimeout: patience.requestMs,
          connectionsCheckingInterval: Math.min(5_000, patience.headersMs),
        },
        ...(options.sockets === undefined ? {} : { websocket: { server: asServer(options.sockets) } }),
      },
      (info: AddressInfo) => {
        const host = info.family === 'IPv6' ? `[${info.address}]` : info.address;
        resolve({ url: `http://${host}:${info.port}/`, close: () => closed(server, options.sockets) });
      },
    );
    server.maxConnections = patience.connections;
    if ('setTimeout' in server) server.setTimeout(patience.idleMs);
    server.once('error', (error) => {
      reject(new AppError('PORT_TAKEN', `${options.host}:${options.port} cannot be listened on`, { cause: error }));
    });
  });
}

type SocketServer = NonNullable<Parameters<typeof serve>[0]['websocket']>['server'];

/** The adapter's documentation names this very class; only its types are written less strictly than ours are checked. */
function asServer(sockets: WebSocketServer): SocketServer {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return sockets as unknown as SocketServer;
}

function closed(server: ServerType, sockets: WebSocketServer | undefined): Promise<void> {
  for (const socket of sockets?.clients ?? []) socket.terminate();
  return new Promise((resolve) => {
    server.close(() => resolve());
    if ('closeAllConnections' in server) server.closeAllConnections();
  });
}

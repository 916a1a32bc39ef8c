import type { AddressInfo, Socket } from 'node:net';
import { serve, type ServerType } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { WebSocketServer } from 'ws';

import { AppError } from '../core/errors.ts';
import { isLoopbackHost, plainIp } from '../core/networks.ts';
import type { Store } from '../store/contract.ts';
import { alertmanagerHook, type HookParts } from './alertmanager-hook.ts';
import { isBearer } from './bearer.ts';
import { clientOf, TrustedProxies } from './client.ts';
import { OperatorGuard, type OperatorAccess } from './operator-guard.ts';
import { operatorPages, type OperatorParts } from './operator.ts';
import { refuseUnreadable } from './unreadable.ts';

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
  readonly access: OperatorAccess;
  /** Told of every answer that failed, so that the log says why. */
  readonly onFailure: (error: unknown) => void;
}

export function webApp(parts: WebParts): Hono {
  const now = parts.now ?? Date.now;
  const app = new Hono();
  const guard = new OperatorGuard(parts.access, { practice: parts.practice, now });
  app.use(refuseUnreadable);
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
  const { metricsToken } = parts;
  // Without a token, any page in a browser on this machine could read them by a name that it leads here.
  if (metricsToken === undefined) app.use('/metrics', guard.byName);
  app.get('/metrics', async (context) => {
    if (metricsToken !== undefined && !isBearer(metricsToken, context.req.header('authorization')))
      return context.text('a bearer token is needed\n', 401);
    return context.body(await parts.metrics.expose(), 200, { 'content-type': parts.metrics.contentType });
  });
  app.route('/', alertmanagerHook(parts.hook));
  app.route('/', operatorPages(parts, guard));
  app.notFound(async (context) => (await parts.notFound?.(context)) ?? context.text('not here\n', 404));
  app.onError((error, context) => {
    parts.onFailure(error);
    return context.text('the monitor could not answer; its log says why\n', 500);
  });
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
  /** Of one client. A proxy, and this machine, stand for many. */
  readonly perClient: number;
}

const PATIENCE: Patience = {
  headersMs: 15_000,
  requestMs: 300_000,
  idleMs: 60_000,
  connections: 2_000,
  perClient: 200,
};

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly sockets?: WebSocketServer;
  readonly patience?: Partial<Patience>;
  /** Whose word is taken for who asks; nobody's when not given. */
  readonly proxies?: TrustedProxies;
}

/** Serves until closed. Throws `PORT_TAKEN`. */
export function serveWeb(app: Hono, options: ServeOptions): Promise<{ url: string; close(): Promise<void> }> {
  const patience = { ...PATIENCE, ...options.patience };
  const proxies = options.proxies ?? new TrustedProxies([]);
  return new Promise((resolve, reject) => {
    const server: ServerType = serve(
      {
        // The adapter keeps what belongs to a web socket in this very object.
        fetch: (request: Request, env: object) => app.fetch(request, Object.assign(env, { proxies })),
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
    const lines = new ClientLines(patience.perClient, proxies);
    server.on('connection', (socket: Socket) => lines.admit(socket));
    if ('setTimeout' in server) server.setTimeout(patience.idleMs);
    server.once('error', (error) => {
      reject(new AppError('PORT_TAKEN', `${options.host}:${options.port} cannot be listened on`, { cause: error }));
    });
  });
}

/** How many connections each client has. */
export class ClientLines {
  readonly #most: number;
  readonly #proxies: TrustedProxies;
  readonly #open = new Map<string, number>();

  constructor(most: number, proxies: TrustedProxies) {
    this.#most = most;
    this.#proxies = proxies;
  }

  /** Closes a connection of a client that has its share. */
  admit(socket: Pick<Socket, 'remoteAddress' | 'destroy' | 'once'>): void {
    const { remoteAddress: address = '' } = socket;
    if (isLoopbackHost(plainIp(address)) || this.#proxies.has(address)) return;
    const client = clientOf(address);
    const count = (this.#open.get(client) ?? 0) + 1;
    if (count > this.#most) {
      socket.destroy();
      return;
    }
    this.#open.set(client, count);
    socket.once('close', () => {
      const left = (this.#open.get(client) ?? 1) - 1;
      if (left === 0) this.#open.delete(client);
      else this.#open.set(client, left);
    });
  }
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

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as the server saw it. */
export interface Asked {
  readonly method: string;
  /** Path and query as sent. */
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface WebSite {
  readonly origin: string;
  readonly port: number;
  /** Everything that was ever asked, in order; an attempted web socket has the method `UPGRADE`. */
  readonly asked: readonly Asked[];
  /** Paths asked for since a mark (a length of `asked`), by GET. */
  pathsSince(mark: number): string[];
  /** `METHOD path` of everything that is not GET or HEAD. */
  writes(): string[];
  close(): Promise<void>;
}

export type Answer = (asked: Asked, response: ServerResponse) => void;

/** A loopback server that notes what it is asked. */
export async function openWebSite(answer: Answer): Promise<WebSite> {
  const asked: Asked[] = [];
  const noted = (request: IncomingMessage, method: string): Asked => {
    const one = { method, path: request.url ?? '', headers: request.headers };
    asked.push(one);
    return one;
  };
  const server = createServer((request, response) => {
    request.resume();
    answer(noted(request, request.method ?? ''), response);
  });
  server.on('upgrade', (request, socket) => {
    noted(request, 'UPGRADE');
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    asked,
    pathsSince: (mark) => asked.slice(mark).flatMap(({ method, path }) => (method === 'GET' ? [path] : [])),
    writes: () =>
      asked.flatMap(({ method, path }) => (method === 'GET' || method === 'HEAD' ? [] : [`${method} ${path}`])),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendPage(response: ServerResponse, body: string, status = 200, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(body);
}

/** A whole page that the stub reader knows: it reads as `operational`. */
export function openPage(body: string, head = ''): string {
  return `<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>page</title>${head}</head><body><p>Cette page est ouverte au public.</p>${body}</body></html>`;
}

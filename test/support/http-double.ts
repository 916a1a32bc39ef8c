import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Certificate } from './certificate.ts';

/** What a scripted service does with one request: an answer, silence, or a line that breaks. */
export type Answer =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      /** Sent as it is when a string, else as JSON. */
      readonly body?: unknown;
    }
  | 'hang'
  | 'reset';

/** One request as the service saw it. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface HttpDouble {
  readonly origin: string;
  readonly requests: readonly Received[];
  /** The last request; fails when there was none. */
  last(): Received;
  /** Resolves when the service has read a request to its end, however it answers. */
  arrived(): Promise<void>;
  close(): Promise<void>;
}

/** A service on loopback that gives the scripted answers in order, and the last of them from then on. */
export async function openHttpDouble(script: readonly Answer[], certificate?: Certificate): Promise<HttpDouble> {
  const requests: Received[] = [];
  const waiting: (() => void)[] = [];
  const receive = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const answer = script[Math.min(requests.length, script.length - 1)] ?? 'hang';
    requests.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
    give(answer, response);
    for (const resolve of waiting.splice(0)) resolve();
  };
  const listener: RequestListener = (request, response) => void receive(request, response);
  const server = certificate === undefined ? createServer(listener) : createTlsServer(certificate, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
    requests,
    last: () => {
      const found = requests.at(-1);
      if (found === undefined) throw new Error('nothing was asked');
      return found;
    },
    arrived: () => (requests.length > 0 ? Promise.resolve() : new Promise((resolve) => waiting.push(resolve))),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function give(answer: Answer, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'reset') {
    response.destroy();
    return;
  }
  const { status, headers = {}, body = '' } = answer;
  const isText = typeof body === 'string';
  response
    .writeHead(status, { 'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json', ...headers })
    .end(isText ? body : JSON.stringify(body));
}

/** An address on which nobody listens: a port that was free a moment ago. */
export async function closedOrigin(): Promise<string> {
  const double = await openHttpDouble([{ status: 200 }]);
  await double.close();
  return double.origin;
}

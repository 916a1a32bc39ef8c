import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';

import type { Replica, Scenario, Tally } from '../../core/replica.ts';

/** One replica site on a loopback port, playing one scenario. */
export interface OpenSite {
  readonly origin: string;
  /** Where the visit of the scenario begins. */
  readonly address: string;
  readonly tally: Tally;
  close(): Promise<void>;
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Opens one scenario of a replica on `port`, or on a free one when it is taken or 0. */
export async function openSite(
  replica: Replica,
  scenario: Scenario,
  options: { port?: number; now?: () => number } = {},
): Promise<OpenSite> {
  const tally: Tally = { submissions: 0, holds: 0, captchaAnswers: 0, posts: [] };
  const site = replica.site({ scenario: scenario.name, now: options.now ?? Date.now, tally });
  const answer = getRequestListener(site);
  const server = createServer(listenerFor(scenario, (request, response) => void answer(request, response)));
  return listening(server, options.port ?? 0, (origin) => ({ address: `${origin}${scenario.path}`, tally }));
}

/** The practice world's own control host: it answers, and its clock is right. */
export function openControl(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => response.end());
  return listening(server, 0, () => ({}));
}

function listenerFor(scenario: Scenario, answer: Listener): Listener {
  switch (scenario.transport) {
    case undefined:
      return answer;
    case 'reset':
      return (request) => request.socket.destroy();
    case 'hang':
      return () => undefined;
    default:
      return scenario.transport satisfies never;
  }
}

async function listening<T extends object>(
  server: Server,
  port: number,
  more: (origin: string) => T,
): Promise<T & { origin: string; close(): Promise<void> }> {
  await listen(server, port).catch(() => listen(server, 0));
  // A listening TCP server has an address object; only pipes have a string.
  const address = server.address() as AddressInfo; // oxlint-disable-line typescript/no-unsafe-type-assertion
  const origin = `http://127.0.0.1:${address.port}`;
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { ...more(origin), origin, close };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';

import type { Replica, Scenario, Stage, Tally } from '../../core/replica.ts';
import { listening } from './listening.ts';

/** One replica site on a loopback port, playing one scenario. */
export interface OpenSite {
  readonly origin: string;
  /** Where the visit of the scenario begins. */
  readonly address: string;
  readonly tally: Tally;
  close(): Promise<void>;
}

/** Longer than the pause between two requests of one visit, shorter than that between two visits. */
const VISIT_PAUSES_AT_MOST_MS = 3_000;

type Listener = (request: IncomingMessage, response: ServerResponse) => void;

/** Opens one scenario of a replica on `port`, or on a free one when it is taken or 0. */
export async function openSite(
  replica: Replica,
  scenario: Scenario,
  options: { port?: number; now?: () => number } = {},
): Promise<OpenSite> {
  const tally = emptyTally();
  const server = createServer(listenerOf(replica, scenario, { now: options.now ?? Date.now, tally }));
  return listening(server, options.port ?? 0, (origin) => ({ address: `${origin}${scenario.path}`, tally }));
}

/**
 * Opens a site that lives: it plays the scenario of the hour, and stays with it while a visit is under way. The scenarios
 * begin at one address.
 */
export async function openLivingSite(
  replica: Replica,
  scenarioAt: (now: number) => Scenario,
  options: { port?: number; now?: () => number } = {},
): Promise<OpenSite> {
  const now = options.now ?? Date.now;
  const tally = emptyTally();
  const play = (scenario: Scenario): Listener => listenerOf(replica, scenario, { now, tally });
  let played = scenarioAt(now());
  let answer = play(played);
  let askedAt = 0;
  const server = createServer((request, response) => {
    const next = scenarioAt(now());
    if (next.name !== played.name && now() - askedAt > VISIT_PAUSES_AT_MOST_MS) {
      played = next;
      answer = play(next);
    }
    askedAt = now();
    answer(request, response);
  });
  const path = played.path;
  return listening(server, options.port ?? 0, (origin) => ({ address: `${origin}${path}`, tally }));
}

/** The practice world's own control host: it answers, and its clock is right. */
export function openControl(): Promise<{ origin: string; close(): Promise<void> }> {
  const server = createServer((_request, response) => response.end());
  return listening(server, 0, () => ({}));
}

function emptyTally(): Tally {
  return { submissions: 0, holds: 0, captchaAnswers: 0, posts: [] };
}

function listenerOf(replica: Replica, scenario: Scenario, stage: Pick<Stage, 'now' | 'tally'>): Listener {
  const answer = getRequestListener(replica.site({ scenario: scenario.name, ...stage }));
  switch (scenario.transport) {
    case undefined:
      return (request, response) => void answer(request, response);
    case 'reset':
      return (request) => request.socket.destroy();
    case 'hang':
      return () => undefined;
    default:
      return scenario.transport satisfies never;
  }
}

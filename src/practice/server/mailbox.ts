import { createServer } from 'node:http';

import { listening } from './listening.ts';

/** Where the messages of practice mode arrive: a webhook receiver on loopback that keeps the last ones and shows them. */
export interface Mailbox {
  /** What a message is posted to; asked for by a browser, it shows what came. */
  readonly origin: string;
  close(): Promise<void>;
}

const KEPT = 100;
const LONGEST_BODY = 1_000_000;

/** `wordsOf` makes a posted body readable. */
export function openMailbox(port: number, wordsOf: (body: string) => string): Promise<Mailbox> {
  const letters: string[] = [];
  const server = createServer((request, response) => {
    if (request.method !== 'POST') {
      response.setHeader('content-type', 'text/plain; charset=utf-8');
      response.end(letters.length === 0 ? 'no message yet\n' : `${letters.toReversed().join('\n\n')}\n`);
      return;
    }
    let body = '';
    request.on('data', (chunk: Buffer) => {
      if (body.length < LONGEST_BODY) body += chunk.toString();
    });
    request.on('end', () => {
      letters.push(wordsOf(body));
      if (letters.length > KEPT) letters.shift();
      response.end();
    });
  });
  return listening(server, port, () => ({}));
}

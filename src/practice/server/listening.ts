import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Listens on a loopback port, or on a free one when it is taken or 0. `more` adds what else the caller gives out. */
export async function listening<T extends object>(
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

/**
 * Many readers: a process of its own in which each opens a connection, asks one page and reads it to its end, so many of them
 * at a time. Prints how they were answered: `{"200":10000}`. Called with the address, the count, how many at a time, the paths.
 */
import { connect } from 'node:net';

const [address = '', count = '0', atOnce = '1', ...paths] = process.argv.slice(2);
const { hostname, port } = new URL(address);
const answers: Record<string, number> = {};

function reader(index: number): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    let head = '';
    let isOver = false;
    const end = (status: string): void => {
      if (isOver) return;
      isOver = true;
      answers[status] = (answers[status] ?? 0) + 1;
      socket.destroy();
      resolve();
    };
    socket.setTimeout(60_000, () => end('timeout'));
    socket.once('connect', () => {
      const path = paths[index % paths.length] ?? '/';
      socket.write(`GET ${path} HTTP/1.1\r\nhost: ${hostname}\r\naccept-encoding: gzip\r\nconnection: close\r\n\r\n`);
    });
    socket.on('data', (chunk: Buffer) => {
      if (head.length < 20) head += chunk.toString('latin1', 0, 20);
    });
    // Answered is only what was answered to its end.
    socket.once('end', () => end(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1] ?? 'none'));
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? 'error'));
  });
}

let next = 0;

async function queue(): Promise<void> {
  for (let index = next; index < Number(count); index = next) {
    next += 1;
    await reader(index);
  }
}

await Promise.all(Array.from({ length: Number(atOnce) }, queue));
process.stdout.write(`${JSON.stringify(answers)}\n`);

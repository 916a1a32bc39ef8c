import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What a telephone with one bar has: a line that is shared by all its connections, narrow and far away. */
export interface LineSpeed {
  readonly downBitsPerSecond: number;
  readonly upBitsPerSecond: number;
  /** One way. */
  readonly delayMs: number;
}

/** As `regular 3G` of the browsers' own throttling, a little narrower. */
export const SLOW_3G: LineSpeed = { downBitsPerSecond: 400_000, upBitsPerSecond: 400_000, delayMs: 150 };

export interface SlowLine {
  readonly port: number;
  /** Bytes that went down the line since it was opened. */
  readonly downBytes: number;
  /** Most bytes that ever waited for their turn to go down: what a sender piled up. */
  readonly mostWaiting: number;
  forgetWaiting(): void;
  close(): Promise<void>;
}

const PIECE_BYTES = 1_460;
/** What the line itself takes in before it makes a sender wait, as the buffers of a mobile network do. */
const BUFFER_BYTES = 64_000;

/** A loopback port from which a loopback port is reached over a slow line. */
export async function openSlowLine(to: number, speed: LineSpeed): Promise<SlowLine> {
  const down = new Direction(speed.downBitsPerSecond, speed.delayMs);
  const up = new Direction(speed.upBitsPerSecond, speed.delayMs);
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    up.join(near, far);
    down.join(far, near);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    get downBytes() {
      return down.bytes;
    },
    get mostWaiting() {
      return down.mostWaiting;
    },
    forgetWaiting: () => {
      down.mostWaiting = 0;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

class Direction {
  bytes = 0;
  mostWaiting = 0;
  readonly #bytesPerMs: number;
  readonly #delayMs: number;
  #freeAt = 0;
  #waiting = 0;

  constructor(bitsPerSecond: number, delayMs: number) {
    this.#bytesPerMs = bitsPerSecond / 8_000;
    this.#delayMs = delayMs;
  }

  join(from: Socket, to: Socket): void {
    from.on('data', (chunk) => {
      for (let at = 0; at < chunk.length; at += PIECE_BYTES)
        this.#carry(chunk.subarray(at, at + PIECE_BYTES), from, to);
      if (this.#waiting > BUFFER_BYTES) from.pause();
    });
    from.on('end', () => setTimeout(() => to.end(), Math.max(0, this.#freeAt - performance.now()) + this.#delayMs));
  }

  #carry(piece: Buffer, from: Socket, to: Socket): void {
    const now = performance.now();
    this.#waiting += piece.length;
    this.mostWaiting = Math.max(this.mostWaiting, this.#waiting);
    this.#freeAt = Math.max(this.#freeAt, now) + piece.length / this.#bytesPerMs;
    setTimeout(
      () => {
        this.#waiting -= piece.length;
        this.bytes += piece.length;
        if (!to.destroyed) to.write(piece);
        if (from.isPaused() && this.#waiting < BUFFER_BYTES / 2) from.resume();
      },
      this.#freeAt - now + this.#delayMs,
    );
  }
}

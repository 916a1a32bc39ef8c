import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';

import { Control } from '../../src/run/control.ts';

const START = Date.UTC(2026, 10, 23, 8, 0, 0, 400);
const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** A clock that goes only when it is told to, and a control host beside it. */
interface World {
  now: number;
  /** The host's clock minus the world's. */
  skewMs: number;
  isUp: boolean;
  /** How long each answer takes to be dated, and from then to arrive; the last one stands for all that follow. */
  takes: { readonly thereMs: number; readonly backMs: number }[];
  asked: number;
  readonly control: Control;
}

async function withWorld(use: (world: World) => Promise<void>): Promise<void> {
  const server: Server = createServer((request, response) => {
    world.asked += 1;
    if (!world.isUp) {
      request.socket.destroy();
      return;
    }
    const { thereMs, backMs } = world.takes[Math.min(world.asked, world.takes.length) - 1] ?? { thereMs: 0, backMs: 0 };
    response.sendDate = false;
    world.now += thereMs;
    response.setHeader('date', new Date(world.now + world.skewMs).toUTCString());
    world.now += backMs;
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const control = new Control([origin], 'test', () => world.now);
  const world: World = { now: START, skewMs: 0, isUp: true, takes: [], asked: 0, control };
  try {
    await use(world);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('our clock beside that of a control host', () => {
  for (const [name, takes, skewMs, expected] of [
    ['an answer at once', [], 0, 0],
    ['a line that is slow there', [{ thereMs: 3_200, backMs: 0 }], 0, 0],
    ['a line that is slow on its way back', [{ thereMs: 0, backMs: 3_200 }], 0, 0],
    ['a busy process, on either side', [{ thereMs: 4_400, backMs: 4_400 }], 0, 0],
    ['a clock 1.9 s slow on a slow line', [{ thereMs: 700, backMs: 700 }], 1_900, 'right'],
    ['a clock 1.9 s fast', [], -1_900, 'right'],
    ['a clock 5 s slow', [], 5_000, 'slow'],
    ['a clock 5 s fast', [], -5_000, 'fast'],
    ['a clock an hour slow on a slow line', [{ thereMs: 4_000, backMs: 900 }], 3_600_000, 'slow'],
  ] as const) {
    test(`${name} reads as ${expected === 0 ? 'no offset at all' : expected}`, async () => {
      await withWorld(async (world) => {
        world.takes = [...takes];
        world.skewMs = skewMs;
        const offset = (await world.control.ask()).clockOffsetMs ?? Number.NaN;
        if (expected === 0) assert.equal(offset, 0);
        if (expected === 'right') assert.ok(Math.abs(offset) <= 2_000, String(offset));
        if (expected === 'slow') assert.ok(offset < -2_000, String(offset));
        if (expected === 'fast') assert.ok(offset > 2_000, String(offset));
      });
    });
  }

  test('a date that was made before the host was busy is not believed before it is asked again', async () => {
    await withWorld(async (world) => {
      world.takes = [
        { thereMs: -4_000, backMs: 4_000 },
        { thereMs: 0, backMs: 0 },
      ];
      assert.equal((await world.control.ask()).clockOffsetMs, 0);
      assert.equal(world.asked, 2);
    });
  });

  test('a good answer is asked for once, and a late one at most three times', async () => {
    await withWorld(async (world) => {
      await world.control.ask();
      assert.equal(world.asked, 1);
      world.takes = [{ thereMs: 4_000, backMs: 0 }];
      await world.control.ask();
      assert.equal(world.asked, 4);
    });
  });
});

describe('how long a reading of the control hosts is good', () => {
  const readAgain = async (world: World, afterMs: number): Promise<boolean> => {
    const before = world.asked;
    world.now += afterMs;
    await world.control.clockOffsetMs();
    return world.asked > before;
  };

  test('ten minutes for a clock that is right', async () => {
    await withWorld(async (world) => {
      await world.control.clockOffsetMs();
      assert.deepEqual([await readAgain(world, 10 * MINUTE - 1), await readAgain(world, 1)], [false, true]);
    });
  });

  test('some seconds after no host answered: the next check is not lost as well', async () => {
    await withWorld(async (world) => {
      world.isUp = false;
      assert.equal(await world.control.clockOffsetMs(), null);
      assert.deepEqual([await readAgain(world, 14 * SECOND), await readAgain(world, SECOND)], [false, true]);
      world.isUp = true;
      world.now += 15 * SECOND;
      assert.equal(await world.control.clockOffsetMs(), 0);
    });
  });

  test('some seconds after our clock was found wrong', async () => {
    await withWorld(async (world) => {
      world.skewMs = 60_000;
      assert.ok(((await world.control.clockOffsetMs()) ?? 0) < -2_000);
      world.skewMs = 0;
      world.now += 15 * SECOND;
      assert.equal(await world.control.clockOffsetMs(), 0);
    });
  });
});

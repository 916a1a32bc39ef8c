import assert from 'node:assert/strict';
import { describe, mock, test } from 'node:test';

import { ClockWatch } from '../../src/schedule/clock-watch.ts';
import { everySecond } from '../../src/schedule/engines/steady.ts';

const HOUR = 3_600_000;

/** Lets everything that waits for nothing but promises go on. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock on the wall that anybody may set, apart from the timers. */
function settableDate(at: number) {
  const Real = Date;
  const wall = { at, restore: () => void (globalThis.Date = Real) };
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: unknown[]) =>
      args.length === 0 ? new target(wall.at) : (Reflect.construct(target, args) as Date),
    get: (target, name, receiver) =>
      name === 'now' ? () => wall.at : (Reflect.get(target, name, receiver) as unknown),
  });
  return wall;
}

describe('the seconds of the monitor', () => {
  for (const [name, by] of [
    ['an hour back', -HOUR],
    ['an hour on', HOUR],
    ['a day back', -24 * HOUR],
  ] as const) {
    test(`go on when the clock is set ${name}`, async () => {
      const clock = mock.timers;
      clock.enable({ apis: ['setTimeout'] });
      const wall = settableDate(Date.UTC(2026, 9, 25, 0, 59, 30));
      try {
        let ticks = 0;
        const second = async (): Promise<void> => {
          ticks += 1;
          await settle();
        };
        const stop = everySecond(second, (error) => assert.fail(String(error)));
        const pass = async (seconds: number): Promise<void> => {
          for (let at = 0; at < seconds; at += 1) {
            wall.at += 1_000;
            clock.tick(1_000);
            await settle();
            await settle();
          }
        };
        await pass(3);
        assert.equal(ticks, 3);
        wall.at += by;
        ticks = 0;
        await pass(5);
        assert.equal(ticks, 5);
        await stop();
        await pass(3);
        assert.equal(ticks, 5);
      } finally {
        wall.restore();
        clock.reset();
      }
    });
  }

  test('never overlap, and one that fails is told and does not end them', async () => {
    const clock = mock.timers;
    clock.enable({ apis: ['setTimeout'] });
    try {
      const failures: unknown[] = [];
      let release: () => void = () => undefined;
      let begun = 0;
      const stop = everySecond(
        async () => {
          begun += 1;
          if (begun === 1) throw new Error('full');
          await new Promise<void>((resolve) => (release = resolve));
        },
        (error) => failures.push(error),
      );
      for (let at = 0; at < 5; at += 1) {
        clock.tick(1_000);
        await settle();
      }
      assert.equal(begun, 2, 'the second one is still running');
      assert.equal(failures.length, 1);
      const stopped = stop();
      release();
      await stopped;
    } finally {
      clock.reset();
    }
  });
});

describe('the watch on the clock', () => {
  test('tells when it was set, once, and by how much; not of small corrections', () => {
    const watch = new ClockWatch();
    const looks: readonly (readonly [number, number])[] = [
      [0, 0],
      [1_000, 1_000],
      [2_400, 2_000],
      [3_000 + HOUR, 3_000],
      [4_000 + HOUR, 4_000],
      [5_000, 5_000],
    ];
    assert.deepEqual(
      looks.map(([wall, steady]) => watch.look(wall, steady)),
      [null, null, null, HOUR, null, -HOUR],
    );
  });
});

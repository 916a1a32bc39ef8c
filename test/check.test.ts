import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { pino } from 'pino';

import { Watch, type WatchParts } from '../src/check.ts';
import type { Check, PlannedCheck } from '../src/core/check.ts';
import { NO_EPISODES } from '../src/core/episode.ts';
import { AppError } from '../src/core/errors.ts';
import { bareTarget, type Target } from '../src/core/target.ts';
import type { RunResult } from '../src/run/runner.ts';
import { checkOf, planOf, START } from './support/checks.ts';

const NO_STEP = { state: NO_EPISODES, touched: [] };

/** A world in which one tick is one decision: what is due, what the runner answers, what was written. */
interface WorldChange extends Partial<WatchParts> {
  readonly due?: readonly string[];
  readonly hosts?: Readonly<Record<string, string>>;
  readonly plan?: Partial<PlannedCheck>;
  readonly control?: boolean;
}

function world(change: WorldChange = {}) {
  const ids = change.due ?? ['a', 'b'];
  const targets = new Map<string, Target>(
    ids.map((id) => [
      id,
      {
        ...bareTarget({
          id,
          platform: 'ez-booking',
          address: `http://${change.hosts?.[id] ?? `${id}.test`}/`,
          practice: false,
        }),
        control: change.control ?? false,
      },
    ]),
  );
  const planned = ids.map((id, at): PlannedCheck => ({ ...planOf(id, START), id: at + 1, ...change.plan }));
  const written: string[] = [];
  const lines: string[] = [];
  const started: string[] = [];
  const modes: string[] = [];
  const answers = new Map<string, PromiseWithResolvers<RunResult>>();
  const parts: WatchParts = {
    targets,
    ledger: {
      tick: () => Promise.resolve(planned.filter(({ id }) => !written.some((line) => line.endsWith(` ${id}`)))),
    },
    runner: {
      check: async ({ target, mode, onAdmitted }) => {
        started.push(target.id);
        modes.push(mode);
        await onAdmitted?.();
        const answer = Promise.withResolvers<RunResult>();
        answers.set(target.id, answer);
        return await answer.promise;
      },
    },
    store: {
      begin: () => Promise.resolve(true),
      record: (check, ends) => {
        written.push(`${ends.plannedEnd?.end} ${check.targetId} ${ends.plannedId}`);
        return Promise.resolve(1);
      },
      close: (id, end, reason) => {
        written.push(`${end} (${reason}) ${id}`);
        return Promise.resolve();
      },
    },
    log: pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) }),
    concurrency: 4,
    decide: () => ({ events: [], softBlock: null, confirmAt: null, episodes: NO_STEP, notices: [] }),
    onRecorded: () => undefined,
    now: () => START,
    ...change,
  };
  const watch = new Watch(parts);
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  };
  const answer = async (id: string, result: RunResult | Error): Promise<void> => {
    await settle();
    if (result instanceof Error) answers.get(id)?.reject(result);
    else answers.get(id)?.resolve(result);
    await settle();
  };
  return { watch, written, lines, started, modes, answer, settle };
}

const checked = (check: Check): RunResult => ({ kind: 'checked', check, breaker: null });

describe('the watch', () => {
  test('what is due is run, recorded with the end of its plan, and told in one line', async () => {
    const { watch, written, lines, started, answer } = world({ due: ['a'] });
    await watch.tick();
    assert.deepEqual(started, ['a']);
    await answer('a', checked(checkOf('a', START)));
    assert.deepEqual(written, ['done a 1']);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /"target":"a","outcome":"no_slots"/);
    assert.doesNotMatch(lines[0] ?? '', /html|<|127\.0\.0\.1/);
  });

  test('a control is checked as one, a confirmation stays one', async () => {
    for (const [change, mode] of [
      [{}, 'scheduled'],
      [{ control: true }, 'control'],
      [{ plan: { mode: 'confirmation' } }, 'confirmation'],
      [{ plan: { mode: 'confirmation' }, control: true }, 'confirmation'],
    ] as const) {
      const { watch, modes } = world({ due: ['a'], ...change });
      await watch.tick();
      assert.deepEqual(modes, [mode]);
    }
  });

  test('an event that asks for a person stands in the log as a warning, once it is recorded', async () => {
    const check = checkOf('a', START, 'moved');
    const event = {
      kind: 'moved',
      at: START,
      platform: null,
      host: 'h',
      targetId: 'a',
      message: 'gone to ANEF',
    } as const;
    const before = {
      previous: null,
      lastLinks: null,
      targetOutcomes: [],
      hostVisits: [],
      fingerprints: [],
      plannedAt: [],
      intervalMs: 1_800_000,
      outages: [],
    };
    const host = { neighbours: [], controlSlotsAt: null, isMarked: false, lastMarkFromAt: null, noPages: [] };
    const { watch, lines, answer } = world({
      due: ['a'],
      decide: () => ({ events: [event], softBlock: null, confirmAt: null, episodes: NO_STEP, notices: [] }),
      store: {
        begin: () => Promise.resolve(true),
        record: (recorded, ends) => {
          ends.decide?.({ ...before, host, episodes: NO_EPISODES }, recorded);
          return Promise.resolve(7);
        },
        close: () => Promise.resolve(),
      },
    });
    await watch.tick();
    await answer('a', checked(check));
    assert.match(lines[1] ?? '', /"level":40.*"check":7,"event":"moved","target":"a".*gone to ANEF/);
  });

  test('two targets of one host are never under way together, two hosts are', async () => {
    const { watch, started, answer, settle } = world({
      due: ['a', 'b', 'c'],
      hosts: { a: 'one.test', b: 'one.test', c: 'two.test' },
    });
    await watch.tick();
    await settle();
    assert.deepEqual(started, ['a', 'c']);
    await answer('a', checked(checkOf('a', START)));
    await watch.tick();
    assert.deepEqual(started, ['a', 'c', 'b']);
  });

  test('no more hosts at once than the limit', async () => {
    const { watch, started } = world({ due: ['a', 'b', 'c'], concurrency: 2 });
    await watch.tick();
    assert.equal(started.length, 2);
  });

  test('a host that is not free is left alone until it said so, and the plan stays open', async () => {
    const { watch, started, written, answer } = world({ due: ['a'] });
    await watch.tick();
    await answer('a', { kind: 'wait', until: START + 20_000, reason: 'spacing of the host' });
    await watch.tick();
    assert.deepEqual([started, written], [['a'], []]);
  });

  test('a skipped check closes its plan as skipped', async () => {
    const { watch, written, answer } = world({ due: ['a'] });
    await watch.tick();
    await answer('a', checked(checkOf('a', START, 'skipped')));
    assert.deepEqual(written, ['skipped a 1']);
  });

  test('a check that cannot be recorded is logged, and its plan is closed as missed when the store works again', async () => {
    let isFull = true;
    const closed: string[] = [];
    const full = new AppError('STORE_FAILED', 'disk full');
    const { watch, lines, answer } = world({
      due: ['a'],
      store: {
        begin: () => Promise.resolve(true),
        record: () => Promise.reject(full),
        close: (id, end, reason) => {
          if (isFull) return Promise.reject(full);
          closed.push(`${end} ${id} ${reason}`);
          return Promise.resolve();
        },
      },
    });
    await watch.tick();
    await answer('a', checked(checkOf('a', START)));
    await watch.tick();
    assert.deepEqual(closed, []);
    isFull = false;
    await watch.tick();
    assert.deepEqual(closed, ['missed 1 not recorded: STORE_FAILED']);
    assert.ok(lines.some((line) => line.includes('STORE_FAILED')));
  });

  test('at a stop, what does not end in time is missed, and its late answer is not recorded', async () => {
    const { watch, written, answer } = world({ due: ['a'] });
    await watch.tick();
    await watch.stop(1);
    assert.deepEqual(written, ['missed (the monitor was stopped) 1']);
    await answer('a', checked(checkOf('a', START)));
    assert.equal(written.length, 1);
  });
});

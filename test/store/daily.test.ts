import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';
import fc from 'fast-check';

import type { Design, Mode } from '../../src/core/check.ts';
import { LocalTime } from '../../src/core/local-time.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { DayTally, TallySource } from '../../src/core/tally.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { openTallySource } from '../../src/store/tally-source.ts';
import { checkOf, HOUR, planOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** The roll-ups beside what they are rolled up from: counted here again, in another way, from the rows of the public views. */

interface Row {
  readonly target_id: string;
  readonly outcome: Outcome;
  readonly mode: Mode;
  readonly design: Design;
  readonly started_at: number;
  readonly observed_at: number | null;
  readonly host: string;
  readonly reader_version: number;
}
interface Lost {
  readonly target_id: string;
  readonly planned_at: number;
  readonly state: Outcome;
}
interface Block {
  readonly host: string;
  readonly from_at: number;
  readonly to_at: number | null;
}

const paris = new LocalTime('Europe/Paris');
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let source: TallySource;

const open = async (): Promise<void> => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), targetNamed('b'), targetNamed('c')]);
  source = openTallySource(folder.path);
};
const close = async (): Promise<void> => {
  source.close();
  await store.end();
  await folder.remove();
};

const SPAN = { from: '2026-01-01', to: '2027-12-31', targetIds: ['a', 'b', 'c'] };

function recounted(): DayTally[] {
  const file = new Database(join(folder.path, 'guetteur.sqlite'), { readonly: true });
  const rows = file
    .prepare<[], Row>(
      `select c.*, r.outcome, r.reader_version from checks c join readings r on r.check_id = c.id where r.current = 1`,
    )
    .all();
  const lost = file
    .prepare<[], Lost>(
      `select * from planned where design = 'uniform' and check_id is null and state in ('missed', 'skipped')`,
    )
    .all();
  const blocks = file.prepare<[], Block>('select * from soft_blocks where lifted_at is null').all();
  file.close();
  type Day = { -readonly [K in keyof DayTally]: DayTally[K] } & { outcomes: Partial<Record<Outcome, number>> };
  const days = new Map<string, Day>();
  const dayOf = (targetId: string, at: number): Day => {
    const key = `${paris.dayOf(at)} ${targetId}`;
    const known = days.get(key) ?? {
      targetId,
      day: paris.dayOf(at),
      planned: 0,
      outcomes: {},
      softBlocked: 0,
      others: 0,
      firstAt: null,
      lastAt: null,
      readers: null,
    };
    days.set(key, known);
    return known;
  };
  for (const { target_id, outcome, mode, design, started_at, observed_at, host, reader_version: version } of rows) {
    const day = dayOf(target_id, observed_at ?? started_at);
    const isUniform = design === 'uniform' && mode !== 'confirmation' && mode !== 'reported';
    if (isUniform) day.planned += 1;
    if (!isUniform) {
      day.others += 1;
      continue;
    }
    const isBlocked = blocks.some(
      (block) => block.host === host && started_at >= block.from_at && started_at < (block.to_at ?? Infinity),
    );
    if (outcome === 'no_slots' && isBlocked) day.softBlocked += 1;
    else day.outcomes[outcome] = (day.outcomes[outcome] ?? 0) + 1;
    day.firstAt = Math.min(day.firstAt ?? started_at, started_at);
    day.lastAt = Math.max(day.lastAt ?? started_at, started_at);
    day.readers = {
      oldest: Math.min(day.readers?.oldest ?? version, version),
      newest: Math.max(day.readers?.newest ?? version, version),
    };
  }
  for (const { target_id, planned_at, state } of lost) {
    const day = dayOf(target_id, planned_at);
    day.planned += 1;
    day.outcomes[state] = (day.outcomes[state] ?? 0) + 1;
  }
  return [...days].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, day]) => day);
}

const agree = (): void => assert.deepEqual(source.days(SPAN), recounted());

describe('roll-ups', () => {
  beforeEach(open);
  afterEach(close);

  test('a check before midnight in Paris belongs to that day, one after it to the next; also where clocks change', async () => {
    for (const at of ['2026-10-24T21:59:58Z', '2026-10-24T22:00:00Z', '2026-10-25T22:59:58Z', '2026-10-25T23:00:00Z'])
      await store.record(checkOf('a', Date.parse(at)), {});
    assert.deepEqual(
      source.days(SPAN).map(({ day, outcomes }) => [day, outcomes]),
      [
        ['2026-10-24', { no_slots: 1 }],
        ['2026-10-25', { no_slots: 2 }],
        ['2026-10-26', { no_slots: 1 }],
      ],
    );
    agree();
  });

  test('a late reading moves its check from one outcome to the other', async () => {
    const id = await store.record(checkOf('a', START, 'unknown_page'), {});
    const reading = { outcome: 'slots', rule: 'better', message: '', facets: {} } as const;
    await store.appendReading({ checkId: id, readerVersion: 7, reading, readAt: START + HOUR });
    const [day] = source.days(SPAN);
    assert.deepEqual([day?.outcomes, day?.readers], [{ slots: 1 }, { oldest: 7, newest: 7 }]);
    agree();
  });

  test('a mark takes every "no" of its window out, in all days and targets of the host, and the lifted mark gives them back', async () => {
    for (const hour of [0, 20, 40])
      for (const id of ['a', 'b']) await store.record(checkOf(id, START + hour * HOUR), {});
    const block = { host: '127.0.0.1:1', fromAt: START + HOUR, toAt: null, reason: 'a test', markedBy: 'me' };
    const id = await store.markSoftBlock(block, START + 50 * HOUR);
    assert.deepEqual(
      source.days(SPAN).map(({ softBlocked }) => softBlocked),
      [0, 0, 1, 1, 1, 1],
    );
    agree();
    await store.record(checkOf('a', START + 51 * HOUR), {});
    agree();
    await store.liftSoftBlock(id, { by: 'me', why: 'it was true', now: START + 52 * HOUR });
    assert.ok(source.days(SPAN).every(({ softBlocked }) => softBlocked === 0));
    agree();
  });

  test('a reader sees what is committed, and waits for no writer', async () => {
    await store.record(checkOf('a', START), {});
    const before = source.days(SPAN);
    const writer = new Database(join(folder.path, 'guetteur.sqlite'));
    writer.exec('begin immediate; delete from daily');
    assert.deepEqual(source.days(SPAN), before);
    writer.exec('rollback');
    writer.close();
  });

  test('another number stands for the data after every write', async () => {
    const before = source.version();
    assert.equal(source.version(), before);
    await store.record(checkOf('a', START), {});
    assert.notEqual(source.version(), before);
  });
});

/** Any sequence of what may change a day. */
type Command =
  | {
      readonly kind: 'check';
      readonly id: string;
      readonly at: number;
      readonly outcome: Outcome;
      readonly mode: Mode;
      readonly design: Design;
    }
  | { readonly kind: 'read'; readonly which: number; readonly outcome: Outcome }
  | { readonly kind: 'mark'; readonly from: number; readonly length: number | null }
  | { readonly kind: 'lift'; readonly which: number }
  | { readonly kind: 'miss'; readonly id: string; readonly at: number };

const someId = fc.constantFrom('a', 'b', 'c');
const someHour = fc.integer({ min: 0, max: 24 * 6 }).map((hour) => START + hour * HOUR + 1_800_000);
const someOutcome = fc.constantFrom<Outcome>(
  'slots',
  'no_slots',
  'no_slots',
  'suspended',
  'error',
  'captcha',
  'unknown_page',
  'skipped',
  'clock_untrusted',
);
const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('check' as const),
      id: someId,
      at: someHour,
      outcome: someOutcome,
      mode: fc.constantFrom<Mode>('scheduled', 'scheduled', 'control', 'assisted', 'confirmation', 'reported'),
      design: fc.constantFrom<Design>('uniform', 'uniform', 'opportunistic', 'burst'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('read' as const), which: fc.nat(20), outcome: someOutcome }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('mark' as const),
      from: someHour,
      length: fc.option(fc.integer({ min: 1, max: 72 })),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lift' as const), which: fc.nat(3) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('miss' as const), id: someId, at: someHour }) },
);

async function run(commands: readonly Command[]): Promise<void> {
  const ids: number[] = [];
  const marks: number[] = [];
  for (const one of commands) {
    if (one.kind === 'check')
      ids.push(await store.record(checkOf(one.id, one.at, one.outcome, { mode: one.mode, design: one.design }), {}));
    else if (one.kind === 'read') {
      const checkId = ids[one.which % Math.max(1, ids.length)];
      const reading = { outcome: one.outcome, rule: 'again', message: '', facets: {} };
      if (checkId !== undefined) await store.appendReading({ checkId, readerVersion: 2, reading, readAt: START });
    } else if (one.kind === 'mark') {
      const toAt = one.length === null ? null : one.from + one.length * HOUR;
      const block = { host: '127.0.0.1:1', fromAt: one.from, toAt, reason: 'a test', markedBy: 'me' };
      // One open window at a time: a second is refused.
      const id = await store.markSoftBlock(block, START).catch(() => null);
      if (id !== null) marks.push(id);
    } else if (one.kind === 'lift') {
      const id = marks[one.which % Math.max(1, marks.length)];
      if (id !== undefined) await store.liftSoftBlock(id, { by: 'me', why: 'a test', now: START });
    } else {
      await store.plan([{ ...planOf(one.id, one.at), plannedAt: one.at + 60_000 }]);
      await store.closeDue(one.at + HOUR, 'the machine slept');
    }
  }
}

test('whatever happens in whatever order, roll-ups are what a count of the checks gives, and a rebuild changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { minLength: 1, maxLength: 14 }), async (commands) => {
      await open();
      try {
        await run(commands);
        agree();
        const before = source.days(SPAN);
        const file = new Database(join(folder.path, 'guetteur.sqlite'));
        // What a fault of ours might do: days that are wrong, and days that are not there.
        file.exec('update daily set slots = slots + 1; delete from daily where day % 2 = 0');
        file.close();
        for (const id of SPAN.targetIds) await store.rebuildDays(id);
        assert.deepEqual(source.days(SPAN), before);
      } finally {
        await close();
      }
    }),
    { numRuns: 60 },
  );
});

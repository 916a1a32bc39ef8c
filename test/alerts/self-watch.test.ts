import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { messageFor } from '../../src/alerts/messages.ts';
import { SelfWatch, troubleFacts } from '../../src/alerts/self-watch.ts';
import { troublesOf, type Health } from '../../src/alerts/troubles.ts';
import type { Notice } from '../../src/core/notice.ts';
import { START } from '../support/checks.ts';
import { healthOf } from '../support/health.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const hour = (done: number, skipped: number, missed: number, reason = ''): Partial<Health> => ({
  lastHour: { done, skipped, missed, reason },
});
const row = (channel: string, state: Health['outbox'][number]['state'], lateMs: number): Health['outbox'][number] => ({
  channel,
  state,
  count: 2,
  dueAt: START - lateMs,
});
const breaker = (openUntil: number): Partial<Health> => ({
  breakers: [{ host: 'www.site.example', openUntil, reason: 'asked to slow down' }],
});

describe('what is wrong with the monitor', () => {
  const cases: readonly (readonly [string, Partial<Health>, readonly string[]])[] = [
    ['nothing, as long as all is well', {}, []],
    ['nothing before the first check is due', { lastFinishedAt: null }, []],
    ['nothing when nothing is due, however old the last check is', { lastFinishedAt: START - 9 * HOUR }, []],
    [
      'stalled: something is due for 15 min and nothing has ended since',
      { oldestDueAt: START - 15 * MINUTE, lastFinishedAt: START - HOUR },
      ['stalled!'],
    ],
    ['stalled, without any check ever', { oldestDueAt: START - 15 * MINUTE, lastFinishedAt: null }, ['stalled!']],
    [
      'not stalled: something is due for less',
      { oldestDueAt: START - 15 * MINUTE + 1, lastFinishedAt: START - HOUR },
      [],
    ],
    [
      'not stalled: a host is behind, and others end',
      { oldestDueAt: START - HOUR, lastFinishedAt: START - MINUTE },
      [],
    ],
    ['coverage: less than half of the hour', hour(4, 3, 2), ['coverage!']],
    ['coverage: none of it', hour(0, 2, 0), ['coverage!']],
    ['no trouble: half of it', hour(4, 2, 2), []],
    ['no trouble: one planned check says nothing', hour(0, 1, 0), []],
    ['a breaker that is open', breaker(START + 1), ['breaker/www.site.example']],
    ['no trouble: a breaker whose pause is over', breaker(START), []],
    ['a clock that is fast', { clockOffsetMs: 2_001 }, ['clock!']],
    ['a clock that is slow', { clockOffsetMs: -2_001 }, ['clock!']],
    ['no trouble: a clock two seconds off', { clockOffsetMs: -2_000 }, []],
    ['a clock that nobody knows', { clockOffsetMs: null }, ['clock!']],
    ['the network, and not the clock beside it', { isNetworkUp: false, clockOffsetMs: null }, ['network!']],
    ['a disk with few bytes', { freeBytes: 499_999_999 }, ['disk!']],
    ['a disk with a small share', { freeShare: 0.019 }, ['disk!']],
    ['no trouble: a disk with just enough', { freeBytes: 500_000_000, freeShare: 0.02 }, []],
    ['a browser that comes and goes', { browserRestartsInLastHour: 21 }, ['browser']],
    ['no trouble: a browser that is recycled', { browserRestartsInLastHour: 20 }, []],
    [
      'late messages of one channel, while another sends',
      { outbox: [row('email', 'ready', 10 * MINUTE + 1), row('ntfy', 'sent', 9 * HOUR)] },
      ['late/email'],
    ],
    ['late messages that never left the queue', { outbox: [row('email', 'waiting', HOUR)] }, ['late/email!']],
    ['late messages that are always under way', { outbox: [row('email', 'claimed', HOUR)] }, ['late/email!']],
    [
      'every channel late: nobody can be told any more',
      { outbox: [row('email', 'ready', HOUR), row('email', 'sent', HOUR), row('ntfy', 'waiting', HOUR)] },
      ['late/email!', 'late/ntfy!'],
    ],
    ['no trouble: messages due ten minutes ago', { outbox: [row('email', 'ready', 10 * MINUTE)] }, []],
    ['no trouble: messages that wait for the morning', { outbox: [row('email', 'waiting', -9 * HOUR)] }, []],
    ['no trouble: messages sent long ago', { outbox: [row('email', 'sent', 99 * HOUR)] }, []],
    [
      'dead letters, by channel',
      { outbox: [row('email', 'dead', 99 * HOUR), row('ntfy', 'dead', 0)] },
      ['dead_letters/email', 'dead_letters/ntfy'],
    ],
  ];
  for (const [name, change, expected] of cases) {
    test(name, () => {
      const found = troublesOf(healthOf(change)).map(
        ({ kind, subject, isBlind }) => `${kind}${subject === null ? '' : `/${subject}`}${isBlind ? '!' : ''}`,
      );
      assert.deepEqual(found, expected);
    });
  }

  test('the words name the number, the reason and what to do', () => {
    const words = (change: Partial<Health>): string => troublesOf(healthOf(change))[0]?.message ?? '';
    assert.equal(
      words(hour(1, 3, 2, 'breaker: access denied')),
      'only 1 of 6 checks were made in an hour; most often: breaker: access denied',
    );
    assert.equal(words({ clockOffsetMs: -3_600_000 }), 'the clock is 3600 s slow: readings are not trusted');
    assert.equal(words({ freeBytes: 123_456_789 }), 'the disk of the data folder is nearly full: 123 MB, 50 % left');
    assert.match(words({ outbox: [row('email', 'dead', 0)] }), /by email were given up: 2; see `guetteur outbox`/);
  });
});

/** Ticks of one minute each; what was told, as `key: words`. */
function watched(): {
  watch: SelfWatch;
  told: string[];
  run: (changes: readonly Partial<Health>[]) => Promise<void>;
  skip: (ms: number) => void;
} {
  const told: string[] = [];
  let at = START;
  const tell = (notices: readonly Notice[]): Promise<number> => {
    told.push(...notices.map(({ key, event }) => `${key}: ${event?.message ?? ''}`));
    return Promise.resolve(notices.length);
  };
  const watch = new SelfWatch({ tell });
  const run = async (changes: readonly Partial<Health>[]): Promise<void> => {
    for (const change of changes) {
      await watch.tick(healthOf({ ...change, at, lastFinishedAt: at }));
      at += MINUTE;
    }
  };
  const skip = (ms: number): void => {
    at += ms;
  };
  return { watch, told, run, skip };
}

const BAD = { isNetworkUp: false };
const WORSE = { freeBytes: 0 };

describe('what the operator is told of it', () => {
  test('a trouble of one tick is not told, nor is its end', async () => {
    const { told, run } = watched();
    await run([BAD, {}, BAD, {}, {}]);
    assert.deepEqual(told, []);
  });

  test('a trouble of two ticks is told once, and its end once', async () => {
    const { told, run, watch } = watched();
    await run([BAD, BAD, BAD, BAD]);
    assert.deepEqual(told, [`operator/network/${START}: no control host answers`]);
    assert.deepEqual(troubleFacts(watch.open), [{ kind: 'network', subject: '', since: START }]);
    await run([{}]);
    assert.equal(told.length, 1);
    await run([{}, {}, {}]);
    assert.deepEqual(told.slice(1), [`operator/network/${START}/over: over: a control host answers again`]);
    assert.deepEqual(watch.open, []);
  });

  test('a trouble that comes and goes every minute is one trouble', async () => {
    const { told, run } = watched();
    await run([BAD, BAD, {}, BAD, {}, BAD, {}, BAD, BAD]);
    assert.equal(told.length, 1);
  });

  test('a trouble that comes back has a key of its own', async () => {
    const { told, run } = watched();
    await run([BAD, BAD, {}, {}, BAD, BAD]);
    assert.deepEqual(
      told.map((line) => line.split(': ')[0]),
      [`operator/network/${START}`, `operator/network/${START}/over`, `operator/network/${START + 4 * MINUTE}`],
    );
  });

  test('while it lasts it is told again each 24 hours, with the numbers of then', async () => {
    const { told, run, skip, watch } = watched();
    await run([WORSE, WORSE]);
    skip(24 * HOUR - 2 * MINUTE);
    await run([WORSE]);
    assert.equal(told.length, 1, 'a minute less than a day');
    await run([{ freeBytes: 7_000_000 }]);
    assert.match(watch.open[0]?.trouble.message ?? '', /7 MB/);
    await run([WORSE]);
    skip(24 * HOUR - MINUTE);
    await run([WORSE]);
    assert.deepEqual(told.slice(1), [
      `operator/disk/${START}/2: still: the disk of the data folder is nearly full: 7 MB, 50 % left`,
      `operator/disk/${START}/3: still: the disk of the data folder is nearly full: 0 MB, 50 % left`,
    ]);
  });

  test('two troubles are told apart, and each host of its own', async () => {
    const { told, run, skip } = watched();
    const hosts = ['a.example', 'b.example'].map((host) => ({ host, openUntil: START + 99 * HOUR, reason: '429' }));
    await run([
      { ...WORSE, breakers: hosts },
      { ...WORSE, breakers: hosts },
    ]);
    assert.deepEqual(
      told.map((line) => line.split(': ')[0]),
      [`operator/disk/${START}`, `operator/breaker/a.example/${START}`, `operator/breaker/b.example/${START}`],
    );
    skip(0);
    await run([{ breakers: hosts.slice(1) }, { breakers: hosts.slice(1) }]);
    assert.deepEqual(
      told.slice(3).map((line) => line.split(': ')[0]),
      [`operator/disk/${START}/over`, `operator/breaker/a.example/${START}/over`],
    );
  });

  test('what could not be written is told at the next tick, under the same key', async () => {
    const told: string[] = [];
    let isBroken = true;
    const watch = new SelfWatch({
      tell: (notices) => {
        if (isBroken) return Promise.reject(new Error('disk full'));
        told.push(...notices.map(({ key }) => key));
        return Promise.resolve();
      },
    });
    await watch.tick(healthOf(WORSE));
    await assert.rejects(watch.tick(healthOf({ ...WORSE, at: START + MINUTE })), /disk full/);
    isBroken = false;
    await watch.tick(healthOf({ ...WORSE, at: START + 2 * MINUTE }));
    await watch.tick(healthOf({ ...WORSE, at: START + 3 * MINUTE }));
    assert.deepEqual(told, [`operator/disk/${START}`]);
  });

  test('whatever happens, no key is told twice, and each end follows its beginning', async () => {
    const anyHealth = fc.constantFrom<Partial<Health>>({}, BAD, WORSE, { ...WORSE, ...breaker(START + 99 * HOUR) });
    await fc.assert(
      fc.asyncProperty(fc.array(anyHealth, { maxLength: 40 }), async (changes) => {
        const { told, run } = watched();
        await run(changes);
        const keys = told.map((line) => line.split(': ')[0] ?? '');
        assert.equal(new Set(keys).size, keys.length);
        for (const key of keys.filter((one) => one.endsWith('/over'))) {
          assert.ok(keys.indexOf(key.replace('/over', '')) < keys.indexOf(key), key);
          assert.ok(keys.includes(key.replace('/over', '')), key);
        }
      }),
    );
  });

  const DISK = { fr: /disque presque plein : il reste 0 Mo/, en: /disk nearly full: 0 MB/, ar: /القرص شبه ممتلئ/ };

  test('the notice can be put into every language, and its words arrive', async () => {
    const watch = new SelfWatch({ tell: () => Promise.resolve() });
    await watch.tick(healthOf(WORSE));
    const notices = await watch.tick(healthOf({ ...WORSE, at: START + MINUTE }));
    for (const language of ['fr', 'en', 'ar'] as const) {
      const options = { key: 'k', unsubscribe: null, page: null };
      const { text, short } = messageFor(notices, { language, timeZone: 'Europe/Paris' }, options);
      assert.match(text, DISK[language]);
      assert.ok(short.length <= 160);
    }
  });
});

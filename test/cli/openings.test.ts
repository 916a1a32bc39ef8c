import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Outcome } from '../../src/core/outcome.ts';
import { followUps } from '../../src/decide/follow.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { openOperator, type Operator } from '../support/operator.ts';

const MINUTE = 60_000;

let operator: Operator;
after(() => operator.leave());

describe('guetteur openings', () => {
  const at = (minutes: number): string => new Date(START + minutes * MINUTE + 500).toISOString();

  /** An opening seen once, one that was confirmed and lasts, and an outage. */
  before(async () => {
    operator = await openOperator();
    const targets = ['a', 'bb', 'ccc'].map(targetNamed);
    const decide = followUps({ targets: new Map(targets.map((target) => [target.id, target])) });
    const story: readonly (readonly [string, number, Outcome])[] = [
      ['a', 0, 'no_slots'],
      ['a', 10, 'slots'],
      ['a', 20, 'no_slots'],
      ['bb', 30, 'slots'],
      ['bb', 40, 'slots'],
      ['ccc', 50, 'operational'],
      ['ccc', 60, 'timeout'],
      ['ccc', 70, 'error'],
    ];
    await operator.withStore(async (store) => {
      await store.saveTargets(targets);
      for (const [target, minutes, outcome] of story) {
        const facets = outcome === 'slots' ? { firstDate: '2026-12-10' } : {};
        const reading = { outcome, rule: 'r', message: '', facets };
        await store.record(checkOf(target, START + minutes * MINUTE, outcome, { reading }), { decide });
      }
    });
  });

  test('gives bounds and never an exact end, the newest first', async () => {
    assert.deepEqual(await operator.said<readonly { target: string }[]>('openings'), [
      {
        target: 'ccc',
        kind: 'outage',
        outcome: 'timeout',
        state: 'confirmed',
        notBefore: at(50),
        firstSeenAt: at(60),
        confirmedAt: at(70),
        lastSeenAt: at(70),
        goneBy: null,
        lostAt: null,
        firstDate: null,
        betterings: 0,
      },
      {
        target: 'bb',
        kind: 'opening',
        outcome: 'slots',
        state: 'confirmed',
        notBefore: null,
        firstSeenAt: at(30),
        confirmedAt: at(40),
        lastSeenAt: at(40),
        goneBy: null,
        lostAt: null,
        firstDate: '2026-12-10',
        betterings: 0,
      },
      {
        target: 'a',
        kind: 'opening',
        outcome: 'slots',
        state: 'suspected',
        notBefore: at(0),
        firstSeenAt: at(10),
        confirmedAt: null,
        lastSeenAt: at(10),
        goneBy: at(20),
        lostAt: null,
        firstDate: '2026-12-10',
        betterings: 0,
      },
    ]);
  });

  test('says the same in words', async () => {
    const lines = (await operator.guetteur('openings')).out.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
    assert.deepEqual(lines.slice(1, 4), [
      'ccc | outage: timeout | confirmed | not before 2026-11-23 08:50:00, seen 2026-11-23 09:00:00 … 2026-11-23 09:10:00, lasts, believed until 2026-11-24 09:10:00 | -',
      'bb | opening | confirmed | beginning not seen, seen 2026-11-23 08:30:00 … 2026-11-23 08:40:00, lasts, believed until 2026-11-24 08:40:00 | 2026-12-10',
      'a | opening | suspected | not before 2026-11-23 08:00:00, seen once 2026-11-23 08:10:00, gone by 2026-11-23 08:20:00 | 2026-12-10',
    ]);
  });

  for (const [name, args, expected] of [
    ['of one target', ['--target', 'a'], ['a']],
    ['of one kind', ['--kind', 'opening'], ['bb', 'a']],
    ['of one kind, the limit being of that kind', ['--kind', 'opening', '--limit', '1'], ['bb']],
    ['of the other kind', ['--kind', 'outage'], ['ccc']],
    ['not more than wanted', ['--limit', '2'], ['ccc', 'bb']],
    ['of one target and a kind that it does not have', ['--target', 'a', '--kind', 'outage'], []],
  ] as const) {
    test(`lists those ${name}`, async () => {
      const found = await operator.said<readonly { target: string }[]>('openings', ...args);
      assert.deepEqual(
        found.map(({ target }) => target),
        expected,
      );
    });
  }

  for (const [name, args, words] of [
    ['a kind that is none', ['--kind', 'drought'], /"drought" is neither opening nor outage/],
    ['a limit that is none', ['--limit', '0'], /--limit: "0"/],
    ['a target that nobody knows', ['--target', 'zzz'], /^TARGET_UNKNOWN: .*"zzz"/],
  ] as const) {
    test(`refuses ${name}`, async () => {
      const { err, code } = await operator.guetteur('openings', ...args);
      assert.deepEqual([code, words.test(err)], [2, true], err);
    });
  }
});

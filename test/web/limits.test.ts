import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { clientOf } from '../../src/web/client.ts';
import { publicTopics } from '../../src/web/subscribe/others.ts';
import { spokenLanguage } from '../../src/web/subscribe/page-words.ts';
import { RateLimit } from '../../src/core/rate-limit.ts';
import { departmentName } from '../../src/core/department-names.ts';
import { department } from '../../src/core/target.ts';
import { EVERYWHERE } from '../support/subscriptions.ts';

describe('a limit', () => {
  test('gives back one after the other, and never more than its count', () => {
    const limit = new RateLimit({ count: 2, withinMs: 1_000 });
    assert.deepEqual([limit.take('a', 0), limit.take('a', 0), limit.take('a', 0)], [0, 0, 500]);
    assert.deepEqual([limit.take('b', 0), limit.take('a', 250), limit.take('a', 500)], [0, 250, 0]);
    assert.deepEqual([limit.take('a', 9e6), limit.take('a', 9e6), limit.take('a', 9e6)], [0, 0, 500]);
  });

  test('is not opened by a clock that goes back', () => {
    const limit = new RateLimit({ count: 1, withinMs: 1_000 });
    assert.deepEqual([limit.take('a', 5_000), limit.take('a', 0)], [0, 1_000]);
  });

  test('remembers no more clients than it may, and forgets the longest unheard', () => {
    const limit = new RateLimit({ count: 1, withinMs: 1e9 }, 3);
    for (const key of ['a', 'b', 'c', 'a', 'd']) limit.take(key, 0);
    assert.equal(limit.kept, 3);
    assert.deepEqual([limit.take('a', 0) > 0, limit.take('b', 0)], [true, 0]);
  });
});

describe('a client', () => {
  for (const [address, client] of [
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff::', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ] as const) {
    test(`at ${address} is ${client}`, () => assert.equal(clientOf(address), client));
  }
});

describe('a language', () => {
  for (const [header, language] of [
    [undefined, 'fr'],
    ['', 'fr'],
    ['ar-MA,fr;q=0.8', 'ar'],
    ['de-DE,de;q=0.9,en;q=0.8,fr;q=0.7', 'en'],
    ['en;q=0.1, ar;q=0.9', 'ar'],
    ['en;q=0, *', 'fr'],
    [';;;,,q=', 'fr'],
  ] as const) {
    test(`of "${header}" is ${language}`, () => assert.equal(spokenLanguage(header), language));
  }
});

test('every code of a department has its name, and no other has one', () => {
  const codes = [...Array.from({ length: 990 }, (_each, at) => String(at).padStart(2, '0')), '2A', '2B'];
  const valid = codes.filter((code) => department.safeParse(code).success && !/^(?:979|98[0-35]|20)$/.test(code));
  assert.deepEqual(
    codes.filter((code) => departmentName(code) !== null),
    valid.filter((code) => code !== '970'),
  );
  assert.equal(valid.filter((code) => code.length === 2).length, 96);
});

test('topics that the operator reads too are not shown to the public', () => {
  const subscription = (topic: string, kinds: readonly ('slots' | 'operator' | 'gone')[]) => ({
    ...{ channel: 'ntfy', to: { topic }, kinds, ...EVERYWHERE },
  });
  const settings = {
    channels: { ntfy: { server: 'https://ntfy.site.example/' } },
    subscriptions: [
      subscription('rdv-93', ['slots', 'gone']),
      subscription('rdv-93', ['slots']),
      subscription('mine', ['slots', 'operator']),
      subscription('shared', ['slots']),
      subscription('shared', ['operator']),
      subscription('ends', ['gone']),
      { ...subscription('other', ['slots']), channel: 'webhook' },
    ],
  };
  assert.deepEqual(publicTopics(settings), ['https://ntfy.site.example/rdv-93']);
});

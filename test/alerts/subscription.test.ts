import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import type { Notice, NoticeKind, Place } from '../../src/core/notice.ts';
import { leavesAt, wants, type Subscription } from '../../src/core/subscription.ts';
import { EVERYWHERE } from '../support/subscriptions.ts';

const everything: Subscription = {
  id: 1,
  channel: 'email',
  kinds: ['slots', 'better', 'gone', 'outage', 'recovered', 'operator', 'canary'],
  ...EVERYWHERE,
  quiet: null,
  digestAt: null,
};

const place: Place = {
  id: 'a',
  platform: 'ez-booking',
  address: 'https://www.essonne.gouv.fr/booking/create/1',
  department: '91',
  prefecture: null,
  procedure: 'renewal',
  label: null,
  practice: false,
};

const notice = (kind: NoticeKind, change: Partial<Place> | null = {}): Notice => {
  const where = change === null ? null : { ...place, ...change };
  return { kind, key: 'k', at: 0, place: where, episode: null, event: null };
};

describe('a subscription', () => {
  const cases: readonly (readonly [string, Partial<Subscription>, Notice, boolean])[] = [
    ['takes everything where nothing is selected', {}, notice('slots'), true],
    ['leaves out kinds it did not ask for', { kinds: ['gone'] }, notice('slots'), false],
    ['takes its department', { departments: ['91', '93'] }, notice('slots'), true],
    ['leaves out another department', { departments: ['93'] }, notice('slots'), false],
    ['leaves out another procedure', { procedures: ['aes'] }, notice('slots'), false],
    ['leaves out another platform', { platforms: ['anef'] }, notice('slots'), false],
    [
      'hears of a national service that fails, in every department',
      { departments: ['93'] },
      notice('outage', { department: null }),
      true,
    ],
    [
      'does not hear of slots of which the department is not known',
      { departments: ['93'] },
      notice('slots', { department: null }),
      false,
    ],
    ['takes what has no place by its kind', { departments: ['93'] }, notice('canary', null), true],
  ];
  for (const [name, change, told, expected] of cases) {
    test(name, () => assert.equal(wants({ ...everything, ...change }, told), expected));
  }
});

describe('quiet hours', () => {
  const quiet = { from: '22:00', to: '07:00' };
  const at = (iso: string): number => Date.parse(iso);
  const cases: readonly (readonly [string, Partial<Subscription>, string, string])[] = [
    ['let a message go in the day', { quiet }, '2026-11-23T12:00:00Z', '2026-11-23T12:00:00Z'],
    ['hold one back in the evening', { quiet }, '2026-11-23T21:30:00Z', '2026-11-24T06:00:00Z'],
    ['hold one back after midnight', { quiet }, '2026-11-24T02:00:00Z', '2026-11-24T06:00:00Z'],
    ['end at their end', { quiet }, '2026-11-24T06:00:00Z', '2026-11-24T06:00:00Z'],
    [
      'are of the clock of their reader',
      { quiet, timeZone: 'Indian/Reunion' },
      '2026-11-23T19:00:00Z',
      '2026-11-24T03:00:00Z',
    ],
    [
      'within one day are held too',
      { quiet: { from: '12:00', to: '14:00' } },
      '2026-11-23T11:30:00Z',
      '2026-11-23T13:00:00Z',
    ],
    ['end an hour earlier on the night of summer time', { quiet }, '2026-03-29T00:30:00Z', '2026-03-29T05:00:00Z'],
    [
      'that end in the hour that is left out end with it',
      { quiet: { from: '22:00', to: '02:30' } },
      '2026-03-29T00:30:00Z',
      '2026-03-29T01:00:00Z',
    ],
    ['a digest waits for its time', { digestAt: '08:00' }, '2026-11-23T12:00:00Z', '2026-11-24T07:00:00Z'],
    ['a digest goes at its time', { digestAt: '08:00' }, '2026-11-23T07:00:00Z', '2026-11-23T07:00:00Z'],
  ];
  for (const [name, change, now, expected] of cases) {
    test(name, () =>
      assert.equal(
        new Date(leavesAt({ ...everything, ...change }, at(now))).toISOString(),
        new Date(at(expected)).toISOString(),
      ),
    );
  }

  test('whatever they are, a message waits less than 26 hours and never leaves before now', () => {
    const clock = fc
      .tuple(fc.nat(23), fc.nat(59))
      .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
    fc.assert(
      fc.property(clock, clock, fc.integer({ min: 0, max: 2_000_000_000_000 }), (from, to, now) => {
        const leaves = leavesAt({ ...everything, quiet: { from, to } }, now);
        assert.ok(leaves >= now && leaves - now <= 26 * 3_600_000);
      }),
      { numRuns: 60 },
    );
  });
});

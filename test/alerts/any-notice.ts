import fc from 'fast-check';

import { OVERSEAS } from '../../src/core/overseas.ts';
import type { Episode } from '../../src/core/episode.ts';
import { EVENT_KINDS, type EventKind } from '../../src/core/event.ts';
import { NOTICE_KINDS, type Notice, type NoticeKind, type Place } from '../../src/core/notice.ts';
import { OUTCOMES } from '../../src/core/outcome.ts';
import { LANGUAGES } from '../../src/core/subscription.ts';
import { PROCEDURES } from '../../src/core/target.ts';
import { PAGE } from './message-cases.ts';

/** Any notices: names of any script and length, addresses of any length, instants around changes of hour and of year. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Up to 200 units of it; drawing each character by itself would take longer than all the rest. */
function long(words: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(words, fc.integer({ min: 1, max: 20 })).map(([word, times]) => word.repeat(times).slice(0, 200));
}

export const anyName = fc.option(
  fc.oneof(
    long(fc.string({ unit: 'grapheme', maxLength: 30 })),
    long(fc.string({ unit: 'binary', maxLength: 30 })),
    long(fc.stringMatching(/^[A-Z][a-zé' -]{0,20}$/)),
    long(fc.stringMatching(/^[ء-ي ]{1,20}$/)),
    fc.constantFrom(
      'https://evil.example/form?x=1',
      'http://http://evil.example',
      'x\u2069\u2067y\u202e',
      'ht\u200btps://evil.example',
      'a\r\nBcc: b@site.example',
      '2026-12-03T10:42:00Z',
      "Préfecture de l'Œuvre – « Nord »…",
    ),
  ),
);
const anyAddress = fc.oneof(
  fc.webUrl({ size: '-1' }),
  fc
    .integer({ min: 0, max: 350 })
    .map((length) => `https://www.rdv.example/demarche/${'a1~_é'.repeat(80).slice(0, length)}`),
  fc.integer({ min: 1, max: 60 }).map((labels) => `https://${'abc.'.repeat(labels)}example/x?y=${'z'.repeat(90)}`),
  fc.constantFrom('http://127.0.0.1:8641/creneau/#/', 'https://site.example/a b'),
);
export const departments = ['01', '2A', '75', '93', ...Object.keys(OVERSEAS), '979'];

const anyPlace: fc.Arbitrary<Place> = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  platform: fc.constantFrom('rdv-prefecture', 'anef'),
  address: anyAddress,
  department: fc.option(fc.constantFrom(...departments)),
  prefecture: anyName,
  procedure: fc.constantFrom(...PROCEDURES),
  label: anyName,
  practice: fc.boolean(),
});

/** Around changes of hour and of year as often as elsewhere. */
export const anyInstant = fc.oneof(
  fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 11, 31) }),
  fc
    .tuple(
      fc.constantFrom(
        Date.UTC(2026, 9, 25, 1),
        Date.UTC(2027, 2, 28, 1),
        Date.UTC(2026, 11, 31, 23),
        Date.UTC(2028, 1, 29),
      ),
      fc.integer({ min: -3 * HOUR, max: 3 * HOUR }),
    )
    .map(([change, shift]) => change + shift),
);
export const anyGap = fc.oneof(fc.constantFrom(0, 1, MINUTE, HOUR), fc.integer({ min: 0, max: 400 * 24 * HOUR }));
const anyDate = fc.option(
  fc
    .date({ min: new Date('2026-01-01'), max: new Date('2031-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
);

const anyEpisode: fc.Arbitrary<Episode> = fc
  .record({
    kind: fc.constantFrom('opening' as const, 'outage' as const),
    startedAt: anyInstant,
    gaps: fc.tuple(anyGap, anyGap, anyGap),
    known: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
    firstDate: anyDate,
    outcome: fc.constantFrom(...OUTCOMES),
    betterings: fc.nat(5),
  })
  .map(({ gaps: [before, during, end], known: [isAfter, isConfirmed, isEnded], startedAt, ...rest }) => ({
    ...rest,
    startedAt,
    after: isAfter ? startedAt - before - 1 : null,
    confirmedAt: isConfirmed ? startedAt + during : null,
    lastAt: startedAt + during,
    endedAt: isEnded ? startedAt + during + end + 1 : null,
  }));

const plainNotice = fc.record({
  kind: fc.constantFrom(...(Object.keys(NOTICE_KINDS) as NoticeKind[])),
  key: fc.uuid(),
  at: anyInstant,
  place: fc.option(anyPlace, { freq: 8 }),
  episode: fc.option(anyEpisode, { freq: 8 }),
  event: fc.option(
    fc.record({
      kind: fc.option(fc.constantFrom(...(Object.keys(EVENT_KINDS) as EventKind[]))),
      message: fc.oneof(
        long(fc.string({ maxLength: 100 })),
        anyName.map((name) => name ?? ''),
      ),
    }),
  ),
});

/** Some seen with a person's help, some that end. */
export const anyNotice: fc.Arbitrary<Notice> = fc
  .tuple(plainNotice, fc.boolean(), fc.option(anyInstant))
  .map(([notice, isByPerson, until]) => ({
    ...notice,
    ...(isByPerson ? { seenBy: 'person' as const } : {}),
    ...(until === null ? {} : { until }),
  }));

const oneDepartment = fc
  .tuple(
    fc.array(fc.tuple(anyNotice, anyPlace), { minLength: 2, maxLength: 5 }),
    fc.constantFrom(...departments),
    fc.boolean(),
  )
  .map(([pairs, department, practice]) =>
    pairs.map(([notice, place]) => ({ ...notice, place: { ...place, department, practice } })),
  );
export const anyNotices = fc.oneof(
  { weight: 4, arbitrary: anyNotice.map((notice) => [notice]) },
  { weight: 3, arbitrary: oneDepartment },
  { weight: 2, arbitrary: fc.array(anyNotice, { minLength: 2, maxLength: 30, size: 'max' }) },
);
const anyZone = fc.constantFrom(
  'Europe/Paris',
  'America/Cayenne',
  'Pacific/Noumea',
  'Africa/Algiers',
  'Asia/Kathmandu',
);
export const anyOptions = fc.record({
  language: fc.constantFrom(...LANGUAGES),
  timeZone: anyZone,
  page: fc.option(fc.constantFrom(PAGE, `https://guetteur.example/${'p'.repeat(380)}`)),
});

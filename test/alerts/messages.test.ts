import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { durationOf, offeredDay } from '../../src/alerts/words/moments.ts';
import { OVERSEAS } from '../../src/core/overseas.ts';
import { EVENT_KINDS } from '../../src/core/event.ts';
import { NOTICE_KINDS, type Notice, type Place } from '../../src/core/notice.ts';
import { LANGUAGES } from '../../src/core/subscription.ts';
import { PROCEDURES } from '../../src/core/target.ts';
import { anyGap, anyInstant, anyName, anyOptions, departments } from './any-notice.ts';
import { AT, BOBIGNY, CASES, opening, outage, PORTAL, say, told } from './message-cases.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The Paris clock, made otherwise than the code makes it. */
function clockIn(timeZone: string, at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
}

describe('every text in every language', () => {
  for (const language of LANGUAGES) {
    test(`stands in golden/${language}.txt as a native speaker has read it`, async () => {
      const path = join(import.meta.dirname, 'golden', `${language}.txt`);
      const written = CASES.map(({ name, notices, page = null, leavesAt, timeZone }) => {
        const set = {
          ...(leavesAt === undefined ? {} : { leavesAt }),
          ...(timeZone === undefined ? {} : { timeZone }),
        };
        const { subject, text, short } = say(notices, { language, page, ...set });
        return `== ${name}\nsubject: ${subject}\ntext:\n${text}\nsms: ${short}\n`;
      }).join('\n');
      if (process.env['GUETTEUR_UPDATE_GOLDEN'] === '1') await writeFile(path, written);
      assert.equal(written, await readFile(path, 'utf8'));
    });
  }

  test('is made by a case for every kind of notice, event, procedure and overseas department', () => {
    const notices = CASES.flatMap((one) => one.notices);
    const missing = (known: readonly string[], found: readonly (string | null | undefined)[]): string[] =>
      known.filter((one) => !found.includes(one));
    assert.deepEqual(
      missing(
        Object.keys(NOTICE_KINDS),
        notices.map(({ kind }) => kind),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        Object.keys(EVENT_KINDS),
        notices.map(({ event }) => event?.kind),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        PROCEDURES,
        notices.map(({ place }) => place?.procedure),
      ),
      [],
    );
    assert.deepEqual(
      missing(
        Object.keys(OVERSEAS),
        notices.map(({ place }) => place?.department),
      ),
      [],
    );
    assert.equal(new Set(CASES.map(({ name }) => name)).size, CASES.length);
  });
});

describe('a message about slots', () => {
  const slots = (place: Partial<Place> = {}, change: Partial<Notice> = {}): Notice =>
    told('slots', { place: { ...BOBIGNY, ...place }, ...change });

  test('follows the template of the users’ stories, a line for the address', () => {
    assert.equal(
      say([slots()]).text,
      [
        '[93 Bobigny] AES vie privée : créneaux vus à 10:42 (heure de Paris), 1re date 12/01. Non confirmé.',
        `Site officiel : ${BOBIGNY.address}`,
        "Gratuit et personnel : n'achetez jamais un rendez-vous. Observé par robot, peut déjà être pris.",
      ].join('\n'),
    );
  });

  test('shortens names before it touches an address of up to 110 characters', () => {
    fc.assert(
      fc.property(
        anyName,
        anyName,
        fc.integer({ min: 30, max: 110 }),
        anyOptions,
        (prefecture, label, length, options) => {
          const address = 'https://www.rdv.example/'.padEnd(length, 'x');
          const { text } = say([slots({ prefecture, label, address })], options);
          assert.ok(text.split(/\s/).includes(address), text);
        },
      ),
    );
  });

  test('names the clock of Paris, and the one of an overseas place', () => {
    fc.assert(
      fc.property(
        anyInstant,
        fc.constantFrom(...departments),
        fc.constantFrom(...LANGUAGES),
        (at, department, language) => {
          const { text } = say([slots({ department }, { at, episode: opening({ startedAt: at, lastAt: at }) })], {
            language,
          });
          assert.ok(text.includes(clockIn('Europe/Paris', at)), text);
          const overseas = Object.entries(OVERSEAS).find(([code]) => code === department)?.[1];
          if (overseas !== undefined) assert.ok(text.includes(clockIn(overseas.zone, at)), text);
        },
      ),
    );
  });

  test('tells the two hours apart that the end of summer time makes one', () => {
    const at = Date.UTC(2026, 9, 25, 0, 30);
    const texts = [at - HOUR, at, at + HOUR, at + 2 * HOUR].map(
      (startedAt) => say([slots({}, { at: startedAt, episode: opening({ startedAt, lastAt: startedAt }) })]).text,
    );
    const said = texts.map((text) => /\d\d:\d\d(?: \(heure d'(?:été|hiver)\))?/.exec(text)?.[0]);
    assert.deepEqual(said, ['01:30', "02:30 (heure d'été)", "02:30 (heure d'hiver)", '03:30']);
  });

  test('names the day when it leaves on another one, and the year when that is far', () => {
    const said = [AT + HOUR, AT + 24 * HOUR, Date.UTC(2027, 0, 5), Date.UTC(2027, 5, 5)].map(
      (leavesAt) => / vus (.*) \(heure/.exec(say([slots()], { leavesAt }).text)?.[1],
    );
    assert.deepEqual(said, ['à 10:42', 'le 23/11 à 10:42', 'le 23/11 à 10:42', 'le 23/11/2026 à 10:42']);
  });

  for (const [prefecture, said] of [
    ['Préfecture de la Seine-Saint-Denis', '[93 Seine-Saint-Denis]'],
    ["Préfecture de l'Essonne", '[93 Essonne]'],
    ['Préfecture du Val-d’Oise', '[93 Val-d’Oise]'],
    ['Préfecture de police', '[93 Préfecture de police]'],
    ['Sous-préfecture du Raincy', '[93 Sous-préfecture du Raincy]'],
  ] as const) {
    test(`names the ${prefecture} as ${said}`, () => {
      assert.ok(say([slots({ prefecture })]).text.startsWith(`${said} AES vie privée : `));
    });
  }

  test('spells in an SMS what its alphabet lacks, and keeps the capital letters it can', () => {
    const spelled = (label: string): string =>
      /^93 (.*): cr/.exec(say([slots({ prefecture: null, label })]).short)?.[1] ?? '';
    assert.equal(spelled('Œuvre, Étrangers – l’« Île » ç…'), 'OEuvre, Étrangers - l\'"Ile" c...');
    assert.equal(spelled('àâäçéèêëîïôöùûüÿ ÀÂÄÇÉÈÊËÎÏÔÖÙÛÜŸ'), 'àaäcéèeeiioöùuüy AAÄÇÉEEEIIOÖUUÜY');
    assert.equal(spelled('[a] {b} ~ 5 € | \\ ^ 2° مرحبا'), '(a) (b) - 5 EUR / / 2o');
  });
});

describe('what a message says is true', () => {
  test('a year is written unless the date is of this year or within three months', () => {
    const readAt = Date.UTC(2026, 10, 23, 9);
    const said = [
      '2026-01-02',
      '2026-12-31',
      '2027-01-12',
      '2027-02-23',
      '2027-02-24',
      '2025-12-30',
      '2027-11-24',
      'soon',
    ].map((date) => offeredDay(date, readAt));
    assert.deepEqual(said, ['02/01', '31/12', '12/01', '23/02', '24/02/2027', '30/12/2025', '24/11/2027', null]);
  });

  test('the bounds of a duration hold it between them', () => {
    const minutes = (duration: ReturnType<typeof durationOf>): number =>
      duration === null ? 0 : (duration.days * 24 + duration.hours) * 60 + duration.minutes;
    fc.assert(
      fc.property(anyGap, (ms) => {
        const [least, most] = [minutes(durationOf(ms, 'down')), minutes(durationOf(ms, 'up'))];
        assert.ok(least * MINUTE <= ms && ms <= most * MINUTE, `${least} ${ms} ${most}`);
        assert.ok(most - least <= 60);
      }),
    );
  });

  test('an outage over the change of hour is as long as it was, whatever the clocks say', () => {
    const startedAt = Date.UTC(2026, 9, 25, 0, 30);
    const episode = outage({
      after: startedAt - 30 * MINUTE,
      startedAt,
      lastAt: startedAt + 2 * HOUR,
      endedAt: startedAt + 2.5 * HOUR,
    });
    const { text } = say([
      told('recovered', { at: startedAt + 2.5 * HOUR, episode, place: { ...PORTAL, label: null } }),
    ]);
    assert.match(text, /Durée : entre 2 h et 3 h\./);
  });

  test('a first date of an opening that is over by then is not offered in a digest', () => {
    const at = (department: string, day: string, startedAt = AT): Partial<Notice> => ({
      place: { ...BOBIGNY, id: `${department}${day}`, department },
      episode: opening({ startedAt, firstDate: `2027-01-${day}` }),
    });
    const notices = [
      told('slots', at('93', '05')),
      told('gone', at('93', '05')),
      told('slots', at('93', '09')),
      told('slots', at('75', '20')),
    ];
    assert.match(say(notices).text, /^93 Bobigny : 2 ouvertures de créneaux \(1re date 09\/01\), 1 fin de créneaux$/m);
  });

  test('two notices of one key are told as one', () => {
    const notice = told('slots');
    assert.deepEqual(say([notice, notice]), say([notice]));
  });

  test('nothing cannot be told', () => {
    assert.throws(() => say([]), RangeError);
  });
});

describe('the table of overseas clocks', () => {
  /** Hours before or after UTC on 23 November 2026, as the territories' own sites and the IANA database give them. */
  const OFFSETS = {
    '971': -4,
    '972': -4,
    '973': -3,
    '974': 4,
    '975': -3,
    '976': 3,
    '977': -4,
    '978': -4,
    '984': 5,
    '985': 3,
    '986': 12,
    '987': -10,
    '988': 11,
    '989': -8,
  } as const;

  test('gives the time of each territory', () => {
    const found = Object.entries(OVERSEAS).map(([code, { zone }]) => {
      const there = new Date(new Date(AT).toLocaleString('en-US', { timeZone: zone }));
      const utc = new Date(new Date(AT).toLocaleString('en-US', { timeZone: 'UTC' }));
      return [code, (there.getTime() - utc.getTime()) / HOUR];
    });
    assert.deepEqual(Object.fromEntries(found), OFFSETS);
  });
});

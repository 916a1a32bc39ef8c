import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { fitsOneSms, gsmLength } from '../../src/alerts/gsm.ts';

/** 3GPP TS 23.038, 6.2.1, by code points: written a second time so that a slip in either table shows. */
const BASIC = [
  0x40,
  0xa3,
  0x24,
  0xa5,
  0xe8,
  0xe9,
  0xf9,
  0xec,
  0xf2,
  0xc7,
  0x0a,
  0xd8,
  0xf8,
  0x0d,
  0xc5,
  0xe5,
  0x394,
  0x5f,
  0x3a6,
  0x393,
  0x39b,
  0x3a9,
  0x3a0,
  0x3a8,
  0x3a3,
  0x398,
  0x39e,
  -1,
  0xc6,
  0xe6,
  0xdf,
  0xc9,
  0x20,
  0x21,
  0x22,
  0x23,
  0xa4,
  ...range(0x25, 0x3f),
  ...[0xa1, ...range(0x41, 0x5a), 0xc4, 0xd6, 0xd1, 0xdc, 0xa7],
  ...[0xbf, ...range(0x61, 0x7a), 0xe4, 0xf6, 0xf1, 0xfc, 0xe0],
];
/** 6.2.1.1: the septet after the escape, and the code point. */
const EXTENSION = new Map([
  [0x0a, 0x0c],
  [0x14, 0x5e],
  [0x28, 0x7b],
  [0x29, 0x7d],
  [0x2f, 0x5c],
  [0x3c, 0x5b],
  [0x3d, 0x7e],
  [0x3e, 0x5d],
  [0x40, 0x7c],
  [0x65, 0x20ac],
]);
const ESCAPE = 0x1b;

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, at) => from + at);
}

/** The septets a telephone sends, or null where it has to change to UCS-2. */
function septetsOf(text: string): number[] | null {
  const septets = Array.from(text, (character) => {
    const point = character.codePointAt(0);
    const basic = BASIC.findIndex((known) => known === point);
    if (basic >= 0) return [basic];
    const extended = [...EXTENSION].find(([, known]) => known === point);
    return extended === undefined ? null : [ESCAPE, extended[0]];
  });
  return septets.includes(null) ? null : septets.flatMap((some) => some ?? []);
}

/** Octets of user data, of which one SMS has 140 (3GPP TS 23.040, 9.2.3.16). */
function octetsOf(text: string): number {
  const septets = septetsOf(text);
  return septets === null ? Buffer.from(text, 'utf16le').length : Math.ceil((septets.length * 7) / 8);
}

const anyCharacter = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...Array.from("aZ09 éèàùÉÇ@$£_'’\n-Δ", (one) => one)) },
  { weight: 3, arbitrary: fc.constantFrom(...Array.from('^{}[]~|€\\\f', (one) => one)) },
  { weight: 1, arbitrary: fc.constantFrom('ê', 'ç', 'œ', '«', '’', 'م', '🟢', '\t', '\u00a0', '\u001b') },
);
const anyText = fc.oneof(
  fc.string({ unit: anyCharacter, minLength: 40, maxLength: 200 }),
  fc.string({ unit: fc.constantFrom('a', 'é', '€'), minLength: 70, maxLength: 170 }),
  fc.string({ unit: 'binary', maxLength: 100 }),
);

describe('length of an SMS', () => {
  test('the table of the test has 128 places', () => {
    assert.equal(BASIC.length, 128);
  });

  test('every character of the two tables has its length, and every other one has none', () => {
    for (let point = 0; point <= 0xffff; point += 1) {
      const character = String.fromCodePoint(point);
      const isText = point < 0xd800 || point > 0xdfff;
      if (isText) assert.equal(gsmLength(character), septetsOf(character)?.length ?? null, point.toString(16));
    }
  });

  for (const [name, text, fits] of [
    ['160 letters fit', 'é'.repeat(160), true],
    ['161 letters do not', 'é'.repeat(161), false],
    ['80 euro signs fit', '€'.repeat(80), true],
    ['80 euro signs and a letter do not', `${'€'.repeat(80)}a`, false],
    ['70 Arabic letters fit', 'م'.repeat(70), true],
    ['71 Arabic letters do not', 'م'.repeat(71), false],
    ['one circumflex makes 71 letters too many', `ê${'a'.repeat(70)}`, false],
    ['a character of two units counts twice', `${'م'.repeat(69)}🟢`, false],
    ['35 characters of two units fit', '🟢'.repeat(35), true],
    ['nothing fits', '', true],
  ] as const) {
    test(name, () => {
      assert.equal(fitsOneSms(text), fits);
    });
  }

  test('what is said to fit takes at most 140 octets, and what is not takes more', () => {
    let fitting = 0;
    let runs = 0;
    fc.assert(
      fc.property(anyText, (text) => {
        runs += 1;
        fitting += Number(fitsOneSms(text));
        assert.equal(fitsOneSms(text), octetsOf(text) <= 140, JSON.stringify(text));
      }),
      { numRuns: 1_000 },
    );
    assert.ok(fitting > 100 && runs - fitting > 100, `${fitting} of ${runs} fit`);
  });
});

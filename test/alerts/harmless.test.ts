import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { harmlessText } from '../../src/alerts/harmless.ts';
import { messageOf, noticeOf, placeOf } from '../support/messages.ts';

const OFFICIAL = placeOf().address;
const written = (text: string): string => harmlessText(messageOf({ text }));
const shown = (text: string): string => written(text).replaceAll('\u200b', '');

/** What Mattermost, Slack, Discord and Matrix clients make mentions, links or code of. */
const ALIVE = [
  /@[\p{L}\p{N}]/u,
  /[~#][\p{L}\p{N}]/u,
  /\][([:]/,
  /[a-z][a-z0-9+.-]*:\/\//i,
  /(?:mailto|tel|xmpp):\S/i,
  /www\d{0,3}\.\S/i,
  /[\p{L}\p{N}]\.\p{L}/u,
  /`/,
] as const;
const isAlive = (text: string): boolean => ALIVE.some((pattern) => pattern.test(text));

describe('harmless text', () => {
  for (const name of [
    '@channel',
    '@everyone',
    '@all:server.example',
    '~town-square',
    '#general',
    '[ici](https://evil.example)',
    '[ici]: https://evil.example',
    '![image](http://evil.example/x.png)',
    'https://evil.example/',
    'HTTPS://EVIL.EXAMPLE',
    'mailto:name@evil.example',
    's3://evil',
    'www.evil.example',
    'www2.1/evil',
    'evil.example',
    '`code`',
  ]) {
    test(`${name} in a name of a place stays words`, () => {
      assert.ok(isAlive(name), 'the case shows nothing');
      const text = written(`[93 ${name}] AES : créneaux vus à 10:42. Site officiel : ${OFFICIAL}. Gratuit.`);
      assert.ok(text.includes(` : ${OFFICIAL}. Gratuit.`));
      assert.ok(!isAlive(text.replace(OFFICIAL, '')), JSON.stringify(text));
    });
  }

  test('ordinary words are left as they are, and so are the address of the place and the time', () => {
    for (const text of [
      messageOf().text,
      `Créneaux vus à 10:42 (heure de Paris), 1re date 12/01. Site : ${OFFICIAL}. N'achetez jamais un rendez-vous.`,
      'مواعيد شوهدت الساعة 10:42، أول موعد 12/01.',
    ]) {
      assert.equal(written(text), text);
    }
  });

  test('nothing is lost but back quotes: without the breaks it is the same text', () => {
    const text = '@a #b ~c [d](https://e.example) f.g <h> & i';
    assert.equal(shown(text), text);
  });

  for (const [name, text] of [
    ['continued as another host', `${OFFICIAL}.evil.example`],
    ['continued as a user name', `${OFFICIAL}@evil.example`],
    ['continued as a path', `${OFFICIAL}/evil`],
    ['begun by another address', `https://evil.example/?${OFFICIAL}`],
    ['hidden in a label', `[x](${OFFICIAL})](https://evil.example)`],
  ] as const) {
    test(`the address of the place ${name} is no longer a link`, () => {
      assert.ok(!written(`Site : ${text}`).includes('https://evil'));
      assert.ok(!isAlive(written(`Site : ${text}`).replace(`(${OFFICIAL})`, '')), written(text));
    });
  }

  test('an address of a place that carries markup itself is no link', () => {
    const address = 'https://site.example/<!channel>';
    const notices = [noticeOf({ place: placeOf({ address }) })];
    assert.ok(!harmlessText(messageOf({ text: `Site : ${address}`, notices })).includes(address));
  });

  test('of two places whose addresses begin alike, both stay links', () => {
    const notices = [noticeOf(), noticeOf({ place: placeOf({ address: `${OFFICIAL}/2` }) }), noticeOf({ place: null })];
    const text = `1 : ${OFFICIAL}\n2 : ${OFFICIAL}/2`;
    assert.equal(harmlessText(messageOf({ text, notices })), text);
  });

  test('the address that ends the subscription stays a link', () => {
    const unsubscribe = 'https://guetteur.example/stop/abc.def';
    const text = `Pour arrêter : ${unsubscribe}`;
    assert.equal(harmlessText(messageOf({ text, unsubscribe })), text);
    assert.notEqual(harmlessText(messageOf({ text })), text);
  });

  test('whatever names are made of, nothing in the text is alive but the address of the place', () => {
    const pieces = fc.constantFrom(
      ...['@', '#', '~', '[', ']', '(', ')', '<', '>', '!', ':', '//', '.', '`', '*', '_', '|', ' ', '\n'],
      ...['channel', 'here', 'https', 'www', 'example', 'mailto', 'é', '1', '\u200b', '\u00a0', OFFICIAL],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 30 }), (some) => {
        const text = written(`${some.join('')} fin`);
        const rest = text.replaceAll(new RegExp(`(?<=^|[\\s(])${OFFICIAL}(?=[.,;:!?)]*(?:\\s|$))`, 'g'), '');
        assert.ok(!isAlive(rest), JSON.stringify(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

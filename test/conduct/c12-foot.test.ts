/** Conduct C12, and the way out: what a message to somebody who subscribed alone links to, and how it ends. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { messageFor } from '../../src/alerts/messages.ts';
import { shortened } from '../../src/alerts/shorten.ts';
import { LANGUAGES } from '../../src/core/subscription.ts';
import { CASES } from '../alerts/message-cases.ts';

const PAGE = 'https://guetteur.example/';
const STOP = `${PAGE}stop/7.${'0'.repeat(32)}`;
const LINK = /https?:\/\/[^\s\u2069]+/g;

describe('a message to who subscribed alone', () => {
  for (const language of LANGUAGES)
    test(`ends, in ${language}, with our page and the way to stop, and links to nothing deeper than a public start page`, () => {
      for (const { name, notices } of CASES) {
        const options = { key: 'k', unsubscribe: STOP, stop: STOP, page: PAGE };
        const { text, short } = messageFor(notices, { language, timeZone: 'Europe/Paris' }, options);
        const last = text.split('\n').at(-1) ?? '';
        assert.ok(last.includes(STOP), `${name}: ${last}`);
        const own = text.split('\n').at(-2) ?? '';
        assert.match(own, new RegExp(`${PAGE}${language}/(?:department/\\w+/)?`), name);
        const starts = notices.flatMap(({ place }) =>
          place === null ? [] : [place.address, new URL(place.address).origin],
        );
        const known = new Set([...starts, ...starts.map((one) => new URL(one).href), STOP, PAGE]);
        for (const [link] of [...text.matchAll(LINK), ...short.matchAll(LINK)])
          assert.ok(known.has(link) || link.startsWith(`${PAGE}${language}/`), `${name}: ${link}`);
      }
    });

  test('says both even where a service takes little of it, with that booking is free', () => {
    const [first] = CASES;
    assert.ok(first !== undefined);
    const options = { key: 'k', unsubscribe: STOP, stop: STOP, page: PAGE };
    const { text } = messageFor(first.notices, { language: 'fr', timeZone: 'Europe/Paris' }, options);
    const cut = shortened(text, text.length - 20, ({ length }) => length);
    assert.ok(cut.length < text.length && cut.endsWith(STOP));
    assert.match(cut, /Gratuit et personnel/);
  });
});

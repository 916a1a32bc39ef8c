import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';

import { fingerprintOf } from '../../src/read/fingerprint.ts';
import { captureOf } from '../support/capture.ts';
import { strangePages } from '../support/mutations.ts';

const of = (html: string): string | null => fingerprintOf(captureOf({ html }));

const page = (main: string): string =>
  `<!doctype html><html lang="fr"><head><title>x</title></head><body class="site"><header id="banner"><h1>Titre</h1></header>
   <main id="content">${main}</main></body></html>`;

const WEEK = page('<form name="create"><table class="week"><tr><td class="cell">9h</td></tr></table></form>');

describe('the structure of a page', () => {
  test('is 16 hex digits, and nothing where there is no page', () => {
    assert.match(of(WEEK) ?? '', /^[0-9a-f]{16}$/);
    assert.equal(of(''), null);
    assert.equal(fingerprintOf(captureOf({ html: WEEK, failure: { kind: 'dns', message: '' } })), null);
  });

  const same: readonly (readonly [string, string])[] = [
    ['other words', WEEK.replace('9h', 'complet').replace('Titre', 'Autre')],
    ['more rows', WEEK.replace('</tr>', '</tr><tr><td class="cell">10h</td></tr><tr><td class="cell">11h</td></tr>')],
    [
      'an editor at work',
      WEEK.replace('<form', '<p>Un <strong>texte</strong> et <a href="/x">un lien</a></p><ul><li>a</li></ul><form'),
    ],
    ['a state of the moment', WEEK.replace('class="week"', 'class="week active even"')],
    ['classes in another order', WEEK.replace('class="cell"', 'class="cell cell"')],
    ['a comment and a script', WEEK.replace('<form', '<!-- x --><script src="/a.js"></script><form')],
    [
      'something that cannot be seen',
      WEEK.replace('<form', '<dialog id="d" data-guetteur-hidden="tree"><button class="b">x</button></dialog><form'),
    ],
  ];
  for (const [name, html] of same) test(`stays with ${name}`, () => assert.equal(of(html), of(WEEK)));

  test('is the same for all targets of one layout: numbers in names do not count', () => {
    const radio = (id: number): string =>
      of(page(`<input type="radio" id="planning${id}" name="planning" value="${id}">`)) ?? '';
    assert.equal(radio(717), radio(14673));
    assert.equal(
      of(page('<input id="NOM_USAGE-770" class="css-1x2y3z9">')),
      of(page('<input id="NOM_USAGE-12" class="css-9a8b7c6">')),
    );
  });

  const other: readonly (readonly [string, string])[] = [
    ['another form', WEEK.replace('name="create"', 'name="search"')],
    ['another class of table', WEEK.replace('class="week"', 'class="agenda"')],
    ['a new button', WEEK.replace('</form>', '<button type="submit">Suite</button></form>')],
    ['a part that is gone', WEEK.replace('<td class="cell">9h</td>', '')],
  ];
  for (const [name, html] of other) test(`changes with ${name}`, () => assert.notEqual(of(html), of(WEEK)));

  test('is found for any document, without fail and always the same', () => {
    fc.assert(
      fc.property(strangePages, (html) => assert.equal(of(html), of(html))),
      { numRuns: 300 },
    );
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import type { Snapshot } from '../../src/run/browser/snapshot.ts';
import { openTestMonitor, type TestMonitor } from '../support/monitor.ts';
import { openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

/** Markup and the words that a person reads on it, one line a block. */
const SEEN: Readonly<Record<string, readonly [string, string]>> = {
  'plain words': ['<p>libre</p>', 'libre'],
  'words around a line break': ['un<br>deux', 'un\ndeux'],
  'blocks beside each other': ['<p>un</p><p>deux</p>', 'un\ndeux'],
  'words inside a sentence': ['<p>un <b>deux</b> <i>tr</i>ois</p>', 'un deux trois'],
  'many spaces': ['<p>un \n\t  deux</p>', 'un deux'],
  'cells of a table': ['<table><tr><td>9 h</td><td>libre</td></tr><tr><td>10 h</td></tr></table>', '9 h libre\n10 h'],
  'a button': ['<button>Étape suivante</button>', 'Étape suivante'],
  'the value of a button': [
    '<input type="submit" value="Étape suivante"><input type="button" value="B">',
    'Étape suivante B',
  ],
  'what is typed': ['<input type="text" value="secret"><input type="hidden" value="caché">', ''],
  "a list's chosen option": ['<select><option>un<option selected>deux</select>', 'deux'],
  'an open dialog': ['<dialog open>Erreur</dialog>', 'Erreur'],
  'an open detail': ['<details open><summary>titre</summary>corps</details>', 'titre\ncorps'],
  'a shadow tree': ['<div><template shadowrootmode="open"><p>ombre</p></template></div>', 'ombre'],
  'contents without a box': ['<div style="display:contents"><p>ici</p></div>', 'ici'],
  'a visible child of an invisible part': [
    '<div style="visibility:hidden">non <span style="visibility:visible">oui</span></div>',
    'oui',
  ],
  'words below the fold': ['<div style="height:3000px"></div><p>en bas</p>', 'en bas'],
};

/** Markup that holds the word "caché" where nobody can read it. */
const HIDDEN: Readonly<Record<string, string>> = {
  'not displayed': '<p style="display:none">caché</p>',
  'below what is not displayed': '<div style="display:none"><p style="display:block">caché</p></div>',
  invisible: '<p style="visibility:hidden">caché</p>',
  transparent: '<p style="opacity:0">caché</p>',
  'below what is transparent': '<div style="opacity:0"><p>caché</p></div>',
  'clipped for screen readers':
    '<span style="position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)">caché</span>',
  'clipped by a path': '<span style="position:absolute;clip-path:inset(50%)">caché</span>',
  'folded to no height': '<div style="height:0;overflow:hidden"><p>caché</p></div>',
  'left of the screen': '<p style="position:absolute;left:-9999px">caché</p>',
  'above the screen': '<p style="position:fixed;top:-500px">caché</p>',
  'with the hidden attribute': '<p hidden>caché</p>',
  'in a closed detail': '<details><summary>titre</summary><p>caché</p></details>',
  'bare in a closed detail': '<details><summary>titre</summary>caché</details>',
  'in a closed dialog': '<dialog>caché</dialog>',
  'in a template': '<template><p>caché</p></template>',
  'for browsers without scripts': '<noscript>caché</noscript>',
  'in a script': '<script type="application/json">"caché"</script>',
  'in a style': '<style>/* caché */</style>',
  'in a comment': '<!-- caché -->',
  'in an option that is not chosen': '<select><option>un<option>caché</select>',
  'in an attribute': '<p title="caché" data-x="caché">vu</p>',
  'found only by search': '<div hidden="until-found">caché</div>',
  'not drawn': '<div style="content-visibility:hidden">caché</div>',
  'instead of a picture that is drawn': '<canvas>caché</canvas><video>caché</video>',
  'moved out by its indent': '<p style="text-indent:-9999px;overflow:hidden;white-space:nowrap">caché</p>',
  'scaled to nothing': '<p style="transform:scale(0)">caché</p>',
  'written with no size': '<p style="font-size:0">caché</p>',
  'moved out of the page where they stand': '<p style="position:relative;left:-9999px">caché</p>',
  'pushed out by a transform': '<p style="transform:translateX(-9999px)">caché</p>',
  'pushed out by a margin': '<p style="margin-left:-9999px;width:200px">caché</p>',
  'of a transparent colour': '<p style="color:transparent">caché</p>',
  'of the colour of their ground': '<p style="color:#fff;background:#fff">caché</p>',
  'cut to a circle of nothing': '<p style="clip-path:circle(0)">caché</p>',
  'cut from below': '<p style="clip-path:inset(0 0 100% 0)">caché</p>',
  'filtered away': '<p style="filter:opacity(0)">caché</p>',
  'clipped the old way': '<p style="position:absolute;clip:rect(0,0,0,0)">caché</p>',
};

const CLOBBERED =
  '<form><input type="hidden" name="attributes"><input type="hidden" name="childNodes"><input type="hidden" name="localName">' +
  '<input type="hidden" name="checkVisibility"><input type="hidden" name="getBoundingClientRect"><p>visible</p></form>';

const UNPRESSABLE = {
  'indented out': '<a href="/x" style="text-indent:-9999px;display:block;overflow:hidden">09h00</a>',
  'of no size': '<a href="/x" style="font-size:0">09h00</a>',
  'of no size within': '<a href="/x"><span style="font-size:0">09h00</span></a>',
  'pushed out': '<a href="/x" style="position:relative;left:-9999px">09h00</a>',
};

describe('the snapshot holds the words a person can read, and no others', () => {
  let monitor: TestMonitor;
  let site: WebSite;
  const snapshots = new Map<string, Snapshot>();
  let markup = '';
  before(async () => {
    monitor = await openTestMonitor();
    site = await openWebSite((_asked, response) =>
      sendPage(response, `<!doctype html><html><head><title>caché</title></head><body>${markup}</body></html>`),
    );
    await monitor.browser.withTab({ filter: () => Promise.resolve(null), withinMs: 60_000 }, async (tab) => {
      const all = [
        ...Object.values(SEEN).map(([html]) => html),
        ...Object.values(HIDDEN),
        ...Object.values(UNPRESSABLE),
        CLOBBERED,
      ];
      for (const [at, html] of all.entries()) {
        markup = html;
        tab.begin(true);
        await tab.goto(`${site.origin}/${at}`, 5_000);
        await tab.loaded(5_000);
        snapshots.set(html, await tab.snapshot());
      }
    });
  });
  after(async () => {
    await monitor.close();
    await site.close();
  });

  for (const [name, [html, text]] of Object.entries(SEEN)) {
    test(`reads ${name}`, () => {
      assert.equal(snapshots.get(html)?.text, text);
    });
  }

  test('reads a form whose fields have the names of what reads it', () => {
    assert.equal(snapshots.get(CLOBBERED)?.text, 'visible');
  });

  for (const [name, html] of Object.entries(UNPRESSABLE)) {
    test(`marks as hidden a link whose words are ${name}`, () => {
      const link = /<a [^>]*>/.exec(snapshots.get(html)?.html ?? '')?.[0];
      assert.match(link ?? '', /data-guetteur-hidden="(?:self|tree)"/);
    });
  }

  for (const [name, html] of Object.entries(HIDDEN)) {
    test(`does not read words that are ${name}`, () => {
      assert.doesNotMatch(snapshots.get(html)?.text ?? 'caché', /caché/);
    });
  }

  test('the markup keeps what is hidden, marked as such, and what was ticked by script', async () => {
    markup =
      '<input id="a" type="checkbox"><p style="display:none">x &lt; y</p><i data-guetteur-hidden="tree">faux</i><script>a.checked = true</script>';
    const ticked = await monitor.browser.withTab(
      { filter: () => Promise.resolve(null), withinMs: 20_000 },
      async (tab) => {
        await tab.goto(`${site.origin}/coche`, 5_000);
        await tab.loaded(5_000);
        return await tab.snapshot();
      },
    );
    assert.match(ticked.html, /<input id="a" type="checkbox" checked="">/);
    assert.match(ticked.html, /<p style="display:none" data-guetteur-hidden="tree">x &lt; y<\/p>/);
    assert.match(ticked.html, /<i>faux<\/i>/, 'a page cannot hide its words by our own mark');
    assert.equal(ticked.text, 'faux');
  });
});

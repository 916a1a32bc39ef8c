import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { Page } from '../../src/read/page.ts';
import type { Snapshot } from '../../src/run/browser/snapshot.ts';
import { captureOf } from '../support/capture.ts';
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
  'words under a dimmed sheet': ['<p>vu</p><div style="position:fixed;inset:0;background:rgba(0,0,0,.5)"></div>', 'vu'],
  'words under a banner that asks about cookies': [
    '<p>vu</p><div id="tarteaucitronRoot" style="position:fixed;inset:0;background:#fff"></div>',
    'vu',
  ],
  'words under a bar from which a page can be scrolled': [
    '<p>vu</p><div style="position:fixed;top:0;left:0;right:0;height:80px;background:#fff"></div><div style="height:3000px"></div>',
    'vu',
  ],
  'words through which no pointer goes': ['<p style="pointer-events:none">vu</p>', 'vu'],
  'words behind an open dialog': [
    '<p>vu</p><dialog id="d" style="top:300px">avis</dialog><script>d.showModal()</script>',
    'vu\navis',
  ],
  'words in a box that scrolls': [
    '<div style="height:40px;overflow:auto"><p>un</p><div style="height:90px"></div><p>deux</p></div>',
    'un\ndeux',
  ],
  'words far right in a table that scrolls': [
    '<div style="width:200px;overflow-x:auto"><table><tr><td><div style="width:900px">un</div></td><td>deux</td></tr></table></div>',
    'un\ndeux',
  ],
  'white words on a dark ground': ['<div style="background:#000091"><p style="color:#fff">vu</p></div>', 'vu'],
  'white words on a picture': [
    '<div style="background-image:linear-gradient(navy, black)"><p style="color:#fff">vu</p></div>',
    'vu',
  ],
  'white words on a part placed below them': [
    '<div style="position:relative"><div style="position:absolute;inset:0;background:navy"></div><p style="position:relative;color:#fff">vu</p></div>',
    'vu',
  ],
  'words in letters cut out of a picture': [
    '<p style="color:transparent;background:linear-gradient(red, blue);background-clip:text">vu</p>',
    'vu',
  ],
  'words placed outside a box that clips only its flow': [
    '<div style="overflow:hidden;height:0"><p style="position:absolute;top:200px">vu</p></div>',
    'vu',
  ],
  'grey words': ['<p style="color:#777">vu</p>', 'vu'],
  'words below the fold': ['<div style="height:3000px"></div><p>en bas</p>', 'en bas'],
};

const SHEET = '<div style="position:fixed;inset:0;background:#fff;z-index:9"></div>';

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
  'under a sheet over the whole window': `<p>caché</p>${SHEET}`,
  'under a part of the page':
    '<p>caché</p><div style="position:absolute;top:0;left:0;width:600px;height:90px;background:#eee">avis</div>',
  'under a part pulled up over them':
    '<p style="height:40px">caché</p><div style="margin-top:-90px;position:relative;height:120px;background:navy">avis</div>',
  'behind their own frame':
    '<div style="background:#fff;width:400px;isolation:auto"><p style="position:relative;z-index:-1">caché</p></div>',
  'under a sheet that no pointer meets': `<p>caché</p>${SHEET.replace('style="', 'style="pointer-events:none;')}`,
  'far down under a sheet': `<div style="height:3000px"></div><p>caché</p>${SHEET}`,
  'on the other page of a carousel':
    '<div style="width:300px;overflow:hidden"><div style="display:flex;width:600px;transform:translateX(-300px)"><p style="width:300px">caché</p><p style="width:300px">vu</p></div></div>',
  'on the next page of a carousel that snaps':
    '<div style="width:300px;display:flex;overflow-x:auto;scroll-snap-type:x mandatory"><p style="flex:0 0 300px">vu</p><p style="flex:0 0 300px">caché</p></div>',
  'below the edge of a clipped box':
    '<div style="height:40px;overflow:hidden"><div style="height:60px"></div><p>caché</p></div>',
  'scrolled out of a clipped box':
    '<div id="b" style="height:40px;overflow:hidden"><p>caché</p><div style="height:400px">vu</div></div><script>b.scrollTop = 200</script>',
  'in a box two pixels high': '<div style="height:2px;overflow:hidden"><p style="margin:0">caché</p></div>',
  'in a box two pixels wide': '<div style="width:2px;overflow:hidden;white-space:nowrap"><p>caché</p></div>',
  "of the colour of an ancestor's ground":
    '<div style="background:#123456"><div><p style="color:rgb(18 52 86)">caché</p></div></div>',
  'white on the page': '<p style="color:white">caché</p>',
  'of a colour next to that of their ground': '<div style="background:#fefefe"><p style="color:#fff">caché</p></div>',
  'transparent as percent': '<p style="color:rgb(0 0 0 / 0%)">caché</p>',
  'transparent in another space': '<p style="color:oklch(50% 0.1 200 / 0)">caché</p>',
  'transparent by mixing': '<p style="color:color-mix(in srgb, transparent 99%, black)">caché</p>',
  'transparent in its letters alone': '<p style="-webkit-text-fill-color:#0000">caché</p>',
  'nearly transparent, twice': '<div style="opacity:.2"><p style="opacity:.2">caché</p></div>',
  'cut to a triangle of nothing': '<p style="clip-path:polygon(0 0, 0 0, 0 0)">caché</p>',
  'cut away by a path around another place': '<p style="width:300px;clip-path:inset(0 0 0 280px)">caché</p>',
  'masked away': '<p style="mask-image:linear-gradient(transparent, transparent)">caché</p>',
  blurred: '<p style="filter:blur(12px)">caché</p>',
  'turned away': '<p style="transform:rotateY(180deg);backface-visibility:hidden">caché</p>',
  'turned on its edge': '<p style="transform:rotateY(90deg)">caché</p>',
  'written in a drawing that is not drawn':
    '<svg width="9" height="9"><defs><text id="t">caché</text><a href="/x">caché</a></defs></svg>',
  'written one pixel high': '<p style="font-size:1px">caché</p>',
  'struck out': '<p><s>caché</s> <del>caché</del> <span style="text-decoration:line-through red">caché</span></p>',
  'in a closed panel of tabs':
    '<div role="tablist"><button role="tab" aria-controls="q">vu</button></div><div role="tabpanel" id="q" hidden><p>caché</p></div>',
  'in what another script has pushed right of the page':
    '<style>html{overflow-x:hidden}</style><p style="position:absolute;left:3000px;width:90px">caché</p>',
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
  covered: '<a href="/x">09h00</a><div style="position:absolute;inset:0;background:#fff"></div>',
  'white on white': '<a href="/x" style="color:#fff">09h00</a>',
  clipped: '<div style="height:1px;overflow:hidden"><a href="/x">09h00</a></div>',
  'struck out': '<s><a href="/x">09h00</a></s>',
  'for browsers without scripts': '<noscript><a href="/x">09h00</a></noscript>',
  'in a drawing that is not drawn': '<svg><defs><a href="/x"><text>09h00</text></a></defs></svg>',
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
      const page = new Page(captureOf({ html: snapshots.get(html)?.html ?? '' }));
      assert.equal(page.present('a').length, 1);
      assert.deepEqual(page.visible('a'), []);
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

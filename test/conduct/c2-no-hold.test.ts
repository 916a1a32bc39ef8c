import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { loadProbes } from '../../src/plugins.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { requestFilter, type BrowserRequest } from '../../src/run/requests.ts';
import { openBench, untilTried, type Bench } from '../support/bench.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const HOLD = '/booking/create/1/5/2/1790000000';

const script = (source: string): string =>
  `<script type="module">const bar = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const ended = () => { document.title = 'fini'; };
  ${source}</script>`;
const soon = script('await bar(400); ended();');

/** Ways by which a page can have the browser ask for the address that holds a slot. */
const PAGES: Readonly<Record<string, string>> = {
  'a script that goes there': script(`location.href = '${HOLD}';`),
  'a script that replaces the address': script(`location.replace('${HOLD}');`),
  'a refresh': `<meta http-equiv="refresh" content="0; url=${HOLD}">${soon}`,
  'a link that presses itself': `<a href="${HOLD}">9 h 00</a>${script(`document.links[0].click(); await bar(300); ended();`)}`,
  'a form sent by GET': `<form action="${HOLD}"></form>${script(`document.forms[0].submit();`)}`,
  'a link to fetch beforehand': `<link rel="prefetch" href="${HOLD}"><link rel="preload" as="script" href="${HOLD}"><link rel="modulepreload" href="${HOLD}"><link rel="prerender" href="${HOLD}">${soon}`,
  'rules to fetch beforehand': `<script type="speculationrules">{"prefetch":[{"source":"list","urls":["${HOLD}"],"eagerness":"immediate"}]}</script>${script('await bar(900); ended();')}`,
  'rules to draw beforehand': `<script type="speculationrules">{"prerender":[{"source":"list","urls":["${HOLD}"],"eagerness":"immediate"}]}</script>${script('await bar(900); ended();')}`,
  'a picture': `<img src="${HOLD}" alt="">${soon}`,
  'a frame': `<iframe src="${HOLD}"></iframe>${soon}`,
  'a stylesheet': `<link rel="stylesheet" href="${HOLD}">${soon}`,
  'a request': script(`await fetch('${HOLD}').catch(() => undefined); ended();`),
  'a request for the head only': script(`await fetch('${HOLD}', { method: 'HEAD' }).catch(() => undefined); ended();`),
  'a server that redirects': script(`await fetch('/renvoi').catch(() => undefined); ended();`),
  'a server that redirects the page itself': script(`location.href = '/renvoi';`),
  'a new window': script(`window.open('${HOLD}'); await bar(300); ended();`),
  'a worker': script(
    `const w = new Worker(URL.createObjectURL(new Blob(["fetch('" + location.origin + "${HOLD}').finally(() => postMessage(1))"]))); w.onmessage = ended; setTimeout(ended, 1500);`,
  ),
  'a worker that is shared': script(
    `if (!('SharedWorker' in globalThis)) ended(); const w = new SharedWorker(URL.createObjectURL(new Blob(["onconnect = (e) => fetch('" + location.origin + "${HOLD}').finally(() => e.ports[0].postMessage(1))"]))); w.port.onmessage = ended; setTimeout(ended, 1500);`,
  ),
  'an event stream': script(`const e = new EventSource('${HOLD}'); e.onerror = () => { e.close(); ended(); };`),
};

/** Servers decode a path and drop doubled slashes and `;parameters` before they look at it. */
function holdsSlot(path: string): boolean {
  const { pathname } = new URL(path, 'http://x');
  return /\/booking\/create\/\d+\/[5-9]/i.test(
    decodeURIComponent(pathname)
      .replace(/;[^/]*/g, '')
      .replace(/\/+/g, '/'),
  );
}

describe('C2: no slot is held, whatever the page does', () => {
  let bench: Bench;
  let site: WebSite;
  let holds = 0;
  before(async () => {
    bench = await openBench();
    site = await openWebSite(({ path }, response) => {
      const name = decodeURIComponent(new URL(path, 'http://x').pathname.slice(1));
      if (holdsSlot(path)) holds += 1;
      if (name === 'renvoi') response.writeHead(302, { location: HOLD }).end();
      else sendPage(response, openPage(PAGES[name] ?? script('ended();')));
    });
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  for (const name of Object.keys(PAGES)) {
    test(`C2: ${name} holds nothing`, async () => {
      const earlier = holds;
      const { forbidden, posts } = (await loadProbes()).get('ez-booking') ?? { forbidden: [], posts: [] };
      const check = await bench.check(`${site.origin}/${encodeURIComponent(name)}`, {
        ...untilTried,
        forbidden,
        posts,
      });
      // The page itself, and the address that would have led on.
      const loads = name === 'a server that redirects the page itself' ? 2 : 1;
      assert.deepEqual([check.errorCode, check.loads], [null, loads], check.reading.message);
      assert.equal(holds - earlier, 0);
    });
  }

  test('C2: no slot was held after the pages were left either', () => {
    assert.equal(holds, 0);
  });
});

describe('C2: the address that holds a slot is refused however it is written', () => {
  for (const path of [
    HOLD,
    '/index.php/booking/create/1/5',
    '/booking/create/1/6/',
    '/booking/create/1/9?x=1',
    '/booking/create/1/%35/2/1790000000',
    '/booking/create/%31/5/2/1790000000',
    '/booking/%63reate/1/5/2/1790000000',
    '/booking/create/1//5/2/1790000000',
    '//booking//create/1/5',
    '/booking/create/1/5;x',
    '/booking;jsessionid=1/create/1/5',
    '/booking/create/1/./5/2',
    '/booking/create/1/4/../5/2',
  ]) {
    test(`C2: ${path} is refused`, async () => {
      assert.ok(holdsSlot(path.startsWith('//') ? `/.${path}` : path), 'a server would hold a slot there');
      const rules = (await loadProbes()).get('ez-booking');
      assert.ok(rules !== undefined);
      const filter = requestFilter(rules, { practice: true, addresses: new AddressBook() });
      const url = `http://127.0.0.1${path}`;
      const refusal = await filter(documentAt(new URL(url).href));
      assert.equal(refusal?.kind, 'forbidden');
    });
  }

  test('C2: the steps before the choice of a slot are not refused', async () => {
    const rules = (await loadProbes()).get('ez-booking');
    assert.ok(rules !== undefined);
    const filter = requestFilter(rules, { practice: true, addresses: new AddressBook() });
    for (const path of ['/booking/create/1', '/booking/create/1/0', '/booking/create/1/4', '/booking/create/555']) {
      assert.equal(await filter(documentAt(`http://127.0.0.1${path}`)), null, path);
    }
  });
});

function documentAt(url: string): BrowserRequest {
  return { method: 'GET', url, body: null, isMainFrameDocument: true, preflightOf: null, isPersonsAct: false };
}

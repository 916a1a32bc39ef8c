import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { AddressBook } from '../../src/run/addresses.ts';
import { openBench, refusedRules, untilTried, type Bench } from '../support/bench.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const PUBLIC = '93.184.216.34';

describe('a live page cannot make the browser ask this machine', () => {
  let bench: Bench;
  /** What the browser finds behind site.example and cdn.example. */
  let site: WebSite;
  /** What nobody may reach: another server of this machine. */
  let inner: WebSite;
  let head = '';
  let redirectTo = '';
  before(async () => {
    inner = await openWebSite((_asked, response) => sendPage(response, openPage('')));
    site = await openWebSite(({ path }, response) => {
      if (path === '/renvoi') response.writeHead(302, { location: redirectTo }).end();
      else sendPage(response, openPage('', head));
    });
    const addresses = new AddressBook((name) => Promise.resolve([name === 'inner.example' ? '127.0.0.1' : PUBLIC]));
    bench = await openBench(
      { addresses },
      `MAP site.example 127.0.0.1:${site.port}, MAP cdn.example 127.0.0.1:${site.port}, MAP inner.example 127.0.0.1:${inner.port}`,
    );
  });
  after(async () => {
    await bench.close();
    await Promise.all([site.close(), inner.close()]);
  });

  const fetching = (url: string): string =>
    `<script type="module">await fetch('${url}', { mode: 'no-cors' }).catch(() => undefined); document.title = 'fini';</script>`;
  const live = { practice: false };

  for (const [name, url] of [
    ['by number', () => `http://127.0.0.1:${inner.port}/x`],
    ['by one number', () => `http://2130706433:${inner.port}/x`],
    ['by name', () => `http://localhost:${inner.port}/x`],
    ['by a name that leads here', () => 'http://inner.example/x'],
    ['by a redirect of its own host', () => 'http://site.example/renvoi'],
    ['by a redirect of another host', () => 'http://cdn.example/renvoi'],
  ] as const) {
    test(`${name}: the request is refused and the check says so`, async () => {
      redirectTo = `http://127.0.0.1:${inner.port}/x`;
      head = fetching(url());
      const check = await bench.check('http://site.example/', untilTried, live);
      assert.deepEqual(inner.asked, []);
      assert.deepEqual(refusedRules(check), ['address GET /x']);
      assert.equal(check.reading.outcome, 'operational');
    });
  }

  test('by a web socket: no connection is made and the check says so', async () => {
    head = `<script>const s = new WebSocket('ws://127.0.0.1:${inner.port}/x'); s.onclose = s.onerror = () => { document.title = 'fini'; };</script>`;
    const check = await bench.check('http://site.example/', untilTried, live);
    assert.deepEqual(inner.asked, []);
    assert.match(refusedRules(check).join(), /socket/);
  });

  test('by a web socket in a worker: no connection is made', async () => {
    head = `<script>const w = new Worker(URL.createObjectURL(new Blob(["const s = new WebSocket('ws://127.0.0.1:${inner.port}/x'); s.onclose = s.onerror = () => postMessage(1);"]))); w.onmessage = () => { document.title = 'fini'; };</script>`;
    const check = await bench.check('http://site.example/', untilTried, live);
    assert.equal(check.loads, 1);
    assert.deepEqual(inner.asked, []);
  });

  test('by the page itself going there: no page is read, and where it was sent is told', async () => {
    redirectTo = `http://127.0.0.1:${inner.port}/x`;
    const mark = inner.asked.length;
    const check = await bench.check('http://site.example/renvoi', {}, live);
    assert.equal(inner.asked.length, mark);
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['unknown_page', 'failure-left_hosts']);
    assert.equal(check.finalUrl, redirectTo);
  });

  test('a page sent to a host of nobody is not followed', async () => {
    redirectTo = 'http://elsewhere.example/';
    const check = await bench.check('http://site.example/renvoi', {}, live);
    assert.deepEqual([check.reading.outcome, check.reading.rule], ['unknown_page', 'failure-left_hosts']);
    assert.match(check.reading.message, /elsewhere\.example/);
  });

  test('a page sent to the sign-in of the State is a sign-in', async () => {
    redirectTo = 'https://app.franceconnect.gouv.fr/api/v1/authorize?state=x';
    const check = await bench.check('http://site.example/renvoi', {}, live);
    assert.equal(check.reading.outcome, 'login');
  });
});

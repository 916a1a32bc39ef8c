import assert from 'node:assert/strict';
import { createSocket, type Socket } from 'node:dgram';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';

import { bareTarget } from '../../src/core/target.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import type { AssistedEnd, AssistedWindow, PersonInput, PersonRefusal } from '../../src/run/assisted.ts';
import { Runner } from '../../src/run/runner.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { STUB_CAPTCHA, STUB_CODE } from '../support/stub-captcha.ts';
import { openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const ROW = 18;
const EVIL = 'http://evil.example';

/** Does what a form would: `more` are its attributes. */
const sendForm = (more: string, fields = "<input name='x' value='1'>"): string =>
  `document.body.insertAdjacentHTML('beforeend', "<form ${more}>${fields}</form>"); document.forms[document.forms.length - 1].submit()`;

/** What a page does when it is touched, and what the person is told; null for nothing. Live: other hosts are other hosts. */
const TRIES: readonly (readonly [string, string, PersonRefusal | null])[] = [
  ['goes to another host', `location.href = '${EVIL}/href'`, 'away'],
  ['goes there without a trace', `location.replace('${EVIL}/replace')`, 'away'],
  [
    'sends the whole page there by a meta element',
    `document.head.insertAdjacentHTML('beforeend', '<meta http-equiv="refresh" content="0;url=${EVIL}/refresh">')`,
    'away',
  ],
  ['follows a link there', `Object.assign(document.createElement('a'), { href: '${EVIL}/link' }).click()`, 'away'],
  ['opens a window there', `window.open('${EVIL}/open')`, 'away'],
  [
    'follows a link into a new window',
    `Object.assign(document.createElement('a'), { href: '${EVIL}/blank', target: '_blank' }).click()`,
    'away',
  ],
  ['sends a form there by GET', sendForm(`action='${EVIL}/get'`), 'away'],
  ['sends a form there by POST', sendForm(`method='post' action='${EVIL}/post'`), 'form'],
  [
    'sends a form there from a frame',
    `document.body.insertAdjacentHTML('beforeend', '<iframe srcdoc="<form method=post action=${EVIL}/frame></form><script>document.forms[0].submit()<\\/script>"></iframe>')`,
    'form',
  ],
  ['sends a form of a person to its own page', sendForm("action='/'", "<input name='nom' value='x'>"), 'form'],
  ['sends a form to itself by POST', sendForm("method='post' action='/'"), 'form'],
  ['goes to another page of the platform', `location.href = '/autre'`, 'away'],
  ['goes to a program of the machine', `location.href = 'mailto:a@b.example'`, null],
  ['goes to a file of the machine', `location.href = 'file:///etc/passwd'`, null],
  ['goes to the browser itself', `location.href = 'chrome://version'`, null],
  ['makes a page of a script', `location.href = 'data:text/html,x'`, null],
  ['opens a web socket', `new WebSocket('ws://evil.example/socket')`, null],
  ['starts a worker that stays', `navigator.serviceWorker?.register('/worker.js')`, null],
  ['starts a worker', `new Worker('/worker.js')`, null],
  ['prints', `print()`, null],
  ['takes the whole screen', `document.documentElement.requestFullscreen()`, null],
  ['takes the mouse', `document.documentElement.requestPointerLock()`, null],
  ['reads the clipboard', `navigator.clipboard?.readText().then((text) => fetch('/read?' + text))`, null],
  [
    'asks to notify',
    `Notification?.requestPermission().then((answer) => { if (answer === 'granted') fetch('/granted'); })`,
    null,
  ],
  ['asks where it is', `navigator.geolocation?.getCurrentPosition(() => fetch('/granted'))`, null],
  [
    'asks for the microphone',
    `navigator.mediaDevices?.getUserMedia({ audio: true }).then(() => fetch('/granted'))`,
    null,
  ],
  ['chooses a file', `Object.assign(document.createElement('input'), { type: 'file' }).click()`, null],
  ['asks for a folder', `window.showDirectoryPicker?.()`, null],
  ['loads a file down', `Object.assign(document.createElement('a'), { href: '/file', download: 'x' }).click()`, 'away'],
  [
    'asks before it is left',
    `addEventListener('beforeunload', (event) => { event.preventDefault(); event.returnValue = ''; })`,
    null,
  ],
  ['says something, and asks', `alert('x'); if (confirm('y') || prompt('z') !== null) fetch('/granted')`, null],
  [
    'talks past every filter',
    `(async () => { const line = new RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:' + new URLSearchParams(location.search).get('udp') }] }); line.createDataChannel('x'); await line.setLocalDescription(await line.createOffer()); })()`,
    null,
  ],
  [
    'connects before it asks',
    `document.head.insertAdjacentHTML('beforeend', '<link rel="preconnect" href="${EVIL}"><link rel="dns-prefetch" href="${EVIL}"><link rel="prefetch" href="${EVIL}/prefetch"><link rel="prerender" href="${EVIL}/prerender">')`,
    null,
  ],
];

const rows = TRIES.map(
  ([, script], at) =>
    `<div style="height:${ROW}px" data-at="${at}"></div><script>document.currentScript.previousElementSibling.onclick = () => { ${script} }</script>`,
).join('');
const HANG_Y = ROW * (TRIES.length + 1) + ROW / 2;
const PAGE = `<!doctype html><html lang="fr"><title>x</title><body style="margin:0"><div style="height:${ROW}px" onclick="fetch('/alive?' + performance.now())"></div>${rows}
<div style="height:${ROW}px" onclick="for (;;);"></div>${STUB_CODE}</body></html>`;

describe('a page that turns against the person who has it in hand', () => {
  let bench: Bench;
  let site: WebSite;
  let evil: WebSite;
  let udp: Socket;
  let packets = 0;
  before(async () => {
    site = await openWebSite(({ path }, response) => {
      if (path === '/worker.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end('fetch("/worked")');
      else sendPage(response, PAGE);
    });
    evil = await openWebSite((_asked, response) => sendPage(response, 'evil'));
    udp = createSocket('udp4').on('message', () => (packets += 1));
    await new Promise<void>((resolve) => {
      udp.bind(0, '127.0.0.1', resolve);
    });
    bench = await openBench(
      { addresses: new AddressBook(() => Promise.resolve(['93.184.216.34'])) },
      `MAP site.example 127.0.0.1:${site.port}, MAP evil.example 127.0.0.1:${evil.port}`,
    );
  });
  after(async () => {
    await bench.close();
    await site.close();
    await evil.close();
    udp.close();
  });

  const inHand = async (
    meet: (window: AssistedWindow, told: PersonRefusal[]) => Promise<void>,
    limitMs = 90_000,
  ): Promise<AssistedEnd['how'] | undefined> => {
    const address = `http://site.example/?udp=${udp.address().port}`;
    const target = bareTarget({ id: 'hostile', platform: 'stub', address, practice: false });
    await bench.monitor.store.saveTargets([target]);
    const runner = new Runner({ ...bench.monitor.parts, probes: new Map([['stub', STUB_CAPTCHA]]) });
    let how: AssistedEnd['how'] | undefined;
    const result = await runner.check({
      target,
      mode: 'assisted',
      design: 'opportunistic',
      assisted: {
        limitMs,
        size: 'narrow',
        meet: async (window) => {
          const told: PersonRefusal[] = [];
          const quiet = (): void => undefined;
          await window.show({ picture: quiet, captcha: quiet, sound: quiet, refused: (why) => void told.push(why) });
          await meet(window, told);
        },
        onEnd: (end) => {
          ({ how } = end);
        },
      },
    });
    assert.ok(result.kind === 'checked');
    assert.equal(result.check.errorCode, null, result.check.reading.message);
    return how;
  };
  const tap = (y: number): PersonInput => ({ kind: 'tap', x: 200, y });
  const isAlive = async (window: AssistedWindow): Promise<boolean> => {
    const mark = site.asked.length;
    await window.act(tap(ROW / 2));
    for (let tries = 0; tries < 40 && !site.pathsSince(mark).some((path) => path.startsWith('/alive')); tries += 1)
      await sleep(50);
    return site.pathsSince(mark).some((path) => path.startsWith('/alive'));
  };

  test('stays where it is whatever it tries, and the person is told', async () => {
    const found: [string, PersonRefusal | null, boolean][] = [];
    await inHand(async (window, told) => {
      for (const [at, [name, , expected]] of TRIES.entries()) {
        told.length = 0;
        await window.act(tap(ROW * (at + 1) + ROW / 2));
        for (let tries = 0; tries < (expected === null ? 5 : 40) && told.length === 0; tries += 1) await sleep(50);
        const [first = null] = told;
        found.push([name, first, await isAlive(window)]);
      }
    });
    assert.deepEqual(
      found,
      TRIES.map(([name, , expected]) => [name, expected, true]),
    );
    // Parts of a page may come from other hosts, as pictures and scripts do; no page of theirs was opened.
    assert.deepEqual(
      evil.asked.map(({ method, path }) => `${method} ${path}`),
      ['GET /prefetch'],
    );
    assert.deepEqual(site.writes(), []);
    assert.deepEqual(
      site.asked.map(({ path }) => path).filter((path) => !/^\/(?:\?udp=\d+|alive\?.*|favicon\.ico)$/.test(path)),
      [],
    );
    assert.equal(packets, 0, 'packets past the browser');
  });

  test('that hangs is given back in time, and the browser of the others lives on', async () => {
    const launches = bench.launches();
    const began = Date.now();
    const how = await inHand(async (window) => {
      for (let at = 0; at < 60; at += 1) void window.act(tap(HANG_Y));
      await sleep(4_000);
    });
    assert.equal(how, 'left');
    assert.ok(Date.now() - began < 30_000, `${Date.now() - began} ms`);
    assert.equal(bench.launches(), launches, 'no other browser was needed');
    assert.equal(await inHand((window) => isAlive(window).then((alive) => assert.ok(alive))), 'left');
  });
});

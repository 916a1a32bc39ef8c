import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { isLoopbackHost, isPrivateIp } from '../../src/core/networks.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { requestFilter, type BrowserRequest, type Refusal } from '../../src/run/requests.ts';

const RULES = {
  hosts: [/^www\.site\.example$/],
  posts: [{ path: /^\/step$/, fields: { next: /^yes$/ }, requires: ['next'] }],
  forbidden: [/^\/hold/],
  preflights: [{ host: /^captcha\.example$/, path: /^\/(?:image|hold)$/ }],
};
const CAPTCHA = 'https://captcha.example';
const LEAVE = { method: 'OPTIONS', preflightOf: 'GET' };
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'www.site.example': ['93.184.216.34', '2606:2800:220:1::1'],
  'cdn.example': ['93.184.216.35'],
  'captcha.example': ['93.184.216.36'],
  'inner.example': ['10.1.2.3'],
  'mixed.example': ['93.184.216.34', '127.0.0.1'],
  'mapped.example': ['::ffff:192.168.1.1'],
  'local6.example': ['fd00::1'],
};
const resolve = (name: string): Promise<readonly string[]> => {
  const found = ADDRESSES[name];
  return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found);
};

const PLAIN = {
  method: 'GET',
  body: null,
  isMainFrameDocument: false,
  preflightOf: null,
  isPersonsAct: false,
} as const;

function ask(change: Partial<BrowserRequest> & { url: string }, practice = false): Promise<Refusal | null> {
  const filter = requestFilter(RULES, { practice, addresses: new AddressBook(resolve) });
  return filter({ ...PLAIN, ...change });
}

describe('the request filter', () => {
  const site = 'https://www.site.example';
  for (const [name, request, kind] of [
    ['a page of the platform', { url: `${site}/`, isMainFrameDocument: true }, null],
    ['its head only', { url: `${site}/`, method: 'HEAD' }, null],
    ['a script of another host', { url: 'https://cdn.example/a.js' }, null],
    ['a frame of another host', { url: 'https://cdn.example/' }, null],
    ['a page of another host', { url: 'https://cdn.example/', isMainFrameDocument: true }, 'host'],
    ['a host that only ends alike', { url: 'https://xwww.site.example/', isMainFrameDocument: true }, 'host'],
    ['text in the address', { url: 'data:text/html,x' }, null],
    ['a blob', { url: `blob:${site}/1` }, null],
    ['an empty frame', { url: 'about:blank' }, null],
    ['a file', { url: 'file:///etc/passwd' }, 'scheme'],
    ['a file transfer', { url: 'ftp://www.site.example/' }, 'scheme'],
    ['the browser itself', { url: 'chrome://version', isMainFrameDocument: true }, 'scheme'],
    ['a form', { url: `${site}/form`, method: 'POST' }, 'method'],
    ['a declared step', { url: `${site}/step`, method: 'POST', body: 'next=yes' }, null],
    ['a declared step with one field more', { url: `${site}/step`, method: 'POST', body: 'next=yes&nom=x' }, 'step'],
    ['a declared step with a field twice', { url: `${site}/step`, method: 'POST', body: 'next=yes&next=yes' }, 'step'],
    [
      'a declared step with a field in its address',
      { url: `${site}/step?nom=x`, method: 'POST', body: 'next=yes' },
      'step',
    ],
    ['a declared step without its field', { url: `${site}/step`, method: 'POST', body: '' }, 'step'],
    ['a declared step with another form', { url: `${site}/step`, method: 'POST', body: 'next=no' }, 'step'],
    ['a declared step with an unreadable form', { url: `${site}/step`, method: 'POST' }, 'step'],
    ['a declared step by another method', { url: `${site}/step`, method: 'PUT', body: 'next=yes' }, 'method'],
    ['an asked question', { url: `${site}/`, method: 'OPTIONS' }, 'method'],
    ['leave to read where it is declared', { url: `${CAPTCHA}/image`, ...LEAVE }, null],
    ['leave to read its head', { url: `${CAPTCHA}/image`, ...LEAVE, preflightOf: 'HEAD' }, null],
    ['leave to write there', { url: `${CAPTCHA}/image`, ...LEAVE, preflightOf: 'POST' }, 'method'],
    ['a question that is none for leave', { url: `${CAPTCHA}/image`, method: 'OPTIONS' }, 'method'],
    ['leave for another path', { url: `${CAPTCHA}/other`, ...LEAVE }, 'method'],
    ['leave of a host that only ends alike', { url: 'https://xcaptcha.example/image', ...LEAVE }, 'method'],
    ['leave of the platform itself', { url: `${site}/image`, ...LEAVE }, 'method'],
    ['leave where nothing is ever asked for', { url: `${CAPTCHA}/hold`, ...LEAVE }, 'forbidden'],
    ['a write that says it asks for leave', { url: `${CAPTCHA}/image`, method: 'POST', preflightOf: 'GET' }, 'method'],
    ['a deletion', { url: `${site}/`, method: 'DELETE' }, 'method'],
    ['a path that holds', { url: `${site}/hold/1` }, 'forbidden'],
    ['a path that holds, as a picture', { url: `${site}/hold/1.png` }, 'forbidden'],
    ['loopback by number', { url: 'http://127.0.0.1:8080/' }, 'address'],
    ['loopback by a short number', { url: 'http://127.1/' }, 'address'],
    ['loopback as one number', { url: 'http://2130706433/' }, 'address'],
    ['loopback in hexadecimal', { url: 'http://0x7f000001/' }, 'address'],
    ['loopback in octal', { url: 'http://0177.0.0.1/' }, 'address'],
    ['loopback by name', { url: 'http://localhost/' }, 'address'],
    ['loopback by a name below it', { url: 'http://a.localhost/' }, 'address'],
    ['loopback of the new protocol', { url: 'http://[::1]/' }, 'address'],
    ['loopback mapped', { url: 'http://[::ffff:127.0.0.1]/' }, 'address'],
    ['the unspecified address', { url: 'http://0.0.0.0/' }, 'address'],
    ['the unspecified address, new', { url: 'http://[::]/' }, 'address'],
    ['a home network', { url: 'http://192.168.1.1/' }, 'address'],
    ["a cloud's own data", { url: 'http://169.254.169.254/latest/meta-data' }, 'address'],
    ['a link-local address', { url: 'http://[fe80::1]/' }, 'address'],
    ['a name that leads inside', { url: 'https://inner.example/' }, 'address'],
    ['a name that leads both ways', { url: 'https://mixed.example/' }, 'address'],
    ['a name that leads to a mapped address', { url: 'https://mapped.example/' }, 'address'],
    ['a name that leads to a unique local address', { url: 'https://local6.example/' }, 'address'],
    ['a name that leads nowhere', { url: 'https://nowhere.example/' }, null],
    ['a public number', { url: 'http://93.184.216.34/' }, null],
  ] as const) {
    test(`live, ${name} is ${kind === null ? 'let through' : `refused as ${kind}`}`, async () => {
      const url = URL.canParse(request.url) ? new URL(request.url).href : request.url;
      assert.equal((await ask({ ...request, url }))?.kind ?? null, kind);
    });
  }

  for (const [url, kind] of [
    ['http://127.0.0.1:1234/', null],
    ['http://localhost:1234/', null],
    ['http://[::1]:1234/', null],
    ['https://www.site.example/', 'address'],
    ['http://10.0.0.1/', 'address'],
    ['http://93.184.216.34/', 'address'],
    ['http://localhost.example/', 'address'],
  ] as const) {
    test(`in practice, ${url} is ${kind ?? 'let through'}`, async () => {
      assert.equal((await ask({ url, isMainFrameDocument: true }, true))?.kind ?? null, kind);
    });
  }

  test('a refusal says why in words', async () => {
    assert.deepEqual(await ask({ url: 'http://127.0.0.1/' }), {
      kind: 'address',
      why: '127.0.0.1 is a loopback, private or link-local address',
    });
  });
});

describe('the address book', () => {
  test('asks for a name once a minute, and again after it', async () => {
    let now = 0;
    let asked = 0;
    const book = new AddressBook(
      () => Promise.resolve([(asked += 1) === 1 ? '93.184.216.34' : '10.0.0.1']),
      () => now,
    );
    assert.equal(await book.isPrivate('a.example'), false);
    now = 59_999;
    assert.equal(await book.isPrivate('a.example'), false);
    assert.equal(asked, 1);
    now = 60_000;
    assert.equal(await book.isPrivate('a.example'), true);
  });

  test('asks nobody about an address that is a number', async () => {
    const book = new AddressBook(() => Promise.reject(new Error('asked')));
    assert.equal(await book.isPrivate('[fe80::1]'), true);
    assert.equal(await book.isPrivate('93.184.216.34'), false);
    assert.equal(await book.isPrivate('localhost'), true);
  });

  for (const [ip, expected] of [
    ['10.255.255.255', true],
    ['11.0.0.0', false],
    ['100.64.0.1', true],
    ['100.128.0.1', false],
    ['172.16.0.1', true],
    ['172.32.0.1', false],
    ['192.0.2.1', false],
    ['224.0.0.1', true],
    ['255.255.255.255', true],
    ['::', true],
    ['::1', true],
    ['fdff::1', true],
    ['2606:2800::1', false],
    ['::ffff:10.0.0.1', true],
    ['::ffff:93.184.216.34', false],
  ] as const) {
    test(`${ip} is ${expected ? 'private' : 'public'}`, () => {
      assert.equal(isPrivateIp(ip), expected);
    });
  }

  test('only 127.0.0.0/8, ::1 and localhost are loopback', () => {
    for (const host of ['127.0.0.1', '127.9.9.9', '[::1]', 'localhost', 'a.localhost']) {
      assert.equal(isLoopbackHost(host), true, host);
    }
    for (const host of ['10.0.0.1', '0.0.0.0', 'localhost.example', 'notlocalhost', '128.0.0.1']) {
      assert.equal(isLoopbackHost(host), false, host);
    }
  });
});

import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

import type { Capture } from '../../src/core/capture.ts';
import type { Reading } from '../../src/core/reading.ts';
import { AddressBook } from '../../src/run/addresses.ts';
import { BrowserControl, type BrowserLine } from '../../src/run/browser-control.ts';
import { Control } from '../../src/run/control.ts';
import { OwnFault } from '../../src/run/own-fault.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { keyHash, ownAuthority, selfSigned, type Certificate } from '../support/certificate.ts';
import { openPage, openWebSite, sendPage, type WebSite } from '../support/web-site.ts';

const LIVE = { practice: false };
const addresses = new AddressBook(() => Promise.resolve(['93.184.216.34']));

interface SecureSite {
  readonly port: number;
  readonly asked: string[];
  close(): void;
}

async function openSecure(certificate: Certificate): Promise<SecureSite> {
  const asked: string[] = [];
  const server: Server = createServer({ ...certificate }, (request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.setHeader('content-type', 'text/html').end(openPage('<img src="/picture.png">'));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const close = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return { port: (server.address() as AddressInfo).port, asked, close };
}

describe('a browser that does not trust what Node trusts', () => {
  const sites: SecureSite[] = [];
  const benches: Bench[] = [];
  const dispatcher = getGlobalDispatcher();
  let own: Awaited<ReturnType<typeof ownAuthority>>;
  let control: SecureSite;
  let site: SecureSite;
  let other: SecureSite;
  before(async () => {
    own = await ownAuthority(['site.example']);
    for (const certificate of [own.site, own.site, await selfSigned()]) sites.push(await openSecure(certificate));
    [control, site, other] = sites as [SecureSite, SecureSite, SecureSite];
    setGlobalDispatcher(new Agent({ connect: { ca: own.ca } }));
  });
  after(async () => {
    setGlobalDispatcher(dispatcher);
    for (const one of sites) one.close();
    await Promise.all(benches.map((bench) => bench.close()));
  });

  const openWith = async (flags: readonly string[]): Promise<Bench> => {
    const rules = `MAP site.example 127.0.0.1:${site.port}, MAP other.example 127.0.0.1:${other.port}`;
    const node = new Control([`https://127.0.0.1:${control.port}/`], 'test');
    const bench = await openBench({ addresses, control: node }, rules, flags);
    benches.push(bench);
    return bench;
  };
  const anyHost = { hosts: [/\.example$/] };

  test('one that trusts no CA is our failure, and no site is said to be unreachable', async () => {
    const bench = await openWith([]);
    const check = await bench.check('https://site.example/', anyHost, LIVE);
    assert.deepEqual(
      [check.reading.outcome, check.errorCode],
      ['monitor_error', 'BROWSER_DISTRUST'],
      check.reading.message,
    );
    assert.match(check.reading.message, /refuses https:\/\/127\.0\.0\.1:\d+\/ too: ERR_CERT_AUTHORITY_INVALID/);
    assert.equal(check.captures[0]?.capture.failure?.kind, 'tls');
  });

  test('a certificate that is bad at one host, while the control host opens, is that host being unreachable', async () => {
    const bench = await openWith([`--ignore-certificate-errors-spki-list=${keyHash(own.site)}`]);
    const check = await bench.check('https://other.example/', anyHost, LIVE);
    assert.deepEqual([check.reading.outcome, check.errorCode], ['unreachable', null], check.reading.message);
    const good = await bench.check('https://site.example/', anyHost, LIVE);
    assert.equal(good.reading.outcome, 'operational', good.reading.message);
  });

  test('a control host is asked for one document and nothing of it', async () => {
    const bench = await openWith([`--ignore-certificate-errors-spki-list=${keyHash(own.site)}`]);
    control.asked.length = 0;
    const line = new BrowserControl(bench.monitor.parts.browser, [`https://127.0.0.1:${control.port}/x`]);
    const wish = { practice: false, needsCertificate: true };
    const [one, two] = await Promise.all([line.ask(wish), line.ask(wish)]);
    assert.deepEqual([one?.kind, two?.kind], ['opens', 'opens']);
    assert.deepEqual(control.asked, ['GET /x']);
    assert.equal(bench.openContexts(), 0);
  });
});

describe('a browser whose own line is cut', () => {
  let bench: Bench;
  let site: WebSite;
  before(async () => {
    site = await openWebSite(({ path }, response) => {
      if (path === '/blank')
        sendPage(response, '<!doctype html><title></title><script src="http://cdn.example/a.js"></script>');
      else sendPage(response, openPage(''));
    });
    bench = await openBench({ addresses }, `MAP site.example 127.0.0.1:${site.port}, MAP * ~NOTFOUND`);
  });
  after(async () => {
    await bench.close();
    await site.close();
  });

  for (const [name, address] of [
    ['a site that it does not reach', 'http://gone.example/'],
    ['a page that stays blank without its scripts', 'http://site.example/blank'],
  ] as const) {
    test(`makes of ${name} a broken line of ours, although Node reaches the control host`, async () => {
      const check = await bench.check(address, { hosts: [/\.example$/] }, LIVE);
      assert.deepEqual(
        [check.reading.outcome, check.reading.rule],
        ['network_down', 'browser-control'],
        check.reading.message,
      );
    });
  }

  test('does not keep a page that came from being read', async () => {
    const check = await bench.check('http://site.example/', {}, LIVE);
    assert.equal(check.reading.outcome, 'operational');
  });
});

describe('the control host in the browser', () => {
  test('is never one outside this machine in practice', async () => {
    let opened = 0;
    const browser = {
      withTab: () => {
        opened += 1;
        return Promise.reject(new Error('not to be asked'));
      },
    };
    const control = new BrowserControl(browser, ['https://www.debian.org/', 'http://192.0.2.1/']);
    for (const needsCertificate of [true, false])
      assert.deepEqual(await control.ask({ practice: true, needsCertificate }), { kind: 'unasked' });
    assert.equal(opened, 0);
  });
});

describe('a certificate that the browser refuses while a control host opens', () => {
  const failing = (error: string): [Reading, Capture] => [
    { outcome: 'unreachable', rule: 'failure-tls', message: error, facets: {} },
    { failure: { kind: 'tls', message: error }, failedRequests: [] } as unknown as Capture,
  ];
  const [DATE, AUTHORITY] = ['net::ERR_CERT_DATE_INVALID', 'net::ERR_CERT_AUTHORITY_INVALID'];
  const opens: BrowserLine = { kind: 'opens', address: 'https://control.example/' };

  /** Outcomes of one host after the other; `null` for a host that opens. */
  async function outcomes(seen: readonly (readonly [string, string | null, number?])[]): Promise<string[]> {
    let now = 0;
    const control = { isNetworkUp: () => Promise.resolve(true) };
    const fault = new OwnFault(control, { ask: () => Promise.resolve(opens) }, () => now);
    const found: string[] = [];
    for (const [host, error, afterMs = 0] of seen) {
      now += afterMs;
      const good: [Reading, undefined] = [{ outcome: 'operational', rule: '', message: '', facets: {} }, undefined];
      const [reading, capture] = error === null ? good : failing(error);
      found.push((await fault.judge(reading, capture, { practice: false, host })).reading.outcome);
    }
    return found;
  }

  test('at one owner’s hosts is theirs, however many they are', async () => {
    const hosts = ['a.interieur.gouv.fr', 'sso.b.interieur.gouv.fr', 'c.interieur.gouv.fr'];
    assert.deepEqual(new Set(await outcomes(hosts.map((host) => [host, DATE]))), new Set(['unreachable']));
  });

  test('for the same reason at hosts of several owners is our own', async () => {
    const seen = [
      ['a.interieur.gouv.fr', AUTHORITY],
      ['www.b.gouv.fr', AUTHORITY],
      ['rdv.example.fr', AUTHORITY],
    ] as const;
    assert.deepEqual(await outcomes(seen), ['unreachable', 'monitor_error', 'monitor_error']);
  });

  test('for another reason, or long ago, or at a host that opens again, is no such sign', async () => {
    assert.deepEqual(
      await outcomes([
        ['a.fr', AUTHORITY],
        ['b.fr', DATE],
      ]),
      ['unreachable', 'unreachable'],
    );
    assert.deepEqual(
      await outcomes([
        ['a.fr', DATE],
        ['b.fr', DATE, 3_600_000],
      ]),
      ['unreachable', 'unreachable'],
    );
    assert.deepEqual(
      await outcomes([
        ['a.fr', DATE],
        ['a.fr', null],
        ['b.fr', DATE],
      ]),
      ['unreachable', 'operational', 'unreachable'],
    );
  });
});

import assert from 'node:assert/strict';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { Agent, getGlobalDispatcher, setGlobalDispatcher } from 'undici';

import { bareTarget } from '../../src/core/target.ts';
import { BrowserControl } from '../../src/run/browser-control.ts';
import { Control } from '../../src/run/control.ts';
import { browserLineFinding, hostFindings, lineFindings } from '../../src/run/findings.ts';
import { openBench, type Bench } from '../support/bench.ts';
import { keyHash, ownAuthority } from '../support/certificate.ts';

describe('what `doctor` says of a CA that one of the two does not know', () => {
  let bench: Bench;
  let own: Awaited<ReturnType<typeof ownAuthority>>;
  let address = '';
  let close = (): void => undefined;
  const dispatcher = getGlobalDispatcher();
  before(async () => {
    own = await ownAuthority();
    const server = createServer({ ...own.site }, (_request, response) => response.end('ok'));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    close = () => {
      server.closeAllConnections();
      server.close();
    };
    bench = await openBench();
  });
  after(async () => {
    setGlobalDispatcher(dispatcher);
    await bench.close();
    close();
  });

  test('Node does not: the certificate is named as the trouble, and the setting that helps', async () => {
    const [network, clock] = await lineFindings(new Control([address], 'test'));
    assert.equal(network?.ok, false);
    assert.match(network.detail, /Node trusts the certificate of no control host: UNABLE_TO_VERIFY_LEAF_SIGNATURE/);
    assert.match(network.next, /NODE_EXTRA_CA_CERTS.*docs\/deploy\.md/);
    assert.equal(clock?.ok, false);
  });

  test('Node does: network and clock are good, and the browser is told apart', async () => {
    setGlobalDispatcher(new Agent({ connect: { ca: own.ca } }));
    const found = await lineFindings(new Control([address], 'test'));
    assert.deepEqual(
      found.map(({ name, ok }) => [name, ok]),
      [
        ['network', true],
        ['clock', true],
      ],
    );
    const line = await browserLineFinding(new BrowserControl(bench.monitor.parts.browser, [address]), false);
    assert.equal(line.ok, false);
    assert.match(line.detail, /the browser does not trust the certificate of https:.*ERR_CERT_AUTHORITY_INVALID/);
    assert.match(line.next, /monitor_error; .*docs\/deploy\.md/);
  });

  test('both do: all is good', async () => {
    const trusting = await openBench({}, 'MAP x.example x.example', [
      `--ignore-certificate-errors-spki-list=${keyHash(own.site)}`,
    ]);
    try {
      const control = new BrowserControl(trusting.monitor.parts.browser, [address]);
      const { ok, detail } = await browserLineFinding(control, false);
      assert.deepEqual([ok, detail], [true, `opens ${address}`]);
    } finally {
      await trusting.close();
    }
  });

  test('a control host without a certificate does not tell', async () => {
    const opens = { ask: () => Promise.resolve({ kind: 'opens', address: 'http://control.example/' } as const) };
    const found = await Promise.all([browserLineFinding(opens, false), browserLineFinding(opens, true)]);
    assert.deepEqual(
      found.map(({ ok }) => ok),
      [false, true],
    );
  });

  test('a browser that reaches nothing is told with what it met', async () => {
    const line = await browserLineFinding(
      new BrowserControl(bench.monitor.parts.browser, ['http://127.0.0.1:1/']),
      true,
    );
    assert.equal(line.ok, false);
    assert.match(line.detail, /does not reach http:\/\/127\.0\.0\.1:1\/: ERR_/);
  });
});

describe('what `doctor` says of the watched hosts', () => {
  const targets = ['good', 'gone', 'inner', 'shut', 'mute'].map((name) =>
    bareTarget({ id: name, platform: 'stub', address: `https://${name}.example/page`, practice: false }),
  );

  test('each is looked up, and its robots.txt asked for once it has an address', async () => {
    const asked: string[] = [];
    const robots = {
      ask: (address: string) => {
        asked.push(new URL(address).hostname);
        if (address.includes('shut')) return Promise.resolve('disallowed' as const);
        return Promise.resolve(address.includes('mute') ? ('unreadable' as const) : ('allowed' as const));
      },
    };
    const resolve = (name: string): Promise<readonly string[]> => {
      if (name === 'gone.example') return Promise.reject(new Error('ENOTFOUND'));
      return Promise.resolve([name === 'inner.example' ? '10.0.0.1' : '93.184.216.34']);
    };
    const found = await hostFindings(targets, robots, resolve);
    assert.deepEqual(
      found.map(({ name, ok, detail }) => `${ok} ${name}: ${detail}`),
      [
        'false host gone.example: has no address in DNS',
        'false host inner.example: leads to an address of this network',
        'false robots shut.example: robots.txt disallows the page of shut',
        'false robots mute.example: robots.txt could not be read for 7 days',
      ],
    );
    assert.deepEqual(asked, ['good.example', 'shut.example', 'mute.example']);
    const [all] = await hostFindings(targets.slice(0, 1), robots, resolve);
    assert.deepEqual([all?.ok, all?.name], [true, 'hosts']);
  });
});

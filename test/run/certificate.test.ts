import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { chromium } from 'playwright';

import { Tab } from '../../src/run/browser/tab.ts';
import { openStore } from '../../src/store/open.ts';
import { selfSigned } from '../support/certificate.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

test('until when the certificate of a page is valid is told by the browser, and kept by host', async () => {
  const { key, cert } = await selfSigned();
  const server = createServer({ key, cert }, (_request, response) => response.end('<title>secure</title>'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = `https://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const browser = await chromium.launch({
    executablePath: process.env['GUETTEUR_BROWSER'] ?? '/usr/bin/chromium-headless-shell',
    args: ['--no-sandbox'],
  });
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  try {
    // The monitor's own browser refuses a certificate that nobody vouches for; here that is not the question.
    const context = await browser.newContext({ ignoreHTTPSErrors: true });
    const tab = await Tab.open(context, { filter: () => Promise.resolve(null), withinMs: 10_000 });
    tab.begin(true);
    await tab.goto(address, 10_000);
    await tab.loaded(10_000);
    const { certificateUntil } = await tab.navigation();
    const validTo = Date.parse(new X509Certificate(cert).validTo);
    assert.equal(certificateUntil, validTo);
    await store.saveTargets([targetNamed('a')]);
    const capture = { step: 'x', observedAt: START, finalUrl: address, certificateUntil };
    const kept = { capture, evidence: null } as unknown as ReturnType<typeof checkOf>['captures'][number];
    await store.record(checkOf('a', START, 'no_slots', { captures: [kept] }), {});
    assert.deepEqual(await store.certificates(), [{ host: new URL(address).host, validUntil: validTo }]);
  } finally {
    await browser.close();
    await store.end();
    await folder.remove();
    server.close();
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Blobs } from '../../src/evidence/blobs.ts';
import { openStore } from '../../src/store/open.ts';
import { webApp } from '../../src/web/server.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

test('the pages of the operator stand below one prefix, and old addresses lead there', async (t) => {
  const folder = await temporaryFolder();
  const store = await openStore(folder.path);
  t.after(async () => {
    await store.end();
    await folder.remove();
  });
  const target = targetNamed('bobigny');
  await store.saveTargets([target]);
  await store.record(checkOf('bobigny', START), {});
  const app = webApp({
    store,
    blobs: new Blobs(folder.path),
    targets: new Map([[target.id, target]]),
    metrics: { contentType: 'text/plain', expose: () => Promise.resolve('') },
    publicPages: [],
    hook: { token: undefined, tell: () => Promise.resolve(0) },
    access: { token: undefined, listensOn: '127.0.0.1', hosts: [], publicUrl: null },
    onFailure: () => undefined,
    practice: true,
    readyWithinMs: 1_000,
    metricsToken: undefined,
    now: () => START,
  });
  const shown = async (path: string): Promise<string> => {
    const answer = await app.request(path);
    return `${answer.status} ${answer.headers.get('location') ?? ''}`.trim();
  };
  assert.match(await (await app.request('/operator/')).text(), /bobigny<br/);
  for (const path of ['/operator/review', '/operator/alerts', '/operator/style.css']) {
    const answer = await app.request(path);
    assert.equal(answer.status, 200, path);
    assert.match(answer.headers.get('content-security-policy') ?? '', /^default-src 'none';/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const links = [...(await answer.text()).matchAll(/(?:href|src)="(\/[^"]*)"/g)].map(([, link = '']) => link);
    for (const link of links) assert.match(link, /^\/operator\//, path);
  }
  assert.equal(await shown('/operator'), '301 /operator/');
  assert.equal(await shown('/review'), '301 /operator/review');
  assert.equal(await shown('/alerts'), '301 /operator/alerts');
  assert.equal(await shown('/proof/1.png'), '301 /operator/proof/1.png');
  assert.equal(await shown('/operator/proof/1.png'), '404');
  assert.equal(await shown('/operator/nothing'), '404');
});

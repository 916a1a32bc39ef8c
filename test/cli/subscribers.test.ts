import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { canaryNotice } from '../../src/alerts/canary.ts';
import { START } from '../support/checks.ts';
import { openOperator, type Operator } from '../support/operator.ts';

const SECRET = 'shared-with-the-recipient';

interface Listed {
  readonly id: number;
  readonly to?: unknown;
}

let operator: Operator;
beforeEach(async () => {
  operator = await openOperator();
});
afterEach(() => operator.leave());

describe('guetteur subscribers', () => {
  const ODILE = { url: 'https://odile.example/hook', secret: SECRET };
  const PAUL = { url: 'https://paul.example/hook' };

  beforeEach(() =>
    operator.withStore(async (store) => {
      await store.subscribe(operator.subscriptionTo(ODILE, { quiet: { from: '22:00', to: '07:00' } }));
      await store.configureSubscriptions([
        operator.subscriptionTo(PAUL, { source: 'config', departments: [], digestAt: '08:00', kinds: ['operator'] }),
      ]);
    }),
  );

  test('are listed with all but who they are', async () => {
    const found = await operator.said<readonly Listed[]>('subscribers');
    assert.deepEqual(found[0], {
      id: 1,
      channel: 'webhook',
      kinds: ['slots', 'canary'],
      departments: ['93'],
      procedures: [],
      platforms: [],
      language: 'en',
      timeZone: 'Europe/Paris',
      quiet: { from: '22:00', to: '07:00' },
      digestAt: null,
      source: 'self',
      state: 'active',
      createdAt: new Date(START).toISOString(),
      confirmedAt: new Date(START).toISOString(),
    });
    const { out } = await operator.guetteur('subscribers');
    assert.match(out, /^1 +webhook +slots,canary +93 +en +not 22:00-07:00 Europe\/Paris +self +active +2026-11-23T08/m);
    assert.match(out, /^2 +webhook +operator +all +en +daily 08:00 Europe\/Paris +config +active /m);
    const keys = [...new Set(found.flatMap(Object.keys))];
    assert.deepEqual(
      keys.filter((key) => /seal|hash|^to$/i.test(key)),
      [],
    );
    for (const text of [out, JSON.stringify(found)]) assert.doesNotMatch(text, /odile|paul|\/hook/i);
  });

  test('are shown with --reveal only', async () => {
    const found = await operator.said<readonly Listed[]>('subscribers', '--reveal');
    assert.deepEqual(
      found.map(({ to }) => to),
      [ODILE, PAUL],
    );
    assert.match((await operator.guetteur('subscribers', '--reveal')).out, /odile\.example/);
  });

  test('who were sealed with another key are not shown, and the list is', async () => {
    const env = { GUETTEUR_SUBSCRIBERS_KEY: Buffer.alloc(32, 9).toString('base64') };
    const { out, code } = await operator.guetteurWith(env, 'subscribers', '--reveal');
    assert.deepEqual([code, out.match(/sealed with another key/g)?.length], [0, 2]);
  });

  test('a key that is none stops --reveal with 2, and the list alone needs none', async () => {
    const env = { GUETTEUR_SUBSCRIBERS_KEY: 'hunter2' };
    const refused = await operator.guetteurWith(env, 'subscribers', '--reveal');
    assert.equal(refused.code, 2);
    assert.match(refused.err, /^CONFIG_INVALID: GUETTEUR_SUBSCRIBERS_KEY must hold 32 bytes/);
    assert.doesNotMatch(refused.err, /hunter2/);
    assert.equal((await operator.guetteurWith(env, 'subscribers')).code, 0);
  });

  test('removes one who subscribed by themselves, with all that waited for them', async () => {
    await operator.withStore((store) => store.tell([canaryNotice('canary/2026-11-23', START)], START));
    assert.equal((await operator.said<{ counts: readonly unknown[] }>('outbox')).counts.length, 1);
    const { out, code } = await operator.guetteur('subscribers', 'remove', '1');
    assert.deepEqual([code, out], [0, 'subscription 1 is deleted, with all that waited for it\n']);
    assert.deepEqual(
      (await operator.said<readonly Listed[]>('subscribers')).map(({ id }) => id),
      [2],
    );
    assert.deepEqual((await operator.said<{ counts: readonly unknown[] }>('outbox')).counts, []);
    assert.equal((await operator.guetteur('subscribers', 'remove', '1')).code, 2);
  });

  test('does not remove what the next start would make again', async () => {
    const { err, code } = await operator.guetteur('subscribers', 'remove', '2');
    assert.equal(code, 2);
    assert.match(err, /stands in guetteur\.yaml/);
    assert.equal((await operator.said<readonly Listed[]>('subscribers')).length, 2);
  });

  test('refuses what is no number', async () => {
    assert.equal((await operator.guetteur('subscribers', 'remove', 'odile')).code, 2);
  });

  test('the key lies beside the database, and its database holds no address', async () => {
    assert.ok((await readdir(operator.data)).includes('subscribers.key'));
    for (const file of (await readdir(operator.data)).filter((name) => name.startsWith('guetteur.sqlite'))) {
      assert.equal((await readFile(join(operator.data, file))).includes('odile.example'), false, file);
    }
  });
});

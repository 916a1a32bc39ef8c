import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { bareTarget } from '../../src/core/target.ts';
import { checkOf } from '../support/checks.ts';
import { openOperator, type Operator } from '../support/operator.ts';

interface Listed {
  readonly id: number;
  readonly name: string;
  readonly state: string;
  readonly departments: readonly string[];
}

describe('guetteur assist', () => {
  let operator: Operator;
  const door = {
    ...bareTarget({
      id: 'door',
      platform: 'rdv-prefecture',
      address: 'http://127.0.0.1:1/rdvpref/reservation/demarche/4407/',
      practice: true,
    }),
    department: '69',
  };
  before(async () => {
    operator = await openOperator();
    const seen = { platform: door.platform, loads: 1 };
    await operator.withStore(async (store) => {
      await store.saveTargets([door, { ...door, id: 'open' }]);
      await store.record(checkOf('door', Date.now() - 600_000, 'captcha', seen), {});
      await store.record(checkOf('open', Date.now() - 600_000, 'no_slots', seen), {});
    });
  });
  after(() => operator.leave());

  test('invite prints a link once; the list has the person and not the link', async () => {
    const { out, err, code } = await operator.guetteur('assist', 'invite', ' Odile  B. ', '--department', '69');
    assert.equal(code, 0, err);
    assert.match(out, /^http:\/\/127\.0\.0\.1:8640\/assist\/i\/[\w-]{32}\n$/);
    const made = await operator.said<{ id: number; link: string; expiresAt: string }>(
      'assist',
      'invite',
      'Paul',
      '--days',
      '2',
    );
    assert.ok(Math.abs(Date.parse(made.expiresAt) - Date.now() - 2 * 86_400_000) < 60_000);
    const listed = await operator.said<readonly Listed[]>('assist', 'list');
    assert.deepEqual(
      listed.map(({ name, state, departments }) => [name, state, departments]),
      [
        ['Odile B.', 'valid', ['69']],
        ['Paul', 'valid', []],
      ],
    );
    assert.ok(!JSON.stringify(listed).includes(made.link.split('/').at(-1) ?? ''));
  });

  test('revoke ends one, once', async () => {
    const made = await operator.said<{ id: number }>('assist', 'invite', 'Revoked');
    assert.match((await operator.guetteur('assist', 'revoke', String(made.id))).out, /is revoked/);
    const again = await operator.guetteur('assist', 'revoke', String(made.id));
    assert.deepEqual([again.code, /USAGE: no invitation/.test(again.err)], [2, true]);
    assert.match((await operator.guetteur('assist')).out, /Revoked +revoked/);
  });

  test('says what is wrong with a call, exit code 2', async () => {
    for (const [args, said] of [
      [['--days', '0'], /--days 0: write a number from 1 to 365/],
      [['--target', 'nowhere'], /no target has this id/],
    ] as const) {
      const { code, err } = await operator.guetteur('assist', 'invite', 'X', ...args);
      assert.equal(code, 2);
      assert.match(err, said);
    }
  });

  test('queue names what stands behind a captcha, and nothing else', async () => {
    const rows = await operator.said<readonly { target: string; reasons: readonly string[] }[]>('assist', 'queue');
    assert.deepEqual(
      rows.map(({ target }) => target),
      ['door'],
    );
    assert.ok(rows[0]?.reasons.includes('never'));
  });

  test('readings and agreement are empty at first, and say so', async () => {
    assert.deepEqual(await operator.said('assist', 'agreement'), {
      pairs: 0,
      agreeing: 0,
      share: null,
      disagreements: [],
    });
    assert.match((await operator.guetteur('assist', 'readings')).err, /no check had a person in it/);
  });
});

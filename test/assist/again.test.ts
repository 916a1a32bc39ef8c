import assert from 'node:assert/strict';
import { describe, test } from 'node:test';

import { Again } from '../../src/assist/again.ts';
import { targetNamed } from '../support/checks.ts';

const PASS = { address: 'http://127.0.0.1:1/', cookies: [] };
const MINUTE = 60_000;

async function readings(
  rules: { times: number; everyMs: number },
  isGood: (count: number) => boolean,
  minutes: number,
) {
  const at: number[] = [];
  let now = 0;
  const again = new Again(rules, () => {
    at.push(now / MINUTE);
    return Promise.resolve(isGood(at.length));
  });
  again.begin(targetNamed('t'), PASS, 0);
  for (now = 0; now <= minutes * MINUTE; now += MINUTE) await again.tick(now);
  return at;
}

describe('reading again after a person passed the captcha', () => {
  test('is off unless it is turned on', async () => {
    assert.deepEqual(await readings({ times: 0, everyMs: 600_000 }, () => true, 120), []);
  });

  test('happens so many times, so far apart', async () => {
    assert.deepEqual(await readings({ times: 3, everyMs: 15 * MINUTE }, () => true, 120), [15, 30, 45]);
  });

  test('never more than six times nor within ten minutes, whatever is asked for', async () => {
    assert.deepEqual(await readings({ times: 99, everyMs: 1 }, () => true, 180), [10, 20, 30, 40, 50, 60]);
  });

  test('ends when the page no longer shows its slots', async () => {
    assert.deepEqual(await readings({ times: 6, everyMs: 10 * MINUTE }, (count) => count < 2, 120), [10, 20]);
  });
});

import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import type { Check } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Target } from '../../src/core/target.ts';
import { followUps } from '../../src/decide/follow.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

/** What reaches a subscriber when the targets of a service fail: one message for one event, however many targets show it. */

const MINUTE = 60_000;
const HOME = 'https://administration-etrangers-en-france.interieur.gouv.fr/';
const SIGN_IN = 'https://sso.anef.dgef.interieur.gouv.fr/auth/';

function service(id: string, address: string, change: Partial<Target> = {}): Target {
  return { ...targetNamed(id), platform: 'anef', address, procedure: 'service', ...change };
}

const TARGETS = [
  service('home', HOME),
  service('sign-in', SIGN_IN),
  service('help', `${HOME}aide`),
  service('elsewhere', 'https://www.autre-service.fr/'),
  service('of-93', HOME, { department: '93' }),
  { ...targetNamed('witness'), control: true },
  targetNamed('slots'),
];

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets(TARGETS);
  const kinds = ['slots', 'better', 'gone', 'outage', 'recovered'] as const;
  await store.configureSubscriptions([subscriptionOf('odile', { kinds })]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const decide = followUps({
  targets: new Map(TARGETS.map((target) => [target.id, target])),
  isService: (platform) => platform === 'anef',
});

async function record(target: string, minute: number, outcome: Outcome, change: Partial<Check> = {}): Promise<void> {
  const platform = TARGETS.find(({ id }) => id === target)?.platform ?? 'anef';
  await store.record(checkOf(target, START + minute * MINUTE, outcome, { platform, ...change }), { decide });
}

/** Every message that left, in order, as `kind place`; each claimed when its minute had passed. */
async function messages(): Promise<string[]> {
  const told: string[] = [];
  for (let hour = 0; hour < 24; hour += 1) {
    const now = START + (24 * 60 * 30 + hour * 60) * MINUTE;
    const claimed = await store.claim({ now, owner: 'test', leaseMs: 1_000, allowances: new Map([['sink', 100]]) });
    for (const { id, notices } of claimed) {
      told.push(notices.map(({ kind, place }) => `${kind} ${place?.id ?? ''}`).join(', '));
      await store.endMessage(id, { result: 'sent', now });
    }
  }
  return told.flatMap((line) => line.split(', '));
}

describe('a service whose targets fail together', () => {
  test('is told once when it fails and once when all of it works again, though its doors stand on two hosts', async () => {
    for (const target of ['home', 'sign-in', 'help']) await record(target, 0, 'operational');
    for (const round of [10, 40])
      for (const [at, target] of ['home', 'sign-in', 'help'].entries()) await record(target, round + at, 'error');
    await record('help', 70, 'operational');
    await record('home', 75, 'operational');
    assert.deepEqual(await messages(), ['outage home']);
    await record('sign-in', 80, 'operational');
    assert.deepEqual(await messages(), ['recovered home']);
  });

  test('has a message of its own for what fails later, on another site, or for other people', async () => {
    for (const minute of [0, 30]) await record('home', minute, 'error');
    for (const minute of [5, 35]) await record('elsewhere', minute, 'error');
    for (const minute of [6, 36]) await record('of-93', minute, 'error');
    for (const minute of [200, 230]) await record('help', minute, 'error');
    assert.deepEqual((await messages()).toSorted(), ['outage elsewhere', 'outage help', 'outage home', 'outage of-93']);
    await record('home', 240, 'operational');
    assert.deepEqual(await messages(), ['recovered home']);
    await record('help', 250, 'operational');
    assert.deepEqual(await messages(), ['recovered help']);
  });

  test('is told anew when it fails again after it was said to work', async () => {
    for (const minute of [0, 10]) await record('home', minute, 'error');
    await record('home', 12, 'operational');
    for (const minute of [14, 20]) await record('sign-in', minute, 'error');
    await record('sign-in', 25, 'operational');
    assert.deepEqual(await messages(), ['outage home', 'recovered home', 'outage sign-in', 'recovered sign-in']);
  });

  test('is not said to work again because a target was lost from sight', async () => {
    for (const minute of [0, 10]) await record('home', minute, 'error');
    for (const minute of [24 * 60 * 3, 24 * 60 * 3 + 10]) await record('home', minute, 'error');
    await record('home', 24 * 60 * 3 + 20, 'operational');
    assert.deepEqual(await messages(), ['outage home', 'outage home', 'recovered home']);
  });
});

describe('what is not believed', () => {
  test('a control, by plan or by hand, is told to nobody', async () => {
    await record('witness', 0, 'slots', { mode: 'control' });
    await record('witness', 30, 'slots');
    await record('witness', 60, 'no_slots', { mode: 'control' });
    assert.deepEqual(await messages(), []);
  });

  test('a clock that is not trusted opens nothing, and a soft block ends nothing', async () => {
    await record('slots', 0, 'clock_untrusted');
    assert.deepEqual(await messages(), []);
    await record('slots', 5, 'slots');
    assert.deepEqual(await messages(), ['slots slots']);
    const block = { host: '127.0.0.1:1', fromAt: START + 6 * MINUTE, toAt: null, reason: 'r', markedBy: 'Odile' };
    await store.markSoftBlock(block, START + 7 * MINUTE);
    await record('slots', 10, 'no_slots');
    assert.deepEqual(await messages(), []);
  });
});

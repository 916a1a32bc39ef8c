import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';

import { remindersDue } from '../../src/assist/reminders.ts';
import type { HelpFacts } from '../../src/core/invitation.ts';
import { followUps } from '../../src/decide/follow.ts';
import type { NewSubscription, Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

const MINUTE = 60_000;
/** Two windows long: one is always open. */
const instants = { seed: 's', intervalMs: HOUR, windowMs: 2 * HOUR };
const target = { ...targetNamed('bobigny'), department: '93' };
const targets = new Map([[target.id, target]]);
const facts: HelpFacts = { targetId: target.id, lastAutomatic: 'captcha', lastVisitAt: 0, seenAt: [], answeredAt: [] };

describe('reminders', () => {
  test('name the target and the instant, and end with its window', () => {
    const [notice, other] = remindersDue([facts], targets, { instants, now: START });
    assert.equal(other, undefined);
    assert.ok(notice !== undefined && notice.at <= START && (notice.until ?? 0) > START);
    assert.deepEqual([notice.kind, notice.key, notice.place?.id], ['due', `due/bobigny/${notice.at}`, 'bobigny']);
    assert.deepEqual(remindersDue([facts], targets, { instants, now: START + 1 })[0]?.key, notice.key, 'told once');
  });

  test('are none for a target that shows its slots, nor for an instant that was answered', () => {
    assert.deepEqual(remindersDue([{ ...facts, lastAutomatic: 'no_slots' }], targets, { instants, now: START }), []);
    const narrow = { ...instants, windowMs: HOUR };
    const open = remindersDue([facts], targets, { instants: narrow, now: START });
    const answered = { ...facts, answeredAt: open.map(({ at }) => at) };
    assert.deepEqual(remindersDue([answered], targets, { instants: narrow, now: START }), []);
  });
});

describe('reminders in the outbox', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let store: Store;
  before(async () => {
    folder = await temporaryFolder();
    store = await openStore(folder.path);
    await store.saveTargets([target]);
    await store.subscribe(subscriber('now', null));
    // START is nine in Paris.
    await store.subscribe(subscriber('asleep', { from: '22:00', to: '11:00' }));
    await store.subscribe({ ...subscriber('elsewhere', null), departments: ['75'] });
  });
  after(async () => {
    await store.end();
    await folder.remove();
  });

  test('reach who asked for the department at once, wait for quiet hours, and are dropped when their time is over', async () => {
    const notice = remindersDue([facts], targets, { instants, now: START })[0]!;
    const until = START + 45 * MINUTE;
    assert.equal(await store.tell([{ ...notice, until }], START), 2);
    assert.equal(await store.tell([{ ...notice, until }], START + MINUTE), 0, 'the same instant is told once');
    const claim = async (now: number) => {
      const messages = await store.claim({
        now,
        owner: 'test',
        leaseMs: MINUTE,
        allowances: new Map([['webhook', 10]]),
      });
      for (const { id } of messages) await store.endMessage(id, { result: 'sent', now });
      return messages.map(({ subscription }) => subscription.toHash.toString());
    };
    assert.deepEqual(await claim(START + 5_000), ['now']);
    // The quiet hours end after the window has closed.
    assert.deepEqual(await claim(START + 3 * HOUR), []);
    assert.ok((await store.deliveryCounts()).some(({ kind, result }) => kind === 'due' && result === 'expired'));
  });

  test('slots seen with a person’s help say so in the notice that is sent', async () => {
    const decide = followUps({ targets });
    await store.record(checkOf(target.id, START + 5 * HOUR, 'slots', { mode: 'assisted', design: 'uniform' }), {
      decide,
    });
    const messages = await store.claim({
      now: START + 5 * HOUR + 5_000,
      owner: 'test',
      leaseMs: MINUTE,
      allowances: new Map([['webhook', 10]]),
    });
    const slots = messages.flatMap(({ notices }) => notices).find(({ kind }) => kind === 'slots');
    assert.equal(slots?.seenBy, 'person');
  });
});

function subscriber(name: string, quiet: NewSubscription['quiet']): NewSubscription {
  return {
    channel: 'webhook',
    kinds: ['due', 'slots'],
    departments: ['93'],
    procedures: [],
    platforms: [],
    language: 'fr',
    timeZone: 'Europe/Paris',
    quiet,
    digestAt: null,
    sealedTo: Buffer.from(name),
    toHash: Buffer.from(name),
    source: 'self',
    state: 'active',
    createdAt: START,
  };
}

import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';

import type { Check } from '../../src/core/check.ts';
import type { Outcome } from '../../src/core/outcome.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';

/** What a page for people who help asks of the store. */

const help = { kind: 'reading', invitationId: null, plannedAt: null, pairedCheckId: null, picture: null } as const;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), targetNamed('b')]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

const at = (instant: string): number => Date.parse(instant);
const record = (id: string, instant: string, outcome: Outcome, change: Partial<Check> = {}): Promise<number> =>
  store.record(checkOf(id, at(instant), outcome, change), change.mode === 'assisted' ? { help } : {});

test('what was seen behind a gate is known to the instant, about midnight and changes of the clock too, and from a time on', async () => {
  const assisted = { mode: 'assisted', design: 'opportunistic' } as const;
  const seen = [
    '2026-10-20T10:00:00Z',
    '2026-10-20T15:00:00Z',
    '2026-10-20T21:59:59.800Z',
    '2026-10-24T22:30:00Z',
    '2026-10-25T00:30:00Z',
    '2026-10-25T22:59:59.900Z',
    '2026-11-02T23:30:00Z',
  ];
  for (const instant of seen) await record('a', instant, 'no_slots', assisted);
  await record('a', '2026-10-21T10:00:00Z', 'captcha');
  await record('a', '2026-11-01T10:00:00Z', 'slots', { mode: 'reported', design: 'opportunistic' });
  await record('a', '2026-11-01T11:00:00Z', 'no_slots');
  await record('a', '2026-11-03T10:00:00Z', 'captcha');
  const facts = await store.helpFacts(at('2026-10-20T12:00:00Z'));
  assert.deepEqual(
    facts.find(({ targetId }) => targetId === 'a'),
    {
      targetId: 'a',
      lastAutomatic: 'captcha',
      lastVisitAt: at('2026-11-03T10:00:00Z') + 1_000,
      // Captured half a second after its start.
      seenAt: [...seen.slice(1, 6), '2026-11-01T11:00:00Z', ...seen.slice(6)].map((instant) => at(instant) + 500),
      answeredAt: [],
    },
  );
});

test('where automatic visits see slots themselves, nobody asks for what was seen', async () => {
  await record('b', '2026-11-01T10:00:00Z', 'no_slots');
  const facts = await store.helpFacts(0);
  assert.deepEqual(
    facts.map(({ targetId, lastAutomatic, seenAt }) => [targetId, lastAutomatic, seenAt]),
    [
      ['a', null, []],
      ['b', 'no_slots', []],
    ],
  );
});

test('a "no" is offered for a look of their own while it is fresh, once', async () => {
  await record('a', '2026-11-01T10:00:00Z', 'no_slots');
  const fresh = await record('a', '2026-11-01T11:00:00Z', 'no_slots');
  await record('b', '2026-11-01T11:00:00Z', 'slots');
  await record('b', '2026-11-01T11:05:00Z', 'no_slots', { mode: 'confirmation', design: 'opportunistic' });
  const since = at('2026-11-01T10:40:00Z');
  assert.deepEqual(await store.spotCandidates(since), [
    { checkId: fresh, targetId: 'a', observedAt: at('2026-11-01T11:00:00Z') + 500 },
  ]);
  const word = checkOf('a', at('2026-11-01T11:10:00Z'), 'slots', { mode: 'reported', design: 'opportunistic' });
  await store.record(word, { help: { ...help, kind: 'spot', pairedCheckId: fresh } });
  assert.deepEqual(await store.spotCandidates(since), []);
  assert.deepEqual(
    (await store.agreements()).map(({ automaticId, said, isAgreed }) => [automaticId, said, isAgreed]),
    [[fresh, 'slots', false]],
  );
});

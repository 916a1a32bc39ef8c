import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';

import { noticesOfAlerts, webhookBody, type WebhookBody } from '../../src/alerts/alertmanager-hook.ts';
import type { Episode } from '../../src/core/episode.ts';
import type { Notice } from '../../src/core/notice.ts';
import { followUps } from '../../src/decide/follow.ts';
import { openingNotice } from '../../src/decide/notices.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { alertmanagerHook } from '../../src/web/alertmanager-hook.ts';
import { checkOf, START, targetNamed } from '../support/checks.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

/** What Alertmanager sends, taken into the outbox. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
const targets = new Map([['a', targetNamed('a')]]);

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([...targets.values()]);
  await store.subscribe(subscriptionOf('webhook', { channel: 'webhook', kinds: ['slots', 'operator'] }));
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

type Alert = WebhookBody['alerts'][number];

function alertOf(labels: Record<string, string>, change: Partial<Alert> = {}): Alert {
  return {
    status: 'firing',
    labels,
    annotations: { summary: 'the words' },
    startsAt: '2026-11-23T08:00:00.000Z',
    endsAt: '0001-01-01T00:00:00Z',
    fingerprint: 'f1',
    ...change,
  };
}

const opened = (id: string, opening: Episode): Notice | null => openingNotice(id, opening, { targets });

async function send(
  body: unknown,
  headers: Record<string, string> = { authorization: 'Bearer secret' },
): Promise<Response> {
  const tell = async (found: WebhookBody): Promise<number> => {
    return await store.tell(noticesOfAlerts(found, await store.lasting(), opened), START);
  };
  const app = alertmanagerHook({ token: 'secret', tell });
  return await app.request('/hooks/alertmanager', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

const sent = (...alerts: readonly Alert[]): unknown => ({ version: '4', groupKey: 'x', status: 'firing', alerts });

async function deliveries(response: Response): Promise<unknown> {
  assert.equal(response.status, 200);
  return await response.json();
}

describe("Alertmanager's webhook", () => {
  test('tells the operator of an alert once, and once that it is over', async () => {
    const alert = alertOf({ alertname: 'GuetteurBlind' });
    assert.deepEqual(await deliveries(await send(sent(alert))), { deliveries: 1 });
    assert.deepEqual(await deliveries(await send(sent(alert))), { deliveries: 0 });
    const over = { ...alert, status: 'resolved' as const, endsAt: '2026-11-23T09:00:00.000Z' };
    assert.deepEqual(await deliveries(await send(sent(over))), { deliveries: 1 });
  });

  test('of an opening is the notice that its check made: nobody is told twice', async () => {
    const alert = alertOf({ alertname: 'GuetteurOpening', target: 'a' });
    assert.deepEqual(await deliveries(await send(sent(alert))), { deliveries: 0 }, 'no slots are known');
    const decide = followUps({
      spacingMs: 0,
      targets,
      isService: () => false,
      episodes: { badToOpen: 2, goodToClose: 1 },
    });
    await store.record(checkOf('a', START, 'slots'), { decide });
    assert.equal((await store.outboxCounts())[0]?.count, 1);
    assert.deepEqual(await deliveries(await send(sent(alert))), { deliveries: 0 });
    assert.equal((await store.outboxCounts())[0]?.count, 1);
    const allowances = new Map([['webhook', 1]]);
    const [message] = await store.claim({ now: START + 3_600_000, owner: 'test', leaseMs: 1_000, allowances });
    const body = webhookBody.parse(sent(alert));
    assert.deepEqual(noticesOfAlerts(body, await store.lasting(), opened), message?.notices);
  });

  test('is refused without the token, of another version, and when it is no JSON', async () => {
    assert.equal((await send(sent(), {})).status, 401);
    for (const token of ['other', 'sekret'])
      assert.equal((await send(sent(), { authorization: `Bearer ${token}` })).status, 401);
    assert.equal((await send({ version: '3', alerts: [] })).status, 400);
    assert.equal((await send('{"version": "4"')).status, 400);
    assert.equal((await send(`"${'x'.repeat(1_100_000)}"`)).status, 413);
    const closed = alertmanagerHook({ token: undefined, tell: () => Promise.resolve(0) });
    assert.equal((await closed.request('/hooks/alertmanager', { method: 'POST' })).status, 404);
  });
});

/** No clock and no computation can make the store refuse what happened: every number that is written is whole. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import Database from 'better-sqlite3';

import type { Check } from '../../src/core/check.ts';
import { AppError } from '../../src/core/errors.ts';
import { sightingOf, step } from '../../src/core/episode.ts';
import type { Decide } from '../../src/core/follow-up.ts';
import type { Store } from '../../src/store/contract.ts';
import { openStore } from '../../src/store/open.ts';
import { checkOf, HOUR, planOf, START, targetNamed } from '../support/checks.ts';
import { noticeOf } from '../support/messages.ts';
import { temporaryFolder } from '../support/monitor.ts';
import { subscriptionOf } from '../support/subscriptions.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore(folder.path);
  await store.saveTargets([targetNamed('a'), { ...targetNamed('b'), control: true }]);
});
afterEach(async () => {
  await store.end();
  await folder.remove();
});

/** A clock whose every instant has another fraction. */
let ticks = 0;
function at(afterMs: number): number {
  ticks += 1;
  return START + afterMs + ((ticks * 0.618_034) % 1);
}

function fractional(targetId: string, afterMs: number, change: Partial<Check> = {}): Check {
  const startedAt = at(afterMs);
  const capture = {
    step: 'page',
    observedAt: at(afterMs + 400),
    requestedUrl: 'https://h.example/',
    finalUrl: 'https://h.example/',
    redirects: [],
    status: 200,
    headers: {},
    certificateUntil: at(90 * 24 * HOUR),
    title: '',
    dialogs: [],
    failedRequests: [],
    consoleErrors: [],
    incidents: [],
    truncated: false,
    failure: null,
    durationMs: 12.34,
  };
  return checkOf(targetId, startedAt, 'no_slots', {
    ...{ host: 'h.example', observedAt: at(afterMs + 500), finishedAt: at(afterMs + 1_000), clockOffsetMs: -3.7 },
    ...{ fingerprint: `f${targetId}`, captures: [{ capture, evidence: null }], ...change },
  });
}

const decideAll: Decide = (before, check) => ({
  events: [
    {
      ...{ kind: 'moved', at: check.finishedAt, platform: check.platform, host: check.host },
      ...{ targetId: check.targetId, message: 'm' },
    },
  ],
  softBlock: {
    ...{ host: check.host, fromAt: check.startedAt, toAt: null, reason: 'r', markedBy: 'rule' },
  },
  confirmAt: check.finishedAt + 60_000.3,
  episodes: step(
    before.episodes,
    sightingOf(
      {
        ...{ checkId: 1, at: check.observedAt ?? check.finishedAt, outcome: check.reading.outcome, firstDate: null },
        isBelieved: true,
      },
      [],
    ),
  ),
  notices: [noticeOf({ key: `n ${check.startedAt}`, at: check.startedAt + 0.5 })],
});

/** Every writer of the contract once, each with instants that have a fraction. */
async function writeEverything(): Promise<void> {
  await store.configureSubscriptions([subscriptionOf('odile', { createdAt: at(0) })]);
  const id = await store.subscribe(subscriptionOf('self', { source: 'self', state: 'pending', createdAt: at(0) }));
  await store.activate(id, at(1));
  await store.plan([
    { ...planOf('a', at(0)), plannedAt: at(60_000) },
    { ...planOf('b', at(0)), plannedAt: at(50_000) },
  ]);
  const [due] = await store.due(at(HOUR));
  assert.ok(due !== undefined);
  await store.begin(due.id, at(HOUR));
  const admitted = (): { kind: 'go' } => ({ kind: 'go' });
  const lease = { host: 'h.example', targetId: 'a', owner: 'o', now: at(HOUR), until: at(2 * HOUR), admitted };
  assert.deepEqual(await store.lease(lease), { kind: 'go' });
  assert.deepEqual(await store.lease({ ...lease, host: 'sso.example', isPassing: true }), { kind: 'go' });
  await store.release('sso.example', 'o', at(HOUR));
  await store.release('h.example', 'o', at(HOUR));
  await store.releaseAll('o', at(HOUR));
  const breaker = { level: 1, openUntil: at(HOUR * 3), reason: 'r', faults: 0 };
  const slots = { outcome: 'slots', rule: 'r', message: '', facets: {} } as const;
  await store.record(fractional(due.targetId, HOUR, { reading: slots }), {
    plannedId: due.id,
    breaker,
    decide: decideAll,
  });
  // Not seen for days: the first opening is lost from sight, and this is another.
  await store.record(fractional(due.targetId, 90 * HOUR, { reading: slots }), {
    decide: (before, check) => ({ ...decideAll(before, check), softBlock: null, notices: [] }),
  });
  const unknown = { ...slots, outcome: 'unknown_page' } as const;
  const tokenHash = Buffer.from('t');
  const places = { departments: [], targets: [], language: 'fr', createdAt: at(0), expiresAt: at(9) } as const;
  const invited = await store.invite({ name: 'x', tokenHash, ...places });
  await store.usedInvitation(invited, at(4));
  const help = { kind: 'report', invitationId: invited, plannedAt: at(0), pairedCheckId: 1, picture: null } as const;
  const last = await store.record(fractional('a', 2 * HOUR, { reading: unknown }), { help });
  const found = { ...slots, facets: { distinctDays: 2 } };
  for (const [index, reading] of [undefined, found, found, undefined].entries())
    await store.record(fractional('a', (3 + index) * HOUR, reading === undefined ? {} : { reading }), {});
  await store.record(fractional('b', 3 * HOUR, { withheld: 'an address', errorCode: 'EVIDENCE_FAILED' }), {});
  await store.appendReading({ checkId: last - 1, readerVersion: 2, reading: slots, readAt: at(6 * HOUR) });
  await store.closeDue(at(HOUR * 7), 'late');
  await store.closeBreaker('h.example', at(HOUR));
  await store.saveRobots({ origin: 'https://h.example', body: '', readAt: at(0), triedAt: at(0), failingSince: at(0) });
  const [group] = await store.unrecognised();
  assert.ok(group !== undefined);
  await store.label({ platform: group.platform, group: group.name, outcome: 'moved', by: 'x', at: at(0), note: '' });
  await store.seen(1, 'x', at(HOUR));
  const mark = { host: 'g', fromAt: at(0), toAt: at(1), reason: 'r', markedBy: 'x' };
  await store.markSoftBlock(mark, at(2));
  await store.liftSoftBlock(1, { by: 'x', why: 'y', now: at(3) });
  await store.refold('a');
  await store.rebuildDays('a');
  await store.revokeInvitation(invited, at(5));
  await writeMessages();
  await store.dropPending(at(0));
}

async function writeMessages(): Promise<void> {
  await store.tell([noticeOf({ key: 'told', at: at(0) })], at(0));
  const claim = async (now: number): Promise<number> => {
    const [message] = await store.claim({ now, owner: 'o', leaseMs: 90_000.7, allowances: new Map([['sink', 5.5]]) });
    assert.ok(message !== undefined);
    return message.id;
  };
  await store.postponeMessage(await claim(at(8 * HOUR)), at(9 * HOUR), 'later');
  const id = await claim(at(10 * HOUR));
  await store.endMessage(id, { result: 'dead', now: at(10 * HOUR), error: 'e' });
  await store.reviveMessages(id, at(11 * HOUR));
  await store.endMessage(await claim(at(12 * HOUR)), { result: 'sent', now: at(12 * HOUR) });
}

interface Column {
  readonly table: string;
  readonly column: string;
}

describe('a clock with fractions of a millisecond', () => {
  test('stops no writer, and every integer column of every table was written, with whole numbers', async () => {
    await writeEverything();
    const file = new Database(join(folder.path, 'guetteur.sqlite'), { readonly: true });
    const columns = file
      .prepare(
        `select t.name as "table", c.name as "column" from pragma_table_list t, pragma_table_xinfo(t.name) c
           where t.type = 'table' and t.strict = 1 and c.type = 'INTEGER' and c.hidden = 0`,
      )
      .all() as Column[];
    assert.ok(columns.length > 80, `${columns.length} columns`);
    const types = columns.map(({ table, column }) => {
      const found = file.prepare(`select distinct typeof("${column}") from "${table}" where "${column}" is not null`);
      return [`${table}.${column}`, found.pluck().all().join()] as const;
    });
    file.close();
    assert.deepEqual(
      types.filter(([, type]) => type !== 'integer' && type !== ''),
      [],
    );
    // A column that came later has to be written here too.
    assert.deepEqual(
      types.filter(([, type]) => type === ''),
      [],
    );
  });

  test('gives the store an episode and a standing that begin with the check, not beside it', async () => {
    await store.record(fractional('a', 0), { decide: decideAll });
    const [check] = await store.checks({ limit: 1 });
    const [status] = await store.statuses();
    assert.ok(Number.isInteger(check?.startedAt));
    assert.deepEqual([status?.sinceAt, status?.id], [check?.startedAt, check?.id]);
  });
});

test('what is no number at all is refused, not written as nothing', async () => {
  const isRefused = (error: unknown): boolean => error instanceof AppError && /NaN/.test(error.message);
  await assert.rejects(store.tell([noticeOf({ at: Number.NaN })], START), isRefused);
  await assert.rejects(store.postponeMessage(1, Number.NaN, 'e'), isRefused);
});

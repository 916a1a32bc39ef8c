import { admit, withinFloors } from '../../src/run/politeness.ts';
import { openStore } from '../../src/store/open.ts';
import { checkRecord } from './check-record.ts';

/** A process of its own on a store, told by messages what to do: the store waits for another one's lock without yielding. */
export interface LeaseOrder {
  readonly ask: 'lease' | 'finish';
  readonly targetId: string;
  readonly now: number;
  readonly startedAt: number;
}

const [folder = '', host = '', owner = ''] = process.argv.slice(2);
const store = await openStore(folder);
const rules = withinFloors({ targetSpacingMs: 0, hostSpacingMs: 0, checksPerHostAndHour: Infinity });

async function obey({ ask, targetId, now, startedAt }: LeaseOrder): Promise<string> {
  if (ask === 'finish') {
    await store.release(host, owner, now);
    await store.record(checkRecord({ targetId, host, startedAt, finishedAt: now }), {});
    return 'done';
  }
  const until = now + 140_000;
  const admission = await store.lease({
    host,
    targetId,
    owner,
    now,
    until,
    admitted: (state, lastVisitAt) => admit(rules, state, lastVisitAt, now),
  });
  return admission.kind;
}

process.on('message', (order: LeaseOrder) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.(String(error)),
  );
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

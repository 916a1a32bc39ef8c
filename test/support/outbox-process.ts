import { bareTarget } from '../../src/core/target.ts';
import { followUps } from '../../src/decide/follow.ts';
import { Outbox, type OutboxParts } from '../../src/alerts/outbox.ts';
import { z } from '../../src/probe.ts';
import { send } from '../../src/alerts/http.ts';
import { openStore } from '../../src/store/open.ts';
import { pino } from 'pino';
import { checkOf, START } from './checks.ts';

/**
 * A monitor reduced to its alerts, in a process of its own that kills itself at a named point. Arguments: the data folder, the
 * address of the sink, the point (`record`, `recorded`, `claimed`, `sent`, `marked`, or `never`), and how many minutes its clock
 * is ahead: past the lease of whoever was killed before.
 */

const [, , folder = '', sink = '', point = 'never', minutes = '0'] = process.argv;

function die(at: string): void {
  if (at === point) process.kill(process.pid, 'SIGKILL');
}

const target = bareTarget({ id: 'a', platform: 'ez-booking', address: 'http://127.0.0.1:1/x', practice: true });
const store = await openStore(folder);
await store.saveTargets([target]);
const decide = followUps({ targets: new Map([[target.id, target]]) });
if ((await store.checks({ limit: 1 })).length === 0) {
  await store.record(checkOf(target.id, START, 'slots'), {
    decide: (before, check) => {
      die('record');
      return decide(before, check);
    },
  });
}
die('recorded');

const channel: NonNullable<ReturnType<OutboxParts['channels']['get']>>['channel'] = {
  name: 'sink',
  settings: z.unknown(),
  to: z.unknown(),
  perMinute: 600,
  deliver: async (message, _to, _settings, signal) => {
    die('claimed');
    await send(sink, { body: message.key }, signal);
    die('sent');
  },
};
const outbox = new Outbox({
  store,
  channels: new Map([['sink', { channel, settings: null }]]),
  open: (sealed) => sealed.toString(),
  word: ({ key, notices }) => ({
    key,
    language: 'fr',
    subject: '',
    text: '',
    short: '',
    notices,
    unsubscribe: null,
  }),
  log: pino({ level: 'silent' }),
  owner: `process:${process.pid}`,
  now: () => Date.now() + Number(minutes) * 60_000,
});
await outbox.tick();
await outbox.settled();
die('marked');
await store.end();

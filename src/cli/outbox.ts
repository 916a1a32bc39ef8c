import { iso, table, type CliCommand, type Io } from '../commands.ts';
import { AppError } from '../core/errors.ts';
import { atDesk } from '../desk.ts';
import type { OutboxCount, Store, StoredMessage } from '../store/contract.ts';

const MOST_SHOWN = 200;

export const command: CliCommand = {
  name: 'outbox',
  add: (program, io) => {
    const withStore = (work: (store: Store) => Promise<void>): Promise<void> =>
      atDesk(program.opts<{ config?: string }>().config, io, ({ store }) => work(store));
    const outbox = program.command('outbox').description('messages that wait, are tried again, or were given up');
    outbox
      .command('list', { isDefault: true })
      .description('how many messages there are, and those that were not sent')
      .option('--json', 'answer with one JSON object')
      .action(({ json }: { json?: boolean }) => withStore((store) => list(store, json === true, io)));
    outbox
      .command('retry')
      .description('put messages that were given up back into the outbox: the running monitor sends them')
      .argument('[id]', 'number of one message; all that were given up without it')
      .action((id: string | undefined) => withStore((store) => retry(store, id, io)));
  },
};

async function list(store: Store, isJson: boolean, io: Io): Promise<void> {
  const counts = await store.outboxCounts();
  const found = await store.messages({ limit: MOST_SHOWN });
  const unsent = found.filter(({ state }) => state !== 'sent');
  if (isJson) {
    io.answer(JSON.stringify({ counts: counts.map(countJson), messages: unsent.map(messageJson) }));
    return;
  }
  if (counts.length === 0) io.note('the outbox is empty');
  else io.answer(table([['CHANNEL', 'STATE', 'COUNT', 'OLDEST'], ...counts.map(countCells)]));
  if (unsent.length === 0) return;
  const heads = ['MESSAGE', 'CHANNEL', 'SUBSCRIPTION', 'STATE', 'ATTEMPTS', 'NEXT ATTEMPT', 'LAST ERROR'];
  io.answer(`\n${table([heads, ...unsent.map(messageCells)])}`);
  if (unsent.length === MOST_SHOWN) io.note(`only the newest ${MOST_SHOWN} are listed`);
}

async function retry(store: Store, id: string | undefined, io: Io): Promise<void> {
  if (id !== undefined && !/^\d{1,15}$/.test(id)) throw new AppError('USAGE', `"${id}" is not the number of a message`);
  const count = await store.reviveMessages(id === undefined ? null : Number(id), Date.now());
  if (count === 0 && id !== undefined) throw new AppError('USAGE', `no message that was given up has the number ${id}`);
  if (count === 0) io.note('no message was given up');
  else io.answer(`${count} ${count === 1 ? 'message is' : 'messages are'} tried again`);
}

function countJson({ channel, state, count, oldestAt }: OutboxCount): object {
  return { channel, state, count, oldestAt: iso(oldestAt) };
}

/** A message that was given up has no next attempt. */
function nextAttempt({ state, nextAt }: StoredMessage): string | null {
  return state === 'dead' ? null : iso(nextAt);
}

function messageJson(message: StoredMessage): object {
  const { id, key, subscriptionId, channel, state, attempts, lastError, createdAt, endedAt } = message;
  const times = { nextAttemptAt: nextAttempt(message), createdAt: iso(createdAt), endedAt: iso(endedAt) };
  return { id, key, subscription: subscriptionId, channel, state, attempts, lastError, ...times };
}

function countCells({ channel, state, count, oldestAt }: OutboxCount): string[] {
  return [channel, state, String(count), iso(oldestAt) ?? ''];
}

function messageCells(message: StoredMessage): string[] {
  const { id, channel, subscriptionId, state, attempts, lastError } = message;
  const next = nextAttempt(message) ?? '-';
  return [String(id), channel, String(subscriptionId), state, String(attempts), next, lastError || '-'];
}

import { Seal } from '../alerts/seal.ts';
import { sealKey } from '../alerts/seal-key.ts';
import { iso, table, type CliCommand, type Io } from '../commands.ts';
import { secretNamed } from '../compose-alerts.ts';
import { AppError } from '../core/errors.ts';
import { atDesk, type Desk } from '../desk.ts';
import type { StoredSubscription } from '../store/contract.ts';

interface ListOptions {
  readonly json?: boolean;
  readonly reveal?: boolean;
}

export const command: CliCommand = {
  name: 'subscribers',
  add: (program, io) => {
    const configOf = (): string | undefined => program.opts<{ config?: string }>().config;
    const group = program
      .command('subscribers')
      .description('who is told what: listed without their addresses, removed');
    group
      .command('list', { isDefault: true })
      .description('the subscriptions; who they are stays sealed')
      .option('--json', 'answer with one JSON array')
      .option('--reveal', 'show the recipients too: personal data, which stays on your screen')
      .action((options: ListOptions) => atDesk(configOf(), io, (desk) => list(desk, options, io)));
    group
      .command('remove')
      .description('delete a subscription that somebody made themselves, with all that waits for it')
      .argument('<id>', 'its number in the list')
      .action((id: string) => atDesk(configOf(), io, (desk) => remove(desk, id, io)));
  },
};

async function list({ config, store }: Desk, options: ListOptions, io: Io): Promise<void> {
  const subscriptions = await store.subscriptions();
  const reveal = options.reveal === true ? revealing(new Seal(await sealKey(config.data, secretNamed))) : null;
  if (options.json === true) {
    const rows = subscriptions.map((one) => ({ ...jsonOf(one), ...(reveal === null ? {} : { to: reveal(one) }) }));
    io.answer(JSON.stringify(rows));
    return;
  }
  if (subscriptions.length === 0) {
    io.note('nobody is subscribed');
    return;
  }
  const heads = ['ID', 'CHANNEL', 'KINDS', 'ONLY', 'LANGUAGE', 'WHEN', 'SOURCE', 'STATE', 'SINCE'];
  const cells = subscriptions.map((one) => [...cellsOf(one), ...(reveal === null ? [] : [shown(reveal(one))])]);
  io.answer(table([reveal === null ? heads : [...heads, 'TO'], ...cells]));
}

async function remove({ store }: Desk, id: string, io: Io): Promise<void> {
  const found = /^\d{1,15}$/.test(id) ? await store.subscription(Number(id)) : null;
  if (found === null) throw new AppError('USAGE', `no subscription has the number ${id}`);
  if (found.source === 'config') {
    throw new AppError('USAGE', `subscription ${id} stands in guetteur.yaml: the next start would make it again`, {
      hint: 'take it out of alerts.subscriptions there, and start the monitor again',
    });
  }
  await store.unsubscribe(found.id);
  io.answer(`subscription ${id} is deleted, with all that waited for it`);
}

/** Null for what was sealed with another key. */
function revealing(seal: Seal): (subscription: StoredSubscription) => unknown {
  return ({ sealedTo }) => {
    try {
      return seal.open(sealedTo);
    } catch {
      return null;
    }
  };
}

function shown(to: unknown): string {
  return to === null ? 'sealed with another key' : JSON.stringify(to);
}

/** Named one by one: whatever the store adds to a subscription is not shown by itself. */
function jsonOf(one: StoredSubscription): object {
  const { id, channel, kinds, departments, procedures, platforms, language, timeZone } = one;
  const { quiet, digestAt, source, state, createdAt, confirmedAt } = one;
  const times = { createdAt: iso(createdAt), confirmedAt: iso(confirmedAt) };
  const selects = { kinds, departments, procedures, platforms };
  return { id, channel, ...selects, language, timeZone, quiet, digestAt, source, state, ...times };
}

function cellsOf(one: StoredSubscription): string[] {
  const { id, channel, kinds, language, source, state, createdAt, confirmedAt } = one;
  const since = iso(confirmedAt ?? createdAt) ?? '';
  return [String(id), channel, kinds.join(','), selections(one), language, hours(one), source, state, since];
}

function selections({ departments, procedures, platforms }: StoredSubscription): string {
  return [...departments, ...procedures, ...platforms].join(',') || 'all';
}

function hours({ quiet, digestAt, timeZone }: StoredSubscription): string {
  if (digestAt !== null) return `daily ${digestAt} ${timeZone}`;
  return quiet === null ? 'at once' : `not ${quiet.from}-${quiet.to} ${timeZone}`;
}

import { instantOf, iso, saidWords, table, type CliCommand, type Io } from '../commands.ts';
import { AppError } from '../core/errors.ts';
import { atDesk } from '../desk.ts';
import { hostName } from '../run/kill-switch.ts';
import type { Store, StoredSoftBlock } from '../store/contract.ts';

interface Mark {
  readonly from: string;
  readonly to?: string;
  readonly by: string;
  readonly why: string;
}

export const command: CliCommand = {
  name: 'soft-block',
  add: (program, io) => {
    const withStore = (work: (store: Store) => Promise<void>): Promise<void> =>
      atDesk(program.opts<{ config?: string }>().config, io, ({ store }) => work(store));
    const group = program
      .command('soft-block')
      .description('windows in which a "no" of a host is not believed: listed, marked, unmarked');
    group
      .command('list', { isDefault: true })
      .description('the windows, the newest first')
      .option('--json', 'answer with one JSON array')
      .action(({ json }: { json?: boolean }) => withStore((store) => list(store, json === true, io)));
    group
      .command('mark')
      .description('mark a window by hand; the readings in it stay as they are and leave the shares')
      .argument('<host>', 'the host, as `guetteur targets` knows its addresses')
      .requiredOption('--from <instant>', 'its beginning (2026-11-01, or ISO 8601)')
      .option('--to <instant>', 'its end; without one it lasts until a control shows slots')
      .requiredOption('--by <name>', 'who says so')
      .requiredOption('--why <words>', 'what made you think so')
      .action((host: string, said: Mark) => withStore((store) => mark(store, host, said, io)));
    group
      .command('lift')
      .description('take a mark off again; that it was there, and who lifted it, is kept')
      .argument('<id>', 'its number in the list')
      .requiredOption('--by <name>', 'who says so')
      .requiredOption('--why <words>', 'what made you think so')
      .action((id: string, said: { by: string; why: string }) => withStore((store) => lift(store, id, said, io)));
  },
};

async function list(store: Store, isJson: boolean, io: Io): Promise<void> {
  const blocks = await store.softBlocks();
  if (isJson) io.answer(JSON.stringify(blocks.map(blockJson)));
  else if (blocks.length === 0) io.note('no window is marked');
  else io.answer(table([['ID', 'HOST', 'FROM', 'TO', 'MARKED BY', 'WHY', 'LIFTED'], ...blocks.map(cells)]));
}

async function mark(store: Store, typed: string, { from, to, by, why }: Mark, io: Io): Promise<void> {
  const host = hostName(typed);
  const fromAt = instantOf('--from', from);
  const toAt = to === undefined ? null : instantOf('--to', to);
  const now = Date.now();
  if (fromAt > now) throw new AppError('USAGE', '--from: a window begins in the past');
  if (toAt !== null && toAt <= fromAt) throw new AppError('USAGE', '--to: the end must lie after the beginning');
  const open = (await store.softBlocks()).find(
    (block) => block.host === host && block.toAt === null && block.lifted === null,
  );
  if (open !== undefined && toAt === null) {
    throw new AppError('USAGE', `${host} has an open window already, ${open.id}: lift it first`);
  }
  const said = { reason: saidWords('--why', why), markedBy: saidWords('--by', by) };
  const id = await store.markSoftBlock({ host, fromAt, toAt, ...said }, now);
  io.answer(`window ${id} of ${host} is marked`);
}

async function lift(store: Store, id: string, { by, why }: { by: string; why: string }, io: Io): Promise<void> {
  const said = { by: saidWords('--by', by), why: saidWords('--why', why) };
  const done = /^\d+$/.test(id) && (await store.liftSoftBlock(Number(id), { ...said, now: Date.now() }));
  if (!done) throw new AppError('USAGE', `no marked window has the number ${id}`);
  io.answer(`the mark ${id} is lifted`);
}

function blockJson({ fromAt, toAt, markedAt, lifted, ...block }: StoredSoftBlock): object {
  const times = { from: iso(fromAt), to: iso(toAt), markedAt: iso(markedAt) };
  return { ...block, ...times, lifted: lifted === null ? null : { ...lifted, at: iso(lifted.at) } };
}

function cells({ id, host, fromAt, toAt, markedBy, reason, lifted }: StoredSoftBlock): string[] {
  const end = toAt === null ? 'lasts' : (iso(toAt) ?? '');
  const word = lifted === null ? '-' : `${iso(lifted.at)} by ${lifted.by}: ${lifted.why}`;
  return [String(id), host, iso(fromAt) ?? '', end, markedBy, reason, word];
}

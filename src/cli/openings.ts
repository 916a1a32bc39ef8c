import { iso, table, type CliCommand, type Io } from '../commands.ts';
import type { Config } from '../config/load.ts';
import type { EpisodeKind } from '../core/episode.ts';
import { AppError } from '../core/errors.ts';
import { atDesk } from '../desk.ts';
import type { Store, StoredEpisode } from '../store/contract.ts';

interface Options {
  readonly target?: string;
  readonly kind?: string;
  readonly limit: string;
  readonly json?: boolean;
}

interface Query {
  readonly target: string | undefined;
  readonly kind: EpisodeKind | undefined;
  readonly limit: number;
}

const KINDS: readonly EpisodeKind[] = ['opening', 'outage'];
/** More than any instance has: the store limits before it is asked for one kind. */
const ALL = 1_000_000;

export const command: CliCommand = {
  name: 'openings',
  add: (program, io) => {
    program
      .command('openings')
      .description(
        'list openings of slots and outages, the newest first, with the bounds between which they began and ended',
      )
      .option('--target <id>', 'only those of this target')
      .option('--kind <kind>', `only of this kind: ${KINDS.join(' or ')}`)
      .option('--limit <n>', 'at most so many', '50')
      .option('--json', 'answer with one JSON array')
      .action((options: Options) => run(options, program.opts<{ config?: string }>().config, io));
  },
};

async function run(options: Options, configFile: string | undefined, io: Io): Promise<void> {
  const query = queryOf(options);
  await atDesk(configFile, io, async ({ store, config }) => {
    const found = await find(store, config, query);
    if (options.json === true) io.answer(JSON.stringify(found.map(jsonOf)));
    else if (found.length === 0) io.note('nothing of it was seen yet');
    else io.answer(table([['TARGET', 'WHAT', 'STATE', 'BOUNDS (UTC)', 'FIRST DATE'], ...found.map(cells)]));
  });
}

function queryOf({ target, kind: wanted, limit: words }: Options): Query {
  const limit = Number(words);
  if (!Number.isInteger(limit) || limit < 1)
    throw new AppError('USAGE', `--limit: "${words}" is not a number of episodes`);
  const kind = KINDS.find((one) => one === wanted);
  if (wanted !== undefined && kind === undefined) {
    throw new AppError('USAGE', `--kind: "${wanted}" is neither ${KINDS.join(' nor ')}`);
  }
  return { target, kind, limit };
}

async function find(store: Store, config: Config, { target, kind, limit }: Query): Promise<readonly StoredEpisode[]> {
  const isKnown = ({ id }: { readonly id: string }): boolean => id === target;
  if (target !== undefined && !config.targets.some(isKnown) && !(await store.knownTargets()).some(isKnown)) {
    throw new AppError('TARGET_UNKNOWN', `no target "${target}" is configured or was ever watched`);
  }
  const episodes = await store.episodes({
    limit: kind === undefined ? limit : ALL,
    ...(target === undefined ? {} : { targetId: target }),
  });
  return episodes.filter((episode) => kind === undefined || episode.kind === kind).slice(0, limit);
}

function stateOf({ confirmedAt }: StoredEpisode): 'confirmed' | 'suspected' {
  return confirmedAt === null ? 'suspected' : 'confirmed';
}

/** An episode has no exact ends: it began after `notBefore`, and at `goneBy` it was over. */
function jsonOf(episode: StoredEpisode): object {
  const { targetId, kind, outcome, after, startedAt, confirmedAt, lastAt, endedAt, lostAt } = episode;
  const { firstDate, betterings } = episode;
  return {
    target: targetId,
    kind,
    outcome,
    state: stateOf(episode),
    notBefore: iso(after),
    firstSeenAt: iso(startedAt),
    confirmedAt: iso(confirmedAt),
    lastSeenAt: iso(lastAt),
    goneBy: iso(endedAt),
    lostAt: iso(lostAt ?? null),
    firstDate,
    betterings,
  };
}

function cells(episode: StoredEpisode): string[] {
  const { targetId, kind, outcome, after, startedAt, lastAt, endedAt, lostAt, believedUntil, firstDate } = episode;
  const began = after === null ? 'beginning not seen' : `not before ${second(after)}`;
  const seen =
    lastAt === startedAt ? `seen once ${second(startedAt)}` : `seen ${second(startedAt)} … ${second(lastAt)}`;
  const last = lostAt === undefined ? `lasts, believed until ${second(believedUntil)}` : 'its end was not seen';
  const gone = endedAt === null ? last : `gone by ${second(endedAt)}`;
  const what = kind === 'outage' ? `outage: ${outcome}` : kind;
  return [targetId, what, stateOf(episode), `${began}, ${seen}, ${gone}`, firstDate ?? '-'];
}

/** To the second: what is rounded to a minute could lie outside its own bounds. */
function second(instant: number): string {
  return new Date(instant).toISOString().slice(0, 19).replace('T', ' ');
}

import { createHash } from 'node:crypto';

import type { Message } from '../../alerts/channel.ts';
import { messageFor } from '../../alerts/messages.ts';
import type { Notice, Place } from '../../core/notice.ts';
import type { Language } from '../../core/subscription.ts';
import type { Target } from '../../core/target.ts';
import type { Store, StoredEpisode } from '../../store/contract.ts';

/** One opening in a feed: what the messages say of it, now that it lasts or is over. */
export interface Entry {
  /** The same for one opening for ever, wherever this instance may be found. */
  readonly id: string;
  readonly message: Message;
  readonly place: Place;
  readonly publishedAt: number;
  readonly updatedAt: number;
}

export interface OpeningsQuery {
  readonly store: Pick<Store, 'episodes'>;
  readonly targets: ReadonlyMap<string, Target>;
  /** Null for all. */
  readonly department: string | null;
  readonly language: Language;
  readonly now: number;
}

/** News, not a record of hours: exact release times of the past would help resellers (conduct C13). */
const NEWS_FOR_MS = 24 * 3_600_000;
const MOST_ENTRIES = 50;
/** Outages stand in the same table: among so many episodes there are openings enough. */
const READ_EPISODES = 500;
const READ_OF_TARGET = 100;
const DAY_MS = 86_400_000;

/**
 * The openings that last, or ended within a day, the newest first. What was lost from sight is none that lasts, and a control's are
 * no news.
 */
export async function openings({
  store,
  targets,
  department,
  language,
  now,
}: OpeningsQuery): Promise<readonly Entry[]> {
  const wanted = [...targets.values()].filter((target) => department === null || target.department === department);
  const found =
    department === null
      ? await store.episodes({ limit: READ_EPISODES })
      : (await Promise.all(wanted.map(({ id }) => store.episodes({ targetId: id, limit: READ_OF_TARGET })))).flat();
  return found
    .filter((episode) => episode.kind === 'opening' && isNews(episode, now))
    .toSorted((a, b) => b.startedAt - a.startedAt || (a.targetId < b.targetId ? -1 : 1))
    .flatMap((episode) => {
      const target = targets.get(episode.targetId);
      return target === undefined || target.control ? [] : [{ episode, target }];
    })
    .slice(0, MOST_ENTRIES)
    .map(({ episode, target }) => entryOf(episode, target, language));
}

function isNews({ endedAt, lostAt, believedUntil }: StoredEpisode, now: number): boolean {
  return endedAt === null ? lostAt === undefined && now <= believedUntil : now - endedAt < NEWS_FOR_MS;
}

function entryOf(episode: StoredEpisode, target: Target, language: Language): Entry {
  const { id, platform, address, department, prefecture, procedure, label, practice } = target;
  const place: Place = { id, platform, address, department, prefecture, procedure, label, practice };
  const { targetId: _targetId, believedUntil: _believedUntil, ...opening } = episode;
  const at = episode.endedAt ?? episode.lastAt;
  const notice: Notice = {
    kind: episode.endedAt === null ? 'slots' : 'gone',
    key: `opening/${id}/${episode.startedAt}`,
    at,
    place,
    episode: opening,
    event: null,
  };
  const message = messageFor(
    [notice],
    { language, timeZone: 'Europe/Paris' },
    // Read on another day than it was written: every time has its date, and the words stay the same overnight.
    { key: notice.key, unsubscribe: null, page: null, leavesAt: at + DAY_MS },
  );
  return { id: idOf(notice.key), message, place, publishedAt: episode.startedAt, updatedAt: updatedAt(episode) };
}

/** When the words last changed. Of an earlier date only the last sight is known. */
function updatedAt({ startedAt, confirmedAt, lastAt, endedAt, betterings }: StoredEpisode): number {
  return endedAt ?? (betterings > 0 ? lastAt : (confirmedAt ?? startedAt));
}

/** A UUID drawn from the name (RFC 9562, version 8): no address in it, since addresses change. */
export function idOf(name: string): string {
  const bytes = createHash('sha256').update(`guetteur ${name}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return `urn:uuid:${[hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')}`;
}

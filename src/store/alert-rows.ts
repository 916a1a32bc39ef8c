import type { Selectable } from 'kysely';
import { z } from 'zod';

import { sightingOf, type Episode, type EpisodeState, type Folding, type Sighting } from '../core/episode.ts';
import { NOTICE_KINDS, type Notice, type NoticeKind } from '../core/notice.ts';
import { LANGUAGES } from '../core/subscription.ts';
import type { StoredMessage, StoredSubscription } from './contract.ts';
import { asOutcome } from './rows.ts';
import type { Tables } from './tables.ts';

/** From the rows of episodes, messages and subscriptions to the monitor's own shapes. */

export function asEpisode(row: Selectable<Tables['episodes']>): Episode {
  return {
    kind: z.enum(['opening', 'outage']).parse(row.kind),
    after: row.after_at,
    startedAt: row.started_at,
    confirmedAt: row.confirmed_at,
    lastAt: row.last_at,
    endedAt: row.ended_at,
    firstDate: row.first_date,
    outcome: asOutcome(row.outcome),
    betterings: row.betterings,
    ...(row.lost_at === null ? {} : { lostAt: row.lost_at }),
  };
}

export function asEpisodeState(json: string): EpisodeState {
  // Written by this program from a typed value, see `saveStep`. JSON has no minus infinity: it writes null.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const state = JSON.parse(json) as EpisodeState & { lastAt: number | null; folding?: Folding | null };
  return { ...state, lastAt: state.lastAt ?? -Infinity, folding: state.folding ?? null };
}

const sightingRow = z.object({
  id: z.number(),
  at: z.number(),
  outcome: z.string(),
  first_date: z.string().nullable(),
  is_believed: z.number(),
});

export function asSighting(row: unknown, { gates }: Folding): Sighting {
  const { id: checkId, at, outcome, first_date: firstDate, is_believed: isBelieved } = sightingRow.parse(row);
  return sightingOf({ checkId, at, outcome: asOutcome(outcome), firstDate, isBelieved: isBelieved === 1 }, gates);
}

export function asNotice(json: string): Notice {
  // Written by this program from a typed value, see `saveNotices`.
  return JSON.parse(json) as Notice; // oxlint-disable-line typescript/no-unsafe-type-assertion
}

const messageRow = z.object({
  id: z.number(),
  key: z.string(),
  subscription_id: z.number(),
  channel: z.string(),
  state: z.enum(['ready', 'claimed', 'sent', 'dead']),
  attempts: z.number(),
  next_at: z.number(),
  last_error: z.string(),
  created_at: z.number(),
  ended_at: z.number().nullable(),
});

export function asStoredMessage(row: unknown): StoredMessage {
  const found = messageRow.parse(row);
  return {
    id: found.id,
    key: found.key,
    subscriptionId: found.subscription_id,
    channel: found.channel,
    state: found.state,
    attempts: found.attempts,
    nextAt: found.next_at,
    lastError: found.last_error,
    createdAt: found.created_at,
    endedAt: found.ended_at,
  };
}

const words = (json: string): string[] => z.array(z.string()).parse(JSON.parse(json));

const isNoticeKind = (kind: string): kind is NoticeKind => kind in NOTICE_KINDS;

export function asStoredSubscription(row: Selectable<Tables['subscriptions']>): StoredSubscription {
  return {
    id: row.id,
    channel: row.channel,
    sealedTo: row.to_sealed,
    toHash: row.to_hash,
    kinds: words(row.kinds_json).filter(isNoticeKind),
    departments: words(row.departments_json),
    procedures: words(row.procedures_json),
    platforms: words(row.platforms_json),
    language: z.enum(LANGUAGES).parse(row.language),
    timeZone: row.time_zone,
    quiet: row.quiet_from === null ? null : { from: row.quiet_from, to: row.quiet_to ?? '' },
    digestAt: row.digest_at,
    source: z.enum(['config', 'self']).parse(row.source),
    state: z.enum(['pending', 'active']).parse(row.state),
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
  };
}

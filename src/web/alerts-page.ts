import { html } from 'hono/html';

import type { OutboxCount, StoredEpisode, StoredMessage } from '../store/contract.ts';
import { frame, table, time, type Markup } from './frame.ts';

export interface AlertsPage {
  readonly episodes: readonly StoredEpisode[];
  readonly counts: readonly OutboxCount[];
  readonly messages: readonly StoredMessage[];
  readonly practice: boolean;
  readonly now: number;
}

/** Openings and outages with their bounds, and what became of the messages about them. No recipient stands here. */
export function alertsPage({ episodes, counts, messages, practice, now }: AlertsPage): Markup {
  const unsent = messages.filter(({ state }) => state !== 'sent');
  return frame(
    { title: 'Alerts', practice },
    html`<p><a href="/operator/">All targets</a></p>
      <h2>Openings and outages</h2>
      ${table(
        ['Target', 'What', 'Not before', 'First seen', 'Last seen', 'Gone by'],
        episodes.map((episode) => episodeRow(episode, now)),
      )}
      <h2>Messages</h2>
      ${table(
        ['Channel', 'State', 'Count', 'Oldest'],
        counts.map(({ channel, state, count, oldestAt }) => [channel, state, String(count), time(oldestAt)]),
      )}
      <h2>Not sent</h2>
      ${
        unsent.length === 0
          ? html`<p>Everything was accepted.</p>`
          : table(['No.', 'Channel', 'State', 'Attempts', 'Next', 'Last refusal'], unsent.map(messageRow))
      }`,
  );
}

function episodeRow(episode: StoredEpisode, now: number): (string | Markup)[] {
  const { kind, targetId, outcome, after, startedAt, confirmedAt, lastAt, firstDate } = episode;
  const what = kind === 'outage' ? `outage: ${outcome}` : `slots${firstDate === null ? '' : ` from ${firstDate}`}`;
  const word = confirmedAt === null ? `${what}, suspected` : what;
  return [targetId, word, instant(after), time(startedAt), time(lastAt), goneBy(episode, now)];
}

function goneBy({ endedAt, lostAt, believedUntil }: StoredEpisode, now: number): string | Markup {
  if (endedAt !== null) return time(endedAt);
  return lostAt === undefined && now <= believedUntil ? 'lasts' : 'end not seen';
}

function messageRow({ id, channel, state, attempts, nextAt, lastError }: StoredMessage): (string | Markup)[] {
  return [String(id), channel, state, String(attempts), state === 'dead' ? '' : time(nextAt), lastError];
}

const instant = (at: number | null): string | Markup => (at === null ? '' : time(at));

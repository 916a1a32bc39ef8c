import { html } from 'hono/html';

import { EVENT_KINDS } from '../core/event.ts';
import { groupOf } from '../core/outcome.ts';
import type { PageGroup, StoredEvent, StoredSoftBlock } from '../store/contract.ts';
import { frame, table, time, type Markup } from './frame.ts';

export interface ReviewPage {
  readonly groups: readonly PageGroup[];
  readonly events: readonly StoredEvent[];
  readonly softBlocks: readonly StoredSoftBlock[];
  readonly practice: boolean;
}

/** What waits for a person: pages that no reader knew, events, windows in which a "no" is not believed. */
export function reviewPage({ groups, events, softBlocks, practice }: ReviewPage): Markup {
  const open = events.filter(({ kind, seenAt }) => EVENT_KINDS[kind].asks && seenAt === null).length;
  return frame(
    { title: `Review: ${groups.length} groups`, practice },
    html`<p><a href="/operator/">All targets</a></p>
      <h2>Pages that no reader knew</h2>
      ${groups.length === 0 ? html`<p>Every page was recognised.</p>` : groups.map(groupArticle)}
      <h2>Events</h2>
      <p>${String(open)} ask for a person. Once seen: <code>guetteur review seen … --by …</code></p>
      ${events.length === 0 ? '' : table(['No.', 'When', 'Kind', 'Where', 'What', 'Seen by'], events.map(eventRow))}
      <h2>Windows in which a “no” is not believed</h2>
      ${
        softBlocks.length === 0
          ? html`<p>None.</p>`
          : table(['No.', 'Host', 'From', 'To', 'Why'], softBlocks.map(blockRow))
      }`,
  );
}

function groupArticle(group: PageGroup): Markup {
  const { sample, label } = group;
  const said =
    label === null
      ? html`<p>Nobody has said what it is: <code>guetteur review label ${group.name} --outcome … --by …</code></p>`
      : html`<p>
          <span class="outcome ${label.outcome} ${groupOf(label.outcome)}">${label.outcome}</span> said ${label.by},
          ${time(label.at)} ${label.note}
        </p>`;
  return html`<article class="group">
    <a href="/operator/proof/${String(sample.id)}.png"
      ><img
        src="/operator/proof/${String(sample.id)}.png"
        alt="Newest page of the group, as it was seen"
        loading="lazy"
    /></a>
    <div>
      <h3>${group.platform} · <code>${group.name}</code></h3>
      <p>
        ${String(group.checks)} checks of ${String(group.targets)} targets, ${time(group.firstAt)} to
        ${time(group.lastAt)}
      </p>
      <p>${sample.outcome}: ${sample.message}</p>
      <p>Newest: check ${String(sample.id)} of ${sample.targetId}, ${sample.finalUrl ?? 'no page'}</p>
      ${said}
    </div>
  </article>`;
}

function eventRow({ id, at, kind, targetId, host, message, seenBy }: StoredEvent): (string | Markup)[] {
  return [String(id), time(at), kind, targetId ?? host ?? '', message, seenBy ?? ''];
}

function blockRow({ id, host, fromAt, toAt, reason, markedBy, lifted }: StoredSoftBlock): (string | Markup)[] {
  const word = lifted === null ? '' : html`<small>lifted by ${lifted.by}: ${lifted.why}</small>`;
  const end = toAt === null ? 'lasts' : time(toAt);
  return [String(id), host, time(fromAt), end, html`${reason} (${markedBy})${word}`];
}

import { html } from 'hono/html';

import type { HostState } from '../core/host.ts';
import { groupOf } from '../core/outcome.ts';
import { isMeasured, oldAfter } from '../core/standing.ts';
import { hostOf, type Target } from '../core/target.ts';
import type { StoredSoftBlock, TargetStatus } from '../store/contract.ts';
import { frame, time, type Markup } from './frame.ts';

export interface TargetsPage {
  readonly statuses: readonly TargetStatus[];
  readonly hosts: readonly HostState[];
  readonly targets: ReadonlyMap<string, Target>;
  readonly softBlocks: readonly StoredSoftBlock[];
  /** How much waits on the review page. */
  readonly review: { readonly groups: number; readonly events: number };
  readonly practice: boolean;
  readonly now: number;
  /** Whether people sign in to see it. */
  readonly hasSessions: boolean;
}

/** The plain list: each target with its latest outcome, since when, and when it was last checked. */
export function targetsPage(page: TargetsPage): Markup {
  const { statuses, hosts, targets, softBlocks, review, practice, now, hasSessions } = page;
  const byTarget = new Map(statuses.map((status) => [status.targetId, status]));
  const paused = new Map(hosts.filter((host) => host.breaker.openUntil > now).map((host) => [host.host, host]));
  const blocked = new Set(softBlocks.filter(isStanding).map(({ host }) => host));
  const rows = [...targets.values()].map((target) => {
    const host = hostOf(target.address);
    return row(target, byTarget.get(target.id), { paused: paused.get(host), isSoftBlocked: blocked.has(host), now });
  });
  return frame(
    { title: `${targets.size} targets`, practice },
    html`<p>${String(byTarget.size)} of ${String(targets.size)} targets checked. Page of ${time(now)}.</p>
      <p>
        <a href="/operator/review">Review</a>: ${String(review.groups)} groups of pages that no reader knew,
        ${String(review.events)} events that ask for a person. <a href="/operator/alerts">Alerts</a>: openings, outages
        and messages. <a href="/operator/people">People</a>: what they read and reported.
        ${hasSessions ? html`<a href="/operator/sign-in">Sign out</a>.` : ''}
      </p>
      <div class="scroll">
        <table>
          <thead>
            <tr>
              <th scope="col">Target</th>
              <th scope="col">Latest outcome</th>
              <th scope="col">Since</th>
              <th scope="col">Last checked</th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>
      </div>`,
  );
}

const isStanding = ({ toAt, lifted }: StoredSoftBlock): boolean => toAt === null && lifted === null;

interface HostNotes {
  readonly paused: HostState | undefined;
  readonly isSoftBlocked: boolean;
  readonly now: number;
}

/** A last answer that is old, or followed by visits that could not say, is not shown as one of now. */
function notMeasured({ outcome, lastMeasuredAt, intervalMs }: TargetStatus, now: number): Markup | '' {
  if (lastMeasuredAt === null) return html`<small>Never measured</small>`;
  if (isMeasured(outcome) && now - lastMeasuredAt <= oldAfter(intervalMs)) return '';
  return html`<small>Not measured since ${time(lastMeasuredAt)}</small>`;
}

function row(target: Target, status: TargetStatus | undefined, { paused, isSoftBlocked, now }: HostNotes): Markup {
  const place = [target.department, target.prefecture, target.label].filter((part) => part !== null).join(' · ');
  const name = html`<th scope="row">${target.id}<br /><small>${place}</small></th>`;
  if (status === undefined)
    return html`<tr>
      ${name}
      <td>not checked yet</td>
      <td></td>
      <td></td>
    </tr>`;
  const { outcome, facets } = status;
  const date = outcome === 'slots' && facets.firstDate !== undefined ? ` · first date ${facets.firstDate}` : '';
  const pause =
    paused === undefined
      ? ''
      : html`<small>Host paused until ${time(paused.breaker.openUntil)}: ${paused.breaker.reason}</small>`;
  const confirmed =
    outcome === 'slots' && status.mode === 'confirmation'
      ? ' · confirmed'
      : status.mode === 'assisted'
        ? ' · with a person'
        : '';
  const doubt =
    outcome === 'no_slots' && isSoftBlocked
      ? html`<small>Not believed: the control of this host turned to “no” with everything else (soft block)</small>`
      : '';
  return html`<tr>
    ${name}
    <td>
      <span class="outcome ${outcome} ${groupOf(outcome)}">${outcome}</span
      >${date}${confirmed}<small>${status.message}</small>${notMeasured(status, now)}${doubt}${pause}
    </td>
    <td>${time(status.sinceAt)}</td>
    <td>${time(status.finishedAt)}</td>
  </tr>`;
}

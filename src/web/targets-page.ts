import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

import type { HostState } from '../core/host.ts';
import { groupOf } from '../core/outcome.ts';
import { hostOf, type Target } from '../core/target.ts';
import type { TargetStatus } from '../store/contract.ts';

type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;

export interface TargetsPage {
  readonly statuses: readonly TargetStatus[];
  readonly hosts: readonly HostState[];
  readonly targets: ReadonlyMap<string, Target>;
  readonly practice: boolean;
  readonly now: number;
}

/** The plain list: each target with its latest outcome, since when, and when it was last checked. */
export function targetsPage({ statuses, hosts, targets, practice, now }: TargetsPage): Markup {
  const byTarget = new Map(statuses.map((status) => [status.targetId, status]));
  const paused = new Map(hosts.filter((host) => host.breaker.openUntil > now).map((host) => [host.host, host]));
  const banner = practice
    ? html`<p class="practice">
        Practice: replica sites on this machine. Nothing here says anything of a real prefecture.
      </p>`
    : '';
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="refresh" content="10" />
        <title>Guetteur: ${String(targets.size)} targets</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <h1>Guetteur</h1>
        ${banner}
        <p>${String(byTarget.size)} of ${String(targets.size)} targets checked. Page of ${time(now)}.</p>
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
              ${[...targets.values()].map((target) => row(target, byTarget.get(target.id), paused.get(hostOf(target.address))))}
            </tbody>
          </table>
        </div>
      </body>
    </html>`;
}

function row(target: Target, status: TargetStatus | undefined, paused: HostState | undefined): Markup {
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
  return html`<tr>
    ${name}
    <td>
      <span class="outcome ${outcome} ${groupOf(outcome)}">${outcome}</span
      >${date}<small>${status.message}</small>${pause}
    </td>
    <td>${time(status.sinceAt)}</td>
    <td>${time(status.finishedAt)}</td>
  </tr>`;
}

const paris = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'medium' });

function time(instant: number): Markup {
  return html`<time datetime="${new Date(instant).toISOString()}">${paris.format(instant)} (Paris)</time>`;
}

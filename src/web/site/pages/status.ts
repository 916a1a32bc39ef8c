import { html } from 'hono/html';

import { GROUPS } from '../../../core/outcome.ts';
import type { AgreementFigures, AlertFigures, NationalFigures } from '../../../stats/figures.ts';
import type { Agreement } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import { pageOf, readerVersions, type Here } from '../frame.ts';
import { figure, proportion } from '../parts/measured.ts';
import { dataTable, facts } from '../parts/tables.ts';
import { PAUSES } from '../words/pauses.ts';

export interface Health {
  readonly now: number;
  readonly lastFinishedAt: number | null;
  /** Hosts that are not asked for now, and the words of why. */
  readonly paused: readonly { readonly host: string; readonly until: number; readonly reason: string }[];
}

export interface StatusFigures {
  readonly national: NationalFigures;
  readonly alerts: AlertFigures;
  readonly agreement: AgreementFigures;
  readonly health: Health;
}

/** Whether the robot itself is well: a robot that fails sees nothing. */
export function statusPage(here: Here, figures: StatusFigures): Markup {
  const { words } = here;
  const { status } = words;
  return pageOf(
    here,
    { title: status.title, current: 'status', provenance: figures.national.provenance, description: status.lede },
    html`<p class="lede">${status.lede}</p>
      ${monitorFacts(here, figures)}
      <h2>${status.paused}</h2>
      ${pausedTable(here, figures.health)}
      <h2>${status.unmeasured}</h2>
      <p>${status.unmeasuredText}</p>
      ${unmeasuredTable(here, figures.national)}
      <h2>${status.alerts}</h2>
      ${alertTable(here, figures.alerts)}
      <h2>${status.agreement}</h2>
      ${agreementSection(here, status.people, figures.agreement.people)}
      ${agreementSection(here, status.vantages, figures.agreement.vantages)}`,
  );
}

function monitorFacts(here: Here, { national, health }: StatusFigures): Markup {
  const { words, format, facts: site } = here;
  const { status } = words;
  const { lastFinishedAt, now } = health;
  const last =
    lastFinishedAt === null
      ? status.never
      : html`<time datetime="${new Date(lastFinishedAt).toISOString()}">${format.instant(lastFinishedAt)}</time>
          <small>${status.ago(format.duration(Math.max(0, now - lastFinishedAt)))}</small>`;
  const readers = readerVersions(national.provenance.readers);
  return facts([
    [status.lastCheck, last],
    [words.beside.coverage, proportion(here, national.measured.coverage)],
    [status.mode, status.modes[site.practice ? 'practice' : 'live']],
    [status.version, html`<bdi>${site.version}</bdi>`],
    [status.vantage, html`<bdi>${site.vantage}</bdi>`],
    [status.readers, readers === '' ? words.frame.none : html`<bdi>${readers}</bdi>`],
  ]);
}

function pausedTable(here: Here, { paused }: Health): Markup {
  const { status } = here.words;
  if (paused.length === 0) return html`<p>${status.pausedNone}</p>`;
  const rows = paused.map(({ host, until, reason }) => [
    html`<bdi>${host}</bdi>`,
    here.format.instant(until),
    reasonOf(here, reason),
  ]);
  return dataTable({ caption: status.paused, head: [status.host, status.until, status.why], rows, isCards: true });
}

/** In the reader's words where there are some; what a newer version may say stays in English. */
function reasonOf({ language }: Here, reason: string): Markup {
  const known = PAUSES[language][reason.replace(/^\d+ /, '')];
  return known === undefined ? html`<bdi lang="en">${reason}</bdi>` : html`${known}`;
}

function unmeasuredTable({ words, format }: Here, { measured: { outcomes } }: NationalFigures): Markup {
  const rows = GROUPS.unmeasured.map((outcome) => [words.outcomes[outcome], format.count(outcomes[outcome] ?? 0)]);
  const { beside, status } = words;
  return dataTable({ caption: status.unmeasured, head: [beside.outcome, beside.checks], rows });
}

function alertTable(here: Here, { channels }: AlertFigures): Markup {
  const { words, format } = here;
  const { status } = words;
  if (channels.length === 0) return html`<p>${status.alertsNone}</p>`;
  const delay = (ms: number | null): string => (ms === null ? '–' : format.duration(ms));
  const rows = channels.map(({ channel, accepted, medianMs, p95Ms, tests }) => [
    html`<bdi>${channel}</bdi>`,
    format.count(accepted),
    delay(medianMs),
    delay(p95Ms),
    proportion(here, tests),
  ]);
  const head = [status.channel, status.accepted, status.median, status.p95, status.tests];
  return dataTable({ caption: status.alerts, head, rows, isCards: true });
}

function agreementSection(here: Here, title: string, { pairs, share, disagreements }: Agreement): Markup {
  const { words, format } = here;
  const { status } = words;
  if (pairs === 0 || share === null)
    return html`<h3>${title}</h3>
      <p>${status.agreementNone}</p>`;
  const rows = disagreements.map(({ targetId, day, ours, theirs, by }) => [
    html`<bdi>${targetId}</bdi>`,
    format.day(day),
    words.outcomes[ours],
    html`${words.outcomes[theirs]} <small><bdi>${by}</bdi></small>`,
  ]);
  const head = [words.target.title, words.charts.day, status.ours, status.theirs];
  return html`<h3>${title}</h3>
    ${facts([
      [status.pairs, format.count(pairs)],
      [status.agreeing, figure(share, format.percent(share))],
    ])}
    ${rows.length === 0 ? '' : dataTable({ caption: status.disagreements, head, rows, isCards: true })}`;
}

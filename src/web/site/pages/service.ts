import { html } from 'hono/html';

import type { ServiceFigures } from '../../../stats/figures.ts';
import type { Uptime } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import { hatches } from '../charts/svg.ts';
import { everyDay, timeline } from '../charts/timeline.ts';
import { pageOf, type Here } from '../frame.ts';
import { figure, missingLine, proportion } from '../parts/measured.ts';
import { nowLine, nowNote } from '../parts/now.ts';
import { outageTable } from '../parts/outages.ts';
import { dataTable, dayTable, facts } from '../parts/tables.ts';
import { doorWords } from './home.ts';

export function servicePage(here: Here, service: ServiceFigures): Markup {
  const { words } = here;
  const isAnef = service.platform === 'anef';
  const title = isAnef ? words.service.anef : words.service.title(service.platform);
  const names = new Map(service.byStep.map(({ target }) => [target.id, target.label ?? target.id]));
  const nameOf = (id: string): Markup => html`<bdi>${names.get(id) ?? id}</bdi>`;
  const parts = { title, provenance: service.provenance, hasSeries: true, description: words.service.means };
  const days = everyDay(service.timeline, service.provenance.period);
  return pageOf(
    here,
    isAnef ? { ...parts, current: 'anef' as const } : parts,
    html`${hatches()}
      <p class="lede"><strong>${doorWords(here, service)}.</strong></p>
      ${nowNote(here, service.now)}
      <p class="note">${words.service.means}</p>
      ${uptimeFacts(here, service)}
      <h2>${words.charts.timeline}</h2>
      ${timeline(here, days, 'service')} ${dayTable(here, days, 'service')}
      <h2>${words.service.steps}</h2>
      ${stepTable(here, service)}
      <h2>${words.service.outages}</h2>
      ${outageTable(here, service.outages, { caption: words.service.outages, nameOf })}
      ${isAnef ? unseenSection(here) : ''}`,
  );
}

function uptimeFacts(here: Here, { uptime, measured }: ServiceFigures): Markup {
  const { words, format } = here;
  const time =
    uptime.kind === 'uptime'
      ? [
          [words.service.maintenance, format.duration(uptime.maintenanceMs)] as const,
          [words.service.unmeasured, format.duration(uptime.unmeasuredMs)] as const,
        ]
      : [];
  return html`<p>
      <span class="big">${words.service.uptime}${words.frame.colon}${uptimeLead(here, uptime)}</span>
      ${words.service.uptimeText}
    </p>
    ${facts([
      ...time,
      [words.beside.coverage, proportion(here, measured.coverage)],
      [words.beside.faults, proportion(here, measured.faults)],
      [words.beside.gates, proportion(here, measured.gates)],
    ])}`;
}

function uptimeLead(here: Here, uptime: Uptime): Markup {
  if (uptime.kind === 'uptime') return figure(uptime.share, here.format.percent(uptime.share));
  const missing = uptime.missing.map((one) => missingLine(here, one)).join(', ');
  return html`${here.words.share.insufficient} <small>${missing}</small>`;
}

function stepTable(here: Here, { byStep }: ServiceFigures): Markup {
  const { words, format } = here;
  const rows = byStep.map(({ target, now, uptime, measured, outages }) => [
    html`<bdi lang="fr">${target.label ?? target.id}</bdi>${nowLine(here, now)}`,
    uptimeLead(here, uptime),
    proportion(here, measured.coverage),
    proportion(here, measured.faults),
    proportion(here, measured.gates),
    format.count(outages.length),
  ]);
  const { service, beside } = words;
  const head = [service.step, service.uptime, beside.coverage, beside.faults, beside.gates, service.outages];
  return dataTable({ caption: service.steps, head, rows, isCards: true });
}

/** What people report of ANEF, and whether a visitor without an account can see it. */
function unseenSection({ words: { service }, prose: { unseen } }: Here): Markup {
  const rows = unseen.map(({ failure, seen, how }) => [
    failure,
    html`<strong>${service.seenWords[seen]}</strong>`,
    how,
  ]);
  const head = [service.failure, service.seen, service.how];
  return html`<h2>${service.cannotSee}</h2>
    <p>${service.cannotSeeText}</p>
    ${dataTable({ caption: service.cannotSee, head, rows, isCards: true })}`;
}

import { html } from 'hono/html';

import { departmentName } from '../../../core/department-names.ts';
import type { DepartmentFigures, TargetSummary } from '../../../stats/figures.ts';
import type { Markup } from '../../frame.ts';
import { departmentLine, procedureName } from '../../subscribe/summary.ts';
import { hatches } from '../charts/svg.ts';
import { monthTrend } from '../charts/months.ts';
import { everyDay, timeline } from '../charts/timeline.ts';
import { embedSection } from '../embed.ts';
import { pageOf, targetLink, type Here } from '../frame.ts';
import { measuredSection, proportion, shareCell } from '../parts/measured.ts';
import { nowLine, nowNote } from '../parts/now.ts';
import { targetLine } from '../parts/outages.ts';
import { dataTable, dayTable } from '../parts/tables.ts';

export function departmentPage(here: Here, department: DepartmentFigures): Markup {
  const { words, language } = here;
  const name = departmentLine(department.department, language);
  const title = words.department.title(name);
  const parts = {
    title,
    provenance: department.provenance,
    description: `${departmentName(department.department) ?? department.department} – ${words.share.meaning}`,
  };
  if (department.targets.length === 0) {
    return pageOf(
      here,
      parts,
      html`<p class="lede">${words.department.none}</p>
        <p><a href="${here.link('')}">${words.frame.menuItems.home}</a></p>`,
    );
  }
  const days = everyDay(department.timeline, department.provenance.period);
  return pageOf(
    here,
    { ...parts, hasSeries: true },
    html`<p class="lede">${words.department.lede}</p>
      ${nowNote(here, department.now)} ${hatches()}
      <h2>${words.department.all}</h2>
      ${measuredSection(here, department)}
      <h2>${words.department.pages}</h2>
      ${targetTable(here, department.targets)}
      <h2>${words.charts.timeline}</h2>
      ${timeline(here, days, 'slots')} ${dayTable(here, days, 'slots')}
      <h2>${words.charts.months}</h2>
      ${monthTrend(here, department.months)} ${embedSection(here)}`,
  );
}

function targetTable(here: Here, targets: readonly TargetSummary[]): Markup {
  const { words } = here;
  const rows = targets.map(({ target, now, state, measured, lastSlotsDay }) => [
    html`<a href="${targetLink(here, target)}">${targetLine(target, procedureName(target.procedure, here.language))}</a
      >${nowLine(here, now)}`,
    shareCell(here, { state, measured }),
    proportion(here, measured.coverage),
    proportion(here, measured.faults),
    proportion(here, measured.gates),
    lastSlotsDay === null
      ? words.department.never
      : html`<time datetime="${lastSlotsDay}">${here.format.day(lastSlotsDay)}</time>`,
  ]);
  const { department, beside } = words;
  const head = [department.page, department.share, beside.coverage, beside.faults, beside.gates, department.lastSlots];
  return dataTable({ caption: department.pages, head, rows, isCards: true, isPlain: true });
}

import { html } from 'hono/html';

import type { DayPoint } from '../../../stats/figures.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';

export type Cell = string | Markup;

export interface DataTable {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its head. */
  readonly rows: readonly (readonly Cell[])[];
  readonly id?: string;
  /** Rows become cards on narrow screens; tables of many numbers scroll by themselves instead. */
  readonly isCards?: boolean;
  /** Where no heading stands before the table; else the caption is only heard. */
  readonly isTitled?: boolean;
  /** The second column speaks for itself: on a card it has no label. */
  readonly isPlain?: boolean;
  /** Row heads are sentences, not names. */
  readonly isQuiet?: boolean;
}

export function dataTable({
  caption,
  head,
  rows,
  id,
  isCards = false,
  isTitled = false,
  isPlain = false,
  isQuiet = false,
}: DataTable): Markup {
  const name = id === undefined ? '' : html`id="${id}"`;
  const table = html`<table ${name} class="${[isCards ? 'cards' : '', isQuiet ? 'plain' : ''].join(' ').trim()}">
    <caption class="${isTitled ? '' : 'unseen'}">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${head.map((words) => html`<th scope="col">${words}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((cells) => rowOf(isPlain ? ['', '', ...head.slice(2)] : head, cells))}
    </tbody>
  </table>`;
  if (isCards) return table;
  // What scrolls must be reached by keyboard too (WCAG 2.1.1).
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${caption}">${table}</div>`;
}

function rowOf(head: readonly string[], cells: readonly Cell[]): Markup {
  return html`<tr>
    ${cells.map((cell, index) =>
      index === 0
        ? html`<th scope="row">${cell}</th>`
        : html`<td ${labelOf(head[index] ?? '')}><div>${cell}</div></td>`,
    )}
  </tr>`;
}

function labelOf(words: string): Markup | '' {
  return words === '' ? '' : html`data-label="${words}"`;
}

export type Fact = readonly [name: string, said: Cell];

/** A list of names and what is said of each. */
export function facts(entries: readonly Fact[]): Markup {
  return html`<dl class="facts">
    ${entries.map(
      ([name, cell]) =>
        html`<dt>${name}</dt>
          <dd>${cell}</dd>`,
    )}
  </dl>`;
}

/**
 * Every day in figures, and the place where the script draws them: shares of what was looked at. A day without checks has
 * dashes, never zeros.
 */
export function dayTable(here: Here, days: readonly DayPoint[], kind: 'slots' | 'service'): Markup {
  const { words, format } = here;
  const { charts } = words;
  const share = (count: number, of: number): Cell =>
    of === 0 ? '–' : html`<data value="${String(count / of)}">${format.percent(count / of)}</data>`;
  const rows = days.map((day) => {
    const isSlots = kind === 'slots';
    const read = isSlots ? day.slots + day.noSlots + day.suspended : day.operational + day.fault;
    const all = day.slots + day.noSlots + day.suspended + day.moved + day.operational + day.fault + day.gate;
    return [
      html`<time datetime="${day.day}">${format.day(day.day)}</time>`,
      format.count(day.planned),
      share(isSlots ? day.slots : day.operational, read),
      share(day.fault, all),
      share(day.gate, all),
    ];
  });
  const seen = kind === 'slots' ? charts.slots : charts.works;
  const head = [charts.day, words.beside.checks, seen, charts.fault, charts.gate];
  return html`<div hidden>
      <h3>${charts.series}</h3>
      <p class="quiet">${charts.seriesHint}</p>
      <div class="series" data-table="days" data-columns="2 3 4"></div>
    </div>
    <details>
      <summary>${charts.days}</summary>
      ${dataTable({ caption: charts.days, head, rows, id: 'days' })}
    </details>`;
}

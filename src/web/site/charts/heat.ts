import { html } from 'hono/html';

import type { ReleaseHistogram } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';
import { dataTable } from '../parts/tables.ts';
import { at, marks, swatch } from './svg.ts';

const LEFT = 150;
const CELL = 22;
const TOP = 6;
const STEPS = 5;

/** S7 as hour × weekday: the darker, the more appearances per hour of observation; hatched where nobody looked. */
export function heatMap(here: Here, releases: ReleaseHistogram): Markup {
  const { words, format } = here;
  const { charts } = words;
  const until = format.day(releases.until);
  if (releases.kind === 'insufficient') {
    return html`<p>${charts.heatShort(until)}</p>
      <ul>
        ${releases.missing.map(
          ({ what, have, need }) => html`<li>${words.missing[what](format.count(have), format.count(need))}</li>`,
        )}
      </ul>`;
  }
  const text = charts.heatText(until, format.count(releases.events), format.count(releases.undated));
  const most = Math.max(0, ...releases.rates.flat().map((rate) => rate ?? 0));
  const cells = releases.rates.flatMap((row, weekday) =>
    row.map((rate, hour) => cellOf(rate, most, { x: LEFT + hour * CELL, y: TOP + weekday * CELL })),
  );
  const height = TOP + 7 * CELL + 28;
  return html`<figure class="chart">
    <svg viewBox="0 0 ${LEFT + 24 * CELL} ${height}" role="img" aria-label="${text}" direction="ltr">
      ${charts.weekdays.map(
        (name, weekday) =>
          html`<text x="${LEFT - 6}" y="${TOP + weekday * CELL + 18}" text-anchor="end">${name}</text>`,
      )}
      ${marks(cells)}
      ${[0, 6, 12, 18].map(
        (hour) =>
          html`<text x="${at(LEFT + hour * CELL)}" y="${height - 6}">${String(hour).padStart(2, '0')}:00</text>`,
      )}
    </svg>
    <figcaption>${text}</figcaption>
    <p class="key">${heatKey(here, most)}</p>
    <details>
      <summary>${charts.asTable}</summary>
      ${heatTable(here, releases.rates)}
    </details>
  </figure>`;
}

function cellOf(rate: number | null, most: number, { x, y }: { readonly x: number; readonly y: number }): string {
  const box = `x="${at(x)}" y="${at(y)}" width="${CELL - 1}" height="${CELL - 1}"`;
  if (rate === null) return `<rect class="unmeasured" ${box}/>`;
  const opacity = most === 0 ? 0 : Math.ceil((rate / most) * STEPS) / STEPS;
  return `<rect class="heat-ground" ${box}/><rect class="heat" ${box} opacity="${at(opacity)}"/>`;
}

function heatKey({ words: { charts }, format }: Here, most: number): Markup {
  const steps = Array.from({ length: STEPS + 1 }, (_, step) => step / STEPS);
  return html`<span>${charts.least}</span>
    ${steps.map(
      (opacity) =>
        html`<svg viewBox="0 0 32 20" aria-hidden="true" focusable="false">
          <rect class="heat-ground" x="1" y="1" width="30" height="18" />
          <rect class="heat" x="1" y="1" width="30" height="18" opacity="${String(opacity)}" />
        </svg>`,
    )}
    <span>${charts.most} (${format.decimal(most)} ${charts.heatUnit})</span> ${swatch('unmeasured')}
    <span>${charts.unmeasured}</span>`;
}

function heatTable({ words: { charts } }: Here, rates: readonly (readonly (number | null)[])[]): Markup {
  const rows = Array.from({ length: 24 }, (_, hour) => [
    `${String(hour).padStart(2, '0')}:00`,
    ...rates.map((row) => {
      const rate = row[hour] ?? null;
      return rate === null
        ? '–'
        : html`<data value="${String(rate)}">${String(Math.round(rate * 1_000) / 1_000)}</data>`;
    }),
  ]);
  return dataTable({ caption: charts.heatUnit, head: [charts.hour, ...charts.weekdays], rows });
}

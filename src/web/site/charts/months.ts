import { html } from 'hono/html';

import type { MonthPoint } from '../../../stats/figures.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';
import { at, marks } from './svg.ts';
import { spanOf } from './span.ts';

const WIDTH = 640;
const TOP = 10;
const BASE = 190;
const LEFT = 110;

/** The share of each month with its interval; months with too little data have no point. */
export function monthTrend(here: Here, months: readonly MonthPoint[]): Markup {
  const { words, format } = here;
  const points = months.map(({ month, share }) => ({ month, span: spanOf(share) }));
  if (points.every(({ span }) => span === null)) return html`<p>${words.share.insufficient}</p>`;
  const top = niceTop(Math.max(...points.map(({ span }) => span?.high ?? 0)));
  const step = (WIDTH - LEFT) / months.length;
  const y = (share: number): number => BASE - (share / top) * (BASE - TOP);
  const drawn = points.map(({ span }, index) => {
    if (span === null) return '';
    const x = at(LEFT + step * (index + 0.5));
    const line = `<path class="whisker" d="M${x} ${at(y(span.low))}V${at(y(span.high))}"/>`;
    return `${line}<circle class="point" cx="${x}" cy="${at(y(span.share))}" r="5"/>`;
  });
  const grid = [0, top / 2, top];
  const every = Math.ceil(months.length / 4);
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} 226" role="img" aria-label="${words.charts.monthsText}" direction="ltr">
      ${grid.map(
        (share) =>
          html`<path class="axis" d="M${LEFT} ${at(y(share))}H${WIDTH}" /><text
              class="faint"
              x="${LEFT - 8}"
              y="${at(y(share) + 8)}"
              text-anchor="end"
              >${format.percent(share)}</text
            >`,
      )}
      ${marks(drawn)}
      ${points.map(({ month }, index) =>
        index % every === 0
          ? html`<text x="${at(LEFT + step * (index + 0.5))}" y="218" text-anchor="middle"
              >${format.month(month, index === 0)}</text
            >`
          : '',
      )}
    </svg>
    <figcaption>${words.charts.monthsText}</figcaption>
  </figure>`;
}

/** The end of the axis: the next of 1, 2, 5, 10, 20, 50, 100 %. */
function niceTop(high: number): number {
  return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5].find((end) => high <= end) ?? 1;
}

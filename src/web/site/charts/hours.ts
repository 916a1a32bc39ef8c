import { html } from 'hono/html';

import type { AttemptProfile } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';
import { at, marks, rect } from './svg.ts';

const BASE = 80;
const STEP = 24;

/** S2: at which hours of the day the page was looked at. */
export function hoursChart({ words: { charts } }: Here, { byHour, zone }: AttemptProfile): Markup {
  const most = Math.max(1, ...byHour);
  const bars = byHour.map((count, hour) => {
    const height = (count / most) * (BASE - 4);
    return rect('heat', { x: hour * STEP + 2, y: BASE - height, width: STEP - 4, height });
  });
  const text = `${charts.hoursText} (${zone})`;
  return html`<figure class="chart">
    <svg viewBox="0 0 ${24 * STEP} 112" role="img" aria-label="${text}" direction="ltr">
      ${marks(bars)}
      <path class="axis" d="M0 ${BASE}.5H${24 * STEP}" />
      ${[0, 6, 12, 18].map(
        (hour) => html`<text x="${at(hour * STEP)}" y="106">${String(hour).padStart(2, '0')}:00</text>`,
      )}
    </svg>
    <figcaption>${text}</figcaption>
  </figure>`;
}

import { html } from 'hono/html';
import type { Expectation } from '../../core/replica.ts';
import type { LeadBand } from '../../core/reading.ts';
import {
  frenchDate,
  frenchDayMonth,
  openDays,
  parisDay,
  parisInstant,
  plusDays,
  weekdayName,
} from '../shared/paris.ts';
import type { Markup } from '../shared/sites.ts';

/** Free ranges of one week of the planning; the week starts `offset` days from today, negative for a stale page. */
export interface Opening {
  readonly offset: number;
  /** How many days of that week have free ranges. A week always has at least four working days after today. */
  readonly days: 1 | 2 | 3 | 4;
  readonly times: readonly string[];
}

const ROWS = ['09:00', '09:30', '10:00', '10:30', '11:00', '14:00', '14:30', '15:00'] as const;

function openingDays(now: number, opening: Opening): readonly string[] {
  const from = opening.offset === 0 ? 1 : opening.offset;
  return openDays(plusDays(parisDay(now), from), opening.days);
}

function cell(input: { readonly base: string; readonly day: string; readonly time: string; readonly isFree: boolean }) {
  const clock = input.time.replace(':', 'h');
  if (!input.isFree) return html`<td class="occupe"><span class="heure">${clock}</span> complet</td>`;
  const seconds = parisInstant(input.day, input.time) / 1000;
  const words = `${weekdayName(input.day)} ${frenchDate(input.day)} à ${clock}`;
  return html`<td class="libre">
    <span class="heure">${clock}</span> <a href="${input.base}/5/${seconds}" title="${words}">libre</a>
  </td>`;
}

/** The table of one week as the module's own script receives it. Its legend says "libre" whatever the week holds. */
export function calendarFragment(
  now: number,
  shown: { readonly base: string; readonly offset: number; readonly openings: readonly Opening[] },
): Markup {
  const first = plusDays(parisDay(now), shown.offset);
  const days = [0, 1, 2, 3, 4, 5, 6].map((step) => plusDays(first, step));
  const freeAt = new Set(
    shown.openings.flatMap((opening) =>
      openingDays(now, opening).flatMap((day) => opening.times.map((time) => `${day} ${time}`)),
    ),
  );
  return html`<table class="planning">
      <thead>
        <tr>
          <th colspan="7">Du ${weekdayName(first)} ${frenchDate(first)} au ${frenchDate(plusDays(first, 6))}</th>
        </tr>
        <tr>
          ${days.map((day) => html`<th>${weekdayName(day)} ${frenchDayMonth(day)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${ROWS.map(
          (time) =>
            html`<tr>
              ${days.map((day) => cell({ base: shown.base, day, time, isFree: freeAt.has(`${day} ${time}`) }))}
            </tr> `,
        )}
      </tbody>
    </table>
    <div class="legende">
      <strong>Légende</strong> : <span class="carre_libre">libre</span> –
      <span class="carre_occupe">non disponible</span>
    </div>`;
}

function bandOf(offset: number, days: number): LeadBand {
  if (offset > 61) return 'from62';
  if (offset > 31) return 'from32to61';
  return days > 1 ? 'within31_several' : 'within31_single';
}

/** What an honest reader says of a planning with one open week, read at that week. */
export function expectOpening(opening: Opening): (now: number) => Expectation {
  return (now) => {
    const days = openingDays(now, opening);
    const [firstDate, secondDate] = days;
    return {
      outcome: 'slots',
      facets: {
        leadBand: bandOf(opening.offset, days.length),
        ...(firstDate === undefined ? {} : { firstDate }),
        ...(secondDate === undefined ? {} : { secondDate }),
        distinctDays: days.length,
        slotCount: days.length * opening.times.length,
      },
    };
  };
}

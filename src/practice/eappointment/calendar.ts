import { html } from 'hono/html';
import type { Facets, LeadBand } from '../../core/reading.ts';
import { openDays, parisDay, plusDays } from '../shared/paris.ts';
import type { Markup } from '../shared/sites.ts';

/** Names of months as the datepicker's language file has them, in one string a language. */
const FRENCH = 'Janvier Février Mars Avril Mai Juin Juillet Août Septembre Octobre Novembre Décembre';
export const ENGLISH = 'January February March April May June July August September October November December';

/** Open days on which something is free. */
export interface Plan {
  /** Days from today of the first; negative for an old copy of the page. */
  readonly fromDays: number;
  readonly count: number;
  readonly leadBand: LeadBand;
}

export function daysOf(now: number, { fromDays, count }: Plan): readonly string[] {
  return openDays(plusDays(parisDay(now), fromDays), count);
}

export function facetsOf(now: number, plan: Plan): Facets {
  const [firstDate, secondDate] = daysOf(now, plan);
  return {
    leadBand: plan.leadBand,
    ...(firstDate === undefined ? {} : { firstDate }),
    ...(secondDate === undefined ? {} : { secondDate }),
    distinctDays: plan.count,
    slotCount: null,
  };
}

/** Two months from the month of the first day on: twenty open days never reach a third. */
export function datepicker(from: string, free: readonly string[], months: string = FRENCH): Markup {
  const first = `${from.slice(0, 7)}-01`;
  const second = `${plusDays(first, 31).slice(0, 7)}-01`;
  return html`<div
    id="ui-datepicker-div"
    class="ui-datepicker ui-widget ui-widget-content ui-helper-clearfix ui-corner-all ui-datepicker-multi-2 ui-datepicker-multi"
  >
    ${month(first, free, months, 'first')}${month(second, free, months, 'last')}
  </div>`;
}

function month(first: string, free: readonly string[], months: string, place: string): Markup {
  const name = months.split(' ')[Number(first.slice(5, 7)) - 1] ?? '';
  return html`<div class="ui-datepicker-group ui-datepicker-group-${place}">
    <div class="ui-datepicker-header ui-widget-header ui-helper-clearfix">
      <div class="ui-datepicker-title">
        <span class="ui-datepicker-month">${name}</span>&nbsp;<span class="ui-datepicker-year"
          >${first.slice(0, 4)}</span
        >
      </div>
    </div>
    <table class="ui-datepicker-calendar">
      <thead>
        <tr>
          ${['L', 'M', 'M', 'J', 'V', 'S', 'D'].map((day) => html`<th scope="col"><span>${day}</span></th>`)}
        </tr>
      </thead>
      <tbody>
        ${weeksOf(first).map(
          (week) =>
            html`<tr>
              ${week.map((day) => cell(day, first, free))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

/** Whole weeks from Monday to Sunday around a month. */
function weeksOf(first: string): readonly (readonly string[])[] {
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % 7;
  const weeks: string[][] = [];
  for (let monday = plusDays(first, -weekday); monday < plusDays(first, 28) || isIn(monday, first);) {
    const start = monday;
    weeks.push([0, 1, 2, 3, 4, 5, 6].map((offset) => plusDays(start, offset)));
    monday = plusDays(monday, 7);
  }
  return weeks;
}

const isIn = (day: string, first: string): boolean => day.slice(0, 7) === first.slice(0, 7);

/** The class `" undefined"` of a free day is the site's own slip. */
function cell(day: string, first: string, free: readonly string[]): Markup {
  if (!isIn(day, first))
    return html`<td class=" ui-datepicker-other-month ui-datepicker-unselectable ui-state-disabled">&#xa0;</td>`;
  const number = String(Number(day.slice(8)));
  return free.includes(day)
    ? html`<td class=" undefined">
        <a class="ui-state-default" href="#" onclick="return selectDay(this)">${number}</a>
      </td>`
    : html`<td class=" ui-datepicker-unselectable ui-state-disabled undefined">
        <span class="ui-state-default">${number}</span>
      </td>`;
}

import { html } from 'hono/html';

import { daysIn, plusDays } from '../../../core/local-time.ts';
import type { DayPoint, Period } from '../../../stats/figures.ts';
import type { Markup } from '../../frame.ts';
import type { Here } from '../frame.ts';
import { at, keyOf, marks, rect } from './svg.ts';

const WIDTH = 640;
const HEIGHT = 134;
const BASE = 100;

/** From the foot of a bar to its head; what was planned and is none of these is "not measured". */
const LAYERS = [
  { name: 'yes', of: (day: DayPoint) => day.slots },
  { name: 'up', of: (day: DayPoint) => day.operational },
  { name: 'no', of: (day: DayPoint) => day.noSlots + day.suspended + day.moved },
  { name: 'fault-fill', of: (day: DayPoint) => day.fault },
  { name: 'gate', of: (day: DayPoint) => day.gate },
] as const;

/** At least so many days are shown, so that a young instance does not draw one broad bar. */
const LEAST_DAYS = 30;

/** Every day of the period from the first that has checks on: a day without any is there, and empty. */
export function everyDay(days: readonly DayPoint[], { from, to }: Period): DayPoint[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const first = days[0]?.day ?? to;
  const least = plusDays(to, 1 - LEAST_DAYS);
  const start = [first, least].toSorted()[0] ?? first;
  const begin = start < from ? from : start;
  return Array.from({ length: daysIn({ from: begin, to }) }, (_, index) => {
    const day = plusDays(begin, index);
    return known.get(day) ?? { day, ...NOTHING };
  });
}

const NOTHING: Omit<DayPoint, 'day'> = {
  planned: 0,
  slots: 0,
  noSlots: 0,
  suspended: 0,
  moved: 0,
  operational: 0,
  fault: 0,
  gate: 0,
  unmeasured: 0,
  softBlocked: 0,
};

/** Each day's checks by what they saw, as shares of what was planned. A day without any is white. */
export function timeline(here: Here, days: readonly DayPoint[], kind: 'slots' | 'service'): Markup {
  const { words, format } = here;
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined) return html`<p>${words.states.not_measured}</p>`;
  const step = WIDTH / days.length;
  const bars = days.map((day, index) => barOf(day, index * step, Math.max(1, step - (step > 4 ? 1 : 0.2))));
  const text = words.charts.timelineText(format.day(first.day), format.day(last.day));
  const middle = days[Math.floor(days.length / 2)];
  const labels = [
    [0, 'start', first],
    [WIDTH / 2, 'middle', middle],
    [WIDTH, 'end', last],
  ] as const;
  return html`<figure class="chart">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${text}" direction="ltr">
      ${marks(bars)}
      <path class="axis" d="M0 ${BASE}.5H${WIDTH}" />
      ${labels.map(([x, anchor, day]) =>
        day === undefined
          ? ''
          : html`<text x="${at(x)}" y="126" text-anchor="${anchor}">${format.shortDay(day.day)}</text>`,
      )}
    </svg>
    <figcaption>${text}</figcaption>
    ${keyOf(keyEntries(here, kind))}
  </figure>`;
}

function barOf(day: DayPoint, x: number, width: number): string {
  const counted = LAYERS.reduce((sum, { of }) => sum + of(day), 0);
  const all = Math.max(day.planned, counted);
  if (all === 0) return rect('gap', { x, y: 0, width, height: BASE });
  let foot = BASE;
  const layers = LAYERS.map(({ name, of }) => {
    const height = (of(day) / all) * BASE;
    foot -= height;
    return height === 0 ? '' : rect(name, { x, y: foot, width, height });
  });
  return `${layers.join('')}${foot > 0.5 ? rect('unmeasured', { x, y: 0, width, height: foot }) : ''}`;
}

function keyEntries({ words: { charts } }: Here, kind: 'slots' | 'service'): { name: string; words: string }[] {
  const seen =
    kind === 'slots'
      ? [
          { name: 'yes', words: charts.slots },
          { name: 'no', words: charts.noSlots },
        ]
      : [{ name: 'up', words: charts.works }];
  return [
    ...seen,
    { name: 'fault-fill', words: charts.fault },
    { name: 'gate', words: charts.gate },
    { name: 'unmeasured', words: charts.unmeasured },
  ];
}

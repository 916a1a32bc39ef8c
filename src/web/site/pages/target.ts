import { html } from 'hono/html';

import { LocalTime, PARIS } from '../../../core/local-time.ts';
import type { TargetFigures } from '../../../stats/figures.ts';
import type { PublicDrought } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import { departmentLine, MESSAGE_WORDS, procedureName } from '../../subscribe/summary.ts';
import { heatMap } from '../charts/heat.ts';
import { hoursChart } from '../charts/hours.ts';
import { monthTrend } from '../charts/months.ts';
import { hatches } from '../charts/svg.ts';
import { everyDay, timeline } from '../charts/timeline.ts';
import { embedSection } from '../embed.ts';
import { begun } from '../format.ts';
import { pageOf, type Here } from '../frame.ts';
import type { PictureSize } from '../pictures/pictures.ts';
import { THUMBNAIL } from '../pictures/thumbnail.ts';
import { figure, measuredSection, missingLine } from '../parts/measured.ts';
import { nowNote } from '../parts/now.ts';
import { dataTable, dayTable, type Fact } from '../parts/tables.ts';
import { NOW_WORDS } from '../words/now.ts';

export const CAPTURES_SHOWN = 3;

export function targetPage(here: Here, target: TargetFigures): Markup {
  const { words, language } = here;
  const { id, department, prefecture, procedure, label } = target.target;
  // Its Latin words keep their own direction within Arabic.
  const place = MESSAGE_WORDS[language].isolate(prefecture ?? department ?? id);
  const title = begun(`${procedureName(procedure, language)} – ${place}`);
  const days = everyDay(target.timeline, target.provenance.period);
  return pageOf(
    here,
    { title, provenance: target.provenance, hasSeries: true, description: `${title}. ${words.share.meaning}` },
    html`${hatches()} ${label === null ? '' : html`<p class="lede"><bdi lang="fr">${label}</bdi></p>`}
      ${nowNote(here, target.now)}
      <h2>${words.target.question}</h2>
      ${measuredSection(here, target, { how: howKnown(here, target), facts: addresses(here, target) })}
      <h2>${words.target.drought}</h2>
      ${droughtSection(here, target)}
      <h2>${words.charts.timeline}</h2>
      ${timeline(here, days, 'slots')} ${dayTable(here, days, 'slots')}
      <h2>${words.charts.months}</h2>
      ${monthTrend(here, target.months)}
      <h2>${words.charts.heat}</h2>
      ${heatMap(here, target.releases)}
      <h2>${words.target.lead}</h2>
      ${leadSection(here, target)}
      <h2>${words.target.exhaustion}</h2>
      ${exhaustionSection(here, target)}
      <h2>${words.target.blindness}</h2>
      ${blindnessSection(here, target)}
      <h2>${words.target.attempts}</h2>
      ${attemptsSection(here, target)}
      <h2>${words.target.captures}</h2>
      ${capturesSection(here, target)} ${embedSection(here)}`,
  );
}

/** In one breath with the figure: from how many looks, and that it promises nothing. */
function howKnown({ words, format, link }: Here, { measured, provenance }: TargetFigures): Markup {
  const { coverage } = measured;
  const { period, firstAt } = provenance;
  // A page that has been watched for a week is not said to have been looked at for ninety days.
  const first = firstAt === null ? period.from : new LocalTime(PARIS).dayOf(firstAt);
  const from = first < period.from ? period.from : first;
  const text = words.target.howText(
    format.count(coverage.of),
    format.count(coverage.count),
    format.day(from),
    format.day(period.to),
  );
  return html`<p>
    <strong>${words.target.how}</strong> ${text} <a href="${link('method/')}">${words.home.how}</a>.
    ${words.target.notAPromise}
  </p>`;
}

function addresses(here: Here, { target, now, lastSlotsDay, lastObservedDay }: TargetFigures): readonly Fact[] {
  const { words, format, language } = here;
  const day = (value: string | null): string | Markup =>
    value === null ? words.target.notSeen : html`<time datetime="${value}">${format.day(value)}</time>`;
  const department: readonly Fact[] =
    target.department === null
      ? []
      : [
          [
            words.map.department,
            html`<a href="${here.link(`department/${target.department}/`)}"
              >${departmentLine(target.department, language)}</a
            >`,
          ],
        ];
  return [
    ...department,
    [
      words.target.official,
      html`<a href="${target.address}" rel="external nofollow noreferrer"><bdi>${target.address}</bdi></a>`,
    ],
    [words.target.lastSlots, day(lastSlotsDay)],
    [words.target.lastObserved, day(lastObservedDay)],
    ...measuredFact(here, now),
  ];
}

function measuredFact({ language, format }: Here, now: TargetFigures['now']): readonly Fact[] {
  if (now === null || now.measuredAt === null) return [];
  const { measuredAt } = now;
  const time = html`<time datetime="${new Date(measuredAt).toISOString()}">${format.instant(measuredAt)}</time>`;
  return [[NOW_WORDS[language].lastMeasured, time]];
}

/** S6, in its exact wording. */
function droughtSection(here: Here, { now, drought: { current: last, longest } }: TargetFigures): Markup {
  const { words } = here;
  // What lasted when it was measured last is not said of now.
  const current = now === null || now.state === 'measured' ? last : null;
  if (current === null && longest === null) return html`<p>${words.target.droughtNone}</p>`;
  const isSame = current !== null && longest !== null && current.firstDay === longest.firstDay;
  return html`${current === null ? '' : droughtLine(here, words.target.droughtNow, current)}
  ${longest === null || isSame ? '' : droughtLine(here, words.target.droughtLongest, longest)}`;
}

function droughtLine({ words: { target }, format }: Here, lead: string, drought: PublicDrought): Markup {
  const { checks, firstDay, lastDay, longestGapMs, begins, ends } = drought;
  const text = target.droughtText(
    format.count(checks),
    format.day(firstDay),
    format.day(lastDay),
    format.duration(longestGapMs),
  );
  return html`<p><strong>${lead}</strong> ${text}.</p>
    <p class="quiet">${target.begins[begins]}; ${target.ends[ends]}.</p>`;
}

function leadSection(here: Here, { leadTime }: TargetFigures): Markup {
  const { words, format } = here;
  if (leadTime.kind === 'insufficient') return tooLittle(here, words.target.leadShort, leadTime.missing);
  const { medianDays, quartileLowDays, quartileHighDays, checks, over31, over61, over90 } = leadTime;
  const text = words.target.leadText(
    format.decimal(medianDays),
    format.decimal(quartileLowDays),
    format.decimal(quartileHighDays),
    format.count(checks),
  );
  const shares = [
    ['31', over31],
    ['61', over61],
    ['90', over90],
  ] as const;
  return html`<p>${text}</p>
    <ul>
      ${shares.map(([days, share]) => html`<li>${words.target.leadOver(days, format.percent(share))}</li>`)}
    </ul>`;
}

function exhaustionSection(here: Here, { exhaustion }: TargetFigures): Markup {
  const { words, format } = here;
  if (exhaustion.kind === 'insufficient') return tooLittle(here, words.target.leadShort, exhaustion.missing);
  const { medianLowMs, medianHighMs, openings } = exhaustion;
  const low = format.duration(medianLowMs);
  const count = format.count(openings);
  if (medianHighMs === null) return html`<p>${words.target.exhaustionOpen(low, count)}</p>`;
  return html`<p>${words.target.exhaustionText(low, format.duration(medianHighMs), count)}</p>`;
}

function tooLittle(
  here: Here,
  lead: string,
  missing: Parameters<typeof missingLine>[1][] | readonly Parameters<typeof missingLine>[1][],
): Markup {
  return html`<p>${lead}</p>
    <ul>
      ${missing.map((one) => html`<li>${missingLine(here, one)}</li>`)}
    </ul>`;
}

/** S9: stands beside every count of appearances. */
function blindnessSection(here: Here, { blindness: { intervalMs, chances } }: TargetFigures): Markup {
  const { words, format } = here;
  const rows = chances.map(({ openForMs, chance }) => [
    format.duration(openForMs),
    figure(chance, format.percent(chance)),
  ]);
  return html`<p>${words.target.blindnessText(format.duration(intervalMs))}</p>
    ${dataTable({ caption: words.target.chance, head: [words.target.openFor, words.target.chance], rows })}`;
}

function attemptsSection(here: Here, { attempts }: TargetFigures): Markup {
  const { words, format } = here;
  const { checks, days, weeks, firstAt, lastAt, longestGapMs } = attempts;
  const span =
    firstAt === null || lastAt === null
      ? ''
      : words.target.attemptsSpan(
          format.instant(firstAt),
          format.instant(lastAt),
          longestGapMs === null ? words.frame.none : format.duration(longestGapMs),
        );
  return html`<p>${words.target.attemptsText(format.count(checks), format.count(days), format.count(weeks))} ${span}</p>
    ${hoursChart(here, attempts)}`;
}

function capturesSection(here: Here, { captures, target }: TargetFigures): Markup {
  const { words, format } = here;
  if (captures.length === 0) return html`<p>${words.target.capturesNone}</p>`;
  const shots = captures.map(({ checkId, day, outcome }) => {
    const address = (size: PictureSize): string => here.fromRoot(capturePath(target.id, checkId, size));
    const text = words.target.capture(format.day(day), words.outcomes[outcome]);
    return html`<li>
      <a href="${address('whole')}"
        ><img
          src="${address('small')}"
          alt="${text}"
          loading="lazy"
          decoding="async"
          width="${THUMBNAIL.width}"
          height="${THUMBNAIL.height}"
      /></a>
      <span class="quiet">${text}</span>
    </li>`;
  });
  return html`<p>${words.target.capturesText}</p>
    <ul class="shots">
      ${shots}
    </ul>`;
}

export function capturePath(targetId: string, checkId: number, size: PictureSize): string {
  return `captures/${targetId}/${checkId}${size === 'small' ? '-small' : ''}.png`;
}

import { html } from 'hono/html';

import { departmentName } from '../../../core/department-names.ts';
import type { MapEntry, NationalFigures, ServiceSummary } from '../../../stats/figures.ts';
import type { Proportion } from '../../../stats/results.ts';
import type { Markup } from '../../frame.ts';
import { hatches } from '../charts/svg.ts';
import { monthTrend } from '../charts/months.ts';
import { everyDay, timeline } from '../charts/timeline.ts';
import { pageOf, subscribeLink, type Here } from '../frame.ts';
import { franceMap, mapLegend } from '../map/map.ts';
import type { Outlines } from '../map/outlines.ts';
import { figure, oftenLine, shareWords, shortShareCell } from '../parts/measured.ts';
import { notMeasured, nowNote } from '../parts/now.ts';
import { outageTable } from '../parts/outages.ts';
import { dataTable } from '../parts/tables.ts';
import { NOW_WORDS } from '../words/now.ts';

const OUTAGES_SHOWN = 3;

export function homePage(here: Here, national: NationalFigures, outlines: Outlines): Markup {
  const { words } = here;
  const days = everyDay(national.timeline, national.provenance.period);
  const anef = national.services.find(({ platform }) => platform === 'anef');
  const others = national.services.filter(({ platform }) => platform !== 'anef');
  return pageOf(
    here,
    { title: words.home.title, current: 'home', provenance: national.provenance },
    html`<p class="lede">${words.home.lede} <a href="${here.link('method/')}">${words.home.how}</a></p>
      <p><a class="find" href="#departments">${words.home.find}</a></p>
      ${nowNote(here, national.targets === 0 ? null : national.now)} ${cards(here, national, anef)} ${hatches()}
      <h2>${words.map.title}</h2>
      <div class="two">
        ${franceMap(here, national.map, outlines)}
        <div>${mapLegend(here)}</div>
      </div>
      ${departmentTable(here, national.map)}
      <h2>${words.home.cards.anef}</h2>
      ${anef === undefined ? html`<p>${words.home.doorUnknown}</p>` : anefSection(here, anef)}
      ${others.length === 0 ? '' : otherServices(here, others)}
      <h2>${words.charts.timeline}</h2>
      ${timeline(here, days, 'slots')}
      <h2>${words.charts.months}</h2>
      ${monthTrend(here, national.months)} ${alertsSection(here)} ${officialSection(here)}`,
  );
}

/** The page in ten seconds: was there a slot, could one look at all, does ANEF open, what is watched. */
function cards(here: Here, national: NationalFigures, anef: ServiceSummary | undefined): Markup {
  const { words, format } = here;
  const { cards: say } = words.home;
  const state = national.targets === 0 ? 'not_measured' : national.measured.share.kind;
  const { lead, lines } = shareWords(here, { state, measured: national.measured });
  const { gates } = national.measured;
  const gate = gates.share === null ? html`–` : figure(gates.share, format.percent(gates.share));
  return html`<ul class="figures">
    <li class="is-slots">
      <h2>${say.slots}</h2>
      <span class="big">${lead}</span>
      ${national.measured.share.kind === 'insufficient' ? '' : html`<p>${say.slotsText}</p>`}
      ${oftenLine(here, { state, measured: national.measured })} ${coverageLine(here, national.measured.coverage)}
      ${lines.slice(0, 2).map((line) => html`<p>${line}</p>`)}
    </li>
    <li class="is-gate">
      <h2>${say.gates}</h2>
      <span class="big">${gate}</span>
      <p>${say.gatesText}</p>
    </li>
    ${anefCard(here, anef)}
    <li>
      <h2>${say.watched}</h2>
      <span class="big">${format.count(national.targets)}</span>
      <p>
        ${say.watchedText(
          format.count(national.targets),
          format.count(national.departmentsMeasured),
          format.count(national.map.filter((entry) => entry.state === 'no_hits').length),
        )}
      </p>
    </li>
  </ul>`;
}

/** S3 stands beside S1 wherever that stands. */
function coverageLine({ words, format }: Here, { share }: Proportion): Markup {
  if (share === null) return html``;
  return html`<p>${words.beside.coverage}${words.frame.colon}${figure(share, format.percent(share))}</p>`;
}

function anefCard(here: Here, anef: ServiceSummary | undefined): Markup {
  const { words, format } = here;
  if (anef === undefined)
    return html`<li>
      <h2>${words.home.cards.anef}</h2>
      <span class="big">${words.home.doorUnknown}</span>
    </li>`;
  const color = anef.now.state === 'measured' ? (anef.lasting === 0 ? 'is-up' : 'is-down') : '';
  return html`<li class="${color}">
    <h2>${words.home.cards.anef}</h2>
    <span class="big">${doorWords(here, anef)}</span>
    ${anef.uptime.kind === 'uptime' ? html`<p>${words.home.uptime(format.percent(anef.uptime.share))}</p>` : ''}
    <p>${words.home.doorMeans}</p>
  </li>`;
}

/** How a service is now; or since when nobody can say, of all of its steps or of some. */
export function doorWords(here: Here, { now, unmeasured, lasting, steps, uptime }: ServiceSummary): string {
  const { words, format, language } = here;
  const said = notMeasured(here, now);
  if (said !== null) return uptime.checks === 0 && now.measuredAt === null ? words.home.doorUnknown : said;
  const [failing, of] = [format.count(lasting), format.count(steps)];
  const door = lasting > 0 ? words.home.doorFails(failing, of) : words.home.doorOpens;
  return unmeasured === 0 ? door : `${door}. ${NOW_WORDS[language].steps(format.count(unmeasured), of)}`;
}

function departmentTable(here: Here, entries: readonly MapEntry[]): Markup {
  const { words, format } = here;
  const watched = entries.filter(({ targets }) => targets > 0);
  const others = entries.filter(({ targets }) => targets === 0);
  const rows = watched.map((entry) => [
    departmentLink(here, entry.department),
    shortShareCell(here, entry),
    proportionShort(here, entry.measured.coverage),
    format.count(entry.targets),
  ]);
  const head = [words.map.department, words.map.state, words.beside.coverage, words.map.pages];
  return html`<div id="departments"></div>
    ${watched.length === 0 ? '' : dataTable({ caption: words.map.table, head, rows, isCards: true, isTitled: true, isPlain: true })}
    <details>
      <summary>${words.map.notMeasured} (${format.count(others.length)})</summary>
      <ul class="departments">
        ${others.map(({ department }) => html`<li>${departmentLink(here, department)}</li>`)}
      </ul>
    </details>`;
}

function proportionShort({ format }: Here, { share }: Proportion): Markup {
  return share === null ? html`–` : figure(share, format.percent(share));
}

function departmentLink(here: Here, code: string): Markup {
  const name = departmentName(code);
  return html`<a href="${here.link(`department/${code}/`)}"
    ><bdi lang="fr">${name === null ? code : `${code} ${name}`}</bdi></a
  >`;
}

function anefSection(here: Here, anef: ServiceSummary): Markup {
  const { words, format } = here;
  const shown = anef.outages.slice(0, OUTAGES_SHOWN);
  const uptime =
    anef.uptime.kind === 'uptime' ? html`<p>${words.home.uptime(format.percent(anef.uptime.share))}</p>` : '';
  return html`<p><strong>${doorWords(here, anef)}.</strong> ${words.home.doorMeans}</p>
    ${uptime} ${outageTable(here, shown, { caption: words.home.outages, nameOf: null })}
    <p><a href="${here.link('service/anef/')}">${words.home.allOutages}</a></p>`;
}

function otherServices(here: Here, services: readonly ServiceSummary[]): Markup {
  const rows = services.map((service) => [
    html`<a href="${here.link(`service/${service.platform}/`)}"><bdi>${service.platform}</bdi></a>`,
    doorWords(here, service),
    service.uptime.kind === 'uptime'
      ? figure(service.uptime.share, here.format.percent(service.uptime.share))
      : here.words.share.insufficient,
  ]);
  const { home, map, service } = here.words;
  return dataTable({
    caption: home.services,
    head: [service.what, map.state, service.uptime],
    rows,
    isCards: true,
    isTitled: true,
  });
}

function alertsSection(here: Here): Markup {
  const link = subscribeLink(here);
  if (link === null) return html``;
  const { home } = here.words;
  return html`<h2>${home.alertsTitle}</h2>
    <p>${home.alertsText} <a href="${link}">${home.alertsLink}</a></p>`;
}

function officialSection({ prose: { official } }: Here): Markup {
  const rows = official.rows.map(({ what, figure: quoted, source, checked, address }) => [
    what,
    quoted,
    address === null ? source : html`<a href="${address}" rel="external noreferrer">${source}</a>`,
    checked,
  ]);
  const head = [official.what, official.figure, official.source, official.checked];
  return html`<h2>${official.title}</h2>
    <p>${official.lede}</p>
    ${dataTable({ caption: official.title, head, rows, isCards: true })}
    <p>${official.none}</p>`;
}

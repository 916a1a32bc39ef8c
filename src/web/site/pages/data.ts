import { html } from 'hono/html';

import type { Markup } from '../../frame.ts';
import { citation } from '../../open-data/licence.ts';
import { TABLES, type Table } from '../../open-data/tables.ts';
import { DATA_WORDS } from '../../open-data/words/speak.ts';
import { pageOf, type Here } from '../frame.ts';
import { dataTable } from '../parts/tables.ts';

const FORMATS = ['csv', 'json', 'parquet'] as const;
/** For spreadsheets set to French. */
const FRENCH_CSV = '?separator=%3B&bom=1';

/** Tables that can be had without naming a target. */
export const DOWNLOADS: readonly Table[] = TABLES.filter(({ needsTarget }) => !needsTarget);

/** Where a table of the usual period is, from the root of the site. */
export function downloadPath({ name }: Table, format: (typeof FORMATS)[number]): string {
  return `api/v1/tables/${name}.${format}`;
}

/** Everything that can be taken away: files, their columns, terms, and how to cite. */
export function dataPage(here: Here, today: string): Markup {
  const { data } = here.words;
  const { facts } = here;
  const head = [data.file, data.what];
  return pageOf(
    here,
    { title: data.title, current: 'data', description: data.lede },
    html`<p class="lede">${data.lede}</p>
      <h2>${data.rules}</h2>
      <ul>
        ${data.rulesText.map((text) => html`<li>${text}</li>`)}
      </ul>
      <h2>${data.downloads}</h2>
      ${dataTable({ caption: data.downloads, head, rows: DOWNLOADS.map((table) => fileRow(here, table)), isCards: true })}
      <h2>${data.licence}</h2>
      <p>
        <a href="https://www.etalab.gouv.fr/licence-ouverte-open-licence/" rel="external license"
          >${data.licenceText}</a
        >
      </p>
      <h2>${data.citation}</h2>
      <blockquote lang="en" dir="ltr">${citation(facts.publisher, today)}</blockquote>
      ${facts.isStatic ? '' : apiSection(here)} ${DOWNLOADS.map((table) => columnTable(here, table))}`,
  );
}

function fileRow(here: Here, table: Table): readonly Markup[] {
  const { title, meaning } = DATA_WORDS[here.language].tables[table.name];
  const link = (format: (typeof FORMATS)[number], query: string, words: string): Markup =>
    html`<a href="${here.fromRoot(downloadPath(table, format))}${query}"><bdi>${words}</bdi></a>`;
  const french = here.facts.isStatic ? '' : html` · ${link('csv', FRENCH_CSV, 'CSV (;)')}`;
  return [
    html`${title}
      <small
        >${FORMATS.map((format, index) => html`${index === 0 ? '' : ' · '}${link(format, '', format.toUpperCase())}`)}${french}</small
      >`,
    html`${meaning}`,
  ];
}

function apiSection({ words: { data }, fromRoot }: Here): Markup {
  return html`<h2>${data.api}</h2>
    <p>
      ${data.apiText} <a href="${fromRoot('api/v1/openapi.json')}"><bdi>openapi.json</bdi></a> ·
      <a href="${fromRoot('api/v1/datapackage.json')}"><bdi>datapackage.json</bdi></a> ·
      <a href="${fromRoot('api/v1/dcat.jsonld')}"><bdi>DCAT</bdi></a> ·
      <a href="${fromRoot('api/v1/outages.atom')}"><bdi>Atom</bdi></a>
    </p>`;
}

function columnTable({ words: { data, frame }, language }: Here, { name: table, columns }: Table): Markup {
  const words = DATA_WORDS[language];
  const rows = columns.map(({ name, type }) => [
    html`<code dir="ltr">${name}</code>`,
    html`${words.columns[name]} <small>${data.types[type]}</small>`,
  ]);
  const caption = `${data.columns}${frame.colon}${words.tables[table].title}`;
  return html`<details>
    <summary>${caption}</summary>
    ${dataTable({ caption, head: [data.column, data.meaning], rows, isCards: true })}
  </details>`;
}

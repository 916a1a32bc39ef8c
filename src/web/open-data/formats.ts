import { setImmediate } from 'node:timers/promises';
import { stringify } from 'csv-stringify/sync';
import { parquetWriteBuffer } from 'hyparquet-writer';

import type { Cell, Column, Table, TableAnswer } from './tables.ts';

/** One table in each of its formats. */

export const FORMATS = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
} as const;

export type Format = keyof typeof FORMATS;

export interface CsvOptions {
  /** Spreadsheets set to French take `;` for a border between cells. */
  readonly separator: ',' | ';';
  /** Excel takes a file for UTF-8 only with one. */
  readonly hasBom: boolean;
}

const PLAIN_CSV: CsvOptions = { separator: ',', hasBom: false };

/** Rows that are written in one go: a large table must not keep checks and other readers waiting. */
const SLICE = 2_000;

export async function write(
  table: Table,
  answer: TableAnswer,
  format: Format,
  csv: CsvOptions = PLAIN_CSV,
): Promise<Uint8Array> {
  switch (format) {
    case 'json':
      return new TextEncoder().encode(await jsonOf(table, answer));
    case 'csv':
      return new TextEncoder().encode(await csvOf(table, answer, csv));
    case 'parquet':
      return new Uint8Array(parquetOf(table, answer));
    default:
      return format satisfies never;
  }
}

type Rows = TableAnswer['rows'];

/** The texts of all rows, slice by slice, with room for others in between. */
async function inSlices(rows: Rows, textOf: (slice: Rows) => string): Promise<string[]> {
  const texts: string[] = [];
  for (let at = 0; at < rows.length; at += SLICE) {
    if (at > 0) await setImmediate();
    texts.push(textOf(rows.slice(at, at + SLICE)));
  }
  return texts;
}

async function jsonOf({ name, columns }: Table, { provenance, rows }: TableAnswer): Promise<string> {
  const objectOf = (row: readonly Cell[]): object =>
    Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null]));
  const texts = await inSlices(rows, (slice) => slice.map((row) => JSON.stringify(objectOf(row))).join(','));
  return `{"table":${JSON.stringify(name)},"provenance":${JSON.stringify(provenance)},"rows":[${texts.join(',')}]}\n`;
}

/** RFC 4180. A cell that a spreadsheet would run as a formula is written with an apostrophe before it. */
async function csvOf({ columns }: Table, { rows }: TableAnswer, { separator, hasBom }: CsvOptions): Promise<string> {
  const lines = (slice: Rows, bom: boolean): string =>
    stringify(
      slice.map((row) => [...row]),
      {
        delimiter: separator,
        bom,
        escape_formulas: true,
        record_delimiter: '\r\n',
        cast: { boolean: String },
      },
    );
  const head = lines([columns.map(({ name }) => name)], hasBom);
  return [head, ...(await inSlices(rows, (slice) => lines(slice, false)))].join('');
}

const PARQUET_TYPES = {
  string: 'STRING',
  integer: 'INT32',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'STRING',
  datetime: 'STRING',
} as const satisfies Record<Column['type'], string>;

/** Days and instants are ISO 8601 text, as in the other formats: one query reads all of them. */
function parquetOf(table: Table, { rows, provenance }: TableAnswer): ArrayBuffer {
  return parquetWriteBuffer({
    columnData: table.columns.map(({ name, type, isNullable }, at) => ({
      name,
      type: PARQUET_TYPES[type],
      nullable: isNullable,
      data: rows.map((row) => row[at] ?? null),
    })),
    kvMetadata: [
      { key: 'table', value: table.name },
      { key: 'from', value: provenance.period.from },
      { key: 'to', value: provenance.period.to },
      { key: 'practice', value: String(provenance.practice) },
      { key: 'licence', value: 'etalab-2.0' },
    ],
  });
}

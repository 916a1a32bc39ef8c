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

export function write(table: Table, answer: TableAnswer, format: Format, csv: CsvOptions = PLAIN_CSV): Uint8Array {
  switch (format) {
    case 'json':
      return new TextEncoder().encode(`${JSON.stringify(jsonOf(table, answer))}\n`);
    case 'csv':
      return new TextEncoder().encode(csvOf(table, answer, csv));
    case 'parquet':
      return new Uint8Array(parquetOf(table, answer));
    default:
      return format satisfies never;
  }
}

function jsonOf({ name, columns }: Table, { provenance, rows }: TableAnswer): object {
  const objectOf = (row: readonly Cell[]): object =>
    Object.fromEntries(columns.map((column, at) => [column.name, row[at] ?? null]));
  return { table: name, provenance, rows: rows.map(objectOf) };
}

/** RFC 4180. A cell that a spreadsheet would run as a formula is written with an apostrophe before it. */
function csvOf({ columns }: Table, { rows }: TableAnswer, { separator, hasBom }: CsvOptions): string {
  return stringify([columns.map(({ name }) => name), ...rows.map((row) => [...row])], {
    delimiter: separator,
    bom: hasBom,
    escape_formulas: true,
    record_delimiter: '\r\n',
    cast: { boolean: String },
  });
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

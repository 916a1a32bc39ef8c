import { createHash } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { plusDays, type LocalDay } from '../../core/local-time.ts';
import type { Figures, Period } from '../../stats/figures.ts';
import { replaceFolder } from '../whole-folder.ts';
import { monthsIn } from './days.ts';
import { dataPackage, dcat, type Resource } from './description.ts';
import { write, type Format } from './formats.ts';
import { citation, LICENCE, type Publisher } from './licence.ts';
import { TABLES, type Table, type TableAnswer } from './tables.ts';

/** Everything that is public as files, with checksums: what an archive keeps, and what a heavy reader takes instead of the API. */

export const DUMP_FILE =
  /^(?:days-\d{4}-\d{2}|shares|departments|outages)\.(?:csv|parquet)$|^(?:datapackage\.json|dcat\.jsonld|LICENCE\.txt|SHA256SUMS)$/;

const FORMATS: readonly Format[] = ['csv', 'parquet'];
const SUMMARY_DAYS = 365;
const LONG_AGO = '2020-01-01';
const SUMS = 'SHA256SUMS';

export interface DumpResult {
  /** The last day that is in it; null when there was nothing yet. */
  readonly until: LocalDay | null;
  readonly files: number;
  readonly bytes: number;
}

interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** As `writeDump`, for a folder that others read meanwhile: all files change in one instant, and a failure changes none. */
export async function replaceDump(folder: string, figures: Figures, publisher: Publisher): Promise<DumpResult> {
  return await replaceFolder(
    folder,
    { isOurs, what: 'daily files of ours' },
    async (draft) => await writeDump(draft, figures, publisher),
  );
}

/** Whole, or with nothing but what a writing that was cut off leaves. */
function isOurs(names: readonly string[]): boolean {
  return names.includes(SUMS) || names.every((name) => DUMP_FILE.test(name.replace(/^\.(.+)\.part$/, '$1')));
}

/** Days that are over only: a month that is over does not change any more, but for later readings. Other files of the folder stay. */
export async function writeDump(folder: string, figures: Figures, publisher: Publisher): Promise<DumpResult> {
  await mkdir(folder, { recursive: true });
  // First: the old ones are true of no new file.
  await rm(join(folder, SUMS), { force: true });
  const until = plusDays(figures.lastDays(1).to, -1);
  const first = (await figures.national({ from: LONG_AGO, to: until })).timeline[0]?.day;
  if (first === undefined) return { until: null, files: 0, bytes: 0 };
  const resources: Resource[] = [];
  const files: Written[] = [];
  const put = async (table: Table, answer: TableAnswer, name: string): Promise<void> => {
    for (const format of FORMATS) {
      const written = await writeWhole(folder, `${name}.${format}`, await write(table, answer, format));
      files.push(written);
      resources.push({ table, format, path: written.name, bytes: written.bytes, sha256: written.sha256 });
    }
  };
  for (const table of TABLES.filter(({ needsTarget }) => !needsTarget)) {
    for (const { name, period } of partsOf(table, { from: first, to: until })) {
      const answer = await table.rows(figures, { period, target: null, department: null });
      if (answer !== null) await put(table, answer, name);
    }
  }
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const described = [
    ['datapackage.json', `${JSON.stringify(dataPackage(publisher, resources, until), null, 2)}\n`],
    ['dcat.jsonld', `${JSON.stringify(dcat(publisher, resources, { day: until, folder: 'dumps/' }), null, 2)}\n`],
    ['LICENCE.txt', `${LICENCE.title}\n${LICENCE.path}\n\n${citation(publisher, until)}\n`],
  ] as const;
  for (const [name, words] of described) files.push(await writeWhole(folder, name, text(words)));
  // Last: who finds it finds everything that it names.
  const sums = files.map(({ name, sha256 }) => `${sha256}  ${name}\n`).join('');
  files.push(await writeWhole(folder, SUMS, text(sums)));
  return { until, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Days go by month, since they only grow; the others tell of the last year. */
function partsOf({ name }: Table, whole: Period): { readonly name: string; readonly period: Period }[] {
  if (name !== 'days') {
    const from = plusDays(whole.to, 1 - SUMMARY_DAYS);
    return [{ name, period: { from: from > whole.from ? from : whole.from, to: whole.to } }];
  }
  return monthsIn(whole).map(({ month, period }) => ({ name: `${name}-${month}`, period }));
}

/** Beside, then in place: a reader meets the old file or the new one, never half of one. */
async function writeWhole(folder: string, name: string, content: Uint8Array): Promise<Written> {
  await writeFile(join(folder, `.${name}.part`), content);
  await rename(join(folder, `.${name}.part`), join(folder, name));
  return { name, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };
}

import { LANGUAGES } from '../../core/subscription.ts';
import { citation, HOST_WORDS, LICENCE, type Publisher } from './licence.ts';
import { FORMATS, type Format } from './formats.ts';
import { TABLES, type Column, type Table } from './tables.ts';
import { DATA_WORDS, type DataWords } from './words/speak.ts';

/** The data set described for machines: a Data Package (Frictionless, v1) and DCAT (W3C, version 3) as JSON-LD. */

export interface Resource {
  readonly table: Table;
  readonly format: Format;
  /** From the description on. */
  readonly path: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

/** What the API itself answers with, over the usual period. */
export function liveResources(): Resource[] {
  const formats: readonly Format[] = ['json', 'csv', 'parquet'];
  return TABLES.filter(({ needsTarget }) => !needsTarget).flatMap((table) =>
    formats.map((format) => ({ table, format, path: `tables/${table.name}.${format}` })),
  );
}

export function dataPackage(publisher: Publisher, resources: readonly Resource[], day: string): object {
  return {
    $schema: 'https://datapackage.org/profiles/1.0/datapackage.json',
    profile: 'data-package',
    name: publisher.practice ? 'guetteur-practice' : 'guetteur',
    title: publisher.practice ? `PRACTICE: ${HOST_WORDS}` : HOST_WORDS,
    homepage: publisher.page,
    created: `${day}T00:00:00Z`,
    licenses: [LICENCE],
    contributors: [{ title: publisher.name, role: 'publisher' }],
    citation: citation(publisher, day),
    resources: resources.map(({ table, format, path, bytes, sha256 }) => ({
      name: path.replace(/^.*\//, '').replaceAll('.', '-').toLowerCase(),
      path,
      title: table.title,
      description: table.meaning,
      format,
      mediatype: FORMATS[format].replace(/;.*/, ''),
      encoding: 'utf-8',
      ...(bytes === undefined ? {} : { bytes }),
      ...(sha256 === undefined ? {} : { hash: `sha256:${sha256}` }),
      ...(format === 'csv' ? { profile: 'tabular-data-resource' } : {}),
      schema: { fields: table.columns.map(fieldOf), primaryKey: table.key, missingValues: [''] },
    })),
  };
}

function inAllLanguages(wordsOf: (words: DataWords) => string): object[] {
  return LANGUAGES.map((language) => ({ '@language': language, '@value': wordsOf(DATA_WORDS[language]) }));
}

function fieldOf({ name, type, meaning, isNullable }: Column): object {
  return { name, type, description: meaning, ...(isNullable ? {} : { constraints: { required: true } }) };
}

/** `folder`: where under `/api/v1/` the resources are; empty, or with a slash at its end. */
export function dcat(
  publisher: Publisher,
  resources: readonly Resource[],
  { day, folder }: { readonly day: string; readonly folder: string },
): object {
  const base = `${publisher.page}api/v1/${folder}`;
  return {
    '@context': {
      dcat: 'http://www.w3.org/ns/dcat#',
      dct: 'http://purl.org/dc/terms/',
      foaf: 'http://xmlns.com/foaf/0.1/',
      spdx: 'http://spdx.org/rdf/terms#',
    },
    '@id': base,
    '@type': 'dcat:Dataset',
    'dct:title': inAllLanguages(({ dataset }) => dataset),
    'dct:description': inAllLanguages(({ tables }) =>
      TABLES.map(({ name }) => `${tables[name].title}: ${tables[name].meaning}`).join(' '),
    ),
    'dct:publisher': { '@type': 'foaf:Agent', 'foaf:name': publisher.name },
    'dct:license': { '@id': LICENCE.path },
    'dct:accrualPeriodicity': { '@id': 'http://publications.europa.eu/resource/authority/frequency/DAILY' },
    'dct:spatial': { '@id': 'http://publications.europa.eu/resource/authority/country/FRA' },
    'dct:modified': day,
    'dct:bibliographicCitation': citation(publisher, day),
    'dcat:landingPage': { '@id': publisher.page },
    'dcat:distribution': resources.map(({ table, format, path, bytes, sha256 }) => ({
      '@type': 'dcat:Distribution',
      'dct:title': `${table.title} (${format})`,
      'dcat:downloadURL': { '@id': `${base}${path}` },
      'dcat:mediaType': FORMATS[format].replace(/;.*/, ''),
      'dct:license': { '@id': LICENCE.path },
      ...(bytes === undefined ? {} : { 'dcat:byteSize': bytes }),
      ...(sha256 === undefined
        ? {}
        : { 'spdx:checksum': { 'spdx:algorithm': 'sha256', 'spdx:checksumValue': sha256 } }),
    })),
  };
}

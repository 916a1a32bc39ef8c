import { z } from 'zod';

import { ENDPOINTS } from './endpoints.ts';
import { FORMATS } from './formats.ts';
import { HOST_WORDS, LICENCE } from './licence.ts';
import * as schemas from './schemas.ts';
import { TABLES, type Column, type Table } from './tables.ts';

/** The OpenAPI 3.1 document, made from what is served. */

const REFERENCE = '#/components/schemas/';
const TABLE_PARAMETERS = {
  from: 'First local day (Europe/Paris)',
  to: 'Last local day, included',
  target: 'Only this target',
  department: 'Only this department',
  separator: 'CSV: , (default) or ;',
  bom: 'CSV: 1 writes a byte order mark, as Excel needs it',
} as const;
export const TABLE_PARAMETER_NAMES = Object.keys(TABLE_PARAMETERS);

type Json = Record<string, unknown>;

export function openApi(version: string): Json {
  return {
    openapi: '3.1.1',
    jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
    info: {
      title: 'Guetteur',
      version,
      summary: HOST_WORDS,
      description:
        'Open to everybody, without a key. Answers carry an ETag: ask again with If-None-Match. A share that may not be printed is not in the answer: read `kind` first.',
      license: { name: LICENCE.title, url: LICENCE.path },
    },
    servers: [{ url: '/api/v1' }],
    paths: { ...figurePaths(), ...Object.fromEntries(TABLES.flatMap(tablePaths)) },
    components: { schemas: components() },
  };
}

function components(): Json {
  const { schemas: known } = z.toJSONSchema(z.globalRegistry, { uri: (id) => `${REFERENCE}${id}`, io: 'output' });
  const found: Json = {};
  for (const [name, schema] of Object.entries(known)) {
    const { $schema: _dialect, $id: _id, ...rest } = schema;
    found[name] = rest;
  }
  for (const table of TABLES) found[tableName(table)] = tableSchema(table);
  return found;
}

function figurePaths(): Json {
  return Object.fromEntries(
    ENDPOINTS.map(({ path, summary, parameters, schema }) => [
      path,
      {
        get: {
          summary,
          operationId: path.replaceAll(/[^a-z]+/g, '_').replace(/^_|_$/g, ''),
          parameters: [...pathParameters(path), ...queryParameters(parameters)],
          responses: responses({
            'application/json': { schema: { $ref: `${REFERENCE}${z.globalRegistry.get(schema)?.id ?? ''}` } },
          }),
        },
      },
    ]),
  );
}

function tablePaths(table: Table): [string, Json][] {
  return Object.entries(FORMATS).map(([format, mediaType]) => {
    const isJson = format === 'json';
    const schema = isJson ? { $ref: `${REFERENCE}${tableName(table)}` } : { type: 'string' };
    const names = Object.entries(TABLE_PARAMETERS).filter(
      ([name]) => format === 'csv' || !['separator', 'bom'].includes(name),
    );
    return [
      `/tables/${table.name}.${format}`,
      {
        get: {
          summary: `${table.title}. ${table.meaning}`,
          operationId: `table_${table.name}_${format}`,
          parameters: queryParameters(Object.fromEntries(names), table.needsTarget ? ['target'] : []),
          responses: responses({ [mediaType.replace(/;.*/, '')]: { schema } }),
        },
      },
    ];
  });
}

function pathParameters(path: string): Json[] {
  return path.includes('{name}') ? [{ name: 'name', in: 'path', required: true, schema: { type: 'string' } }] : [];
}

function queryParameters(parameters: Readonly<Record<string, string>>, required: readonly string[] = []): Json[] {
  return Object.entries(parameters).map(([name, description]) => ({
    name,
    in: 'query',
    description,
    required: required.includes(name),
    schema: { type: 'string' },
  }));
}

function responses(content: Json): Json {
  const failure = (description: string): Json => ({
    description,
    content: {
      'application/problem+json': {
        schema: { $ref: `${REFERENCE}${z.globalRegistry.get(schemas.problem)?.id ?? ''}` },
      },
    },
  });
  return {
    200: { description: 'The answer', content },
    304: { description: 'Not changed' },
    400: failure('The question cannot be answered as it is put'),
    404: failure('There is no such thing'),
    429: failure('Too many questions; Retry-After says when to ask again'),
  };
}

function tableName({ name }: Table): string {
  return `Table${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

function tableSchema({ name, columns }: Table): Json {
  const row = {
    type: 'object',
    additionalProperties: false,
    required: columns.map((column) => column.name),
    properties: Object.fromEntries(columns.map((column) => [column.name, cellSchema(column)])),
  };
  return {
    type: 'object',
    additionalProperties: false,
    required: ['table', 'provenance', 'rows'],
    properties: {
      table: { const: name },
      provenance: { $ref: `${REFERENCE}${z.globalRegistry.get(schemas.provenance)?.id ?? ''}` },
      rows: { type: 'array', items: row },
    },
  };
}

function cellSchema({ type, meaning, isNullable }: Column): Json {
  const isText = type === 'date' || type === 'datetime';
  const name = isText ? 'string' : type;
  return {
    type: isNullable ? [name, 'null'] : name,
    description: meaning,
    ...(type === 'date' ? { pattern: String.raw`^\d{4}-\d{2}-\d{2}$` } : {}),
  };
}

/** The README held against the code: what it lists is what is there, word for word. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { z } from 'zod';

import { answerOf } from '../src/check-answer.ts';
import { loadCommands } from '../src/commands.ts';
import { configShape } from '../src/config/shape.ts';
import type { Check } from '../src/core/check.ts';
import { AppError, ERROR_CODES, type ErrorCode } from '../src/core/errors.ts';
import { GROUPS, OUTCOMES } from '../src/core/outcome.ts';
import { PROCEDURES } from '../src/core/target.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const README = read('README.md');
const FRENCH = read('LISEZMOI.md');

type Row = readonly string[];

function read(name: string): string {
  return fs.readFileSync(path.join(ROOT, name), 'utf8');
}

/** What stands between `<!-- name -->` and `<!-- /name -->`. */
function section(name: string): string {
  const found = new RegExp(`<!-- ${name} -->(.*?)<!-- /${name} -->`, 's').exec(README)?.[1];
  assert.ok(found !== undefined, `README.md has no <!-- ${name} --> … <!-- /${name} -->`);
  return found;
}

/** The rows of the table in a section, its head and the line under it left out. */
function tableIn(name: string): Row[] {
  const lines = section(name)
    .split('\n')
    .filter((line) => line.startsWith('|'));
  return lines.slice(2).map((line) =>
    line
      .slice(1, line.lastIndexOf('|'))
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** Fails with the whole table as the code has it, ready to paste. */
function assertTable(name: string, found: readonly Row[], expected: readonly Row[]): void {
  const is = found.map(asLine);
  const should = expected.map(asLine);
  const longer = is.length > should.length ? is : should;
  const at = longer.findIndex((_row, index) => is[index] !== should[index]);
  if (at === -1) return;
  const first = `first difference, row ${at + 1}:\n  is     ${is[at] ?? '-'}\n  should ${should[at] ?? '(end of the table)'}`;
  assert.fail(`README.md, <!-- ${name} -->: ${first}\nPaste these rows, then run prettier:\n${should.join('\n')}\n`);
}

const asLine = (cells: Row): string => `| ${cells.join(' | ')} |`;
const code = (word: string): string => `\`${word}\``;

function errorRows(): Row[] {
  return Object.entries(ERROR_CODES).map(([name, { meaning, next }]) => [
    code(name),
    meaning,
    next,
    String(new AppError(name as ErrorCode, '').exitCode),
  ]);
}

interface Schema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

interface Leaf {
  readonly key: string;
  /** Null where the schema is silent: the README says it in its own words. */
  readonly byDefault: string | null;
  readonly limits: string | null;
}

/** Every key that a value can be written to, `[]` standing for each entry of a list. */
function leavesOf(schema: Schema, key = '', isRequired = false): Leaf[] {
  if (schema.properties !== undefined) {
    const inside = Object.entries(schema.properties);
    return inside.flatMap(([name, child]) =>
      leavesOf(child, key === '' ? name : `${key}.${name}`, schema.required?.includes(name) ?? false),
    );
  }
  if (schema.items?.properties !== undefined) return leavesOf(schema.items, `${key}[]`);
  return [{ key: code(key), byDefault: defaultOf(schema, isRequired), limits: limitsOf(schema) }];
}

function defaultOf(schema: Schema, isRequired: boolean): string | null {
  const value = schema.default;
  if (value === undefined) return isRequired ? 'needed' : null;
  if (Array.isArray(value) && value.length > 0) return value.map((entry) => code(String(entry))).join(', ');
  if (value === null || typeof value === 'object') return 'none';
  return code(JSON.stringify(value).replaceAll('"', ''));
}

function limitsOf({ enum: words, minimum, maximum, type }: Schema): string | null {
  if (words !== undefined) return words.length > 6 ? 'see below' : words.map(code).join(', ');
  if (type === 'boolean') return '`true`, `false`';
  // zod gives every whole number the largest safe one as its maximum.
  if (minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER)
    return `${minimum} to ${maximum}`;
  return minimum === undefined ? null : `at least ${minimum}`;
}

describe('the tables of the README', () => {
  test('of error codes has every code with its meaning, what to do and its exit code', () => {
    assertTable('errors', tableIn('errors'), errorRows());
  });

  test('of outcomes has every outcome in its group, and a meaning for each', () => {
    const rows = tableIn('outcomes');
    const expected = Object.entries(GROUPS).flatMap(([group, names]) => names.map((name) => [group, code(name)]));
    assert.equal(expected.length, OUTCOMES.length);
    assertTable(
      'outcomes',
      rows.map((cells) => cells.slice(0, 2)),
      expected,
    );
    for (const [, name, meaning = ''] of rows) assert.ok(meaning.length > 10, `${name ?? ''} has no meaning`);
  });

  test('of keys has every key of guetteur.yaml with its default and its limits', () => {
    const leaves = leavesOf(z.toJSONSchema(configShape, { io: 'input' }) as Schema);
    assert.ok(leaves.length > 20);
    const rows = tableIn('config');
    const rowOf = new Map(rows.map((cells) => [cells[0] ?? '', cells]));
    // Meaning and unit are free words, and so are default and limits where the schema does not tell them.
    const expected = leaves.map(({ key, byDefault, limits }) => {
      const [, meaning = '', unit = '', ownDefault = '', ownLimits = ''] = rowOf.get(key) ?? [];
      return [key, meaning, unit, byDefault ?? ownDefault, limits ?? ownLimits];
    });
    assertTable('config', rows, expected);
    for (const name of PROCEDURES) assert.ok(README.includes(code(name)), `README.md does not name ${name}`);
    for (const cells of rows) assert.ok(!cells.includes(''), `${cells[0] ?? ''} has an empty cell: write "-"`);
  });
});

const SKIPPED: Check = {
  targetId: 'x',
  platform: 'x',
  host: 'x',
  mode: 'scheduled',
  design: 'uniform',
  practice: true,
  vantage: 'x',
  readerVersion: 1,
  reading: { outcome: 'skipped', rule: 'x', message: 'x', facets: {} },
  startedAt: 0,
  observedAt: null,
  finishedAt: 0,
  loads: 0,
  status: null,
  finalUrl: null,
  clockOffsetMs: null,
  captures: [],
  withheld: null,
  fingerprint: null,
  errorCode: null,
};

describe('what the README says to type', () => {
  test('names npm start and npm test, in both languages', () => {
    for (const text of [README, FRENCH]) for (const words of ['npm start', 'npm test']) assert.ok(text.includes(words));
  });

  test('has every command, and no command that does not exist', async () => {
    const commands = [...(await loadCommands()).keys()];
    assert.ok(commands.length >= 11);
    const shown = [...README.matchAll(/[`$\n]\s*guetteur ([a-z]+(?:-[a-z]+)*)/g)].map(([, name = '']) => name);
    assert.deepEqual([...new Set(shown)].toSorted(), commands.toSorted());
  });

  test('has every variable of the environment that the code reads', () => {
    const sources = fs.globSync('{src,bin}/**/*.{ts,mjs}', { cwd: ROOT }).map(read).join('\n');
    const names = new Set(sources.match(/\bGUETTEUR_[A-Z_]+\b/g));
    assert.ok(names.size >= 5);
    for (const name of names) assert.ok(README.includes(name), `README.md does not name ${name}`);
  });

  test('shows an answer with the fields that `check --json` gives', () => {
    const example: unknown = JSON.parse(/```json\n(.*?)```/s.exec(section('answer'))?.[1] ?? '');
    const answer = answerOf(SKIPPED);
    assert.deepEqual(Object.keys(example as object), Object.keys(answer));
  });
});

/** Files that a running monitor or `guetteur init` writes: named in the README, and not in the repository. */
/** Written when the monitor runs, or no path at all: a time zone. */
const WRITTEN_LATER = /^(?:Europe\/Paris$|data\/|blobs\/|\.toolchain\/|guetteur\.yaml$|guetteur\.sqlite$)/;
const FILE_NAME = /^(?:\.npmrc|LICENSE|Dockerfile|[\w-]+(?:\.[\w-]+)*\.(?:ts|mjs|json|yaml|md))$/;
const NESTED = /^[\w.-]+\/[\w./-]*$/;

/** Every path of the repository that a text names: in backticks, as a link, or in the tree of the layout. */
function pathsIn(text: string): string[] {
  const quoted = [...text.matchAll(/(?<!`)`([^`\n]+)`(?!`)/g)].map(([, words = '']) => words);
  const linked = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, address = '']) => address);
  const tree = /## Layout.*?```text\n(.*?)```/s.exec(text)?.[1] ?? '';
  const inTree = tree.split('\n').map((line) => line.split(' ')[0] ?? '');
  return [...quoted, ...linked, ...inTree].filter(
    (name) => (FILE_NAME.test(name) || NESTED.test(name)) && !WRITTEN_LATER.test(name),
  );
}

describe('every path that is named exists', () => {
  for (const [name, text, atLeast] of [
    ['README.md', README, 30],
    ['LISEZMOI.md', FRENCH, 3],
  ] as const) {
    test(name, () => {
      const paths = pathsIn(text);
      assert.ok(paths.length >= atLeast, `only ${paths.length} paths were found: the search is broken`);
      const missing = paths.filter((named) => !fs.existsSync(path.join(ROOT, named)));
      assert.deepEqual(missing, [], `${name} names what is not in the repository`);
    });
  }
});

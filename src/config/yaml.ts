import { readFile } from 'node:fs/promises';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Alias, type Document } from 'yaml';
import type { z } from 'zod';

import { AppError } from '../core/errors.ts';

/** One mistake in a file: where it is and what is wrong. */
export interface Problem {
  readonly line: number;
  readonly column: number;
  /** Dotted path, `targets.inline[0].id`; '' for the file as a whole. */
  readonly path: string;
  readonly text: string;
}

type Path = readonly PropertyKey[];

/** Enough for one alias in each of a thousand targets. */
const MOST_ALIASES = 1_000;

/** A YAML file with the place of everything in it. */
export class YamlFile {
  readonly name: string;
  readonly value: unknown;
  readonly syntaxProblems: readonly Problem[];
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;

  constructor(name: string, text: string) {
    this.name = name;
    this.#lines = new LineCounter();
    this.#document = parseDocument(text, { lineCounter: this.#lines });
    const problems: Problem[] = [...this.#document.errors, ...this.#document.warnings].map((error) => ({
      ...this.#at(error.pos[0]),
      path: '',
      text: error.message.split('\n')[0]?.replace(/ at line \d+.*$/, '') ?? 'not YAML',
    }));
    visit(this.#document, {
      Alias: (_key, alias) => {
        if (alias.resolve(this.#document) !== undefined) return;
        problems.push({
          ...this.#at(alias.range?.[0] ?? 0),
          path: '',
          text: `*${alias.source} points to nothing: quote it if it is a word`,
        });
      },
    });
    this.value = problems.length > 0 ? null : this.#plain(problems);
    this.syntaxProblems = problems;
  }

  /**
   * Aliases of aliases make a few lines as large as anybody likes, and so does depth: the parser gives up on both while it copies.
   * The problem stands at the first alias that leads to others.
   */
  #plain(problems: Problem[]): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: MOST_ALIASES });
    } catch (error) {
      if (!(error instanceof ReferenceError || error instanceof RangeError)) throw error;
      const text = 'aliases (*) or levels without end: write out what is meant';
      problems.push({ ...this.#at(this.#firstNestingAlias()?.range?.[0] ?? 0), path: '', text });
      return null;
    }
  }

  #firstNestingAlias(): Alias | undefined {
    const aliases: Alias[] = [];
    visit(this.#document, { Alias: (_key, alias) => void aliases.push(alias) });
    const leadsOn = (alias: Alias): boolean => {
      let found = false;
      const target = alias.resolve(this.#document);
      if (target !== undefined)
        visit(target, {
          Alias: () => {
            found = true;
            return visit.BREAK;
          },
        });
      return found;
    };
    return aliases.find(leadsOn) ?? aliases[0];
  }

  /** Throws `CONFIG_MISSING`. */
  static async read(path: string): Promise<YamlFile> {
    const text = await readFile(path, 'utf8').catch((error: unknown) => {
      throw new AppError('CONFIG_MISSING', `${path} cannot be read`, { cause: error });
    });
    return new YamlFile(path, text);
  }

  /** The value in the shape asked for, or every problem with its place. Throws `CONFIG_INVALID`. */
  as<T extends z.ZodType>(shape: T): z.output<T> {
    if (this.syntaxProblems.length > 0) throw this.invalid(this.syntaxProblems);
    const checked = shape.safeParse(this.value ?? {});
    if (checked.success) return checked.data;
    throw this.invalid(checked.error.issues.flatMap((issue) => this.#problemsOf(issue)));
  }

  /**
   * The value in the shape of an object, part by part: a part with a mistake is taken as not given, so that the other parts
   * can be looked at too and every mistake is told at once. Throws `CONFIG_INVALID` only for what is not YAML.
   */
  parts<S extends z.ZodRawShape>(shape: z.ZodObject<S>): { values: z.output<z.ZodObject<S>>; problems: Problem[] } {
    if (this.syntaxProblems.length > 0) throw this.invalid(this.syntaxProblems);
    const whole = shape.safeParse(this.value ?? {});
    if (whole.success) return { values: whole.data, problems: [] };
    const wrong = new Set(
      whole.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys' && issue.path.length === 0 ? issue.keys : issue.path.slice(0, 1),
      ),
    );
    const given = Object.entries(isRecord(this.value) ? this.value : {});
    const values = shape.parse(Object.fromEntries(given.filter(([key]) => !wrong.has(key))));
    return { values, problems: whole.error.issues.flatMap((issue) => this.#problemsOf(issue)) };
  }

  /** Whether the file has a top-level key, right or wrong. */
  has(key: string): boolean {
    return isRecord(this.value) && key in this.value;
  }

  problem(path: Path, text: string): Problem {
    return { ...this.#place(path), path: dotted(path), text };
  }

  invalid(problems: readonly Problem[]): AppError {
    const sorted = problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
    const lines = sorted.map(
      ({ line, column, path, text }) => `${this.name}:${line}:${column} ${path === '' ? '' : `${path}: `}${text}`,
    );
    return new AppError('CONFIG_INVALID', [...new Set(lines)].join('\n'));
  }

  #problemsOf(issue: z.core.$ZodIssue): Problem[] {
    if (issue.code !== 'unrecognized_keys') return [this.problem(issue.path, issue.message)];
    return issue.keys.map((key) => ({
      ...this.#place([...issue.path, key], true),
      path: dotted([...issue.path, key]),
      text: 'no such key',
    }));
  }

  /** Where a path stands; of a path that is not in the file, the nearest thing around it. */
  #place(path: Path, ofKey = false): { line: number; column: number } {
    for (let length = path.length; length >= 0; length -= 1) {
      const part = path.slice(0, length);
      const offset = this.#keyOffset(part, ofKey || length < path.length) ?? this.#valueOffset(part);
      if (offset !== undefined) return this.#at(offset);
    }
    return { line: 1, column: 1 };
  }

  #valueOffset(path: Path): number | undefined {
    const node: unknown = path.length === 0 ? this.#document.contents : this.#document.getIn(path, true);
    return hasRange(node) ? node.range[0] : undefined;
  }

  #keyOffset(path: Path, wanted: boolean): number | undefined {
    if (!wanted || path.length === 0) return undefined;
    const parent: unknown = path.length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, -1), true);
    if (!isMap(parent)) return undefined;
    const pair = parent.items.find((item) => isScalar(item.key) && item.key.value === path.at(-1));
    return hasRange(pair?.key) ? pair.key.range[0] : undefined;
  }

  #at(offset: number): { line: number; column: number } {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasRange(node: unknown): node is { range: [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

function dotted(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '');
}

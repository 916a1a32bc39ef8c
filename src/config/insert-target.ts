import { isDeepStrictEqual } from 'node:util';
import { isCollection, isMap, isPair, isScalar, isSeq, parseDocument, stringify, type Document } from 'yaml';

import { AppError } from '../core/errors.ts';
import type { TargetEntry } from '../core/target.ts';

/** As `TargetEntry`, with only the keys that say something. */
export type WrittenEntry = Partial<TargetEntry> & Pick<TargetEntry, 'id' | 'platform' | 'address'>;

/** The entry as a person would write it: what is not known, or is as by default, is left out. */
export function writtenEntry(entry: TargetEntry): WrittenEntry {
  const { id, platform, address, department, prefecture, procedure, label, control, params } = entry;
  return {
    id,
    platform,
    address,
    ...(department !== null && { department }),
    ...(prefecture !== null && { prefecture }),
    procedure,
    ...(label !== null && { label }),
    ...(control && { control }),
    ...(Object.keys(params).length > 0 && { params }),
  };
}

/** The lines of one entry, as they stand in a list. */
export function entryLines(entry: WrittenEntry): string {
  return stringify([entry], { lineWidth: 0, singleQuote: true });
}

/**
 * The text of guetteur.yaml with one more entry under `targets.inline`. Lines are added and none is written anew: comments,
 * blank lines, quotes and indentation stay as the person wrote them. Where the file is written in braces that is not
 * possible, and the whole document is printed again, comments included. Either way the result is read back: it must hold
 * what it held, and the entry. Throws `CONFIG_INVALID` when neither way does.
 */
export function insertTarget(text: string, entry: WrittenEntry): string {
  const wanted = plain(withEntry(parseDocument(text).toJS(), entry));
  for (const way of [spliced, printed]) {
    const candidate = way(text, entry);
    const document = parseDocument(candidate ?? '');
    if (candidate !== null && document.errors.length === 0 && isDeepStrictEqual(plain(document.toJS()), wanted))
      return candidate;
  }
  throw new AppError('CONFIG_INVALID', 'targets.inline is written in a way that cannot be added to', {
    hint: `write the entry by hand:\n${entryLines(entry)}`,
  });
}

function withEntry(value: unknown, entry: WrittenEntry): unknown {
  const whole = isRecord(value) ? value : {};
  const targets = isRecord(whole['targets']) ? whole['targets'] : {};
  const inline: readonly unknown[] = Array.isArray(targets['inline']) ? targets['inline'] : [];
  return { ...whole, targets: { ...targets, inline: [...inline, entry] } };
}

/** Nothing but the content, so that contents can be compared. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lines to put in at the start of a line, after taking out one stretch of the text before it. */
interface Splice {
  readonly at: number;
  readonly lines: string;
  readonly without?: readonly [number, number];
}

function spliced(text: string, entry: WrittenEntry): string | null {
  const found = spliceFor(parseDocument(text), text, entryLines(entry));
  if (found === null) return null;
  const [from, to] = found.without ?? [found.at, found.at];
  const before = text.slice(0, from) + text.slice(to, found.at);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const gap = before === '' || before.endsWith('\n') ? '' : newline;
  return before + gap + found.lines.replaceAll('\n', newline) + text.slice(found.at);
}

/** Where the lines go, or null: the file is written in braces, or in another way that lines cannot be added to. */
function spliceFor({ contents }: Document.Parsed, text: string, lines: string): Splice | null {
  const inline = `inline:\n${indented(lines, 2)}`;
  if (contents === null || (isBlock(contents) && isMap(contents) && !contents.has('targets'))) {
    const gap = text.trim() === '' || /\n\s*\n$/.test(text) ? '' : '\n';
    return { at: text.length, lines: `${gap}targets:\n${indented(inline, 2)}` };
  }
  if (!isBlock(contents) || !isMap(contents)) return null;
  const targets: unknown = contents.get('targets', true);
  if (!isMap(targets) || targets.items.length === 0) return underKey(contents, 'targets', text, indented(inline, 2));
  if (!isBlock(targets)) return null;
  const column = columnOf(targets, text);
  const list: unknown = targets.get('inline', true);
  if (list === undefined) return { at: endOf(targets, text), lines: indented(inline, column) };
  if (isSeq(list) && isBlock(list)) return { at: endOf(list, text), lines: indented(lines, columnOf(list, text)) };
  return underKey(targets, 'inline', text, indented(lines, column * 2));
}

const indented = (lines: string, by: number): string => lines.replaceAll(/^(?=.)/gm, ' '.repeat(by));

const isBlock = (node: unknown): boolean => isCollection(node) && node.flow !== true && node.items.length > 0;

/** Below the line of a key that has no value yet, or an empty one in braces. A comment on that line stays there. */
function underKey(owner: unknown, key: string, text: string, lines: string): Splice | null {
  const pair = isMap(owner) ? owner.items.find((item) => isScalar(item.key) && item.key.value === key) : undefined;
  const keyEnd = rangeOf(pair?.key)?.[1];
  const valueEnd = rangeOf(pair?.value)?.[1];
  if (keyEnd === undefined || valueEnd === undefined) return null;
  const from = text.indexOf(':', keyEnd) + 1;
  const value = text.slice(from, valueEnd).trim();
  const at = lineAfter(text, Math.max(from, valueEnd));
  if (value === '') return { at, lines };
  return /^(?:\[\s*\]|\{\s*\}|~|null)$/.test(value) ? { at, lines, without: [from, valueEnd] } : null;
}

/** The start of the line after the last one of a block and of its own comments, which are indented deeper than it. */
function endOf(block: unknown, text: string): number {
  let at = lineAfter(text, contentEnd(block));
  for (;;) {
    const [line = '', spaces = ''] = /^( *)#[^\n]*(?:\n|$)/.exec(text.slice(at)) ?? [];
    if (line === '' || spaces.length <= columnOf(block, text)) return at;
    at += line.length;
  }
}

/** A block's own range takes in the comments that follow it, wherever they belong: the last value in it does not. */
function contentEnd(node: unknown): number {
  const last: unknown = isCollection(node) && isBlock(node) ? node.items.at(-1) : undefined;
  if (last === undefined) return rangeOf(node)?.[1] ?? 0;
  if (!isPair(last)) return contentEnd(last);
  return Math.max(contentEnd(last.value), rangeOf(last.key)?.[1] ?? 0);
}

function lineAfter(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

function columnOf(node: unknown, text: string): number {
  const start = rangeOf(node)?.[0] ?? 0;
  return start - (text.lastIndexOf('\n', start - 1) + 1);
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return isCollection(node) || isScalar(node) ? (node.range ?? undefined) : undefined;
}

function printed(text: string, entry: WrittenEntry): string | null {
  const document = parseDocument(text);
  if (!isMap(document.contents)) return null;
  if (!isMap(document.get('targets', true))) document.set('targets', document.createNode({}));
  const list = document.getIn(['targets', 'inline'], true);
  if (isSeq(list)) list.add(document.createNode(entry));
  else document.setIn(['targets', 'inline'], document.createNode([entry]));
  return document.toString({ lineWidth: 0 });
}

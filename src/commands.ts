import type { Command } from 'commander';
import { z } from 'zod';

import { AppError } from './core/errors.ts';
import { loadFolder } from './load-folder.ts';
import { parisInstant } from './read/dates.ts';

/** Where a command says what it has to say. Answers go to standard output, everything else to standard error. */
export interface Io {
  readonly answer: (text: string) => void;
  readonly note: (text: string) => void;
  /** Aborted by SIGINT, SIGTERM, SIGHUP, or when the launcher is gone. */
  readonly stop: AbortSignal;
}

/** One command: a file of `cli/`. `add` defines it on the program. */
export interface CliCommand {
  readonly name: string;
  readonly add: (program: Command, io: Io) => void;
}

const COMMANDS = new URL('./cli/', import.meta.url).pathname;
const commandShape = z.object({ name: z.string(), add: z.custom((value) => typeof value === 'function') });

export function loadCommands(folder: string = COMMANDS): Promise<ReadonlyMap<string, CliCommand>> {
  return loadFolder(folder, 'command', (value, name) => {
    commandShape.parse(value);
    // The shape holds: what remains unchecked is what only running it can show.
    const command = value as CliCommand; // oxlint-disable-line typescript/no-unsafe-type-assertion
    if (command.name !== name) throw new Error(`is named "${command.name}" inside: file and name must be equal`);
    return command;
  });
}

/** Instants as programs and people read them: ISO 8601 UTC, or a dash. */
export function iso(instant: number | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::\d{2})?(Z|[+-]\d{2}:\d{2})?$/;

/** Epoch milliseconds of a day (its midnight in Paris) or of an instant (of Paris where no zone is named). Throws `USAGE`. */
export function instantOf(option: string, words: string): number {
  const wrong = new AppError(
    'USAGE',
    `${option}: "${words}" is neither a day (2026-11-01) nor an instant (2026-11-01T10:00)`,
  );
  const [, day = words, time = '00:00', zone] = INSTANT.exec(words) ?? [];
  if (!DAY.test(day) || !isDay(day)) throw wrong;
  const at = zone === undefined ? parisInstant(day, time) : Date.parse(`${day}T${time}:00${zone}`);
  if (Number.isNaN(at)) throw wrong;
  return at;
}

/** 31 February is none, though `Date` would make it one of March. */
function isDay(day: string): boolean {
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day);
}

/** A name or reason that a person gave: trimmed, on one line. Throws `USAGE` when there is none. */
export function saidWords(option: string, words: string): string {
  const said = words.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  if (said === '') throw new AppError('USAGE', `${option}: say something`);
  return said;
}

/** Columns as wide as their widest cell. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

import type { Command } from 'commander';
import { z } from 'zod';

import { loadFolder } from './load-folder.ts';

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

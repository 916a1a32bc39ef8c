import type Database from 'better-sqlite3';
import type { SqliteDatabase } from 'kysely';

/**
 * The one gate by which values enter SQL. Every number column of ours is a STRICT INTEGER: SQLite refuses a fraction there, and the
 * whole transaction with it, so that a duration computed with a fraction once lost what it was written for. Instants and
 * durations are milliseconds: rounded, nothing is lost. What is not a number at all would be written as NULL, and is refused.
 */
export function wholeNumbers(file: Database.Database): SqliteDatabase {
  return {
    close: () => void file.close(),
    prepare: (text) => {
      const statement = file.prepare(text);
      return {
        reader: statement.reader,
        all: (parameters) => statement.all(parameters.map(whole)),
        run: (parameters) => statement.run(parameters.map(whole)),
        iterate: (parameters) => statement.iterate(parameters.map(whole)),
      };
    },
  };
}

function whole(value: unknown): unknown {
  if (typeof value !== 'number' || Number.isInteger(value)) return value;
  if (Number.isNaN(value)) throw new RangeError('NaN is no instant, duration or count: it is not written');
  return Math.round(value);
}

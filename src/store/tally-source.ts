import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';

import type { Look, LookPair } from '../core/agreement.ts';
import { AppError, asAppError } from '../core/errors.ts';
import type { LocalDay } from '../core/local-time.ts';
import { OUTCOMES, type Outcome } from '../core/outcome.ts';
import type { Target } from '../core/target.ts';
import type {
  AcceptedNotice,
  DayCounts,
  DaySpan,
  DayTally,
  EndedCount,
  GroupTally,
  HourTally,
  LastSeen,
  OutageRow,
  Sight,
  Span,
  StatCheck,
  TallySource,
} from '../core/tally.ts';
import { dayName, dayNumber } from './daily.ts';
import { asPairs, wordsAndReadings } from './looks.ts';
import { asOutcome, asTarget, targetRow } from './rows.ts';
import * as queries from './tally-queries.ts';

const HOUR_MS = 3_600_000;

/**
 * The database of a data folder, opened so that it cannot be written through this handle, and so that a long question keeps no
 * check from being recorded (readers of a write-ahead log wait for nobody and nobody waits for them). Throws `STORE_FAILED`.
 */
export function openTallySource(folder: string): TallySource {
  const path = join(folder, 'guetteur.sqlite');
  try {
    const file = new Database(path, { readonly: true, fileMustExist: true, timeout: 10_000 });
    file.pragma('query_only = on');
    file.pragma('cache_size = -64000');
    return new SqliteTallySource(file);
  } catch (error) {
    throw new AppError('STORE_FAILED', `${path} could not be opened for reading`, { cause: error });
  }
}

type Values = Readonly<Record<string, string | number>>;
type Row = readonly (string | number | null)[];
type Question = Database.Statement<[Values], Row>;

class SqliteTallySource implements TallySource {
  readonly #file: Database.Database;
  readonly #prepared = new Map<string, Question>();

  constructor(file: Database.Database) {
    this.#file = file;
  }

  version(): number {
    return z.number().parse(this.#file.pragma('data_version', { simple: true }));
  }

  targets(): readonly Target[] {
    return this.#all('select * from targets order by id', {}).map((row) => asTarget(targetRow.parse(row)));
  }

  changes({ from, to }: DaySpan): ReadonlyMap<LocalDay, number> {
    const rows = this.#raw(queries.CHANGES, { from: dayNumber(from), to: dayNumber(to) });
    return new Map(rows.map(([day, changes]) => [dayName(Number(day)), Number(changes)]));
  }

  days({ targetIds, from, to }: DaySpan & { readonly targetIds: readonly string[] }): readonly DayTally[] {
    const rows = this.#raw(queries.DAYS, { ids: JSON.stringify(targetIds), from: dayNumber(from), to: dayNumber(to) });
    return rows.map((row) => ({ targetId: String(row[0]), ...countsOf(row, 1) }));
  }

  groups({ from, to }: DaySpan): readonly GroupTally[] {
    return this.#raw(queries.GROUPS, { from: dayNumber(from), to: dayNumber(to) }).map((row) => ({
      department: row[0] === null ? null : String(row[0]),
      platform: String(row[1]),
      isService: row[2] === 1,
      ...countsOf(row, 3),
    }));
  }

  checks(targetId: string, { from, to }: Span): readonly StatCheck[] {
    return this.#raw(queries.CHECKS, { id: targetId, from, to }).map((row) => ({
      id: Number(row[0]),
      targetId,
      at: Number(row[1]),
      startedAt: Number(row[2]),
      outcome: asOutcome(row[3]),
      isUniform: row[4] === 1,
      isReported: row[5] === 1,
      isSoftBlocked: row[6] === 1,
      firstDate: row[7] === null || row[7] === undefined ? null : String(row[7]),
    }));
  }

  states(targetId: string, { from, to }: Span): readonly { readonly at: number; readonly outcome: Outcome }[] {
    return this.#raw(queries.STATES, { id: targetId, from, to }).map(([at, outcome]) => ({
      at: Number(at),
      outcome: asOutcome(outcome),
    }));
  }

  hours(targetIds: readonly string[], { from, to }: Span): readonly HourTally[] {
    return this.#raw(queries.HOURS, { ids: JSON.stringify(targetIds), from, to }).map(([hour, hits, checks]) => ({
      startsAt: Number(hour) * HOUR_MS,
      hits: Number(hits),
      checks: Number(checks),
    }));
  }

  intervalMs(targetId: string): number | null {
    const [row] = this.#raw(queries.INTERVAL, { id: targetId });
    return row === undefined ? null : Number(row[0]);
  }

  pictures(targetId: string, limit: number): readonly { checkId: number; at: number; outcome: Outcome }[] {
    return this.#raw(queries.PICTURES, { id: targetId, limit }).map(([checkId, at, outcome]) => ({
      checkId: Number(checkId),
      at: Number(at),
      outcome: asOutcome(outcome),
    }));
  }

  outages(targetIds: readonly string[], { from, to }: Span): readonly OutageRow[] {
    return this.#raw(queries.OUTAGES, { ids: JSON.stringify(targetIds), from, to }).map((row) => ({
      targetId: String(row[0]),
      outcome: asOutcome(row[1]),
      afterAt: row[2] === null ? null : Number(row[2]),
      firstSeenAt: Number(row[3]),
      lastSeenAt: Number(row[4]),
      goneByAt: row[5] === null ? null : Number(row[5]),
      lostAt: numberOrNull(row[6]),
    }));
  }

  sights(): readonly Sight[] {
    return this.#raw(queries.SIGHTS, {}).map((row) => ({
      targetId: String(row[0]),
      isControl: row[1] === 1,
      intervalMs: numberOrNull(row[2]),
      visitedAt: Number(row[3]),
      outcome: asOutcome(row[4]),
      isBelieved: row[5] === 1,
      measuredAt: numberOrNull(row[6]),
    }));
  }

  seenBesides(targetIds: readonly string[], days: DaySpan, { from, to }: Span): ReadonlyMap<string, LastSeen> {
    const [fromDay, toDay] = [dayNumber(days.from), dayNumber(days.to)];
    const rows = this.#raw(queries.SEEN_BESIDES, { ids: JSON.stringify(targetIds), fromDay, toDay, from, to });
    return new Map(
      rows.map((row) => [String(row[0]), { slotsAt: numberOrNull(row[1]), observedAt: numberOrNull(row[2]) }]),
    );
  }

  faultTexts(targetId: string, { from, to }: Span): readonly string[] {
    return this.#raw(queries.FAULT_TEXTS, { id: targetId, from, to }).map(([words]) => String(words));
  }

  peoplePairs({ from, to }: Span): readonly LookPair[] {
    return asPairs(this.#all(wordsAndReadings('$from', '$to'), { from, to }));
  }

  vantageLooks({ from, to }: Span): readonly Look[] {
    return this.#raw(queries.VANTAGES, { from, to }).map(([checkId, targetId, at, outcome, by]) => ({
      checkId: Number(checkId),
      targetId: String(targetId),
      at: Number(at),
      outcome: asOutcome(outcome),
      by: String(by),
      pairedCheckId: null,
    }));
  }

  ended(): readonly EndedCount[] {
    return this.#raw(queries.ENDED, {}).map(([channel, kind, result, count]) => ({
      channel: String(channel),
      kind: String(kind),
      result: String(result),
      count: Number(count),
    }));
  }

  accepted({ from, to }: Span): readonly AcceptedNotice[] {
    return this.#raw(queries.ACCEPTED, { from, to }).map(([channel, kind, observedAt, acceptedAt]) => ({
      channel: String(channel),
      kind: String(kind),
      observedAt: Number(observedAt),
      acceptedAt: Number(acceptedAt),
    }));
  }

  close(): void {
    this.#file.close();
  }

  #all(statement: string, values: Values): unknown[] {
    try {
      return this.#file.prepare<[Values]>(statement).all(values);
    } catch (error) {
      throw asAppError(error, 'STORE_FAILED');
    }
  }

  /** Rows as arrays: an object for each of a hundred thousand rows would cost more than the question. */
  #raw(statement: string, values: Values): readonly Row[] {
    try {
      const prepared = this.#prepared.get(statement) ?? this.#file.prepare<[Values], Row>(statement).raw();
      this.#prepared.set(statement, prepared);
      return prepared.all(values);
    } catch (error) {
      throw asAppError(error, 'STORE_FAILED');
    }
  }
}

function numberOrNull(value: Row[number] | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}

/** Columns as `queries.COUNTS` lists them, from `at` on. */
function countsOf(row: Row, at: number): DayCounts {
  const number = (index: number): number => Number(row[at + index]);
  const orNull = (index: number): number | null => (row[at + index] === null ? null : number(index));
  const outcomes: Partial<Record<Outcome, number>> = {};
  for (const [index, outcome] of OUTCOMES.entries()) {
    const count = number(8 + index);
    if (count > 0) outcomes[outcome] = count;
  }
  const [oldest, newest] = [orNull(6), orNull(7)];
  return {
    day: dayName(number(0)),
    planned: number(1),
    softBlocked: number(2),
    others: number(3),
    firstAt: orNull(4),
    lastAt: orNull(5),
    readers: oldest === null || newest === null ? null : { oldest, newest },
    outcomes,
  };
}

import type { StoredCheck } from './contract.ts';
import { storedChecks } from './current-checks.ts';
import { asCheckRow, asKeptCapture } from './rows.ts';
import type { Connection } from './tables.ts';

/** Checks with their captures, as replay needs them. */

/** As many checks as are read at once. */
export const PAGE = 500;

export async function storedCheck(db: Connection, id: number): Promise<StoredCheck | null> {
  const row = await storedChecks(db).where('checks.id', '=', id).executeTakeFirst();
  return row === undefined ? null : await withCaptures(db, row);
}

/** The next checks after one, in order of their ids; fewer than `PAGE` where these were the last. */
export async function replayablePage(
  db: Connection,
  { since, platform, after }: { readonly since: number; readonly platform?: string; readonly after: number },
): Promise<readonly StoredCheck[]> {
  const rows = await storedChecks(db)
    .where('checks.started_at', '>=', since)
    .where('checks.id', '>', after)
    .where('checks.withheld', 'is', null)
    .where((eb) => eb.exists(eb.selectFrom('captures').select('seq').whereRef('captures.check_id', '=', 'checks.id')))
    .$if(platform !== undefined, (query) => query.where('checks.platform', '=', platform ?? ''))
    .orderBy('checks.id')
    .limit(PAGE)
    .execute();
  return await Promise.all(rows.map((row) => withCaptures(db, row)));
}

interface StoredRow {
  readonly id: number;
  readonly reading_id: number;
  readonly clock_offset_ms: number | null;
}

async function withCaptures(db: Connection, row: StoredRow): Promise<StoredCheck> {
  const captures = await db.selectFrom('captures').selectAll().where('check_id', '=', row.id).orderBy('seq').execute();
  return {
    ...asCheckRow(row),
    readingId: row.reading_id,
    clockOffsetMs: row.clock_offset_ms,
    captures: captures.map(asKeptCapture),
  };
}

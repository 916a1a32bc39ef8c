import { sql } from 'kysely';

import type { Check, KeptCapture } from '../core/check.ts';
import { hostOf, type Target } from '../core/target.ts';
import type { CheckQuery, CheckRow, NewReading, RecordEnds } from './contract.ts';
import { currentChecks } from './current-checks.ts';
import { refreshDayOfCheck } from './daily.ts';
import { before, follow, saveFingerprint } from './follow-ups.ts';
import { saveBreaker, saveCertificates } from './hosts.ts';
import { closePlanned } from './planned.ts';
import { asCheckRow, asTarget, hashBytes } from './rows.ts';
import * as standings from './standings.ts';
import type { Connection } from './tables.ts';
import { keepTexts, targetNo, textId } from './texts.ts';

/** Queries on targets, checks, readings and captures. */

export async function saveTargets(db: Connection, targets: readonly Target[]): Promise<void> {
  for (const target of targets) {
    const { id, platform, address, department, prefecture, procedure, label } = target;
    const row = {
      platform,
      address,
      department,
      prefecture,
      procedure,
      label,
      practice: Number(target.practice),
      host: hostOf(address),
      control: Number(target.control),
      params_json: JSON.stringify(target.params),
    };
    await db
      .insertInto('targets')
      .values({ id, ...row, last_visit_at: 0 })
      .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
      .execute();
  }
}

export async function knownTargets(db: Connection): Promise<readonly Target[]> {
  const rows = await db.selectFrom('targets').selectAll().execute();
  return rows.map(asTarget);
}

export async function record(db: Connection, check: Check, ends: RecordEnds): Promise<number> {
  const past = ends.decide === undefined ? null : await before(db, check);
  const id = await insertCheck(db, check);
  await insertReading(db, {
    checkId: id,
    readerVersion: check.readerVersion,
    reading: check.reading,
    readAt: null,
  });
  for (const [seq, kept] of check.captures.entries()) await insertCapture(db, id, seq, kept);
  await saveFingerprint(db, id, check);
  await saveCertificates(db, check);
  await standings.advance(db, id, check);
  if (past !== null && ends.decide !== undefined)
    await follow(db, id, check, { past, decision: ends.decide(past, check) });
  if (check.loads > 0) {
    await db.updateTable('targets').set({ last_visit_at: check.finishedAt }).where('id', '=', check.targetId).execute();
  }
  if (ends.plannedId !== undefined) {
    const { end, reason } = ends.plannedEnd ?? { end: 'done', reason: '' };
    await closePlanned(db, ends.plannedId, { state: end, reason, check_id: id });
  }
  if (ends.breaker !== undefined) await saveBreaker(db, check.host, ends.breaker);
  await refreshDayOfCheck(db, id);
  return id;
}

export async function checks(db: Connection, { targetId, since, limit }: CheckQuery): Promise<readonly CheckRow[]> {
  // Which ones, from an index alone; only then all that is known of them.
  const newest = db
    .selectFrom('stored_checks')
    .select('id')
    .$if(targetId !== undefined, (query) => query.where('target', '=', targetNo(targetId ?? '')))
    .$if(since !== undefined, (query) => query.where('started_at', '>=', since ?? 0))
    .orderBy('id', 'desc')
    .limit(limit);
  const rows = await currentChecks(db).where('checks.id', 'in', newest).orderBy('checks.id', 'desc').execute();
  return rows.map(asCheckRow);
}

export async function appendReading(db: Connection, row: NewReading): Promise<void> {
  await db
    .updateTable('stored_readings')
    .set({ current: 0 })
    .where('check_id', '=', row.checkId)
    .where('current', '=', 1)
    .execute();
  await insertReading(db, row);
  await refreshDayOfCheck(db, row.checkId);
}

export async function lastFinishedAt(db: Connection): Promise<number | null> {
  // Of the last that were started one ended last: more than so many are never under way at once.
  const { rows } = await sql<{ at: number | null }>`
    select max(started_at + finished_after) as at
      from (select started_at, finished_after from stored_checks order by started_at desc limit 100)`.execute(db);
  return rows[0]?.at ?? null;
}

async function insertCheck(db: Connection, check: Check): Promise<number> {
  const { platform, host, mode, design, vantage, startedAt, observedAt, finalUrl, withheld, fingerprint } = check;
  await keepTexts(db, [platform, host, mode, design, vantage, finalUrl, withheld, check.errorCode, fingerprint]);
  const { id } = await db
    .insertInto('stored_checks')
    .values({
      target: targetNo(check.targetId),
      platform: textId(platform),
      host: textId(host),
      mode: textId(mode),
      design: textId(design),
      practice: Number(check.practice),
      vantage: textId(vantage),
      started_at: startedAt,
      observed_after: observedAt === null ? null : observedAt - startedAt,
      finished_after: check.finishedAt - startedAt,
      loads: check.loads,
      status: check.status,
      final_url: textId(finalUrl),
      clock_offset_ms: check.clockOffsetMs,
      withheld: textId(withheld),
      error_code: textId(check.errorCode),
      fingerprint: textId(fingerprint),
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** `readAt` null: when its check ended. */
async function insertReading(
  db: Connection,
  row: Omit<NewReading, 'readAt'> & { readonly readAt: number | null },
): Promise<void> {
  const { outcome, rule, message, facets } = row.reading;
  const json = JSON.stringify(facets);
  const words = json === '{}' ? null : json;
  await keepTexts(db, [rule, message, words]);
  await db
    .insertInto('stored_readings')
    .values({
      check_id: row.checkId,
      reader_version: row.readerVersion,
      read_at: row.readAt,
      outcome,
      rule: textId(rule),
      message: textId(message),
      facets: textId(words),
      current: 1,
    })
    .execute();
}

async function insertCapture(
  db: Connection,
  checkId: number,
  seq: number,
  { capture, evidence }: KeptCapture,
): Promise<void> {
  await db
    .insertInto('captures')
    .values({
      check_id: checkId,
      seq,
      meta_json: JSON.stringify(capture),
      html: hashBytes(evidence?.html ?? null),
      text: hashBytes(evidence?.text ?? null),
      screenshot: hashBytes(evidence?.screenshot ?? null),
    })
    .execute();
}

import type { Insertable } from 'kysely';

import type { Check, KeptCapture } from '../core/check.ts';
import { hostOf, type Target } from '../core/target.ts';
import { saveHelp } from './assisted.ts';
import type { CheckQuery, CheckRow, NewReading, RecordEnds } from './contract.ts';
import { currentChecks } from './current-checks.ts';
import { before, follow, saveFingerprint } from './follow-ups.ts';
import { saveBreaker, saveCertificates } from './hosts.ts';
import { closePlanned } from './planned.ts';
import { asCheckRow, asTarget, hashBytes } from './rows.ts';
import * as standings from './standings.ts';
import type { Connection, Tables } from './tables.ts';

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
  const { id } = await db.insertInto('checks').values(checkValues(check)).returning('id').executeTakeFirstOrThrow();
  await insertReading(db, {
    checkId: id,
    readerVersion: check.readerVersion,
    reading: check.reading,
    readAt: check.finishedAt,
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
  if (ends.help !== undefined) await saveHelp(db, id, ends.help);
  if (ends.breaker !== undefined) await saveBreaker(db, check.host, ends.breaker);
  return id;
}

export async function checks(db: Connection, { targetId, since, limit }: CheckQuery): Promise<readonly CheckRow[]> {
  const rows = await currentChecks(db)
    .$if(targetId !== undefined, (query) => query.where('checks.target_id', '=', targetId ?? ''))
    .$if(since !== undefined, (query) => query.where('checks.started_at', '>=', since ?? 0))
    .orderBy('checks.id', 'desc')
    .limit(limit)
    .execute();
  return rows.map(asCheckRow);
}

export async function appendReading(db: Connection, row: NewReading): Promise<void> {
  await db
    .updateTable('readings')
    .set({ current: 0 })
    .where('check_id', '=', row.checkId)
    .where('current', '=', 1)
    .execute();
  await insertReading(db, row);
}

export async function lastFinishedAt(db: Connection): Promise<number | null> {
  const row = await db
    .selectFrom('checks')
    .select((eb) => eb.fn.max('finished_at').as('at'))
    .where('mode', '<>', 'reported')
    .executeTakeFirst();
  return row?.at ?? null;
}

function checkValues(check: Check): Insertable<Tables['checks']> {
  return {
    target_id: check.targetId,
    platform: check.platform,
    host: check.host,
    mode: check.mode,
    design: check.design,
    practice: Number(check.practice),
    vantage: check.vantage,
    started_at: check.startedAt,
    observed_at: check.observedAt,
    finished_at: check.finishedAt,
    loads: check.loads,
    status: check.status,
    final_url: check.finalUrl,
    clock_offset_ms: check.clockOffsetMs,
    withheld: check.withheld,
    error_code: check.errorCode,
    fingerprint: check.fingerprint,
  };
}

async function insertReading(db: Connection, row: NewReading): Promise<void> {
  const { outcome, rule, message, facets } = row.reading;
  await db
    .insertInto('readings')
    .values({
      check_id: row.checkId,
      reader_version: row.readerVersion,
      read_at: row.readAt,
      outcome,
      rule,
      message,
      facets_json: JSON.stringify(facets),
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

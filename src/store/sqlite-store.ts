import { stat } from 'node:fs/promises';
import { sql, type Insertable, type Kysely, type Transaction } from 'kysely';

import type { Check, KeptCapture, PlannedCheck, PlannedEnd } from '../core/check.ts';
import { asAppError } from '../core/errors.ts';
import { CLOSED_BREAKER, type Admission, type HostState, type RobotsRecord } from '../core/host.ts';
import { GROUPS } from '../core/outcome.ts';
import type { Reading } from '../core/reading.ts';
import type { Target } from '../core/target.ts';
import type {
  CheckQuery,
  CheckRow,
  LeaseRequest,
  PlannedCount,
  PlannedMark,
  RecordEnds,
  Store,
  StoredCheck,
  TargetStatus,
} from './contract.ts';
import { asCheckRow, asHostState, asKeptCapture, asPlannedCheck, asPlannedState, hashBytes } from './rows.ts';
import type { Tables } from './tables.ts';

const HOUR_MS = 3_600_000;
const ROWS_AT_ONCE = 500;

type Connection = Kysely<Tables> | Transaction<Tables>;

export class SqliteStore implements Store {
  readonly #db: Kysely<Tables>;
  readonly #path: string;

  constructor(db: Kysely<Tables>, path: string) {
    this.#db = db;
    this.#path = path;
  }

  saveTargets(targets: readonly Target[]): Promise<void> {
    return this.#write(async (db) => {
      for (const target of targets) {
        const { id, platform, address, department, prefecture, procedure, label } = target;
        const row = { platform, address, department, prefecture, procedure, label, practice: Number(target.practice) };
        await db
          .insertInto('targets')
          .values({ id, ...row, last_visit_at: 0 })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute();
      }
    });
  }

  record(check: Check, ends: RecordEnds): Promise<number> {
    return this.#write(async (db) => {
      const { id } = await db.insertInto('checks').values(checkValues(check)).returning('id').executeTakeFirstOrThrow();
      await insertReading(db, {
        checkId: id,
        readerVersion: check.readerVersion,
        reading: check.reading,
        readAt: check.finishedAt,
      });
      for (const [seq, kept] of check.captures.entries()) await insertCapture(db, id, seq, kept);
      if (check.loads > 0) {
        await db
          .updateTable('targets')
          .set({ last_visit_at: check.finishedAt })
          .where('id', '=', check.targetId)
          .execute();
      }
      if (ends.plannedId !== undefined) {
        const { end, reason } = ends.plannedEnd ?? { end: 'done', reason: '' };
        await closePlanned(db, ends.plannedId, { state: end, reason, check_id: id });
      }
      if (ends.breaker !== undefined) await this.#saveBreaker(db, check.host, ends.breaker);
      return id;
    });
  }

  plan(rows: readonly Omit<PlannedCheck, 'id'>[]): Promise<void> {
    return this.#write(async (db) => {
      for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) {
        const values = rows.slice(at, at + ROWS_AT_ONCE).map((row) => ({
          target_id: row.targetId,
          interval_start: row.intervalStart,
          interval_end: row.intervalEnd,
          planned_at: row.plannedAt,
          design: row.design,
          state: 'planned',
          reason: '',
        }));
        await db
          .insertInto('planned')
          .values(values)
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
    });
  }

  plannedUntil(): Promise<ReadonlyMap<string, PlannedMark>> {
    return this.#read(async (db) => {
      // One look into the index for each target: a grouped maximum would read the whole ledger.
      const { rows } = await sql<{ target_id: string; interval_end: number; planned_at: number }>`
        select p.target_id, p.interval_end, p.planned_at from targets t join planned p on p.id =
          (select id from planned where target_id = t.id order by interval_start desc limit 1)`.execute(db);
      return new Map(rows.map((row) => [row.target_id, { intervalEnd: row.interval_end, plannedAt: row.planned_at }]));
    });
  }

  due(now: number): Promise<readonly PlannedCheck[]> {
    return this.#read(async (db) => {
      const rows = await db
        .selectFrom('planned')
        .selectAll()
        .where('state', '=', 'planned')
        .where('planned_at', '<=', now)
        .orderBy('planned_at')
        .limit(2_000)
        .execute();
      return rows.map(asPlannedCheck);
    });
  }

  begin(plannedId: number, now: number): Promise<boolean> {
    return this.#write(async (db) => {
      const result = await db
        .updateTable('planned')
        .set({ state: 'begun', begun_at: now })
        .where('id', '=', plannedId)
        .where('state', '=', 'planned')
        .executeTakeFirst();
      return result.numUpdatedRows === 1n;
    });
  }

  close(plannedId: number, end: PlannedEnd, reason: string): Promise<void> {
    return this.#write((db) => closePlanned(db, plannedId, { state: end, reason }));
  }

  closeBegun(reason: string): Promise<number> {
    return this.#write(async (db) => {
      const result = await db
        .updateTable('planned')
        .set({ state: 'missed', reason })
        .where('state', '=', 'begun')
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    });
  }

  closeDue(before: number, reason: string): Promise<number> {
    return this.#write(async (db) => {
      const result = await db
        .updateTable('planned')
        .set({ state: 'missed', reason })
        .where('state', '=', 'planned')
        .where('planned_at', '<', before)
        .executeTakeFirst();
      return Number(result.numUpdatedRows);
    });
  }

  closeUnwatched(watched: readonly string[], reason: string): Promise<void> {
    return this.#write(async (db) => {
      await db
        .updateTable('planned')
        .set({ state: 'skipped', reason })
        .where('state', '=', 'planned')
        .where('target_id', 'not in', [...watched])
        .execute();
    });
  }

  hostState(host: string, now: number): Promise<HostState> {
    return this.#read((db) => hostState(db, host, now));
  }

  hosts(now: number): Promise<readonly HostState[]> {
    return this.#read(async (db) => {
      const rows = await db.selectFrom('hosts').selectAll().orderBy('host').execute();
      return await Promise.all(rows.map(async (row) => asHostState(row, await checksInLastHour(db, row.host, now))));
    });
  }

  lastVisitAt(targetId: string): Promise<number> {
    return this.#read((db) => lastVisitAt(db, targetId));
  }

  lease(request: LeaseRequest): Promise<Admission> {
    return this.#write(async (db) => {
      const { host, owner, now, until } = request;
      const admission = request.admitted(await hostState(db, host, now), await lastVisitAt(db, request.targetId));
      if (admission.kind !== 'go') return admission;
      const lease = { lease_owner: owner, leased_until: until, last_load_at: now };
      await db
        .insertInto('hosts')
        .values({ host, ...lease, breaker_level: 0, breaker_until: 0, breaker_reason: '', faults: 0 })
        .onConflict((conflict) => conflict.column('host').doUpdateSet(lease))
        .execute();
      return admission;
    });
  }

  release(host: string, owner: string, lastLoadAt: number): Promise<void> {
    return this.#write(async (db) => {
      await db
        .updateTable('hosts')
        .set({ lease_owner: null, leased_until: 0, last_load_at: lastLoadAt })
        .where('host', '=', host)
        .where('lease_owner', '=', owner)
        .execute();
    });
  }

  releaseAll(ownerPrefix: string, now: number): Promise<void> {
    return this.#write(async (db) => {
      await db
        .updateTable('hosts')
        .set({ lease_owner: null, leased_until: 0, last_load_at: now })
        .where('lease_owner', 'like', `${ownerPrefix}%`)
        .execute();
    });
  }

  closeBreaker(host: string, now: number): Promise<boolean> {
    return this.#write(async (db) => {
      const { breaker } = await hostState(db, host, now);
      if (breaker.openUntil <= now) return false;
      await this.#saveBreaker(db, host, CLOSED_BREAKER);
      return true;
    });
  }

  robotsOf(origin: string): Promise<RobotsRecord | null> {
    return this.#read(async (db) => {
      const row = await db.selectFrom('robots').selectAll().where('origin', '=', origin).executeTakeFirst();
      if (row === undefined) return null;
      return { origin, body: row.body, readAt: row.read_at, triedAt: row.tried_at, failingSince: row.failing_since };
    });
  }

  saveRobots(record: RobotsRecord): Promise<void> {
    return this.#write(async (db) => {
      const row = {
        body: record.body,
        read_at: record.readAt,
        tried_at: record.triedAt,
        failing_since: record.failingSince,
      };
      await db
        .insertInto('robots')
        .values({ origin: record.origin, ...row })
        .onConflict((conflict) => conflict.column('origin').doUpdateSet(row))
        .execute();
    });
  }

  statuses(): Promise<readonly TargetStatus[]> {
    return this.#read(async (db) => {
      const observed = sql.join(GROUPS.observed.map((outcome) => sql`${outcome}`));
      const { rows } = await sql<Record<string, unknown>>`
        with visits as (
          select c.*, r.outcome, r.rule, r.message, r.facets_json, r.reader_version,
            row_number() over (partition by c.target_id order by c.started_at desc, c.id desc) as age
          from targets t
          join checks c on c.id in (select id from checks where target_id = t.id order by started_at desc limit 200)
          join readings r on r.check_id = c.id and r.current = 1
          where r.outcome not in ('skipped', 'missed')
        ), latest as (select * from visits where age = 1)
        select latest.*,
          (select min(v.started_at) from visits v where v.target_id = latest.target_id and v.age < coalesce(
            (select min(w.age) from visits w where w.target_id = latest.target_id and w.outcome <> latest.outcome), 1e9)
          ) as since_at,
          (select max(v.observed_at) from visits v where v.target_id = latest.target_id and v.outcome in (${observed}))
            as last_observed_at
        from latest order by latest.target_id`.execute(db);
      return rows.map((row) => ({
        ...asCheckRow(row),
        sinceAt: Number(row['since_at']),
        lastObservedAt: row['last_observed_at'] === null ? null : Number(row['last_observed_at']),
      }));
    });
  }

  checks({ targetId, since, limit }: CheckQuery): Promise<readonly CheckRow[]> {
    return this.#read(async (db) => {
      const rows = await currentChecks(db)
        .$if(targetId !== undefined, (query) => query.where('checks.target_id', '=', targetId ?? ''))
        .$if(since !== undefined, (query) => query.where('checks.started_at', '>=', since ?? 0))
        .orderBy('checks.id', 'desc')
        .limit(limit)
        .execute();
      return rows.map(asCheckRow);
    });
  }

  async *replayable({ since, platform }: { since: number; platform?: string }): AsyncIterable<StoredCheck> {
    let after = 0;
    for (;;) {
      const rows = await this.#read((db) =>
        currentChecks(db)
          .select(['readings.id as reading_id', 'checks.clock_offset_ms'])
          .where('checks.started_at', '>=', since)
          .where('checks.id', '>', after)
          .where('checks.withheld', 'is', null)
          .where((eb) =>
            eb.exists(eb.selectFrom('captures').select('seq').whereRef('captures.check_id', '=', 'checks.id')),
          )
          .$if(platform !== undefined, (query) => query.where('checks.platform', '=', platform ?? ''))
          .orderBy('checks.id')
          .limit(ROWS_AT_ONCE)
          .execute(),
      );
      for (const row of rows) {
        after = row.id;
        const captures = await this.#capturesOf(row.id);
        yield { ...asCheckRow(row), readingId: row.reading_id, clockOffsetMs: row.clock_offset_ms, captures };
      }
      if (rows.length < ROWS_AT_ONCE) return;
    }
  }

  appendReading(checkId: number, readerVersion: number, reading: Reading, readAt: number): Promise<void> {
    return this.#write(async (db) => {
      await db
        .updateTable('readings')
        .set({ current: 0 })
        .where('check_id', '=', checkId)
        .where('current', '=', 1)
        .execute();
      await insertReading(db, { checkId, readerVersion, reading, readAt });
    });
  }

  plannedCounts(): Promise<readonly PlannedCount[]> {
    return this.#read(async (db) => {
      const rows = await db
        .selectFrom('planned')
        .select((eb) => ['state', 'reason', eb.fn.countAll<number>().as('count')])
        .groupBy(['state', 'reason'])
        .execute();
      return rows.map((row) => ({ state: asPlannedState(row.state), reason: row.reason, count: row.count }));
    });
  }

  lastFinishedAt(): Promise<number | null> {
    return this.#read(async (db) => {
      const row = await db
        .selectFrom('checks')
        .select((eb) => eb.fn.max('finished_at').as('at'))
        .executeTakeFirst();
      return row?.at ?? null;
    });
  }

  async sizeBytes(): Promise<number> {
    const sizes = await Promise.all([this.#path, `${this.#path}-wal`].map((path) => stat(path).catch(() => null)));
    return sizes.reduce((sum, info) => sum + (info?.size ?? 0), 0);
  }

  async end(): Promise<void> {
    await this.#db.destroy();
  }

  #capturesOf(checkId: number): Promise<KeptCapture[]> {
    return this.#read(async (db) => {
      const rows = await db.selectFrom('captures').selectAll().where('check_id', '=', checkId).orderBy('seq').execute();
      return rows.map(asKeptCapture);
    });
  }

  async #saveBreaker(db: Connection, host: string, breaker: HostState['breaker']): Promise<void> {
    const row = {
      breaker_level: breaker.level,
      breaker_until: breaker.openUntil,
      breaker_reason: breaker.reason,
      faults: breaker.faults,
    };
    await db
      .insertInto('hosts')
      .values({ host, last_load_at: 0, lease_owner: null, leased_until: 0, ...row })
      .onConflict((conflict) => conflict.column('host').doUpdateSet(row))
      .execute();
  }

  async #read<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    try {
      return await work(this.#db);
    } catch (error) {
      throw asAppError(error, 'STORE_FAILED');
    }
  }

  /** A write takes the database's write lock at once: a transaction that reads first and writes later could be refused. */
  async #write<T>(work: (db: Connection) => Promise<T>): Promise<T> {
    try {
      return await this.#db.connection().execute(async (db) => {
        await sql`begin immediate`.execute(db);
        try {
          const result = await work(db);
          await sql`commit`.execute(db);
          return result;
        } catch (error) {
          await sql`rollback`.execute(db).catch(() => undefined);
          throw error;
        }
      });
    } catch (error) {
      throw asAppError(error, 'STORE_FAILED');
    }
  }
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
  };
}

async function insertReading(
  db: Connection,
  row: { checkId: number; readerVersion: number; reading: Reading; readAt: number },
): Promise<void> {
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

async function closePlanned(
  db: Connection,
  plannedId: number,
  end: { state: PlannedEnd; reason: string; check_id?: number },
): Promise<void> {
  await db
    .updateTable('planned')
    .set(end)
    .where('id', '=', plannedId)
    .where('state', 'in', ['planned', 'begun'])
    .execute();
}

async function hostState(db: Connection, host: string, now: number): Promise<HostState> {
  const row = await db.selectFrom('hosts').selectAll().where('host', '=', host).executeTakeFirst();
  const checks = await checksInLastHour(db, host, now);
  if (row === undefined)
    return { host, lastLoadAt: 0, checksInLastHour: checks, leasedUntil: 0, breaker: CLOSED_BREAKER };
  return asHostState(row, checks);
}

async function checksInLastHour(db: Connection, host: string, now: number): Promise<number> {
  const row = await db
    .selectFrom('checks')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('host', '=', host)
    .where('loads', '>', 0)
    .where('started_at', '>', now - HOUR_MS)
    .executeTakeFirstOrThrow();
  return row.count;
}

async function lastVisitAt(db: Connection, targetId: string): Promise<number> {
  const row = await db.selectFrom('targets').select('last_visit_at').where('id', '=', targetId).executeTakeFirst();
  return row?.last_visit_at ?? 0;
}

function currentChecks(db: Connection) {
  return db
    .selectFrom('checks')
    .innerJoin('readings', (join) => join.onRef('readings.check_id', '=', 'checks.id').on('readings.current', '=', 1))
    .selectAll('checks')
    .select([
      'readings.outcome',
      'readings.rule',
      'readings.message',
      'readings.facets_json',
      'readings.reader_version',
    ]);
}

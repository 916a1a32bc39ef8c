import Database from 'better-sqlite3';

import type { Outcome } from '../../src/core/outcome.ts';
import { openStore } from '../../src/store/open.ts';
import { oldStore } from './old-store.ts';
import { seeded } from './tallies.ts';

/**
 * A year in which everything happens that makes figures wrong: targets that come and go, overseas clocks, changes of the clock,
 * days without the monitor, faults, gates, marks and lifted marks, late readings, people's readings of every kind, and checks that lie
 * about midnight. Written in the old form, so that its migration counts the days first, and later changes count them again.
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BEGIN = Date.UTC(2026, 0, 1);
export const ODD_UNTIL = Date.UTC(2026, 10, 27, 9, 42);

interface OddTarget {
  readonly id: string;
  readonly department: string | null;
  readonly procedure: string;
  readonly intervalMs: number;
  readonly from: number;
  readonly to: number;
  /** Mean hours open and closed. */
  readonly open: number;
  readonly closed: number;
  readonly gated: number;
}

const target = (id: string, department: string | null, change: Partial<OddTarget>): OddTarget => ({
  id,
  department,
  procedure: 'renewal',
  intervalMs: 2 * HOUR,
  from: BEGIN,
  to: ODD_UNTIL,
  open: 5,
  closed: 60,
  gated: 0,
  ...change,
});

export const ODD_TARGETS: readonly OddTarget[] = [
  target('saint-denis', '93', { intervalMs: HOUR / 2, open: 1, closed: 30 }),
  target('cayenne', '973', { intervalMs: HOUR, open: 30, closed: 150 }),
  target('miquelon', '975', { to: Date.UTC(2026, 6, 14, 22, 30) }),
  target('papeete', '987', { from: Date.UTC(2026, 5, 20, 10, 20) }),
  target('paris', '75', { gated: 0.6 }),
  target('anef', null, { procedure: 'service', intervalMs: HOUR }),
];

const SPAN_WITHOUT_MONITOR = { from: Date.UTC(2026, 1, 3, 7), to: Date.UTC(2026, 1, 12, 20) };
const isOff = (at: number): boolean =>
  (at >= SPAN_WITHOUT_MONITOR.from && at < SPAN_WITHOUT_MONITOR.to) ||
  (at >= Date.UTC(2026, 2, 28, 20) && at < Date.UTC(2026, 2, 30, 3));

/** Captured on the next day, where a check comes near midnight in Paris (summer) or UTC+1 (winter). */
function midnightNear(at: number): number {
  const midnight = Math.round((at + HOUR) / DAY) * DAY - HOUR;
  const summer = midnight - HOUR;
  if (Math.abs(at - midnight) < 600_000) return midnight - 500;
  return Math.abs(at - summer) < 600_000 ? summer - 500 : at;
}

function outcomeOf({ procedure, gated }: OddTarget, isOpen: boolean, random: () => number): Outcome {
  const draw = random();
  if (draw < 0.03)
    return (
      (['overloaded', 'maintenance', 'error', 'timeout', 'unreachable'] as const)[Math.floor(draw * 160)] ?? 'error'
    );
  if (draw < 0.035) return 'unknown_page';
  if (draw < 0.04)
    return (
      (['network_down', 'clock_untrusted', 'monitor_error', 'ambiguous'] as const)[Math.floor((draw - 0.035) * 800)] ??
      'ambiguous'
    );
  if (random() < gated) return 'captcha';
  if (procedure === 'service') return 'operational';
  if (draw < 0.045) return 'moved';
  if (draw < 0.055) return 'suspended';
  return isOpen ? 'slots' : 'no_slots';
}

interface CheckKind {
  readonly mode?: string;
  readonly design?: string;
  readonly vantage?: string;
}

class Writer {
  readonly #db: Database.Database;
  readonly #random: () => number;
  readonly #prepared = new Map<string, Database.Statement>();

  constructor(path: string, random: () => number) {
    this.#db = new Database(path);
    this.#db.pragma('synchronous = off');
    this.#db.exec('begin');
    this.#random = random;
  }

  end(): void {
    this.#db.exec('commit');
    this.#db.close();
  }

  target({ id, department, procedure }: OddTarget): void {
    this.#run(
      `insert into targets (id, platform, address, department, procedure, practice, host, control, params_json)
          values (?, 'ez-booking', ?, ?, ?, 0, ?, 0, '{}')`,
      id,
      `https://${id}.example/`,
      department,
      procedure,
      `${id}.example`,
    );
  }

  plan(
    of: OddTarget,
    plannedAt: number,
    { design, state, checkId }: { design: string; state: string; checkId: number | null },
  ): void {
    const start = plannedAt - (plannedAt % of.intervalMs);
    this.#run(
      `insert into planned (target_id, interval_start, interval_end, planned_at, design, mode, state, check_id)
          values (?, ?, ?, ?, ?, 'scheduled', ?, ?)`,
      of.id,
      start,
      start + of.intervalMs,
      plannedAt,
      design,
      state,
      checkId,
    );
  }

  check(
    of: OddTarget,
    startedAt: number,
    outcome: Outcome,
    { mode = 'scheduled', design = 'uniform', vantage = 'home' }: CheckKind = {},
  ): number {
    const isBlind = ['timeout', 'unreachable', 'network_down', 'monitor_error'].includes(outcome);
    const observedAt = isBlind ? null : startedAt + Math.floor(1_000 + this.#random() * 20_000);
    const finishedAt = (observedAt ?? startedAt + 45_000) + 700;
    const { lastInsertRowid: id } = this.#run(
      `insert into checks (target_id, platform, host, mode, design, practice, vantage, started_at, observed_at, finished_at, loads)
          values (?, 'ez-booking', ?, ?, ?, 0, ?, ?, ?, ?, 1)`,
      of.id,
      `${of.id}.example`,
      mode,
      design,
      vantage,
      startedAt,
      observedAt,
      finishedAt,
    );
    const firstDate = new Date(startedAt + Math.floor(this.#random() * 100) * DAY).toISOString().slice(0, 10);
    this.#run(
      `insert into readings (check_id, reader_version, read_at, outcome, rule, message, facets_json, current)
          values (?, ?, ?, ?, 'rule', 'words', ?, 1)`,

      id,
      startedAt > Date.UTC(2026, 7) ? 4 : 3,
      finishedAt,
      outcome,
      outcome === 'slots' ? JSON.stringify({ firstDate }) : '{}',
    );
    return Number(id);
  }

  #run(statement: string, ...values: unknown[]): Database.RunResult {
    const prepared = this.#prepared.get(statement) ?? this.#db.prepare(statement);
    this.#prepared.set(statement, prepared);
    return prepared.run(...values);
  }
}

/** What comes with a check, now and then: a confirmation, a person's word, a person's help, a burst from elsewhere. */
function writeBeside(
  writer: Writer,
  of: OddTarget,
  at: number,
  { outcome, isOpen, random }: { outcome: Outcome; isOpen: boolean; random: () => number },
): void {
  const often = (chance: number): boolean => random() < chance;
  const design = 'opportunistic';
  if (outcome === 'slots' && often(0.5)) writer.check(of, at + 60_000, 'slots', { mode: 'confirmation', design });
  if (often(0.02))
    writer.check(of, at + Math.floor(random() * 30) * 60_000, often(0.8) ? outcome : 'slots', {
      mode: 'reported',
      design,
    });
  if (of.gated > 0 && often(0.1))
    writer.check(of, at + 300_000, isOpen ? 'slots' : 'no_slots', {
      mode: 'assisted',
      design: often(0.5) ? 'uniform' : design,
    });
  if (often(0.01))
    writer.check(of, at + 120_000, often(0.8) ? outcome : 'no_slots', {
      mode: 'control',
      design: 'burst',
      vantage: 'office',
    });
}

function writeTarget(writer: Writer, of: OddTarget, random: () => number): void {
  writer.target(of);
  let [isOpen, until] = [false, of.from];
  for (let start = of.from - (of.from % of.intervalMs); start < of.to; start += of.intervalMs) {
    const plannedAt = Math.floor(start + random() * of.intervalMs);
    while (until <= plannedAt) {
      isOpen = !isOpen;
      until += -Math.log(1 - random()) * HOUR * (isOpen ? of.open : of.closed);
    }
    const design = random() < 0.05 ? 'opportunistic' : 'uniform';
    const isLost = isOff(plannedAt) || random() < 0.02;
    if (plannedAt >= ODD_UNTIL) writer.plan(of, plannedAt, { design, state: 'planned', checkId: null });
    else if (isLost)
      writer.plan(of, plannedAt, { design, state: random() < 0.5 ? 'missed' : 'skipped', checkId: null });
    else {
      const outcome = outcomeOf(of, isOpen, random);
      const checkId = writer.check(of, midnightNear(plannedAt), outcome, { design });
      writer.plan(of, plannedAt, { design, state: 'done', checkId });
      writeBeside(writer, of, plannedAt, { outcome, isOpen, random });
    }
  }
}

export async function oddYear(folder: string): Promise<void> {
  const path = await oldStore(folder, '0003-alerts');
  const random = seeded(7);
  const writer = new Writer(path, random);
  for (const one of ODD_TARGETS) writeTarget(writer, one, random);
  writer.end();
  await lateChanges(folder, random);
}

/** Each report is a person's; every other one answers a question about a "no" of the last half hour. */
function peoplesWords(folder: string, random: () => number): void {
  const file = new Database(`${folder}/guetteur.sqlite`);
  const reported = file
    .prepare<[], { id: number; asked: number | null }>(
      `select id, (select a.id from checks a join readings r on r.check_id = a.id where a.target_id = c.target_id and a.mode = 'scheduled'
          and r.current = 1 and r.outcome = 'no_slots' and a.started_at < c.started_at and a.started_at > c.started_at - 1800000 limit 1) as asked
        from checks c where mode = 'reported'`,
    )
    .all();
  const insert = file.prepare('insert into helps (check_id, kind, paired_check_id) values (?, ?, ?)');
  file.transaction(() => {
    for (const { id, asked } of reported) {
      const isSpot = asked !== null && random() < 0.5;
      insert.run(id, isSpot ? 'spot' : 'report', isSpot ? asked : null);
    }
  })();
  file.close();
}

/** What comes to be known later: better readings, marks, a mark that was wrong. */
async function lateChanges(folder: string, random: () => number): Promise<void> {
  const store = await openStore(folder);
  const file = new Database(`${folder}/guetteur.sqlite`, { readonly: true });
  const unknown = file
    .prepare<[], { check_id: number }>(
      `select check_id from readings where outcome = 'unknown_page' and check_id % 4 = 0 order by check_id`,
    )
    .all();
  file.close();
  for (const { check_id: checkId } of unknown) {
    const outcome = random() < 0.1 ? 'slots' : 'no_slots';
    await store.appendReading({
      checkId,
      readerVersion: 9,
      reading: { outcome, rule: 'better', message: '', facets: {} },
      readAt: ODD_UNTIL,
    });
  }
  peoplesWords(folder, random);
  const mark = { reason: 'a test', markedBy: 'me' };
  for (const host of ['saint-denis.example', 'cayenne.example'])
    await store.markSoftBlock(
      { ...mark, host, fromAt: Date.UTC(2026, 4, 9, 21, 50), toAt: Date.UTC(2026, 4, 12, 3) },
      ODD_UNTIL,
    );
  const wrong = { ...mark, host: 'papeete.example', fromAt: Date.UTC(2026, 8, 1), toAt: Date.UTC(2026, 8, 20) };
  await store.liftSoftBlock(await store.markSoftBlock(wrong, ODD_UNTIL), {
    by: 'me',
    why: 'it was true',
    now: ODD_UNTIL,
  });
  await store.end();
}

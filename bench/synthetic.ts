import Database from 'better-sqlite3';

import { drawn } from '../src/core/drawn.ts';
import type { Outcome } from '../src/core/outcome.ts';

/**
 * A year that never was: checks of many targets as a real instance would have written them, the same for the same seed. Rows are
 * written in the form of the first tables, so that opening the store afterwards migrates them as it would an old database.
 */
export interface SyntheticOptions {
  readonly targets: number;
  readonly days: number;
  /** First instant after the last day, epoch milliseconds. */
  readonly until: number;
  readonly seed: string;
}

const DAY_MS = 86_400_000;
const INTERVAL_MS = 1_800_000;
const DEPARTMENTS = [
  '93',
  '75',
  '92',
  '94',
  '69',
  '13',
  '59',
  '31',
  '67',
  '973',
  '974',
  '38',
  '33',
  '44',
  '06',
  '34',
  '77',
  '78',
  '91',
  '95',
];
const PLATFORMS = ['rdv-prefecture', 'ez-booking', 'rdv-service-public', 'eappointment', 'anef'] as const;
const HOST_OF: Readonly<Record<(typeof PLATFORMS)[number], string>> = {
  'rdv-prefecture': 'www.rdv-prefecture.interieur.gouv.fr',
  'ez-booking': 'www.seine-saint-denis.gouv.fr',
  'rdv-service-public': 'rdv.anct.gouv.fr',
  eappointment: 'pastel.diplomatie.gouv.fr',
  anef: 'administration-etrangers-en-france.interieur.gouv.fr',
};

interface SyntheticTarget {
  readonly id: string;
  readonly platform: (typeof PLATFORMS)[number];
  readonly host: string;
  readonly address: string;
  readonly department: string | null;
  readonly procedure: string;
}

function syntheticTarget(at: number): SyntheticTarget {
  const platform = PLATFORMS[at % 20 === 19 ? 4 : at % 4] ?? 'anef';
  const department = platform === 'anef' ? null : (DEPARTMENTS[(at * 7) % DEPARTMENTS.length] ?? null);
  const host = HOST_OF[platform];
  return {
    id: `${platform}-${department ?? 'national'}-guichet-${String(at).padStart(3, '0')}`,
    platform,
    host,
    address: `https://${host}/rdvpref/reservation/demarche/${1_000 + at}/cgu/`,
    department,
    procedure: platform === 'anef' ? 'service' : 'renewal',
  };
}

/** Words as readers write them: an exact quotation of the page, seldom a date in it. */
const SAID: Readonly<Partial<Record<Outcome, readonly [rule: string, message: string]>>> = {
  no_slots: [
    'no-slots-notice',
    'Aucun créneau disponible : merci de réessayer ultérieurement, de nouveaux créneaux sont ajoutés régulièrement',
  ],
  slots: ['slot-list', 'the page lists days that can be chosen'],
  suspended: ['booking-closed', 'La prise de rendez-vous est suspendue jusqu’à nouvel ordre'],
  overloaded: ['http-503', 'HTTP 503: Service surchargé'],
  timeout: ['failure-timeout', 'the page did not answer within 45 s'],
  maintenance: ['maintenance', 'Le site est en maintenance, il sera de nouveau disponible à 14 h'],
  captcha: ['captcha-mark', 'a captcha is asked (captchetat)'],
  unknown_page: ['no-rule', 'no rule matches the page'],
  operational: ['open-page', 'every sign of the working page is visible'],
};

interface State {
  openUntil: number;
  faultUntil: number;
}

/** Numbers in [0, 1): the sum of a hash would cost more than everything else (xorshift). */
function generator(seed: number): () => number {
  let state = Math.floor(seed * 2 ** 32) | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

function outcomeAt(at: number, state: State, target: SyntheticTarget, random: () => number): Outcome {
  if (at < state.faultUntil) return random() < 0.2 ? 'maintenance' : 'overloaded';
  if (random() < 0.003) state.faultUntil = at + random() * 3 * 3_600_000;
  const draw = random();
  if (draw < 0.01) return 'timeout';
  if (draw < 0.012) return 'unknown_page';
  if (target.platform === 'anef') return 'operational';
  if (target.department === '92' && draw < 0.9) return 'captcha';
  if (at < state.openUntil) return 'slots';
  if (random() < 0.008) state.openUntil = at + random() * 4 * 3_600_000;
  return draw > 0.995 ? 'suspended' : 'no_slots';
}

/** Fills an empty database whose tables are those of the first migrations. Returns how many checks it wrote. */
export function writeSynthetic(path: string, { targets, days, until, seed }: SyntheticOptions): number {
  const db = new Database(path);
  db.pragma('journal_mode = off');
  db.pragma('synchronous = off');
  db.pragma('cache_size = -400000');
  const known = Array.from({ length: targets }, (_, at) => syntheticTarget(at));
  const states = known.map(() => ({ openUntil: 0, faultUntil: 0 }));
  const insert = {
    target: db.prepare(
      `insert into targets (id, platform, address, department, prefecture, procedure, label, practice, host, control, params_json)
        values (?, ?, ?, ?, ?, ?, null, 0, ?, 0, '{}')`,
    ),
    check: db.prepare(
      `insert into checks (id, target_id, platform, host, mode, design, practice, vantage, started_at, observed_at, finished_at,
        loads, status, final_url, clock_offset_ms, fingerprint)
        values (?, ?, ?, ?, 'scheduled', 'uniform', 0, 'home', ?, ?, ?, 2, ?, ?, ?, ?)`,
    ),
    reading: db.prepare(
      `insert into readings (check_id, reader_version, read_at, outcome, rule, message, facets_json, current)
        values (?, 3, ?, ?, ?, ?, ?, 1)`,
    ),
    plan: db.prepare(
      `insert into planned (target_id, interval_start, interval_end, planned_at, design, mode, state, reason, begun_at, check_id)
        values (?, ?, ?, ?, 'uniform', 'scheduled', ?, ?, ?, ?)`,
    ),
  };
  const random = generator(drawn(seed, 'synthetic'));
  const fingerprints = Array.from({ length: 40 }, (_, at) =>
    Math.floor(drawn(seed, at) * 2 ** 48)
      .toString(16)
      .padStart(16, '0'),
  );
  db.exec('begin');
  for (const target of known) {
    const { id, platform, address, department, procedure, host } = target;
    insert.target.run(id, platform, address, department, 'Préfecture', procedure, host);
  }
  let checkId = 0;
  const begin = Math.floor((until - days * DAY_MS) / INTERVAL_MS) * INTERVAL_MS;
  for (let start = begin; start < until; start += INTERVAL_MS) {
    // As in life, checks of one interval come in the order of their instants, not of their targets.
    const due = known.map((target, at) => ({ target, at, plannedAt: Math.floor(start + random() * INTERVAL_MS) }));
    due.sort((a, b) => a.plannedAt - b.plannedAt);
    for (const { target, at, plannedAt } of due) {
      const isMissed = random() < 0.01;
      const state = states[at];
      if (isMissed || state === undefined) {
        insert.plan.run(
          target.id,
          start,
          start + INTERVAL_MS,
          plannedAt,
          'missed',
          'the monitor was not running',
          null,
          null,
        );
        continue;
      }
      checkId += 1;
      const outcome = outcomeAt(plannedAt, state, target, random);
      const [rule, message] = SAID[outcome] ?? ['rule', outcome];
      const startedAt = plannedAt + Math.floor(random() * 900);
      const observedAt = startedAt + 1_200 + Math.floor(random() * 4_000);
      const finishedAt = observedAt + 300 + Math.floor(random() * 500);
      const firstDate = new Date(plannedAt + (3 + Math.floor(random() * 60)) * DAY_MS).toISOString().slice(0, 10);
      const facets =
        outcome === 'slots'
          ? JSON.stringify({ leadBand: 'from32to61', firstDate, distinctDays: 3, slotCount: null })
          : '{}';
      const fingerprint = fingerprints[Math.floor(random() ** 6 * fingerprints.length)] ?? null;
      const clock = Math.floor(random() * 400) - 200;
      insert.check.run(
        checkId,
        target.id,
        target.platform,
        target.host,
        startedAt,
        observedAt,
        finishedAt,
        outcome === 'overloaded' ? 503 : 200,
        target.address,
        clock,
        fingerprint,
      );
      insert.reading.run(checkId, finishedAt, outcome, rule, message, facets);
      insert.plan.run(target.id, start, start + INTERVAL_MS, plannedAt, 'done', '', startedAt, checkId);
    }
  }
  db.exec('commit');
  db.close();
  return checkId;
}

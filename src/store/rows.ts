import type { Selectable } from 'kysely';
import { z } from 'zod';

import type { KeptCapture, PlannedCheck } from '../core/check.ts';
import type { HostState } from '../core/host.ts';
import { isOutcome } from '../core/outcome.ts';
import type { CheckRow, PlannedCount } from './contract.ts';
import type { Tables } from './tables.ts';

/** From the database's rows to the monitor's own shapes. What was written by an older version is checked again here. */

const outcome = z.string().refine(isOutcome);
const mode = z.enum(['scheduled', 'confirmation', 'assisted', 'reported', 'control']);
const design = z.enum(['uniform', 'burst', 'opportunistic']);

const checkRow = z.object({
  id: z.number(),
  target_id: z.string(),
  platform: z.string(),
  mode,
  design,
  practice: z.number(),
  started_at: z.number(),
  observed_at: z.number().nullable(),
  finished_at: z.number(),
  status: z.number().nullable(),
  final_url: z.string().nullable(),
  outcome,
  rule: z.string(),
  message: z.string(),
  facets_json: z.string(),
  reader_version: z.number(),
});

export function asCheckRow(row: unknown): CheckRow {
  const found = checkRow.parse(row);
  return {
    id: found.id,
    targetId: found.target_id,
    platform: found.platform,
    mode: found.mode,
    design: found.design,
    practice: found.practice === 1,
    startedAt: found.started_at,
    observedAt: found.observed_at,
    finishedAt: found.finished_at,
    status: found.status,
    finalUrl: found.final_url,
    outcome: found.outcome,
    rule: found.rule,
    message: found.message,
    // Written by this program from a typed value, in a column that is never edited.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion
    facets: JSON.parse(found.facets_json) as CheckRow['facets'],
    readerVersion: found.reader_version,
  };
}

export function asPlannedCheck(row: Selectable<Tables['planned']>): PlannedCheck {
  return {
    id: row.id,
    targetId: row.target_id,
    plannedAt: row.planned_at,
    intervalStart: row.interval_start,
    intervalEnd: row.interval_end,
    design: design.parse(row.design),
  };
}

export function asPlannedState(state: string): PlannedCount['state'] {
  return z.enum(['planned', 'begun', 'done', 'skipped', 'missed']).parse(state);
}

export function asHostState(row: Selectable<Tables['hosts']>, checksInLastHour: number): HostState {
  return {
    host: row.host,
    lastLoadAt: row.last_load_at,
    checksInLastHour,
    leasedUntil: row.leased_until,
    breaker: { level: row.breaker_level, openUntil: row.breaker_until, reason: row.breaker_reason, faults: row.faults },
  };
}

export function asKeptCapture(row: Selectable<Tables['captures']>): KeptCapture {
  const evidence =
    row.html === null || row.text === null
      ? null
      : {
          html: row.html.toString('hex'),
          text: row.text.toString('hex'),
          screenshot: row.screenshot === null ? null : row.screenshot.toString('hex'),
        };
  // Written by this program from a typed value, see `insertCapture`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { capture: JSON.parse(row.meta_json) as KeptCapture['capture'], evidence };
}

export function hashBytes(hash: string | null): Buffer | null {
  return hash === null ? null : Buffer.from(hash, 'hex');
}

import type { Selectable } from 'kysely';
import { z } from 'zod';

import type { KeptCapture, PlannedCheck } from '../core/check.ts';
import { EVENT_KINDS, type EventKind } from '../core/event.ts';
import type { Neighbour } from '../core/follow-up.ts';
import type { HostState, RobotsRecord } from '../core/host.ts';
import { isOutcome, type Outcome } from '../core/outcome.ts';
import type { Standing } from '../core/standing.ts';
import { bareTarget, targetEntry, type Target } from '../core/target.ts';
import type { CheckRow, Label, PlannedCount, StoredEvent, StoredSoftBlock } from './contract.ts';
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
  fingerprint: z.string().nullable(),
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
    fingerprint: found.fingerprint,
  };
}

/** A row of `targets` that did not come through kysely. */
export const targetRow = z.object({
  id: z.string(),
  platform: z.string(),
  address: z.string(),
  department: z.string().nullable(),
  prefecture: z.string().nullable(),
  procedure: z.string(),
  label: z.string().nullable(),
  practice: z.number(),
  control: z.number(),
  params_json: z.string(),
});

export function asTarget(row: z.output<typeof targetRow>): Target {
  const { id, platform, address, department, prefecture, label, control } = row;
  const known = bareTarget({ id, platform, address, practice: row.practice === 1 });
  const procedure = targetEntry.shape.procedure.catch('other').parse(row.procedure);
  const params = targetEntry.shape.params.parse(JSON.parse(row.params_json));
  return { ...known, department, prefecture, procedure, label, control: control === 1, params };
}

export function asPlannedCheck(row: Selectable<Tables['planned']>): PlannedCheck {
  return {
    id: row.id,
    targetId: row.target_id,
    plannedAt: row.planned_at,
    intervalStart: row.interval_start,
    intervalEnd: row.interval_end,
    design: design.parse(row.design),
    mode: z.enum(['scheduled', 'confirmation']).parse(row.mode),
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

export function asRobotsRecord(row: Selectable<Tables['robots']>): RobotsRecord {
  return {
    origin: row.origin,
    body: row.body,
    readAt: row.read_at,
    triedAt: row.tried_at,
    failingSince: row.failing_since,
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

/** Columns of a standing beside its check's: none but the database can say that the four of a drought go together. */
export function asStanding(row: Selectable<Tables['standings']>): Standing {
  const { drought_from_at: fromAt, drought_last_at: lastAt, drought_checks: checks } = row;
  return {
    checkId: row.check_id,
    startedAt: row.started_at,
    outcome: asOutcome(row.outcome),
    sinceAt: row.since_at,
    lastObservedAt: row.last_observed_at,
    lastSlotsAt: row.last_slots_at,
    lastMeasuredAt: row.last_measured_at,
    drought:
      fromAt === null || lastAt === null || checks === null
        ? null
        : { fromAt, lastAt, checks, longestGapMs: row.drought_longest_gap_ms ?? 0 },
  };
}

export function asOutcome(value: unknown): Outcome {
  return outcome.parse(value);
}

export function asNeighbour(row: unknown): Neighbour {
  const found = z.object({ id: z.string(), control: z.number(), outcome }).parse(row);
  return { targetId: found.id, outcome: found.outcome, isControl: found.control === 1 };
}

export function asLinks(facetsJson: string): readonly string[] {
  const facets: unknown = JSON.parse(facetsJson);
  return z.object({ links: z.array(z.string()) }).parse(facets).links;
}

export function asEventKind(value: string): EventKind {
  return z
    .string()
    .refine((kind): kind is EventKind => kind in EVENT_KINDS)
    .parse(value);
}

export function asStoredEvent(row: Selectable<Tables['events']>): StoredEvent {
  return {
    id: row.id,
    kind: asEventKind(row.kind),
    at: row.at,
    platform: row.platform,
    host: row.host,
    targetId: row.target_id,
    checkId: row.check_id,
    message: row.message,
    seenAt: row.seen_at,
    seenBy: row.seen_by,
  };
}

export function asLabel(row: Selectable<Tables['labels']>): Label {
  return {
    outcome: asOutcome(row.outcome),
    by: row.labelled_by,
    at: row.labelled_at,
    note: row.note,
    mode: mode.parse(row.mode),
  };
}

export function asSoftBlock(row: Selectable<Tables['soft_blocks']>): StoredSoftBlock {
  return {
    id: row.id,
    host: row.host,
    fromAt: row.from_at,
    toAt: row.to_at,
    reason: row.reason,
    markedAt: row.marked_at,
    markedBy: row.marked_by,
    lifted: row.lifted_at === null ? null : { at: row.lifted_at, by: row.lifted_by ?? '', why: row.lifted_why ?? '' },
  };
}

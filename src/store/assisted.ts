import { sql } from 'kysely';
import { z } from 'zod';

import { HELP_KINDS, type Help, type HelpFacts, type Invitation } from '../core/invitation.ts';
import { GROUPS, isOutcome, type Outcome } from '../core/outcome.ts';
import { LANGUAGES } from '../core/subscription.ts';
import type { HelpedCheck, NewInvitation, SpotCandidate } from './contract.ts';
import { asCheckRow, hashBytes } from './rows.ts';
import type { Connection } from './tables.ts';
import { LONGEST_CHECK_MS } from './tally-queries.ts';
import { textId } from './texts.ts';

/** Queries on people who help: their invitations, and their part in checks. */

const words = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.string()));
const outcome = z.string().refine(isOutcome);
const invitation = z.object({
  id: z.number(),
  name: z.string(),
  language: z.enum(LANGUAGES),
  departments_json: words,
  targets_json: words,
  created_at: z.number(),
  expires_at: z.number(),
  revoked_at: z.number().nullable(),
  last_used_at: z.number().nullable(),
});

function asInvitation(row: unknown): Invitation {
  const found = invitation.parse(row);
  return {
    id: found.id,
    name: found.name,
    language: found.language,
    departments: found.departments_json,
    targets: found.targets_json,
    createdAt: found.created_at,
    expiresAt: found.expires_at,
    revokedAt: found.revoked_at,
    lastUsedAt: found.last_used_at,
  };
}

export async function invite(db: Connection, wanted: NewInvitation): Promise<number> {
  const { id } = await db
    .insertInto('invitations')
    .values({
      name: wanted.name,
      token_hash: wanted.tokenHash,
      language: wanted.language,
      departments_json: JSON.stringify(wanted.departments),
      targets_json: JSON.stringify(wanted.targets),
      created_at: wanted.createdAt,
      expires_at: wanted.expiresAt,
      revoked_at: null,
      last_used_at: null,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function invitations(db: Connection): Promise<readonly Invitation[]> {
  return (await db.selectFrom('invitations').selectAll().orderBy('id').execute()).map(asInvitation);
}

export async function invitationOf(db: Connection, tokenHash: Buffer): Promise<Invitation | null> {
  const row = await db.selectFrom('invitations').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
  return row === undefined ? null : asInvitation(row);
}

export async function revokeInvitation(db: Connection, id: number, now: number): Promise<boolean> {
  const result = await db
    .updateTable('invitations')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}

export async function usedInvitation(db: Connection, id: number, now: number): Promise<void> {
  await db.updateTable('invitations').set({ last_used_at: now }).where('id', '=', id).execute();
}

export async function saveHelp(db: Connection, checkId: number, help: Help): Promise<void> {
  await db
    .insertInto('helps')
    .values({
      check_id: checkId,
      kind: help.kind,
      invitation_id: help.invitationId,
      planned_at: help.plannedAt,
      paired_check_id: help.pairedCheckId,
      picture: hashBytes(help.picture),
    })
    .execute();
}

const outcomes = (names: readonly Outcome[]) => sql.join(names.map((name) => sql`${name}`));

/**
 * A report is somebody's word: it is no reading of the monitor, and does not make a target less worth reading. What was seen is asked
 * of the targets alone that a person's help is for: elsewhere every check sees it.
 */
export async function helpFacts(db: Connection, since: number): Promise<readonly HelpFacts[]> {
  const { rows } = await sql<Record<string, unknown>>`
    with last as materialized (
      select t.no, t.id as target_id, t.last_visit_at, (
        select r.outcome from stored_checks c cross join stored_readings r on r.check_id = c.id and r.current = 1
          where c.target = t.no
            and c.mode in (select id from texts where words in ('scheduled', 'confirmation', 'control'))
            and r.outcome not in ('skipped', 'missed', 'monitor_error', 'network_down', 'clock_untrusted')
          order by c.started_at desc limit 1) as last_automatic
      from targets t
    ), answered as (
      select c.target, json_group_array(h.planned_at) as at_json from helps h cross join stored_checks c on c.id = h.check_id
        where h.planned_at >= ${since} group by c.target
    )
    select target_id, last_visit_at, last_automatic,
      case when last_automatic in (${outcomes(GROUPS.gate)}) then (select json_group_array(at) from (
        select distinct c.id, c.started_at + c.observed_after as at
          from daily d cross join stored_checks c on c.target = d.target
              and c.started_at >= d.day * 86400000 - ${PARIS_IS_AHEAD_MS + LONGEST_CHECK_MS} and c.started_at < (d.day + 1) * 86400000
            cross join stored_readings r on r.check_id = c.id and r.current = 1
          where d.target = last.no and d.day >= ${Math.floor(since / 86_400_000)} and ${sql.raw(SAW_SOMETHING)} and c.started_at >= ${since}
            and c.mode is not ${textId('reported')} and c.observed_after is not null
            and r.outcome in (${outcomes(GROUPS.observed)}) order by at))
        else '[]' end as seen_json,
      coalesce(answered.at_json, '[]') as answered_json
    from last left join answered on answered.target = last.no order by target_id`.execute(db);
  return rows.map((row) => {
    const found = factsRow.parse(row);
    return {
      targetId: found.target_id,
      lastAutomatic: found.last_automatic,
      lastVisitAt: found.last_visit_at,
      seenAt: found.seen_json,
      answeredAt: found.answered_json,
    };
  });
}

/** Behind a gate most days saw nothing at all: their checks need not be read. */
const SAW_SOMETHING = `${[...GROUPS.observed, 'soft_blocked', 'others'].map((column) => `d.${column}`).join(' + ')} > 0`;
/** In summer. */
const PARIS_IS_AHEAD_MS = 2 * 3_600_000;

const instants = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(z.number()));
const factsRow = z.object({
  target_id: z.string(),
  last_visit_at: z.number(),
  last_automatic: outcome.nullable(),
  seen_json: instants,
  answered_json: instants,
});

/** Automatic "no"s that nobody has compared with their own eyes yet, oldest first. */
export async function spotCandidates(db: Connection, since: number): Promise<readonly SpotCandidate[]> {
  const { rows } = await sql<{ id: number; target_id: string; observed_at: number }>`
    select c.id, t.id as target_id, c.started_at + c.observed_after as observed_at
      from stored_checks c cross join stored_readings r on r.check_id = c.id and r.current = 1 join targets t on t.no = c.target
      where c.started_at >= ${since - LONGEST_CHECK_MS} and c.started_at + c.observed_after >= ${since}
        and c.mode = ${textId('scheduled')} and r.outcome = 'no_slots'
        and not exists (select 1 from helps where paired_check_id = c.id)
      order by observed_at`.execute(db);
  return rows.map((row) => ({ checkId: row.id, targetId: row.target_id, observedAt: row.observed_at }));
}

/** Checks in which a person had a part, the newest first. */
export async function helpedChecks(db: Connection, limit: number): Promise<readonly HelpedCheck[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select c.*, r.outcome, r.rule, r.message, r.facets_json, r.reader_version, h.kind, h.planned_at, h.paired_check_id,
      lower(hex(h.picture)) as picture_hash, i.name as helper
    from helps h join checks c on c.id = h.check_id join readings r on r.check_id = c.id and r.current = 1
    left join invitations i on i.id = h.invitation_id order by c.id desc limit ${limit}`.execute(db);
  return rows.map((row) => {
    const found = helpedRow.parse(row);
    return {
      ...asCheckRow(row),
      kind: found.kind,
      helper: found.helper,
      plannedAt: found.planned_at,
      pairedCheckId: found.paired_check_id,
      picture: found.picture_hash === '' ? null : found.picture_hash,
    };
  });
}

const helpedRow = z.object({
  kind: z.enum(HELP_KINDS),
  helper: z.string().nullable(),
  planned_at: z.number().nullable(),
  paired_check_id: z.number().nullable(),
  picture_hash: z.string().nullable(),
});

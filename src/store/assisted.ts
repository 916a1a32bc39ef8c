import { sql } from 'kysely';
import { z } from 'zod';

import { HELP_KINDS, type Help, type HelpFacts, type Invitation } from '../core/invitation.ts';
import { GROUPS, isOutcome } from '../core/outcome.ts';
import { LANGUAGES } from '../core/subscription.ts';
import type { HelpedCheck, NewInvitation, SpotCandidate } from './contract.ts';
import { asCheckRow, hashBytes } from './rows.ts';
import type { Connection } from './tables.ts';

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

const seenOutcomes = () => sql.join(GROUPS.observed.map((name) => sql`${name}`));

/** A report is somebody's word: it is no reading of the monitor, and does not make a target less worth reading. */
export async function helpFacts(db: Connection, since: number): Promise<readonly HelpFacts[]> {
  const { rows } = await sql<Record<string, unknown>>`
    select t.id as target_id, t.last_visit_at,
      (select r.outcome from checks c join readings r on r.check_id = c.id and r.current = 1
        where c.target_id = t.id and c.mode in ('scheduled', 'confirmation', 'control')
          and r.outcome not in ('skipped', 'missed', 'monitor_error', 'network_down', 'clock_untrusted')
        order by c.started_at desc, c.id desc limit 1) as last_automatic,
      (select json_group_array(at) from (
        select c.observed_at as at from checks c join readings r on r.check_id = c.id and r.current = 1
        where c.target_id = t.id and c.mode <> 'reported' and c.started_at >= ${since} and c.observed_at is not null
          and r.outcome in (${seenOutcomes()}) order by c.observed_at)) as seen_json,
      (select json_group_array(h.planned_at) from helps h join checks c on c.id = h.check_id
        where c.target_id = t.id and h.planned_at is not null and h.planned_at >= ${since}) as answered_json
    from targets t order by t.id`.execute(db);
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
  const rows = await db
    .selectFrom('checks')
    .innerJoin('readings', (join) => join.onRef('readings.check_id', '=', 'checks.id').on('readings.current', '=', 1))
    .select(['checks.id', 'checks.target_id', 'checks.observed_at'])
    .where('checks.mode', '=', 'scheduled')
    .where('readings.outcome', '=', 'no_slots')
    .where('checks.observed_at', '>=', since)
    .where((eb) =>
      eb.not(
        eb.exists(eb.selectFrom('helps').select('helps.check_id').whereRef('helps.paired_check_id', '=', 'checks.id')),
      ),
    )
    .orderBy('checks.observed_at')
    .execute();
  return rows.map((row) => ({ checkId: row.id, targetId: row.target_id, observedAt: row.observed_at ?? 0 }));
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

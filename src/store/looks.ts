import { sql } from 'kysely';
import { z } from 'zod';

import { AGREE_WITHIN_MS, agrees, ANSWERS, pairLooks, type Look, type LookPair } from '../core/agreement.ts';
import { isOutcome } from '../core/outcome.ts';
import type { Agreement } from './contract.ts';
import type { Connection } from './tables.ts';
import { CAPTURED_AT, CURRENT, LONGEST_CHECK_MS, quoted, SOFT_BLOCKED, textNo } from './tally-queries.ts';

/** What statistics S13 compares: people's own words, and what the monitor read about then or asked them about. */

/** For words of `[from, to)`; both are pieces of SQL. Believed answers on slots only. */
export const wordsAndReadings = (from: string, to: string): string => `
  with said as (
    select c.id, c.target, ${CAPTURED_AT} as at, r.outcome, h.paired_check_id as paired
      from helps h cross join ${CURRENT} and c.id = h.check_id
      where h.kind in ('report', 'spot') and r.outcome in (${quoted(ANSWERS)}) and ${CAPTURED_AT} >= ${from} and ${CAPTURED_AT} < ${to}
  ), about as (
    select paired as id from said where paired is not null
    union select c.id from said s cross join stored_checks c on c.target = s.target
      and c.started_at between s.at - ${AGREE_WITHIN_MS + LONGEST_CHECK_MS} and s.at + ${AGREE_WITHIN_MS}
  )
  select c.id as check_id, t.id as target_id, ${CAPTURED_AT} as at, r.outcome,
      (select words from texts where id = c.vantage) as by, null as paired_check_id, 0 as is_word
    from about a cross join ${CURRENT} and c.id = a.id join targets t on t.no = c.target
    where c.mode is not ${textNo('reported')} and r.outcome in (${quoted(ANSWERS)}) and not ${SOFT_BLOCKED}
  union all
  select s.id, t.id, s.at, s.outcome, 'person', s.paired, 1 from said s join targets t on t.no = s.target
  order by at, check_id`;

const lookRow = z.object({
  check_id: z.number(),
  target_id: z.string(),
  at: z.number(),
  outcome: z.string().refine(isOutcome),
  by: z.string(),
  paired_check_id: z.number().nullable(),
  is_word: z.number(),
});

/** Rows of `wordsAndReadings`: each word with the reading that it is set beside. */
export function asPairs(rows: readonly unknown[]): LookPair[] {
  const looks = rows.map((row) => {
    const { check_id, target_id, at, outcome, by, paired_check_id, is_word } = lookRow.parse(row);
    const look: Look = { checkId: check_id, targetId: target_id, at, outcome, by, pairedCheckId: paired_check_id };
    return { look, isWord: is_word === 1 };
  });
  const those = (wanted: boolean): Look[] => looks.flatMap(({ look, isWord }) => (isWord === wanted ? [look] : []));
  return pairLooks(those(false), those(true));
}

/** All pairs there ever were, in the order of time. */
export async function agreements(db: Connection): Promise<readonly Agreement[]> {
  const { rows } = await sql.raw(wordsAndReadings('0', '9e15')).execute(db);
  return asPairs(rows).map((pair) => ({
    checkId: pair.other.checkId,
    targetId: pair.other.targetId,
    at: pair.other.at,
    said: pair.other.outcome,
    automaticId: pair.own.checkId,
    automaticAt: pair.own.at,
    automatic: pair.own.outcome,
    isAgreed: agrees(pair),
  }));
}

import { sql, type RawBuilder } from 'kysely';

import type { Connection } from './tables.ts';

/** Words and addresses that repeat from check to check are kept once, and referred to by number. */

/** To be called before `textId` is used with any of the words. */
export async function keepTexts(db: Connection, texts: readonly (string | null)[]): Promise<void> {
  const wanted = [...new Set(texts.filter((words) => words !== null))];
  if (wanted.length === 0) return;
  await db
    .insertInto('texts')
    .values(wanted.map((words) => ({ words })))
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The number of a text, as a part of a statement; null for null. */
export function textId(words: string): RawBuilder<number>;
export function textId(words: string | null): RawBuilder<number | null>;
export function textId(words: string | null): RawBuilder<number | null> {
  return sql`(select id from texts where words = ${words})`;
}

/** The number of a target. An insert with one that was never saved fails. */
export function targetNo(targetId: string): RawBuilder<number> {
  return sql`(select no from targets where id = ${targetId})`;
}

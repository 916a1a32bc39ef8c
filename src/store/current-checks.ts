import type { Connection } from './tables.ts';

/** Checks with the reading that stands. */
export function currentChecks(db: Connection) {
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

/** As `currentChecks`, with what replay needs. */
export function storedChecks(db: Connection) {
  return currentChecks(db).select(['readings.id as reading_id', 'checks.clock_offset_ms']);
}

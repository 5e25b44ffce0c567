// The time by the clock that all instances share, as those of their machines may differ.
import type { Knex } from 'knex';
import { isPostgres } from './valuesTable';

/** Milliseconds since 1970 plus `afterMs`, as a part of a statement. SQLite has no clock but that of its only instance. */
export function databaseNow(knex: Knex, afterMs = 0): Knex.Raw {
  return isPostgres(knex)
    ? knex.raw('((extract(epoch FROM statement_timestamp()) * 1000)::bigint + ?::bigint)', [afterMs])
    : knex.raw('?', [Date.now() + afterMs]);
}

// The current time by the clock of the database, because the clocks of instances may differ.
import { isPostgres } from '@greenroom/plugin-catalog-node/internal';
import type { Knex } from 'knex';

/** Milliseconds since 1970 plus `afterMs`, as an SQL expression. SQLite has only one instance, so its clock is used. */
export function databaseNow(knex: Knex, afterMs = 0): Knex.Raw {
  return isPostgres(knex)
    ? knex.raw('((extract(epoch FROM statement_timestamp()) * 1000)::bigint + ?::bigint)', [afterMs])
    : knex.raw('?', [Date.now() + afterMs]);
}

// Tells the two supported databases apart.
import type { DatabaseService } from '@greenroom/backend-plugin-api';

/** The client of a plugin's database. */
export type Knex = Awaited<ReturnType<DatabaseService['getClient']>>;

/** Whether the database is PostgreSQL, which several instances can share; otherwise it is SQLite. */
export function isPostgres(knex: Knex): boolean {
  return knex.client.config.client === 'pg';
}

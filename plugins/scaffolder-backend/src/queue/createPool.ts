// Makes connections of the kind that graphile-worker takes, to the database that a knex client is for.
import type { Knex } from 'knex';
import type { Pool, PoolConfig } from 'pg';

/** With the settings of `knex`, and in the role that its connections have assumed. */
export async function createPool(knex: Knex, size: number): Promise<Pool> {
  const { default: pg } = await import('pg');
  const { rows } = await knex.raw<{ rows: Array<{ role: string; login: string }> }>(
    'select current_user as role, session_user as login',
  );
  const { role, login } = rows[0]!;
  const settings = knex.client.connectionSettings as PoolConfig;
  // The password is not enumerable there, so that it does not show in logs.
  const pool = new pg.Pool({ ...settings, password: settings.password, max: size });
  if (role !== login) {
    // Before any other query: a connection runs them in the order in which they come. One that fails here fails there.
    pool.on(
      'connect',
      client => void client.query(`set role ${client.escapeIdentifier(role)}`).catch(() => {}),
    );
  }
  // A connection that breaks while idle is replaced with the next query; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

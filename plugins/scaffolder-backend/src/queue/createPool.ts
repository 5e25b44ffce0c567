// Makes connections of the kind that graphile-worker takes, to the database that a knex client is for.
import type { Knex } from 'knex';
import type { Pool, PoolConfig } from 'pg';

type AfterCreate = (connection: unknown, done: () => void) => void;

/** With the settings of `knex`, and with what that does to each new connection, such as assuming a role. */
export async function createPool(knex: Knex, size: number): Promise<Pool> {
  const { default: pg } = await import('pg');
  const { connectionSettings: settings, config } = knex.client as {
    connectionSettings: PoolConfig;
    config: { pool?: { afterCreate?: AfterCreate } };
  };
  // The password is not enumerable there, so that it does not show in logs.
  const pool = new pg.Pool({ ...settings, password: settings.password, max: size });
  const { afterCreate } = config.pool ?? {};
  if (afterCreate) pool.on('connect', connection => afterCreate(connection, () => {}));
  // A connection that breaks while idle is replaced with the next query; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

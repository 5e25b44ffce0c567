// Creates the connection pool that graphile-worker needs, for the database of a knex client.
import type { Knex } from 'knex';
import type { Pool, PoolConfig } from 'pg';
import { isPooled } from '../database/isPooled';

/**
 * Uses the settings of `knex` and the role that its connections have assumed. Commits are asynchronous: if PostgreSQL
 * crashes it may forget which jobs were handed out or done, which is harmless because the state of the tasks decides.
 * Behind a pooler commits stay synchronous, because the setting would leak to other clients of the connection.
 */
export async function createPool(knex: Knex, size: number): Promise<Pool> {
  const { default: pg } = await import('pg');
  const { rows } = await knex.raw<{ rows: Array<{ role: string; login: string }> }>(
    'select current_user as role, session_user as login',
  );
  const { role, login } = rows[0]!;
  const settings = knex.client.connectionSettings as PoolConfig;
  const pooled = await isPooled(knex);
  const pool = new pg.Pool({
    ...settings,
    // Not enumerable in `settings`, to keep it out of logs. Read for every connection, because it may change.
    password: settings.password === undefined ? undefined : () => settings.password as string,
    max: size,
    // The one that listens, and one that is ready when a task arrives.
    min: Math.min(size, 2),
    // Runs on each new connection before its first use.
    verify: (client, done) => {
      const assumeRole = role === login ? '' : `set role ${client.escapeIdentifier(role)};`;
      const hurry = pooled ? '' : 'set synchronous_commit = off';
      client.query(`${assumeRole} ${hurry}`).then(() => done(), done);
    },
  });
  // An idle connection that breaks is replaced by the next query. Without a listener the error would end the process.
  pool.on('error', () => {});
  return pool;
}

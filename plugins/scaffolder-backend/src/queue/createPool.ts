// Makes connections of the kind that graphile-worker takes, to the database that a knex client is for.
import type { Knex } from 'knex';
import type { Pool, PoolConfig } from 'pg';
import { isPooled } from '../database/isPooled';

/**
 * With the settings of `knex`, and in the role that its connections have assumed. Nothing waits until it is on the disk:
 * which jobs were handed out or done may be forgotten when PostgreSQL itself is killed, as the tasks are what decides. Behind a
 * pooler it waits, as others get the same connections.
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
    // Not enumerable there, so that it does not show in logs; asked for again, as it may be changed.
    password: settings.password === undefined ? undefined : () => settings.password as string,
    max: size,
    // The one that listens, and one that is there when a task comes.
    min: Math.min(size, 2),
    // Of a new connection, before it is given out.
    verify: (client, done) => {
      const assumeRole = role === login ? '' : `set role ${client.escapeIdentifier(role)};`;
      const hurry = pooled ? '' : 'set synchronous_commit = off';
      client.query(`${assumeRole} ${hurry}`).then(() => done(), done);
    },
  });
  // A connection that breaks while idle is replaced with the next query; without a listener it would end the process.
  pool.on('error', () => {});
  return pool;
}

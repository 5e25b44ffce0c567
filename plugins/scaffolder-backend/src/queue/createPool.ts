// Creates the connection pool that graphile-worker needs, for the database of a knex client.
import type { Knex } from 'knex';
import type { Pool, PoolConfig } from 'pg';
import { isPooled } from '../database/isPooled';

/** The part of a connection that is used here, and that its type leaves out. */
interface SilentClient {
  readonly readyForQuery: boolean;
  readonly connection: { readonly stream: { readonly bytesRead: number; destroy(error: Error): void } };
  once(event: 'end', listener: () => void): void;
}

const looks = 4;

/**
 * With the settings of `knex`, and in the role that its connections have assumed. Nothing waits until it is on the disk:
 * which jobs were handed out or done may be forgotten when PostgreSQL itself is killed, as the tasks are what decides. Behind a
 * pooler it waits, as others get the same connections.
 *
 * @param options - `longestAnswerMs`: after so long without an answer a connection is given up, as one whose bytes were lost.
 * Default: when the system gives up, which takes a quarter of an hour
 */
export async function createPool(
  knex: Knex,
  size: number,
  { longestAnswerMs }: { longestAnswerMs?: number } = {},
): Promise<Pool> {
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
  if (longestAnswerMs !== undefined) {
    pool.on('connect', client => giveUpSilent(client as unknown as SilentClient, longestAnswerMs));
  }
  return pool;
}

/** In several looks, as this process may stand still, and then has the answer when it goes on. */
function giveUpSilent(client: SilentClient, afterMs: number): void {
  const { stream } = client.connection;
  let quiet = 0;
  let bytesRead = 0;
  const timer = setInterval(() => {
    quiet = client.readyForQuery || stream.bytesRead !== bytesRead ? 0 : quiet + 1;
    bytesRead = stream.bytesRead;
    if (quiet >= looks) stream.destroy(new Error(`The database gave no answer within ${afterMs} ms`));
  }, afterMs / looks).unref();
  client.once('end', () => clearInterval(timer));
}

// Creates the connection pool that graphile-worker needs, for the database of a knex client.
import type { Knex } from 'knex';
import type { Pool, PoolClient, PoolConfig } from 'pg';
import { isPooled } from '../database/isPooled';

interface Resettable {
  resetAndDestroy(): void;
  destroy(): void;
}

/** The part of a connection that is needed here and missing from its type. A release of pg without it is not watched. */
interface SilentClient {
  readonly readyForQuery?: boolean;
  readonly connection: {
    readonly stream: Resettable & { readonly bytesRead: number; readonly _parent?: Resettable };
    emit(event: 'error', error: Error): void;
  };
  once(event: 'end', listener: () => void): void;
}

const looks = 4;

/**
 * Uses the settings of `knex` and the role that its connections have assumed. Commits are asynchronous: if PostgreSQL
 * crashes it may forget which jobs were handed out or done, which is harmless because the state of the tasks decides.
 * Behind a pooler commits stay synchronous, because the setting would leak to other clients of the connection.
 *
 * @param options - `longestAnswerMs`: after so long without an answer a connection is given up as lost. By default the
 * operating system gives up, after a quarter of an hour
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
  // A connection that breaks fails its query, or is replaced by the next one. Without listeners, errors end the process.
  pool.on('error', () => {});
  pool.on('connect', client => client.on('error', () => {}));
  if (longestAnswerMs !== undefined) {
    pool.on('connect', client => giveUpSilent(client, longestAnswerMs));
  }
  return pool;
}

/** In several checks, because this process may be paused, and has the answer once it resumes. */
function giveUpSilent(silent: PoolClient, afterMs: number): void {
  const client = silent as unknown as SilentClient;
  const { connection } = client;
  let quiet = 0;
  let bytesRead = 0;
  const timer = setInterval(() => {
    const { stream } = connection;
    quiet = client.readyForQuery === false && stream.bytesRead === bytesRead ? quiet + 1 : 0;
    bytesRead = stream.bytesRead;
    if (quiet < looks) return;
    clearInterval(timer);
    resetConnection(silent);
    // Afterwards, because the pool closes a connection with an error.
    connection.emit('error', new Error(`The database gave no answer within ${afterMs} ms`));
  }, afterMs / looks).unref();
  client.once('end', () => clearInterval(timer));
}

/**
 * Of a connection that is only closed the system would keep sending the rest, and the server might hand out a job that
 * nobody waits for.
 */
export function resetConnection(client: PoolClient): void {
  const { stream } = (client as unknown as SilentClient).connection;
  const socket = stream._parent ?? stream;
  try {
    socket.resetAndDestroy();
  } catch {
    // Not TCP.
    socket.destroy();
  }
}

// Locks for migrations. They are released when the process that holds them ends.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationLock } from './guardMigrations';
import { limitConcurrency } from './limitConcurrency';
import type { PgConnection } from './postgres/prepareConnection';

/** The part of better-sqlite3 that is used here. */
interface SqliteDatabase {
  exec(sql: string): void;
  close(): void;
}

const pollMs = 20;
/** Less often than for a file, because each poll is a request to the server. */
const postgresPollMs = 100;

/** Settings for a connection that is quiet for long, and must last as long as its holder. */
const prepare = `select pg_backend_pid() as pid, (
  select count(set_config(name, value, true)) from pg_settings join (values
    ('tcp_keepalives_idle', '10'), ('tcp_keepalives_interval', '5'), ('tcp_keepalives_count', '4'),
    ('idle_in_transaction_session_timeout', '0')
  ) as wanted(name, value) using (name)
)`;

/**
 * An advisory lock for all migrations of a schema. It uses a connection outside the pool, so that a pool of one is
 * enough, and the server releases it as soon as that connection ends.
 *
 * The lock belongs to a transaction: behind a pooler, only a transaction has a server connection to itself, and
 * nobody would release a lock left on a session. The server probes the connection, because only the end of a machine
 * that vanishes without a word would release its lock, after two hours. Between polls and while the lock is held, no
 * statement runs on it; its statements have no parameters, and whatever the default, only its statements are isolated:
 * a migration that creates an index concurrently waits for everything else.
 */
export function postgresMigrationLock(
  schema = 'public',
  watch: (connection: PgConnection, serverProcess?: number) => void = () => {},
): MigrationLock {
  const number = createHash('sha256').update(`greenroom migrations ${schema}`).digest().readInt32BE();
  return async (knex, work) => {
    const connection: PgConnection = await knex.client.acquireRawConnection();
    try {
      watch(connection);
      await connection.query('begin isolation level read committed');
      const { rows } = await connection.query<{ pid: number }>(prepare);
      watch(connection, rows[0]!.pid);
      while (!(await tryLock(connection, number))) {
        await sleep(postgresPollMs);
      }
      const result = await work();
      // Without the commit, a pooler would close the server's connection.
      await connection.query('commit').catch(() => {});
      return result;
    } finally {
      await connection.end().catch(() => {});
    }
  };
}

/**
 * A lock on the file `<filename>-migrations` next to the database, which the system releases when the process ends.
 * Not on the database itself, where it would block the migrations as well.
 */
export function sqliteMigrationLock(driver: string, filename: string): MigrationLock {
  return async (_knex, work) => {
    const { default: Database } = (await import(driver)) as {
      default: new (path: string, options: { timeout: number }) => SqliteDatabase;
    };
    const database = new Database(`${filename}-migrations`, { timeout: 0 });
    try {
      // Polled, because the driver would block the whole process while waiting.
      while (!tryBegin(database)) {
        await sleep(pollMs);
      }
      return await work();
    } finally {
      database.close();
    }
  };
}

/** For a database that no other process sees: runs one migration after the other. */
export function memoryMigrationLock(): MigrationLock {
  const oneAtATime = limitConcurrency(1);
  return (_knex, work) => oneAtATime(work);
}

async function tryLock(connection: PgConnection, number: number): Promise<boolean> {
  const query = `select pg_try_advisory_xact_lock(${number}) as locked`;
  const { rows } = await connection.query<{ locked: boolean }>(query);
  return rows[0]!.locked;
}

function tryBegin(database: SqliteDatabase): boolean {
  try {
    database.exec('begin exclusive');
    return true;
  } catch (error) {
    if ((error as { code?: string }).code !== 'SQLITE_BUSY') {
      throw error;
    }
    return false;
  }
}

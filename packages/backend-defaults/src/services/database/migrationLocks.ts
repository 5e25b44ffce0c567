// Locks for migrations that end with the process that holds them.
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { MigrationLock } from './guardMigrations';

/** The part of a pg connection that is used here. */
interface PgConnection {
  query(sql: string): Promise<{ rows: Array<{ locked: boolean }> }>;
  end(): Promise<void>;
}

/** The part of better-sqlite3 that is used here. */
interface SqliteDatabase {
  exec(sql: string): void;
  close(): void;
}

const pollMs = 20;
/** Rarer than for a file, as it asks a server. */
const postgresPollMs = 100;

/**
 * A lock of PostgreSQL's own for all migrations of a schema. It belongs to a connection that is not one of the pool's, so that
 * a pool of one is enough, and it is gone as soon as the server sees that connection end. To a transaction of it, as behind
 * a pooler nothing else has a connection of the server to itself, and nobody would give back what is left on it. Who waits
 * or holds it runs no statement meanwhile, nor has one with values: a migration that makes an index concurrently waits for these.
 */
export function postgresMigrationLock(schema = 'public'): MigrationLock {
  const number = createHash('sha256').update(`greenroom migrations ${schema}`).digest().readInt32BE();
  return async (knex, work) => {
    const connection: PgConnection = await knex.client.acquireRawConnection();
    try {
      await connection.query('begin');
      await connection.query('set local idle_in_transaction_session_timeout = 0');
      while (!(await tryLock(connection, number))) {
        await sleep(postgresPollMs);
      }
      const result = await work();
      // A pooler would close the server's connection otherwise.
      await connection.query('commit').catch(() => {});
      return result;
    } finally {
      await connection.end().catch(() => {});
    }
  };
}

/**
 * A lock on the file `<filename>-migrations` beside the database, of the kind that the system takes back when a process
 * ends. Not on the database itself, where it would keep the migrations out as well.
 */
export function sqliteMigrationLock(driver: string, filename: string): MigrationLock {
  return async (_knex, work) => {
    const { default: Database } = (await import(driver)) as {
      default: new (path: string, options: { timeout: number }) => SqliteDatabase;
    };
    const database = new Database(`${filename}-migrations`, { timeout: 0 });
    try {
      // The driver would wait without letting anything else happen in this process.
      while (!tryBegin(database)) {
        await sleep(pollMs);
      }
      return await work();
    } finally {
      database.close();
    }
  };
}

/** For a database that no other process sees: one after the other. */
export function memoryMigrationLock(): MigrationLock {
  let last: Promise<unknown> = Promise.resolve();
  return (_knex, work) => {
    const result = last.then(work);
    last = result.catch(() => {});
    return result;
  };
}

async function tryLock(connection: PgConnection, number: number): Promise<boolean> {
  const { rows } = await connection.query(`select pg_try_advisory_xact_lock(${number}) as locked`);
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

// The databases that backends run on: SQLite in memory, and PostgreSQL with plugin databases that are dropped afterwards.
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { endOnInterrupt } from './interrupt.mjs';

/** The names of the databases, as in the tables. */
export const databases = ['SQLite', 'PostgreSQL'];

/** Returns `database`, a value for the configuration, and `drop`. */
export function createDatabase(name, server) {
  if (name === 'SQLite') {
    return { database: { client: 'better-sqlite3', connection: ':memory:' }, async drop() {} };
  }
  const prefix = `greenroom_interop_${randomBytes(4).toString('hex')}_`;
  return {
    database: { client: 'pg', connection: server, prefix },
    drop: endOnInterrupt(() => dropDatabases(server, prefix)),
  };
}

/** Throws an error that says what to do if the server can't be reached. */
export async function assertReachable(server) {
  const client = new pg.Client(server);
  try {
    await client.connect();
  } catch (cause) {
    // If a host has several addresses and none answers, the message is empty.
    const reason = cause.message || cause.errors?.map(({ message }) => message).join(', ');
    throw new Error(
      `PostgreSQL can't be reached: ${reason}. Start it, or name another server in GREENROOM_TEST_POSTGRES.`,
      { cause },
    );
  } finally {
    await client.end().catch(() => {});
  }
}

async function dropDatabases(server, prefix) {
  const client = new pg.Client(server);
  await client.connect();
  try {
    const { rows } = await client.query('select datname from pg_database where starts_with(datname, $1)', [
      prefix,
    ]);
    for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`);
  } finally {
    await client.end();
  }
}

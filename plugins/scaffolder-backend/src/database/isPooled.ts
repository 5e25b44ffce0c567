// Detects a connection pooler such as PgBouncer, which may use a different PostgreSQL connection for each transaction.
import type { Knex } from 'knex';

const known = new WeakMap<object, Promise<boolean>>();

/** Detected once per client. With a pooler, named statements and session settings can't be used. */
export function isPooled(knex: Knex): Promise<boolean> {
  const { client } = knex;
  let pooled = known.get(client);
  if (!pooled) {
    pooled = findOut(knex);
    known.set(client, pooled);
    pooled.catch(() => known.delete(client));
  }
  return pooled;
}

async function findOut(knex: Knex): Promise<boolean> {
  const connection = await knex.client.acquireConnection();
  try {
    const { rows } = await knex.raw('select pg_backend_pid() as pid').connection(connection);
    // A pooler tells its clients made-up process ids.
    return rows[0].pid !== connection.processID;
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

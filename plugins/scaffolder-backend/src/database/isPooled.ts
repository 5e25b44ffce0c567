// Tells whether a pooler such as PgBouncer stands before PostgreSQL, which may give each transaction another connection.
import type { Knex } from 'knex';

const known = new WeakMap<object, Promise<boolean>>();

/** Found out once a client. Statements can't have names then, and what is set for a connection is set for anybody's. */
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
    // A pooler makes up the number of the process for whom it lets in.
    return rows[0].pid !== connection.processID;
  } finally {
    await knex.client.releaseConnection(connection);
  }
}

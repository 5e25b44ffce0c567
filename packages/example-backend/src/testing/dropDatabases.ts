// Removes what a test left on the PostgreSQL server of GREENROOM_TEST_POSTGRES.
import knexFactory from 'knex';

/** Removes every database whose name begins with `prefix`, whoever is connected to it. */
export async function dropDatabases(prefix: string): Promise<void> {
  const admin = knexFactory({ client: 'pg', connection: process.env.GREENROOM_TEST_POSTGRES! });
  const found = await admin('pg_database').select('datname').whereRaw('starts_with(datname, ?)', [prefix]);
  for (const { datname } of found) await admin.raw('DROP DATABASE ?? WITH (FORCE)', [datname]);
  await admin.destroy();
}

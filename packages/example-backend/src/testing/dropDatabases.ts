// Removes what a test left on the PostgreSQL server of GREENROOM_TEST_POSTGRES.
import knexFactory from 'knex';

/** Drops all databases whose names begin with `prefix`, even if somebody is connected. */
export async function dropDatabases(prefix: string): Promise<void> {
  const admin = knexFactory({ client: 'pg', connection: process.env.GREENROOM_TEST_POSTGRES! });
  const found = await admin('pg_database').select('datname').whereRaw('starts_with(datname, ?)', [prefix]);
  for (const { datname } of found) await admin.raw('DROP DATABASE ?? WITH (FORCE)', [datname]);
  await admin.destroy();
}

// Removes what a test left on the PostgreSQL server of GREENROOM_TEST_POSTGRES.

/** Drops all databases whose names begin with `prefix`, even if somebody is connected. */
export async function dropDatabases(prefix: string): Promise<void> {
  const { knex } = await import('knex');
  const admin = knex({ client: 'pg', connection: process.env.GREENROOM_TEST_POSTGRES! });
  const names = await admin('pg_database').whereRaw('starts_with(datname, ?)', [prefix]).pluck('datname');
  for (const name of names) await admin.raw('drop database if exists ?? with (force)', [name]);
  await admin.destroy();
}
